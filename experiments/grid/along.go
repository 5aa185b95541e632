// along.go says which columns change together, and so which cells make a series along a
// column.

package grid

import (
	"slices"

	"spfq/results"
)

// Along lists, in alphabetical order, the given columns and all columns that change
// together with them: those from which they follow, those that follow from them, and
// those of axes that a sweep zips with theirs.
func (g *Grid) Along(columns ...string) []string {
	out := slices.Concat(results.Along(g.SettingIDs(), of(columns, false)...), results.Along(g.VariantIDs(), of(columns, true)...))
	for _, group := range g.moves {
		if slices.ContainsFunc(group, func(c string) bool { return slices.Contains(columns, c) }) {
			out = append(out, group...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// of lists the columns that belong to the variant, or those that do not.
func of(columns []string, variant bool) (out []string) {
	for _, c := range columns {
		if (results.AxisOf(c).Part() == results.OfVariant) == variant {
			out = append(out, c)
		}
	}
	return out
}

// MostValues returns the largest number of values that a column takes in one series along
// it, among the cells that satisfy the conditions.
func (g *Grid) MostValues(w results.Where, column string) int {
	var fixed []results.Column
	along := g.Along(column)
	for _, c := range results.Columns(results.Identity{}) {
		if !slices.Contains(along, c.Name) {
			fixed = append(fixed, c)
		}
	}
	// The series of a cell is that of its setting and that of its variant.
	settingIDs, variantIDs := g.SettingIDs(), g.VariantIDs()
	settings, variants := results.PartitionBy(settingIDs, fixed...), results.PartitionBy(variantIDs, fixed...)
	col, _ := results.Lookup(results.Identity{}, column)
	ofVariant := results.AxisOf(column).Part() == results.OfVariant
	ids := settingIDs
	if ofVariant {
		ids = variantIDs
	}
	values := results.PartitionBy(ids, col)
	taken := map[[2]int32]map[int32]bool{} // the values taken, by series
	most := 0
	for s, v := range g.Cells(w) {
		at := s
		if ofVariant {
			at = v
		}
		series := [2]int32{settings.Of[s], variants.Of[v]}
		if taken[series] == nil {
			taken[series] = map[int32]bool{}
		}
		taken[series][values.Of[at]] = true
		most = max(most, len(taken[series]))
	}
	return most
}
