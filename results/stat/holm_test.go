// holm_test.go checks p-values against verdicts, and their correction.

package stat

import (
	"math"
	"testing"
)

// holmByDefinition adjusts by the closed form of the step-down method. The
// adjusted value of p is the largest of q·(number of p-values that are at least q)
// over the p-values q <= p.
func holmByDefinition(p []float64) []float64 {
	adjusted := make([]float64, len(p))
	for i := range p {
		for _, q := range p {
			if q > p[i] {
				continue
			}
			notSmaller := 0
			for _, r := range p {
				if r >= q {
					notSmaller++
				}
			}
			adjusted[i] = max(adjusted[i], min(1, float64(notSmaller)*q))
		}
	}
	return adjusted
}

func TestHolm(t *testing.T) {
	// Sorted, the p-values are 0.005, 0.01, 0.03 and 0.04. They are multiplied by 4,
	// 3, 2 and 1, and each is raised to the one before if it is smaller.
	want := []float64{0.03, 0.06, 0.06, 0.02}
	for i, got := range Holm([]float64{0.01, 0.04, 0.03, 0.005}) {
		near(t, "adjusted", got, want[i], 1e-16)
	}
	r := seeded(70)
	for range 100 {
		p := draws(1+r.IntN(8), func() float64 { return math.Floor(10*r.Float64()) / 100 }) // with ties
		want := holmByDefinition(p)
		for i, got := range Holm(p) {
			near(t, "adjusted", got, want[i], 0)
		}
	}
	if len(Holm(nil)) != 0 {
		t.Error("no p-values have no adjustment")
	}
	for _, bad := range []float64{-0.1, 1.1, math.NaN()} {
		panics(t, "p-value 1 is", func() { Holm([]float64{0.5, bad}) })
	}
}

// The probability that any of ten true hypotheses, whose tests depend on each
// other, is rejected is at most 0.05; without correction it would be about 0.3.
func TestHolmKeepsTheSignificanceLevel(t *testing.T) {
	const n = 2000
	r := seeded(71)
	wrong, uncorrected := 0, 0
	for range n {
		shared := draws(16, r.NormFloat64)
		p := make([]float64, 10)
		for i := range p {
			x := draws(16, r.NormFloat64)
			for j := range x {
				x[j] += 0.5 * shared[j]
			}
			p[i] = Test(must(Mean(x, 0.95)), 0, 0).Refuted
		}
		if least(Holm(p)) <= 0.05 {
			wrong++
		}
		if least(p) <= 0.05 {
			uncorrected++
		}
	}
	if got := float64(wrong) / n; got > 0.05+band(0.05, n) {
		t.Errorf("a true claim is refuted with probability %v, want at most 0.05 + %.4f", got, band(0.05, n))
	}
	if got := float64(uncorrected) / n; got < 0.2 {
		t.Errorf("without correction %v: this test cannot tell", got)
	}
}

func least(x []float64) float64 {
	m := x[0]
	for _, v := range x {
		m = min(m, v)
	}
	return m
}

func TestTestByHand(t *testing.T) {
	// The two samples -1 and 1 have mean 0, standard error 1 and 1 degree of
	// freedom, for which P(T > t) = 1/2 - atan(t)/π. So P(T > 1) = 1/4.
	e := must(Mean([]float64{-1, 1}, 0.95))
	tail := func(d float64) float64 { return 0.5 - math.Atan(d)/math.Pi }
	inf := math.Inf(1)
	for _, c := range []struct{ lo, hi, supported, refuted float64 }{
		{-1, 1, 0.5, 1},
		{-2, 20, 2 * tail(2), 1},
		{-20, 2, 2 * tail(2), 1},
		{-10, inf, 2 * tail(10), 1},
		{-inf, 10, 2 * tail(10), 1},
		{-inf, inf, 0, 1},
		{10, 11, 1, 2 * tail(10)},
		{10, inf, 1, 2 * tail(10)},
		{-inf, -10, 1, 2 * tail(10)},
	} {
		p := Test(e, c.lo, c.hi)
		near(t, "p of support", p.Supported, c.supported, 1e-14)
		near(t, "p of refutation", p.Refuted, c.refuted, 1e-14)
	}
	if Test(e, math.NaN(), 1) != (PValues{1, 1}) || Test(Estimate{}, 0, 1) != (PValues{1, 1}) {
		t.Error("nothing is evidence of nothing")
	}
	panics(t, "from 1 to 0 is empty", func() { Test(e, 1, 0) })
}

// The p-value of a verdict is at most 1-confidence exactly when Within gives it,
// for every kind of estimate and range.
func TestTestAgreesWithWithin(t *testing.T) {
	r := seeded(72)
	var estimates []Estimate
	for _, confidence := range []float64{0.8, 0.9, 0.95} {
		for range 20 {
			x := draws(2+r.IntN(10), r.NormFloat64)
			y := draws(len(x), r.ExpFloat64)
			z := draws(len(x), r.ExpFloat64)
			ratio := must(PairedRatio(y, z, confidence, r.Uint64()))
			estimates = append(estimates, must(Mean(x, confidence)), must(GeoMean(y, confidence)),
				ratio.OfMeans, ratio.GeoMean, clopperPearson(r.IntN(5), 4, confidence))
		}
		estimates = append(estimates, must(Mean([]float64{1, 1, 1}, confidence)),
			must(PairedRatio([]float64{2, 2, 2}, []float64{1, 1, 1}, confidence, 1)).OfMeans)
	}
	ends := []float64{math.Inf(-1), -1, 0, 0.5, 1, 2, math.Inf(1)}
	verdicts := make(map[Verdict]int)
	for _, e := range estimates {
		ranges := make([][2]float64, 0, 60)
		for i, lo := range ends {
			for _, hi := range ends[i:] {
				ranges = append(ranges, [2]float64{lo, hi})
			}
		}
		// Ranges whose ends are just inside or just outside the interval.
		lo, hi := e.Interval.Lo, e.Interval.Hi
		in := 1e-9 * max(1, math.Abs(lo), math.Abs(hi))
		if lo < hi {
			far := 1e6 * in
			ranges = append(ranges, [2]float64{lo + in, hi + far}, [2]float64{lo - in, hi + far}, [2]float64{lo - far, hi - in},
				[2]float64{lo - far, hi + in}, [2]float64{lo - far, lo - in}, [2]float64{hi + in, hi + far})
		}
		for _, d := range ranges {
			if d[0] > d[1] || math.IsInf(d[0], 1) || math.IsInf(d[1], -1) {
				continue
			}
			v, p, significance := Within(e, d[0], d[1]), Test(e, d[0], d[1]), 1-e.Confidence
			if (v == Supported) != (p.Supported <= significance) || (v == Refuted) != (p.Refuted <= significance) {
				t.Errorf("%v of %v (%s) in %v: %v, but p-values %+v", e.Value, e.Interval, e.Method, d, v, p)
			}
			verdicts[v]++
		}
	}
	if verdicts[Supported] < 500 || verdicts[Refuted] < 500 || verdicts[Inconclusive] < 500 {
		t.Errorf("verdicts %v: this test needs many of each", verdicts)
	}
}
