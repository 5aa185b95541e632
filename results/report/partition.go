// partition.go orders classes of identities.

package report

import (
	"cmp"
	"slices"

	"spfq/results"
)

// ranks returns for each identity the place of its class among all classes, from 0,
// when these are ordered by compare of their first members.
func ranks(p results.Partition, ids []*results.Identity, compare func(a, b *results.Identity) int) []int32 {
	order := make([]int32, len(p.First))
	for k := range order {
		order[k] = int32(k)
	}
	slices.SortFunc(order, func(a, b int32) int { return compare(ids[p.First[a]], ids[p.First[b]]) })
	rank := make([]int32, len(order))
	for at, k := range order {
		rank[k] = int32(at)
	}
	out := make([]int32, len(p.Of))
	for i, k := range p.Of {
		out[i] = rank[k]
	}
	return out
}

// inOrder puts identities that are equal in all columns but the trial into one
// class. It also returns the classes in the order of compareCells.
func inOrder(ids []*results.Identity) (p results.Partition, order []int32) {
	p = results.Together(len(ids))
	var keys [][]int32
	for i, c := range slices.Concat(choiceColumns, identityColumns) {
		values := results.PartitionBy(ids, c)
		if len(values.First) <= 1 || i >= len(choiceColumns) && slices.Contains(choices, c.Name) {
			continue
		}
		p = p.And(values)
		keys = append(keys, ranks(values, ids, func(a, b *results.Identity) int {
			return cmp.Or(compareRanks(c, a, b), compareColumn(c, a, b), cmp.Compare(c.Text(a), c.Text(b)))
		}))
	}
	order = make([]int32, len(p.First))
	for k := range order {
		order[k] = int32(k)
	}
	slices.SortFunc(order, func(a, b int32) int {
		for _, key := range keys {
			if x := cmp.Compare(key[p.First[a]], key[p.First[b]]); x != 0 {
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
