// figure_layers.go draws how the error builds up from layer to layer.

package report

import (
	"errors"
	"slices"

	"spfq/results"
)

// layerFigure shows the two parts of each layer's error, alignment and rounding,
// in two panels side by side. It shows one combination of values of the columns
// that tell cells apart, the last in their order: of the cells with the most bits,
// those of the largest width, and so on. Values that are almost 0, such as the
// residual of an exact alignment, are left out.
func layerFigure(n naming, cells []cell[results.Layer]) (figure, error) {
	f := figure{name: "layer_error"}
	f.x = axis{label: []string{"layer"}, whole: true}
	f.y = axis{label: []string{"relative error of the layer"}, log: true}
	depth := 0
	for _, c := range cells {
		depth = max(depth, c.layer)
	}
	if depth < 2 {
		return f, errors.New("no record tells of two layers")
	}

	shown := distinguishingColumns(identities(cells))
	panels, panelAt := panelsOf(identities(cells), shown)
	last := len(panels) - 1
	var mine []cell[results.Layer]
	for i, c := range cells {
		if panelAt[i] == int32(last) {
			mine = append(mine, c)
		}
	}
	parts := []struct {
		title string
		of    func(*results.Layer) float64
	}{
		{"alignment ‖XW − X\u0303W\u0303‖_{F} / ‖XW‖_{F}", func(l *results.Layer) float64 { return float64(l.AlignResidual) }},
		{"rounding ‖X\u0303W\u0303 − X\u0303Q‖_{F} / ‖XW‖_{F}", func(l *results.Layer) float64 { return float64(l.QuantError) }},
	}
	looks := n.looks()
	for _, part := range parts {
		p := panel{title: part.title}
		for _, label := range n.labels {
			c := curve{label: label, look: looks[label]}
			for _, cl := range mine {
				if n.label(cl.id) == label {
					c.points = append(c.points, estimatePoint(float64(cl.layer), cl.estimate(part.of)))
				}
			}
			if len(c.points) > 0 {
				c.line = c.points
				p.curves = append(p.curves, c)
			}
		}
		f.panels = append(f.panels, p)
	}
	if cutSmall(f.panels, 1e-4) {
		f.remark = " Not shown: less than 10^{−4} of the largest."
	}
	at := panels[last].title
	f.remark = trialsRemark(mine) + f.remark
	if at != "" {
		f.remark = "Shown: " + at + ". " + f.remark
	}
	return f, nil
}

// cutSmall drops the points whose y is less than share times the largest y of all
// panels, and reports whether there were any.
func cutSmall(panels []panel, share float64) (cut bool) {
	largest := 0.0
	for _, p := range panels {
		for _, c := range p.curves {
			for _, pt := range c.points {
				largest = max(largest, pt.y)
			}
		}
	}
	for _, p := range panels {
		for i := range p.curves {
			c := &p.curves[i]
			kept := slices.DeleteFunc(slices.Clone(c.points), func(pt point) bool { return pt.y < share*largest })
			cut = cut || len(kept) < len(c.points)
			c.points, c.line = kept, kept
		}
	}
	return cut
}
