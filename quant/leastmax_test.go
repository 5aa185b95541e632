package quant

import (
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
)

// leastMaxLP returns the minimum of ‖w̃‖_∞ subject to X̃w̃ = b, by gonum's simplex
// method. Its variables are p = τ − w̃ >= 0 and q = τ + w̃ >= 0: subject to
// X̃(q − p)/2 = b and all p_t + q_t equal, it minimizes (p_1 + q_1)/2.
func leastMaxLP(t *testing.T, xt Matrix, b []float64) float64 {
	t.Helper()
	m, n := xt.Rows, xt.Cols
	a := mat.NewDense(m+n-1, 2*n, nil)
	rhs := make([]float64, m+n-1)
	for k := range m {
		rhs[k] = b[k]
		for c := range n {
			a.Set(k, c, -at(xt, k, c)/2)
			a.Set(k, n+c, at(xt, k, c)/2)
		}
	}
	for c := 1; c < n; c++ {
		for _, v := range []int{0, n} {
			a.Set(m+c-1, v, 1)
			a.Set(m+c-1, v+c, -1)
		}
	}
	cost := make([]float64, 2*n)
	cost[0], cost[n] = 0.5, 0.5
	value, _, err := lp.Simplex(cost, a, rhs, 1e-12, nil)
	if err != nil {
		t.Fatalf("simplex: %v", err)
	}
	return value
}

// The alignment of least maximum is feasible to rounding error, its maximum is within
// the certified gap of the linear program's optimum, and it is never above that of the
// least change.
func TestLeastMaxAgainstLinearProgram(t *testing.T) {
	for _, s := range [][2]int{{2, 9}, {3, 16}, {5, 24}, {1, 7}, {8, 12}} {
		m, n := s[0], s[1]
		x := gaussian("x", m, n)
		p := problem{"lp", x, perturbed(x, 0.2), gaussian("w", n, 6)}
		method := Method{Align: Align{Kind: AlignLeastMax}, Feedback: true, Rounding: Stochastic, Order: Natural}
		got := quantize(t, p, method, alphabets[0], Options{}, 6)
		least := quantize(t, p, Method{Align: Align{Kind: AlignExact}, Rounding: Nearest, Order: Natural}, alphabets[0], Options{}, 6)
		if got.gap > leastMaxGap {
			t.Errorf("m = %d, N = %d: gap %v, want %v", m, n, got.gap, leastMaxGap)
		}
		res := residual(p.x, p.w, p.xt, got.wt)
		// X̃⁺ is accurate to cond(X̃)·(m+N)·ε; cond is below 100 for these shapes.
		near(t, "residual", res, NewMatrix(m, p.w.Cols), 100*float64(m+n)*0x1p-53*norm(p.x)*norm(p.w))
		for j := range p.w.Cols {
			b := make([]float64, m)
			for k := range b {
				for c := range n {
					b[k] += at(p.x, k, c) * at(p.w, c, j)
				}
			}
			best := leastMaxLP(t, p.xt, b)
			most := maxAbs(Columns(got.wt, j, j+1))
			if most < best*(1-1e-9) || most > best*(1+leastMaxGap+1e-9) {
				t.Errorf("m = %d, N = %d, neuron %d: ‖w̃‖_∞ = %v, the linear program's is %v", m, n, j, most, best)
			}
			if change := maxAbs(Columns(least.wt, j, j+1)); most > change {
				t.Errorf("m = %d, N = %d, neuron %d: ‖w̃‖_∞ = %v exceeds least change's %v", m, n, j, most, change)
			}
		}
	}
}

// Degenerate layers neither hang nor break down.
func TestLeastMaxOnEveryShape(t *testing.T) {
	method := Method{Align: Align{Kind: AlignLeastMax}, Feedback: true, Rounding: Stochastic, Order: Natural}
	for _, p := range problems() {
		got := quantize(t, p, method, alphabets[0], Options{}, 16)
		want, v := LiteralFollow(p.xt, got.wt, alphabets[0], Stochastic, orderOf(p, Natural), testStream)
		sameCodes(t, "exact-max", p, got.wt, got.q, want, v, alphabets[0], Stochastic, orderOf(p, Natural))
		if got.gap > leastMaxGap {
			t.Errorf("%s: gap %v", p.name, got.gap)
		}
	}
}
