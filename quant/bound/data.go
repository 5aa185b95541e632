// data.go has the bounds of one layer that are computed from the influence of
// its columns on its outputs.

package bound

import (
	"errors"
	"math"
)

// DataLayer bounds the largest entry of |X̃W̃ − X̃Q| over m samples and n
// neurons: T1″ of docs/theory.md,
//
//	δ·ρ·√(log(2mn/η)/2).
//
// row is ρ, which is Proxy.Row of X̃'s influence matrix. The bound is T1′ with ρ
// in place of M, and it is at most T1′, as ρ <= M.
func DataLayer(step, row float64, m, n int, eta float64) (float64, error) {
	if err := errors.Join(layer(step, n, eta), count("samples m", m), nonNegative("row norm ρ", row)); err != nil {
		return 0, err
	}
	return finite(step * row * math.Sqrt(tailExponent(m, n, eta)/2))
}

// DataColumn bounds the largest 2-norm of a column of X̃W̃ − X̃Q over n neurons,
// by the form of T1c of docs/theory.md that is computed from the data,
//
//	(δ/2)·(‖A‖_F + ‖A‖·√(2 log(n/η))).
//
// frobenius is ‖A‖_F and spectral ‖A‖, both from the Proxy of X̃'s influence
// matrix A.
func DataColumn(step, frobenius, spectral float64, n int, eta float64) (float64, error) {
	if err := errors.Join(layer(step, n, eta), norms(frobenius, spectral)); err != nil {
		return 0, err
	}
	return finite(step / 2 * columnTail(frobenius, spectral, n, eta))
}

// tailExponent returns L = log(2mn/η). If each of the m·n entries exceeds a bound
// with probability at most e^(-L) on either side, any does with at most η.
func tailExponent(m, n int, eta float64) float64 {
	return math.Log(2 * float64(m) * float64(n) / eta)
}

func norms(frobenius, spectral float64) error {
	err := errors.Join(nonNegative("‖A‖_F", frobenius), nonNegative("‖A‖", spectral))
	if err == nil && spectral > frobenius*(1+1e-9) { // 1e-9: far above the rounding of either
		err = errors.New("‖A‖ is above ‖A‖_F: these are not the norms of one matrix")
	}
	return err
}
