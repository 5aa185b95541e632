// Package gemm multiplies matrices of float64, near the limit of one core of
// the processor. Every matrix product of the program is computed here, also
// those inside gonum's factorizations.
//
// # Notation
//
// Mul computes C = alpha*op(A)*op(B) + beta*C. C is m×n, op(A) m×k and op(B)
// k×n, and op is the identity or the transposition. Matrices are row-major:
// entry (i,j) of A is a[i*lda+j]. A step is one of the k indices that a
// product sums over. Line p of a factor is what step p needs of it: column p
// of op(A) or row p of op(B). A tile is the part of C that a kernel computes
// at a time. A panel is a part of a factor: consecutive lines, cut to the width
// of a tile.
//
// The lines of a factor are contiguous in memory if it is a transposed A or a B
// that is not transposed. Such a factor can be read in place, and mostly is;
// any other is packed into panels first.
//
// # Kernels
//
// The kernels (package kernel) avx512 and avx2 are assembly for amd64, which the
// program in internal/asm generates; generic is gonum's Dgemm, for other
// processors and under the build tag noasm.
//
// # Numerical contract
//
// The kernels avx512 and avx2 compute each entry c of C as follows, where
// every operation rounds to nearest and fma(x,y,z) = x*y+z rounds once:
//
//	s = beta*c, or +0 if beta is zero
//	for each block of 256 consecutive steps, ascending, if alpha is not zero:
//		t = +0
//		for each step p of the block, ascending:
//			t = fma(A(i,p), B(p,j), t)
//		s = fma(alpha, t, s)
//	c = s
//
// The last block may be shorter. So the bits of c depend only on its row of
// op(A), its column of op(B), k, alpha, beta and the old c: not on m and n, its
// position, the strides, the transpositions, what is packed, or which of the
// two kernels runs. Only the payload of a NaN may differ.
//
// The kernel generic adds in another order, and may skip products with a zero
// of A, so that a NaN or infinity of B they meet is lost. For finite numbers
// its result is within the same bound of rounding errors, which the tests
// derive, but its bits are its own.
//
// # Invariants
//
// Only the entries within the m, n and k given are read or written, even where
// a slice is longer. Mul starts no goroutine, may be called from several at
// once, and allocates nothing once there are as many workspaces as calls that
// run at the same time.
//
// # What it refuses
//
// Mul panics on negative sizes, on strides shorter than the rows, on slices
// shorter than their matrix, and where no kernel is active. It does not
// notice that C overlaps A or B, for which its result is undefined.
package gemm
