// exceedance_test.go checks exact binomial intervals and verdicts on
// probabilities. Coverage is summed over the binomial law, not simulated.

package stat

import (
	"math"
	"testing"
)

// tailSum is P(from <= K <= to), by the literal sum.
func tailSum(from, to, n int, p float64) float64 {
	sum := 0.0
	for k := from; k <= to; k++ {
		sum += pmf(k, n, p)
	}
	return sum
}

func TestClopperPearsonByDefinition(t *testing.T) {
	// The limits are where the literal tail sums equal half of 1-confidence.
	// Sums of a few dozen terms near 0.025 are good to 1e-13; so are the tails.
	for _, n := range []int{1, 2, 7, 16, 64} {
		for k := 0; k <= n; k++ {
			for _, confidence := range []float64{0.9, 0.95, 0.999} {
				half := (1 - confidence) / 2
				i := clopperPearson(k, n, confidence).Interval
				if k == 0 {
					near(t, "lo", i.Lo, 0, 0)
					near(t, "hi", i.Hi, 1-math.Pow(half, 1/float64(n)), 1e-13)
				} else {
					near(t, "upper tail at lo", tailSum(k, n, n, i.Lo), half, 1e-13)
				}
				if k == n {
					near(t, "hi", i.Hi, 1, 0)
					near(t, "lo", i.Lo, math.Pow(half, 1/float64(n)), 1e-13)
				} else {
					near(t, "lower tail at hi", tailSum(0, k, n, i.Hi), half, 1e-13)
				}
			}
		}
	}
}

func TestClopperPearsonPublished(t *testing.T) {
	// 682 of 925, the example in the documentation of binom.test of R (Conover's
	// plants): 0.7076683 to 0.7654066.
	i := clopperPearson(682, 925, 0.95).Interval
	near(t, "lo", i.Lo, 0.7076683, 1e-7)
	near(t, "hi", i.Hi, 0.7654066, 1e-7)
}

func TestClopperPearsonCoverage(t *testing.T) {
	for _, n := range []int{1, 5, 16, 40} {
		for _, confidence := range []float64{0.9, 0.95} {
			intervals := make([]Interval, n+1)
			for k := range intervals {
				intervals[k] = clopperPearson(k, n, confidence).Interval
			}
			for p := 0.0; p <= 1; p += 1.0 / 512 {
				coverage := 0.0
				for k, i := range intervals {
					coverage += float64(i.has(p)) * pmf(k, n, p)
				}
				if coverage < confidence-1e-12 { // rounding of the sum
					t.Errorf("n = %d, p = %v: covers %v, want at least %v", n, p, coverage, confidence)
				}
			}
		}
	}
}

func TestExceedanceNeverRefutesTooOften(t *testing.T) {
	for _, n := range []int{1, 3, 16, 64} {
		for _, eta := range []float64{0, 0.01, 0.05, 0.3, 1} {
			for _, confidence := range []float64{0.9, 0.95, 0.99} {
				significance := 1 - confidence
				allowed := must(Exceedance(0, n, eta, confidence)).Allowed
				// A true statement is refuted by more than Allowed violations. In
				// the worst case, eta itself, that happens rarely enough; with
				// one violation fewer it would happen too often.
				if p := tailSum(allowed+1, n, n, eta); p > significance+1e-12 {
					t.Errorf("n %d eta %v: refuted with probability %v although true", n, eta, p)
				}
				if p := tailSum(allowed, n, n, eta); p <= significance-1e-12 {
					t.Errorf("n %d eta %v: %d violations are allowed but significant (%v)", n, eta, allowed, p)
				}
				for k := 0; k <= n; k++ {
					v := must(Exceedance(k, n, eta, confidence))
					near(t, "p-value", v.PValue, tailSum(k, n, n, eta), 1e-12)
					if (v.Verdict == Refuted) != (k > allowed) || (v.Verdict == Supported) != (k <= allowed) || v.Allowed != allowed {
						t.Errorf("n %d eta %v: %d violations, %d allowed: %v", n, eta, k, allowed, v.Verdict)
					}
				}
			}
		}
	}
}

func TestExceedanceAlarm(t *testing.T) {
	const n, eta = 400, 0.05
	// At 3·eta, violations number 60 ± 7.1; refutation needs 28 or more, 4.5
	// deviations below. At eta/2 they number 10 ± 3.1, 5.8 deviations above.
	count := func(seed uint64, p float64) (k int) {
		r := seeded(seed)
		for range n {
			if r.Float64() < p {
				k++
			}
		}
		return k
	}
	if v := must(Exceedance(count(30, 3*eta), n, eta, 0.95)); v.Verdict != Refuted || v.PValue > 1e-3 {
		t.Errorf("violated at 3·eta: %+v", v)
	}
	if v := must(Exceedance(count(31, eta/2), n, eta, 0.95)); v.Verdict != Supported {
		t.Errorf("violated at eta/2: %+v", v)
	}
}

func TestExceedanceWarns(t *testing.T) {
	// One trial at eta 0.1: even a violation has probability 0.1 > 0.05.
	v := must(Exceedance(1, 1, 0.1, 0.95))
	if v.Verdict != Supported || v.Allowed != 1 || !warned(v.Rate, "1 trials cannot refute") {
		t.Errorf("one trial: %+v", v)
	}
	// No violation in 16: the upper limit 1-0.025^(1/16) = 0.206 is above 0.05,
	// and 0.95^72 = 0.0249 is the first power below 0.025.
	v = must(Exceedance(0, 16, 0.05, 0.95))
	if v.Verdict != Supported || warned(v.Rate, "cannot refute") || !warned(v.Rate, "upper limit 0.206 exceeds 0.05") || !warned(v.Rate, "at least 72 trials") {
		t.Errorf("16 trials: %+v", v)
	}
	if v = must(Exceedance(0, 72, 0.05, 0.95)); v.Rate.Warnings != nil {
		t.Errorf("72 trials are enough: %q", v.Rate.Warnings)
	}
	if v = must(Exceedance(0, 71, 0.05, 0.95)); v.Rate.Warnings == nil {
		t.Error("71 trials are not enough")
	}
	v = must(Exceedance(0, 0, 0.05, 0.95))
	if v.Verdict != Inconclusive || v.PValue != 1 || !math.IsNaN(v.Rate.Value) || v.Rate.Interval != (Interval{0, 1}) || !warned(v.Rate, "no trial") {
		t.Errorf("no trial: %+v", v)
	}
	if v = must(Exceedance(1, 10, 0, 0.95)); v.Verdict != Refuted {
		t.Errorf("a violation of the impossible: %+v", v)
	}
}

func TestExceedanceMany(t *testing.T) {
	// A million trials: the normal approximation is good to a few 1e-6.
	v := must(Exceedance(50_000, 1_000_000, 0.05, 0.95))
	half := 1.959964 * math.Sqrt(0.05*0.95/1e6)
	near(t, "lo", v.Rate.Interval.Lo, 0.05-half, 5e-6)
	near(t, "hi", v.Rate.Interval.Hi, 0.05+half, 5e-6)
	near(t, "allowed", float64(v.Allowed), 50_000+1.644854*math.Sqrt(1e6*0.05*0.95), 1e-4)
}

func TestExceedanceRefuses(t *testing.T) {
	for _, c := range []struct {
		violations, trials int
		eta, confidence    float64
		words              string
	}{
		{3, 2, 0.05, 0.95, "3 violations in 2 trials"},
		{-1, 2, 0.05, 0.95, "-1 violations"},
		{0, -1, 0.05, 0.95, "0 violations in -1 trials"},
		{0, 2, 5, 0.95, "eta 5: want a probability"},
		{0, 2, math.NaN(), 0.95, "eta NaN"},
		{0, 2, 0.05, 95, "confidence 95"},
	} {
		_, err := Exceedance(c.violations, c.trials, c.eta, c.confidence)
		complains(t, err, c.words)
	}
}
