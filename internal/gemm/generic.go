// The kernel generic: gonum's Dgemm, for processors without a kernel of our own.

package gemm

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// genericRows and genericCols are the largest part of C, in entries, that one
// call of gonum's Dgemm computes. gonum cuts C into blocks of 64×64 entries and
// starts goroutines where there are four blocks or more, so three of them keep
// the work on the caller's goroutine.
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
		beta = 1 // the blocks of steps that follow add to C
	}
}
