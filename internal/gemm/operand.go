// The factors as the kernels see them: lines along k, cut into panels.

package gemm

import "math/bits"

// An operand is op(A) or op(B) seen along k: step p of the multiplication
// needs line p, which is column p of op(A) or row p of op(B).
type operand struct {
	x  []float64
	ld int
	// lines tells that a line is contiguous: entry i of line p is x[p*ld+i],
	// otherwise x[i*ld+p].
	lines bool
}

// from returns the slice that begins at entry i of line p.
func (o operand) from(p, i int) []float64 {
	if o.lines {
		return o.x[p*o.ld+i:]
	}
	return o.x[i*o.ld+p:]
}

// scattered tells that the first k lines compete for few sets of the first-level
// cache, so that reading them again is reading them from further away: lines a
// large power of two apart, as the rows of wide matrices often are.
func (o operand) scattered(k int) bool {
	const line, sets, ways = 8, 64, 8 // of 64 bytes; the least that processors have
	if !o.lines || o.ld%line != 0 {
		return false
	}
	used := sets >> min(bits.TrailingZeros(uint(o.ld/line)), 6)
	return k > used*ways
}
