// align.go finds W̃ with X̃W̃ ≈ XW.

package quant

// Align fills tile.Aligned with W̃. It returns, for the alignment of least
// maximum, the largest certified relative gap (max|w̃| - bound)/bound over the
// tile's neurons, bound a lower bound on the least possible maximum; else 0.
func (l *Layer) Align(tile *Tile, ws *Workspace) (gap float64, err error) {
	switch {
	case l.method.Align.Kind == AlignLeastMax:
		return l.exact.leastMax(tile.Aligned, tile.W, l.right(tile, ws), ws)
	case l.exact != nil:
		l.exact.leastChange(tile.Aligned, tile.W, l.right(tile, ws), ws)
	case l.coordinateDescent() && l.method.Order == ByWeight:
		l.descendByWeight(tile, ws)
	case l.coordinateDescent():
		l.descend(tile, ws)
	default:
		copyMatrix(tile.Aligned, tile.W)
	}
	return 0, nil
}

// right returns (X − X̃)W for the tile, m×T.
func (l *Layer) right(tile *Tile, ws *Workspace) Matrix {
	r := ws.r.Shape(tile.XW.Rows, tile.XW.Cols)
	if l.same {
		zero(r)
		return r
	}
	copyMatrix(r, tile.XW)
	ws.mul(r, false, l.exact.xt, tile.W, -1, 1)
	return r
}

// descend runs the passes of cyclic coordinate descent. Pass 1 starts from
// û = 0 with û += w_t X_t; w̃_t = ⟨û, X̃_t⟩/‖X̃_t‖²; û −= w̃_t X̃_t. Each further
// pass has û += w̃_t X̃_t in place of the first step, which is the same as
// moving w̃_t by d_t = ⟨û, X̃_t⟩/‖X̃_t‖² and û by −d_t X̃_t. A dead column keeps
// w̃_t = w_t: it changes nothing in the outputs.
func (l *Layer) descend(tile *Tile, ws *Workspace) {
	u := ws.u.Shape(l.xt.Rows, tile.W.Cols)
	zero(u)
	l.sweep(u, &tile.W, -1, ws, func(k int, c, e []float64) {
		t, inv := l.column(k), l.inv[k]
		w, wt := Row(tile.W, t), Row(tile.Aligned, t)
		for j := range e {
			e[j] = c[j] * inv
		}
		if inv == 0 {
			copy(e, w)
		}
		copy(wt, e)
	})
	for range l.method.Align.Passes - 1 {
		l.sweep(u, nil, -1, ws, func(k int, c, e []float64) {
			inv, wt := l.inv[k], Row(tile.Aligned, l.column(k))
			for j := range e {
				e[j] = c[j] * inv
				wt[j] += e[j]
			}
		})
	}
}
