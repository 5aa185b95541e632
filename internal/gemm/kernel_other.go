// Without kernels of our own: other processors than amd64, or the tag noasm.

//go:build !amd64 || noasm

package gemm

// supported lists the kernels that can run here.
func supported() []*kernel { return []*kernel{generic} }

// mul computes C = alpha*op(A)*op(B) + beta*C for arguments that are in order.
func (kn *kernel) mul(m, n, k int, alpha float64, a, b operand, beta float64, c []float64, ldc int) {
	mulGeneric(m, n, k, alpha, a, b, beta, c, ldc)
}
