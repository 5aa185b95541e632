// rounding.go estimates from above what another order of sums does to a record:
// how far it moves a metric, and how often it flips a code. In the standard model
// of floating-point arithmetic (Higham 2002, section 3.1) a sum of n products
// differs between two orders by at most 2(n+4)u times the sum of the products'
// sizes, the 4 for operations beside it.

package compare

import (
	"math"

	"spfq/results"
)

// u is the unit roundoff of float64.
const u = 0x1p-53

// tolerance is the largest relative difference of a metric between two records
// of the same codes whose sums were made in different orders.
//
// An entry of XW sums N products. By Cauchy and Schwarz their sizes sum to ‖x‖‖w‖,
// √N times the typical |⟨x, w⟩| of weights without a preferred direction. So XW
// and X̃Q each differ by 2√N(N+4)u relative to ‖XW‖, their difference by twice
// that over the relative error e, its square by twice that again; layer by layer
// such differences add up. The squares of mn entries are then summed. In all
// 8L√N(N+4)u/e + 4mNu, which is about 10⁻⁸ for N = 2048 and e = 1%. Other metrics
// move no more: norms and maxima are not squared, and what is no difference of
// products is not divided by e. The exception is max_v, which may be that of the
// shortest column and then moves by drift at a ratio κ of norms. None is ever
// more than 10⁻⁴: an error so small that rounding moves it by more is no error of
// quantization.
func tolerance(metric string, r *results.Record) float64 {
	n, m := float64(r.Width), float64(max(r.Samples, r.TestSamples))
	e := float64(r.RelError)
	if t := float64(r.TestRelError); t < e {
		e = t
	}
	t := 8*float64(r.Layers)*math.Sqrt(n)*(n+4)*u/e + 4*m*n*u
	if metric == "max_v" {
		for i := range r.PerLayer {
			l := &r.PerLayer[i]
			t = max(t, drift(r, l, m+float64(l.Inputs)+4, float64(l.Kappa))/float64(r.MaxV))
		}
	}
	return min(1e-4, t)
}

// drift is how far v/δ of a weight may move, where a sum of n products moves by
// 2·terms·u times their sizes and the longest column is ratio times as long as
// the weight's.
//
// v/δ = w̃_t/δ + ⟨X̃_t, Σ_s e_s X̃_s⟩/(‖X̃_t‖²δ), s < t. Each |e_s| is at most max|v| +
// max|w̃| + δ, and ⟨|X̃_t|, |X̃_s|⟩ at most ‖X̃_t‖² times the ratio. Sizes are summed
// without their signs, a factor √N or more too much, which leaves room for what is
// not counted: the rounding errors of X̃ and of w̃ itself.
func drift(r *results.Record, l *results.Layer, terms, ratio float64) float64 {
	scale := float64(l.MaxV) + float64(l.MaxAligned)/float64(l.Step) + 1
	if !r.Feedback && r.Align == "none" { // w is rounded as it is
		return 2 * 4 * u * scale
	}
	return 2 * terms * u * float64(l.Inputs) * ratio * scale
}

// flips estimates from above the probability that another order of sums flips a
// code of a record.
//
// A code can flip only where v/δ lies within its drift of a boundary between
// codes. As v/δ is spread over a scale of 1 there (for nearest rounding of weights
// on a lattice it need not be), that has probability twice the drift. Over
// all weights probabilities add up, so that averages count. Rounding errors of
// either sign make 4√n of the n in a sum's error (Higham and Mary 2019: but for a
// probability of 7·10⁻⁴). And where a share x of the columns at most is shorter than
// x times the longest, the longest is on average 1 + ln κ times as long as another.
func flips(r *results.Record) float64 {
	sum := 0.0
	for i := range r.PerLayer {
		l := &r.PerLayer[i]
		n := float64(l.Inputs)
		sum += n * float64(l.Neurons) * 2 * drift(r, l, 4*math.Sqrt(float64(r.Samples)+n+4), 1+math.Log(float64(l.Kappa)))
	}
	return min(1, sum) // NaN where a record does not tell
}

// bounded reports whether flips tells of all that moves a metric: timings move
// anyway, the alignment exact-max is an iteration, rounded activations flip too.
func bounded(metric string, id *results.Identity) bool {
	return metric != "seconds" && id.Align != "exact-max" && math.IsInf(float64(id.ActivationBits), 1)
}

// tooMany reports whether so many moved trials are more than chance leaves, at a
// level: of independent events whose probabilities add up to expected, k or more
// happen with probability at most expected^k/k!.
func tooMany(moved int, expected, level float64) bool {
	if moved == 0 || math.IsNaN(expected) {
		return false
	}
	k := float64(moved)
	factorial, _ := math.Lgamma(k + 1)
	return k*math.Log(expected)-factorial <= math.Log(level)
}
