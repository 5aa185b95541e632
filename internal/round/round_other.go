// round_other.go stands in for the kernels on processors other than amd64, and
// under the tag noasm.

//go:build !amd64 || noasm

package round

// vectors leaves all neurons to the portable code.
func (r *Rounder) vectors(*Rows) int { return 0 }
