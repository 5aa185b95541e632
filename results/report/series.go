// series.go follows a variant along an axis.

package report

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"spfq/results"
	"spfq/results/stat"
)

// A series is one variant in one setting along an axis, in increasing order.
type series struct {
	label   string
	setting string // key of its setting
	x       []float64
	cells   []cell[results.Record]
}

// seriesOver sorts cells into series along an identity column, given the
// settings that tell cells of one place on it apart.
func seriesOver(n naming, cells []cell[results.Record], axis string, shown []results.Column) []series {
	var all []series
	x := func(c cell[results.Record]) float64 {
		x, _ := column(axis).Number(&c.id)
		return x
	}
	cells = slices.Clone(cells)
	slices.SortStableFunc(cells, func(a, b cell[results.Record]) int { return cmp.Compare(x(a), x(b)) })
	for _, c := range cells {
		label, setting := n.label(c.id), key(c.id, shown)
		i := slices.IndexFunc(all, func(s series) bool { return s.label == label && s.setting == setting })
		if i < 0 {
			i = len(all)
			all = append(all, series{label: label, setting: setting})
		}
		all[i].x = append(all[i].x, x(c))
		all[i].cells = append(all[i].cells, c)
	}
	return all
}

// powerLaw fits an error over the axis, trial by trial.
func (s series) powerLaw(m errorMetric) (stat.Power, error) {
	trials := 0
	for _, c := range s.cells {
		for _, r := range c.trials {
			trials = max(trials, r.Trial+1)
		}
	}
	var levels []stat.Level
	for i, c := range s.cells {
		if len(c.trials) == 0 {
			continue // a place where all failed would take every trial away
		}
		y := slices.Repeat([]float64{math.NaN()}, trials)
		for _, r := range c.trials {
			y[r.Trial] = m.value(r)
		}
		levels = append(levels, stat.Level{X: s.x[i], Y: y})
	}
	if len(levels) < 2 {
		return stat.Power{}, errors.New("fewer than two points with trials")
	}
	return stat.PowerLaw(levels, confidence, 0)
}
