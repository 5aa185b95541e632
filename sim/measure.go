// measure.go measures differences of matrices, neuron by neuron.

package sim

import (
	"math"

	"spfq/quant"
)

// columnSums holds a sum for each neuron of a layer. Each tile adds to its own neurons,
// so that the total, which is made in order, does not depend on the tiles.
type columnSums []float64

// addSquares adds the squares of the entries of a to the sums of its columns, the first
// of which is neuron first. It returns the largest entry in magnitude, NaN if any is.
func (s columnSums) addSquares(first int, a quant.Matrix) (most float64) {
	sums := s[first : first+a.Cols]
	for k := range a.Rows {
		for j, v := range quant.Row(a, k) {
			sums[j] += v * v
			if v = math.Abs(v); !(v <= most) {
				most = v
			}
		}
	}
	return most
}

// total returns the sum over all neurons.
func (s columnSums) total() float64 {
	var sum float64
	for _, v := range s {
		sum += v
	}
	return sum
}

// maxNorm returns the root of the largest sum, a norm where squares were added.
func (s columnSums) maxNorm() float64 {
	var most float64
	for _, v := range s {
		most = max(most, v)
	}
	return math.Sqrt(most)
}

// subtract sets dst = a − b.
func subtract(dst, a, b quant.Matrix) {
	for k := range a.Rows {
		d, ar, br := quant.Row(dst, k), quant.Row(a, k), quant.Row(b, k)
		for j := range d {
			d[j] = ar[j] - br[j]
		}
	}
}

// ratio returns a/b, and 0 for 0/0, since no error relative to nothing is no error.
func ratio(a, b float64) float64 {
	if a == 0 && b == 0 {
		return 0
	}
	return a / b
}

// maxColumnNorm returns the largest column norm of a.
func maxColumnNorm(a quant.Matrix) float64 {
	s := make(columnSums, a.Cols)
	s.addSquares(0, a)
	return s.maxNorm()
}

// maxAbs returns the largest entry of a in magnitude.
func maxAbs(a quant.Matrix) float64 {
	var most float64
	for k := range a.Rows {
		for _, v := range quant.Row(a, k) {
			if v = math.Abs(v); v > most { // the builtin max heeds NaN and takes four times as long
				most = v
			}
		}
	}
	return most
}

// bias returns n‖mean_j d_j‖²/Σ_j‖d_j‖² over the n columns d_j of a − b, and 0 where
// a = b. total is the sum in the denominator. Neurons are added up in order.
func bias(a, b quant.Matrix, total float64) float64 {
	var sum2 float64
	for k := range a.Rows {
		var sum float64
		br := quant.Row(b, k)
		for j, v := range quant.Row(a, k) {
			sum += v - br[j]
		}
		sum2 += sum * sum
	}
	return ratio(sum2/float64(a.Cols), total)
}

// tail counts the entries of the row a − b that exceed in magnitude each of
// TailThresholds times the proxy of the row, (δ/2)(Σ_t a_t²)^½, where δ is the step and
// a_t are the entries of the row of the influence matrix.
func tail(a, b []float64, step float64, influence []float64) []int64 {
	var norm2 float64
	for _, v := range influence {
		norm2 += v * v
	}
	scale := step / 2 * math.Sqrt(norm2)
	counts := make([]int64, len(TailThresholds))
	for j := range a {
		for i, x := range TailThresholds {
			if math.Abs(a[j]-b[j]) > x*scale {
				counts[i]++
			}
		}
	}
	return counts
}

// columnDistances returns ‖a_t − b_t‖ for each column t.
func columnDistances(a, b quant.Matrix) []float64 {
	d := make([]float64, a.Cols)
	for k := range a.Rows {
		br := quant.Row(b, k)
		for t, v := range quant.Row(a, k) {
			d[t] += (v - br[t]) * (v - br[t])
		}
	}
	for t := range d {
		d[t] = math.Sqrt(d[t])
	}
	return d
}

// drift returns the largest Σ_t |w_t|·d_t over the columns of w.
func drift(w quant.Matrix, d []float64) (most float64) {
	sums := make([]float64, w.Cols)
	for t, distance := range d {
		for j, v := range quant.Row(w, t) {
			sums[j] += math.Abs(v) * distance
		}
	}
	for _, s := range sums {
		most = max(most, s)
	}
	return most
}
