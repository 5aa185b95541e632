// estimate.go defines what the functions of this package return: a value with an
// interval, and what a reader should know about them.

package stat

import (
	"fmt"
	"math"
	"strings"
)

// Interval is the closed range from Lo to Hi; either end may be infinite.
type Interval struct{ Lo, Hi float64 }

// Estimate is a value computed from trials, with a two-sided confidence
// interval. The unit of Value and Interval is that of what is estimated.
type Estimate struct {
	Value      float64  // point estimate; NaN without trials
	Interval   Interval // central: either end is wrong with probability (1-Confidence)/2, or at most that if exact binomial
	Confidence float64  // nominal probability that Interval contains the true value
	N          int      // number of trials used
	Method     string   // how Value and Interval were computed, in a phrase
	Warnings   []string // what a reader should know before trusting the estimate

	tests tests // the tests that Interval inverts; nil if there are too few trials for any
}

// tests are the p-values of the two one-sided tests of a parameter.
type tests interface {
	above(theta float64) float64 // p-value of "the parameter is at most theta"; small if the data show that it is above
	below(theta float64) float64 // p-value of "the parameter is at least theta"; small if the data show that it is below
}

// fewTrials is the number of trials below which an interval gets a warning: with 4
// or fewer the quantiles of t are large and nothing shows whether the trials are
// normal.
const fewTrials = 5

func (e *Estimate) warn(format string, args ...any) {
	e.Warnings = append(e.Warnings, fmt.Sprintf(format, args...))
}

// exp turns an estimate of a logarithm into one of the quantity itself. The
// exponential is monotone, so the coverage stays the same.
func (e Estimate) exp() Estimate {
	e.Value = math.Exp(e.Value)
	e.Interval = Interval{math.Exp(e.Interval.Lo), math.Exp(e.Interval.Hi)}
	if e.tests != nil {
		e.tests = logScale{e.tests}
	}
	return e
}

// logScale tests a positive quantity by the tests of its logarithm.
type logScale struct{ tests }

func (l logScale) above(theta float64) float64 {
	if theta < 0 {
		return 0 // every positive quantity is above a negative number
	}
	return l.tests.above(math.Log(theta))
}

func (l logScale) below(theta float64) float64 { return l.tests.below(math.Log(max(theta, 0))) }

// everything is the interval of all real numbers.
func everything() Interval { return Interval{math.Inf(-1), math.Inf(1)} }

func checkConfidence(confidence float64) error {
	if !(confidence > 0 && confidence < 1) {
		return fmt.Errorf("stat: confidence %v: want a number above 0 and below 1, such as 0.95", confidence)
	}
	return nil
}

// checkFinite reports the first number of a sample that is not finite.
func checkFinite(samples []float64) error {
	for i, x := range samples {
		if !finite(x) {
			return fmt.Errorf("stat: sample %d is %v: want finite numbers, missing trials left out", i, x)
		}
	}
	return nil
}

// checkPositive reports the first number of a sample without a finite logarithm.
func checkPositive(samples []float64) error {
	for i, x := range samples {
		if !positive(x) {
			return fmt.Errorf("stat: sample %d is %v: want positive finite numbers, for their logarithm is taken", i, x)
		}
	}
	return nil
}

func finite(x float64) bool   { return !math.IsNaN(x) && !math.IsInf(x, 0) }
func positive(x float64) bool { return x > 0 && !math.IsInf(x, 1) }

// edge bisects between lo, where a condition holds, and hi, where it fails. It
// returns two neighbouring floating-point numbers: last, at which the condition
// holds, and first, at which it fails.
func edge(lo, hi float64, holds func(float64) bool) (last, first float64) {
	for {
		mid := lo + (hi-lo)/2
		if mid <= lo || mid >= hi {
			return lo, hi
		}
		if holds(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
}

// maxListed is the number of names that a warning lists; it counts the others.
const maxListed = 8

// few lists the first names of a list, and how many the others are.
func few(names []string) string {
	if n := len(names) - maxListed; n > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:maxListed], ", "), n)
	}
	return strings.Join(names, ", ")
}
