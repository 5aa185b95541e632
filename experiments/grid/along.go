// along.go tells which columns change together, and so what makes a series of
// cells along a column.

package grid

import (
	"slices"
	"strings"

	"spfq/results"
)

// Along lists the given columns and all that change together with them: those
// that follow from them, and those of axes that a sweep zips with theirs.
func (g *Grid) Along(columns ...string) []string {
	key := strings.Join(columns, " ")
	if out, ok := g.along[key]; ok {
		return slices.Clone(out)
	}
	out := slices.Concat(results.Along(g.SettingIDs(), of(columns, false)...), results.Along(g.VariantIDs(), of(columns, true)...))
	for _, group := range g.moves {
		if slices.ContainsFunc(group, func(c string) bool { return slices.Contains(columns, c) }) {
			out = append(out, group...)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if g.along == nil {
		g.along = map[string][]string{}
	}
	g.along[key] = out
	return slices.Clone(out)
}

// of lists those of the columns that belong to the variant, or those that do not.
func of(columns []string, variant bool) (out []string) {
	for _, c := range columns {
		if ofVariant(c) == variant {
			out = append(out, c)
		}
	}
	return out
}

// MostValues returns how many values a column takes, at most, in a series along
// it of the cells that satisfy the conditions.
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
	ids, variant := settingIDs, ofVariant(column)
	if variant {
		ids = variantIDs
	}
	values := results.PartitionBy(ids, col)
	taken := map[[2]int32]map[int32]bool{} // by series
	most := 0
	for s, v := range g.Cells(w) {
		at := s
		if variant {
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
