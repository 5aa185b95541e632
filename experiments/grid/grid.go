// Package grid says which variants a plan runs on which settings, and answers what
// claims and sweeps ask about that. It knows identities only; it knows neither configs
// nor how a setting is drawn.
package grid

import (
	"fmt"
	"iter"
	"slices"

	"spfq/results"
)

// MaxCells is the largest number of cells of a grid; a larger one is taken for a mistake.
const MaxCells = 1_000_000

// Grid is a set of cells. A cell is given by the numbers of its setting and its variant.
// A grid remembers what it found about its columns, and so it serves one goroutine at a
// time.
type Grid struct {
	Settings []results.Setting
	Variants []results.Variant
	Seed     uint64

	keep  []bool     // at s·len(Variants) + v, whether setting s and variant v are a cell
	moves [][]string // for each group of axes that move together, the columns that they change

	// What was found about each column: see column.go and along.go.
	classes map[string]*classes
	values  map[string]*values
	along   map[string][]string
	series  map[string]*series
}

// New returns the grid of those pairs of a setting and a variant for which keep returns
// true. Settings and variants without a cell are left out. It is an error if there are
// more than MaxCells pairs.
func New(seed uint64, settings []results.Setting, variants []results.Variant, keep func(s, v int) bool) (*Grid, error) {
	g := &Grid{Settings: settings, Variants: variants, Seed: seed}
	if err := g.checkSize(); err != nil {
		return nil, err
	}
	g.keep = make([]bool, len(settings)*len(variants))
	for s := range settings {
		for v := range variants {
			g.keep[s*len(variants)+v] = keep(s, v)
		}
	}
	return g.Compact(), nil
}

func (g *Grid) checkSize() error {
	if n := len(g.Variants) * len(g.Settings); n > MaxCells {
		return fmt.Errorf("the axes span %d settings and %d variants, %d cells, more than %d", len(g.Settings), len(g.Variants), n, MaxCells)
	}
	return nil
}

// Zip sets, for Along, which columns change together: for each group of axes that move
// together, the columns that they change.
func (g *Grid) Zip(moves [][]string) { g.moves, g.along, g.series = moves, nil, nil }

// Has reports whether setting s and variant v are a cell of the grid.
func (g *Grid) Has(s, v int) bool { return g.keep[s*len(g.Variants)+v] }

// Empty reports whether the grid has no cell.
func (g *Grid) Empty() bool { return !slices.Contains(g.keep, true) }

// Identity returns the identity of a cell's record on trial 0.
func (g *Grid) Identity(s, v int) results.Identity {
	return results.Identity{Variant: g.Variants[v], Setting: g.Settings[s], Draw: results.Draw{Seed: g.Seed}}
}

// SettingIDs lists for each setting an identity whose variant is blank.
func (g *Grid) SettingIDs() []*results.Identity {
	out, blank := make([]*results.Identity, len(g.Settings)), results.Blank()
	for s, setting := range g.Settings {
		out[s] = &results.Identity{Variant: blank.Variant, Setting: setting, Draw: results.Draw{Seed: g.Seed}}
	}
	return out
}

// VariantIDs lists for each variant an identity whose setting is blank.
func (g *Grid) VariantIDs() []*results.Identity {
	out, blank := make([]*results.Identity, len(g.Variants)), results.Blank()
	for v, variant := range g.Variants {
		out[v] = &results.Identity{Variant: variant, Setting: blank.Setting, Draw: results.Draw{Seed: g.Seed}}
	}
	return out
}

// Match says which settings and which variants satisfy the conditions on their columns. A
// cell satisfies the conditions if its setting and its variant do.
func (g *Grid) Match(w results.Where) (settings, variants []bool) {
	settings, variants = all(len(g.Settings)), all(len(g.Variants))
	for _, c := range w {
		part := results.AxisOf(c.Column).Part()
		if part == results.OfDraw {
			id := results.Identity{Draw: results.Draw{Seed: g.Seed}}
			if !(results.Where{c}).Match(&id) {
				clear(settings)
			}
			continue
		}
		ids := settings
		if part == results.OfVariant {
			ids = variants
		}
		of := g.classesOf(c.Column)
		meets := of.meet(c.Values)
		for i, class := range of.Of {
			ids[i] = ids[i] && meets[class]
		}
	}
	return settings, variants
}

func all(n int) []bool {
	out := make([]bool, n)
	for i := range out {
		out[i] = true
	}
	return out
}

// numbers lists where a list is true.
func numbers(of []bool) (out []int) {
	for i, is := range of {
		if is {
			out = append(out, i)
		}
	}
	return out
}

// Cells visits the cells that satisfy the conditions, setting by setting.
func (g *Grid) Cells(w results.Where) iter.Seq2[int, int] {
	return func(yield func(s, v int) bool) {
		matching, of := g.Match(w)
		variants := numbers(of)
		for _, s := range numbers(matching) {
			for _, v := range variants {
				if g.Has(s, v) && !yield(s, v) {
					return
				}
			}
		}
	}
}

// Any reports whether any cell satisfies the conditions.
func (g *Grid) Any(w results.Where) bool {
	for range g.Cells(w) {
		return true
	}
	return false
}

// Each calls f for the identity of each cell that satisfies the conditions, until f
// returns false. It returns false if f did.
func (g *Grid) Each(w results.Where, f func(id *results.Identity) bool) bool {
	for s, v := range g.Cells(w) {
		if id := g.Identity(s, v); !f(&id) {
			return false
		}
	}
	return true
}

// Narrow keeps only the cells that satisfy the conditions, or, if satisfying is false,
// only those that do not.
func (g *Grid) Narrow(w results.Where, satisfying bool) {
	if satisfying {
		keep := make([]bool, len(g.keep))
		for s, v := range g.Cells(w) {
			keep[s*len(g.Variants)+v] = true
		}
		g.keep = keep
	} else {
		for s, v := range g.Cells(w) {
			g.keep[s*len(g.Variants)+v] = false
		}
	}
	g.values = nil
}

// Compact returns the grid without the settings and variants that have no cell.
func (g *Grid) Compact() *Grid {
	usedSetting, usedVariant := make([]bool, len(g.Settings)), make([]bool, len(g.Variants))
	for s, v := range g.Cells(nil) {
		usedSetting[s], usedVariant[v] = true, true
	}
	if !slices.Contains(usedSetting, false) && !slices.Contains(usedVariant, false) {
		return g
	}
	out := &Grid{Seed: g.Seed, moves: g.moves}
	for v, used := range usedVariant {
		if used {
			out.Variants = append(out.Variants, g.Variants[v])
		}
	}
	for s, used := range usedSetting {
		if !used {
			continue
		}
		out.Settings = append(out.Settings, g.Settings[s])
		for v, used := range usedVariant {
			if used {
				out.keep = append(out.keep, g.Has(s, v))
			}
		}
	}
	return out
}

// Merge adds the cells of other grids of the same seed and returns how many new cells each
// of them adds to those before it. It is an error if the grid would then have more than
// MaxCells pairs of a setting and a variant; added then ends before the grid that does not
// fit.
func (g *Grid) Merge(others ...*Grid) (added []int, err error) {
	oldSettings, oldWidth := len(g.Settings), len(g.Variants)
	settings, variants := numbering(&g.Settings), numbering(&g.Variants)
	type place struct{ settings, variants []int }
	places := make([]place, len(others))
	for i, o := range others {
		places[i] = place{settings(o.Settings), variants(o.Variants)}
		if err := g.checkSize(); err != nil {
			return make([]int, i), err
		}
	}
	keep := make([]bool, len(g.Settings)*len(g.Variants))
	for s := range oldSettings {
		copy(keep[s*len(g.Variants):], g.keep[s*oldWidth:(s+1)*oldWidth])
	}
	g.keep, g.classes, g.values, g.along, g.series = keep, nil, nil, nil, nil
	added = make([]int, len(others))
	for i, o := range others {
		for s, v := range o.Cells(nil) {
			if at := places[i].settings[s]*len(g.Variants) + places[i].variants[v]; !keep[at] {
				keep[at] = true
				added[i]++
			}
		}
	}
	return added, nil
}

// numbering returns a function that returns the index of each of its items in the list,
// to which it appends items that the list lacks.
func numbering[T comparable](list *[]T) func(items []T) []int {
	at := make(map[T]int, len(*list))
	for i, have := range *list {
		at[have] = i
	}
	return func(items []T) []int {
		out := make([]int, len(items))
		for i, item := range items {
			n, ok := at[item]
			if !ok {
				n = len(*list)
				at[item] = n
				*list = append(*list, item)
			}
			out[i] = n
		}
		return out
	}
}
