// column.go tells the settings, or the variants, of a grid apart by a column. Claims
// and sweeps ask for the same columns often, so the answers are kept.

package grid

import (
	"slices"

	"spfq/results"
)

// classes divides the settings, or the variants, by the text of a column.
type classes struct {
	results.Partition
	texts  []string       // of each class
	number map[string]int // of each text
}

// classesOf returns the classes of a column.
func (g *Grid) classesOf(column string) *classes {
	if c := g.classes[column]; c != nil {
		return c
	}
	ids := g.SettingIDs()
	if ofVariant(column) {
		ids = g.VariantIDs()
	}
	col, _ := results.Lookup(results.Identity{}, column)
	c := &classes{Partition: results.PartitionBy(ids, col), number: map[string]int{}}
	for k, first := range c.First {
		text := col.Text(ids[first])
		c.texts, c.number[text] = append(c.texts, text), k
	}
	if g.classes == nil {
		g.classes = map[string]*classes{}
	}
	g.classes[column] = c
	return c
}

func ofVariant(column string) bool { return results.AxisOf(column).Part() == results.OfVariant }

// meet says which classes have one of some texts.
func (c *classes) meet(texts []string) []bool {
	out := make([]bool, len(c.First))
	for _, text := range texts {
		if k, ok := c.number[text]; ok {
			out[k] = true
		}
	}
	return out
}

// values are the texts that a column takes among the cells.
type values struct {
	list []string // in the order of the grid
	has  map[string]bool
}

func (g *Grid) valuesOf(column string) *values {
	if v := g.values[column]; v != nil {
		return v
	}
	c := g.classesOf(column)
	used := make([]bool, len(c.Of)) // whether a cell has the setting, or the variant
	for s, v := range g.Cells(nil) {
		if ofVariant(column) {
			used[v] = true
		} else {
			used[s] = true
		}
	}
	out := &values{has: map[string]bool{}}
	for i, k := range c.Of {
		if text := c.texts[k]; used[i] && !out.has[text] {
			out.list, out.has[text] = append(out.list, text), true
		}
	}
	if g.values == nil {
		g.values = map[string]*values{}
	}
	g.values[column] = out
	return out
}

// Values returns the texts that a column takes among the cells, in the order of
// the grid.
func (g *Grid) Values(column string) []string { return slices.Clone(g.valuesOf(column).list) }

// Takes reports whether a column takes a text among the cells.
func (g *Grid) Takes(column, text string) bool { return g.valuesOf(column).has[text] }
