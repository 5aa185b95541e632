// verdict_test.go checks when a range is supported, refuted, or neither.

package stat

import (
	"fmt"
	"math"
	"testing"
)

func TestWithin(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		value    float64
		interval Interval
		lo, hi   float64
		want     Verdict
	}{
		{1, Interval{0.9, 1.1}, 0.8, 1.2, Supported},
		{1, Interval{0.9, 1.1}, 0.9, 1.1, Supported}, // ends belong to the range
		{1, Interval{0.9, 1.1}, 0.95, 1.2, Inconclusive},
		{1, Interval{0.9, 1.1}, 0.8, 1.05, Inconclusive},
		{1, Interval{0.9, 1.1}, 0.99, 1.01, Inconclusive},
		{1, Interval{0.9, 1.1}, 1.2, 1.3, Refuted},
		{1, Interval{0.9, 1.1}, 0.7, 0.8, Refuted},
		{1, Interval{0.9, 1.1}, 1.1, 1.3, Inconclusive}, // they touch
		{1, Interval{0.9, 1.1}, 0.5, inf, Supported},
		{1, Interval{0.9, 1.1}, -inf, 0.5, Refuted},
		{1, Interval{0.9, 1.1}, -inf, 1, Inconclusive},
		{1, Interval{-inf, inf}, 0, 2, Inconclusive},
		{1, Interval{-inf, inf}, -inf, inf, Supported},
		{nan, Interval{-inf, inf}, -inf, inf, Inconclusive},
		{nan, Interval{5, 6}, 0, 1, Inconclusive},
		{1, Interval{nan, nan}, 0, 2, Inconclusive},
		{1, Interval{0.9, 1.1}, nan, 0.5, Inconclusive},
		{1, Interval{0.9, 1.1}, 1.5, nan, Inconclusive},
	} {
		if got := Within(Estimate{Value: c.value, Interval: c.interval}, c.lo, c.hi); got != c.want {
			t.Errorf("%v in [%v, %v]: %v, want %v", c.interval, c.lo, c.hi, got, c.want)
		}
	}
	panics(t, "from 2 to 1 is empty: want lo <= hi", func() { Within(Estimate{}, 2, 1) })
}

// A true claim is hardest to judge if the parameter is at an end of the range. It is
// then refuted with probability at most (1-confidence)/2, since only one end of the
// interval can be wrong. A false claim whose range just misses the parameter is
// supported with at most the same probability.
func TestWithinErrs(t *testing.T) {
	const n = 4000
	r := seeded(50)
	supported, refuted := 0, 0
	for range n {
		e := must(Mean(draws(16, r.NormFloat64), 0.9)) // true mean 0
		if Within(e, 1e-12, 5) == Supported {
			supported++
		}
		if Within(e, 0, 5) == Refuted {
			refuted++
		}
	}
	covers(t, "no false support", n-supported, n, 0.95)
	covers(t, "no false refutation", n-refuted, n, 0.95)
}

func TestVerdictText(t *testing.T) {
	var zero Verdict
	for v, want := range map[Verdict]string{zero: "inconclusive", Supported: "supported", Refuted: "refuted"} {
		text, err := v.MarshalText()
		if fmt.Sprint(v) != want || string(text) != want || err != nil {
			t.Errorf("%v, %q, %v: want %q", v, text, err, want)
		}
	}
	_, err := Verdict(9).MarshalText()
	complains(t, err, "no such verdict", "9")
}
