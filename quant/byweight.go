// byweight.go visits the columns in each neuron's own order, that of descending
// |w_t|. Neurons share no order, so that there are no blocks: each neuron runs alone,
// on columns that are stored contiguously.

package quant

import "gonum.org/v1/gonum/blas/blas64"

// ownOrder returns the order of descending |w_t| for neuron j of the tile.
func ownOrder(tile *Tile, j int) []int {
	abs := make([]float64, tile.W.Rows)
	for t := range abs {
		abs[t] = max(at(tile.W, t, j), -at(tile.W, t, j))
	}
	return descending(abs)
}

// descendByWeight does what descend does, in each neuron's own order.
func (l *Layer) descendByWeight(tile *Tile, ws *Workspace) {
	u := ws.shape(bufU, l.xt.Rows, 1).Data
	// Each weight takes two products with a column in each pass, and one more in the
	// first.
	ws.Operations += 2 * int64(len(u)) * int64(tile.W.Rows) * int64(tile.W.Cols) * int64(2*l.shape.Method.Align.Passes+1)
	for j := range tile.W.Cols {
		order := ownOrder(tile, j)
		clear(u)
		for pass := range l.shape.Method.Align.Passes {
			for _, t := range order {
				xt := vector(Row(l.xtCols, t))
				w, wt := at(tile.W, t, j), &tile.Aligned.Data[t*tile.Aligned.Stride+j]
				if pass == 0 {
					blas64.Axpy(w, vector(Row(l.xCols, t)), vector(u))
					*wt = 0
				}
				if l.inv[t] == 0 {
					*wt = w
					continue
				}
				d := blas64.Dot(vector(u), xt) * l.inv[t]
				*wt += d
				blas64.Axpy(-d, xt, vector(u))
			}
		}
	}
}

// followByWeight does what follow does, in each neuron's own order.
func (l *Layer) followByWeight(tile *Tile, a Alphabet, ws *Workspace) (sum Tally) {
	u, c := ws.shape(bufU, l.xt.Rows, 1).Data, ws.shape(bufE, 1, 1).Data
	ws.Operations += 4 * int64(len(u)) * int64(tile.W.Rows) * int64(tile.W.Cols)
	rows := &ws.rows
	rows.C, rows.CStep, rows.F[0] = c, 1, nil
	for j := range tile.W.Cols {
		r := l.rounder(a, ws.streams[j:j+1])
		clear(u)
		for _, t := range ownOrder(tile, j) {
			xt := vector(Row(l.xtCols, t))
			c[0] = blas64.Dot(vector(u), xt)
			rows.T, rows.W[0], rows.Q[0] = append(rows.T[:0], t), Row(tile.Aligned, t)[j:j+1], Row(tile.Q, t)[j:j+1]
			rows.Inv = l.inv[t : t+1]
			r.Rows(rows)
			blas64.Axpy(c[0], xt, vector(u))
		}
		sum.Merge(tally(r))
	}
	return sum
}

// byWeightMemory is what X̃ᵀ takes, and Xᵀ where the method descends.
func (s Shape) byWeightMemory() int64 {
	m, N, _, _ := s.sizes()
	switch {
	case s.byWeight() && s.descends():
		return 2 * m * N
	case s.byWeight():
		return m * N
	}
	return 0
}

// byWeightSpace is what one neuron takes: u and c, its order, and the |w_t| that are
// sorted.
func (s Shape) byWeightSpace() (out Space) {
	if s.byWeight() {
		m, N, _, _ := s.sizes()
		out[bufU], out[bufE], out[spaceOrder] = m, 1, 2*N
	}
	return out
}

// transposed returns aᵀ, whose rows are a's columns.
func transposed(a Matrix) Matrix {
	out := NewMatrix(a.Cols, a.Rows)
	for k := range a.Rows {
		for t, v := range Row(a, k) {
			out.Data[t*out.Stride+k] = v
		}
	}
	return out
}

func at(a Matrix, i, j int) float64 { return a.Data[i*a.Stride+j] }
