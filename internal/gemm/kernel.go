// How the kernels cut a product into tiles.

package gemm

import "spfq/internal/kernel"

// A tiling is how one kernel multiplies. The vector kernels keep a tile of C in
// registers, rows × (vecs·lanes), and differ in these numbers only.
type tiling struct {
	kernel  kernel.Kernel
	rows    int // rows of a tile
	lanes   int // float64 in a vector register
	inPlace int // most rows of C for which op(B) is not packed if it need not be
}

// vecs is the most vector registers that the columns of a tile take.
const vecs = 3

// generic is gonum's multiplication.
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

// active is the tiling in use; where no kernel is, Mul panics before it is read.
var active = tilingOf(kernel.Active())
