// The multiplication for processors without a kernel of our own: gonum's.

package gemm

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// gonum multiplies blocks of C of 64×64 entries, and starts goroutines for
// four of them or more. Three blocks side by side at a time keep it on the
// caller's.
const (
	genericRows = 64
	genericCols = 3 * 64
)

// mulGeneric computes C = alpha*op(A)*op(B) + beta*C with gonum's Dgemm.
func mulGeneric(m, n, k int, alpha float64, a, b operand, beta float64, c []float64, ldc int) {
	ta, tb := blas.NoTrans, blas.Trans
	if a.lines {
		ta = blas.Trans
	}
	if b.lines {
		tb = blas.NoTrans
	}
	for p := 0; p < k; p += kc {
		kb := min(kc, k-p)
		for i := 0; i < m; i += genericRows {
			mb := min(genericRows, m-i)
			for j := 0; j < n; j += genericCols {
				nb := min(genericCols, n-j)
				gonum.Implementation{}.Dgemm(ta, tb, mb, nb, kb,
					alpha, a.from(p, i), a.ld, b.from(p, j), b.ld, beta, c[i*ldc+j:], ldc)
			}
		}
		beta = 1 // what follows is added
	}
}
