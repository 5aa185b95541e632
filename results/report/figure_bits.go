// figure_bits.go draws the bits that a weight needs over the width.

package report

import (
	"errors"
	"math"
	"slices"

	"spfq/results"
)

// bitsFigure shows what the searches found over the width: the bits needed, and
// those without saturation; a panel for each variant and each other setting. A
// reference from the first point of every curve shows the growth that theory
// allows, ½ log2 ln N up to a constant.
func bitsFigure(n naming, cells []cell[results.Search]) (figure, error) {
	f := figure{name: "bits_vs_width"}
	ids := identities(cells)
	f.x = axis{label: []string{axisLabels["width"]}, log: true, ticks: widths(ids)}
	f.y = axis{label: []string{"bits a weight, log_{2}(2K + 1)"}}
	if len(cells) == 0 {
		return f, errors.New("the run has no bit searches")
	}
	if len(f.x.ticks) < 2 {
		return f, errors.New("the width does not vary over the bit searches")
	}

	measures := []struct {
		label string
		look  look
		of    func(*results.Search) float64
	}{
		{"no saturation in any layer", look{blue, marker{shape: square}, nil}, func(s *results.Search) float64 { return float64(s.FreeBits) }},
		{"no saturation in the first layer", look{green, marker{shape: triangle}, nil}, func(s *results.Search) float64 { return float64(s.FirstBits) }},
		{"needed", look{vermillion, marker{shape: disc}, nil}, func(s *results.Search) float64 { return float64(s.NeededBits) }},
	}
	shown := distinguishingColumns(ids, "width")
	if err := checkSize(len(by(slices.Concat(choiceColumns, shown), ids).first), len(measures)*len(cells)); err != nil {
		return f, err
	}
	for _, label := range n.labels {
		var mine []cell[results.Search]
		for _, c := range cells {
			if n.label(c.id) == label {
				mine = append(mine, c)
			}
		}
		panels, at := panelsOf(identities(mine), shown)
		for p := range panels {
			panels[p].title = titled(label, panels[p].title)
			for _, m := range measures {
				c := curve{label: m.label, look: m.look}
				for i, cl := range mine {
					if at[i] == int32(p) {
						c.points = append(c.points, estimatePoint(float64(cl.id.Width), cl.estimate(m.of)))
					}
				}
				c.line = c.points
				panels[p].curves = append(panels[p].curves, c)
			}
			for _, c := range slices.Clone(panels[p].curves) {
				panels[p].curves = append(panels[p].curves, logLogReference(c.points))
			}
		}
		f.panels = append(f.panels, panels...)
	}
	f.remark = "Needed: error within " + factors(searchesOf(cells)) + " of the infinite alphabet's. " + trialsRemark(cells)
	return f, nil
}

// logLogReference is ½ log2 ln N from the first point on.
func logLogReference(points []point) curve {
	c := curve{label: "½ log_{2} ln N + const", look: look{color: grey, dashes: dashed}}
	i := slices.IndexFunc(points, func(pt point) bool { return !math.IsNaN(pt.y) })
	if i < 0 {
		return c
	}
	first, last := points[i], points[len(points)-1]
	const steps = 32 // it bends, hardly
	for k := range steps + 1 {
		x := first.x * math.Pow(last.x/first.x, float64(k)/steps)
		c.line = append(c.line, point{x: x, y: first.y + halfLogLog(x) - halfLogLog(first.x)})
	}
	return c
}

func searchesOf(cells []cell[results.Search]) []results.Search {
	var all []results.Search
	for _, c := range cells {
		for _, s := range c.trials {
			all = append(all, *s)
		}
	}
	return all
}

// widths lists the widths of identities.
func widths(ids []*results.Identity) []float64 {
	var xs []float64
	for _, id := range ids {
		xs = append(xs, float64(id.Width))
	}
	return distinct(xs)
}

// titled joins a name and the title of a setting, either of which may be empty.
func titled(name, setting string) string {
	if name == "" || setting == "" {
		return name + setting
	}
	return name + ": " + setting
}
