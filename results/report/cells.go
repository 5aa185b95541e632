// cells.go groups records by what they measure and aggregates them over trials.

package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"spfq/results"
	"spfq/results/stat"
)

// A cell holds the trials of one variant on one instance, or of one layer there.
type cell[R any] struct {
	id     results.Identity // that of its first trial
	layer  int              // 0 for the whole network
	trials []R              // those that succeeded
	failed int
}

// A row is what a cell is made of: a record, a search, a bound or a layer.
type row[R any] struct {
	id     results.Identity
	layer  int
	failed bool
	R      R
}

// group collects rows of equal identity but for the trial into cells, in the
// order of compareCells.
func group[R any](rows []row[R]) []cell[R] {
	at := map[string]int{}
	var cells []cell[R]
	for _, r := range rows {
		k := fmt.Sprint(key(r.id, identityColumns), "\x00", r.layer)
		i, ok := at[k]
		if !ok {
			i = len(cells)
			at[k] = i
			cells = append(cells, cell[R]{id: r.id, layer: r.layer})
		}
		if r.failed {
			cells[i].failed++
		} else {
			cells[i].trials = append(cells[i].trials, r.R)
		}
	}
	slices.SortFunc(cells, func(a, b cell[R]) int {
		return cmp.Or(compareCells(a.id, b.id), cmp.Compare(a.layer, b.layer))
	})
	return cells
}

func recordCells(records []results.Record) []cell[results.Record] {
	var rows []row[results.Record]
	for _, r := range records {
		rows = append(rows, row[results.Record]{id: r.Identity, failed: r.Error != "", R: r})
	}
	return group(rows)
}

func layerCells(records []results.Record) []cell[results.Layer] {
	var rows []row[results.Layer]
	for _, r := range records {
		if r.Error != "" {
			for l := 1; l <= r.Layers; l++ {
				rows = append(rows, row[results.Layer]{id: r.Identity, layer: l, failed: true})
			}
			continue
		}
		for _, l := range r.PerLayer {
			rows = append(rows, row[results.Layer]{id: r.Identity, layer: l.Layer, R: l})
		}
	}
	return group(rows)
}

func searchCells(searches []results.Search) []cell[results.Search] {
	var rows []row[results.Search]
	for _, s := range searches {
		rows = append(rows, row[results.Search]{id: s.Identity, failed: s.Error != "", R: s})
	}
	return group(rows)
}

func boundCells(bounds []results.Bound) []cell[results.Bound] {
	var rows []row[results.Bound]
	for _, b := range bounds {
		rows = append(rows, row[results.Bound]{id: b.Identity, R: b})
	}
	return group(rows)
}

// identities lists those of some cells.
func identities[R any](cells []cell[R]) []results.Identity {
	ids := make([]results.Identity, len(cells))
	for i, c := range cells {
		ids[i] = c.id
	}
	return ids
}

// estimate is the mean of a quantity over a cell's trials, with its interval.
// Trials in which it was not measured (NaN) do not count.
func (c cell[R]) estimate(quantity func(R) float64) stat.Estimate {
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
