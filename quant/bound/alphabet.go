// alphabet.go says how many levels are enough.

package bound

import (
	"errors"
	"fmt"
	"math"
)

// FiniteAlphabet returns the least K, and log2(2K+1) bits, for which theory
// rules out saturation in a layer of N = inputs and n neurons but with
// probability eta: T4 of docs/theory.md. Then A_K gives the very codes of A_∞,
// and what is proved for those holds. maxAligned is ‖W̃‖_∞, and kappa is
//
//	κ = max_t (max_{s<t} ‖X̃_s‖)/‖X̃_t‖ over columns that are not zero,
//
// or anything larger, such as max ‖X̃_t‖/min ‖X̃_t‖.
func FiniteAlphabet(c Constant, step, maxAligned, kappa float64, inputs, n int, eta float64) (k int, bits float64, err error) {
	err = errors.Join(layer(step, n, eta), count("inputs N", inputs), nonNegative("‖W̃‖_∞", maxAligned), nonNegative("κ", kappa))
	if err != nil {
		return 0, 0, err
	}
	x := math.Ceil(maxAligned/step + kappa*c.tail(float64(inputs)*float64(n), eta))
	if !(x < 1<<53) {
		return 0, 0, fmt.Errorf("K = %v is too many levels", x)
	}
	k = max(int(x), 1)
	return k, math.Log2(2*float64(k) + 1), nil
}
