// check.go checks the assumptions of the theorems that can be seen from plain
// numbers.

package bound

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"
)

func positive(name string, x float64) error {
	if !(x > 0) || math.IsInf(x, 0) {
		return fmt.Errorf("%s = %v: want a positive number", name, x)
	}
	return nil
}

func nonNegative(name string, x float64) error {
	if !(x >= 0) || math.IsInf(x, 0) {
		return fmt.Errorf("%s = %v: want a finite number, at least 0", name, x)
	}
	return nil
}

func count(name string, n int) error {
	if n < 1 {
		return fmt.Errorf("%s = %d: want at least 1", name, n)
	}
	return nil
}

func probability(eta float64) error {
	if !(eta > 0 && eta < 1) {
		return fmt.Errorf("failure probability η = %v: want 0 < η < 1", eta)
	}
	return nil
}

// layer checks the arguments that every bound of one layer takes.
func layer(step float64, n int, eta float64) error {
	return errors.Join(positive("step δ", step), count("neurons n", n), probability(eta))
}

// matrix checks that a has entries, all of them from lo to hi and not infinite.
func matrix(name string, a blas64.General, lo, hi float64) error {
	if a.Rows < 1 || a.Cols < 1 {
		return fmt.Errorf("%s is %d×%d: want at least 1×1", name, a.Rows, a.Cols)
	}
	for i := range a.Rows {
		for j, x := range a.Data[i*a.Stride : i*a.Stride+a.Cols] {
			if !(x >= lo && x <= hi) || math.IsInf(x, 0) {
				return fmt.Errorf("%s: entry (%d, %d) is %v: want a number from %v to %v", name, i, j, x, lo, hi)
			}
		}
	}
	return nil
}

// finite returns the bound, or an error if it is too large for a float64.
func finite(bound float64) (float64, error) {
	if math.IsInf(bound, 0) || math.IsNaN(bound) {
		return 0, fmt.Errorf("the bound is not a finite float64")
	}
	return bound, nil
}
