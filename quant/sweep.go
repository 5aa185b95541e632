// sweep.go visits the columns of a layer one after the other, in blocks.

package quant

import "spfq/internal/round"

// subBlock is the number of columns inside a block whose corrections of each other are
// made in registers. The corrections by columns further back in the block are matrix
// products.
const subBlock = round.MaxRows

// follow runs path following over a tile of T neurons. In each block, C holds
// c_t = ⟨X̃_t, u_{t-1}⟩. A product makes it of what is known at the start of the block;
// inside the block u_{t-1} = u_start + Σ_s e_s X̃_s. Each error e_t takes the place of
// c_t when it is made, and corrects the c_s of the columns that follow.
func (l *Layer) follow(tile *Tile, r *round.Rounder, ws *Workspace) {
	cols := tile.W.Cols
	var u, e Matrix
	if l.Form == Gram {
		e = ws.shape(bufE, l.xt.Cols, cols) // of all columns
	} else {
		u = ws.shape(bufU, l.xt.Rows, cols)
		zero(u)
	}
	for i := range l.blocks {
		b := &l.blocks[i]
		n := b.t1 - b.t0
		xb := Columns(l.xt, b.t0, b.t1)
		var c Matrix
		if l.Form == Gram {
			c = Rows(e, b.t0, b.t1)
			ws.mul(c, false, sub(l.gram, b.t0, b.t1, 0, b.t0), Rows(e, 0, b.t0), 1, 0)
		} else {
			c = ws.shape(bufE, n, cols)
			ws.mul(c, true, xb, u, 1, 0)
		}
		for s0 := 0; s0 < n; s0 += subBlock {
			s1 := min(s0+subBlock, n)
			if s0 > 0 {
				ws.mul(Rows(c, s0, s1), false, sub(b.gram, s0, s1, 0, s0), Rows(c, 0, s0), 1, 1)
			}
			l.round(tile, r, b, s0, s1, c, ws)
			ws.Operations += int64(s1-s0) * int64(s1-s0-1) * int64(cols)
		}
		if l.Form == Direct {
			ws.mul(u, false, xb, c, 1, 1)
		}
	}
}

// followCost is the operations of path following. With u carried along they are 4mNn
// and those of the blocks' triangles, without N(N − 1)n, triangles included.
func (s Shape) followCost() int64 {
	m, N, n, b := s.sizes()
	switch {
	case !s.Method.Feedback:
		return 0
	case s.byWeight():
		return 4 * m * N * n
	case s.Form == Gram:
		return N * (N - 1) * n
	}
	return (4*m + b - 1) * N * n
}

// followSpace is what following the path takes for a tile of t neurons.
func (s Shape) followSpace(t int64) (out Space) {
	m, N, _, b := s.sizes()
	switch {
	case !s.Method.Feedback || s.byWeight():
	case s.Form == Gram:
		out[bufE] = N * t
	default:
		out[bufU], out[bufE] = m*t, b*t
	}
	return out
}

// round rounds positions s0 to s1−1 of block b, whose rows of c it corrects.
func (l *Layer) round(tile *Tile, r *round.Rounder, b *block, s0, s1 int, c Matrix, ws *Workspace) {
	rows := &ws.rows
	rows.T = rows.T[:0]
	for s := s0; s < s1; s++ {
		t := l.column(b.t0 + s)
		rows.W[s-s0], rows.Q[s-s0], rows.F[s-s0] = Row(tile.Aligned, t), Row(tile.Q, t), nil
		if tile.Fractions.Rows > 0 {
			rows.F[s-s0] = Row(tile.Fractions, b.t0+s)
		}
		rows.T = append(rows.T, t)
	}
	c, gram := Rows(c, s0, s1), sub(b.gram, s0, s1, s0, s1)
	rows.C, rows.CStep = c.Data, c.Stride
	rows.Gram, rows.GramStep = gram.Data, gram.Stride
	rows.Inv = l.inv[b.t0+s0 : b.t0+s1]
	r.Rows(rows)
}

// descend runs the passes of cyclic coordinate descent. The first pass starts from
// û = 0 and does, for each column t in turn, û += w_t X_t, w̃_t = ⟨û, X̃_t⟩/‖X̃_t‖² and
// û −= w̃_t X̃_t. Each further pass has û += w̃_t X̃_t in place of the first step, which
// is the same as moving w̃_t by d_t = ⟨û, X̃_t⟩/‖X̃_t‖² and û by −d_t X̃_t. A dead column
// keeps w̃_t = w_t, which changes nothing in the outputs.
//
// Inside a block both are a triangular system (D + L)e = c, where D + L is the lower
// triangle of the block's Gram matrix and c is what is known at the start of the block,
// in the first pass with Σ_{s<=t} ⟨X̃_t, X_s⟩w_s added. So e = solve·c.
func (l *Layer) descend(tile *Tile, ws *Workspace) {
	w, wt := tile.W, tile.Aligned // by position visited
	if l.perm != nil {
		w, wt = ws.shape(bufW, w.Rows, w.Cols), ws.shape(bufZ, w.Rows, w.Cols)
		for k, t := range l.perm {
			copy(Row(w, k), Row(tile.W, t))
		}
	}
	if l.Form == Gram {
		l.descendGram(w, wt, ws)
	} else {
		l.descendDirect(w, wt, ws)
	}
	for k := range w.Rows {
		switch t := l.column(k); {
		case l.inv[k] == 0:
			copy(Row(tile.Aligned, t), Row(w, k))
		case l.perm != nil:
			copy(Row(tile.Aligned, t), Row(wt, k))
		}
	}
}

// descendDirect does what descend does, with û carried along.
func (l *Layer) descendDirect(w, wt Matrix, ws *Workspace) {
	u := ws.shape(bufU, l.xt.Rows, w.Cols)
	zero(u)
	for pass := range l.shape.Method.Align.Passes {
		for i := range l.blocks {
			b := &l.blocks[i]
			c, e := ws.shape(bufC, b.t1-b.t0, w.Cols), ws.shape(bufE, b.t1-b.t0, w.Cols)
			xb := Columns(l.xt, b.t0, b.t1)
			ws.mul(c, true, xb, u, 1, 0)
			if pass == 0 {
				wb := Rows(w, b.t0, b.t1)
				ws.mul(c, false, b.cross, wb, 1, 1)
				ws.mul(u, false, Columns(l.x, b.t0, b.t1), wb, 1, 1)
			}
			b.move(e, c, Rows(wt, b.t0, b.t1), pass, ws)
			ws.mul(u, false, xb, e, -1, 1)
		}
	}
}

// descendGram does what descend does, by ⟨X̃_t, û⟩ = Σ_s (⟨X̃_t, X_s⟩w_s − ⟨X̃_t, X̃_s⟩w̃_s).
// In the first pass the sum stops at s = t. In further passes its first part is the
// same every time.
func (l *Layer) descendGram(w, wt Matrix, ws *Workspace) {
	var all Matrix
	if l.shape.Method.Align.Passes > 1 {
		all = ws.shape(bufR, w.Rows, w.Cols)
		ws.mul(all, false, l.cross, w, 1, 0)
	}
	for pass := range l.shape.Method.Align.Passes {
		for i := range l.blocks {
			b := &l.blocks[i]
			c, e := ws.shape(bufC, b.t1-b.t0, w.Cols), ws.shape(bufE, b.t1-b.t0, w.Cols)
			if pass == 0 {
				ws.mul(c, false, b.cross, Rows(w, b.t0, b.t1), 1, 0)
				ws.mul(c, false, sub(l.cross, b.t0, b.t1, 0, b.t0), Rows(w, 0, b.t0), 1, 1)
				ws.mul(c, false, sub(l.gram, b.t0, b.t1, 0, b.t0), Rows(wt, 0, b.t0), -1, 1)
			} else {
				copyMatrix(c, Rows(all, b.t0, b.t1))
				ws.mul(c, false, Rows(l.gram, b.t0, b.t1), wt, -1, 1)
			}
			b.move(e, c, Rows(wt, b.t0, b.t1), pass, ws)
		}
	}
}

// descendCost is the operations of the passes. In the form Direct the first makes three
// products with X̃ or X, and each further one two. In the form Gram the first makes the
// lower triangles of two products with inner products of columns, each further one a
// whole product, and all of them share another. The first pass also multiplies by each
// block's cross, and every pass by each block's solve.
func (s Shape) descendCost() int64 {
	m, N, n, b := s.sizes()
	r, move := s.passes(), b+min(band, b)
	switch {
	case !s.descends():
		return 0
	case s.byWeight():
		return (4*r + 2) * m * N * n
	case s.Form == Gram && r > 1:
		return (2*(N-b) + 2*b + 2*N + r*move + (r-1)*2*N) * N * n
	case s.Form == Gram:
		return (2*(N-b) + 2*b + move) * N * n
	}
	return (6*m + 2*b + 4*m*(r-1) + r*move) * N * n
}

// descendSpace is what the passes take for a tile of t neurons.
func (s Shape) descendSpace(t int64) (out Space) {
	if !s.descends() || s.byWeight() {
		return out
	}
	m, N, _, b := s.sizes()
	out[bufC], out[bufE] = b*t, b*t
	if s.Form == Direct {
		out[bufU] = m * t
	} else if s.passes() > 1 {
		out[bufR] = N * t
	}
	if s.permutes() {
		out[bufW], out[bufZ] = N*t, N*t
	}
	return out
}

// band is the number of rows of a block's triangle that are multiplied at a time, so
// that about half of the zeros above the diagonal are left out.
const band = 16

// move sets e = solve·c, the steps of the block, and moves its rows of w̃ by them; in the
// first pass they are its rows of w̃.
func (b *block) move(e, c, wt Matrix, pass int, ws *Workspace) {
	for r := 0; r < e.Rows; r += band {
		end := min(r+band, e.Rows)
		ws.mul(Rows(e, r, end), false, sub(b.solve, r, end, 0, end), Rows(c, 0, end), 1, 0)
	}
	if pass == 0 {
		copyMatrix(wt, e)
		return
	}
	for t := range e.Rows {
		row := Row(wt, t)
		for j, d := range Row(e, t) {
			row[j] += d
		}
	}
}

// column returns the number of the column visited k-th.
func (l *Layer) column(k int) int {
	if l.perm == nil {
		return k
	}
	return l.perm[k]
}
