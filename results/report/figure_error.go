// figure_error.go draws the relative squared error against a numeric column and
// against the bits per weight.

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

// errorMetric is an error that figures show.
type errorMetric struct {
	name  string   // the figures' names up to _vs_
	label []string // the lines of the y axis label
	value func(*results.Record) float64
}

var (
	calibrationError = errorMetric{"error", errorLabel, func(r *results.Record) float64 { return float64(r.RelSqError) }}
	heldOutError     = errorMetric{"test_error", []string{"relative squared error", "on held-out samples"},
		func(r *results.Record) float64 { return float64(r.TestRelSqError) }}
)

// measured reports whether any trial of the cells has the metric.
func (m errorMetric) measured(cells []cell[results.Record]) bool {
	return slices.ContainsFunc(cells, func(c cell[results.Record]) bool {
		return slices.ContainsFunc(c.trials, func(r *results.Record) bool { return !math.IsNaN(m.value(r)) })
	})
}

// errorFigure shows an error against the numeric identity column over: one curve
// for each method label, and one panel for each combination of values of the
// other columns that tell cells apart. Against the width, on logarithmic axes, the
// lines are power laws fitted to the trials, and a reference of slope −1 shows
// linear decay.
func errorFigure(n naming, cells []cell[results.Record], over string, m errorMetric) (figure, error) {
	f := figure{name: m.name + "_vs_" + over, y: axis{label: m.label, log: true}}
	shown := distinguishingColumns(identities(cells), over)
	along := column(over)
	var xs []float64
	for _, c := range cells {
		x, _ := along.Number(c.id)
		xs = append(xs, x)
	}
	xs = distinct(xs)
	if len(xs) < 2 {
		return f, errors.New("fewer than two values on its axis")
	}
	if err := checkSize(len(results.PartitionBy(identities(cells), shown...).First), len(cells)); err != nil {
		return f, err
	}
	panels, at := panelsOf(identities(cells), shown)
	all := seriesOver(n, cells, over, at)
	f.x = axis{label: []string{axisLabels[over]}, ticks: xs, whole: over == "layers"}
	// Sizes usually double from one value to the next, which a logarithmic axis
	// spaces evenly; layers are counted one by one.
	f.x.log = over != "layers" && xs[0] > 0 && xs[len(xs)-1] >= 4*xs[0]

	looks := n.looks()
	fitted := over == "width"
	least := math.Inf(1) // smallest error at the first x, over all curves
	for _, s := range all {
		c := curve{label: s.label, look: looks[s.label]}
		for i, cl := range s.cells {
			pt := estimatePoint(s.x[i], cl.estimate(m.value))
			c.points = append(c.points, pt)
			if pt.x == xs[0] && pt.y > 0 {
				least = min(least, pt.y)
			}
		}
		c.line = c.points
		if fitted {
			if law, err := s.powerLaw(m); err == nil {
				a, k := law.Exponent, law.Prefactor.Value
				c.note = minus(exponentNote(a))
				c.line = nil
				for _, x := range []float64{s.x[0], s.x[len(s.x)-1]} {
					c.line = append(c.line, point{x: x, y: k * math.Pow(x, a.Value)})
				}
			}
		}
		panels[s.class].curves = append(panels[s.class].curves, c)
	}
	f.panels = panels
	if fitted {
		f.notes = fmt.Sprintf("fitted exponent a of c·N^{a}, with its %g%% interval", 100*confidence)
		reference := curve{label: "slope −1", look: look{color: grey, dashes: dashed}, clipped: true}
		for _, x := range []float64{xs[0], xs[len(xs)-1]} {
			// The reference starts below every curve, so that it covers none there.
			reference.line = append(reference.line, point{x: x, y: 0.7 * least * xs[0] / x})
		}
		for p := range f.panels {
			f.panels[p].curves = append(f.panels[p].curves, reference)
		}
	}
	f.remark = trialsRemark(cells)
	return f, nil
}

// exponentNote writes an exponent and the half-width of its interval to two
// decimals, or to more where the interval is narrower.
func exponentNote(e stat.Estimate) string {
	half := halfWidth(e)
	d := max(2, digits(0, half)-1)
	if math.IsNaN(half) || math.IsInf(half, 0) {
		return decimal(e.Value, d)
	}
	return decimal(e.Value, d) + " ± " + decimal(half, d)
}

// errorBitsFigure shows rel_sq_error against the bits per weight, log2(2K+1): one
// curve for each method label, with the error of the infinite alphabet as a dashed
// horizontal line, and one panel for each combination of values of the other
// columns that tell cells apart.
func errorBitsFigure(n naming, cells []cell[results.Record]) (figure, error) {
	f := figure{name: "error_vs_bits", y: axis{label: errorLabel, log: true}}
	f.x.label = []string{"bits a weight, log_{2}(2K + 1)"}
	shown := distinguishingColumns(identities(cells), "bits", "levels", "K")
	bits := func(c cell[results.Record]) float64 {
		return c.estimate(func(r *results.Record) float64 { return float64(r.BitsPerWeight) }).Value
	}
	var xs []float64
	var finite []*results.Identity
	for _, c := range cells {
		b := bits(c)
		if !math.IsNaN(b) && !math.IsInf(b, 1) {
			xs = append(xs, b)
		}
		if !math.IsInf(b, 1) {
			finite = append(finite, c.id)
		}
	}
	if xs = distinct(xs); len(xs) < 2 {
		return f, errors.New("fewer than two finite alphabets")
	}
	if err := checkSize(len(results.PartitionBy(finite, shown...).First), len(finite)); err != nil {
		return f, err
	}
	panels, at := panelsOf(identities(cells), shown)
	all := seriesOver(n, cells, "bits", at)

	looks := n.looks()
	anyInfinite := false
	for _, s := range all {
		c := curve{label: s.label, look: looks[s.label]}
		var infinite *curve // the error of the infinite alphabet
		for _, cl := range s.cells {
			pt := estimatePoint(bits(cl), cl.estimate(calibrationError.value))
			if !math.IsInf(pt.x, 1) {
				c.points = append(c.points, pt)
				continue
			}
			infinite = &curve{look: look{color: c.look.color, dashes: dashed}}
			infinite.line = []point{{x: xs[0], y: pt.y}, {x: xs[len(xs)-1], y: pt.y}}
		}
		if len(c.points) == 0 {
			continue // measured with the infinite alphabet only
		}
		slices.SortFunc(c.points, func(a, b point) int { return cmp.Compare(a.x, b.x) })
		c.line = c.points
		p := &panels[s.class]
		p.curves = append(p.curves, c)
		if infinite != nil {
			anyInfinite = true
			p.curves = append(p.curves, *infinite)
		}
	}
	f.panels = slices.DeleteFunc(panels, func(p panel) bool { return len(p.curves) == 0 })
	f.remark = trialsRemark(cells)
	if anyInfinite {
		f.remark += " Dashed levels: infinite alphabet."
	}
	return f, nil
}
