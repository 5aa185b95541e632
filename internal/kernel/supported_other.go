// Builds without kernels of our own: for processors other than amd64, or with
// the build tag noasm.

//go:build !amd64 || noasm

package kernel

// Supported lists the kernels that can run here, fastest first.
func Supported() []Kernel { return []Kernel{Generic} }
