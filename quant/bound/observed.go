// observed.go has the bounds of one layer that are computed from the fractions
// that were rounded.

package bound

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// Observed returns the number that ObservedLayer takes (T1‴ of docs/theory.md),
//
//	max_{k,j} ρ_k (1 + G_kj)/2,   G_kj = (4/ρ_k²)·Σ_t a_{k,t}² κ(f_tj),
//
// where ρ_k is the norm of row k of A and κ the Kearns–Saul proxy. a is the
// influence matrix A (m×N). f (N×n) holds the fractions 0 <= f <= 1 of v_t/δ that
// were rounded, with a row for each column of X̃ in the order in which they are
// visited. f may hold some of the layer's neurons at a time; the layer's number is
// then the largest. It is at most Proxy.Row, as κ <= 1/4. The cost is one product
// of an m×N and an N×n matrix.
func Observed(a, f blas64.General) (float64, error) {
	if err := fractions(a, f); err != nil {
		return 0, err
	}
	// squares holds a_{k,t}²/ρ_k². Entries are divided by ρ_k before they are
	// squared, so that no square underflows or overflows.
	squares := blas64.General{Rows: a.Rows, Cols: a.Cols, Stride: a.Cols, Data: make([]float64, a.Rows*a.Cols)}
	norm := make([]float64, a.Rows)
	for k := range a.Rows {
		row := blas64.Vector{N: a.Cols, Inc: 1, Data: a.Data[k*a.Stride:]}
		if norm[k] = blas64.Nrm2(row); norm[k] == 0 {
			continue
		}
		for t, x := range row.Data[:a.Cols] {
			x /= norm[k]
			squares.Data[k*a.Cols+t] = x * x
		}
	}
	proxies := blas64.General{Rows: f.Rows, Cols: f.Cols, Stride: f.Cols, Data: make([]float64, f.Rows*f.Cols)}
	for t := range f.Rows {
		for j, x := range f.Data[t*f.Stride : t*f.Stride+f.Cols] {
			proxies.Data[t*f.Cols+j] = kearnsSaul(x)
		}
	}
	sums := blas64.General{Rows: a.Rows, Cols: f.Cols, Stride: f.Cols, Data: make([]float64, a.Rows*f.Cols)}
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, squares, proxies, 0, sums)
	largest := 0.0
	for k := range a.Rows {
		for _, sum := range sums.Data[k*f.Cols : (k+1)*f.Cols] {
			largest = math.Max(largest, norm[k]*(1+4*sum)/2)
		}
	}
	return finite(largest)
}

// ObservedLayer bounds the largest entry of |X̃W̃ − X̃Q| over m samples and n
// neurons after they have been rounded: T1‴ of docs/theory.md, which is T1″ with
// the number that Observed returns in place of ρ.
func ObservedLayer(step, observed float64, m, n int, eta float64) (float64, error) {
	return DataLayer(step, observed, m, n, eta)
}

// ExactLayer bounds the largest entry of |X̃W̃ − X̃Q| like ObservedLayer, with
// the cumulant of each rounding error itself in place of the Kearns–Saul bound
// on it: the second form of T1‴ of docs/theory.md. It is the tighter of the
// two, but evaluates 4mNn transcendental functions, and must be computed anew for
// another η. a and f are as for Observed. f may hold some of the layer's n neurons
// at a time; the layer's bound is then the largest.
func ExactLayer(step float64, a, f blas64.General, n int, eta float64) (float64, error) {
	if err := errors.Join(layer(step, n, eta), fractions(a, f)); err != nil {
		return 0, err
	}
	if f.Cols > n {
		return 0, fmt.Errorf("fractions of %d neurons in a layer of n = %d", f.Cols, n)
	}
	l := tailExponent(a.Rows, n, eta)
	largest := 0.0 // the largest ρ_k (1 + G_kj)
	for k := range a.Rows {
		row := blas64.Vector{N: a.Cols, Inc: 1, Data: a.Data[k*a.Stride:]}
		norm := blas64.Nrm2(row)
		if norm == 0 {
			continue
		}
		scale := math.Sqrt(8*l) / norm // λ_k δ, with the λ that is best if all proxies are 1/4
		for j := range f.Cols {
			var up, down float64
			for t, x := range row.Data[:a.Cols] {
				s, f := scale*x, f.Data[t*f.Stride+j]
				up += cumulant(s, f)
				down += cumulant(-s, f)
			}
			largest = math.Max(largest, norm*(1+math.Max(up, down)/l))
		}
	}
	return finite(step * largest / 2 * math.Sqrt(l/2))
}

// fractions checks the entries of a and f and that their sizes fit together.
func fractions(a, f blas64.General) error {
	if err := errors.Join(matrix("A", a, math.Inf(-1), math.Inf(1)), matrix("fractions", f, 0, 1)); err != nil {
		return err
	}
	if a.Cols != f.Rows {
		return fmt.Errorf("A has %d columns and the fractions %d rows: want one for each column of X̃", a.Cols, f.Rows)
	}
	return nil
}

// kearnsSaul returns κ(f) = (1 − 2f)/(2 log((1−f)/f)), the least κ such that
// log E e^(s r/δ) <= κ s²/2 for all s, where r is the rounding error at fraction f.
func kearnsSaul(f float64) float64 {
	f = math.Min(f, 1-f) // κ is symmetric, and log((1−f)/f) has no cancellation for f <= 1/2
	switch y := 1 - 2*f; {
	case f == 0:
		return 0
	case y < 1e-4:
		// The series of κ = y/(4 artanh y) about y = 0, where it is 0/0. The next
		// term, y⁴/45, is below 1e-17.
		return (1 - y*y/3) / 4
	default:
		return y / (2 * math.Log1p(y/f)) // (1−f)/f = 1 + y/f
	}
}

// cumulant returns log E e^(s r/δ), where r is the rounding error at fraction f:
// fδ with probability 1−f, and −(1−f)δ otherwise.
func cumulant(s, f float64) float64 {
	if s > 0 {
		// By symmetry this is the same, without the cancellation in log1p near −1.
		s, f = -s, 1-f
	}
	return s*f + math.Log1p(f*math.Expm1(-s))
}
