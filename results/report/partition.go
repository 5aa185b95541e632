// partition.go divides identities into classes by the values of their columns.
// Classes are small integers, so that no texts need be compared, and dividing n
// identities takes time in proportion to n; large runs have a hundred thousand.

package report

import (
	"cmp"
	"slices"

	"spfq/results"
)

// A partition divides a list of identities into classes. Classes are numbered from
// 0 in the order of their first members.
type partition struct {
	of    []int32 // class of each identity
	first []int32 // index of the first identity of each class
}

// together puts all identities into one class.
func together(ids []*results.Identity) partition {
	p := partition{of: make([]int32, len(ids))}
	if len(ids) > 0 {
		p.first = []int32{0}
	}
	return p
}

// valuesOf puts identities with the same text in a column into one class.
func valuesOf(c results.Column, ids []*results.Identity) partition {
	p := together(ids)
	var number map[string]int32 // class of each text; made at the second text, as most columns have only one
	for i := 1; i < len(ids); i++ {
		if c.Same(ids[i], ids[i-1]) {
			p.of[i] = p.of[i-1]
			continue
		}
		if number == nil {
			number = map[string]int32{c.Text(ids[0]): 0}
		}
		text := c.Text(ids[i])
		k, ok := number[text]
		if !ok {
			k = int32(len(p.first))
			number[text] = k
			p.first = append(p.first, int32(i))
		}
		p.of[i] = k
	}
	return p
}

// by puts identities with the same texts in all of several columns into one class.
func by(cols []results.Column, ids []*results.Identity) partition {
	p := together(ids)
	for _, c := range cols {
		p = p.and(valuesOf(c, ids))
	}
	return p
}

// and is the common refinement of p and q: two identities are in one class if they
// are so in p and in q.
func (p partition) and(q partition) partition {
	if len(q.first) <= 1 {
		return p
	}
	if len(p.first) <= 1 {
		return q
	}
	out := partition{of: make([]int32, len(p.of))}
	number := map[[2]int32]int32{} // class of each pair of classes of p and q
	for i := range p.of {
		pair := [2]int32{p.of[i], q.of[i]}
		k, ok := number[pair]
		if !ok {
			k = int32(len(out.first))
			number[pair] = k
			out.first = append(out.first, int32(i))
		}
		out.of[i] = k
	}
	return out
}

// determines reports whether the class in p determines that in q: whether any two
// identities in one class of p are in one class of q.
func (p partition) determines(q partition) bool {
	if len(q.first) <= 1 {
		return true
	}
	for i, k := range p.of {
		if q.of[p.first[k]] != q.of[i] {
			return false
		}
	}
	return true
}

// ranks returns for each identity the place of its class among all classes, from 0,
// when these are ordered by compare of their first members.
func (p partition) ranks(ids []*results.Identity, compare func(a, b *results.Identity) int) []int32 {
	order := make([]int32, len(p.first))
	for k := range order {
		order[k] = int32(k)
	}
	slices.SortFunc(order, func(a, b int32) int { return compare(ids[p.first[a]], ids[p.first[b]]) })
	rank := make([]int32, len(order))
	for at, k := range order {
		rank[k] = int32(at)
	}
	out := make([]int32, len(p.of))
	for i, k := range p.of {
		out[i] = rank[k]
	}
	return out
}

// inOrder puts identities that are equal in all columns but the trial into one
// class. It also returns the classes in the order of compareCells.
func inOrder(ids []*results.Identity) (p partition, order []int32) {
	p = together(ids)
	var keys [][]int32
	for i, c := range slices.Concat(choiceColumns, identityColumns) {
		values := valuesOf(c, ids)
		if len(values.first) <= 1 || i >= len(choiceColumns) && slices.Contains(choices, c.Name) {
			continue
		}
		p = p.and(values)
		keys = append(keys, values.ranks(ids, func(a, b *results.Identity) int {
			return cmp.Or(compareRanks(c, a, b), compareColumn(c, a, b), cmp.Compare(c.Text(a), c.Text(b)))
		}))
	}
	order = make([]int32, len(p.first))
	for k := range order {
		order[k] = int32(k)
	}
	slices.SortFunc(order, func(a, b int32) int {
		for _, key := range keys {
			if x := cmp.Compare(key[p.first[a]], key[p.first[b]]); x != 0 {
				return x
			}
		}
		return 0
	})
	return p, order
}

// compareRanks orders identities by methodRank if the column is the method. In any
// other column it finds all identities equal.
func compareRanks(c results.Column, a, b *results.Identity) int {
	if c.Name != "method" {
		return 0
	}
	return cmp.Compare(methodRank(a.Method), methodRank(b.Method))
}
