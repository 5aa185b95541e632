// The factors as the kernels see them: lines along k, cut into panels.

package gemm

import "math/bits"

// An operand is op(A) or op(B) seen along k: step p of the multiplication
// needs line p, which is column p of op(A) or row p of op(B).
type operand struct {
	x  []float64
	ld int
	// lines tells whether the lines are contiguous. Entry i of line p is then
	// x[p*ld+i], and otherwise x[i*ld+p].
	lines bool
}

// from returns the slice that begins at entry i of line p.
func (o operand) from(p, i int) []float64 {
	if o.lines {
		return o.x[p*o.ld+i:]
	}
	return o.x[i*o.ld+p:]
}

// scattered tells whether k consecutive lines compete for so few sets of the
// first-level cache that not all of them stay in it, and reading them again
// fetches them from further away. This happens to lines that are a multiple of a
// large power of two apart, as the rows of wide matrices often are.
func (o operand) scattered(k int) bool {
	// A cache line is 64 bytes, that is 8 entries; 64 sets of 8 ways are the
	// smallest first-level cache that processors have.
	const line, sets, ways = 8, 64, 8
	if !o.lines || o.ld%line != 0 {
		return false
	}
	used := sets >> min(bits.TrailingZeros(uint(o.ld/line)), 6)
	return k > used*ways
}
