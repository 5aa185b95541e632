// normals_amd64.go makes many normal draws at once, by the kernels of amd64.

//go:build !noasm

package rng

import (
	"math/bits"

	"spfq/internal/kernel"
)

//go:generate go -C ../asm run . -write rng -out ../rng/kernel_amd64.s -stubs ../rng/kernel_amd64.go -pkg rng

// stretch is the most draws a call of a kernel makes.
const stretch = 512

// normals draws for the first streams, as many as fill whole vectors, and returns
// their number.
func normals(dst []float64, streams []Stream, t int) int {
	return normalsBy(kernel.Must(), dst, streams, t)
}

// normalsBy does what normals does, with a given kernel.
func normalsBy(k kernel.Kernel, dst []float64, streams []Stream, t int) int {
	var lanes int
	switch k {
	case kernel.AVX512:
		lanes = 8
	case kernel.AVX2:
		lanes = 4
	default:
		return 0
	}
	whole := len(streams) &^ (lanes - 1)
	var rest [stretch / 4]uint8
	for j := 0; j < whole; j += stretch {
		n := min(stretch, whole-j)
		// The kernels are called by name, since arguments of a function variable
		// escape to the heap.
		if lanes == 8 {
			normals512(n, &dst[j], (*uint64)(&streams[j]), Weyl(t), &zig[0].width, &rest[0])
		} else {
			normals256(n, &dst[j], (*uint64)(&streams[j]), Weyl(t), &zig[0].width, &rest[0])
		}
		for g, refused := range rest[:n/lanes] {
			for ; refused != 0; refused &= refused - 1 {
				i := j + g*lanes + bits.TrailingZeros8(refused)
				dst[i] = streams[i].Normal(t)
			}
		}
	}
	return whole
}
