// leastmax.go finds, for a tile of neurons at once, the w̃ of least maximum
// among those with X̃w̃ = Xw, to within a certified gap.

package quant

import (
	"fmt"
	"math"
	"unsafe"
)

// The problem of one neuron, min ‖z‖_∞ subject to X̃z = b, is a linear program.
// Its dual, max ⟨b, y⟩ subject to ‖X̃ᵀy‖_1 <= 1, gives a lower bound ⟨b, y⟩/‖X̃ᵀy‖_1
// from any y: so a feasible w̃ comes with a certificate of how far it can be
// from the best.
//
// The alternating direction method of multipliers (Boyd et al., 2011) splits it
// into x, kept on the plane X̃x = b, and z, shrunk towards the origin in the
// maximum norm:
//
//	x = Π(z − s),   z = prox(x + s),   s += x − z,
//
// Π(y) = w_0 + (I − X̃⁺X̃)(y − w_0) with any w_0 on the plane (two matrix products
// for the whole tile), and prox(y) = y clipped to ±τ with Σ_t (|y_t| − τ)_+ = 1/ρ.
// s scaled by ρ tends to the dual's X̃ᵀy. What is returned is x, on the plane to
// rounding error whatever the gap.
const (
	leastMaxGap        = 1e-3 // relative gap at which every neuron of a tile is done
	leastMaxIterations = 5000 // after which the gap reached is what is reported
	leastMaxTypical    = 300  // what is foreseen: Gaussian layers of N = 16m took about as many
	leastMaxCheck      = 10   // iterations between two looks at the gap
	leastMaxRelaxation = 1.6  // over-relaxation of x, customary between 1.5 and 1.8
	leastMaxRadius     = 0.2  // 1/ρ over N‖w_0‖_2/√N: 0.1 to 0.5 need about as many iterations, 1 half as many again
)

// neuronState is what the solver keeps of one neuron.
type neuronState struct {
	radius float64 // 1/ρ
	tau    float64 // ‖z‖_∞, where the next search for τ starts
	lower  float64 // the best lower bound so far
	least  float64 // ‖x‖_∞ of the best x so far
}

// leastMax sets w̃ (N×T) for neurons w (N×T) with r = (X − X̃)w (m×T), and
// returns the largest relative gap of the tile.
func (e *exactAligner) leastMax(wt, w, r Matrix, ws *Workspace) (float64, error) {
	n, cols := w.Rows, w.Cols
	x := ws.shape(bufX, n, cols) // w_0, then the iterate x
	e.leastChange(x, w, r, ws)
	copyMatrix(wt, x)

	// w_0 becomes the least-norm point of the plane, X̃⁺X̃w_0: its products with
	// the dual are ⟨b, y⟩.
	d, p := ws.shape(bufD, n, cols), ws.shape(bufU, e.xt.Rows, cols)
	ws.mul(p, false, e.xt, x, 1, 0)
	ws.mul(d, false, e.pinv, p, 1, 0)
	copyMatrix(x, d)
	w0 := ws.shape(bufW, n, cols)
	copyMatrix(w0, x)

	z, s := ws.shape(bufZ, n, cols), ws.shape(bufS, n, cols)
	copyMatrix(s, x) // x̂ + s at the start
	ws.neurons = append(ws.neurons[:0], make([]neuronState, cols)...)
	for j := range ws.neurons {
		st := &ws.neurons[j]
		var sum2 float64
		for t := range n {
			sum2 += at(x, t, j) * at(x, t, j)
			st.least = max(st.least, math.Abs(at(wt, t, j)))
		}
		// ‖w_0‖_2/√N bounds ‖x‖_∞ from below and is near it: the natural scale
		// of x, against which 1/ρ spreads over N entries.
		st.lower = math.Sqrt(sum2 / float64(n))
		st.radius = leastMaxRadius * float64(n) * st.lower
		st.tau = st.lower
	}

	gap := e.gap(ws.neurons)
	for iter := 1; gap > leastMaxGap && iter <= leastMaxIterations; iter++ {
		// z = prox(x̂ + s) and s = x̂ + s − z, from x̂ + s in s.
		for j := range cols {
			ws.neurons[j].clip(z, s, j)
		}
		// x = Π(z − s)
		for t := range n {
			dr, zr, sr := Row(d, t), Row(z, t), Row(s, t)
			for j := range dr {
				dr[j] = zr[j] - sr[j]
			}
		}
		ws.mul(p, false, e.xt, d, 1, 0)
		copyMatrix(x, d)
		ws.mul(x, false, e.pinv, p, -1, 1)
		for t := range n {
			xr, w0r, sr, zr := Row(x, t), Row(w0, t), Row(s, t), Row(z, t)
			for j := range xr {
				xr[j] += w0r[j]
				// x̂ + s with the over-relaxed x̂
				sr[j] += leastMaxRelaxation*xr[j] + (1-leastMaxRelaxation)*zr[j]
			}
		}
		if iter%leastMaxCheck == 0 {
			e.improve(wt, x, s, w0, d, p, ws.neurons, ws)
			gap = e.gap(ws.neurons)
		}
	}
	if math.IsNaN(gap) {
		return 0, fmt.Errorf("the alignment of least maximum broke down: its iterates are not finite")
	}
	return gap, nil
}

// leastMaxCost is of a least maximum that takes a typical number of iterations. It
// makes the right side, the first point and its projection, and in every iteration a
// projection, which is two products; looks at the gap make one more each.
func (s Shape) leastMaxCost() int64 {
	if s.Method.Align.Kind != AlignLeastMax {
		return 0
	}
	return s.leastMaxOperations(leastMaxTypical)
}

func (s Shape) leastMaxOperations(iterations int64) int64 {
	m, N, n, _ := s.sizes()
	products := 3 + 2*(iterations+iterations/leastMaxCheck)
	if !s.Same {
		products++
	}
	return 2 * m * N * n * products
}

func (s Shape) leastMaxSpace(t int64) (out Space) {
	if s.Method.Align.Kind != AlignLeastMax {
		return out
	}
	m, N, _, _ := s.sizes()
	out[bufU], out[bufR] = m*t, m*t
	for _, b := range []int{bufW, bufZ, bufX, bufS, bufD} {
		out[b] = N * t
	}
	out[spaceStates] = int64(unsafe.Sizeof(neuronState{})/8) * t
	return out
}

// clip replaces y = column j of s by y − z and column j of z by
// z = y clipped to ±τ, Σ(|y| − τ)_+ = radius.
func (st *neuronState) clip(z, s Matrix, j int) {
	// Newton's method on the convex, piecewise linear, decreasing function
	// f(τ) = Σ(|y| − τ)_+ − radius. From right of the root it lands left of it,
	// from the left it rises to the root and meets it exactly. Where it would
	// leave [0, max|y|), it starts again from 0, which is left of every root.
	tau := st.tau
	for range 100 {
		sum, count := -st.radius, 0
		for i := j; i < len(s.Data); i += s.Stride {
			if a := math.Abs(s.Data[i]) - tau; a > 0 {
				sum += a
				count++
			}
		}
		if tau == 0 && sum <= 0 {
			break // ‖y‖_1 <= radius: z = 0
		}
		next := 0.0
		if count > 0 {
			next = max(tau+sum/float64(count), 0)
		}
		done := math.Abs(next-tau) <= 1e-14*tau
		tau = next
		if done {
			break
		}
	}
	st.tau = tau
	for i := j; i < len(s.Data); i += s.Stride {
		y := s.Data[i]
		c := min(max(y, -tau), tau)
		z.Data[i], s.Data[i] = c, y-c
	}
}

// improve keeps the columns of x that are better than those in wt, and raises
// the lower bounds by the dual points that s = x̂ + s stands for. d and p are
// memory.
func (e *exactAligner) improve(wt, x, s, w0, d, p Matrix, column []neuronState, ws *Workspace) {
	// The dual iterate is what clipping would leave of x̂ + s.
	for t := range s.Rows {
		dr, sr := Row(d, t), Row(s, t)
		for j := range dr {
			dr[j] = sr[j] - min(max(sr[j], -column[j].tau), column[j].tau)
		}
	}
	// Row-space part X̃⁺X̃d of the dual iterate: X̃ᵀy for the nearest y.
	ws.mul(p, false, e.xt, d, 1, 0)
	ws.mul(d, false, e.pinv, p, 1, 0)
	for j := range column {
		st := &column[j]
		var inner, norm1, most float64
		for t := range d.Rows {
			v := at(d, t, j)
			inner += v * at(w0, t, j)
			norm1 += math.Abs(v)
			most = max(most, math.Abs(at(x, t, j)))
		}
		if norm1 > 0 {
			st.lower = max(st.lower, inner/norm1)
		}
		if most < st.least {
			st.least = most
			for t := range x.Rows {
				wt.Data[t*wt.Stride+j] = at(x, t, j)
			}
		}
	}
}

// gap returns the largest relative gap of the neurons. A neuron with w̃ = 0 has
// none.
func (e *exactAligner) gap(column []neuronState) float64 {
	var gap float64
	for _, st := range column {
		if st.least > 0 {
			gap = max(gap, st.least/st.lower-1)
		}
	}
	return gap
}
