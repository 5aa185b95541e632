// welch.go compares two independent samples.

package stat

import (
	"fmt"
	"math"
)

// Difference estimates E a − E b from independent samples, one a trial, with the t
// interval of Welch (1947), whose coverage is close to the confidence for normal
// samples. The two sides may differ in spread and in the number of samples. With
// fewer than two samples on either side the interval is infinite, with a warning. A
// sample that is not finite is an error.
func Difference(a, b []float64, confidence float64) (Estimate, error) {
	if err := checkConfidence(confidence); err != nil {
		return Estimate{}, err
	}
	for _, s := range [][]float64{a, b} {
		if err := checkFinite(s); err != nil {
			return Estimate{}, err
		}
	}
	return welch(a, b, confidence, "difference of means of independent trials, Welch t interval"), nil
}

// UnpairedRatio estimates the ratio of the geometric means of two independent
// samples of positive numbers: it is the exponential of the Difference of their
// logarithms. A number that is not positive and finite is an error.
func UnpairedRatio(a, b []float64, confidence float64) (Estimate, error) {
	if err := checkConfidence(confidence); err != nil {
		return Estimate{}, err
	}
	if err := checkPositive(a); err != nil {
		return Estimate{}, fmt.Errorf("%w (numerator)", err)
	}
	if err := checkPositive(b); err != nil {
		return Estimate{}, fmt.Errorf("%w (denominator)", err)
	}
	return welch(logs(a), logs(b), confidence, "ratio of geometric means of independent trials, Welch t interval of its logarithm").exp(), nil
}

func logs(samples []float64) []float64 {
	out := make([]float64, len(samples))
	for i, y := range samples {
		out[i] = math.Log(y)
	}
	return out
}

// welch is the difference of the means of finite samples with its t interval.
func welch(a, b []float64, confidence float64, method string) Estimate {
	e := Estimate{Value: math.NaN(), Interval: everything(), Confidence: confidence, N: len(a) + len(b), Method: method}
	if len(a) == 0 || len(b) == 0 {
		e.warn("no trial on one side: nothing can be estimated")
		return e
	}
	meanA, seA := meanStdErr(a)
	meanB, seB := meanStdErr(b)
	e.Value = meanA - meanB
	if len(a) == 1 || len(b) == 1 {
		e.warn("a single trial has no spread: an interval takes at least 2 on either side")
		return e
	}
	se, df := math.Hypot(seA, seB), float64(len(a)+len(b)-2)
	if se > 0 { // the degrees of freedom of Satterthwaite (1946)
		shareA, shareB := (seA/se)*(seA/se), (seB/se)*(seB/se)
		df = 1 / (shareA*shareA/float64(len(a)-1) + shareB*shareB/float64(len(b)-1))
	} else {
		e.warn("the trials of either side agree exactly: the interval has no width, which overstates what is known")
	}
	half := tCritical(confidence, df) * se
	e.Interval = Interval{e.Value - half, e.Value + half}
	e.tests = student{e.Value, se, df}
	return e
}
