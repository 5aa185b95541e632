// follow.go rounds a tile of neurons, with feedback along the path or without.

package quant

import (
	"math"

	"spfq/internal/rng"
)

// Quantize fills tile.Q with the codes of tile.Aligned on the alphabet. key is
// the layer's: the draw for weight t of neuron j is Uniform(t) of key.Derive(j).
func (l *Layer) Quantize(tile *Tile, a Alphabet, key rng.Key, ws *Workspace) Tally {
	a.check()
	r := l.rounder(tile, a, key, ws)
	n := tile.W.Cols
	switch {
	case !l.method.Feedback:
		e := ws.e.Shape(1, n).Data
		clear(e) // read as c, times 0
		for t := range tile.W.Rows {
			r.row(t, Row(tile.Q, t), e, Row(tile.Aligned, t), e, nil, 0)
		}
	case l.method.Order == ByWeight:
		l.followByWeight(tile, r, ws)
	default:
		u := ws.u.Shape(l.xt.Rows, n)
		zero(u)
		l.sweep(u, nil, 1, ws, func(k int, c, e []float64) {
			t := l.column(k)
			var f []float64
			if tile.Fractions.Rows > 0 {
				f = Row(tile.Fractions, k)
			}
			r.row(t, Row(tile.Q, t), e, Row(tile.Aligned, t), c, f, l.inv[k])
		})
	}
	return r.tally
}

// rounder rounds rows of a tile and counts what happens.
type rounder struct {
	step, limit float64
	stochastic  bool
	keys        []rng.Key // one for each neuron of the tile
	tally       Tally
}

func (l *Layer) rounder(tile *Tile, a Alphabet, key rng.Key, ws *Workspace) *rounder {
	r := &rounder{step: a.Step, limit: a.limit(), stochastic: l.method.Rounding == Stochastic}
	ws.keys = ws.keys[:0]
	for j := range tile.W.Cols {
		ws.keys = append(ws.keys, key.Derive(tile.First+j))
	}
	r.keys = ws.keys
	return r
}

// row rounds v = w̃ + c·inv for weight t of each neuron: q gets the level, e
// the error w̃ − q that enters the path, f (unless nil) the fraction of v/δ
// above the level below it. e may be c.
func (r *rounder) row(t int, q, e, wt, c, f []float64, inv float64) {
	q, e, c = q[:len(wt)], e[:len(wt)], c[:len(wt)]
	step, limit, maxV := r.step, r.limit, r.tally.MaxV
	for j, w := range wt {
		y := (w + c[j]*inv) / step
		if f != nil {
			f[j] = y - math.Floor(y)
		}
		var k float64
		if r.stochastic {
			// u below the fraction rounds up. The comparison is by the sign
			// bit: a branch on a coin is mispredicted every other time.
			k = math.Floor(y)
			up := math.Float64bits(r.keys[j].Uniform(t)-(y-k)) >> 63
			k += float64(int64(up))
		} else {
			// ⌊y + ½⌋, without the rounding of the sum: up from a fraction of ½ on.
			// By the sign bit again.
			k = math.Floor(y)
			k += float64(1 - int64(math.Float64bits(y-k-0.5)>>63))
		}
		if k > limit || k < -limit {
			k = math.Copysign(limit, k)
			r.tally.Saturated++
		}
		if y := math.Abs(y); y > maxV {
			maxV = y
		}
		level := k * step
		q[j] = level
		e[j] = w - level
	}
	r.tally.MaxV = maxV
}
