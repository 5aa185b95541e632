package quant

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"testing"
)

// shapedLayer is a layer of some shape, and what its tiles are made of.
type shapedLayer struct {
	Shape
	what  string
	layer *Layer
	x, xt Matrix
	tile  Tile // of all neurons
}

// newLayer makes the layer anew.
func (p *shapedLayer) newLayer(t *testing.T) *Layer {
	t.Helper()
	l, err := NewLayer(p.x, p.xt, p.Method, Options{Neurons: p.Neurons, Block: p.Block, Form: p.Form})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// run aligns and quantizes all neurons, and returns what the workspace counted.
func (p *shapedLayer) run(t *testing.T, ws *Workspace) (align, follow int64) {
	t.Helper()
	before := ws.Operations
	if _, err := p.layer.Align(&p.tile, ws); err != nil {
		t.Fatal(err)
	}
	align = ws.Operations - before
	p.layer.Quantize(&p.tile, alphabets[0], testStream, ws)
	return align, ws.Operations - before - align
}

// everyShape calls check for every alignment, feedback, order and form, on a first
// and a later layer of m samples, N inputs and n neurons.
func everyShape(t *testing.T, m, N, n, block int, check func(p *shapedLayer)) {
	t.Helper()
	x, w := gaussian("x", m, N), gaussian("w", N, n)
	xw := NewMatrix(m, n)
	Mul(xw, x, w, 0)
	for _, method := range everyMethod() {
		if method.Rounding == Stochastic {
			continue // costs what rounding to nearest does
		}
		for _, method.Order = range orders {
			if method.Align.Kind == AlignLeastMax && method.Order != Natural {
				continue // an iteration that takes its time, whatever the order
			}
			for _, form := range forms {
				for _, same := range []bool{true, false} {
					p := &shapedLayer{Shape: Shape{Method: method, Same: same, Samples: m, Inputs: N, Neurons: n, Block: block, Form: form}, x: x, xt: x,
						tile: Tile{W: w, XW: xw, Aligned: NewMatrix(N, n), Q: NewMatrix(N, n)}}
					if !same {
						p.xt = perturbed(x, 0.1)
					}
					p.what = fmt.Sprintf("%+v", p.Shape)
					p.layer = p.newLayer(t)
					if want := p.Resolve().Form; p.layer.Form != want {
						t.Errorf("%s: the layer has the form %q, its shape %q", p.what, p.layer.Form, want)
					}
					check(p)
				}
			}
		}
	}
}

// The operations foreseen are those that are counted, where blocks, strips and bands
// are whole. Else they are more, by at most what the missing columns of the last
// block would add: of b columns of which q are there, bq − q² is at most b²/4 for a
// product with a block, of which path following makes one and the first pass of a
// descent two, and the bands of each pass add (b + 16)²/4 at most; for b up to 38 all
// of these, of r passes, are at most (r + 1)(b + 16)²/4 a neuron.
func TestCostIsWhatIsCounted(t *testing.T) {
	for _, s := range []struct{ m, N, n, block int }{
		{12, 96, 20, 0}, {150, 96, 20, 0}, {40, 192, 9, 16}, {9, 13, 5, 13}, // whole
		{12, 100, 20, 0}, {150, 77, 20, 16}, {7, 20, 3, 0}, {30, 1, 4, 0}, {1, 30, 4, 13},
	} {
		everyShape(t, s.m, s.N, s.n, s.block, func(p *shapedLayer) {
			b := int64(min(p.Resolve().Block, s.N))
			whole := int64(s.N)%b == 0 && (b%band == 0 || b < band)
			within := func(what string, foreseen, counted, slack int64) {
				if whole {
					slack = 0
				}
				if excess := foreseen - counted; excess < 0 || excess > slack {
					t.Errorf("%s: %d operations of %s foreseen, %d counted, which may be %d fewer", p.what, foreseen, what, counted, slack)
				}
			}
			var ws Workspace
			align, follow := p.run(t, &ws)
			cost := p.Cost()
			within("following", cost.Follow, follow, b*b/4*int64(s.n))
			if p.Method.Align.Kind == AlignLeastMax {
				iterations := int64(0)
				for iterations < leastMaxIterations && p.leastMaxOperations(iterations) < align {
					iterations++
				}
				if p.leastMaxOperations(iterations) != align {
					t.Errorf("%s: %d operations of aligning are no whole number of iterations", p.what, align)
				}
				return
			}
			within("aligning", cost.Align, align, (p.passes()+1)*(b+band)*(b+band)/4*int64(s.n))
			// Inner products: a block, or a strip of a Gram matrix, X̃ᵀX̃ and X̃ᵀX.
			inner := cost.Prepare
			if p.exact() {
				inner -= 4 * int64(max(s.m, s.N)*min(s.m, s.N)*min(s.m, s.N)) // the pseudo-inverse
			}
			counted := int64(p.layer.prepared())
			whole = whole && (s.N <= strip || s.N%strip == 0)
			within("preparing", inner, counted, 2*2*int64(s.m)*strip*strip/4)
		})
	}
}

// words returns how many 8-byte numbers the arrays take that v refers to, those of
// the given matrices aside.
func words(v any, without ...Matrix) int64 {
	type array struct{ from, to uintptr }
	var arrays []array
	var visit func(v reflect.Value)
	visit = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				visit(v.Elem())
			}
		case reflect.Struct:
			for i := range v.NumField() {
				visit(v.Field(i))
			}
		case reflect.Slice:
			if v.Cap() == 0 {
				return
			}
			arrays = append(arrays, array{v.Pointer(), v.Pointer() + uintptr(v.Cap())*v.Type().Elem().Size()})
			if k := v.Type().Elem().Kind(); k == reflect.Struct || k == reflect.Slice || k == reflect.Pointer {
				for i := range v.Len() {
					visit(v.Index(i))
				}
			}
		}
	}
	var given []array
	for _, m := range without {
		visit(reflect.ValueOf(m))
	}
	given, arrays = arrays, nil
	visit(reflect.ValueOf(v))
	slices.SortFunc(arrays, func(a, b array) int { return int(a.from) - int(b.from) })
	var sum, end uintptr // of views into one array, those behind the first lie in it
	for _, a := range arrays {
		if slices.ContainsFunc(given, func(g array) bool { return g.from <= a.from && a.from < g.to }) {
			continue
		}
		if a.to > end {
			sum += a.to - max(a.from, end)
			end = a.to
		}
	}
	return int64(sum / 8)
}

// A layer holds what its shape says, to the last number, and so does each buffer of
// a workspace.
func TestMemoryIsWhatIsHeld(t *testing.T) {
	const n = 64
	for _, s := range []struct{ m, N, block int }{{40, 128, 0}, {150, 64, 0}, {9, 70, 16}, {64, 64, 13}, {1, 5, 0}} {
		everyShape(t, s.m, s.N, n, s.block, func(p *shapedLayer) {
			said := p.Memory(n)
			if held := words(p.layer, p.x, p.xt); held != said.Shared {
				t.Errorf("%s: the layer holds %d numbers, its shape says %d", p.what, held, said.Shared)
			}
			var ws Workspace
			p.run(t, &ws)
			for i, b := range ws.buffers {
				if have := int64(cap(b.data)); have != said.Space[i] {
					t.Errorf("%s: buffer %d of the workspace holds %d numbers, the shape says %d", p.what, i, have, said.Space[i])
				}
			}
			other, limit := words(ws)-words(ws.buffers)-words(ws.rows.T), said.Space[spaceStreams]+said.Space[spaceStates]
			if other != limit {
				t.Errorf("%s: the workspace holds %d numbers in no buffer, the shape says %d", p.what, other, limit)
			}
		})
	}
}

// Nothing is allocated beside what the shape says, in making a layer or, by a
// workspace that is warm, in working with it. What of that is garbage at once
// counts, too, so that the pseudo-inverse is left out: what it takes is gonum's.
func TestNothingElseIsAllocated(t *testing.T) {
	const n = 64
	// least returns the least that f allocates in three calls, in 8-byte numbers:
	// memory that products pack into is made anew after some collections.
	least := func(f func()) int64 {
		best := int64(1) << 62
		for range 3 {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			f()
			runtime.ReadMemStats(&after)
			best = min(best, int64(after.TotalAlloc-before.TotalAlloc)/8)
		}
		return best
	}
	for _, s := range []struct{ m, N int }{{40, 128}, {24, 64}} {
		everyShape(t, s.m, s.N, n, 0, func(p *shapedLayer) {
			said := p.Memory(n)
			// The allocator rounds sizes up by an eighth at most; the Layer itself and a
			// sort's closure are less than 200 numbers.
			if made := least(func() { p.newLayer(t) }); !p.exact() && made > (said.Shared+said.Making)*9/8+200 {
				t.Errorf("%s: making the layer allocates %d numbers, its shape says %d and %d for a while", p.what, made, said.Shared, said.Making)
			}
			var ws Workspace
			p.run(t, &ws)
			// A Rounder, or one a neuron with the orders of its two phases.
			limit := int64(64)
			if p.byWeight() {
				limit += n * (64 + 4*int64(s.N)*9/8)
			}
			if used := least(func() { p.run(t, &ws) }); used > limit {
				t.Errorf("%s: a tile allocates %d numbers in a warm workspace, want at most %d", p.what, used, limit)
			}
		})
	}
}
