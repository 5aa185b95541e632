// Package bench measures how fast this machine multiplies, draws and quantizes.
//
// What is compared is measured in turns, in one goroutine, round after round. A ratio is
// that of the two times of one round, and the median over rounds is quoted. On a machine
// that is shared with others the times move together, and the ratio stays.
package bench

import (
	"context"
	"slices"
	"time"

	"spfq/internal/gemm"
	"spfq/internal/pool"
	"spfq/internal/rng"
	"spfq/quant"
	"spfq/sim"
)

// Sample is the values of one figure, one for each round.
type Sample []float64

// Median returns the middle value, of an even number the upper one.
func (s Sample) Median() float64 {
	sorted := slices.Sorted(slices.Values(s))
	return sorted[len(sorted)/2]
}

// Range returns the least and the largest value.
func (s Sample) Range() (lo, hi float64) { return slices.Min(s), slices.Max(s) }

// Product is a matrix product op(A)·B with op(A) M×K and B K×N.
type Product struct {
	M, N, K int
	TransA  bool
}

// Products are two for comparison with libraries, and those that layers are made of.
var Products = []Product{
	{1024, 1024, 1024, false},
	{256, 64, 2048, false},
	{64, 480, 32, true},   // ⟨X̃_t, u⟩ of the columns of a block, m = 32
	{32, 480, 64, false},  // u += X̃_B e of a block, m = 32
	{64, 480, 256, true},  // ⟨X̃_t, u⟩ of the columns of a block, m = 256
	{256, 480, 64, false}, // u += X̃_B e of a block, m = 256
	{16, 480, 48, false},  // corrections inside a block
}

// Measure returns the product's GFLOP/s in each of a number of rounds.
func (p Product) Measure(rounds int) Sample {
	lda, rows := p.K, p.M
	if p.TransA {
		lda, rows = p.M, p.K
	}
	a, b, c := normals("A", rows, lda), normals("B", p.K, p.N), quant.NewMatrix(p.M, p.N)
	flop := 2 * float64(p.M) * float64(p.N) * float64(p.K)
	times := max(1, int(2e8/flop))
	out := make(Sample, 1+rounds)
	for r := range out {
		out[r] = flop * float64(times) / nanoseconds(func() {
			for range times {
				gemm.Mul(p.TransA, false, p.M, p.N, p.K, 1, a.Data, a.Stride, b.Data, b.Stride, 0, c.Data, c.Stride)
			}
		})
	}
	return out[1:]
}

// Layer is SPFQ on a layer of m samples, N inputs and n neurons, with Gaussian data and
// weights. In a first layer X̃ is X. In a later one they differ, and SPFQ aligns exactly.
type Layer struct {
	Samples, Inputs, Neurons int
	Later                    bool
}

// Layers are the shapes that `runexp bench` measures, from few samples to many.
var Layers = []Layer{
	{8, 4096, 4096, false}, {32, 4096, 4096, false}, {64, 4096, 4096, false}, {128, 4096, 2048, false},
	{256, 2048, 2048, false}, {1024, 1024, 1024, false}, {4096, 1024, 1024, false},
	{32, 4096, 4096, true}, {256, 2048, 2048, true}, {4096, 1024, 1024, true},
}

// Weights returns the number of weights.
func (l Layer) Weights() float64 { return float64(l.Inputs) * float64(l.Neurons) }

// Timing is what a layer took in each round, in nanoseconds for each weight on one core.
type Timing struct {
	Form  quant.Form
	Quant Sample // preparing the layer, aligning, following the path, rounding
	Draw  Sample // drawing the weights
	// Bare is the products of the form alone. In the form Direct these are X̃E and X̃ᵀU,
	// 4mNn operations, and as many for X̃W and X̃⁺R of a later layer. In the form Gram
	// they are half of X̃ᵀX̃ and half of its product with E, mN² + N²n operations, and of a
	// later layer X̃⁺(X − X̃) and its product with W, 2mN² + 2N²n operations.
	Bare  Sample
	Ratio Sample // Quant/Bare
	// Run is all that a run of one such layer does: drawing, the original network,
	// quantizing and measuring. Of a later layer it is 0.
	Run Sample
}

// Measure measures the layer in a number of rounds, after one that is not counted.
func (l Layer) Measure(rounds int) (Timing, error) {
	method, _ := quant.Named("spfq")
	x, tile := normals("X", l.Samples, l.Inputs), min(480, l.Neurons)
	xt := x
	if l.Later {
		xt = normals("noise", l.Samples, l.Inputs)
		for i, v := range x.Data {
			xt.Data[i] = v + 0.01*xt.Data[i]
		}
	}
	w, wt, q := quant.NewMatrix(l.Inputs, tile), quant.NewMatrix(l.Inputs, tile), quant.NewMatrix(l.Inputs, l.Neurons)
	xw := quant.NewMatrix(l.Samples, tile)
	streams := make([]rng.Stream, tile)
	stream := rng.New(1, "bench weights")
	var t Timing
	var ws quant.Workspace
	bare := l.bare(xt, q)
	for round := range 1 + rounds {
		var layer *quant.Layer
		var err error
		quantizing := nanoseconds(func() { layer, err = quant.NewLayer(x, xt, method, quant.Options{Neurons: l.Neurons}) })
		if err != nil {
			return t, err
		}
		t.Form = layer.Form
		drawing := 0.0
		for j := 0; j < l.Neurons; j += tile {
			c := min(tile, l.Neurons-j)
			part := quant.Tile{First: j, W: quant.Columns(w, 0, c), XW: quant.Columns(xw, 0, c), Q: quant.Columns(q, j, j+c)}
			drawing += nanoseconds(func() {
				for i := range c {
					streams[i] = stream.Derive(j + i)
				}
				for t := range l.Inputs {
					rng.Normals(quant.Row(part.W, t), streams[:c], t)
				}
			})
			quant.Mul(part.XW, x, part.W, 0)
			quantizing += nanoseconds(func() {
				if part.Aligned = part.W; layer.Aligns() {
					part.Aligned = quant.Columns(wt, 0, c)
					_, err = layer.Align(&part, &ws)
				}
				layer.Quantize(&part, quant.Alphabet{Step: 0.25}, stream, &ws)
			})
			if err != nil {
				return t, err
			}
		}
		products := nanoseconds(func() { bare(layer.Form) })
		whole := 0.0
		if !l.Later {
			if whole, err = l.run(method); err != nil {
				return t, err
			}
		}
		if round == 0 {
			continue
		}
		t.Draw = append(t.Draw, drawing/l.Weights())
		t.Quant = append(t.Quant, quantizing/l.Weights())
		t.Bare = append(t.Bare, products/l.Weights())
		t.Ratio = append(t.Ratio, quantizing/products)
		t.Run = append(t.Run, whole/l.Weights())
	}
	return t, nil
}

// bare returns a function that makes the products of a form alone. e stands for W and E.
func (l Layer) bare(x, e quant.Matrix) func(quant.Form) {
	m, N, n, half := l.Samples, l.Inputs, l.Neurons, max(1, l.Inputs/2)
	u, c := quant.NewMatrix(m, n), quant.NewMatrix(N, n)
	var gram, pinv quant.Matrix
	if l.Later {
		pinv = quant.NewMatrix(N, m)
	}
	mul := func(c quant.Matrix, trans bool, k int, a, b quant.Matrix) {
		gemm.Mul(trans, false, c.Rows, c.Cols, k, 1, a.Data, a.Stride, b.Data, b.Stride, 0, c.Data, c.Stride)
	}
	return func(f quant.Form) {
		if f == quant.Gram {
			if gram.Rows == 0 {
				gram = quant.NewMatrix(N, N)
			}
			if l.Later {
				mul(gram, false, m, pinv, x)
				mul(c, false, N, gram, e)
			}
			lower := quant.Columns(gram, 0, half)
			mul(lower, true, m, x, x)
			mul(c, false, half, lower, e)
			return
		}
		if l.Later {
			mul(u, false, N, x, e)
			mul(c, false, m, pinv, u)
		}
		mul(u, false, N, x, e)
		mul(c, true, m, x, u)
	}
}

// run returns the nanoseconds of a whole run of the layer on one worker.
func (l Layer) run(method quant.Method) (ns float64, err error) {
	in := sim.Instance{
		Network: sim.Network{Widths: []int{l.Inputs, l.Neurons}, Weights: sim.Distribution{Kind: "gaussian"}, Activation: sim.ReLU},
		Data:    sim.Data{Source: sim.Gaussian, Samples: l.Samples}, Seed: 1,
	}
	workers := pool.New(1)
	ctx := context.Background()
	variants := []sim.Variant{{Method: method, Alphabet: sim.AlphabetRule{Step: 0.25}}}
	ns = nanoseconds(func() {
		failed := workers.Run(ctx, func() {
			var results []sim.Result
			if results, err = sim.Run(ctx, workers, in, variants, sim.Options{}); err == nil {
				err = results[0].Err
			}
		})
		if err == nil {
			err = failed
		}
	})
	return ns, err
}

// nanoseconds returns how long f takes.
func nanoseconds(f func()) float64 {
	start := time.Now()
	f()
	return float64(time.Since(start).Nanoseconds())
}

// normals returns a rows×cols matrix of normal draws.
func normals(name string, rows, cols int) quant.Matrix {
	a, stream := quant.NewMatrix(rows, cols), rng.New(1, name)
	for i := range a.Data {
		a.Data[i] = stream.Normal(i)
	}
	return a
}
