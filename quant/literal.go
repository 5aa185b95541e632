// literal.go is the oracle: the recursions as they are written down, one neuron
// and one column at a time. Nothing here is shared with the fast path, and
// nothing here is fast.

package quant

import (
	"math"

	"spfq/internal/rng"
)

// LiteralAlign returns W̃ (N×n) by r passes of the alignment of order r over
// the columns in the given order for each neuron.
func LiteralAlign(x, xt, w Matrix, r int, order func(neuron int) []int) Matrix {
	m, n := x.Rows, x.Cols
	wt := NewMatrix(n, w.Cols)
	for j := range w.Cols {
		u := make([]float64, m) // û
		for pass := 1; pass <= r; pass++ {
			for _, t := range order(j) {
				var inner, norm2 float64
				for k := range m {
					if pass == 1 {
						u[k] += at(w, t, j) * at(x, k, t)
					} else {
						u[k] += at(wt, t, j) * at(xt, k, t)
					}
					inner += u[k] * at(xt, k, t)
					norm2 += at(xt, k, t) * at(xt, k, t)
				}
				v := at(w, t, j)
				if norm2 > 0 {
					v = inner / norm2
				}
				wt.Data[t*wt.Stride+j] = v
				for k := range m {
					u[k] -= v * at(xt, k, t)
				}
			}
		}
	}
	return wt
}

// LiteralFollow quantizes wt (N×n) by path following with feedback over the
// columns in the given order for each neuron. It returns Q and v, the numbers
// that were rounded.
func LiteralFollow(xt, wt Matrix, a Alphabet, rounding Rounding, order func(neuron int) []int, stream rng.Stream) (q, v Matrix) {
	m, n := xt.Rows, xt.Cols
	q, v = NewMatrix(n, wt.Cols), NewMatrix(n, wt.Cols)
	for j := range wt.Cols {
		u := make([]float64, m)
		draws := stream.Derive(j)
		for _, t := range order(j) {
			var inner, norm2 float64
			for k := range m {
				inner += at(xt, k, t) * u[k]
				norm2 += at(xt, k, t) * at(xt, k, t)
			}
			vt := at(wt, t, j)
			if norm2 > 0 {
				vt += inner / norm2
			}
			qt := LiteralRound(vt, a, rounding, draws.Uniform(t))
			v.Data[t*v.Stride+j], q.Data[t*q.Stride+j] = vt, qt
			for k := range m {
				u[k] += (at(wt, t, j) - qt) * at(xt, k, t)
			}
		}
	}
	return q, v
}

// LiteralGPFQ quantizes w (N×n) by GPFQ as its authors state it, in one phase:
// q_t is the level nearest to ⟨u_{t-1} + w_t X_t, X̃_t⟩/‖X̃_t‖², and
// u_t = u_{t-1} + w_t X_t − q_t X̃_t. A dead column rounds w_t.
func LiteralGPFQ(x, xt, w Matrix, a Alphabet) (q, v Matrix) {
	m, n := xt.Rows, xt.Cols
	q, v = NewMatrix(n, w.Cols), NewMatrix(n, w.Cols)
	for j := range w.Cols {
		u := make([]float64, m)
		for t := range n {
			var inner, norm2 float64
			for k := range m {
				u[k] += at(w, t, j) * at(x, k, t)
				inner += u[k] * at(xt, k, t)
				norm2 += at(xt, k, t) * at(xt, k, t)
			}
			vt := at(w, t, j)
			if norm2 > 0 {
				vt = inner / norm2
			}
			qt := LiteralRound(vt, a, Nearest, 0)
			v.Data[t*v.Stride+j], q.Data[t*q.Stride+j] = vt, qt
			for k := range m {
				u[k] -= qt * at(xt, k, t)
			}
		}
	}
	return q, v
}

// LiteralRound rounds z to the alphabet: to the nearest level, ties up, or,
// given a draw 0 <= u < 1, to the level above z if u falls below z's fraction
// of the way there, else to the level below. A_K clips afterwards.
func LiteralRound(z float64, a Alphabet, rounding Rounding, u float64) float64 {
	k := math.Floor(z / a.Step)
	fraction := z/a.Step - k
	switch {
	case rounding == Nearest && fraction >= 0.5:
		k++
	case rounding == Stochastic && u < fraction:
		k++
	}
	if a.K > 0 {
		k = math.Max(-float64(a.K), math.Min(float64(a.K), k))
	}
	return k * a.Step
}
