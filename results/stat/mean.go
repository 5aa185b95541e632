// mean.go estimates a mean over trials with Student's t.

package stat

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Mean estimates the expectation that independent samples share, one sample a
// trial, with the t interval of Student (1908), which is exact for normal samples.
// With fewer than two samples the interval is infinite, with a warning. A sample
// that is not finite is an error.
func Mean(samples []float64, confidence float64) (Estimate, error) {
	if err := checkConfidence(confidence); err != nil {
		return Estimate{}, err
	}
	if err := checkFinite(samples); err != nil {
		return Estimate{}, err
	}
	return tEstimate(samples, confidence, "mean over trials, Student t interval"), nil
}

// GeoMean estimates the geometric mean exp(E log y) of positive samples y: it is
// the exponential of the Mean of their logarithms. Its interval is exact for
// lognormal samples. A sample that is not positive and finite is an error.
func GeoMean(samples []float64, confidence float64) (Estimate, error) {
	if err := checkConfidence(confidence); err != nil {
		return Estimate{}, err
	}
	if err := checkPositive(samples); err != nil {
		return Estimate{}, err
	}
	return tEstimate(logs(samples), confidence, "geometric mean over trials, Student t interval of the mean logarithm").exp(), nil
}

// tEstimate is the mean of finite samples with its t interval.
func tEstimate(samples []float64, confidence float64, method string) Estimate {
	n := len(samples)
	e := Estimate{Value: math.NaN(), Interval: everything(), Confidence: confidence, N: n, Method: method}
	if n == 0 {
		e.warn("no trial: nothing can be estimated")
		return e
	}
	mean, se := meanStdErr(samples)
	e.Value = mean
	if n == 1 {
		e.warn("a single trial has no spread: an interval takes at least 2")
		return e
	}
	half := tCritical(confidence, float64(n-1)) * se
	e.Interval = Interval{mean - half, mean + half}
	e.tests = student{mean, se, float64(n - 1)}
	if se == 0 {
		e.warn("all %d trials agree exactly: the interval has no width, which overstates what is known", n)
	}
	return e
}

// meanStdErr returns the mean of one or more samples and its standard error, which
// is NaN for one sample. The samples are added in increasing order, so that their
// order does not matter. The smallest is subtracted from each before, so that the
// mean of equal samples is their value and their spread exactly 0. All are divided
// by a power of two before, so that squares neither overflow nor underflow.
func meanStdErr(samples []float64) (mean, se float64) {
	x := slices.Sorted(slices.Values(samples))
	n := float64(len(x))
	_, exponent := math.Frexp(max(math.Abs(x[0]), math.Abs(x[len(x)-1])))
	sum := 0.0
	for i := range x {
		x[i] = math.Ldexp(x[i], -exponent)
		sum += x[i] - x[0]
	}
	mean = x[0] + sum/n
	squares := 0.0
	for _, v := range x {
		squares += (v - mean) * (v - mean)
	}
	se = math.Sqrt(squares / (n - 1) / n)
	return math.Ldexp(mean, exponent), math.Ldexp(se, exponent)
}

// student is Student's t test of a mean with standard error se and df degrees of
// freedom.
type student struct{ mean, se, df float64 }

func (s student) above(theta float64) float64 { return s.tail(theta - s.mean) }
func (s student) below(theta float64) float64 { return s.tail(s.mean - theta) }

// tail is P(T <= d/se), the p-value if the estimate lies -d beyond the hypothesis.
// Without spread (se = 0) the p-value is 0 if it lies beyond at all, and 1 if not.
func (s student) tail(d float64) float64 {
	switch {
	case s.se > 0:
		return tCDF(d/s.se, s.df)
	case d < 0:
		return 0
	default:
		return 1
	}
}

func tCDF(t, df float64) float64 { return distuv.StudentsT{Sigma: 1, Nu: df}.CDF(t) }

// tCritical returns the q with P(|T| <= q) = confidence. It bisects the
// distribution function, because the quantiles of gonum v0.17.0 are wrong far out
// in the tail at many degrees of freedom: 81 instead of 6.0 at 1e5 degrees of
// freedom and a tail of 1e-9.
func tCritical(confidence, df float64) float64 {
	tail := (1 - confidence) / 2
	heavier := func(q float64) bool { return tCDF(-q, df) > tail }
	top := 1.0
	for heavier(top) {
		top *= 2
	}
	_, q := edge(0, top, heavier)
	return q
}
