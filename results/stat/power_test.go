// power_test.go checks exponents of power laws.

package stat

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

var widths = []float64{64, 128, 256, 512, 1024, 2048}

// powerTrials draws y = c·N^a·(log N)^b times lognormal noise, a part of which is
// common to all points of a trial.
func powerTrials(r *rand.Rand, trials int, a, c, b float64) []Point {
	points := make([]Point, len(widths))
	for i, n := range widths {
		points[i] = Point{n, make([]float64, trials)}
	}
	for trial := range trials {
		shared, tilt := 0.3*r.NormFloat64(), 0.05*r.NormFloat64()
		for i, n := range widths {
			noise := shared + tilt*math.Log(n) + 0.1*r.NormFloat64()
			points[i].Y[trial] = c * math.Pow(n, a) * math.Pow(math.Log(n), b) * math.Exp(noise)
		}
	}
	return points
}

func TestPowerLawExact(t *testing.T) {
	for _, b := range []float64{0, 0.5, -1} {
		points := make([]Point, len(widths))
		for i, n := range widths {
			y := math.Pow(n, -0.5) * math.Pow(math.Log(n), b)
			points[i] = Point{n, []float64{2 * y, 8 * y, 4 * y, 2 * y, 8 * y}}
		}
		p := must(PowerLaw(points, 0.95, b))
		// The tolerance is for a dozen roundings of logarithms of size at most 8,
		// over a range of log N of 3.5.
		near(t, "exponent", p.Exponent.Value, -0.5, 1e-14)
		near(t, "prefactor", p.Prefactor.Value, math.Pow(2, (1+3+2+1+3)/5.0), 1e-13)
		near(t, "curvature", p.Curvature.Value, 0, 1e-14)
		if warned(p.Exponent, "not straight") || warned(p.Exponent, "only") {
			t.Errorf("warnings %q", p.Exponent.Warnings)
		}
	}
}

func TestPowerLawCoverage(t *testing.T) {
	const n = 4000 // ± 0.0134 at 0.95
	for _, b := range []float64{0, 0.5} {
		r := seeded(20)
		exponent, prefactor, curvature := 0, 0, 0
		for range n {
			p := must(PowerLaw(powerTrials(r, 16, -0.5, 3, b), 0.95, b))
			exponent += p.Exponent.Interval.has(-0.5)
			prefactor += p.Prefactor.Interval.has(3)
			curvature += p.Curvature.Interval.has(0)
		}
		covers(t, "exponent", exponent, n, 0.95)
		covers(t, "prefactor", prefactor, n, 0.95)
		covers(t, "curvature", curvature, n, 0.95)
	}
}

func TestPowerLawVerdicts(t *testing.T) {
	right := must(PowerLaw(powerTrials(seeded(21), 16, -0.5, 3, 0), 0.95, 0)).Exponent
	wrong := must(PowerLaw(powerTrials(seeded(21), 16, -0.3, 3, 0), 0.95, 0)).Exponent
	if v := Within(right, -0.6, -0.4); v != Supported {
		t.Errorf("true exponent: %v, %+v", v, right)
	}
	if v := Within(wrong, -0.6, -0.4); v != Refuted {
		t.Errorf("exponent off by 0.2: %v, %+v", v, wrong)
	}
	if v := Within(wrong, math.Inf(-1), -0.25); v != Supported {
		t.Errorf("one-sided claim: %v, %+v", v, wrong)
	}
}

func TestPowerLawUncorrectedLogarithm(t *testing.T) {
	// √log N adds ½/log N to the local exponent: about 0.12 at N = 64 and 0.066 at
	// N = 2048.
	points := make([]Point, len(widths))
	r := seeded(22)
	for i, n := range widths {
		points[i] = Point{n, draws(16, func() float64 {
			return math.Sqrt(math.Log(n)/n) * math.Exp(0.001*r.NormFloat64())
		})}
	}
	plain, corrected := must(PowerLaw(points, 0.999, 0)), must(PowerLaw(points, 0.999, 0.5))
	if !warned(plain.Exponent, "not straight") || Within(plain.Exponent, -0.51, -0.49) != Refuted {
		t.Errorf("the logarithm was not noticed: %+v", plain.Exponent)
	}
	if warned(corrected.Exponent, "not straight") || Within(corrected.Exponent, -0.51, -0.49) != Supported {
		t.Errorf("the logarithm was not corrected for: %+v", corrected.Exponent)
	}
}

func TestPowerLawUnits(t *testing.T) {
	points := powerTrials(seeded(23), 16, -0.5, 3, 0)
	want := must(PowerLaw(points, 0.95, 0))
	scaled := make([]Point, len(points))
	for i, p := range points {
		scaled[i] = Point{10 * p.X, make([]float64, len(p.Y))}
		for j, y := range p.Y {
			scaled[i].Y[j] = 1e-9 * y
		}
	}
	got := must(PowerLaw(scaled, 0.95, 0))
	near(t, "exponent", got.Exponent.Value, want.Exponent.Value, 1e-13)
	near(t, "exponent lo", got.Exponent.Interval.Lo, want.Exponent.Interval.Lo, 1e-13)
	near(t, "exponent hi", got.Exponent.Interval.Hi, want.Exponent.Interval.Hi, 1e-13)
	near(t, "curvature", got.Curvature.Value, want.Curvature.Value, 1e-13)
	ratio := 1e-9 * math.Pow(10, -want.Exponent.Value) // c·x^a = c'·(10x)^a
	near(t, "prefactor ratio", got.Prefactor.Value/want.Prefactor.Value/ratio, 1, 1e-12)
}

func TestPowerLawIgnoresOrder(t *testing.T) {
	r := seeded(24)
	points := powerTrials(r, 16, -0.5, 3, 0)
	want := must(PowerLaw(points, 0.95, 0))
	trials := r.Perm(16)
	shuffled := make([]Point, len(points))
	for i, j := range r.Perm(len(points)) {
		shuffled[i] = Point{points[j].X, make([]float64, 16)}
		for a, b := range trials {
			shuffled[i].Y[a] = points[j].Y[b]
		}
	}
	if got := must(PowerLaw(shuffled, 0.95, 0)); !reflect.DeepEqual(got, want) {
		t.Error("the order of trials and points matters")
	}
}

func TestPowerLawWarns(t *testing.T) {
	e := must(PowerLaw([]Point{{64, []float64{1, 2}}, {128, []float64{1, 3}}}, 0.95, 0)).Exponent
	for _, w := range []string{"only 2 points", "only 2 trials", "factor 2: an exponent takes a factor 4"} {
		if !warned(e, w) {
			t.Errorf("no warning %q in %q", w, e.Warnings)
		}
	}
	one := must(PowerLaw([]Point{{64, []float64{1}}, {256, []float64{4}}}, 0.95, 0))
	near(t, "exponent of one trial", one.Exponent.Value, 1, 1e-15)
	if one.Exponent.Interval != everything() || one.Prefactor.Interval != (Interval{0, math.Inf(1)}) || !warned(one.Exponent, "single trial") {
		t.Errorf("one trial: %+v", one)
	}
	if warned(one.Exponent, "factor") {
		t.Error("a factor 4 is enough")
	}
}

func TestPowerLawRefuses(t *testing.T) {
	y := []float64{1, 2}
	for _, c := range []struct {
		points   []Point
		logPower float64
		words    string
	}{
		{[]Point{{64, y}}, 0, "1 points: want at least 2"},
		{[]Point{{64, y}, {64, y}}, 0, "two points at x = 64"},
		{[]Point{{64, y}, {0, y}}, 0, "x = 0: want x > 0"},
		{[]Point{{64, y}, {1, y}}, 0.5, "x = 1 with a power of log x: want x > 1"},
		{[]Point{{64, y}, {128, []float64{1, 0}}}, 0, "y = 0 at x = 128, trial 1: want y > 0"},
		{[]Point{{64, y}, {128, []float64{-3, 1}}}, 0, "y = -3 at x = 128, trial 0: want y > 0"},
		{[]Point{{64, y}, {128, []float64{1, math.Inf(1)}}}, 0, "y = +Inf at x = 128, trial 1"},
		{[]Point{{64, y}, {128, y}}, math.NaN(), "power NaN of the logarithm"},
	} {
		_, err := PowerLaw(c.points, 0.95, c.logPower)
		complains(t, err, c.words)
	}
	_, err := PowerLaw([]Point{{64, y}, {128, y}}, 1, 0)
	complains(t, err, "confidence 1")
	panics(t, "1 trials at x = 128 but 2 at x = 64", func() { PowerLaw([]Point{{64, y}, {128, y[:1]}}, 0.95, 0) })
}
