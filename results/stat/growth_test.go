// growth_test.go checks the comparison of growth laws.

package stat

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// bitTrials draws trials of f(N) with a spread of sd.
func bitTrials(r *rand.Rand, ns []float64, trials int, sd float64, f func(float64) float64) []Point {
	points := make([]Point, len(ns))
	for i, n := range ns {
		points[i] = Point{n, draws(trials, func() float64 { return f(n) + sd*r.NormFloat64() })}
	}
	return points
}

func logLog(n float64) float64 { return 3 + 0.5*math.Log2(math.Log(n)) }

func TestCompareGrowthFits(t *testing.T) {
	for _, c := range []struct {
		name string
		f    func(float64) float64
		fit  func(Growth) Fit
		a, b float64
	}{
		{"constant", func(float64) float64 { return 4.2 }, func(g Growth) Fit { return g.Constant }, 4.2, 0},
		{"log log", logLog, func(g Growth) Fit { return g.LogLog }, 3, 0.5},
		{"log", func(n float64) float64 { return 1 + 0.25*math.Log(n) }, func(g Growth) Fit { return g.Log }, 1, 0.25},
	} {
		// Without noise the true law fits up to rounding errors and gets all the
		// weight. This holds for the constant, too: the other two laws contain it,
		// but have more coefficients.
		g := must(CompareGrowth(bitTrials(seeded(60), widths, 3, 0, c.f)))
		fit := c.fit(g)
		near(t, c.name+" a", fit.A, c.a, 1e-13)
		near(t, c.name+" b", fit.B, c.b, 1e-13)
		near(t, c.name+" RSS", fit.RSS, 0, 1e-27)
		if fit.Weight < 0.95 || g.Warnings != nil {
			t.Errorf("%s: weight %v, warnings %q", c.name, fit.Weight, g.Warnings)
		}
		near(t, "weights", g.Constant.Weight+g.LogLog.Weight+g.Log.Weight, 1, 1e-15)

		g = must(CompareGrowth(bitTrials(seeded(61), widths, 16, 0.01, c.f)))
		if fit := c.fit(g); fit.Weight < 0.9 {
			t.Errorf("%s with noise: weight %v", c.name, fit.Weight)
		}
	}
}

func TestCompareGrowthByHand(t *testing.T) {
	// With ln N = 1..5 the last law is linear in 1..5. The means are 1, 2, 3, 4 and
	// 6, of which the first is from two trials and has the weight 2. So the constant
	// has the mean (2·1+2+3+4+6)/6 = 17/6 and RSS = 2+4+9+16+36 - 17²/6.
	points := []Point{{math.E, []float64{0, 2, math.NaN()}}}
	for i, y := range []float64{2, 3, 4, 6} {
		points = append(points, Point{math.Exp(float64(i + 2)), []float64{y}})
	}
	g := must(CompareGrowth(points))
	// The weighted sums of 1, x, x², y, y² and xy are 6, 16, 56, 17, 67 and 61.
	sxx, sxy, syy := 56-16.0*16/6, 61-16.0*17/6, 67-17.0*17/6
	near(t, "constant a", g.Constant.A, 17.0/6, 1e-15)
	near(t, "constant RSS", g.Constant.RSS, syy, 1e-14)
	near(t, "log b", g.Log.B, sxy/sxx, 1e-14)
	near(t, "log a", g.Log.A, (17-sxy/sxx*16)/6, 1e-14)
	near(t, "log RSS", g.Log.RSS, syy-sxy*sxy/sxx, 1e-13)
	// With n = 5 the penalties are 2·2 + 12/2 = 10 and 2·3 + 24/1 = 30.
	near(t, "constant AICc", g.Constant.AICc, 5*math.Log(syy/5)+10, 1e-13)
	near(t, "log AICc", g.Log.AICc, 5*math.Log((syy-sxy*sxy/sxx)/5)+30, 1e-12)
	near(t, "ratio of weights", g.Log.Weight/g.Constant.Weight, math.Exp((g.Constant.AICc-g.Log.AICc)/2), 1e-12)
	if g.Points != 5 {
		t.Errorf("%d points", g.Points)
	}
}

func TestCompareGrowthNotToldApart(t *testing.T) {
	// Over a factor 32 of N, log2 ln N is nearly a linear function of ln N.
	g := must(CompareGrowth(bitTrials(seeded(62), widths, 16, 1, func(n float64) float64 { return math.Log(n) })))
	if g.LogLog.Weight < 0.1 || !strings.Contains(strings.Join(g.Warnings, "\n"), "not told apart") {
		t.Errorf("weights %v and %v, warnings %q", g.LogLog.Weight, g.Log.Weight, g.Warnings)
	}
}

func TestCompareGrowthIgnoresOrder(t *testing.T) {
	r := seeded(63)
	points := bitTrials(r, widths, 16, 0.3, logLog)
	want := must(CompareGrowth(points))
	r.Shuffle(len(points), func(i, j int) { points[i], points[j] = points[j], points[i] })
	for _, p := range points {
		r.Shuffle(16, func(i, j int) { p.Y[i], p.Y[j] = p.Y[j], p.Y[i] })
	}
	if got := must(CompareGrowth(points)); !reflect.DeepEqual(got, want) {
		t.Error("the order of points and trials matters")
	}
}

func TestCompareGrowthOfFewPoints(t *testing.T) {
	nan := math.NaN()
	points := bitTrials(seeded(64), widths[:4], 3, 0, logLog)
	points = append(points, Point{4096, []float64{nan, nan}}, Point{8192, nil})
	g := must(CompareGrowth(points))
	near(t, "b", g.LogLog.B, 0.5, 1e-13)
	if !math.IsNaN(g.LogLog.AICc) || !math.IsNaN(g.Constant.Weight) || g.Points != 4 {
		t.Errorf("4 points were ranked: %+v", g)
	}
	for _, w := range []string{"left out N = 4096, 8192: no trial there", "only 4 points"} {
		if !strings.Contains(strings.Join(g.Warnings, "\n"), w) {
			t.Errorf("no warning %q in %q", w, g.Warnings)
		}
	}
}

func TestCompareGrowthRefuses(t *testing.T) {
	y := []float64{1, 2}
	for _, c := range []struct {
		points []Point
		words  string
	}{
		{nil, "0 points: want at least 2"},
		{[]Point{{64, y}, {128, nil}}, "1 points with trials: want at least 2"},
		{[]Point{{64, y}, {64, y}}, "two points at x = 64"},
		{[]Point{{64, y}, {1, y}}, "N = 1: want N > 1"},
		{[]Point{{64, y}, {128, []float64{math.Inf(1)}}}, "y = +Inf at x = 128, trial 0"},
	} {
		_, err := CompareGrowth(c.points)
		complains(t, err, c.words)
	}
}
