// Without kernels of our own: other processors than amd64, or the tag noasm.

//go:build !amd64 || noasm

package kernel

// Supported lists the kernels that can run here, fastest first.
func Supported() []Kernel { return []Kernel{Generic} }
