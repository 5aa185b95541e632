// literal.go has the recursions as they are written down, one neuron and one column at
// a time, for tests to hold Layer against. It shares no code with Layer, and is slow.

package quant

import (
	"math"

	"spfq/internal/rng"
)

// LiteralAlign returns W̃ (N×n) of the alignment of order r, for X and X̃ (m×N) and W
// (N×n): r passes over the columns in each neuron's order, which order returns.
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

// LiteralFollow quantizes W̃ (N×n) for X̃ (m×N) by path following with feedback over the
// columns in each neuron's order, which order returns. stream is the layer's, as
// Layer.Quantize takes it. It returns Q and the numbers v that were rounded (N×n).
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

// LiteralGPFQ quantizes W (N×n) for X and X̃ (m×N) by GPFQ as its authors state it
// (arXiv 2201.11113), in one phase: q_t is the level nearest to
// v_t = ⟨u_{t-1} + w_t X_t, X̃_t⟩/‖X̃_t‖², and u_t = u_{t-1} + w_t X_t − q_t X̃_t. Where
// X̃_t = 0, v_t is w_t. It returns Q and v (N×n).
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

// LiteralRound rounds z to the alphabet. Rounding to nearest takes ties up. Stochastic
// rounding takes z to the level above it if the draw u, 0 <= u < 1, lies below the
// fraction of the way from the level below, else to the level below. A finite alphabet
// clips afterwards.
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
