// slope_test.go checks the per-trial regression.

package stat

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	gonum "gonum.org/v1/gonum/stat"
)

func TestSlopeByHand(t *testing.T) {
	// Trial 0 is y = x. Trial 1 is 0, 0, 4, with the slope (4-0)/2 = 2, the intercept
	// 4/3 - 2·1 and the quadratic coefficient 2, half the second difference.
	line := must(Slope([]Point{{0, []float64{0, 0}}, {1, []float64{1, 0}}, {2, []float64{2, 4}}}, 0.95))
	t1 := math.Tan(0.95 * math.Pi / 2) // quantile of t with 1 degree of freedom
	for _, c := range []struct {
		name string
		e    Estimate
		a, b float64 // values of the two trials
	}{
		{"slope", line.Slope, 1, 2},
		{"intercept", line.Intercept, 0, -2.0 / 3},
		{"curvature", line.Curvature, 0, 2},
	} {
		half := t1 * math.Abs(c.a-c.b) / 2 // the standard error of two samples is |a-b|/2
		near(t, c.name, c.e.Value, (c.a+c.b)/2, 1e-15)
		near(t, c.name+" lo", c.e.Interval.Lo, (c.a+c.b)/2-half, 1e-13)
		near(t, c.name+" hi", c.e.Interval.Hi, (c.a+c.b)/2+half, 1e-13)
	}
	if !warned(line.Slope, "only 2 trials") {
		t.Error("no warning about 2 trials")
	}
}

func TestSlopeAgainstGonum(t *testing.T) {
	r := seeded(10)
	for range 20 {
		x, y := draws(6, r.NormFloat64), draws(6, r.NormFloat64)
		points := make([]Point, len(x))
		parabola := mat.NewDense(len(x), 3, nil)
		for i := range x {
			points[i] = Point{x[i], []float64{y[i]}}
			parabola.SetRow(i, []float64{1, x[i], x[i] * x[i]})
		}
		line := must(Slope(points, 0.95))
		a, b := gonum.LinearRegression(x, y, nil, false)
		var c mat.VecDense
		if err := c.SolveVec(parabola, mat.NewVecDense(len(y), y)); err != nil {
			t.Fatal(err)
		}
		// The tolerance allows for condition numbers of about 10^4, which those of
		// random abscissae stay below.
		near(t, "slope", line.Slope.Value, b, 1e-11)
		near(t, "intercept", line.Intercept.Value, a, 1e-11)
		near(t, "curvature", line.Curvature.Value, c.AtVec(2), 1e-11)
	}
}

// sweep draws trials of y = slope·x + intercept + curve·x² plus noise. The noise of
// a trial is a random walk with an offset and a tilt of the trial's own, so that the
// points depend on each other and spread ever more, as points with shared draws do.
func sweep(r *rand.Rand, x []float64, trials int, slope, intercept, curve float64) []Point {
	points := make([]Point, len(x))
	for i := range x {
		points[i] = Point{x[i], make([]float64, trials)}
	}
	for trial := range trials {
		walk, tilt := r.NormFloat64(), 0.1*r.NormFloat64()
		for i, v := range x {
			walk += 0.1 * float64(1+i) * r.NormFloat64()
			points[i].Y[trial] = intercept + (slope+tilt)*v + curve*v*v + walk
		}
	}
	return points
}

func TestSlopeCoverage(t *testing.T) {
	const n = 4000 // ± 0.0134 at 0.95
	x := []float64{1, 2, 3, 5, 8}
	for _, trials := range []int{3, 16} {
		r := seeded(11)
		slope, intercept, curvature := 0, 0, 0
		for range n {
			line := must(Slope(sweep(r, x, trials, -0.7, 2, 0), 0.95))
			slope += line.Slope.Interval.has(-0.7)
			intercept += line.Intercept.Interval.has(2)
			curvature += line.Curvature.Interval.has(0)
		}
		covers(t, "slope of dependent points", slope, n, 0.95)
		covers(t, "intercept of dependent points", intercept, n, 0.95)
		covers(t, "curvature of dependent points", curvature, n, 0.95)
	}
}

func TestSlopeBiasIsRefuted(t *testing.T) {
	x := []float64{1, 2, 3, 5, 8}
	honest := must(Slope(sweep(seeded(12), x, 16, 1, 0, 0), 0.95)).Slope
	biased := must(Slope(sweep(seeded(12), x, 16, 0.5, 0, 0), 0.95)).Slope
	if v := Within(honest, 0.7, 1.3); v != Supported {
		t.Errorf("the true slope is %v: %+v", v, honest)
	}
	if v := Within(biased, 0.7, 1.3); v != Refuted {
		t.Errorf("half the slope is %v: %+v", v, biased)
	}
}

func TestSlopeShowsCurvature(t *testing.T) {
	// y = x² has slopes 2 and 8 at the ends.
	line := must(Slope([]Point{{1, []float64{1, 1}}, {2, []float64{4, 4}}, {3, []float64{9, 9}}, {4, []float64{16, 16}}}, 0.95))
	near(t, "curvature", line.Curvature.Value, 1, 1e-14)
	if !warned(line.Slope, "slope runs from 2 at the first point to 8") {
		t.Errorf("warnings %q", line.Slope.Warnings)
	}
	// With unequal steps: x² has the slopes 2 and 16 at 1 and 8.
	line = must(Slope([]Point{{1, []float64{1, 1}}, {2, []float64{4, 4}}, {4, []float64{16, 16}}, {8, []float64{64, 64}}}, 0.95))
	if !warned(line.Slope, "slope runs from 2 at the first point to 16") {
		t.Errorf("warnings %q", line.Slope.Warnings)
	}
	curved := must(Slope(sweep(seeded(13), []float64{1, 2, 3, 5, 8}, 16, 1, 0, 0.2), 0.95))
	if !warned(curved.Slope, "not straight") || Within(curved.Curvature, 0.1, 0.3) != Supported {
		t.Errorf("curvature 0.2 not seen: %+v", curved.Curvature)
	}
}

func TestSlopeOfStraightDataWithoutNoise(t *testing.T) {
	// Only rounding bends these lines, of which there must be no warning.
	r := seeded(14)
	for range 200 {
		slope, intercept := 10*r.NormFloat64(), 1000*r.NormFloat64()
		points := make([]Point, 3+r.IntN(6))
		for i := range points {
			x := 50 + 100*r.Float64()
			points[i] = Point{x, []float64{slope*x + intercept, slope*x + 2*intercept, slope*x - intercept}}
		}
		if line := must(Slope(points, 0.95)); warned(line.Slope, "not straight") {
			t.Fatalf("%v; points %v", line.Slope.Warnings, points)
		}
	}
}

func TestSlopeFarFromTheOrigin(t *testing.T) {
	// These abscissae are exact, so the slope must be exact up to its own rounding.
	line := must(Slope([]Point{{1e8, []float64{0}}, {1e8 + 1, []float64{1}}, {1e8 + 3, []float64{3}}}, 0.95))
	near(t, "slope", line.Slope.Value, 1, 1e-15)
	near(t, "curvature", line.Curvature.Value, 0, 1e-15)
}

func TestSlopeIgnoresOrder(t *testing.T) {
	r := seeded(15)
	x := []float64{1, 2, 3, 5, 8}
	points := sweep(r, x, 16, 1, 0, 0)
	want := must(Slope(points, 0.95))
	shuffled := make([]Point, len(points))
	trials := r.Perm(16)
	for i, j := range r.Perm(len(points)) {
		shuffled[i] = Point{points[j].X, make([]float64, 16)}
		for a, b := range trials {
			shuffled[i].Y[a] = points[j].Y[b]
		}
	}
	if got := must(Slope(shuffled, 0.95)); !reflect.DeepEqual(got, want) {
		t.Errorf("the order of trials and points matters: %+v, was %+v", got, want)
	}
}

func TestSlopeFollowsTrials(t *testing.T) {
	// The offsets of trials cancel as long as Y[t] is the same trial at each point.
	// Shuffling the trials of one point keeps the slope and loses the cancellation.
	r := seeded(16)
	points := []Point{{1, nil}, {2, nil}, {4, nil}}
	for range 16 {
		offset := 10 * r.NormFloat64()
		for i := range points {
			points[i].Y = append(points[i].Y, offset+points[i].X+0.1*r.NormFloat64())
		}
	}
	paired := must(Slope(points, 0.95)).Slope
	r.Shuffle(16, func(i, j int) { points[2].Y[i], points[2].Y[j] = points[2].Y[j], points[2].Y[i] })
	torn := must(Slope(points, 0.95)).Slope
	near(t, "slope of torn trials", torn.Value, paired.Value, 1e-13)
	if w, v := paired.Interval.Hi-paired.Interval.Lo, torn.Interval.Hi-torn.Interval.Lo; v < 10*w {
		t.Errorf("width %.3g without and %.3g with trials followed: they are not followed", v, w)
	}
}

func TestSlopeDropsIncompleteTrials(t *testing.T) {
	nan := math.NaN()
	full := []Point{{1, []float64{1, 2, 3}}, {2, []float64{2, 4, 7}}, {3, []float64{3, 7, 9}}}
	holes := []Point{{1, []float64{1, 9, 2, 3, nan}}, {2, []float64{2, nan, 4, 7, 1}}, {3, []float64{3, 9, 7, 9, 1}}}
	want, got := must(Slope(full, 0.95)).Slope, must(Slope(holes, 0.95)).Slope
	if got.Value != want.Value || got.Interval != want.Interval || got.N != 3 {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if !warned(got, "dropped 2 of 5 trials, missing at some point: 1, 4") {
		t.Errorf("warnings %q", got.Warnings)
	}
	none := must(Slope([]Point{{1, []float64{1, nan}}, {2, []float64{nan, 1}}}, 0.95)).Slope
	if !math.IsNaN(none.Value) || none.N != 0 || Within(none, 0, 1) != Inconclusive || !warned(none, "dropped 2 of 2") {
		t.Errorf("no complete trial: %+v", none)
	}
}

func TestSlopeOfFewPointsOrTrials(t *testing.T) {
	line := must(Slope([]Point{{1, []float64{1}}, {2, []float64{3}}}, 0.95))
	if line.Slope.Value != 2 || line.Slope.Interval != everything() {
		t.Errorf("one trial: %+v", line.Slope)
	}
	if !math.IsNaN(line.Curvature.Value) || Within(line.Curvature, -1, 1) != Inconclusive {
		t.Errorf("curvature of two points: %+v", line.Curvature)
	}
	for _, w := range []string{"only 2 points", "single trial"} {
		if !warned(line.Slope, w) {
			t.Errorf("no warning %q in %q", w, line.Slope.Warnings)
		}
	}
	fine := must(Slope(sweep(seeded(17), []float64{1, 2, 3}, 5, 1, 0, 0), 0.9999)).Slope
	if len(fine.Warnings) != 0 {
		t.Errorf("warnings about 3 points of 5 trials: %q", fine.Warnings)
	}
}

func TestSlopeRefuses(t *testing.T) {
	y := []float64{1, 2}
	for _, c := range []struct {
		points []Point
		words  string
	}{
		{nil, "0 points: want at least 2"},
		{[]Point{{1, y}}, "1 points: want at least 2"},
		{[]Point{{1, y}, {2, y}, {1, y}}, "two points at x = 1: want one point per x"},
		{[]Point{{1, y}, {math.NaN(), y}}, "x = NaN: want a finite x"},
		{[]Point{{1, y}, {2, []float64{1, math.Inf(1)}}}, "y = +Inf at x = 2, trial 1: want a finite number, or NaN"},
		{[]Point{{1, y}, {2, []float64{1, 1e308}}, {2.5, []float64{1, -1e308}}}, "trial 1 overflows"},
	} {
		_, err := Slope(c.points, 0.95)
		complains(t, err, c.words)
	}
	_, err := Slope([]Point{{1, y}, {2, y}}, 2)
	complains(t, err, "confidence 2")
	panics(t, "want one per trial at every point", func() { Slope([]Point{{1, y}, {2, y[:1]}}, 0.95) })
}

func TestSlopeSaysHow(t *testing.T) {
	line := must(Slope([]Point{{1, []float64{1}}, {2, []float64{3}}}, 0.95))
	for _, e := range []Estimate{line.Slope, line.Intercept, line.Curvature} {
		if !strings.Contains(e.Method, "per-trial") || e.Confidence != 0.95 || e.N != 1 {
			t.Errorf("unexpected %+v", e)
		}
	}
}

// A warning names a few of thousands of trials, and counts the others.
func TestFewTrialsNamed(t *testing.T) {
	x := []Point{{1, nil}, {2, nil}, {4, nil}}
	for i := range 4000 {
		for j := range x {
			y := float64(i%7) + x[j].X
			if j == 1 && i > 5 {
				y = math.NaN()
			}
			x[j].Y = append(x[j].Y, y)
		}
	}
	line, err := Slope(x, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	if want := "dropped 3994 of 4000 trials, missing at some point: 6, 7, 8, 9, 10, 11, 12, 13 and 3986 more"; !slices.Contains(line.Slope.Warnings, want) {
		t.Errorf("%.300q, want %q", line.Slope.Warnings, want)
	}
}
