// cells.go groups records into cells and estimates means over the trials of a
// cell.

package report

import (
	"cmp"
	"math"
	"slices"

	"spfq/results"
	"spfq/results/stat"
)

// A cell holds what was measured on the trials of one variant in one setting, of
// the whole network or of one of its layers. R is the type of a measurement:
// results.Record, Layer, Search or Bound.
type cell[R any] struct {
	id     *results.Identity // identity of its first row, whose trial means nothing here
	layer  int               // number of the layer, from 1; 0 for the whole network
	trials []*R              // the trials that succeeded
	failed int               // number of trials that failed
}

// group collects rows whose identities differ in nothing but the trial into
// cells, and returns these in the order of compareCells. The cells point into
// rows, so that large runs are held in memory once.
func group[R any](rows []R, identity func(*R) *results.Identity, failed func(*R) bool) []cell[R] {
	ids := make([]*results.Identity, len(rows))
	for i := range rows {
		ids[i] = identity(&rows[i])
	}
	classes, order := inOrder(ids)
	cells, at := make([]cell[R], len(order)), make([]int32, len(order))
	for i, k := range order {
		cells[i].id, at[k] = ids[classes.First[k]], int32(i)
	}
	if len(cells) == len(rows) { // one row per cell: the lists of all cells share one array
		all := make([]*R, len(rows))
		for i, k := range classes.Of {
			cells[at[k]].trials = all[i : i : i+1]
		}
	}
	for i, k := range classes.Of {
		c := &cells[at[k]]
		if failed(&rows[i]) {
			c.failed++
		} else {
			c.trials = append(c.trials, &rows[i])
		}
	}
	return cells
}

// recordCells groups records into cells.
func recordCells(records []results.Record) []cell[results.Record] {
	return group(records, func(r *results.Record) *results.Identity { return &r.Identity }, func(r *results.Record) bool { return r.Error != "" })
}

// layerCells splits each cell into one cell per layer, in the order of the layers.
// A trial that failed has no layers and counts as failed in each of them.
func layerCells(cells []cell[results.Record]) []cell[results.Layer] {
	var out []cell[results.Layer]
	for _, c := range cells {
		begin := len(out)
		number := map[int]int{} // index in out, by layer
		at := func(layer int) *cell[results.Layer] {
			i, ok := number[layer]
			if !ok {
				i = len(out)
				number[layer] = i
				out = append(out, cell[results.Layer]{id: c.id, layer: layer})
			}
			return &out[i]
		}
		for _, r := range c.trials {
			for i := range r.PerLayer {
				l := at(r.PerLayer[i].Layer)
				l.trials = append(l.trials, &r.PerLayer[i])
			}
		}
		if c.failed > 0 {
			for l := 1; l <= c.id.Layers; l++ {
				at(l).failed += c.failed
			}
		}
		slices.SortFunc(out[begin:], func(a, b cell[results.Layer]) int { return cmp.Compare(a.layer, b.layer) })
	}
	return out
}

// searchCells groups searches into cells.
func searchCells(searches []results.Search) []cell[results.Search] {
	return group(searches, func(s *results.Search) *results.Identity { return &s.Identity }, func(s *results.Search) bool { return s.Error != "" })
}

// boundCells groups the bounds of a claim into cells.
func boundCells(bounds []results.Bound) []cell[results.Bound] {
	return group(bounds, func(b *results.Bound) *results.Identity { return &b.Identity }, func(*results.Bound) bool { return false })
}

// identities lists the identities of cells, in the order of the cells.
func identities[R any](cells []cell[R]) []*results.Identity {
	ids := make([]*results.Identity, len(cells))
	for i, c := range cells {
		ids[i] = c.id
	}
	return ids
}

// estimate returns the mean of a quantity over the cell's trials, with its
// interval. Trials in which the quantity was not measured (NaN) do not count.
func (c cell[R]) estimate(quantity func(*R) float64) stat.Estimate {
	var samples []float64
	for _, t := range c.trials {
		if x := quantity(t); !math.IsNaN(x) {
			samples = append(samples, x)
		}
	}
	return mean(samples)
}

// mean is stat.Mean extended to samples that may be infinite: if one is, so is the
// mean, and it has no interval. An interval that does not exist has NaN for ends.
func mean(samples []float64) stat.Estimate {
	unknown := stat.Interval{Lo: math.NaN(), Hi: math.NaN()}
	for _, x := range samples {
		if math.IsInf(x, 0) {
			return stat.Estimate{Value: x, Interval: unknown, N: len(samples)}
		}
	}
	e, err := stat.Mean(samples, confidence)
	if err != nil {
		panic("report: " + err.Error()) // samples are finite here, and the confidence is a constant
	}
	if math.IsInf(e.Interval.Hi, 0) { // fewer than two samples
		e.Interval = unknown
	}
	return e
}
