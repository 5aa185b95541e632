// The factors as the kernels see them: lines along k, cut into panels.

package gemm

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
