// cells.go groups records by what they measure and aggregates them over trials.

package report

import (
	"cmp"
	"math"
	"slices"

	"spfq/results"
	"spfq/results/stat"
)

// A cell holds the trials of one variant on one instance, or of one layer there.
type cell[R any] struct {
	id     *results.Identity // that of its first trial
	layer  int               // 0 for the whole network
	trials []*R              // those that succeeded
	failed int
}

// group collects rows of equal identity but for the trial into cells, in the
// order of compareCells. What it returns points into rows: large runs are held
// once.
func group[R any](rows []R, identity func(*R) *results.Identity, failed func(*R) bool) []cell[R] {
	ids := make([]*results.Identity, len(rows))
	for i := range rows {
		ids[i] = identity(&rows[i])
	}
	classes, order := inOrder(ids)
	cells, at := make([]cell[R], len(order)), make([]int32, len(order))
	for i, k := range order {
		cells[i].id, at[k] = ids[classes.first[k]], int32(i)
	}
	if len(cells) == len(rows) { // single trials: one list for all
		all := make([]*R, len(rows))
		for i, k := range classes.of {
			cells[at[k]].trials = all[i : i : i+1]
		}
	}
	for i, k := range classes.of {
		c := &cells[at[k]]
		if failed(&rows[i]) {
			c.failed++
		} else {
			c.trials = append(c.trials, &rows[i])
		}
	}
	return cells
}

func recordCells(records []results.Record) []cell[results.Record] {
	return group(records, func(r *results.Record) *results.Identity { return &r.Identity }, func(r *results.Record) bool { return r.Error != "" })
}

// layerCells splits cells into those of their layers.
func layerCells(cells []cell[results.Record]) []cell[results.Layer] {
	var out []cell[results.Layer]
	for _, c := range cells {
		begin := len(out)
		at := func(layer int) *cell[results.Layer] {
			for i := range out[begin:] {
				if l := &out[begin+i]; l.layer == layer {
					return l
				}
			}
			out = append(out, cell[results.Layer]{id: c.id, layer: layer})
			return &out[len(out)-1]
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

func searchCells(searches []results.Search) []cell[results.Search] {
	return group(searches, func(s *results.Search) *results.Identity { return &s.Identity }, func(s *results.Search) bool { return s.Error != "" })
}

func boundCells(bounds []results.Bound) []cell[results.Bound] {
	return group(bounds, func(b *results.Bound) *results.Identity { return &b.Identity }, func(*results.Bound) bool { return false })
}

// identities lists those of some cells.
func identities[R any](cells []cell[R]) []*results.Identity {
	ids := make([]*results.Identity, len(cells))
	for i, c := range cells {
		ids[i] = c.id
	}
	return ids
}

// estimate is the mean of a quantity over a cell's trials, with its interval.
// Trials in which it was not measured (NaN) do not count.
func (c cell[R]) estimate(quantity func(*R) float64) stat.Estimate {
	var samples []float64
	for _, t := range c.trials {
		if x := quantity(t); !math.IsNaN(x) {
			samples = append(samples, x)
		}
	}
	return mean(samples)
}

// mean is stat.Mean extended to infinite samples: they have an infinite mean
// and no interval.
func mean(samples []float64) stat.Estimate {
	unknown := stat.Interval{Lo: math.NaN(), Hi: math.NaN()}
	for _, x := range samples {
		if math.IsInf(x, 0) {
			return stat.Estimate{Value: x, Interval: unknown, N: len(samples)}
		}
	}
	e, err := stat.Mean(samples, confidence)
	if err != nil {
		panic("report: " + err.Error()) // neither the confidence nor a sample can be at fault
	}
	if math.IsInf(e.Interval.Hi, 0) { // a single trial, or none
		e.Interval = unknown
	}
	return e
}
