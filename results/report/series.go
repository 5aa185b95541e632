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
	setting int32 // class of its setting
	x       []float64
	cells   []cell[results.Record]
}

// seriesOver sorts cells into series along an identity column, given the class
// of each by the settings that tell cells of one place on it apart.
func seriesOver(n naming, cells []cell[results.Record], axis string, setting []int32) []series {
	type variant struct {
		label   string
		setting int32
	}
	var all []series
	number := map[variant]int{}
	x, order := make([]float64, len(cells)), make([]int, len(cells))
	along := column(axis)
	for i, c := range cells {
		x[i], _ = along.Number(c.id)
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(x[a], x[b]) })
	for _, at := range order {
		v := variant{n.label(cells[at].id), setting[at]}
		i, ok := number[v]
		if !ok {
			i = len(all)
			number[v] = i
			all = append(all, series{label: v.label, setting: v.setting})
		}
		all[i].x = append(all[i].x, x[at])
		all[i].cells = append(all[i].cells, cells[at])
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
	var levels []stat.Point
	for i, c := range s.cells {
		if len(c.trials) == 0 {
			continue // a place where all failed would take every trial away
		}
		y := slices.Repeat([]float64{math.NaN()}, trials)
		for _, r := range c.trials {
			y[r.Trial] = m.value(r)
		}
		levels = append(levels, stat.Point{X: s.x[i], Y: y})
	}
	if len(levels) < 2 {
		return stat.Power{}, errors.New("fewer than two points with trials")
	}
	return stat.PowerLaw(levels, confidence, 0)
}
