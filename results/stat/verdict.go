// verdict.go says when an estimate supports or refutes a demanded range.

package stat

import (
	"fmt"
	"math"
)

// Verdict is what the data say of a claim. The zero value is Inconclusive.
type Verdict uint8

// The verdicts.
const (
	Inconclusive Verdict = iota
	Supported
	Refuted
)

// String returns "supported", "refuted" or "inconclusive".
func (v Verdict) String() string {
	switch v {
	case Supported:
		return "supported"
	case Refuted:
		return "refuted"
	case Inconclusive:
		return "inconclusive"
	}
	return fmt.Sprintf("Verdict(%d)", uint8(v))
}

// MarshalText writes the word of String.
func (v Verdict) MarshalText() ([]byte, error) {
	if v > Refuted {
		return nil, fmt.Errorf("stat: no such verdict: %v", v)
	}
	return []byte(v.String()), nil
}

// Within judges the claim that what e estimates lies in [lo, hi], either end
// of which may be infinite: Supported if the whole interval of e lies inside,
// Refuted if it lies wholly outside on one side, Inconclusive otherwise and if
// any number concerned is NaN. It panics if lo > hi.
//
// Either wrong verdict has probability at most 1-e.Confidence. Supported is the
// outcome of the two one-sided tests of Schuirmann (1987), each at the significance
// level (1-e.Confidence)/2.
func Within(e Estimate, lo, hi float64) Verdict {
	checkRange(lo, hi)
	switch {
	case math.IsNaN(e.Value) || math.IsNaN(lo) || math.IsNaN(hi):
		return Inconclusive
	case e.Interval.Lo >= lo && e.Interval.Hi <= hi:
		return Supported
	case e.Interval.Hi < lo || e.Interval.Lo > hi:
		return Refuted
	}
	return Inconclusive
}

func checkRange(lo, hi float64) {
	if lo > hi {
		panic(fmt.Sprintf("stat: demanded range from %v to %v is empty: want lo <= hi", lo, hi))
	}
}
