// influence.go computes how much each rounding error moves each output.

package bound

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// Influence returns the m×N matrix A with entries a_{k,t} such that the error of
// sample k at the end of the path is Σ_t a_{k,t} r_t, where r_t are the rounding
// errors: T0 of docs/theory.md. xt is X̃ (m×N), its columns in the order in which
// they are visited. Column t of A is P_N⋯P_{t+1} X̃_t, where P_s projects onto the
// orthogonal complement of X̃_s. If X̃_t = 0, column t of A is zero and P_t is the
// identity.
//
// The product of projections is built up from t = N backwards with one rank-one
// update a column, which takes 4m²N operations in all.
func Influence(xt blas64.General) (blas64.General, error) {
	a, _, err := influence(xt)
	return a, err
}

// Contraction returns ‖P_N⋯P_1‖, with the projections of Influence: one more pass
// over the columns multiplies the norm of an alignment's residual by at most this
// factor (T2 of docs/theory.md). It is 1 where the rank of X̃ is below m, since no
// pass changes the part of the residual that is orthogonal to all columns.
func Contraction(xt blas64.General) (float64, error) {
	_, rest, err := influence(xt)
	if err != nil {
		return 0, err
	}
	norm, err := spectral(rest)
	return math.Min(norm, 1), err // a product of projections: more is rounding
}

// influence returns A and the product P_N⋯P_1 (m×m).
func influence(xt blas64.General) (a, rest blas64.General, err error) {
	if err := matrix("X̃", xt, math.Inf(-1), math.Inf(1)); err != nil {
		return a, rest, err
	}
	m, n := xt.Rows, xt.Cols
	a = blas64.General{Rows: m, Cols: n, Stride: n, Data: make([]float64, m*n)}
	rest = blas64.General{Rows: m, Cols: m, Stride: m, Data: make([]float64, m*m)}
	for i := range m {
		rest.Data[i*m+i] = 1
	}
	unit := blas64.Vector{N: m, Inc: 1, Data: make([]float64, m)}
	for t := n - 1; t >= 0; t-- {
		// Here rest is P_N⋯P_{t+1}. The column is divided by its norm first, so that
		// no square underflows.
		blas64.Copy(column(xt, t), unit)
		norm := blas64.Nrm2(unit)
		if norm == 0 {
			continue
		}
		for i := range unit.Data {
			unit.Data[i] /= norm
		}
		at := column(a, t)
		blas64.Gemv(blas.NoTrans, 1, rest, unit, 0, at)
		blas64.Ger(-1, at, unit, rest)
		blas64.Scal(norm, at)
	}
	return a, rest, nil
}

func column(a blas64.General, t int) blas64.Vector {
	return blas64.Vector{N: a.Rows, Inc: a.Stride, Data: a.Data[t:]}
}

// Proxy holds the numbers of an influence matrix A (m×N) that the bounds from the
// data take. They do not depend on δ, n or η.
type Proxy struct {
	Row       float64 // ρ = max_k (Σ_t a_{k,t}²)^½, the largest row norm
	Frobenius float64 // ‖A‖_F
	Spectral  float64 // ‖A‖, the largest singular value
	// Share is the largest max_t |a_{k,t}| / (Σ_t a_{k,t}²)^½ over the rows k. At
	// least 1/Share² columns contribute to an output's error. No bound needs it; it
	// tells how far a single rounding error can take an output's error from a
	// normal distribution.
	Share float64
}

// Measure returns the Proxy of an influence matrix a (m×N).
func Measure(a blas64.General) (Proxy, error) {
	if err := matrix("A", a, math.Inf(-1), math.Inf(1)); err != nil {
		return Proxy{}, err
	}
	var p Proxy
	for k := range a.Rows {
		row := blas64.Vector{N: a.Cols, Inc: 1, Data: a.Data[k*a.Stride:]}
		norm := blas64.Nrm2(row)
		if norm == 0 {
			continue
		}
		largest := row.Data[blas64.Iamax(row)]
		p.Row = math.Max(p.Row, norm)
		p.Share = math.Max(p.Share, math.Abs(largest)/norm)
		p.Frobenius = math.Hypot(p.Frobenius, norm)
	}
	var err error
	p.Spectral, err = spectral(a)
	return p, err
}

// spectral returns the largest singular value of a.
func spectral(a blas64.General) (float64, error) {
	var dense mat.Dense
	dense.SetRawMatrix(a)
	var svd mat.SVD
	if !svd.Factorize(&dense, mat.SVDNone) {
		return 0, fmt.Errorf("the singular values of a %d×%d matrix did not converge", a.Rows, a.Cols)
	}
	return svd.Values(nil)[0], nil
}
