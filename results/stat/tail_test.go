// tail_test.go checks bands of tail probabilities.

package stat

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

var thresholds = []float64{1, 1.5, 2, 2.5, 3}

func gaussianTail(x float64) float64 { return math.Erfc(x / math.Sqrt2) }

func TestTailBandByHand(t *testing.T) {
	band := must(TailBand([]float64{-3, 2, 0.5, -1, 1}, []float64{1, 0, 4}, 0.94))
	for i, exceeding := range []int{2, 5, 0} { // 1 does not exceed 1
		want := clopperPearson(exceeding, 5, 0.98)
		near(t, "probability", band[i].Prob.Value, float64(exceeding)/5, 0)
		near(t, "lo", band[i].Prob.Interval.Lo, want.Interval.Lo, 1e-14)
		near(t, "hi", band[i].Prob.Interval.Hi, want.Interval.Hi, 1e-14)
		near(t, "confidence", band[i].Prob.Confidence, 0.98, 1e-15)
	}
	if band[0].X != 1 || band[2].X != 4 {
		t.Error("thresholds out of order")
	}
	empty := must(TailBand(nil, []float64{1}, 0.95))[0].Prob
	if !math.IsNaN(empty.Value) || empty.Interval != (Interval{0, 1}) || !warned(empty, "no trial") {
		t.Errorf("no samples: %+v", empty)
	}
}

// inBand tells whether a reference lies in the band at all thresholds.
func inBand(band []Tail, reference func(float64) float64) bool {
	for _, b := range band {
		if b.Prob.Interval.has(reference(b.X)) == 0 {
			return false
		}
	}
	return true
}

func TestTailBandCoverage(t *testing.T) {
	const n = 500 // the coverage is at least 0.9; the band of n simulations is ± 0.0522
	r := seeded(80)
	hits := 0
	for range n {
		if inBand(must(TailBand(draws(400, r.NormFloat64), thresholds, 0.9)), gaussianTail) {
			hits++
		}
	}
	if got := float64(hits) / n; got < 0.9-band(0.9, n) {
		t.Errorf("covers %.4f at all thresholds, want at least 0.9 - %.4f", got, band(0.9, n))
	}
}

func TestTailBandSeesHeavyTails(t *testing.T) {
	// P(|t3| > 3) = 0.058, against 0.0027 for the Gaussian and 0.022 for the
	// sub-Gaussian bound 2·exp(-x²/2). So 231 of 4000 samples are expected beyond 3,
	// where the Gaussian lets expect about 11 and the bound allows about 89.
	r := seeded(81)
	heavy := distuv.StudentsT{Sigma: 1, Nu: 3, Src: r}
	tails := must(TailBand(draws(4000, heavy.Rand), thresholds, 0.95))
	if inBand(tails, gaussianTail) {
		t.Error("t with 3 degrees of freedom passes for Gaussian")
	}
	last := tails[len(tails)-1].Prob
	if v := Within(last, 0, 2*math.Exp(-9.0/2)); v != Refuted {
		t.Errorf("t with 3 degrees of freedom below the sub-Gaussian bound at 3: %v", v)
	}
	light := must(TailBand(draws(4000, r.NormFloat64), thresholds, 0.95))
	for _, b := range light {
		if v := Within(b.Prob, 0, 2*math.Exp(-b.X*b.X/2)); v != Supported {
			t.Errorf("Gaussian below the sub-Gaussian bound at %v: %v", b.X, v)
		}
	}
}

func TestTailBandRefuses(t *testing.T) {
	u := []float64{1, 2}
	for _, c := range []struct {
		samples, thresholds []float64
		confidence          float64
		words               string
	}{
		{[]float64{1, math.NaN()}, thresholds, 0.95, "sample 1 is NaN"},
		{u, nil, 0.95, "no threshold"},
		{u, []float64{-1}, 0.95, "threshold -1"},
		{u, []float64{math.NaN()}, 0.95, "threshold NaN"},
		{u, []float64{math.Inf(1)}, 0.95, "threshold +Inf"},
		{u, []float64{2, 1, 2}, 0.95, "threshold 2 is repeated"},
		{u, thresholds, 1, "confidence 1"},
	} {
		_, err := TailBand(c.samples, c.thresholds, c.confidence)
		complains(t, err, c.words)
	}
}
