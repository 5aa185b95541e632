// rounding.go estimates from above what another order of sums does to a record:
// how far it moves a metric, and how often it flips a code. In the standard model
// of floating-point arithmetic (Higham 2002, section 3.1), a sum of n products
// differs between two orders by at most 2(n+4)u times the sum of the products'
// absolute values; the 4 allows for the operations around the sum.

package compare

import (
	"math"

	"spfq/results"
)

// u is the unit roundoff of float64.
const u = 0x1p-53

// tolerance is the largest relative difference of a metric between two records
// that have the same codes and differ in the order of their sums.
//
// An entry of XW is a sum of N products. By the Cauchy-Schwarz inequality their
// absolute values sum to at most ‖x‖‖w‖, which is √N times the typical |⟨x, w⟩| of
// weights without a preferred direction. So XW and X̃Q each differ by 2√N(N+4)u
// relative to ‖XW‖. Their difference XW − X̃Q differs by twice that divided by the
// relative error e, and its square by twice that again; over L layers such
// differences add up. Summing the squares of mn entries adds at most 4mNu. The
// tolerance is therefore 8L√N(N+4)u/e + 4mNu, about 10⁻⁸ for N = 2048 and e = 1%.
//
// Other metrics move no more: norms and maxima are not squared, and what is not a
// difference of products is not divided by e. The exception is max_v. It may be
// attained at the shortest column, and then moves as drift says for a ratio κ of
// norms. The tolerance is never more than 10⁻⁴: an error so small that rounding
// moves it by more is not due to quantization.
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

// drift is how far v/δ of a weight may move in layer l, if a sum of products moves
// by at most 2·terms·u times the sum of their absolute values, and the longest
// column of X̃ is ratio times as long as the weight's column.
//
// v/δ = w̃_t/δ + ⟨X̃_t, Σ_s e_s X̃_s⟩/(‖X̃_t‖²δ), summed over s < t. Each |e_s| is at most
// max|v| + max|w̃| + δ, and ⟨|X̃_t|, |X̃_s|⟩ is at most ratio·‖X̃_t‖². Absolute values are
// summed, which is too much by a factor √N or more. That leaves room for what is not
// counted: the rounding errors of X̃ and of w̃ itself.
func drift(r *results.Record, l *results.Layer, terms, ratio float64) float64 {
	scale := float64(l.MaxV) + float64(l.MaxAligned)/float64(l.Step) + 1
	if !r.Feedback && r.Align == "none" { // w is rounded as it is, without a sum
		return 2 * 4 * u * scale
	}
	return 2 * terms * u * float64(l.Inputs) * ratio * scale
}

// flips estimates from above the probability that another order of sums flips any
// code of a record. It is NaN if the record lacks what the estimate needs.
//
// A code can flip only where v/δ lies within its drift of a boundary between two
// codes. It does so with a probability of twice the drift, if v/δ is spread there
// over a scale of 1, the distance of two boundaries. (This is an assumption: for
// nearest rounding of weights on a lattice it need not hold.) The probabilities of
// all weights add up, so that averages over weights may stand in for the largest
// values, in two places:
//
//   - Rounding errors have either sign, so that a sum of n products has 4√n in place
//     of n in its error, except with probability 7·10⁻⁴ (Higham and Mary 2019).
//   - If for every x at most a fraction x of the columns is shorter than x times the
//     longest, then the longest is on average at most 1 + ln κ times as long as a
//     column.
func flips(r *results.Record) float64 {
	sum := 0.0
	for i := range r.PerLayer {
		l := &r.PerLayer[i]
		n := float64(l.Inputs)
		sum += n * float64(l.Neurons) * 2 * drift(r, l, 4*math.Sqrt(float64(r.Samples)+n+4), 1+math.Log(float64(l.Kappa)))
	}
	return min(1, sum) // min returns NaN if sum is NaN
}

// bounded reports whether rounding errors and the code flips that flips estimates
// are all that may move a metric between runs of the same seed and versions. They
// are not for timings, which differ from run to run; for the alignment exact-max, an
// iteration; and for rounded activations, which may flip as codes do.
func bounded(metric string, id *results.Identity) bool {
	return metric != "seconds" && id.Align != "exact-max" && math.IsInf(float64(id.ActivationBits), 1)
}

// tooMany reports whether so many moved trials are significantly more than code
// flips explain: of independent events whose probabilities add up to expected, k or
// more happen with probability at most expected^k/k!, and this is at most the
// significance level given.
func tooMany(moved int, expected, significance float64) bool {
	if moved == 0 || math.IsNaN(expected) {
		return false
	}
	k := float64(moved)
	factorial, _ := math.Lgamma(k + 1)
	return k*math.Log(expected)-factorial <= math.Log(significance)
}
