// along.go says which columns change together, and so which cells make a series along a
// column.

package grid

import (
	"slices"
	"strings"

	"spfq/results"
)

// Along lists, in alphabetical order, the given columns and all columns that change
// together with them: those from which they follow, those that follow from them, and
// those of axes that a sweep zips with theirs.
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

// of lists the columns that belong to the variant, or those that do not.
func of(columns []string, variant bool) (out []string) {
	for _, c := range columns {
		if ofVariant(c) == variant {
			out = append(out, c)
		}
	}
	return out
}

// series are the settings, and the variants, of one series along a column: the
// series of a cell is that of its setting and that of its variant.
type series struct{ settings, variants results.Partition }

func (g *Grid) seriesAlong(column string) *series {
	if s := g.series[column]; s != nil {
		return s
	}
	var fixed []results.Column
	along := g.Along(column)
	for _, c := range results.Columns(results.Identity{}) {
		if !slices.Contains(along, c.Name) {
			fixed = append(fixed, c)
		}
	}
	s := &series{results.PartitionBy(g.SettingIDs(), fixed...), results.PartitionBy(g.VariantIDs(), fixed...)}
	if g.series == nil {
		g.series = map[string]*series{}
	}
	g.series[column] = s
	return s
}

// MostValues returns the largest number of values that a column takes in one series along
// it, among the cells that satisfy the conditions.
func (g *Grid) MostValues(w results.Where, column string) int {
	along, values, variant := g.seriesAlong(column), g.classesOf(column), ofVariant(column)
	type value struct{ setting, variant, class int32 } // of a series
	seen := map[value]bool{}
	count := map[[2]int32]int{} // of each series
	most := 0
	for s, v := range g.Cells(w) {
		at := s
		if variant {
			at = v
		}
		here := value{along.settings.Of[s], along.variants.Of[v], values.Of[at]}
		if seen[here] {
			continue
		}
		seen[here] = true
		of := [2]int32{here.setting, here.variant}
		count[of]++
		most = max(most, count[of])
	}
	return most
}
