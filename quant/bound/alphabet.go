// alphabet.go bounds how many levels an alphabet needs so that nothing is clipped.

package bound

import (
	"errors"
	"fmt"
	"math"
)

// FiniteAlphabet returns the least K, and its log2(2K+1) bits, for which T4 of
// docs/theory.md proves that no weight is clipped in a layer of N = inputs
// columns and n neurons, except with probability at most eta. Then the finite
// alphabet A_K gives the same codes as the infinite one A_∞, and what is proved
// for A_∞ holds. maxAligned is ‖W̃‖_∞, and kappa is
//
//	κ = max_t (max_{s<t} ‖X̃_s‖)/‖X̃_t‖ over columns that are not zero,
//
// or any larger number, such as max ‖X̃_t‖/min ‖X̃_t‖ over these columns. It is
// an error if K is too large for a float64 to count.
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
