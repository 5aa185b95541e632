// Makes gonum's factorizations multiply by Mul.

package gemm

import (
	"spfq/internal/kernel"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/blas/gonum"
)

// forGonum is gonum's BLAS with the matrix product of this package. All other
// routines that a factorization calls, such as matrix-vector products and
// triangular solves, stay gonum's.
type forGonum struct{ gonum.Implementation }

// Dgemm computes C = alpha*op(A)*op(B) + beta*C; see Mul.
func (forGonum) Dgemm(tA, tB blas.Transpose, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	Mul(tA != blas.NoTrans, tB != blas.NoTrans, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}

func init() {
	if kernel.Err() == nil && kernel.Active() != kernel.Generic { // the generic kernel is gonum's Dgemm itself
		blas64.Use(forGonum{})
	}
}
