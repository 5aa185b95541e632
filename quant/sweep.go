// sweep.go visits the columns of a layer one after the other, in blocks.

package quant

import "gonum.org/v1/gonum/blas/blas64"

// subBlock is the number of columns inside a block whose mutual corrections are
// made row by row; corrections further on in the block are matrix products.
const subBlock = 8

// sweep runs one pass over the columns for a tile of T neurons. U (m×T) is the
// error carried along, and c_t = ⟨X̃_t, u_{t-1}⟩ for each neuron what a column
// needs to know of it. visit(t, c_t, e_t) is called for each position t in
// turn and writes e_t (T numbers), which moves the error by sign·e_t X̃_t:
//
//	u_t = u_{t-1} + w_t X_t (only where w is given) + sign·e_t X̃_t.
//
// Where w (N×T, by column number) is given, c_t includes ⟨X̃_t, w_t X_t⟩.
//
// Inside a block, u_{t-1} = u_start + Σ_s (w_s X_s + sign·e_s X̃_s), so that
// c_t = ⟨X̃_t, u_start⟩ + Σ_{s<=t} ⟨X̃_t, X_s⟩w_s + sign·Σ_{s<t} ⟨X̃_t, X̃_s⟩e_s:
// two matrix products a block and a small triangle.
func (l *Layer) sweep(u Matrix, w *Matrix, sign float64, ws *Workspace, visit func(t int, c, e []float64)) {
	for i := range l.blocks {
		b := &l.blocks[i]
		n := b.t1 - b.t0
		xb := Columns(l.xt, b.t0, b.t1)
		c, e := ws.c.Shape(n, u.Cols), ws.e.Shape(n, u.Cols)
		ws.mul(c, true, xb, u, 1, 0)
		if w != nil {
			wb := l.rows(*w, b.t0, b.t1, ws)
			ws.mul(c, false, b.cross, wb, 1, 1)
			ws.mul(u, false, Columns(l.x, b.t0, b.t1), wb, 1, 1)
		}
		for s0 := 0; s0 < n; s0 += subBlock {
			s1 := min(s0+subBlock, n)
			for t := s0; t < s1; t++ {
				ct := Row(c, t)
				for s := s0; s < t; s++ {
					blas64.Axpy(sign*b.gram.Data[t*b.gram.Stride+s], vector(Row(e, s)), vector(ct))
				}
				visit(b.t0+t, ct, Row(e, t))
			}
			ws.Operations += int64(s1-s0) * int64(s1-s0-1) * int64(u.Cols)
			if s1 < n {
				ws.mul(Rows(c, s1, n), false, sub(b.gram, s1, n, s0, s1), Rows(e, s0, s1), sign, 1)
			}
		}
		ws.mul(u, false, xb, e, sign, 1)
	}
}

// rows returns rows t0 to t1-1 of w by position visited: a view in the natural
// order, else a copy.
func (l *Layer) rows(w Matrix, t0, t1 int, ws *Workspace) Matrix {
	if l.perm == nil {
		return Rows(w, t0, t1)
	}
	out := ws.w.Shape(t1-t0, w.Cols)
	for k, t := range l.perm[t0:t1] {
		copy(Row(out, k), Row(w, t))
	}
	return out
}

// column returns the number of the column visited k-th.
func (l *Layer) column(k int) int {
	if l.perm == nil {
		return k
	}
	return l.perm[k]
}
