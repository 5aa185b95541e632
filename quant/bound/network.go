// network.go has the bounds of a whole network that need only the column norms of
// the original network.

package bound

import (
	"fmt"
	"math"
)

// Layer holds the numbers of a layer that the bound of a network takes.
type Layer struct {
	Step    float64 // δ
	Neurons int     // n
	MaxNorm float64 // largest column norm of X, its inputs in the original network
}

// FullNetwork returns bounds E_1, …, E_L, one for each layer i, on the largest
// column norm of X^(i) − X̃^(i), the error after that layer: T3 of docs/theory.md.
// Any of them fails with probability at most eta. Alignment must be exact and the
// activations 1-Lipschitz. With m samples,
//
//	E_i = √m·δ_i·tail(m·n_i, η/L)·(max_j ‖X_j^(i-1)‖ + E_(i-1)),  E_0 = 0.
func FullNetwork(c Constant, layers []Layer, m int, eta float64) ([]float64, error) {
	return compose(layers, eta, func(l Layer, maxNorm, eta float64) (float64, error) {
		entry, err := OneLayer(c, l.Step, maxNorm, m, l.Neurons, eta)
		return math.Sqrt(float64(m)) * entry, err
	})
}

// FullNetworkColumn is FullNetwork with the norm of a column bounded directly
// (T1c) instead of entry by entry: T3c of docs/theory.md,
//
//	E_i = (δ_i/2)·(√m + √(2 log(n_i L/η)))·(max_j ‖X_j^(i-1)‖ + E_(i-1)),  E_0 = 0.
func FullNetworkColumn(layers []Layer, m int, eta float64) ([]float64, error) {
	return compose(layers, eta, func(l Layer, maxNorm, eta float64) (float64, error) {
		return OneLayerColumn(l.Step, maxNorm, m, l.Neurons, eta)
	})
}

// compose carries a bound on one layer through all layers. column bounds the
// columns of the layer's X̃W̃ − X̃Q from the largest column norm of X̃, with
// failure probability η/L, so that all layers together have η.
func compose(layers []Layer, eta float64, column func(l Layer, maxNorm, eta float64) (float64, error)) ([]float64, error) {
	if len(layers) == 0 {
		return nil, fmt.Errorf("a network of no layers has no bound")
	}
	if err := probability(eta); err != nil {
		return nil, err
	}
	bounds := make([]float64, len(layers))
	previous := 0.0
	for i, l := range layers {
		// Checked before the sum below, in which a negative norm could hide.
		err := nonNegative("largest column norm", l.MaxNorm)
		if err == nil {
			previous, err = column(l, l.MaxNorm+previous, eta/float64(len(layers)))
		}
		if err == nil {
			previous, err = finite(previous)
		}
		if err != nil {
			return nil, fmt.Errorf("layer %d: %w", i+1, err)
		}
		bounds[i] = previous
	}
	return bounds, nil
}
