// binomial.go estimates a probability from a count, exactly.

package stat

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// binomial is the pair of exact one-sided tests of a probability after k
// successes in n independent trials.
type binomial struct{ k, n int }

func (b binomial) above(p float64) float64 {
	if p < 0 {
		return 0 // every probability is above a negative number
	}
	return atLeast(b.k, b.n, min(p, 1))
}

func (b binomial) below(p float64) float64 {
	if p > 1 {
		return 0 // every probability is below a number greater than 1
	}
	return atLeast(b.n-b.k, b.n, 1-max(p, 0)) // at most k successes are at least n-k failures
}

// atLeast is P(K >= k) for K binomial with n trials of probability p, by the
// regularized incomplete beta function.
func atLeast(k, n int, p float64) float64 {
	switch {
	case k <= 0:
		return 1
	case k > n:
		return 0
	}
	return mathext.RegIncBeta(float64(k), float64(n-k+1), p)
}

// clopperPearson estimates a probability with the interval of Clopper and
// Pearson (1934). It contains all p that neither exact one-sided test rejects at
// the significance level (1-confidence)/2, so its coverage is at least the
// confidence whatever p is.
func clopperPearson(k, n int, confidence float64) Estimate {
	e := Estimate{Value: math.NaN(), Interval: Interval{0, 1}, Confidence: confidence, N: n,
		Method: "fraction of trials, exact binomial interval (Clopper-Pearson)"}
	if n == 0 {
		e.warn("no trial: nothing can be estimated")
		return e
	}
	b := binomial{k, n}
	e.Value = float64(k) / float64(n)
	e.tests = b
	half := (1 - confidence) / 2
	if k > 0 {
		e.Interval.Lo, _ = edge(0, 1, func(p float64) bool { return b.above(p) <= half })
	}
	if k < n {
		_, e.Interval.Hi = edge(0, 1, func(p float64) bool { return b.below(p) > half })
	}
	return e
}
