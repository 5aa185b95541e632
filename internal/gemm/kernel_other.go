// Without kernels of our own: other processors than amd64, or the tag noasm.

//go:build !amd64 || noasm

package gemm

// tilings lists those beside generic.
var tilings []*tiling

// mul computes C = alpha*op(A)*op(B) + beta*C for arguments that are in order.
func (kn *tiling) mul(m, n, k int, alpha float64, a, b operand, beta float64, c []float64, ldc int) {
	mulGeneric(m, n, k, alpha, a, b, beta, c, ldc)
}
