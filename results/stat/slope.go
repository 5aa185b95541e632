// slope.go fits a straight line to each trial of a sweep.

package stat

import (
	"fmt"
	"math"
	"slices"
)

// Point is one abscissa of a sweep with the values measured there, one a trial.
type Point struct {
	X float64
	Y []float64 // Y[t] is the value of trial t, NaN if it is missing; t is the same trial at every point
}

// Line is the straight line y = Intercept + Slope·x through a sweep.
type Line struct {
	Slope     Estimate // in units of y per unit of x; its warnings are those of the whole fit
	Intercept Estimate // y at x = 0, which may be far from all points
	Curvature Estimate // the coefficient of x² in the least-squares parabola; 0 for a straight line
}

// Slope fits a least-squares line to each trial and estimates the mean line,
// with Student t intervals over the trials. The unit is the trial, as in the
// summary measures of Matthews et al. (1990), so the intervals are valid whatever
// the correlation of the points within a trial and however the spread changes with
// x.
//
// Curvature is computed in the same way from least-squares parabolas. If its
// interval does not contain 0, the slope is an average of slopes that differ along
// the points, and a warning says how.
//
// Trials that are missing at some point are dropped, with a warning; the estimates
// are then those of the complete trials. Fewer than 3 points, which have no
// curvature, and fewer than 5 trials give a warning. Errors: fewer than 2 points,
// equal or infinite x, infinite y. Points with unequal numbers of trials panic.
func Slope(points []Point, confidence float64) (Line, error) {
	if err := checkConfidence(confidence); err != nil {
		return Line{}, err
	}
	if err := checkPoints(points, 2); err != nil {
		return Line{}, err
	}
	checkTrials(points)
	points = slices.SortedFunc(slices.Values(points), byX)

	x := make([]float64, len(points))
	for i, p := range points {
		x[i] = p.X
	}
	d := newDesign(x)
	var slopes, intercepts, curvatures []float64
	var dropped []string
	largest := 0.0
	y := make([]float64, len(points))
	for t := range points[0].Y {
		complete := true
		for i, p := range points {
			y[i] = p.Y[t]
			complete = complete && !math.IsNaN(y[i])
		}
		if !complete {
			dropped = append(dropped, fmt.Sprint(t))
			continue
		}
		slope, intercept, curvature := d.fit(y)
		if !finite(slope) || !finite(intercept) || len(x) > 2 && !finite(curvature) {
			return Line{}, fmt.Errorf("stat: the line of trial %d overflows: want x and y on a smaller scale, and x further apart", t)
		}
		slopes = append(slopes, slope)
		intercepts = append(intercepts, intercept)
		curvatures = append(curvatures, curvature)
		for _, v := range y {
			largest = max(largest, math.Abs(v))
		}
	}

	line := Line{
		Slope:     tEstimate(slopes, confidence, "mean of the per-trial least-squares slopes, Student t interval over trials"),
		Intercept: tEstimate(intercepts, confidence, "mean of the per-trial least-squares intercepts, Student t interval over trials"),
		Curvature: tEstimate(curvatures, confidence, "mean of the per-trial least-squares quadratic coefficients, Student t interval over trials"),
	}
	s := &line.Slope
	if len(dropped) > 0 {
		s.warn("dropped %d of %d trials, missing at some point: %s", len(dropped), len(points[0].Y), few(dropped))
	}
	if 1 < s.N && s.N < fewTrials {
		s.warn("only %d trials: the interval rests on their being normal", s.N)
	}
	if len(x) < 3 {
		s.warn("only %d points: whether y is straight in x cannot be seen", len(x))
		line.Curvature = Estimate{Value: math.NaN(), Interval: everything(), Confidence: confidence, N: s.N,
			Method: line.Curvature.Method, Warnings: []string{"curvature takes at least 3 points"}}
		return line, nil
	}
	// Data without noise show a curvature from rounding alone, of which there must
	// be no warning. Each y is taken to be off by 4 units of roundoff of the largest
	// |y| (from a logarithm and a correction) and by 4 of the largest |slope·x|; the
	// sums over n points add n more units. The deviation from a straight line is at
	// most n times that error, as the weights of p2, times the largest |p2|, sum to
	// at most n.
	n := float64(len(x))
	rounding := n * (n + 4) * 0x1p-53 * (largest + math.Abs(s.Value)*max(math.Abs(x[0]), math.Abs(x[len(x)-1])))
	c := line.Curvature
	if (c.Interval.Lo > 0 || c.Interval.Hi < 0) && math.Abs(c.Value)*d.bend > rounding {
		s.warn("not straight: the slope runs from %.3g at the first point to %.3g at the last (curvature %.3g, %g%% interval %.3g to %.3g)",
			s.Value+c.Value*d.local[0], s.Value+c.Value*d.local[len(x)-1],
			c.Value, 100*confidence, c.Interval.Lo, c.Interval.Hi)
	}
	return line, nil
}

// design holds the least-squares weights of the abscissae x. The slope of a line is
// Σ slope[i]·y[i] and the quadratic coefficient of a parabola Σ curve[i]·y[i]. They
// are the projections on p1 = x - mean and on p2 = p1² - γ·p1 - constant, which are
// orthogonal to each other and to constants.
type design struct {
	mean         float64
	slope, curve []float64
	local        []float64 // slope of the parabola p2 at each abscissa
	bend         float64   // largest |p2|
}

func newDesign(x []float64) design {
	// Subtracting the projections twice leaves an error of the size of the result's
	// rounding, instead of that of x and p1², which may be much larger.
	p1 := slices.Clone(x)
	mean := center(p1) + center(p1)
	p2 := make([]float64, len(x))
	for i, v := range p1 {
		p2[i] = v * v
	}
	s1, gamma := dot(p1, p1), 0.0
	for range 2 {
		center(p2)
		g := dot(p1, p2) / s1
		for i, v := range p1 {
			p2[i] -= g * v
		}
		gamma += g
	}
	s2 := dot(p2, p2)
	d := design{mean: mean, slope: p1, curve: p2, local: make([]float64, len(x))}
	for i := range x {
		d.local[i] = 2*p1[i] - gamma
		d.bend = max(d.bend, math.Abs(p2[i]))
		p1[i] /= s1
		p2[i] /= s2
	}
	return d
}

// center subtracts the mean from x and returns it.
func center(x []float64) float64 {
	mean := 0.0
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for i := range x {
		x[i] -= mean
	}
	return mean
}

func dot(x, y []float64) float64 {
	sum := 0.0
	for i, v := range x {
		sum += v * y[i]
	}
	return sum
}

// fit returns the least-squares line through y and the quadratic coefficient of
// the least-squares parabola. It fits y - y[0], so that a constant y has exactly no
// slope and no curvature.
func (d design) fit(y []float64) (slope, intercept, curvature float64) {
	mean := 0.0
	for i, v := range y {
		v -= y[0]
		slope += d.slope[i] * v
		curvature += d.curve[i] * v
		mean += v / float64(len(y))
	}
	return slope, y[0] + mean - slope*d.mean, curvature
}

// checkPoints returns an error for points that no line can be put through: fewer
// than least, equal or infinite x, infinite y.
func checkPoints(points []Point, least int) error {
	if len(points) < least {
		return fmt.Errorf("stat: %d points: want at least %d", len(points), least)
	}
	seen := make(map[float64]bool, len(points))
	for _, p := range points {
		if !finite(p.X) {
			return fmt.Errorf("stat: point at x = %v: want a finite x", p.X)
		}
		if seen[p.X] {
			return fmt.Errorf("stat: two points at x = %v: want one point per x, with all its trials", p.X)
		}
		seen[p.X] = true
		for t, y := range p.Y {
			if math.IsInf(y, 0) {
				return fmt.Errorf("stat: y = %v at x = %v, trial %d: want a finite number, or NaN for a missing trial", y, p.X, t)
			}
		}
	}
	return nil
}

// checkTrials panics unless all points have the same number of trials.
func checkTrials(points []Point) {
	for _, p := range points {
		if len(p.Y) != len(points[0].Y) {
			panic(fmt.Sprintf("stat: %d trials at x = %v but %d at x = %v: want one per trial at every point, NaN where missing",
				len(p.Y), p.X, len(points[0].Y), points[0].X))
		}
	}
}

func byX(a, b Point) int {
	if a.X < b.X {
		return -1
	}
	return 1
}
