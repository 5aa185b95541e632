// grid.go spans the axes of a config: cells times variants, as pairs that a
// sweep may narrow.

package experiments

import (
	"fmt"
	"iter"
	"slices"

	"spfq/quant"
	"spfq/results"
	"spfq/sim"
)

// grid is a set of pairs of a cell and a variant.
type grid struct {
	cells      []sim.Instance
	variants   []Variant
	cellIDs    []results.Identity // the columns that the cell determines
	variantIDs []results.Identity // the columns that the variant determines
	keep       []bool             // of cell c and variant v at c·len(variants) + v
}

func (g *grid) has(c, v int) bool { return g.keep[c*len(g.variants)+v] }

// identity returns the identity of a pair, trial 0.
func (g *grid) identity(c, v int) results.Identity {
	id := partIdentity(g.cellIDs[c])
	id.setVariant(g.variants[v])
	return results.Identity(id)
}

func (g *grid) addCell(in sim.Instance) {
	g.cells, g.cellIDs = append(g.cells, in), append(g.cellIDs, results.Identity(cellIdentity(in)))
}

func (g *grid) addVariant(v Variant) {
	var id partIdentity
	id.setVariant(v)
	g.variants, g.variantIDs = append(g.variants, v), append(g.variantIDs, results.Identity(id))
}

// match says which cells and which variants satisfy their parts of the
// conditions: a pair does if both do.
func (g *grid) match(w Where) (cells, variants []bool) {
	var ofCell, ofVariant Where
	for _, c := range w {
		if variantColumns[c.Column] {
			ofVariant = append(ofVariant, c)
		} else {
			ofCell = append(ofCell, c)
		}
	}
	test := func(w Where, ids []results.Identity) []bool {
		out := make([]bool, len(ids))
		for i := range ids {
			out[i] = w.Match(&ids[i])
		}
		return out
	}
	return test(ofCell, g.cellIDs), test(ofVariant, g.variantIDs)
}

// pairs visits the pairs that satisfy the conditions.
func (g *grid) pairs(w Where) iter.Seq2[int, int] {
	return func(yield func(c, v int) bool) {
		cells, variants := g.match(w)
		for c := range g.cells {
			for v := range g.variants {
				if cells[c] && variants[v] && g.has(c, v) && !yield(c, v) {
					return
				}
			}
		}
	}
}

// any reports whether a pair satisfies the conditions.
func (g *grid) any(w Where) bool {
	for range g.pairs(w) {
		return true
	}
	return false
}

// values returns the texts that a column takes, in the order of the grid.
func (g *grid) values(column string) []string {
	ids, has := g.cellIDs, make([]bool, len(g.cells))
	ofVariant := variantColumns[column]
	if ofVariant {
		ids, has = g.variantIDs, make([]bool, len(g.variants))
	}
	for c, v := range g.pairs(nil) {
		if ofVariant {
			has[v] = true
		} else {
			has[c] = true
		}
	}
	var out []string
	seen := map[string]bool{}
	for i, ok := range has {
		if v := identityText(&ids[i], column); ok && !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}

// compact leaves out cells and variants that are in no pair.
func (g *grid) compact() *grid {
	var out grid
	usedCell, usedVariant := make([]bool, len(g.cells)), make([]bool, len(g.variants))
	for c, v := range g.pairs(nil) {
		usedCell[c], usedVariant[v] = true, true
	}
	if !slices.Contains(usedCell, false) && !slices.Contains(usedVariant, false) {
		return g
	}
	for v, used := range usedVariant {
		if used {
			out.variants, out.variantIDs = append(out.variants, g.variants[v]), append(out.variantIDs, g.variantIDs[v])
		}
	}
	for c, used := range usedCell {
		if !used {
			continue
		}
		out.cells, out.cellIDs = append(out.cells, g.cells[c]), append(out.cellIDs, g.cellIDs[c])
		for v, used := range usedVariant {
			if used {
				out.keep = append(out.keep, g.has(c, v))
			}
		}
	}
	return &out
}

// merge adds the pairs of another grid and returns how many are new.
func (g *grid) merge(o *grid) (added int, err error) {
	cellNo, variantNo := map[results.Identity]int{}, map[Variant]int{}
	for c := range g.cellIDs {
		cellNo[taskKey(&g.cellIDs[c])] = c
	}
	for v := range g.variants {
		variantNo[g.variants[v]] = v
	}
	oldWidth := len(g.variants)
	cells, variants := make([]int, len(o.cells)), make([]int, len(o.variants))
	for v, have := range o.variants {
		at, ok := variantNo[have]
		if !ok {
			at = len(g.variants)
			g.addVariant(have)
		}
		variants[v] = at
	}
	oldCells := len(g.cells)
	for c := range o.cells {
		at, ok := cellNo[taskKey(&o.cellIDs[c])]
		if !ok {
			at = len(g.cells)
			g.addCell(o.cells[c])
		}
		cells[c] = at
	}
	if err := g.checkSize(); err != nil {
		return 0, err
	}
	keep := make([]bool, len(g.cells)*len(g.variants))
	for c := range oldCells {
		copy(keep[c*len(g.variants):], g.keep[c*oldWidth:(c+1)*oldWidth])
	}
	g.keep = keep
	for c, v := range o.pairs(nil) {
		if at := cells[c]*len(g.variants) + variants[v]; !keep[at] {
			keep[at] = true
			added++
		}
	}
	return added, nil
}

func (g *grid) checkSize() error {
	if len(g.variants)*len(g.cells) > maxCells {
		return fmt.Errorf("the axes span %d cells of %d variants, more than %d in all", len(g.cells), len(g.variants), maxCells)
	}
	return nil
}

// walker walks the axes of a grid, of which those of a zip group move together.
type walker struct {
	group map[string]int // of the key path of an axis
	at    []int          // where a group stands; −1 before its first axis
}

func newWalker(zip [][]string) *walker {
	w := &walker{group: map[string]int{}}
	for g, paths := range zip {
		w.at = append(w.at, -1)
		for _, p := range paths {
			w.group[p] = g
		}
	}
	return w
}

// axis visits the n values of an axis, by number: all of them, or the one where
// its group stands.
func (w *walker) axis(path string, n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		g, zipped := w.group[path]
		if zipped && w.at[g] >= 0 {
			yield(w.at[g])
			return
		}
		for i := range n {
			if zipped {
				w.at[g] = i
			}
			if !yield(i) {
				break
			}
		}
		if zipped {
			w.at[g] = -1
		}
	}
}

// grid spans the axes of a config. Axes of a zip group move together, also
// where some are axes of cells and some of variants. Where an axis does not
// matter, as the levels of the infinite alphabet, its group is not held to it.
func (c *Config) grid(zip [][]string) (*grid, error) {
	g := &grid{}
	w := newWalker(zip)
	var cellAt, variantAt [][]int
	for in := range c.instances(w) {
		if in.Dimension > in.Widths[0] {
			return nil, fmt.Errorf("data.dimension: a subspace of dimension %d does not fit into the %d inputs of the network %s", in.Dimension, in.Widths[0], newShape(in.Widths))
		}
		if len(g.cells) == maxCells {
			return nil, fmt.Errorf("the network and data axes span more than %d cells", maxCells)
		}
		g.addCell(in)
		cellAt = append(cellAt, slices.Clone(w.at))
	}
	seen := map[Variant]bool{}
	w = newWalker(zip)
	for v := range c.variants(w) {
		if seen[v] {
			m := v.Variant.Method
			return nil, fmt.Errorf("methods: %s with alignment %s, feedback %v, %s rounding and %s order is listed twice", v.Method, m.Align, m.Feedback, m.Rounding, m.Order)
		}
		if len(g.variants) == maxCells {
			return nil, fmt.Errorf("the method and alphabet axes span more than %d variants", maxCells)
		}
		seen[v] = true
		g.addVariant(v)
		variantAt = append(variantAt, slices.Clone(w.at))
	}
	if err := g.checkSize(); err != nil {
		return nil, err
	}
	together := func(a, b []int) bool {
		for i := range a {
			if a[i] >= 0 && b[i] >= 0 && a[i] != b[i] {
				return false
			}
		}
		return true
	}
	g.keep = make([]bool, len(g.cells)*len(g.variants))
	for c := range g.cells {
		for v := range g.variants {
			g.keep[c*len(g.variants)+v] = together(cellAt[c], variantAt[v])
		}
	}
	return g.compact(), nil
}

// instances spans the network and data axes.
func (c *Config) instances(w *walker) iter.Seq[sim.Instance] {
	return func(yield func(sim.Instance) bool) {
		for shape := range c.Network.shapes(w) {
			for i := range w.axis("network.weights", len(c.Network.Weights)) {
				for j := range w.axis("network.biases", len(c.Network.Biases)) {
					for k := range w.axis("network.activation", len(c.Network.Activation)) {
						net := sim.Network{Widths: shape, Weights: c.Network.Weights[i].Distribution,
							Biases: c.Network.Biases[j], Activation: c.Network.Activation[k]}
						for data := range c.Data.sets(w) {
							if !yield(sim.Instance{Network: net, Data: data, Seed: c.Seed}) {
								return
							}
						}
					}
				}
			}
		}
	}
}

// shapes spans the sizes N_0, …, N_L of the networks.
func (c *NetworkConfig) shapes(w *walker) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		if len(c.Widths) > 0 {
			for i := range w.axis("network.widths", len(c.Widths)) {
				if !yield(c.Widths[i].widths()) {
					return
				}
			}
			return
		}
		for i := range w.axis("network.layers", len(c.Layers)) {
			for j := range w.axis("network.width", len(c.Width)) {
				if !yield(slices.Repeat([]int{c.Width[j]}, c.Layers[i]+1)) {
					return
				}
			}
		}
	}
}

// sets spans the data axes. Dimension and noise matter to subspaces only.
func (c *DataConfig) sets(w *walker) iter.Seq[sim.Data] {
	return func(yield func(sim.Data) bool) {
		for s := range w.axis("data.source", len(c.Source)) {
			subspace := c.Source[s] == sim.Subspace
			for d := range w.axisIf(subspace, "data.dimension", len(c.Dimension)) {
				for n := range w.axisIf(subspace, "data.noise", len(c.Noise)) {
					for m := range w.axis("data.samples", len(c.Samples)) {
						for t := range w.axis("data.test_samples", len(c.TestSamples)) {
							set := sim.Data{Source: c.Source[s], Samples: c.Samples[m], Test: c.TestSamples[t]}
							if subspace {
								set.Dimension, set.Noise = c.Dimension[d], c.Noise[n]
							}
							if !yield(set) {
								return
							}
						}
					}
				}
			}
		}
	}
}

// axisIf is axis where the axis matters; where not it visits 0 once and moves
// no group.
func (w *walker) axisIf(matters bool, path string, n int) iter.Seq[int] {
	if matters {
		return w.axis(path, n)
	}
	return func(yield func(int) bool) { yield(0) }
}

// variants spans the method and alphabet axes.
func (c *Config) variants(w *walker) iter.Seq[Variant] {
	return func(yield func(Variant) bool) {
		for i, m := range c.Methods {
			for method := range m.methods(i, w) {
				for v := range c.Alphabet.rules(w) {
					v.Method, v.Variant.Method = m.Name, method
					if !yield(v) {
						return
					}
				}
			}
		}
	}
}

// methods spans the axes of a method, the config's i-th.
func (m MethodConfig) methods(i int, w *walker) iter.Seq[quant.Method] {
	path := func(name string) string { return fmt.Sprintf("methods.%d.%s", i, name) }
	return func(yield func(quant.Method) bool) {
		for a := range w.axis(path("align"), len(m.Align)) {
			for f := range w.axis(path("feedback"), len(m.Feedback)) {
				for r := range w.axis(path("rounding"), len(m.Rounding)) {
					for o := range w.axis(path("order"), len(m.Order)) {
						if !yield(quant.Method{Align: m.Align[a].Align, Feedback: m.Feedback[f], Rounding: m.Rounding[r], Order: m.Order[o]}) {
							return
						}
					}
				}
			}
		}
	}
}

// rules spans the axes of the alphabet. The levels matter to finite alphabets
// only, C and the quantile to steps from the data.
func (c AlphabetConfig) rules(w *walker) iter.Seq[Variant] {
	return func(yield func(Variant) bool) {
		for s := range w.axis("alphabet.step", len(c.Step)) {
			fromData := c.Step[s] == 0
			for cc := range w.axisIf(fromData, "alphabet.C", len(c.C)) {
				for q := range w.axisIf(fromData, "alphabet.quantile", len(c.Quantile)) {
					for b := range w.axis("alphabet.bits", len(c.Bits)) {
						finite := c.Bits[b] != 0
						for l := range w.axisIf(finite, "alphabet.levels", len(c.Levels)) {
							for a := range w.axis("alphabet.activation_bits", len(c.ActivationBits)) {
								v := Variant{Bits: int(c.Bits[b])}
								v.ActivationBits = int(c.ActivationBits[a])
								v.Alphabet.Step = float64(c.Step[s])
								if fromData {
									v.Alphabet.C, v.Alphabet.Quantile = c.C[cc], c.Quantile[q]
								}
								if finite {
									v.Levels = c.Levels[l]
									k, err := v.Levels.K(v.Bits)
									if err != nil {
										panic("experiments: unchecked bits: " + err.Error())
									}
									v.Alphabet.K = k
								}
								if !yield(v) {
									return
								}
							}
						}
					}
				}
			}
		}
	}
}
