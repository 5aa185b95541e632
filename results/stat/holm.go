// holm.go turns verdicts into p-values and corrects them for their number.

package stat

import (
	"fmt"
	"math"
	"slices"
)

// PValues are the p-values behind the verdicts Supported and Refuted on the claim
// that a parameter lies in a range.
type PValues struct {
	Supported float64 // of "the parameter is outside the range"; a small one supports the claim
	Refuted   float64 // of "the parameter is inside the range"; a small one refutes the claim
}

// Test returns the p-values of the claim that what e estimates lies in [lo, hi],
// either end of which may be infinite. They agree with Within: with c the
// confidence of e, a p-value is at most 1-c exactly if Within gives its verdict,
// up to rounding where an end of the interval coincides with an end of the range.
// Supported is twice the larger p-value of the two one-sided tests (Schuirmann
// 1987), Refuted twice the smaller one of the opposite tests. The factor 2 comes
// from the two-sided interval; where only one end of the range is finite, it makes
// the tests stricter than they need be.
//
// To correct the claims of a run for their number, give the Supported p-values of
// all of them to Holm. Do the same with their Refuted p-values, to which the PValue
// of each ViolationRate belongs. The verdict on a claim is then the one whose
// adjusted p-value is at most 1-c. The probability that any false claim is
// supported is at most 1-c, and so is the probability that any true claim is
// refuted.
//
// For an estimate without an interval both p-values are 1. Test panics if lo > hi.
func Test(e Estimate, lo, hi float64) PValues {
	checkRange(lo, hi)
	if e.tests == nil || math.IsNaN(lo) || math.IsNaN(hi) {
		return PValues{1, 1}
	}
	// Outside the range means at least one floating-point number beyond its ends.
	// This matters where an end is that of all possible values: a range that
	// contains [0, 1] contains every probability.
	notBelow := e.tests.above(math.Nextafter(lo, math.Inf(-1)))
	notAbove := e.tests.below(math.Nextafter(hi, math.Inf(1)))
	return PValues{
		Supported: min(1, 2*max(notBelow, notAbove)),
		Refuted:   min(1, 2*min(e.tests.below(lo), e.tests.above(hi))),
	}
}

// Holm returns the p-values adjusted by the step-down method of Holm (1979), in the
// order given. If the hypotheses whose adjusted p-value is at most α are rejected,
// the probability of any false rejection is at most α, however the tests depend on
// each other. It panics if a p-value is not between 0 and 1.
func Holm(p []float64) []float64 {
	order := make([]int, len(p))
	for i, v := range p {
		if !(v >= 0 && v <= 1) {
			panic(fmt.Sprintf("stat: p-value %d is %v: want a number from 0 to 1", i, v))
		}
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		if p[i] < p[j] {
			return -1
		}
		if p[i] > p[j] {
			return 1
		}
		return 0
	})
	adjusted := make([]float64, len(p))
	least := 0.0
	for rank, i := range order {
		least = max(least, min(1, float64(len(p)-rank)*p[i]))
		adjusted[i] = least
	}
	return adjusted
}
