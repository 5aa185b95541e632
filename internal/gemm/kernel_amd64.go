// The tilings of the kernels of amd64.

//go:build !noasm

package gemm

import "spfq/internal/kernel"

//go:generate go -C ../asm run . -write gemm -out ../gemm/tile_amd64.s -stubs ../gemm/tile_amd64.go -pkg gemm

// tilings lists the tilings of the assembly, fastest first. The tiles fill the
// registers: 24 of the 32 of AVX-512 and 12 of the 16 of AVX2 hold sums, the
// others a line of B and an entry of A. A line of B serves 8 rows with AVX-512
// and 4 with AVX2, so AVX2 reads B twice as fast and gains from packing it from
// far fewer rows on. The limits inPlace were measured on a Zen 4, and hold on a
// Zen 5.
var tilings = []*tiling{
	{kernel: kernel.AVX512, rows: 8, lanes: 8, inPlace: 256},
	{kernel: kernel.AVX2, rows: 4, lanes: 4, inPlace: 16},
}

// vectors returns the number of vectors that n columns take.
func (kn *tiling) vectors(n int) int { return (n + kn.lanes - 1) / kn.lanes }

// tile computes C = alpha*A*B + beta*C for one tile: all its rows, and as many
// columns as the vectors of b have lanes. A and B are panels of k ≥ 1 lines.
func (kn *tiling) tile(k int, a, b panel, alpha, beta float64, c *float64, ldc int) {
	if kn.kernel == kernel.AVX512 {
		tile512(kn.vectors(b.entries), k, a.first, a.step, b.first, b.step, alpha, beta, c, ldc)
	} else {
		tile256(kn.vectors(b.entries), k, a.first, a.step, b.first, b.step, alpha, beta, c, ldc)
	}
}

// mul computes C = alpha*op(A)*op(B) + beta*C for arguments that checkedMul has
// checked.
func (kn *tiling) mul(m, n, k int, alpha float64, a, b operand, beta float64, c []float64, ldc int) {
	if kn == generic {
		mulGeneric(m, n, k, alpha, a, b, beta, c, ldc)
	} else {
		kn.mulTiles(m, n, k, alpha, a, b, beta, c, ldc)
	}
}
