// mean_test.go checks means and their t intervals.

package stat

import (
	"math"
	"reflect"
	"testing"
)

func TestMeanByHand(t *testing.T) {
	// The numbers 1 to 5 have mean 3, variance 10/4 and standard error √(2.5/5) = √½.
	// The 97.5% quantile of t with 4 degrees of freedom is 2.776445 in the tables.
	e := must(Mean([]float64{3, 1, 5, 2, 4}, 0.95))
	near(t, "mean", e.Value, 3, 0)
	near(t, "lo", e.Interval.Lo, 3-2.7764451051977934*math.Sqrt(0.5), 1e-13)
	near(t, "hi", e.Interval.Hi, 3+2.7764451051977934*math.Sqrt(0.5), 1e-13)
	if e.N != 5 || e.Confidence != 0.95 || e.Method == "" || len(e.Warnings) != 0 {
		t.Errorf("unexpected %+v", e)
	}
}

func TestTCritical(t *testing.T) {
	// Quantiles from tables have 7 digits. The closed forms, tan(πc/2) for 1 degree
	// of freedom and c·√(2/(1-c²)) for 2, are exact up to rounding.
	for _, c := range []struct{ confidence, df, want, tol float64 }{
		{0.95, 10, 2.2281389, 1e-7},
		{0.95, 15, 2.1314495, 1e-7},
		{0.95, 30, 2.0422725, 1e-7},
		{0.99, 4, 4.6040949, 1e-7},
		{0.90, 7, 1.8945786, 1e-7},
		{0.95, 1, math.Tan(0.95 * math.Pi / 2), 1e-13},
		{0.999, 1, math.Tan(0.999 * math.Pi / 2), 1e-12},
		{0.95, 2, 0.95 * math.Sqrt(2/(1-0.95*0.95)), 1e-13},
		// With many degrees of freedom the quantile of t is the normal one, here
		// q = 5.9978070, times 1 + (q²+1)/(4·df) = 1 + 9.2e-5.
		{1 - 2e-9, 1e5, 5.9978070 * (1 + 9.2e-5), 1e-5},
	} {
		near(t, "t quantile", tCritical(c.confidence, c.df), c.want, c.tol)
	}
}

func TestGeoMeanByHand(t *testing.T) {
	// The logarithms to base 10 are 0, 1 and 2, with mean 1, standard error √(1/3)
	// and 2 degrees of freedom.
	e := must(GeoMean([]float64{1, 10, 100}, 0.95))
	half := 0.95 * math.Sqrt(2/(1-0.95*0.95)) * math.Sqrt(1.0/3)
	near(t, "geometric mean", e.Value, 10, 1e-14)
	near(t, "lo", e.Interval.Lo, math.Pow(10, 1-half), 1e-13)
	near(t, "hi", e.Interval.Hi, math.Pow(10, 1+half), 1e-13)
}

func TestMeanOfFew(t *testing.T) {
	for _, c := range []struct {
		samples []float64
		value   float64
		warning string
	}{
		{nil, math.NaN(), "no trial"},
		{[]float64{7}, 7, "single trial"},
	} {
		m := must(Mean(c.samples, 0.95))
		g := must(GeoMean(c.samples, 0.95))
		if m.Interval != (Interval{math.Inf(-1), math.Inf(1)}) || g.Interval != (Interval{0, math.Inf(1)}) {
			t.Errorf("intervals %v and %v of %d samples, want all numbers and all positive ones", m.Interval, g.Interval, len(c.samples))
		}
		for _, e := range []Estimate{m, g} {
			if math.IsNaN(e.Value) != math.IsNaN(c.value) || math.Abs(e.Value-c.value) > 1e-14 || !warned(e, c.warning) {
				t.Errorf("%d samples: %+v", len(c.samples), e)
			}
			if Within(e, 5, 9) != Inconclusive || Test(e, 5, 9) != (PValues{1, 1}) {
				t.Errorf("%d samples decided a claim", len(c.samples))
			}
		}
	}
}

func TestMeanOfEqualSamples(t *testing.T) {
	// 0.1 is not a binary fraction, so a plain sum of 7 of them would show a spread.
	e := must(Mean([]float64{0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}, 0.95))
	if e.Value != 0.1 || e.Interval != (Interval{0.1, 0.1}) || !warned(e, "agree exactly") {
		t.Errorf("equal samples: %+v", e)
	}
}

func TestMeanAtExtremeScales(t *testing.T) {
	plain := must(Mean([]float64{1, 2, 4}, 0.9))
	for _, exponent := range []int{-1070, -600, 600, 1020} {
		scale := math.Ldexp(1, exponent)
		e := must(Mean([]float64{scale, 2 * scale, 4 * scale}, 0.9))
		// At a scale of 2^-1070, e.Value has only 4 bits after the binary point.
		near(t, "mean", math.Ldexp(e.Value, -exponent), plain.Value, 0x1p-4)
		near(t, "hi", math.Ldexp(e.Interval.Hi, -exponent), plain.Interval.Hi, 0x1p-3)
	}
}

func TestMeanIgnoresOrder(t *testing.T) {
	r := seeded(1)
	x := make([]float64, 16)
	for i := range x {
		x[i] = math.Exp(10 * r.NormFloat64())
	}
	mean, geo := must(Mean(x, 0.95)), must(GeoMean(x, 0.95))
	r.Shuffle(len(x), func(i, j int) { x[i], x[j] = x[j], x[i] })
	if !reflect.DeepEqual(mean, must(Mean(x, 0.95))) || !reflect.DeepEqual(geo, must(GeoMean(x, 0.95))) {
		t.Error("the order of the samples matters")
	}
}

func TestMeanCoverage(t *testing.T) {
	const n = 4000 // ± 0.0185 at 0.90, ± 0.0134 at 0.95, ± 0.0061 at 0.99
	for _, trials := range []int{2, 5, 16} {
		for _, confidence := range []float64{0.90, 0.95, 0.99} {
			r := seeded(2)
			mean, geo := 0, 0
			x, y := make([]float64, trials), make([]float64, trials)
			for range n {
				for i := range x {
					x[i] = 3 + 2*r.NormFloat64()
					y[i] = math.Exp(x[i])
				}
				mean += must(Mean(x, confidence)).Interval.has(3)
				geo += must(GeoMean(y, confidence)).Interval.has(math.Exp(3))
			}
			covers(t, "Mean of normal samples", mean, n, confidence)
			covers(t, "GeoMean of lognormal samples", geo, n, confidence)
		}
	}
}

// For 16 uniform trials the coverage is close to the nominal one, as doc.go says
// of trials that are not normal. For symmetric distributions with short tails the
// first term of the t interval's error is of the order kurtosis/n = 1.2/16, relative
// to the error probability of 0.05.
func TestMeanCoverageNotNormal(t *testing.T) {
	const n = 4000
	hits := 0
	r := seeded(3)
	for range n {
		hits += must(Mean(draws(16, r.Float64), 0.95)).Interval.has(0.5)
	}
	got := float64(hits) / n
	if slack := band(0.95, n) + 0.05*1.2/16; math.Abs(got-0.95) > slack {
		t.Errorf("covers %.4f, want 0.95 ± %.4f", got, slack)
	}
}

func draws(n int, draw func() float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = draw()
	}
	return x
}

func TestMeanRefuses(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		_, err := Mean([]float64{1, bad}, 0.95)
		complains(t, err, "sample 1", "finite")
	}
	for _, bad := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		_, err := GeoMean([]float64{bad, 1}, 0.95)
		complains(t, err, "sample 0", "positive")
	}
	for _, bad := range []float64{0, 1, 95, -1, math.NaN()} {
		_, err := Mean([]float64{1, 2}, bad)
		complains(t, err, "confidence", "such as 0.95")
		_, err = GeoMean([]float64{1, 2}, bad)
		complains(t, err, "confidence", "such as 0.95")
	}
}
