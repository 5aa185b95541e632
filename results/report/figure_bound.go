// figure_bound.go draws measured errors beside the bounds on them.

package report

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"spfq/results"
)

// boundFigure shows measured values and the bounds on them against the width.
// There is one panel for each claim about a bound and each combination of values
// of the other columns that tell cells apart. A bound is to hold in every trial;
// the bars therefore show the range over trials, not an interval of the mean.
func boundFigure(n naming, claims []results.Claim) (figure, error) {
	f := figure{name: "bound_vs_width"}
	var ids []*results.Identity
	var metrics []string
	for _, c := range claims {
		for i := range c.Bounds {
			ids = append(ids, &c.Bounds[i].Identity)
		}
		if len(c.Bounds) > 0 && !slices.Contains(metrics, c.Metric) {
			metrics = append(metrics, c.Metric)
		}
	}
	f.x = axis{label: []string{axisLabels["width"]}, log: true, ticks: widths(ids)}
	f.y = axis{label: []string{"error and its bound"}, log: true}
	if len(ids) == 0 {
		return f, errors.New("no claim compares errors with a bound")
	}
	if len(f.x.ticks) < 2 {
		return f, errors.New("the width does not vary over the claims of bounds")
	}
	if len(metrics) == 1 && metrics[0] != "" {
		f.y.label = []string{metrics[0] + " and its bound"}
	}

	looks := n.looks()
	shown := distinguishingColumns(ids, "width")
	cellsOf, panels, points := make([][]cell[results.Bound], len(claims)), 0, 0
	for i, claim := range claims {
		cellsOf[i] = boundCells(claim.Bounds)
		panels += len(results.PartitionBy(identities(cellsOf[i]), shown...).First)
		points += 2 * len(cellsOf[i])
	}
	if err := checkSize(panels, points); err != nil {
		return f, err
	}
	for i, claim := range claims {
		cells := cellsOf[i]
		panels, at := panelsOf(identities(cells), shown)
		for p := range panels {
			panels[p].title = titled(claim.Theorem, panels[p].title)
			for _, label := range n.labels {
				measured := curve{label: label, look: looks[label]}
				bound := curve{label: label + ", bound", look: looks[label]}
				bound.look.dashes, bound.look.marker.hollow = dashed, !bound.look.marker.hollow
				violated, total := 0, 0
				for i, c := range cells {
					if at[i] != int32(p) || n.label(c.id) != label {
						continue
					}
					x := float64(c.id.Width)
					measured.points = append(measured.points, rangePoint(x, c, func(b *results.Bound) float64 { return float64(b.Measured) }))
					bound.points = append(bound.points, rangePoint(x, c, func(b *results.Bound) float64 { return float64(b.Bound) }))
					for _, b := range c.trials {
						total++
						if b.Violated {
							violated++
						}
					}
				}
				if total == 0 {
					continue
				}
				measured.line, bound.line = measured.points, bound.points
				bound.note = fmt.Sprintf("%d of %d", violated, total)
				panels[p].curves = append(panels[p].curves, measured, bound)
			}
		}
		f.panels = append(f.panels, panels...)
	}
	f.notes = "trials beyond the bound"
	f.remark = "Points: means over trials; bars: smallest and largest trial."
	for _, metric := range metrics {
		f.remark += metricRemark(metric)
	}
	return f, nil
}

// metricRemark says what a metric means, as a sentence after a space; it is empty
// if no column of a record or layer has that name.
func metricRemark(metric string) string {
	for _, row := range []any{&results.Record{}, &results.Layer{}} {
		if c, ok := results.Lookup(row, metric); ok {
			return " " + metric + ": " + c.Doc + "."
		}
	}
	return ""
}

// rangePoint is the mean of a quantity over a cell's trials, at x, with the
// smallest and the largest value as its interval. NaN values do not count.
func rangePoint(x float64, c cell[results.Bound], quantity func(*results.Bound) float64) point {
	pt := estimatePoint(x, c.estimate(quantity))
	pt.lo, pt.hi = math.NaN(), math.NaN()
	for _, t := range c.trials {
		q := quantity(t)
		if math.IsNaN(q) {
			continue
		}
		if !(pt.lo <= q) {
			pt.lo = q
		}
		if !(pt.hi >= q) {
			pt.hi = q
		}
	}
	return pt
}
