// helpers_test.go makes the layers that the tests quantize, and compares codes.

package quant

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"spfq/internal/rng"
)

// problem is one layer to quantize.
type problem struct {
	name string
	x    Matrix // m×N
	xt   Matrix // m×N; x itself for a first layer
	w    Matrix // N×n
}

func gaussian(name string, rows, cols int) Matrix {
	k := rng.New(20230920, name).Derive(rows, cols)
	a := NewMatrix(rows, cols)
	for i := range a.Data {
		a.Data[i] = k.Normal(i)
	}
	return a
}

func clone(a Matrix) Matrix {
	b := NewMatrix(a.Rows, a.Cols)
	copyMatrix(b, a)
	return b
}

// perturbed returns x with noise of the given size on its entries. Entries that are zero
// stay zero, as they do after a ReLU.
func perturbed(x Matrix, size float64) Matrix {
	noise := gaussian("noise", x.Rows, x.Cols)
	out := clone(x)
	for i := range out.Data {
		if out.Data[i] != 0 {
			out.Data[i] += size * noise.Data[i]
		}
	}
	return out
}

// problems lists layers of every kind: m below, at and above N, and every degeneracy.
func problems() []problem {
	var ps []problem
	for _, s := range [][3]int{{8, 40, 7}, {16, 130, 33}, {24, 24, 9}, {40, 12, 5}, {1, 30, 6}, {5, 1, 4}, {1, 1, 1}, {6, 70, 1}, {32, 200, 50}} {
		x := gaussian("x", s[0], s[1])
		w := gaussian("w", s[1], s[2])
		ps = append(ps,
			problem{fmt.Sprintf("first %v", s), x, x, w},
			problem{fmt.Sprintf("later %v", s), x, perturbed(x, 0.1), w})
	}
	dead := perturbed(gaussian("x", 10, 60), 0.1)
	for k := range dead.Rows {
		dead.Data[k*dead.Stride+0], dead.Data[k*dead.Stride+17], dead.Data[k*dead.Stride+59] = 0, 0, 0
	}
	ps = append(ps, problem{"dead columns", gaussian("x", 10, 60), dead, gaussian("w", 60, 12)})
	zeros := NewMatrix(4, 9)
	ps = append(ps, problem{"all columns dead", gaussian("x", 4, 9), zeros, gaussian("w", 9, 3)})
	low := NewMatrix(12, 50) // rank 3
	Mul(low, gaussian("left", 12, 3), gaussian("right", 3, 50), 0)
	ps = append(ps, problem{"rank 3", gaussian("x", 12, 50), low, gaussian("w", 50, 8)})
	relu := gaussian("x", 9, 80)
	for i, v := range relu.Data {
		relu.Data[i] = max(v, 0)
	}
	ps = append(ps, problem{"relu", relu, perturbed(relu, 0.05), gaussian("w", 80, 11)})
	return ps
}

// run is what Layer makes of a whole layer.
type run struct {
	layer *Layer
	wt, q Matrix
	tally Tally
	gap   float64
}

var testStream = rng.New(7, "rounding")

// quantize runs Layer on tiles of the given number of neurons.
func quantize(t *testing.T, p problem, m Method, a Alphabet, opt Options, tile int) run {
	t.Helper()
	opt.Stream = rng.New(7, "order")
	l, err := NewLayer(p.x, p.xt, m, opt)
	if err != nil {
		t.Fatalf("%s: %v", p.name, err)
	}
	n := p.w.Cols
	r := run{layer: l, wt: NewMatrix(p.w.Rows, n), q: NewMatrix(p.w.Rows, n)}
	xw := NewMatrix(p.x.Rows, n)
	Mul(xw, p.x, p.w, 0)
	var ws Workspace
	for j := 0; j < n; j += tile {
		end := min(j+tile, n)
		part := Tile{First: j, W: Columns(p.w, j, end), XW: Columns(xw, j, end), Aligned: Columns(r.wt, j, end), Q: Columns(r.q, j, end)}
		gap, err := l.Align(&part, &ws)
		if err != nil {
			t.Fatalf("%s: %v", p.name, err)
		}
		r.gap = max(r.gap, gap)
		r.tally.Merge(l.Quantize(&part, a, testStream, &ws))
	}
	return r
}

// orderOf returns the order in which each neuron's columns are visited, worked out
// without Layer.
func orderOf(p problem, o Order) func(int) []int {
	norms := make([]float64, p.xt.Cols)
	for t := range norms {
		for k := range p.xt.Rows {
			norms[t] += at(p.xt, k, t) * at(p.xt, k, t)
		}
	}
	natural := make([]int, p.xt.Cols)
	for t := range natural {
		natural[t] = t
	}
	random := rng.New(7, "order").Perm(p.xt.Cols)
	return func(j int) []int {
		switch o {
		case ByNorm:
			return descending(norms)
		case ByWeight:
			w := make([]float64, p.w.Rows)
			for t := range w {
				w[t] = math.Abs(at(p.w, t, j))
			}
			return descending(w)
		case Random:
			return random
		}
		return natural
	}
}

// sameCodes compares the codes of Layer (got) with those of a literal recursion (want),
// which rounded v. The two sum ⟨X̃_t, Σ_s e_s X̃_s⟩ in different orders. With the same
// codes before t, the sums of at most m + N products each differ by at most
// 2γ Σ_s |e_s|⟨|X̃_t|, |X̃_s|⟩, γ = (m+N+4)ε (Higham, 2002, section 3.1), and v differs by
// that over ‖X̃_t‖², and by 4ε(|w̃| + |v|) for the last operations. Along the path of a
// neuron, the first code that differs may do so only where v lies that near to a
// boundary between two codes. As v/δ is spread over a scale of 1 there, a draw is that
// near with a probability of about twice the distance. This bounds the number of
// neurons that may differ: more than allowed do with probability below 1e-9.
func sameCodes(t *testing.T, what string, p problem, wt, got, want, v Matrix, a Alphabet, rounding Rounding, order func(int) []int) {
	t.Helper()
	const eps = 0x1p-53
	m, n := p.xt.Rows, p.xt.Cols
	gamma := float64(m+n+4) * eps
	norm2, expected, differ := make([]float64, n), 0.0, 0
	for c := range norm2 {
		for k := range m {
			norm2[c] += at(p.xt, k, c) * at(p.xt, k, c)
		}
	}
	for j := range wt.Cols {
		reach := make([]float64, m) // Σ_s |e_s||X̃_s|, entry by entry
		draws := testStream.Derive(j)
		for _, c := range order(j) {
			tol := 4 * eps * (math.Abs(at(wt, c, j)) + math.Abs(at(v, c, j)))
			if norm2[c] > 0 {
				for k := range m {
					tol += 2 * gamma * math.Abs(at(p.xt, k, c)) * reach[k] / norm2[c]
				}
			}
			tol /= a.Step
			expected += 2 * tol
			if at(got, c, j) != at(want, c, j) {
				y := at(v, c, j) / a.Step
				boundary := 0.5
				if rounding == Stochastic {
					boundary = draws.Uniform(c)
				}
				d := math.Abs(y - math.Floor(y) - boundary)
				if d = min(d, 1-d); d > tol {
					t.Errorf("%s, %s: weight %d of neuron %d: code %v, oracle %v, v/δ = %v is %.2g from a boundary, more than rounding errors of %.2g",
						what, p.name, c, j, at(got, c, j), at(want, c, j), y, d, tol)
				}
				differ++
				break
			}
			for k := range m {
				reach[k] += math.Abs(at(wt, c, j)-at(want, c, j)) * math.Abs(at(p.xt, k, c))
			}
		}
	}
	allowed := 0
	for 1-(distuv.Poisson{Lambda: expected}).CDF(float64(allowed)) > 1e-9 {
		allowed++
	}
	if differ > allowed {
		t.Errorf("%s, %s: %d neurons differ from the oracle, at most %d may", what, p.name, differ, allowed)
	}
}

// near fails unless |got − want| <= tol everywhere.
func near(t *testing.T, what string, got, want Matrix, tol float64) {
	t.Helper()
	for i := range got.Rows {
		for j := range got.Cols {
			if g, w := at(got, i, j), at(want, i, j); !(math.Abs(g-w) <= tol) {
				t.Fatalf("%s: entry (%d, %d) is %v, want %v within %.2g", what, i, j, g, w, tol)
			}
		}
	}
}

func norm(a Matrix) float64 {
	var s float64
	for i := range a.Rows {
		for _, v := range Row(a, i) {
			s += v * v
		}
	}
	return math.Sqrt(s)
}

// residual returns xw − xt·wt.
func residual(x, w, xt, wt Matrix) Matrix {
	r := NewMatrix(x.Rows, w.Cols)
	Mul(r, x, w, 0)
	mul(r, false, xt, wt, -1, 1)
	return r
}
