// partition.go tells identities apart by small numbers rather than by texts:
// what is asked of a hundred thousand of them takes time in proportion.

package report

import (
	"cmp"
	"slices"

	"spfq/results"
)

// A partition puts identities into classes.
type partition struct {
	of    []int32 // class of each, numbered by first appearance
	first []int32 // first of each class
}

// together puts all identities into one class.
func together(ids []*results.Identity) partition {
	p := partition{of: make([]int32, len(ids))}
	if len(ids) > 0 {
		p.first = []int32{0}
	}
	return p
}

// valuesOf tells identities apart by the text of a column.
func valuesOf(c results.Column, ids []*results.Identity) partition {
	p := together(ids)
	var number map[string]int32 // made at the second value: most columns have one
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

// by tells identities apart by several columns.
func by(cols []results.Column, ids []*results.Identity) partition {
	p := together(ids)
	for _, c := range cols {
		p = p.and(valuesOf(c, ids))
	}
	return p
}

// and tells apart what p or q does.
func (p partition) and(q partition) partition {
	if len(q.first) <= 1 {
		return p
	}
	if len(p.first) <= 1 {
		return q
	}
	out := partition{of: make([]int32, len(p.of))}
	number := map[[2]int32]int32{}
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

// determines reports whether q tells nothing apart that p does not.
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

// ranks replaces the class of each identity by its place in the order of the
// classes.
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

// inOrder tells identities apart by all columns but the trial, and returns the
// classes in the order of compareCells.
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

// compareRanks compares methods by the paper's interest; all else is level.
func compareRanks(c results.Column, a, b *results.Identity) int {
	if c.Name != "method" {
		return 0
	}
	return cmp.Compare(methodRank(a.Method), methodRank(b.Method))
}
