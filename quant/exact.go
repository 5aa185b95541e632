// exact.go solves X̃w̃ = Xw, exactly where X̃ has rank m, else by least squares.

package quant

import (
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// exactAligner holds what the exact alignments of a layer share.
type exactAligner struct {
	xt   Matrix // X̃, m×N, in the natural order
	pinv Matrix // X̃⁺, N×m
	// change is X̃⁺(X − X̃), N×N, for the least change in the form Gram; else empty.
	change Matrix
	rank   int
}

// maxCondition is the condition number above which QR is left for the singular
// value decomposition, which sees the rank. QR without pivoting solves to a
// relative error of about its condition number times 1e-16.
const maxCondition = 1e10

func newExactAligner(xt Matrix) (*exactAligner, error) {
	m, n := xt.Rows, xt.Cols
	var a mat.Dense
	a.SetRawMatrix(xt)
	var tall mat.Matrix = &a
	if m <= n {
		tall = a.T()
	}
	var pinv mat.Dense
	var qr mat.QR
	qr.Factorize(tall)
	if c := qr.Cond(); c <= maxCondition {
		// QR⁻ᵀ, the pseudo-inverse of the transpose of the tall matrix.
		if err := qr.SolveTo(&pinv, true, identity(min(m, n))); err != nil {
			return nil, fmt.Errorf("pseudo-inverse of X̃ (%d×%d): %w", m, n, err)
		}
		e := &exactAligner{xt: xt, pinv: pinv.RawMatrix(), rank: min(m, n)}
		if m > n {
			e.pinv = transposed(e.pinv)
		}
		return e, nil
	}
	var svd mat.SVD
	if !svd.Factorize(&a, mat.SVDThin) {
		return nil, fmt.Errorf("the singular value decomposition of X̃ (%d×%d) did not converge", m, n)
	}
	// Singular values below max(m, N)·ε·σ_1 are rounding errors.
	values := svd.Values(nil)
	rank := 0
	for rank < len(values) && values[rank] > float64(max(m, n))*0x1p-52*values[0] {
		rank++
	}
	if rank == 0 {
		return &exactAligner{xt: xt, pinv: NewMatrix(n, m)}, nil
	}
	var u, v mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	scaled := mat.DenseCopyOf(v.Slice(0, n, 0, rank))
	for t := range n {
		for i, s := range values[:rank] {
			scaled.Set(t, i, scaled.At(t, i)/s)
		}
	}
	pinv.Mul(scaled, u.Slice(0, m, 0, rank).T())
	return &exactAligner{xt: xt, pinv: pinv.RawMatrix(), rank: rank}, nil
}

// combine makes X̃⁺(X − X̃).
func (e *exactAligner) combine(x Matrix) {
	diff := NewMatrix(x.Rows, x.Cols)
	for k := range x.Rows {
		d, xt := Row(diff, k), Row(e.xt, k)
		for t, v := range Row(x, k) {
			d[t] = v - xt[t]
		}
	}
	e.change = NewMatrix(x.Cols, x.Cols)
	Mul(e.change, e.pinv, diff, 0)
}

// exactPrepareCost is the operations of the pseudo-inverse by QR, 4·max(m, N)·min(m, N)²
// to leading order, and of X̃⁺(X − X̃).
func (s Shape) exactPrepareCost() int64 {
	if !s.exact() {
		return 0
	}
	m, N, _, _ := s.sizes()
	small := min(m, N)
	sum := 4 * max(m, N) * small * small
	if s.combines() {
		sum += 2 * m * N * N
	}
	return sum
}

// leastChangeCost is the operations of w + X̃⁺(X − X̃)w: two products, or one where
// X̃⁺(X − X̃) has been made.
func (s Shape) leastChangeCost() int64 {
	m, N, n, _ := s.sizes()
	switch {
	case !s.exact() || s.Method.Align.Kind == AlignLeastMax:
		return 0
	case s.combines():
		return 2 * N * N * n
	}
	return 4 * m * N * n
}

// exactMemory is what X̃⁺ and X̃⁺(X − X̃) take.
func (s Shape) exactMemory() int64 {
	m, N, _, _ := s.sizes()
	switch {
	case s.combines():
		return m*N + N*N
	case s.exact():
		return m * N
	}
	return 0
}

// exactMaking is what is needed to make X̃⁺: a copy of X̃ and its factors, the
// solution, and an identity as the right side. It covers X − X̃, which is made when
// these are no longer needed.
func (s Shape) exactMaking() int64 {
	if !s.exact() {
		return 0
	}
	m, N, _, _ := s.sizes()
	small := min(m, N)
	return 3*m*N + small*small
}

// exactSpace is what (X − X̃)W of a tile of t neurons takes.
func (s Shape) exactSpace(t int64) (out Space) {
	if s.exact() && !s.combines() {
		out[bufR] = int64(s.Samples) * t
	}
	return out
}

func identity(n int) mat.Matrix {
	d := mat.NewDiagDense(n, nil)
	for i := range n {
		d.SetDiag(i, 1)
	}
	return d
}

// leastChange sets w̃ = w + X̃⁺r for a tile of neurons, where r = (X − X̃)w.
func (e *exactAligner) leastChange(wt, w, r Matrix, ws *Workspace) {
	copyMatrix(wt, w)
	ws.mul(wt, false, e.pinv, r, 1, 1)
}
