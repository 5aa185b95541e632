// How the kernels cut a product into tiles.

package gemm

import "spfq/internal/kernel"

// A tiling is how one kernel multiplies. The vector kernels keep a tile of C in
// registers, rows × (vecs·lanes), and differ in these numbers only.
type tiling struct {
	kernel  kernel.Kernel
	rows    int // rows of a tile
	lanes   int // float64 in a vector register
	inPlace int // largest number of rows of C with which op(B) is read in place where that is possible
}

// vecs is the largest number of vector registers that the columns of a tile take.
const vecs = 3

// generic stands for gonum's multiplication, which has no tiles of ours.
var generic = &tiling{kernel: kernel.Generic}

// tilingOf returns the tiling of a kernel.
func tilingOf(k kernel.Kernel) *tiling {
	for _, kn := range tilings {
		if kn.kernel == k {
			return kn
		}
	}
	return generic
}

// active is the tiling of the kernel in use. If no kernel is active it is
// generic, but then Mul panics before it reads it.
var active = tilingOf(kernel.Active())
