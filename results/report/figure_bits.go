// figure_bits.go draws the bits needed per weight against the width.

package report

import (
	"errors"
	"math"
	"slices"

	"spfq/results"
)

// bitsFigure shows what the searches found against the width, in bits per weight:
// the bits needed, and the bits with which no weight saturates in the first layer
// and in any layer. There is one panel for each method label and each combination
// of values of the other columns that tell cells apart. A reference from the first
// point of every curve shows the growth that theory allows, ½ log2 ln N up to a
// constant.
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
	if err := checkSize(len(results.PartitionBy(ids, slices.Concat(choiceColumns, shown)...).First), len(measures)*len(cells)); err != nil {
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

// logLogReference is the curve ½ log2 ln N + const through the first point that is
// not NaN, up to the x of the last point. It has no line if all points are NaN.
func logLogReference(points []point) curve {
	c := curve{label: "½ log_{2} ln N + const", look: look{color: grey, dashes: dashed}}
	i := slices.IndexFunc(points, func(pt point) bool { return !math.IsNaN(pt.y) })
	if i < 0 {
		return c
	}
	first, last := points[i], points[len(points)-1]
	const steps = 32 // parts of the line, which bends only slightly
	for k := range steps + 1 {
		x := first.x * math.Pow(last.x/first.x, float64(k)/steps)
		c.line = append(c.line, point{x: x, y: first.y + halfLogLog(x) - halfLogLog(first.x)})
	}
	return c
}

// searchesOf lists the searches of some cells, without those that failed.
func searchesOf(cells []cell[results.Search]) []results.Search {
	var all []results.Search
	for _, c := range cells {
		for _, s := range c.trials {
			all = append(all, *s)
		}
	}
	return all
}

// widths lists the different widths of identities, ascending.
func widths(ids []*results.Identity) []float64 {
	var xs []float64
	for _, id := range ids {
		xs = append(xs, float64(id.Width))
	}
	return distinct(xs)
}

// titled joins the name of a curve or theorem and the title of a panel, either of
// which may be empty.
func titled(name, title string) string {
	if name == "" || title == "" {
		return name + title
	}
	return name + ": " + title
}
