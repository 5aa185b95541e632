// holm.go turns verdicts into p-values and corrects them for their number.

package stat

import (
	"fmt"
	"math"
	"slices"
)

// PValues are the p-values behind the two decided verdicts on a demanded range.
type PValues struct {
	Supported float64 // of "outside the range": small supports the claim
	Refuted   float64 // of "inside the range": small refutes it
}

// Test returns the p-values of the claim that what e estimates lies in [lo, hi],
// either end of which may be infinite. They say what Within says: with c the
// confidence of e, a p-value is at most 1-c exactly when Within gives its
// verdict (up to rounding, should ends of the two ranges coincide). Supported is twice the larger p-value of the two one-sided tests
// (Schuirmann 1987), Refuted twice the smaller one of the opposite tests. The
// factor 2 comes from the two-sided interval; where only one end of the range
// is finite, it is caution.
//
// To correct the claims of a run, give the Supported p-values of all of them to
// Holm, and likewise the Refuted ones (with the PValue of any ViolationRate);
// the verdict is then the one whose adjusted p-value is at most 1-c. That any
// false claim is supported has probability at most 1-c, and so has that any
// true claim is refuted.
//
// An estimate without an interval gives 1 and 1. It panics if lo > hi.
func Test(e Estimate, lo, hi float64) PValues {
	checkRange(lo, hi)
	if e.tests == nil || math.IsNaN(lo) || math.IsNaN(hi) {
		return PValues{1, 1}
	}
	// What is outside begins just beyond the ends, which matters at the ends of
	// what is possible: no probability is outside [0, 1].
	notBelow := e.tests.above(math.Nextafter(lo, math.Inf(-1)))
	notAbove := e.tests.below(math.Nextafter(hi, math.Inf(1)))
	return PValues{
		Supported: min(1, 2*max(notBelow, notAbove)),
		Refuted:   min(1, 2*min(e.tests.below(lo), e.tests.above(hi))),
	}
}

// Holm returns p-values adjusted by the step-down method of Holm (1979), in the
// order given: rejecting where the adjusted value is at most α keeps the
// probability of any false rejection at most α, however the tests depend on
// each other. It panics if one is not between 0 and 1.
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
