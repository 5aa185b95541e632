package sim

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"spfq/internal/num"
	"spfq/internal/pool"
	"spfq/quant"
)

// equal returns a network of so many layers of equal width.
func equal(layers, width int) Network {
	net := Network{Weights: Distribution{Kind: "gaussian"}, Activation: ReLU}
	for range layers + 1 {
		net.Widths = append(net.Widths, width)
	}
	return net
}

func method(t *testing.T, name, align string) quant.Method {
	t.Helper()
	m, ok := quant.Named(name)
	if !ok {
		t.Fatalf("no method %s", name)
	}
	if align != "" {
		a, err := quant.ParseAlign(align)
		if err != nil {
			t.Fatal(err)
		}
		m.Align = a
	}
	return m
}

// mustRun runs an instance and fails the test on any error.
func mustRun(t *testing.T, workers int, in Instance, vs []Variant, opt Options) []Result {
	t.Helper()
	p := pool.New(workers)
	var rs []Result
	err := p.Run(context.Background(), func() {
		var err error
		if rs, err = Run(context.Background(), p, in, vs, opt); err != nil {
			t.Fatal(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for v, r := range rs {
		if r.Err != nil {
			t.Fatalf("variant %d: %v", v, r.Err)
		}
	}
	return rs
}

// meanError returns the mean relative squared error of each variant over
// trials, and its standard error.
func meanError(t *testing.T, in Instance, vs []Variant, trials int) (mean, se []float64) {
	t.Helper()
	mean, se = make([]float64, len(vs)), make([]float64, len(vs))
	sum2 := make([]float64, len(vs))
	n := float64(trials)
	for in.Trial = range trials {
		for v, r := range mustRun(t, 2, in, vs, Options{}) {
			e := float64(r.RelSqError)
			mean[v] += e / n
			sum2[v] += e * e / n
		}
	}
	for v := range se {
		se[v] = math.Sqrt(max(0, sum2[v]-mean[v]*mean[v]) / (n - 1))
	}
	return mean, se
}

// T7: on one layer with X = X̃ Gaussian and N ≥ 16m, relative squared errors are within 5%
// of mδ²/(6N) for SPFQ, mδ²/(12N) for GPFQ, δ²/12 for RTN and δ²/6 for memoryless
// stochastic rounding. There are trials enough for a standard error of each mean below
// 1%, which the test checks, so that a miss by 5% is one of the heuristic.
func TestExpectedErrorOfOneLayer(t *testing.T) {
	if testing.Short() {
		t.Skip("about 5 seconds, minutes under the race detector")
	}
	const delta = 0.25
	for _, s := range []struct{ m, n, trials int }{{8, 256, 300}, {16, 256, 100}, {32, 512, 16}, {32, 2048, 24}} {
		in := Instance{Network: equal(1, s.n), Data: Data{Source: Gaussian, Samples: s.m}, Seed: 1}
		rule := AlphabetRule{Step: delta}
		vs := []Variant{{Method: method(t, "spfq", ""), Alphabet: rule}, {Method: method(t, "gpfq", ""), Alphabet: rule}, {Method: method(t, "rtn", ""), Alphabet: rule}, {Method: method(t, "stochastic", ""), Alphabet: rule}}
		path := float64(s.m) * delta * delta / float64(s.n)
		want := []float64{path / 6, path / 12, delta * delta / 12, delta * delta / 6}
		got, se := meanError(t, in, vs, s.trials)
		for v := range vs {
			t.Logf("m = %d, N = %d: %s: %.4g, T7 %.4g (%+.1f%%, standard error %.1f%%)", s.m, s.n,
				[]string{"spfq", "gpfq", "rtn", "stochastic"}[v], got[v], want[v], 100*(got[v]/want[v]-1), 100*se[v]/want[v])
			if math.Abs(got[v]/want[v]-1) > 0.05 || se[v] > 0.01*want[v] {
				t.Errorf("m = %d, N = %d, variant %d: %v ± %v, want %v within 5%%", s.m, s.n, v, got[v], se[v], want[v])
			}
		}
	}
}

// The table has mean relative squared errors of three ReLU layers with Gaussian data and
// weights, m = 32, δ = 0.25 and the infinite alphabet, as an independent script found
// them, with standard errors of 1 to 4%. Ours must agree within 10%, below N = 256
// within 15%. The numbers of trials keep our own standard errors near 2%.
func TestReferenceTable(t *testing.T) {
	if testing.Short() {
		t.Skip("about 20 seconds")
	}
	widths := []int{64, 128, 256, 512, 1024}
	trials := []int{80, 60, 30, 16, 10}
	table := []struct {
		name, align string
		want        []float64
	}{
		{"rtn", "", []float64{1.57e-2, 1.54e-2, 1.55e-2, 1.54e-2, 1.60e-2}},
		{"gpfq", "", []float64{3.12e-3, 1.56e-3, 6.71e-4, 2.91e-4, 1.43e-4}},
		{"spfq", "exact", []float64{3.26e-3, 2.15e-3, 1.12e-3, 5.31e-4, 2.71e-4}},
		{"spfq", "none", []float64{1.17e-2, 7.16e-3, 3.69e-3, 1.83e-3, 9.55e-4}},
		{"spfq", "order-1", []float64{6.29e-3, 3.10e-3, 1.35e-3, 5.79e-4, 2.84e-4}},
		{"spfq", "order-4", []float64{3.45e-3, 2.14e-3, 1.12e-3, 5.29e-4, 2.70e-4}},
	}
	var vs []Variant
	for _, row := range table {
		vs = append(vs, Variant{Method: method(t, row.name, row.align), Alphabet: AlphabetRule{Step: 0.25}})
	}
	for i, n := range widths {
		in := Instance{Network: equal(3, n), Data: Data{Source: Gaussian, Samples: 32}, Seed: 20230920}
		got, se := meanError(t, in, vs, trials[i])
		allowed := 0.10
		if n < 256 {
			allowed = 0.15
		}
		for v, row := range table {
			off := got[v]/row.want[i] - 1
			t.Logf("N = %4d %s %-8s %.3g (standard error %.1f%%), reference %.3g, %+.1f%%", n, row.name, row.align, got[v], 100*se[v]/got[v], row.want[i], 100*off)
			if math.Abs(off) > allowed {
				t.Errorf("N = %d, %s %s: %.3g, want %.3g within %.0f%%", n, row.name, row.align, got[v], row.want[i], 100*allowed)
			}
		}
	}
}

// variants returns variants that together take every path through a layer.
func variants(t *testing.T) []Variant {
	byWeight, random := method(t, "spfq", "order-2"), method(t, "spfq", "exact")
	byWeight.Order, random.Order = quant.ByWeight, quant.Random
	return []Variant{
		{Method: method(t, "spfq", "exact"), Alphabet: AlphabetRule{Step: 0.25}},
		{Method: method(t, "spfq", "order-3"), Alphabet: AlphabetRule{Step: 0.25, K: 7}},
		{Method: byWeight, Alphabet: AlphabetRule{Step: 0.25}},
		{Method: random, Alphabet: AlphabetRule{Step: 0.25, K: 15}},
		{Method: method(t, "gpfq", ""), Alphabet: AlphabetRule{K: 7, C: 1.16, Quantile: 0.95}},
		{Method: method(t, "rtn", ""), Alphabet: AlphabetRule{K: 3, C: 1, Quantile: 1}},
		{Method: method(t, "stochastic", ""), Alphabet: AlphabetRule{Step: 0.5}},
		{Method: method(t, "spfq", "exact"), Alphabet: AlphabetRule{Step: 0.25}, ActivationBits: 4, Certify: true},
	}
}

// untimed returns results without their timings as text, in which NaN equals NaN.
func untimed(rs []Result) string {
	var b strings.Builder
	for _, r := range rs {
		r.Seconds = 0
		for i := range r.Layers {
			r.Layers[i].Seconds = 0
		}
		fmt.Fprintf(&b, "%x\n", r)
	}
	return b.String()
}

// Neither the number of workers nor the size of a tile changes any bit.
func TestWorkersAndTiles(t *testing.T) {
	for _, in := range []Instance{
		{Network: equal(3, 100), Data: Data{Source: Gaussian, Samples: 12, Test: 9}, Seed: 3},
		{Network: Network{Widths: []int{30, 77, 5, 40}, Weights: Distribution{Kind: "laplace"}, Biases: true, Activation: Tanh},
			Data: Data{Source: Subspace, Dimension: 4, Noise: 0.1, Samples: 25}, Seed: 4, Trial: 2},
	} {
		want := untimed(mustRun(t, 1, in, variants(t), Options{}))
		for _, workers := range []int{1, 2, 7} {
			for _, tile := range []int{0, 1, 7, 24, 64} {
				if got := untimed(mustRun(t, workers, in, variants(t), Options{Tile: tile})); got != want {
					t.Errorf("%v: %d workers and tiles of %d change the results:\n%s\nwant\n%s", in.Widths, workers, tile, got, want)
				}
			}
		}
	}
}

// The block size changes sums by rounding errors. A code moves only where such an error
// crosses a boundary, which for these 16,000 weights and fixed seeds happens nowhere. So
// errors agree to within rounding: 1e-9 is far above the (m+N)·ε·κ of these shapes, and
// far below what a single code moved among so many would do.
func TestBlocks(t *testing.T) {
	in := Instance{Network: equal(2, 90), Data: Data{Source: Gaussian, Samples: 12, Test: 5}, Seed: 3}
	want := mustRun(t, 1, in, variants(t), Options{})
	for _, block := range []int{1, 8, 9, 50, 200} {
		for v, got := range mustRun(t, 1, in, variants(t), Options{Block: block}) {
			if d := math.Abs(float64(got.RelSqError/want[v].RelSqError) - 1); d > 1e-9 {
				t.Errorf("blocks of %d: variant %d: error %v, want %v", block, v, got.RelSqError, want[v].RelSqError)
			}
		}
	}
}

// What is drawn does not depend on the variants: a variant gives the same results alone
// and beside others.
func TestVariantsDoNotMeet(t *testing.T) {
	in := Instance{Network: equal(2, 60), Data: Data{Source: Uniform, Samples: 10, Test: 4}, Seed: 9}
	all := mustRun(t, 2, in, variants(t), Options{})
	for v, variant := range variants(t) {
		alone := mustRun(t, 2, in, []Variant{variant}, Options{})
		if untimed(alone) != untimed(all[v:v+1]) {
			t.Errorf("variant %d changes in company", v)
		}
	}
}

// The errors that Run measures are those of W and Q as Observe sees them, by a forward
// pass written out here.
func TestErrorFromTheMatrices(t *testing.T) {
	in := Instance{Network: Network{Widths: []int{20, 31, 17}, Weights: Distribution{Kind: "gaussian"}, Biases: true, Activation: LeakyReLU},
		Data: Data{Source: Gaussian, Samples: 6, Test: 8}, Seed: 11}
	vs := []Variant{{Method: method(t, "spfq", "order-2"), Alphabet: AlphabetRule{Step: 0.25, K: 5}}}
	w := []quant.Matrix{quant.NewMatrix(20, 31), quant.NewMatrix(31, 17)}
	q := []quant.Matrix{quant.NewMatrix(20, 31), quant.NewMatrix(31, 17)}
	r := mustRun(t, 1, in, vs, Options{Tile: 5, Observe: func(layer, _ int, tile quant.Tile) {
		for c := range tile.W.Rows {
			copy(quant.Row(w[layer-1], c)[tile.First:], quant.Row(tile.W, c))
			copy(quant.Row(q[layer-1], c)[tile.First:], quant.Row(tile.Q, c))
		}
	}})[0]
	x, test := in.Inputs()
	forward := func(x quant.Matrix, w []quant.Matrix) quant.Matrix {
		for i := range w {
			y := quant.NewMatrix(x.Rows, w[i].Cols)
			b := in.BiasVector(i+1, 0, w[i].Cols)
			for k := range y.Rows {
				for j := range y.Cols {
					s := b[j]
					for c := range x.Cols {
						s += x.Data[k*x.Stride+c] * w[i].Data[c*w[i].Stride+j]
					}
					if i+1 < len(w) && s < 0 {
						s *= 0.01
					}
					y.Data[k*y.Stride+j] = s
				}
			}
			x = y
		}
		return x
	}
	for name, c := range map[string]struct {
		x                   quant.Matrix
		relSq, most, column num.Num
	}{
		"calibration": {x, r.RelSqError, r.MaxError, r.MaxColumnError},
		"held-out":    {test, r.TestRelSqError, r.TestMaxError, r.TestMaxColumnError},
	} {
		exact, quantized := forward(c.x, w), forward(c.x, q)
		var total, den, most, column float64
		for j := range exact.Cols {
			var s float64
			for k := range exact.Rows {
				e := exact.Data[k*exact.Stride+j]
				d := e - quantized.Data[k*exact.Stride+j]
				s, den, most = s+d*d, den+e*e, max(most, math.Abs(d))
			}
			total, column = total+s, max(column, math.Sqrt(s))
		}
		for what, pair := range map[string][2]float64{
			"rel_sq_error": {float64(c.relSq), total / den}, "max_error": {float64(c.most), most}, "max_column_error": {float64(c.column), column}} {
			// Two layers of sums of at most 31 products have relative rounding errors
			// far below 1e-10.
			if math.Abs(pair[0]/pair[1]-1) > 1e-10 {
				t.Errorf("%s %s: %v, the matrices say %v", name, what, pair[0], pair[1])
			}
		}
	}
}

// A variant that fails says why, has nothing measured, and leaves the others alone.
func TestFailureStaysWithItsVariant(t *testing.T) {
	p := pool.New(2)
	rs, err := Run(context.Background(), p, Instance{Network: equal(1, 8), Data: Data{Source: Gaussian, Samples: 4}, Seed: 1},
		[]Variant{{Method: method(t, "rtn", ""), Alphabet: AlphabetRule{K: 1 << 30, C: 5e-324, Quantile: 1}}, {Method: method(t, "rtn", ""), Alphabet: AlphabetRule{Step: 1}}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if rs[0].Err == nil || !strings.Contains(rs[0].Err.Error(), "layer 1") {
		t.Errorf("a step of about 0: error %v, want one that names layer 1", rs[0].Err)
	}
	if rs[0].WeightCount != 64 || !rs[0].RelSqError.IsMissing() || !rs[0].Operations.IsMissing() || rs[0].Layers != nil {
		t.Errorf("the variant that failed has %+v", rs[0])
	}
	if rs[1].Err != nil {
		t.Errorf("the other variant failed too: %v", rs[1].Err)
	}
	// Layers without an activation, each of which multiplies variances by N, overflow in
	// the end. That is an error, not NaN.
	in := Instance{Network: equal(260, 300), Data: Data{Source: Gaussian, Samples: 4}, Seed: 1}
	in.Activation = Identity
	rs, err = Run(context.Background(), p, in, []Variant{{Method: method(t, "spfq", ""), Alphabet: AlphabetRule{Step: 1}}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if rs[0].Err == nil || !strings.Contains(rs[0].Err.Error(), "float64") {
		t.Errorf("overflow: error %v, want one that names float64", rs[0].Err)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, pool.New(1), Instance{Network: equal(1, 8), Data: Data{Source: Gaussian, Samples: 2}}, variants(t), Options{}); err != context.Canceled {
		t.Errorf("cancelled: error %v", err)
	}
}
