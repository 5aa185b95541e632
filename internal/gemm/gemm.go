// The entry point: the checks, and the products that need no kernel.

package gemm

import (
	"fmt"

	"spfq/internal/kernel"
)

// kc is the number of steps in a block. A kernel sums the products of a block
// in registers before it adds the sum to C, so kc is part of the numerical
// contract; see the package comment.
const kc = 256

// Mul computes C = alpha*op(A)*op(B) + beta*C, where op(X) is X or, if asked
// for, its transpose; C is m×n, op(A) m×k and op(B) k×n. The matrices are
// row-major: row i of A begins at a[i*lda]. If beta is zero C is written
// without being read, and if alpha or k is zero neither A nor B is read.
// C must not overlap A or B. Mul panics if the sizes and slices do not fit.
func Mul(transA, transB bool, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	kernel.Must()
	active.checkedMul(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}

// checkedMul is Mul with the kernel kn.
func (kn *tiling) checkedMul(transA, transB bool, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	if m < 0 || n < 0 || k < 0 {
		panic(fmt.Sprintf("gemm: negative size: m %d, n %d, k %d", m, n, k))
	}
	check("A", transA, m, k, a, lda)
	check("B", transB, k, n, b, ldb)
	check("C", false, m, n, c, ldc)
	if m == 0 || n == 0 {
		return
	}
	if k == 0 || alpha == 0 {
		scale(m, n, beta, c, ldc)
		return
	}
	kn.mul(m, n, k, alpha, operand{a, lda, transA}, operand{b, ldb, !transB}, beta, c, ldc)
}

// check panics unless x can hold a matrix X with op(X) of rows × cols. The
// kernels rely on it, so it divides where a product could overflow.
func check(name string, trans bool, rows, cols int, x []float64, ld int) {
	if trans {
		rows, cols = cols, rows
	}
	if ld < max(1, cols) {
		panic(fmt.Sprintf("gemm: %s has rows of %d entries %d apart", name, cols, ld))
	}
	if rows == 0 || cols == 0 {
		return
	}
	if len(x) < cols || (len(x)-cols)/ld < rows-1 {
		panic(fmt.Sprintf("gemm: %s has %d rows of %d entries %d apart in a slice of %d",
			name, rows, cols, ld, len(x)))
	}
}

// scale computes C = beta*C.
func scale(m, n int, beta float64, c []float64, ldc int) {
	for i := range m {
		row := c[i*ldc:][:n]
		if beta == 0 {
			clear(row) // a product with zero would keep a NaN of C
			continue
		}
		for j := range row {
			row[j] *= beta
		}
	}
}
