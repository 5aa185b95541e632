// growth.go compares three laws by which the number of bits may grow with width.

package stat

import (
	"fmt"
	"math"
	"slices"
)

// Fit is a + b·f(N), fitted to the means of the points by weighted least squares.
type Fit struct {
	A, B   float64 // intercept and slope in units of y; B is 0 for the constant
	RSS    float64 // Σ w·residual², where w is the number of trials of a point
	AICc   float64 // information criterion, smaller is better; NaN with too few points
	Weight float64 // Akaike weight; those of the three models sum to 1; NaN with too few points
}

// Growth holds the three fits of CompareGrowth.
type Growth struct {
	Constant Fit // a
	LogLog   Fit // a + b·log2 ln N
	Log      Fit // a + b·ln N
	Points   int // number of points used
	Warnings []string
}

// CompareGrowth compares how well three laws fit the means of y (bits) at the
// points against N, which is Point.X and must exceed 1: a constant, a + b·log2 ln N
// and a + b·ln N. It ranks them by the information criterion AICc of Hurvich and
// Tsai (1989) and the Akaike weights of Burnham and Anderson (2002).
//
// The residual variance of a point's mean is taken to be one unknown variance
// divided by the number of the point's trials. The variances seen at the points
// are not used: a dozen trials of a whole number of bits often agree exactly, and
// their point would then get all the weight. The unit is the point, and the
// criterion takes points as independent, so shared draws make the ranking look
// surer than it is. The weights rank the three laws and do not show that the best
// of them fits. For the slope with an interval over trials use Slope.
//
// Missing trials are left out. So are points without trials, with a warning. Other
// warnings are given for fewer than 5 points, for which AICc is undefined, and for
// models closer than 2 in AICc, which is hardly evidence (Burnham and Anderson).
// Errors: fewer than 2 points with trials, N that is repeated or not above 1,
// infinite y.
func CompareGrowth(points []Point) (Growth, error) {
	if err := checkPoints(points, 2); err != nil {
		return Growth{}, err
	}
	var g Growth
	var n, y, w []float64
	var empty []string
	for _, p := range slices.SortedFunc(slices.Values(points), byX) {
		if p.X <= 1 {
			return Growth{}, fmt.Errorf("stat: point at N = %v: want N > 1, for log log N is taken", p.X)
		}
		present := slices.DeleteFunc(slices.Clone(p.Y), math.IsNaN)
		if len(present) == 0 {
			empty = append(empty, fmt.Sprint(p.X))
			continue
		}
		mean, _ := meanStdErr(present)
		n, y, w = append(n, p.X), append(y, mean), append(w, float64(len(present)))
	}
	if len(empty) > 0 {
		g.Warnings = append(g.Warnings, fmt.Sprintf("left out N = %s: no trial there", few(empty)))
	}
	g.Points = len(n)
	if g.Points < 2 {
		return Growth{}, fmt.Errorf("stat: %d points with trials: want at least 2", g.Points)
	}

	g.Constant = fitGrowth(n, y, w, nil)
	g.LogLog = fitGrowth(n, y, w, func(n float64) float64 { return math.Log2(math.Log(n)) })
	g.Log = fitGrowth(n, y, w, math.Log)
	g.rank(residualFloor(y, w))
	return g, nil
}

// fitGrowth fits a + b·f(n) to y with weights w, or a constant if f is nil.
func fitGrowth(n, y, w []float64, f func(float64) float64) Fit {
	sum, meanX, meanY := 0.0, 0.0, 0.0
	x := make([]float64, len(n))
	for i := range n {
		if f != nil {
			x[i] = f(n[i])
		}
		sum += w[i]
		meanX += w[i] * x[i]
		meanY += w[i] * y[i]
	}
	meanX /= sum
	meanY /= sum
	sxx, sxy := 0.0, 0.0
	for i := range x {
		sxx += w[i] * (x[i] - meanX) * (x[i] - meanX)
		sxy += w[i] * (x[i] - meanX) * (y[i] - meanY)
	}
	fit := Fit{A: meanY}
	if f != nil {
		fit.B = sxy / sxx
		fit.A = meanY - fit.B*meanX
	}
	for i := range x {
		r := y[i] - meanY - fit.B*(x[i]-meanX)
		fit.RSS += w[i] * r * r
	}
	return fit
}

// residualFloor is the RSS below which there is only rounding error. Each y is
// rounded about 4 times on its way to a residual (mean, centring, slope and
// difference), and the fit spreads the errors of all points. The floor is positive,
// so that the logarithm of a perfect fit's RSS is finite.
func residualFloor(y, w []float64) float64 {
	largest, sum := 0.0, 0.0
	for i := range y {
		largest = max(largest, math.Abs(y[i]))
		sum += w[i]
	}
	r := 4 * float64(len(y)) * 0x1p-53 * largest
	return max(sum*r*r, math.SmallestNonzeroFloat64)
}

// rank fills in AICc = n·log(RSS/n) + 2k + 2k(k+1)/(n-k-1), where k counts the
// coefficients and the variance, and the weights: exp(-Δ/2), normalized to sum to
// 1, where Δ is the difference from the least AICc.
func (g *Growth) rank(floor float64) {
	models := []struct {
		name string
		fit  *Fit
		k    float64
	}{
		{"constant", &g.Constant, 2},
		{"a + b·log2 ln N", &g.LogLog, 3},
		{"a + b·ln N", &g.Log, 3},
	}
	n := float64(g.Points)
	if n < 5 {
		for _, m := range models {
			m.fit.AICc, m.fit.Weight = math.NaN(), math.NaN()
		}
		g.Warnings = append(g.Warnings, fmt.Sprintf("only %d points: AICc takes at least 5, so the models are not ranked", g.Points))
		return
	}
	best := 0
	for i, m := range models {
		m.fit.AICc = n*math.Log(max(m.fit.RSS, floor)/n) + 2*m.k + 2*m.k*(m.k+1)/(n-m.k-1)
		if m.fit.AICc < models[best].fit.AICc {
			best = i
		}
	}
	sum := 0.0
	for i, m := range models {
		delta := m.fit.AICc - models[best].fit.AICc
		m.fit.Weight = math.Exp(-delta / 2)
		sum += m.fit.Weight
		if i != best && delta < 2 {
			g.Warnings = append(g.Warnings, fmt.Sprintf("%s and %s are not told apart: their AICc differ by %.2g, less than 2", models[best].name, m.name, delta))
		}
	}
	for _, m := range models {
		m.fit.Weight /= sum
	}
}
