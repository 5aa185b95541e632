// matrix.go has the few matrix operations that the rest of the package shares.

package quant

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"

	"spfq/internal/gemm"
)

// Matrix is a dense row-major matrix of gonum, such as (*mat.Dense).RawMatrix returns.
type Matrix = blas64.General

// NewMatrix returns a rows×cols matrix of zeros.
func NewMatrix(rows, cols int) Matrix {
	return Matrix{Rows: rows, Cols: cols, Stride: max(cols, 1), Data: make([]float64, rows*cols)}
}

// Row returns row i of a, sharing its data.
func Row(a Matrix, i int) []float64 { return a.Data[i*a.Stride : i*a.Stride+a.Cols] }

// Columns returns columns j0 to j1−1 of a, sharing its data.
func Columns(a Matrix, j0, j1 int) Matrix {
	return sub(a, 0, a.Rows, j0, j1)
}

// Rows returns rows i0 to i1−1 of a, sharing its data.
func Rows(a Matrix, i0, i1 int) Matrix {
	return sub(a, i0, i1, 0, a.Cols)
}

// sub returns rows i0 to i1−1 and columns j0 to j1−1 of a, sharing its data.
func sub(a Matrix, i0, i1, j0, j1 int) Matrix {
	s := Matrix{Rows: i1 - i0, Cols: j1 - j0, Stride: a.Stride}
	if s.Rows > 0 && s.Cols > 0 {
		s.Data = a.Data[i0*a.Stride+j0 : (i1-1)*a.Stride+j1]
	}
	return s
}

// Mul computes c = a·b + beta·c. Shapes that do not fit panic.
func Mul(c Matrix, a, b Matrix, beta float64) { mul(c, false, a, b, 1, beta) }

// mul computes what the function mul does, and counts the operations.
func (ws *Workspace) mul(c Matrix, transA bool, a, b Matrix, alpha, beta float64) {
	mul(c, transA, a, b, alpha, beta)
	ws.Operations += 2 * int64(a.Rows) * int64(a.Cols) * int64(b.Cols)
}

// mul computes c = alpha·op(a)·b + beta·c, where op(a) is aᵀ if transA is set, else a.
func mul(c Matrix, transA bool, a, b Matrix, alpha, beta float64) {
	m, k := a.Rows, a.Cols
	if transA {
		m, k = k, m
	}
	if c.Rows != m || c.Cols != b.Cols || k != b.Rows {
		panic(fmt.Sprintf("quant: product of %d×%d and %d×%d into %d×%d", m, k, b.Rows, b.Cols, c.Rows, c.Cols))
	}
	gemm.Mul(transA, false, m, b.Cols, k, alpha, a.Data, a.Stride, b.Data, b.Stride, beta, c.Data, c.Stride)
}

// Buffer is memory for a matrix whose shape differs from use to use.
type Buffer struct{ data []float64 }

// Shape returns a rows×cols matrix of unspecified content. It overwrites the matrix
// that was returned before.
func (s *Buffer) Shape(rows, cols int) Matrix {
	if cap(s.data) < rows*cols {
		s.data = nil // so that the old memory does not live beside the new
		s.data = make([]float64, rows*cols)
	}
	return Matrix{Rows: rows, Cols: cols, Stride: max(cols, 1), Data: s.data[:rows*cols]}
}

func copyMatrix(dst, src Matrix) {
	for i := range src.Rows {
		copy(Row(dst, i), Row(src, i))
	}
}

func zero(a Matrix) {
	for i := range a.Rows {
		clear(Row(a, i))
	}
}
