// ratio_test.go checks ratios of paired trials and their bootstrap.

package stat

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// pairTrials draws lognormal a and b with a common factor such that E a / E b is
// ratio. common and own are the standard deviations of the logarithms of the
// common factor and of what each has for itself.
func pairTrials(r *rand.Rand, n int, ratio, common, own float64) (a, b []float64) {
	for range n {
		c := math.Exp(common * r.NormFloat64())
		a = append(a, ratio*c*math.Exp(own*r.NormFloat64()))
		b = append(b, c*math.Exp(own*r.NormFloat64()))
	}
	return a, b
}

func TestPairedRatioByHand(t *testing.T) {
	r := must(PairedRatio([]float64{2, 8, 3, 9, 8}, []float64{1, 2, 3, 3, 1}, 0.95, 1))
	near(t, "ratio of means", r.OfMeans.Value, 3, 1e-15)                        // 30/10
	near(t, "geometric mean", r.GeoMean.Value, math.Pow(2*4*1*3*8, 0.2), 1e-14) // the ratios are 2, 4, 1, 3, 8
	// The residuals a/6 - b/2 are -1/6, 1/3, -1, 0 and 5/6; their squares sum to 66/36.
	near(t, "standard error", r.OfMeans.tests.(logScale).tests.(bootstrap).se, math.Sqrt(66.0/36/4/5), 1e-15)
	if r.OfMeans.N != 5 || r.OfMeans.Warnings != nil {
		t.Errorf("unexpected %+v", r.OfMeans)
	}
}

// The bootstrap-t interval is approximate. In 4000 simulations of each of the first
// three cases it covered 0.940 to 0.948, whose distance from 0.95 is well inside
// the band of the 1000 simulations here. (The percentile interval covers 0.82 to
// 0.92 in these cases, the t interval of the logarithm down to 0.933.) The last case
// is the one of which the comment of PairedRatio says that the intervals are too
// short.
func TestPairedRatioCoverage(t *testing.T) {
	const n = 1000 // ± 0.0268 at 0.95, ± 0.0352 at 0.91
	for _, c := range []struct {
		trials               int
		common, own, ofMeans float64
	}{
		{5, 0.3, 0.3, 0.95},
		{16, 0.5, 0.2, 0.95},
		{16, 0.2, 0.5, 0.95},
		{16, 1, 1, 0.91},
	} {
		r := seeded(40)
		ofMeans, geoMean := 0, 0
		for i := range n {
			a, b := pairTrials(r, c.trials, 1.5, c.common, c.own)
			ratio := must(PairedRatio(a, b, 0.95, uint64(i)))
			ofMeans += ratio.OfMeans.Interval.has(1.5)
			geoMean += ratio.GeoMean.Interval.has(1.5)
		}
		covers(t, "ratio of means", ofMeans, n, c.ofMeans)
		covers(t, "geometric mean of ratios", geoMean, n, 0.95)
	}
}

func TestBootstrapByHand(t *testing.T) {
	// The value is 1 standard error above 0. Tested at itself, it ties with the two
	// pivots that are 0. The data count as one more resample.
	b := bootstrap{value: 1, se: 1, pivots: []float64{-1, 0, 0, 2}}
	near(t, "above 0", b.above(0), (1+1)/5.0, 0)
	near(t, "below 0", b.below(0), (1+3)/5.0, 0)
	near(t, "above 1", b.above(1), (1+3)/5.0, 0)
	near(t, "below 1", b.below(1), (1+3)/5.0, 0)
	near(t, "below 9", b.below(9), (1+0)/5.0, 0)
}

func TestPairedRatioIsAFunction(t *testing.T) {
	r := seeded(41)
	a, b := pairTrials(r, 16, 1.5, 0.5, 0.2)
	want := must(PairedRatio(a, b, 0.95, 7))
	if !reflect.DeepEqual(must(PairedRatio(a, b, 0.95, 7)), want) {
		t.Error("the same call gives another answer")
	}
	if other := must(PairedRatio(a, b, 0.95, 8)); other.OfMeans.Interval == want.OfMeans.Interval || other.OfMeans.Value != want.OfMeans.Value {
		t.Error("the seed must change the resamples and nothing else")
	}
	r.Shuffle(16, func(i, j int) { a[i], a[j], b[i], b[j] = a[j], a[i], b[j], b[i] })
	if !reflect.DeepEqual(must(PairedRatio(a, b, 0.95, 7)), want) {
		t.Error("the order of the pairs matters")
	}
}

func TestPairedRatioUnits(t *testing.T) {
	a, b := pairTrials(seeded(42), 16, 1.5, 0.5, 0.2)
	want := must(PairedRatio(a, b, 0.95, 7))
	for i := range a {
		a[i] *= 1000
		b[i] *= 8
	}
	got := must(PairedRatio(a, b, 0.95, 7))
	for _, c := range [][2]Estimate{{got.OfMeans, want.OfMeans}, {got.GeoMean, want.GeoMean}} {
		near(t, "ratio", c[0].Value, 125*c[1].Value, 1e-13)
		near(t, "lo", c[0].Interval.Lo, 125*c[1].Interval.Lo, 1e-12)
		near(t, "hi", c[0].Interval.Hi, 125*c[1].Interval.Hi, 1e-12)
	}
}

func TestPairedRatioPairs(t *testing.T) {
	r := seeded(43)
	a, b := pairTrials(r, 16, 1.2, 1, 0.02)
	paired := must(PairedRatio(a, b, 0.95, 1))
	if Within(paired.OfMeans, 1.1, 1.3) != Supported || Within(paired.OfMeans, 0.9, 1.1) != Refuted {
		t.Errorf("a ratio of 1.2 was not recognized: %+v", paired.OfMeans.Interval)
	}
	r.Shuffle(16, func(i, j int) { b[i], b[j] = b[j], b[i] })
	torn := must(PairedRatio(a, b, 0.95, 1))
	near(t, "ratio of torn pairs", torn.OfMeans.Value, paired.OfMeans.Value, 1e-14)
	if Within(torn.OfMeans, 1.1, 1.3) != Inconclusive || Within(torn.GeoMean, 1.1, 1.3) != Inconclusive {
		t.Errorf("torn pairs still tell: %+v", torn.OfMeans.Interval)
	}
}

func TestPairedRatioOfFew(t *testing.T) {
	for _, c := range []struct {
		a, b    []float64
		words   string
		bounded bool
	}{
		{nil, nil, "no trial", false},
		{[]float64{3}, []float64{2}, "single trial", false},
		{[]float64{3, 4}, []float64{2, 3}, "unbounded", false},                // half of the resamples draw one trial only
		{[]float64{3, 4, 7}, []float64{2, 3, 4}, "unbounded", false},          // 1 in 9 draws one trial only
		{[]float64{3, 4, 7, 5}, []float64{2, 3, 4, 4}, "only 4 trials", true}, // 1 in 64 draws one trial only, less than 2.5%
		{[]float64{2, 4, 8}, []float64{2, 4, 8}, "agree exactly", true},
	} {
		r := must(PairedRatio(c.a, c.b, 0.95, 1))
		for _, e := range []Estimate{r.OfMeans, r.GeoMean} {
			bounded := e.Interval.Lo > 0 && !math.IsInf(e.Interval.Hi, 1)
			if bounded != c.bounded || !warned(e, c.words) {
				t.Errorf("%d trials: %v, warnings %q", len(c.a), e.Interval, e.Warnings)
			}
		}
	}
	a, b := pairTrials(seeded(44), 16, 1.5, 0.5, 0.2)
	if e := must(PairedRatio(a, b, 0.9999, 1)).OfMeans; e.Interval != (Interval{0, math.Inf(1)}) || !warned(e, "cannot show a confidence of 0.9999") {
		t.Errorf("beyond the resamples: %+v", e.Interval)
	}
}

func TestPairedRatioRefuses(t *testing.T) {
	for _, bad := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		_, err := PairedRatio([]float64{1, bad}, []float64{1, 1}, 0.95, 1)
		complains(t, err, "sample 1", "positive", "numerator")
		_, err = PairedRatio([]float64{1, 1}, []float64{bad, 1}, 0.95, 1)
		complains(t, err, "sample 0", "positive", "denominator")
	}
	_, err := PairedRatio([]float64{1e308, 1e308}, []float64{1, 1}, 0.95, 1)
	complains(t, err, "overflows: want them on a smaller scale")
	_, err = PairedRatio(nil, nil, 0, 1)
	complains(t, err, "confidence 0")
	panics(t, "2 numerators but 1 denominators", func() { PairedRatio([]float64{1, 2}, []float64{1}, 0.95, 1) })
}
