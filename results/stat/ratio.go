// ratio.go compares two quantities measured in the same trials.

package stat

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Ratio compares a with b over paired trials in two ways, which agree for
// lognormal a and b of the same relative spread.
type Ratio struct {
	OfMeans Estimate // E a / E b
	GeoMean Estimate // geometric mean of a/b
}

// resamples is the number of bootstrap resamples. With 2000 - 1 of them the usual
// tail probabilities fall on order statistics (Davison and Hinkley 1997, chapter
// 2), and the p-values of Test go down to 10^-3, which is enough for Holm over 50
// claims at the significance level 0.05.
const resamples = 1999

// PairedRatio estimates the ratio of a[t] to b[t], both positive and of the same
// trial t. Whole trials are resampled, so that what the two have in common
// cancels.
//
// The intervals are bootstrap-t intervals (Efron 1981) of the logarithm of the
// ratio, turned into intervals of the ratio by the exponential. For the ratio of
// means the standard error is that of the residuals a/mean(a) - b/mean(b).
// Studentizing makes either one-sided error second-order correct, O(1/n) instead
// of O(1/√n) (Hall 1988), and the logarithm makes the spread nearly independent of
// the ratio, which bootstrap-t needs.
//
// At nominal 0.95 the measured coverage is 0.94 or more for lognormal pairs of 5
// trials or more whose logarithms have a standard deviation of at most 0.5. Under
// heavier tails the intervals of OfMeans are too short: with 16 trials and a
// standard deviation of 1 they cover 0.91, where those of GeoMean keep 0.95.
//
// Fewer than 5 trials give a warning, and numbers that are not positive and finite
// an error. Unequal lengths panic. The result is a function of the pairs, the
// confidence and the seed.
func PairedRatio(a, b []float64, confidence float64, seed uint64) (Ratio, error) {
	if len(a) != len(b) {
		panic(fmt.Sprintf("stat: %d numerators but %d denominators: want one of each per trial", len(a), len(b)))
	}
	if err := checkConfidence(confidence); err != nil {
		return Ratio{}, err
	}
	if err := checkPositive(a); err != nil {
		return Ratio{}, fmt.Errorf("%w (numerator)", err)
	}
	if err := checkPositive(b); err != nil {
		return Ratio{}, fmt.Errorf("%w (denominator)", err)
	}
	// Resampling draws positions of pairs. Sorting the pairs makes the result
	// independent of their order.
	pairs := make([][2]float64, len(a))
	for i := range a {
		pairs[i] = [2]float64{a[i], b[i]}
	}
	slices.SortFunc(pairs, func(p, q [2]float64) int { return slices.Compare(p[:], q[:]) })
	num, den, logs := make([]float64, len(a)), make([]float64, len(a)), make([]float64, len(a))
	sumA, sumB := 0.0, 0.0
	for i, p := range pairs {
		num[i], den[i] = p[0], p[1]
		logs[i] = math.Log(p[0]) - math.Log(p[1])
		sumA += p[0]
		sumB += p[1]
	}
	if math.IsInf(sumA, 1) || math.IsInf(sumB, 1) {
		return Ratio{}, fmt.Errorf("stat: the sum of the samples overflows: want them on a smaller scale")
	}

	ofMeans := func(draw []int) (value, se float64) {
		n := float64(len(draw))
		meanA, meanB := 0.0, 0.0
		for _, i := range draw {
			meanA += num[i] / n
			meanB += den[i] / n
		}
		squares := 0.0
		for _, i := range draw {
			r := num[i]/meanA - den[i]/meanB
			squares += r * r
		}
		return math.Log(meanA) - math.Log(meanB), math.Sqrt(squares / (n - 1) / n)
	}
	geoMean := func(draw []int) (value, se float64) {
		n := float64(len(draw))
		for _, i := range draw {
			value += logs[i] / n
		}
		squares := 0.0
		for _, i := range draw {
			squares += (logs[i] - value) * (logs[i] - value)
		}
		return value, math.Sqrt(squares / (n - 1) / n)
	}
	return Ratio{
		OfMeans: bootstrapT(len(a), confidence, seed, ofMeans,
			"ratio of means over paired trials, bootstrap-t interval of its logarithm").exp(),
		GeoMean: bootstrapT(len(a), confidence, seed, geoMean,
			"geometric mean of ratios over paired trials, bootstrap-t interval of its logarithm").exp(),
	}, nil
}

// bootstrapT estimates a statistic of n trials with its bootstrap-t interval. The
// distribution of the pivot (statistic - truth)/se is taken to be that over
// resamples, for which the truth is the statistic of all n trials. measure
// computes the statistic and its standard error from the trials at the given
// positions.
func bootstrapT(n int, confidence float64, seed uint64, measure func([]int) (value, se float64), method string) Estimate {
	e := Estimate{Value: math.NaN(), Interval: everything(), Confidence: confidence, N: n, Method: method}
	if n == 0 {
		e.warn("no trial: nothing can be estimated")
		return e
	}
	draw := make([]int, n)
	for i := range draw {
		draw[i] = i
	}
	value, se := measure(draw)
	e.Value = value
	switch {
	case n == 1:
		e.warn("a single trial has no spread: an interval takes at least 2")
		return e
	case se == 0:
		e.Interval = Interval{value, value}
		e.tests = student{value, 0, float64(n - 1)}
		e.warn("all %d trials agree exactly: the interval has no width, which overstates what is known", n)
		return e
	}
	if n < fewTrials {
		e.warn("only %d trials: their resamples show little of their distribution", n)
	}

	rng := rand.New(rand.NewPCG(seed, 0))
	pivots := make([]float64, resamples)
	for j := range pivots {
		for i := range draw {
			draw[i] = rng.IntN(n)
		}
		v, s := measure(draw)
		if v != value { // if v is value the pivot is 0, even if s is 0
			pivots[j] = (v - value) / s // infinite if one trial was drawn n times, which widens the interval as it should
		}
	}
	slices.Sort(pivots)
	e.tests = bootstrap{value, se, pivots}

	// k is the largest number of extreme pivots on either side whose p-value,
	// k/(resamples+1), is at most (1-confidence)/2.
	k := int((1 - confidence) / 2 * (resamples + 1))
	if k < 1 {
		e.warn("%d resamples cannot show a confidence of %g: the interval is left infinite", resamples, confidence)
		return e
	}
	e.Interval = Interval{value - se*pivots[resamples-k], value - se*pivots[k-1]}
	if math.IsInf(e.Interval.Lo, -1) || math.IsInf(e.Interval.Hi, 1) {
		e.warn("the interval is unbounded: too many resamples of %d trials have no spread", n)
	}
	return e
}

// bootstrap tests a parameter, estimated as value with standard error se, by the
// pivots of resamples, in increasing order. The data count as one more resample,
// so that no p-value is 0 (Davison and Hinkley 1997, chapter 4).
type bootstrap struct {
	value, se float64
	pivots    []float64
}

func (b bootstrap) above(theta float64) float64 {
	i, _ := slices.BinarySearch(b.pivots, (b.value-theta)/b.se)
	return float64(1+len(b.pivots)-i) / float64(1+len(b.pivots))
}

func (b bootstrap) below(theta float64) float64 {
	if math.IsInf(theta, 1) {
		return 0 // every number is below infinity
	}
	t := (b.value - theta) / b.se
	i, _ := slices.BinarySearchFunc(b.pivots, t, func(pivot, t float64) int {
		if pivot <= t {
			return -1
		}
		return 1
	})
	return float64(1+i) / float64(1+len(b.pivots))
}
