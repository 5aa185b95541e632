// layer.go has the bounds of one layer that need only its largest column norm.

package bound

import (
	"errors"
	"math"
)

// Constant is the constant of a tail bound: how the rounding errors r_t are
// dominated.
type Constant int

const (
	// Convex is the paper's: r_t is below N(0, πδ²/2) in the convex order (T1).
	Convex Constant = iota
	// Hoeffding uses that r_t lies in an interval of length δ, by Hoeffding's
	// lemma (T1′); √(4π) ≈ 3.54 times tighter, logarithms aside.
	Hoeffding
)

// tail returns γ/(δM) such that one of entries numbers, each dominated as the
// constant says, exceeds γ in magnitude with probability at most eta.
func (c Constant) tail(entries, eta float64) float64 {
	if c == Hoeffding {
		return math.Sqrt(math.Log(2*entries/eta) / 2)
	}
	return math.Sqrt(2 * math.Pi * math.Log(math.Sqrt2*entries/eta))
}

// OneLayer bounds the largest entry of |X̃W̃ − X̃Q| over m samples and n neurons:
// T1 and T1′ of docs/theory.md. step is δ, maxNorm M = max_t ‖X̃_t‖, and eta the
// probability that the bound fails.
func OneLayer(c Constant, step, maxNorm float64, m, n int, eta float64) (float64, error) {
	if err := errors.Join(layer(step, n, eta), count("samples m", m), nonNegative("largest column norm M", maxNorm)); err != nil {
		return 0, err
	}
	return finite(step * maxNorm * c.tail(float64(m)*float64(n), eta))
}

// OneLayerColumn bounds the largest column 2-norm of X̃W̃ − X̃Q: T1c of
// docs/theory.md,
//
//	(δM/2)·(√d + √(2 log(n/η))).
//
// rank is d, the rank of X̃ or anything larger, such as m. It replaces √m times
// the bound on an entry, so the logarithm is added to the number of samples and
// does not multiply it.
func OneLayerColumn(step, maxNorm float64, rank, n int, eta float64) (float64, error) {
	if err := errors.Join(layer(step, n, eta), count("rank d", rank), nonNegative("largest column norm M", maxNorm)); err != nil {
		return 0, err
	}
	return finite(step / 2 * maxNorm * columnTail(math.Sqrt(float64(rank)), 1, n, eta))
}

// columnTail returns √(tr S) + √(2‖S‖ log(n/η)), which one of n vectors, each
// sub-Gaussian with proxy S, exceeds in norm with probability at most eta. It
// takes √(tr S) and √‖S‖.
func columnTail(rootTrace, rootNorm float64, n int, eta float64) float64 {
	return rootTrace + rootNorm*math.Sqrt(2*math.Log(float64(n)/eta))
}
