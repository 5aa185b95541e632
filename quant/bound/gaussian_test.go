package bound

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"
)

// With δ = 0.3, m = 2 and N = 2 the expectation is v·δ²·(2/2)·(1 − 1/4) with
// feedback and v·δ² without.
func TestExpectedByHand(t *testing.T) {
	for _, c := range []struct {
		rounding Rounding
		feedback bool
		want     float64
	}{
		{Stochastic, true, 0.09 / 6 * 0.75}, {Nearest, true, 0.09 / 12 * 0.75},
		{Nearest, false, 0.09 / 12}, {Stochastic, false, 0.09 / 6},
	} {
		got, err := Expected(c.rounding, c.feedback, 0.3, 2, 2)
		near(t, "Expected", got, err, c.want)
	}
	got, err := Expected(Stochastic, true, 0.3, 1, 9)
	near(t, "Expected of one sample", got, err, 0.09/6/9)
}

// The mean error of each of the four methods over data, weights and rounding is
// within five standard errors of Expected. By chance one of the four is further
// off about twice in a million.
func TestExpectedAgainstMean(t *testing.T) {
	const m, inputs, n, trials, step = 4, 12, 8, 1500, 0.5
	for _, rounding := range []Rounding{Stochastic, Nearest} {
		for _, feedback := range []bool{true, false} {
			want, err := Expected(rounding, feedback, step, m, inputs)
			if err != nil {
				t.Fatal(err)
			}
			r := rand.New(rand.NewPCG(3, uint64(rounding)))
			var sum, sum2 float64
			for range trials {
				xt := gaussianMatrix(r, m, inputs)
				p := follow(r, xt, n, step, rounding)
				if !feedback {
					p = memoryless(r, xt, n, step, rounding)
				}
				norm2 := blas64.Dot(flat(p.u), flat(p.u)) / (n * m * inputs) // E‖Xw‖² = mN
				sum += norm2 / trials
				sum2 += norm2 * norm2 / trials
			}
			if se := math.Sqrt((sum2 - sum*sum) / trials); math.Abs(sum-want) > 5*se {
				t.Errorf("rounding %d, feedback %v: mean %v ± %v, want %v", rounding, feedback, sum, se, want)
			}
		}
	}
}

// memoryless rounds each weight by itself: it takes each column of X̃ as a path of
// one step, and adds up the errors.
func memoryless(r *rand.Rand, xt blas64.General, n int, step float64, rounding Rounding) path {
	total := follow(r, part(xt, 0), n, step, rounding)
	for t := 1; t < xt.Cols; t++ {
		one := follow(r, part(xt, t), n, step, rounding)
		blas64.Axpy(1, flat(one.u), flat(total.u))
	}
	return total
}

func part(a blas64.General, t int) blas64.General {
	return blas64.General{Rows: a.Rows, Cols: 1, Stride: a.Stride, Data: a.Data[t:]}
}

func flat(a blas64.General) blas64.Vector {
	return blas64.Vector{N: len(a.Data), Inc: 1, Data: a.Data}
}

// ε(δ) bounds how far the density of a fraction is from 1. The density is that of
// a normal number modulo 1, summed here over the integers literally. Up to δ = 2
// the bound is within a factor 2 of what is seen.
func TestUnevenness(t *testing.T) {
	for _, step := range []float64{1, 2, 4, 8} {
		worst := 0.0
		for f := 0.0; f < 1; f += 1. / 64 {
			density := 0.0
			for k := -100; k <= 100; k++ {
				z := step * (f + float64(k))
				density += step * math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
			}
			worst = math.Max(worst, math.Abs(density-1))
		}
		limit := math.Expm1(unevenness(step, 1))
		if worst > limit+1e-14 || worst < limit/2 && step < 4 {
			t.Errorf("δ = %v: off by %v, ε = %v", step, worst, limit)
		}
	}
	if e := math.Expm1(unevenness(1, 1)); e > 6e-9 {
		t.Errorf("ε(1) = %v, want below 6e-9", e)
	}
}

// For one layer the bound is T3c with η/3 and the expectation ‖X‖_F²·N_1.
func TestGaussNetworkByHand(t *testing.T) {
	expected, relative, err := GaussNetwork(50, 4, []float64{0.5}, []int{7}, 9, 0.03)
	near(t, "expectation", expected, err, 350)
	e := 0.25 * (3 + math.Sqrt(2*math.Log(7/0.01))) * 4
	near(t, "relative squared error", relative, err, 7*e*e/350)

	// For two layers the largest column norm of the second one's inputs is bounded
	// by B_1 = √((1+s)·‖X‖_F²)·(1 + √(2 log(7/0.01))) with s² = 3·(5/7)/η.
	expected, relative, err = GaussNetwork(50, 4, []float64{0.5, 1}, []int{7, 2}, 9, 0.03)
	near(t, "expectation of two layers", expected, err, 350)
	e = 0.25 * (3 + math.Sqrt(2*math.Log(14/0.01))) * 4
	b := math.Sqrt((1+math.Sqrt(3*5/7./0.03))*50) * (1 + math.Sqrt(2*math.Log(7/0.01)))
	e = 0.5 * (3 + math.Sqrt(2*math.Log(4/0.01))) * (b + e)
	near(t, "relative squared error of two layers", relative, err, 2*e*e/350)
}

// The mean of ‖Φ(X)‖_F² over weights is within five standard errors of the
// expectation that GaussNetwork returns.
func TestGaussNetworkAgainstMean(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	x := gaussianMatrix(r, 3, 4)
	sizes := []int{8, 9, 5}
	norm := blas64.Nrm2(flat(x))
	want, _, err := GaussNetwork(norm*norm, norm, []float64{1, 1, 1}, sizes, 3, 0.1)
	if err != nil {
		t.Fatal(err)
	}
	const trials = 20000
	var sum, sum2 float64
	for range trials {
		h := x
		for i, n := range sizes {
			next := blas64.General{Rows: 3, Cols: n, Stride: n, Data: make([]float64, 3*n)}
			w := gaussianMatrix(r, h.Cols, n)
			for k := range 3 {
				for c := range n {
					y := blas64.Dot(blas64.Vector{N: h.Cols, Inc: 1, Data: h.Data[k*h.Stride:]}, column(w, c))
					if i < len(sizes)-1 {
						y = math.Max(y, 0)
					}
					next.Data[k*n+c] = y
				}
			}
			h = next
		}
		norm := blas64.Nrm2(flat(h))
		sum += norm * norm / trials
		sum2 += norm * norm * norm * norm / trials
	}
	if se := math.Sqrt((sum2 - sum*sum) / trials); math.Abs(sum-want) > 5*se {
		t.Errorf("mean %v ± %v, want %v", sum, se, want)
	}
}

// The bound is of the order (m + log N)·log N/N: the ratio of the two stays
// within a factor of 2 from N = 10⁵, where the product over the layers has
// settled, to 10⁹.
func TestGaussNetworkOrder(t *testing.T) {
	const m, step, eta = 32, 0.25, 0.01
	var first float64
	for _, n := range []int{1e5, 1e6, 1e7, 1e8, 1e9} {
		N := float64(n)
		_, relative, err := GaussNetwork(m*N, math.Sqrt(m)+math.Sqrt(2*math.Log(N/eta)), []float64{step, step, step}, []int{n, n, n}, m, eta)
		if err != nil {
			t.Fatal(err)
		}
		c := relative * N / ((m + math.Log(N)) * math.Log(N))
		if first == 0 {
			first = c
		}
		if c > 2*first || c < first/2 {
			t.Errorf("N = %d: constant %v, at first %v", n, c, first)
		}
	}
}
