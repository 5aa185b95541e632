// gonum's factorizations multiply by Mul too.

package gemm

import (
	"spfq/internal/kernel"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/blas/gonum"
)

// forGonum is gonum's BLAS with the products of this package. Its other routines
// are linear or quadratic work, or call Dgemm for the rest.
type forGonum struct{ gonum.Implementation }

// Dgemm computes C = alpha*op(A)*op(B) + beta*C; see Mul.
func (forGonum) Dgemm(tA, tB blas.Transpose, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	Mul(tA != blas.NoTrans, tB != blas.NoTrans, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}

func init() {
	if kernel.Err() == nil && kernel.Active() != kernel.Generic { // which is gonum's Dgemm
		blas64.Use(forGonum{})
	}
}
