// align.go finds W̃ with X̃W̃ ≈ XW.

package quant

// Align fills tile.Aligned with W̃. For the alignment of least maximum it returns the
// largest relative gap (max|w̃| − bound)/bound over the tile's neurons, where bound is
// a certified lower bound on the least possible maximum; for the others it returns 0.
// An iteration that breaks down is an error.
func (l *Layer) Align(tile *Tile, ws *Workspace) (gap float64, err error) {
	switch {
	case l.shape.Method.Align.Kind == AlignLeastMax:
		return l.exact.leastMax(tile.Aligned, tile.W, l.right(tile, ws), ws)
	case l.exact != nil && l.Form == Gram:
		copyMatrix(tile.Aligned, tile.W)
		ws.mul(tile.Aligned, false, l.exact.change, tile.W, 1, 1)
	case l.exact != nil:
		l.exact.leastChange(tile.Aligned, tile.W, l.right(tile, ws), ws)
	case l.shape.descends() && l.shape.Method.Order == ByWeight:
		l.descendByWeight(tile, ws)
	case l.shape.descends():
		l.descend(tile, ws)
	default:
		copyMatrix(tile.Aligned, tile.W)
	}
	return 0, nil
}

// right returns (X − X̃)W for the tile, m×T.
func (l *Layer) right(tile *Tile, ws *Workspace) Matrix {
	r := ws.shape(bufR, tile.XW.Rows, tile.XW.Cols)
	if l.shape.Same {
		zero(r)
		return r
	}
	copyMatrix(r, tile.XW)
	ws.mul(r, false, l.exact.xt, tile.W, -1, 1)
	return r
}
