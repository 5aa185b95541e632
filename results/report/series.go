// series.go arranges cells in series along an axis, and fits power laws to them.

package report

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"spfq/results"
	"spfq/results/stat"
)

// A series is cells along an axis, alike in their method label and in all other
// columns that tell cells apart.
type series struct {
	label string
	class int32                  // class of its cells, as seriesOver was given it
	x     []float64              // values on the axis, ascending
	cells []cell[results.Record] // the cell at each x
}

// seriesOver sorts cells into series along the numeric identity column axis. class
// has a number for each cell; cells of one series have the same number, which is
// that of their values in the columns that tell cells apart, axis aside.
func seriesOver(n naming, cells []cell[results.Record], axis string, class []int32) []series {
	type common struct { // what the cells of a series have in common
		label string
		class int32
	}
	var all []series
	number := map[common]int{} // index in all
	x, order := make([]float64, len(cells)), make([]int, len(cells))
	along := column(axis)
	for i, c := range cells {
		x[i], _ = along.Number(c.id)
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(x[a], x[b]) })
	for _, at := range order {
		v := common{n.label(cells[at].id), class[at]}
		i, ok := number[v]
		if !ok {
			i = len(all)
			number[v] = i
			all = append(all, series{label: v.label, class: v.class})
		}
		all[i].x = append(all[i].x, x[at])
		all[i].cells = append(all[i].cells, cells[at])
	}
	return all
}

// maxFitted bounds the trials of all points of a fit, missing ones among them.
const maxFitted = 10_000_000

// powerLaw fits a power law of an error in the values on the axis, trial by trial.
func (s series) powerLaw(m errorMetric) (stat.Power, error) {
	trials := 0
	for _, c := range s.cells {
		for _, r := range c.trials {
			trials = max(trials, r.Trial+1)
		}
	}
	if len(s.cells)*trials > maxFitted {
		return stat.Power{}, fmt.Errorf("%d trials of %d points are more than are fitted; %d is the limit", trials, len(s.cells), maxFitted)
	}
	var points []stat.Point
	for i, c := range s.cells {
		if len(c.trials) == 0 {
			continue // stat.PowerLaw drops trials that lack a value anywhere: here, all of them
		}
		y := slices.Repeat([]float64{math.NaN()}, trials)
		for _, r := range c.trials {
			y[r.Trial] = m.value(r)
		}
		points = append(points, stat.Point{X: s.x[i], Y: y})
	}
	if len(points) < 2 {
		return stat.Power{}, errors.New("fewer than two points with trials")
	}
	return stat.PowerLaw(points, confidence, 0)
}
