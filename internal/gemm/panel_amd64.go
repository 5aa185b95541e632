// Panels: what a kernel reads of a factor, in place or packed.

//go:build !noasm

package gemm

// A panel is a part of an operand: a few entries, as many as a tile has rows
// or columns, of consecutive lines. Lines are step elements apart.
type panel struct {
	first   *float64
	step    int
	entries int // entries of each line that belong to the matrix; zeros may follow them
}

// panel returns the panel of n entries from entry i on, of the k lines from
// line p on, with room for width entries. The panel is the matrix itself if
// inPlace allows it, the lines are contiguous and n is width; otherwise it is
// packed into buf. Slices are cut to what the assembly touches before it is
// called, so that Go checks its bounds.
func (o operand) panel(buf []float64, p, k, i, n, width int, inPlace bool) panel {
	if inPlace && o.lines && n == width {
		x := o.from(p, i)[:(k-1)*o.ld+n]
		return panel{&x[0], o.ld, n}
	}
	o.pack(buf[:k*width], p, k, i, n, width)
	return panel{&buf[0], width, n}
}

// pack copies the panel of n entries from entry i on, of the k lines from line p
// on, to dst, in lines of width ≥ n entries, of which those after the first n
// are zero. Assembly moves four entries at a time and a loop moves the rest.
func (o operand) pack(dst []float64, p, k, i, n, width int) {
	entries, lines := n&^3, k // how many entries of how many lines assembly moves
	switch {
	case entries == 0:
	case o.lines:
		x := o.from(p, i)[:(k-1)*o.ld+entries]
		copyLines(&dst[0], width, &x[0], o.ld, entries/4, k)
	case k < 4:
		lines = 0
	default:
		lines = k &^ 3
		for r := 0; r < entries; r += 4 {
			x := o.from(p, i+r)[:3*o.ld+lines]
			transpose4(&dst[r], width, &x[0], o.ld, lines/4)
		}
	}
	first := 0 // the first line in which something is left for the loop
	if entries == width {
		first = lines
	}
	for l := first; l < k; l++ {
		s := 0
		if l < lines {
			s = entries
		}
		for ; s < n; s++ {
			dst[l*width+s] = o.from(p+l, i+s)[0]
		}
		clear(dst[l*width:][s:width])
	}
}
