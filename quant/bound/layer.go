// layer.go has the bounds of one layer that need only its largest column norm.

package bound

import (
	"errors"
	"math"
)

// Constant says by which argument the rounding errors r_t are bounded, hence the
// constant of a tail bound.
type Constant int

const (
	// Convex is the paper's argument: r_t is dominated by N(0, πδ²/2) in the
	// convex order (T1).
	Convex Constant = iota
	// Hoeffding is Hoeffding's lemma, for r_t lies in an interval of length δ
	// (T1′). It is tighter by a factor √(4π) ≈ 3.54, apart from the logarithms.
	Hoeffding
)

// tail returns γ/(δM), where γ is such that any of so many entries exceeds γ in
// magnitude with probability at most eta, each entry being bounded as the constant
// says.
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
// rank is d, the rank of X̃ or any larger number, such as m; maxNorm is M. The
// bound replaces √m times the bound on an entry: the logarithm is added to the
// number of samples instead of multiplying it.
func OneLayerColumn(step, maxNorm float64, rank, n int, eta float64) (float64, error) {
	if err := errors.Join(layer(step, n, eta), count("rank d", rank), nonNegative("largest column norm M", maxNorm)); err != nil {
		return 0, err
	}
	return finite(step / 2 * maxNorm * columnTail(math.Sqrt(float64(rank)), 1, n, eta))
}

// columnTail returns √(tr S) + √(2‖S‖ log(n/η)). Of n vectors, each sub-Gaussian
// with proxy S, any exceeds it in norm with probability at most eta. rootTrace is
// √(tr S) and rootNorm √‖S‖.
func columnTail(rootTrace, rootNorm float64, n int, eta float64) float64 {
	return rootTrace + rootNorm*math.Sqrt(2*math.Log(float64(n)/eta))
}
