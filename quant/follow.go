// follow.go rounds a tile of neurons, with feedback along the path or without.

package quant

import (
	"slices"

	"spfq/internal/rng"
	"spfq/internal/round"
)

// Quantize fills tile.Q with the codes of tile.Aligned on the alphabet. stream is the
// layer's stream for rounding: the draw for weight t of neuron j of the layer is
// Uniform(t) of stream.Derive(j).
func (l *Layer) Quantize(tile *Tile, a Alphabet, stream rng.Stream, ws *Workspace) Tally {
	a.check()
	ws.streams = slices.Grow(ws.streams[:0], tile.W.Cols)
	for j := range tile.W.Cols {
		ws.streams = append(ws.streams, stream.Derive(tile.First+j))
	}
	defer func() { ws.rows = round.Rows{T: ws.rows.T[:0]} }() // so that the workspace keeps no tile alive
	if l.shape.Method.Feedback && l.shape.Method.Order == ByWeight {
		return l.followByWeight(tile, a, ws)
	}
	r := l.rounder(a, ws.streams)
	if l.shape.Method.Feedback {
		l.follow(tile, r, ws)
	} else {
		l.memoryless(tile, r, ws)
	}
	return tally(r)
}

// quantizeSpace is what a tile of t neurons takes to be rounded, beside what it takes
// to follow the path.
func (s Shape) quantizeSpace(t int64) (out Space) {
	out[spaceStreams] = t
	if !s.Method.Feedback {
		out[bufE] = t
	}
	return out
}

func (l *Layer) rounder(a Alphabet, streams []rng.Stream) *round.Rounder {
	return round.New(a.Step, a.limit(), l.shape.Method.Rounding == Stochastic, streams)
}

func tally(r *round.Rounder) Tally { return Tally{MaxV: r.MaxV(), Saturated: r.Saturated()} }

// memoryless rounds each weight by itself: v = w̃.
func (l *Layer) memoryless(tile *Tile, r *round.Rounder, ws *Workspace) {
	rows := &ws.rows
	rows.C, rows.CStep, rows.Inv, rows.F[0] = ws.shape(bufE, 1, tile.W.Cols).Data, tile.W.Cols, []float64{0}, nil
	clear(rows.C)
	for t := range tile.W.Rows {
		// A row at a time, so that none moves another. C, whose factor Inv is 0, moves
		// none either.
		rows.T, rows.W[0], rows.Q[0] = append(rows.T[:0], t), Row(tile.Aligned, t), Row(tile.Q, t)
		r.Rows(rows)
	}
}
