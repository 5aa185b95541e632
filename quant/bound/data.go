// data.go has the bounds of one layer from the influence of its columns.

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
// row is ρ, Proxy.Row of X̃. It is T1′ with ρ for M, and ρ <= M.
func DataLayer(step, row float64, m, n int, eta float64) (float64, error) {
	if err := errors.Join(layer(step, n, eta), count("samples m", m), nonNegative("row norm ρ", row)); err != nil {
		return 0, err
	}
	return finite(step * row * math.Sqrt(tailExponent(m, n, eta)/2))
}

// DataColumn bounds the largest column 2-norm of X̃W̃ − X̃Q: T1c of
// docs/theory.md from the data,
//
//	(δ/2)·(‖A‖_F + ‖A‖·√(2 log(n/η))).
//
// frobenius and spectral are those of X̃'s Proxy.
func DataColumn(step, frobenius, spectral float64, n int, eta float64) (float64, error) {
	if err := errors.Join(layer(step, n, eta), norms(frobenius, spectral)); err != nil {
		return 0, err
	}
	return finite(step / 2 * columnTail(frobenius, spectral, n, eta))
}

// tailExponent returns L = log(2mn/η): each of m·n entries, on either side, may fail
// with probability e^(-L).
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
