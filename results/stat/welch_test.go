// welch_test.go checks comparisons of independent samples.

package stat

import (
	"math"
	"testing"
)

func TestWelchByHand(t *testing.T) {
	// The means are 2 and 5 and the squared standard errors 1/3 and 4/3. So se² = 5/3
	// and df = (5/3)²/((1/9)/2 + (16/9)/2) = (25/9)/(17/18) = 50/17.
	e := must(Difference([]float64{1, 2, 3}, []float64{3, 5, 7}, 0.95))
	near(t, "difference", e.Value, -3, 1e-15)
	s := e.tests.(student)
	near(t, "standard error", s.se, math.Sqrt(5.0/3), 1e-15)
	near(t, "degrees of freedom", s.df, 50.0/17, 1e-14)
	if e.N != 6 || e.Warnings != nil {
		t.Errorf("unexpected %+v", e)
	}
	r := must(UnpairedRatio([]float64{1, 4}, []float64{1, 1, 1}, 0.95))
	near(t, "ratio", r.Value, 2, 1e-15)
	// The second sample has no spread, so this is Student's test of the first with
	// 1 degree of freedom.
	alone := must(GeoMean([]float64{1, 4}, 0.95))
	near(t, "lo", r.Interval.Lo, alone.Interval.Lo, 1e-12)
	near(t, "hi", r.Interval.Hi, alone.Interval.Hi, 1e-12)
}

// Where sizes and spreads differ, the coverage stays near the nominal one. It was
// within 0.01 of it in 10⁵ simulations of these cases, so the test allows 0.01
// beyond the band.
func TestWelchCoverage(t *testing.T) {
	const n = 3000
	for _, c := range []struct {
		na, nb int
		sa, sb float64
	}{{6, 6, 1, 1}, {16, 16, 1, 3}, {5, 20, 2, 1}, {20, 5, 2, 1}} {
		r := seeded(60)
		hits := 0
		for range n {
			a, b := make([]float64, c.na), make([]float64, c.nb)
			for i := range a {
				a[i] = math.Exp(c.sa * r.NormFloat64())
			}
			for i := range b {
				b[i] = 3 * math.Exp(c.sb*r.NormFloat64())
			}
			hits += must(UnpairedRatio(a, b, 0.95)).Interval.has(1.0 / 3)
		}
		got := float64(hits) / n
		t.Logf("%+v: covers %.4f", c, got)
		if math.Abs(got-0.95) > 0.01+band(0.95, n) {
			t.Errorf("%+v: covers %.4f, want 0.95 within %.4f", c, got, 0.01+band(0.95, n))
		}
	}
}

func TestWelchOfFew(t *testing.T) {
	for _, c := range []struct {
		a, b  []float64
		words string
	}{{nil, []float64{1, 2}, "no trial"}, {[]float64{1}, []float64{1, 2}, "single trial"}} {
		e := must(Difference(c.a, c.b, 0.95))
		if !math.IsInf(e.Interval.Hi, 1) || !warned(e, c.words) || Test(e, 0, 0).Refuted != 1 {
			t.Errorf("%v, %v: %+v", c.a, c.b, e)
		}
	}
	same := must(Difference([]float64{2, 2}, []float64{1, 1, 1}, 0.95))
	if same.Interval != (Interval{1, 1}) || !warned(same, "agree exactly") || Test(same, 0, 0).Refuted != 0 {
		t.Errorf("without spread: %+v", same)
	}
}

func TestWelchRefuses(t *testing.T) {
	_, err := Difference([]float64{1, math.NaN()}, nil, 0.95)
	complains(t, err, "sample 1", "finite")
	_, err = Difference(nil, nil, 1)
	complains(t, err, "confidence 1")
	_, err = UnpairedRatio([]float64{0}, nil, 0.95)
	complains(t, err, "sample 0", "positive", "numerator")
	_, err = UnpairedRatio(nil, []float64{-1}, 0.95)
	complains(t, err, "sample 0", "positive", "denominator")
	_, err = UnpairedRatio(nil, nil, 0)
	complains(t, err, "confidence 0")
}
