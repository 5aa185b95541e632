// order.go bounds the error under an alignment of order r.

package bound

import (
	"errors"
	"fmt"
	"math"
)

// Residual bounds the column norms of XW − X̃W̃ under an alignment of order r =
// passes by ρ^(r−1)·drift: T2 of docs/theory.md. drift is the largest
// Σ_t |w_t|·‖X_t − X̃_t‖ over the neurons. contraction is ρ = ‖P_N⋯P_1‖, which
// Contraction returns, or 1 if that is not known.
func Residual(drift, contraction float64, passes int) (float64, error) {
	if err := errors.Join(nonNegative("drift", drift), count("order r", passes)); err != nil {
		return 0, err
	}
	if !(contraction >= 0 && contraction <= 1) {
		return 0, fmt.Errorf("contraction ρ = %v: want 0 <= ρ <= 1", contraction)
	}
	return drift * math.Pow(contraction, float64(passes-1)), nil
}

// OrderR bounds the largest entry of |XW − X̃Q| under an alignment of order r:
// T2 with T1 or T1′ of docs/theory.md. residual bounds the alignment residual; it
// is from Residual, or measured. The other arguments are those of OneLayer.
func OrderR(c Constant, step, maxNorm, residual float64, m, n int, eta float64) (float64, error) {
	entry, err := OneLayer(c, step, maxNorm, m, n, eta)
	if err := errors.Join(err, nonNegative("alignment residual", residual)); err != nil {
		return 0, err
	}
	return finite(residual + entry)
}
