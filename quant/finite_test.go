package quant

import (
	"math"
	"strings"
	"testing"
)

// A number that is not finite is told with its place, and not blamed on the network
// alone: the data may hold it.
func TestNotFinite(t *testing.T) {
	for value, says := range map[float64]string{math.NaN(): "input 2 of sample 1 in X is NaN: want finite numbers, of the data and of the outputs of earlier layers",
		math.Inf(-1): "input 2 of sample 1 in X is -Inf: want finite numbers", 1e200: "the square norm of input 2 in X overflows: the data, or the outputs of the layer before, are too large"} {
		a := NewMatrix(2, 3)
		for k := range a.Rows {
			for t := range a.Cols {
				Row(a, k)[t] = 1
			}
		}
		Row(a, 0)[1] = value
		if _, err := squareNorms("X", a); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v: %v, want %s", value, err, says)
		}
	}
}
