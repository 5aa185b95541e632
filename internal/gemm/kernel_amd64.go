// The kernels of amd64 and what the processor must have to run them.

//go:build !noasm

package gemm

import "golang.org/x/sys/cpu"

//go:generate go -C asm run . -out ../tile_amd64.s -stubs ../tile_amd64.go -pkg gemm

// The tiles fill the registers: 24 of 32 and 12 of 16 are sums, the others
// hold a line of B and an entry of A. Each line of B serves 8 and 4 rows; so
// AVX2 reads B twice as fast, and gains from packing it much earlier. The
// limits of reading in place are measured, on a Zen 4.
var (
	avx512 = &kernel{name: "avx512", rows: 8, lanes: 8, inPlace: 256}
	avx2   = &kernel{name: "avx2", rows: 4, lanes: 4, inPlace: 16}
)

// supported lists the kernels that can run here, fastest first. cpu.X86 tells
// of features only if the operating system saves their registers. What packs
// needs AVX, which both kernels imply.
func supported() []*kernel {
	var list []*kernel
	if cpu.X86.HasAVX512F {
		list = append(list, avx512)
	}
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		list = append(list, avx2)
	}
	return append(list, generic)
}

// vectors returns the number of vectors that n columns take.
func (kn *kernel) vectors(n int) int { return (n + kn.lanes - 1) / kn.lanes }

// tile computes C = alpha*A*B + beta*C for one tile: all its rows, and as many
// columns as the vectors of b have lanes. A and B are panels of k ≥ 1 lines.
func (kn *kernel) tile(k int, a, b panel, alpha, beta float64, c *float64, ldc int) {
	if kn == avx512 {
		tile512(kn.vectors(b.entries), k, a.first, a.step, b.first, b.step, alpha, beta, c, ldc)
	} else {
		tile256(kn.vectors(b.entries), k, a.first, a.step, b.first, b.step, alpha, beta, c, ldc)
	}
}

// mul computes C = alpha*op(A)*op(B) + beta*C for arguments that are in order.
func (kn *kernel) mul(m, n, k int, alpha float64, a, b operand, beta float64, c []float64, ldc int) {
	if kn == generic {
		mulGeneric(m, n, k, alpha, a, b, beta, c, ldc)
	} else {
		kn.mulTiles(m, n, k, alpha, a, b, beta, c, ldc)
	}
}
