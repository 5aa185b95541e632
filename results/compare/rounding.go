// rounding.go bounds what another order of sums does to a record: how far it
// moves a metric, and how often it flips a code. Both hold for the standard
// model of floating-point arithmetic (Higham 2002, section 3.1): a sum of n
// products differs between two orders by at most 2(n+4)u times the sum of the
// products' sizes, the 4 for operations beside it.

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
// products is not divided by e. It is never more than 10⁻⁴: an error so small that
// rounding moves it by more is no error of quantization.
func tolerance(r *results.Record) float64 {
	e := float64(r.RelError)
	if t := float64(r.TestRelError); t < e {
		e = t
	}
	n, m := float64(r.Width), float64(max(r.Samples, r.TestSamples))
	return min(1e-4, 8*float64(r.Layers)*math.Sqrt(n)*(n+4)*u/e+4*m*n*u)
}

// flips bounds the expected number of codes of a record that another order of
// sums flips.
//
// A code is that of v/δ = w̃_t/δ + ⟨X̃_t, Σ_s e_s X̃_s⟩/(‖X̃_t‖²δ), s < t. It can
// flip only where v/δ lies within its difference d of a boundary between codes.
// As v/δ is spread over a scale of 1 there (for nearest rounding of weights on a
// lattice it need not be), that has probability 2d. With |e_s| ≤ (max|v| + max|w̃| + δ)
// and norms of columns that differ by a factor κ at most, d ≤ 2(m+N+4)uNκ(max|v| +
// max|w̃| + δ)/δ. Sizes are summed without their signs, a factor √N or more too
// much, which leaves room for what is not counted: the rounding errors of X̃ and
// of w̃ itself.
func flips(r *results.Record) float64 {
	sum := 0.0
	for _, l := range r.PerLayer {
		n := float64(l.Inputs)
		terms := 4.0 // w̃ is rounded as it is
		if r.Feedback || r.Align != "none" {
			terms = (float64(r.Samples) + n + 4) * n * float64(l.Kappa)
		}
		d := 2 * terms * u * (float64(l.MaxV) + float64(l.MaxAligned)/float64(l.Step) + 1)
		sum += n * float64(l.Neurons) * 2 * d
	}
	return sum
}

// bounded reports whether flips bounds what moves a metric: timings move anyway,
// the alignment exact-max is an iteration, and rounded activations flip too.
func bounded(metric string, id *results.Identity) bool {
	return metric != "seconds" && id.Align != "exact-max" && math.IsInf(float64(id.ActivationBits), 1)
}

// tooMany reports whether so many of some trials with moved codes are more than
// chance leaves, at a level, where expected bounds the expected number of flips
// in all of them: of independent events, k or more happen with probability at
// most λ^k/k!, λ being the sum of their probabilities.
func tooMany(moved int, expected, level float64) bool {
	if moved == 0 || math.IsNaN(expected) {
		return false
	}
	k := float64(moved)
	factorial, _ := math.Lgamma(k + 1)
	return k*math.Log(expected)-factorial <= math.Log(level)
}
