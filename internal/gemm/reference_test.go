// The numerical contract, written out: what every vector kernel must match
// bit for bit.

package gemm

import "math"

// reference computes C = alpha*op(A)*op(B) + beta*C entry by entry.
func reference(transA, transB bool, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	at := func(x []float64, ld int, trans bool, i, j int) float64 {
		if trans {
			i, j = j, i
		}
		return x[i*ld+j]
	}
	for i := range m {
		for j := range n {
			sum := 0.0
			if beta != 0 {
				sum = beta * c[i*ldc+j]
			}
			for p := 0; p < k && alpha != 0; p += 256 {
				block := 0.0
				for l := p; l < min(p+256, k); l++ {
					block = math.FMA(at(a, lda, transA, i, l), at(b, ldb, transB, l, j), block)
				}
				sum = math.FMA(alpha, block, sum)
			}
			c[i*ldc+j] = sum
		}
	}
}

// same tells whether x and y have the same bits, or are both not a number:
// which NaN comes out of an operation on two is up to the processor.
func same(x, y float64) bool {
	return math.Float64bits(x) == math.Float64bits(y) || x != x && y != y
}
