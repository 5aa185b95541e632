// Builds without kernels of our own: for processors other than amd64, or with
// the build tag noasm.

//go:build !amd64 || noasm

package gemm

// tilings lists the tilings of the assembly, of which this build has none.
var tilings []*tiling

// mul computes C = alpha*op(A)*op(B) + beta*C for arguments that checkedMul has
// checked.
func (kn *tiling) mul(m, n, k int, alpha float64, a, b operand, beta float64, c []float64, ldc int) {
	mulGeneric(m, n, k, alpha, a, b, beta, c, ldc)
}
