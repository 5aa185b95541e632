// figures.go makes the figures of a run, and holds what several of them share.

package report

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"spfq/results"
)

// maxPanels is the largest number of panels of a figure that can still be read on
// a page.
const maxPanels = 18

// maxPoints is the largest number of points of a figure that can still be told
// apart, and drawn within a second.
const maxPoints = 5000

// maxLabels is the largest number of methods, each with curves and a line of the
// legend, that can still be told apart.
const maxLabels = 60

// figures makes the figures that a run supports. It also returns a line for each
// figure that was not made, and for each that lacks points, with the reason.
func figures(run Run, n naming) (made []figure, skipped []string) {
	return figuresOf(run, n, recordCells(run.Records))
}

// figuresOf does what figures does, given the cells of the run's records.
func figuresOf(run Run, n naming, cells []cell[results.Record]) (made []figure, skipped []string) {
	if len(n.labels) > maxLabels { // what follows looks for the cells of each
		return nil, []string{fmt.Sprintf("figures: %d methods are more than can be told apart; %d is the limit", len(n.labels), maxLabels)}
	}
	skip := func(name string, why any) { skipped = append(skipped, fmt.Sprintf("figure %s: %v", name, why)) }
	add := func(f figure, err error) {
		if err == nil {
			err = checkSize(len(f.panels), 0)
		}
		dropped := f.clean()
		if err == nil && !f.drawable() {
			err = errors.New("no value can be shown on its axes")
		}
		if err != nil {
			skip(f.name, err)
			return
		}
		if dropped > 0 {
			skip(f.name, fmt.Sprintf("left out %d points that are missing, infinite, beyond 1e300 or, on a logarithmic axis, not positive", dropped))
		}
		made = append(made, f)
	}
	axes := varyingAxes(cells)
	if len(axes) == 0 {
		skip("error_vs_width", "neither the width nor another numeric setting varies")
	}
	for _, axis := range axes {
		add(errorFigure(n, cells, axis, calibrationError))
		if heldOutError.measured(cells) {
			add(errorFigure(n, cells, axis, heldOutError))
		}
	}
	add(errorBitsFigure(n, cells))
	groups := byFactor(run.Searches)
	if len(groups) == 0 {
		add(bitsFigure(n, nil))
	}
	for i, g := range groups {
		f, err := bitsFigure(n, searchCells(g))
		f.name += factorSuffix(i, g)
		add(f, err)
	}
	add(boundFigure(n, run.Claims))
	add(layerFigure(n, layerCells(cells)))
	return made, skipped
}

// drawable reports whether the figure has any point.
func (f figure) drawable() bool {
	for _, p := range f.panels {
		for _, c := range p.curves {
			if len(c.points) > 0 {
				return true
			}
		}
	}
	return false
}

// axisLabels are the x axis labels of the numeric identity columns.
var axisLabels = map[string]string{
	"width":     "width N (inputs of a layer)",
	"layers":    "layers L",
	"samples":   "calibration samples m",
	"dimension": "dimension d of the data",
	"noise":     "noise off the subspace (relative standard deviation)",
	"step":      "step δ",
	"C":         "constant C of the step",
	"quantile":  "quantile p of the step",
}

// errorLabel is the y axis label of the relative squared error, in lines.
var errorLabel = []string{"relative squared error", "‖Φ(X) − Φ\u0303(X)‖_{F}^{2} / ‖Φ(X)‖_{F}^{2}"}

// varyingAxes names the columns against which the error is drawn: the width alone,
// if it varies, or else all numeric columns that tell cells apart.
func varyingAxes(cells []cell[results.Record]) []string {
	var axes []string
	for _, c := range distinguishingColumns(identities(cells)) {
		if axisLabels[c.Name] != "" {
			axes = append(axes, c.Name)
		}
	}
	if slices.Contains(axes, "width") {
		return []string{"width"}
	}
	return axes
}

// checkSize returns an error if a figure of so many panels and points could not
// be read. It is called before a figure is made, which may take long.
func checkSize(panels, points int) error {
	switch {
	case panels > maxPanels:
		return fmt.Errorf("%d panels are more than can be read; %d is the limit", panels, maxPanels)
	case points > maxPoints:
		return fmt.Errorf("%d points are more than can be read; %d is the limit", points, maxPoints)
	}
	return nil
}

// panelsOf makes one empty panel for each combination of values of the columns
// shown, in ascending order of these values, and returns for each identity the
// index of its panel.
func panelsOf(ids []*results.Identity, shown []results.Column) (panels []panel, at []int32) {
	classes := results.PartitionBy(ids, shown...)
	at = ranks(classes, ids, func(a, b *results.Identity) int {
		for _, c := range shown {
			if order := compareColumn(c, a, b); order != 0 {
				return order
			}
		}
		return 0
	})
	panels = make([]panel, len(classes.First))
	for _, i := range classes.First {
		panels[at[i]].title = columnTitles(shown, ids[i])
	}
	return panels, at
}

// trialsRemark says of how many trials the points are means, and what the bars
// are.
func trialsRemark[R any](cells []cell[R]) string {
	var counts []int
	for _, c := range cells {
		if n := len(c.trials); n > 0 && !slices.Contains(counts, n) {
			counts = append(counts, n)
		}
	}
	if len(counts) == 0 {
		return ""
	}
	slices.Sort(counts)
	trials := fmt.Sprint(counts[0], " trials")
	if len(counts) > 1 {
		trials = fmt.Sprintf("%d to %d trials", counts[0], counts[len(counts)-1])
	}
	if counts[len(counts)-1] == 1 {
		return "Single trials, hence no intervals."
	}
	return fmt.Sprintf("Points: means over %s; bars: %g%% intervals.", trials, 100*confidence)
}

// distinct returns the different finite values among xs, ascending.
func distinct(xs []float64) []float64 {
	xs = slices.DeleteFunc(slices.Clone(xs), func(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) })
	slices.Sort(xs)
	return slices.Compact(xs)
}
