// Without kernels of our own: other processors than amd64, or the tag noasm.

//go:build !amd64 || noasm

package round

// vectors leaves all neurons to the portable code.
func (r *Rounder) vectors(*Rows) int { return 0 }
