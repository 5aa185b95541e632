// bound.go has the bounds of one layer and of a network, infinite alphabet.

package bound

import (
	"fmt"
	"math"
)

// Constant is the constant of a tail bound: how the rounding errors e_t are
// dominated.
type Constant int

const (
	// Convex is the paper's: e_t is below N(0, πδ²/2) in the convex order (T1).
	Convex Constant = iota
	// Hoeffding uses that e_t lies in an interval of length δ, by Hoeffding's
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
	if err := check(step, maxNorm, m, n, eta); err != nil {
		return 0, err
	}
	return step * maxNorm * c.tail(float64(m)*float64(n), eta), nil
}

// Layer is what the bound of a network needs to know of a layer.
type Layer struct {
	Step    float64 // δ
	Neurons int     // n
	MaxNorm float64 // largest column norm of X, its inputs in the original network
}

// FullNetwork bounds the largest column norm of X^(i) − X̃^(i), the error after
// each layer i, all at once but with probability eta: T3 of docs/theory.md.
// Alignment must be exact, activations 1-Lipschitz. With m samples,
//
//	E_i = √m·δ_i·tail(m·n_i, η/L)·(max_j ‖X_j^(i-1)‖ + E_(i-1)),  E_0 = 0.
func FullNetwork(c Constant, layers []Layer, m int, eta float64) ([]float64, error) {
	if len(layers) == 0 {
		return nil, fmt.Errorf("a network of no layers has no bound")
	}
	bounds := make([]float64, len(layers))
	previous := 0.0
	for i, l := range layers {
		entry, err := OneLayer(c, l.Step, l.MaxNorm+previous, m, l.Neurons, eta/float64(len(layers)))
		if err != nil {
			return nil, fmt.Errorf("layer %d: %w", i+1, err)
		}
		previous = math.Sqrt(float64(m)) * entry
		bounds[i] = previous
	}
	return bounds, nil
}

func check(step, maxNorm float64, m, n int, eta float64) error {
	switch {
	case !(step > 0) || math.IsInf(step, 0):
		return fmt.Errorf("step δ = %v: want a positive number", step)
	case !(maxNorm >= 0) || math.IsInf(maxNorm, 0):
		return fmt.Errorf("largest column norm %v: want a finite number, at least 0", maxNorm)
	case m < 1 || n < 1:
		return fmt.Errorf("m = %d samples and n = %d neurons: want at least 1 of each", m, n)
	case !(eta > 0 && eta < 1):
		return fmt.Errorf("failure probability η = %v: want 0 < η < 1", eta)
	}
	return nil
}
