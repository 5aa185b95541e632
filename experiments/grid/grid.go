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
type Grid struct {
	Settings []results.Setting
	Variants []results.Variant
	Seed     uint64

	keep  []bool     // at s·len(Variants) + v, whether setting s and variant v are a cell
	moves [][]string // for each group of axes that move together, the columns that they change
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
	if len(g.Variants)*len(g.Settings) > MaxCells {
		return fmt.Errorf("the axes span %d settings of %d variants, more than %d cells in all", len(g.Settings), len(g.Variants), MaxCells)
	}
	return nil
}

// Zip sets, for Along, which columns change together: for each group of axes that move
// together, the columns that they change.
func (g *Grid) Zip(moves [][]string) { g.moves = moves }

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
	ofVariant, rest := w.Split()
	test := func(w results.Where, n int, id func(int) *results.Identity) []bool {
		out := make([]bool, n)
		for i := range out {
			out[i] = len(w) == 0 || w.Match(id(i))
		}
		return out
	}
	var id results.Identity
	settings = test(rest, len(g.Settings), func(s int) *results.Identity {
		id.Setting, id.Draw = g.Settings[s], results.Draw{Seed: g.Seed}
		return &id
	})
	variants = test(ofVariant, len(g.Variants), func(v int) *results.Identity {
		id.Variant = g.Variants[v]
		return &id
	})
	return settings, variants
}

// Cells visits the cells that satisfy the conditions, setting by setting.
func (g *Grid) Cells(w results.Where) iter.Seq2[int, int] {
	return func(yield func(s, v int) bool) {
		settings, variants := g.Match(w)
		for s := range g.Settings {
			for v := range g.Variants {
				if settings[s] && variants[v] && g.Has(s, v) && !yield(s, v) {
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

// Values returns the texts that a column takes among the cells, in the order of
// the grid.
func (g *Grid) Values(column string) []string {
	ids, has := g.SettingIDs(), make([]bool, len(g.Settings))
	ofVariant := results.AxisOf(column).Part() == results.OfVariant
	if ofVariant {
		ids, has = g.VariantIDs(), make([]bool, len(g.Variants))
	}
	for s, v := range g.Cells(nil) {
		if ofVariant {
			has[v] = true
		} else {
			has[s] = true
		}
	}
	var out []string
	seen := map[string]bool{}
	for i, ok := range has {
		if v := ids[i].Text(column); ok && !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}

// Narrow keeps only the cells that satisfy the conditions, or, if satisfying is false,
// only those that do not.
func (g *Grid) Narrow(w results.Where, satisfying bool) {
	settings, variants := g.Match(w)
	for s := range settings {
		for v := range variants {
			if (settings[s] && variants[v]) != satisfying {
				g.keep[s*len(variants)+v] = false
			}
		}
	}
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

// Merge adds the cells of another grid of the same seed and returns how many of them are
// new. It is an error if the grid would then have more than MaxCells pairs of a setting
// and a variant.
func (g *Grid) Merge(o *Grid) (added int, err error) {
	oldSettings, oldWidth := len(g.Settings), len(g.Variants)
	settings, variants := number(&g.Settings, o.Settings), number(&g.Variants, o.Variants)
	if err := g.checkSize(); err != nil {
		return 0, err
	}
	keep := make([]bool, len(g.Settings)*len(g.Variants))
	for s := range oldSettings {
		copy(keep[s*len(g.Variants):], g.keep[s*oldWidth:(s+1)*oldWidth])
	}
	g.keep = keep
	for s, v := range o.Cells(nil) {
		if at := settings[s]*len(g.Variants) + variants[v]; !keep[at] {
			keep[at] = true
			added++
		}
	}
	return added, nil
}

// number returns the index of each item in the list, to which it appends items that the
// list lacks.
func number[T comparable](list *[]T, items []T) []int {
	at := make(map[T]int, len(*list))
	for i, have := range *list {
		at[have] = i
	}
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
