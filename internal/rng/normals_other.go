// normals_other.go stands in for the kernels on processors other than amd64, and
// under the tag noasm.

//go:build !amd64 || noasm

package rng

// normals leaves all draws to the portable code.
func normals([]float64, []Stream, int) int { return 0 }
