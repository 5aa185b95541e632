// figure_error.go draws the relative squared error over a setting and over the
// bits.

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
	name  string // of the figures, before _vs_
	label []string
	value func(*results.Record) float64
}

var (
	calibrationError = errorMetric{"error", errorLabel, func(r *results.Record) float64 { return float64(r.RelSqError) }}
	heldOutError     = errorMetric{"test_error", []string{"relative squared error", "on held-out samples"},
		func(r *results.Record) float64 { return float64(r.TestRelSqError) }}
)

// measured reports whether any record has the metric.
func (m errorMetric) measured(cells []cell[results.Record]) bool {
	return slices.ContainsFunc(cells, func(c cell[results.Record]) bool {
		return slices.ContainsFunc(c.trials, func(r *results.Record) bool { return !math.IsNaN(m.value(r)) })
	})
}

// errorFigure shows an error over a numeric setting: a curve a variant, a
// panel for each of the other settings. Over the width, on logarithmic axes,
// lines are power laws fitted to the trials, and a reference shows what linear
// decay looks like.
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
	if err := checkSize(len(by(shown, identities(cells)).first), len(cells)); err != nil {
		return f, err
	}
	panels, at := panelsOf(identities(cells), shown)
	all := seriesOver(n, cells, over, at)
	f.x = axis{label: []string{axisLabels[over]}, ticks: xs, whole: over == "layers"}
	// Sizes double from one to the next, layers are counted.
	f.x.log = over != "layers" && xs[0] > 0 && xs[len(xs)-1] >= 4*xs[0]

	looks := n.looks()
	fitted := over == "width"
	least := math.Inf(1) // error at the smallest width, over all curves
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
		panels[s.setting].curves = append(panels[s.setting].curves, c)
	}
	f.panels = panels
	if fitted {
		f.notes = fmt.Sprintf("fitted exponent a of c·N^{a}, with its %g%% interval", 100*confidence)
		reference := curve{label: "slope −1", look: look{color: grey, dashes: dashed}, clipped: true}
		for _, x := range []float64{xs[0], xs[len(xs)-1]} {
			// Below every curve at its start, so that it lies on none there.
			reference.line = append(reference.line, point{x: x, y: 0.7 * least * xs[0] / x})
		}
		for p := range f.panels {
			f.panels[p].curves = append(f.panels[p].curves, reference)
		}
	}
	f.remark = trialsRemark(cells)
	return f, nil
}

// exponentNote writes an exponent to hundredths, or finer where its interval is.
func exponentNote(e stat.Estimate) string {
	half := halfWidth(e)
	d := max(2, digits(0, half)-1)
	if math.IsNaN(half) || math.IsInf(half, 0) {
		return decimal(e.Value, d)
	}
	return decimal(e.Value, d) + " ± " + decimal(half, d)
}

// errorBitsFigure shows rel_sq_error over log2(2K+1): a curve a variant, with
// the infinite alphabet as a level, and a panel for each of the other settings.
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
	if err := checkSize(len(by(shown, finite).first), len(finite)); err != nil {
		return f, err
	}
	panels, at := panelsOf(identities(cells), shown)
	all := seriesOver(n, cells, "bits", at)

	looks := n.looks()
	levels := false
	for _, s := range all {
		c := curve{label: s.label, look: looks[s.label]}
		var level *curve
		for _, cl := range s.cells {
			pt := estimatePoint(bits(cl), cl.estimate(calibrationError.value))
			if !math.IsInf(pt.x, 1) {
				c.points = append(c.points, pt)
				continue
			}
			level = &curve{look: look{color: c.look.color, dashes: dashed}}
			level.line = []point{{x: xs[0], y: pt.y}, {x: xs[len(xs)-1], y: pt.y}}
		}
		if len(c.points) == 0 {
			continue // known for the infinite alphabet only
		}
		slices.SortFunc(c.points, func(a, b point) int { return cmp.Compare(a.x, b.x) })
		c.line = c.points
		p := &panels[s.setting]
		p.curves = append(p.curves, c)
		if level != nil {
			levels = true
			p.curves = append(p.curves, *level)
		}
	}
	f.panels = slices.DeleteFunc(panels, func(p panel) bool { return len(p.curves) == 0 })
	f.remark = trialsRemark(cells)
	if levels {
		f.remark += " Dashed levels: infinite alphabet."
	}
	return f, nil
}
