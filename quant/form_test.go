package quant

import (
	"fmt"
	"math"
	"testing"
)

// The form chosen is the one with fewer operations, those counted by a workspace and
// those of preparing the layer together.
func TestCheaperFormIsChosen(t *testing.T) {
	const n = 96
	for _, s := range [][2]int{{8, 64}, {16, 64}, {20, 64}, {30, 64}, {64, 64}, {200, 64}, {8, 16}, {3, 16}, {60, 200}} {
		for _, m := range everyMethod() {
			if m.Align.Kind == AlignLeastMax || !m.Feedback && m.Align.Kind == AlignNone {
				continue
			}
			for _, first := range []bool{true, false} {
				x := gaussian("x", s[0], s[1])
				p := problem{fmt.Sprint(s, m, first), x, x, gaussian("w", s[1], n)}
				if !first {
					p.xt = perturbed(x, 0.1)
				}
				cost := func(f Form) float64 {
					l, err := NewLayer(p.x, p.xt, m, Options{Form: f, Block: 16})
					if err != nil {
						t.Fatal(err)
					}
					tile := Tile{W: p.w, XW: NewMatrix(s[0], n), Aligned: NewMatrix(s[1], n), Q: NewMatrix(s[1], n)}
					var ws Workspace
					l.Align(&tile, &ws)
					l.Quantize(&tile, alphabets[0], testStream, &ws)
					return float64(ws.Operations) + l.prepared()
				}
				direct, gram := cost(Direct), cost(Gram)
				chosen := Shape{Method: m, Same: first, Samples: s[0], Inputs: s[1], Neurons: n, Block: 16}.Resolve().Form
				// The cost takes all blocks and strips to be whole. What that adds is less
				// than a twentieth for these shapes.
				if slack := 0.05 * math.Min(direct, gram); chosen == Gram && gram > direct+slack || chosen == Direct && direct > gram+slack {
					t.Errorf("%s: %s chosen; direct takes %.3g operations, gram %.3g", p.name, chosen, direct, gram)
				}
			}
		}
	}
}

// prepared returns the operations of the inner products, and of X̃⁺(X − X̃), that the
// layer holds.
func (l *Layer) prepared() float64 {
	m, n := float64(l.xt.Rows), float64(l.xt.Cols)
	lower := 0.0
	for j := 0.0; j < n; j += strip {
		lower += 2 * m * (n - j) * min(strip, n-j)
	}
	var sum float64
	switch {
	case l.Form == Gram && l.gram.Rows > 0:
		sum += lower
		if l.cross.Rows > 0 && l.shape.Method.Align.Passes > 1 {
			sum += 2 * m * n * n
		} else if l.cross.Rows > 0 {
			sum += lower
		}
	case l.Form == Direct:
		for _, b := range l.blocks {
			size := float64(b.t1 - b.t0)
			sum += 2 * m * size * size
			if b.cross.Rows > 0 {
				sum += 2 * m * size * size
			}
		}
	}
	if l.exact != nil && l.exact.change.Rows > 0 {
		sum += 2 * m * n * n
	}
	return sum
}

// The inverse triangle inverts, is zero where columns are dead, and has the bound that
// its comment states, even on columns that are almost parallel.
func TestInverseTriangle(t *testing.T) {
	const n = 40
	x := perturbed(NewMatrix(6, n), 0)
	for k := range x.Rows {
		for c := range n {
			x.Data[k*n+c] = 1 + 1e-7*gaussian("x", 6, n).Data[k*n+c]
			if c == 5 || c == 17 {
				x.Data[k*n+c] = 0
			}
		}
	}
	gram, inv := NewMatrix(n, n), make([]float64, n)
	mul(gram, true, x, x, 1, 0)
	for c := range inv {
		if g := at(gram, c, c); g > 0 {
			inv[c] = 1 / g
		}
	}
	got := inverseTriangle(gram, inv)
	var norm2 float64
	for i := range n {
		for j := range n {
			var s float64
			for k := range i + 1 {
				s += at(gram, i, k) * at(got, k, j)
			}
			want := 0.0
			if i == j && inv[i] > 0 {
				want = 1
			}
			// The entries of the product are sums of n products of at most 6·2·√n/6.
			if math.Abs(s-want) > 10*n*math.Sqrt(n)*0x1p-53*6 {
				t.Errorf("entry (%d, %d) of the product is %v, want %v", i, j, s, want)
			}
			scaled := at(got, i, j) * math.Sqrt(at(gram, i, i)*at(gram, j, j))
			norm2 += scaled * scaled
		}
	}
	// A 2-norm of at most 2 means a Frobenius norm of at most 2√n.
	if math.Sqrt(norm2) > 2*math.Sqrt(n) {
		t.Errorf("Frobenius norm %v, want at most %v", math.Sqrt(norm2), 2*math.Sqrt(n))
	}
}
