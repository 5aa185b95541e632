// along.go tells which columns change together, and so what makes a series of
// records along an axis.

package experiments

import (
	"slices"
	"strings"

	"spfq/results"
)

// alongWith lists the columns that change together with an axis, whatever the
// config.
func alongWith(column string) []string {
	out := []string{column}
	switch column {
	case "width", "layers":
		out = append(out, "widths")
	case "bits":
		out = append(out, "K")
	case "K":
		out = append(out, "bits", "levels")
	}
	return out
}

// axisColumns lists the columns that the axis at a key path moves.
func axisColumns(path string) []string {
	name := path[strings.LastIndexByte(path, '.')+1:]
	switch name {
	case "width", "layers":
		return []string{name, "widths"}
	case "widths":
		return []string{"width", "layers", "widths"}
	case "bits", "levels":
		return []string{"bits", "K", "levels"}
	}
	return []string{name}
}

// along lists the given columns and all that change together with them, those
// of axes that the sweep zips with theirs among them.
func (p *Plan) along(columns ...string) []string {
	var out []string
	for _, c := range columns {
		out = append(out, alongWith(c)...)
	}
	moves := func(path string) bool {
		return slices.ContainsFunc(axisColumns(path), func(c string) bool { return slices.Contains(columns, c) })
	}
	for _, group := range p.Config.Sweep.zip() {
		if slices.ContainsFunc(group, moves) {
			for _, path := range group {
				out = append(out, axisColumns(path)...)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// mostValues returns how many values a column takes, at most, in a series along
// it of the pairs that satisfy the conditions.
func (p *Plan) mostValues(w Where, column string) int {
	var fixed []results.Column
	along := p.along(column)
	for _, c := range results.Columns(results.Identity{}) {
		if !slices.Contains(along, c.Name) {
			fixed = append(fixed, c)
		}
	}
	// The series of a pair is that of its cell and that of its variant.
	class := func(ids []results.Identity, ofVariant bool) []int {
		number, out := map[string]int{}, make([]int, len(ids))
		for i := range ids {
			var b strings.Builder
			for _, c := range fixed {
				if variantColumns[c.Name] == ofVariant {
					b.WriteString(c.Text(&ids[i]) + "\x00")
				}
			}
			n, ok := number[b.String()]
			if !ok {
				n = len(number)
				number[b.String()] = n
			}
			out[i] = n
		}
		return out
	}
	cells, variants := class(p.grid.cellIDs, false), class(p.grid.variantIDs, true)
	ids := p.grid.cellIDs
	values := map[[2]int]map[string]bool{}
	most := 0
	texts := map[int]string{}
	for c, v := range p.grid.pairs(w) {
		at := c
		if variantColumns[column] {
			at, ids = v, p.grid.variantIDs
		}
		text, ok := texts[at]
		if !ok {
			text = identityText(&ids[at], column)
			texts[at] = text
		}
		series := [2]int{cells[c], variants[v]}
		if values[series] == nil {
			values[series] = map[string]bool{}
		}
		values[series][text] = true
		most = max(most, len(values[series]))
	}
	return most
}
