package sim

import (
	"math"
	"testing"

	"spfq/internal/num"
	"spfq/internal/rng"
	"spfq/quant"
	"spfq/quant/bound"
)

// What a certified run says of a layer is what package bound says of the
// matrices of its tiles.
func TestCertified(t *testing.T) {
	in := Instance{Network: equal(1, 96), Data: Data{Source: Gaussian, Samples: 6}, Seed: 21}
	q, w := quant.NewMatrix(96, 96), quant.NewMatrix(96, 96)
	fractions := quant.NewMatrix(96, 96)
	v := Variant{Method: method(t, "spfq", ""), Alphabet: AlphabetRule{Step: 0.25}, Certify: true}
	r := mustRun(t, 1, in, []Variant{v}, Options{Tile: 20, Observe: func(_, _ int, tile quant.Tile) {
		for c := range tile.W.Rows {
			copy(quant.Row(w, c)[tile.First:], quant.Row(tile.W, c))
			copy(quant.Row(q, c)[tile.First:], quant.Row(tile.Q, c))
			copy(quant.Row(fractions, c)[tile.First:], quant.Row(tile.Fractions, c))
		}
	}})[0]
	x, _ := in.Inputs()
	a, err := bound.Influence(x)
	if err != nil {
		t.Fatal(err)
	}
	proxy, err := bound.Measure(a)
	if err != nil {
		t.Fatal(err)
	}
	observed, err := bound.Observed(a, fractions)
	if err != nil {
		t.Fatal(err)
	}
	// These are the same functions of the same numbers, but Observed was called tile by
	// tile, which may sum its 96 products in another order.
	l := r.Layers[0]
	measured := bound.Proxy{Row: float64(l.ProxyRow), Frobenius: float64(l.ProxyFrobenius), Spectral: float64(l.ProxySpectral), Share: float64(l.ProxyShare)}
	if measured != proxy || math.Abs(float64(l.Observed)/observed-1) > 1e-12 {
		t.Errorf("proxy %+v and observed %v, want %+v and %v", measured, l.Observed, proxy, observed)
	}

	// T0: the error is A·r with the rounding errors r_t = (f − [rounded up])δ.
	e := quant.NewMatrix(6, 96)
	quant.Mul(e, x, w, 0)
	xq := quant.NewMatrix(6, 96)
	quant.Mul(xq, x, q, 0)
	tailWant := make([]int64, len(TailThresholds))
	var norm2 float64
	for _, v := range quant.Row(a, 0) {
		norm2 += v * v
	}
	scale := 0.125 * math.Sqrt(norm2)
	u := make([]float64, 6)
	for j := range 96 {
		clear(u)
		for c := range 96 {
			f := quant.Row(fractions, c)[j]
			round := f * 0.25
			if in.rounding(1).Derive(j).Uniform(c) < f {
				round -= 0.25
			}
			for k := range u {
				u[k] += quant.Row(a, k)[c] * round
			}
		}
		for k := range u {
			// Sums of 96 products of at most 3·3 have rounding errors far below 1e-11.
			if d := quant.Row(e, k)[j] - quant.Row(xq, k)[j]; math.Abs(d-u[k]) > 1e-11 {
				t.Fatalf("sample %d of neuron %d errs by %v, A·r says %v", k, j, d, u[k])
			}
		}
		for i, x := range TailThresholds {
			if math.Abs(u[0]) > x*scale {
				tailWant[i]++
			}
		}
	}
	for i := range tailWant {
		if r.Tail[i] != tailWant[i] {
			t.Errorf("tails %v, want %v", r.Tail, tailWant)
			break
		}
	}
	// The products take 4mNn operations, the triangles at most 2·(64/2)·Nn.
	if weights := num.Count(96 * 96); r.Operations < 4*6*weights || r.Operations > (4*6+64)*weights {
		t.Errorf("%d operations for %d weights", r.Operations, weights)
	}
}

// The columns of the spiral are unit vectors, each orthogonal to the sum of those before
// it. On them GPFQ rounds constant weights just below half a step all to 0.
func TestSpiral(t *testing.T) {
	in := Instance{Network: equal(1, 200), Data: Data{Source: Spiral, Samples: 5, Test: 1}, Seed: 2}
	in.Weights = Distribution{Kind: "constant", Parameter: 0.12}
	x, test := in.Inputs()
	sum := make([]float64, 5)
	for c := range 200 {
		var norm2, inner float64
		for k := range sum {
			v := quant.Row(x, k)[c]
			norm2, inner = norm2+v*v, inner+v*sum[k]
			sum[k] += v
		}
		if math.Abs(norm2-1) > 1e-12 || math.Abs(inner) > 1e-11 {
			t.Fatalf("column %d: norm² %v, inner product with the sum %v", c, norm2, inner)
		}
	}
	if test.Data[7] != 1 {
		t.Error("one sample has no plane: its columns are 1")
	}
	rs := mustRun(t, 1, in, []Variant{
		{Method: method(t, "gpfq", ""), Alphabet: AlphabetRule{Step: 0.25}},
		{Method: method(t, "spfq", ""), Alphabet: AlphabetRule{Step: 0.25}}}, Options{})
	if got := float64(rs[0].RelSqError); math.Abs(got-1) > 1e-12 {
		t.Errorf("GPFQ errs by %v, want all of it", got)
	}
	if got := rs[1].RelSqError; got > 0.2 {
		t.Errorf("SPFQ errs by %v", got)
	}
}

func TestRoundActivations(t *testing.T) {
	x := quant.Matrix{Rows: 1, Cols: 5, Stride: 5, Data: []float64{0, 0.9, 1.6, 3, 2.5}}
	y := quant.Matrix{Rows: 1, Cols: 3, Stride: 3, Data: []float64{-1, 9, 1.2}}
	roundActivations(x, y, 2) // levels 0, 1, 2, 3
	for i, want := range []float64{0, 1, 2, 3, 3} {
		if x.Data[i] != want {
			t.Errorf("activations %v", x.Data)
		}
	}
	for i, want := range []float64{0, 3, 1} {
		if y.Data[i] != want {
			t.Errorf("held-out activations %v", y.Data)
		}
	}
	z := quant.Matrix{Rows: 1, Cols: 3, Stride: 3, Data: []float64{-6, 0.9, 1.2}}
	roundActivations(z, quant.NewMatrix(0, 3), 3) // levels -6, -4, …, 6
	for i, want := range []float64{-6, 0, 2} {
		if z.Data[i] != want {
			t.Errorf("signed activations %v", z.Data)
		}
	}
}

// Tied neurons have the same weights. Their errors are the same where rounding is to
// nearest, and unrelated where it is stochastic.
func TestTiedAndBias(t *testing.T) {
	d, err := ParseDistribution("tied")
	if err != nil {
		t.Fatal(err)
	}
	layer := rng.New(1, "test")
	row := make([]float64, 3)
	d.row(4, d.streams(layer, 0, 3), row)
	if row[0] != row[1] || row[1] != row[2] || row[0] == 0 {
		t.Errorf("tied weights %v", row)
	}
	in := Instance{Network: equal(1, 100), Data: Data{Source: Gaussian, Samples: 8}, Seed: 2}
	in.Weights = d
	rs := mustRun(t, 1, in, []Variant{
		{Method: method(t, "gpfq", ""), Alphabet: AlphabetRule{Step: 0.25}},
		{Method: method(t, "spfq", ""), Alphabet: AlphabetRule{Step: 0.25}}}, Options{})
	if math.Abs(float64(rs[0].Bias)-1) > 1e-9 {
		t.Errorf("GPFQ's bias is %v, want 1", rs[0].Bias)
	}
	if rs[1].Bias > 0.1 { // its mean is about 1/n = 0.01, with about 8 degrees of freedom
		t.Errorf("SPFQ's bias is %v, want about 0.01", rs[1].Bias)
	}
}
