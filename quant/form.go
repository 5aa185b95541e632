// form.go chooses between two ways to compute the same numbers, and makes the inner
// products that each needs.

package quant

import "unsafe"

// Form is how the inner products ⟨X̃_t, u⟩ of a column and the error so far are
// computed.
type Form string

const (
	// Direct carries u (m×n) along, which takes 4mNn operations to follow the path.
	Direct Form = "direct"
	// Gram carries the errors e instead: ⟨X̃_t, u⟩ = Σ_{s<t} ⟨X̃_t, X̃_s⟩e_s, whose
	// inner products are made once. That takes N²n + mN² operations, fewer where N is
	// less than about 4m. Its rounding errors are those of sums of N products of
	// whole columns, not those of m products with the small u.
	Gram Form = "gram"
)

// chooseForm returns the form of the shape: "" where the method neither visits
// columns nor has an exact alignment, Direct where each neuron has its own order,
// else the one that is asked for or the one with fewer operations.
func (s Shape) chooseForm() Form {
	switch {
	case !s.sweeps() && (s.Same || s.Method.Align.Kind != AlignExact):
		return ""
	case s.Method.Order == ByWeight:
		return Direct
	case s.Form != "":
		return s.Form
	}
	direct, gram := s, s
	direct.Form, gram.Form = Direct, Gram
	if gram.cost().Total() < direct.cost().Total() {
		return Gram
	}
	return Direct
}

// block is a run of columns [t0, t1), by position visited, with the inner
// products among them.
type block struct {
	t0, t1 int
	gram   Matrix // ⟨X̃_t, X̃_s⟩
	// Only for alignments of order r: cross is ⟨X̃_t, X_s⟩ for s <= t, else 0; solve is
	// the inverse of the lower triangle of gram, zero for dead columns.
	cross, solve Matrix
}

// DefaultBlock is the number of columns in a block. It is large enough for products to
// run at full speed, and no larger, since the triangles inside blocks grow with it.
const DefaultBlock = 32

// makeBlocks cuts the columns into blocks and makes the inner products that the
// form needs.
func (l *Layer) makeBlocks(size int) {
	n, descends := l.xt.Cols, l.shape.descends()
	l.blocks = make([]block, 0, (n+size-1)/size)
	if l.Form == Gram {
		// Path following and a first pass need inner products with earlier columns only.
		lower := !descends || l.shape.Method.Align.Passes == 1
		l.gram = NewMatrix(n, n)
		innerProducts(l.gram, l.xt, l.xt, true)
		if !lower {
			mirror(l.gram)
		}
		if descends {
			l.cross = NewMatrix(n, n)
			innerProducts(l.cross, l.xt, l.x, lower)
		}
	}
	for t0 := 0; t0 < n; t0 += size {
		b := block{t0: t0, t1: min(t0+size, n)}
		w, xb := b.t1-b.t0, Columns(l.xt, b.t0, b.t1)
		if l.Form == Gram {
			b.gram = sub(l.gram, b.t0, b.t1, b.t0, b.t1)
		} else {
			b.gram = NewMatrix(w, w)
			mul(b.gram, true, xb, xb, 1, 0)
		}
		if descends {
			b.cross = NewMatrix(w, w)
			if l.Form == Gram {
				copyMatrix(b.cross, sub(l.cross, b.t0, b.t1, b.t0, b.t1))
			} else {
				mul(b.cross, true, xb, Columns(l.x, b.t0, b.t1), 1, 0)
			}
			for t := range w {
				clear(Row(b.cross, t)[t+1:])
			}
			b.solve = inverseTriangle(b.gram, l.inv[b.t0:b.t1])
		}
		l.blocks = append(l.blocks, b)
	}
}

// blocksCost is the operations of the inner products that makeBlocks makes: blocks of
// b×b, the strips of lower triangles, or whole matrices.
func (s Shape) blocksCost() int64 {
	if !s.blocked() {
		return 0
	}
	m, N, _, b := s.sizes()
	lower := m * N * (N + min(strip, N))
	switch {
	case s.Form == Direct && s.descends():
		return 4 * m * b * N
	case s.Form == Direct:
		return 2 * m * b * N
	case s.descends() && s.passes() > 1:
		return lower + 2*m*N*N
	case s.descends():
		return 2 * lower
	}
	return lower
}

// blockHeader is the numbers of 8 bytes in a block beside its matrices.
const blockHeader = int64(unsafe.Sizeof(block{}) / 8)

// blocksMemory is what the matrices and blocks of makeBlocks take.
func (s Shape) blocksMemory() int64 {
	if !s.blocked() {
		return 0
	}
	_, N, _, b := s.sizes()
	count, last := N/b, N%b
	own := count*b*b + last*last // numbers in one matrix for each block
	sum := blockHeader * count
	if last > 0 {
		sum += blockHeader
	}
	grams := int64(1) // N×N matrices in the form Gram: X̃ᵀX̃, and X̃ᵀX where it descends
	if s.descends() {
		grams = 2
		sum += 2 * own // the blocks' cross and solve
	}
	if s.Form == Gram {
		return sum + grams*N*N
	}
	return sum + own // the blocks' gram
}

// strip is the number of columns of a Gram matrix that are made at a time, a multiple
// of the width of a tile of the products.
const strip = 96

// innerProducts sets c = aᵀb, or at least its lower triangle. Samples, which each strip
// reads anew, are taken some at a time, so that a cache holds them.
func innerProducts(c, a, b Matrix, lower bool) {
	const samples = 512
	for k := 0; k < a.Rows; k += samples {
		beta := 1.0
		if k == 0 {
			beta = 0
		}
		end := min(k+samples, a.Rows)
		for j := 0; j < c.Cols; j += strip {
			first := 0
			if lower {
				first = j
			}
			to := min(j+strip, c.Cols)
			mul(sub(c, first, c.Rows, j, to), true, sub(a, k, end, first, a.Cols), sub(b, k, end, j, to), 1, beta)
		}
	}
}

// mirror copies the lower triangle of a to the upper one.
func mirror(a Matrix) {
	for i := range a.Rows {
		for j, v := range Row(a, i)[:i] {
			a.Data[j*a.Stride+i] = v
		}
	}
}

// inverseTriangle returns the inverse of the lower triangle of a Gram matrix, diagonal
// included. inv holds the reciprocals of the diagonal. Row t of the inverse is
// inv_t·(row t of I − Σ_{s<t} gram_ts·row s). Rows and columns with inv = 0 are zero.
//
// Multiplying by the inverse is stable. Scaled to a diagonal of ones, the triangle is
// I + L with I + L + Lᵀ positive semidefinite. So its symmetric part is at least I/2,
// and its inverse is at most 2 in norm, whatever the columns.
func inverseTriangle(gram Matrix, inv []float64) Matrix {
	out := NewMatrix(gram.Rows, gram.Rows)
	for t, d := range inv {
		row := Row(out, t)
		if d == 0 {
			continue
		}
		for s, g := range Row(gram, t)[:t] {
			for c, v := range Row(out, s)[:s+1] {
				row[c] -= g * v
			}
		}
		for c := range row[:t] {
			row[c] *= d
		}
		row[t] = d
	}
	return out
}
