package bound

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"
)

// The Kearns–Saul proxy κ is the least that works: κs²/2 is at least the cumulant
// everywhere and equal to it at s = −2 log((1−f)/f).
func TestKearnsSaul(t *testing.T) {
	for f := 0.0; f <= 1; f += 1. / 256 {
		k := kearnsSaul(f)
		if k > 0.25 || k < f*(1-f) {
			t.Errorf("κ(%v) = %v, want from the variance to 1/4", f, k)
		}
		for s := -20.0; s <= 20; s += 0.125 {
			// The cumulant is a difference of numbers of size |s| <= 20, which
			// rounding moves by about 4·20·2^-53 < 1e-14.
			if psi := cumulant(s, f); psi > k*s*s/2+1e-14 || psi < 0 {
				t.Errorf("f = %v, s = %v: cumulant %v, bound %v", f, s, psi, k*s*s/2)
			}
		}
		if s := -2 * math.Log((1-f)/f); f > 0 && f < 1 && math.Abs(cumulant(s, f)-k*s*s/2) > 1e-13 {
			t.Errorf("f = %v, s = %v: cumulant %v, want %v", f, s, cumulant(s, f), k*s*s/2)
		}
	}
	for _, y := range []float64{0.99e-4, 1.01e-4} { // on either side of where the formula changes
		if got, want := kearnsSaul((1-y)/2), (1-y*y/3)/4; math.Abs(got-want) > 1e-14 {
			t.Errorf("κ(½ − %v) = %v, want %v", y/2, got, want)
		}
	}
	// However small the fraction is, κ is not 0 but nearly 1/(2 log(1/f)).
	for _, f := range []float64{1e-300, 1e-30, 1e-17, 1e-15} {
		if got, want := kearnsSaul(f), 1/(2*math.Log(1/f)); math.Abs(got-want) > 1e-14 {
			t.Errorf("κ(%v) = %v, want %v", f, got, want)
		}
	}
	// The mean of κ over uniform fractions is 7ζ(3)/(4π²). κ has infinite slope at
	// 0 and 1, so the midpoint rule with n points errs by about 1/(n log n).
	const n = 1 << 16
	mean := 0.0
	for i := range n {
		mean += kearnsSaul((float64(i)+0.5)/n) / n
	}
	if want := 7 * 1.2020569031595942 / (4 * math.Pi * math.Pi); math.Abs(mean-want) > 1e-5 {
		t.Errorf("mean κ %v, want %v", mean, want)
	}
}

// One sample, two columns and one neuron: ρ = 5, and the fractions ½ and 0, for
// which κ is ¼ and 0, give G = 4·(16/4)/25 = 0.64.
func TestObservedByHand(t *testing.T) {
	a, f := matrixOf([][]float64{{4, 3}}), matrixOf([][]float64{{0.5}, {0}})
	got, err := Observed(a, f)
	near(t, "Observed", got, err, 5*(1+0.64)/2)
	// If all fractions are ½, nothing is gained over ρ.
	got, err = Observed(a, matrixOf([][]float64{{0.5}, {0.5}}))
	near(t, "Observed at ½", got, err, 5)
	// If all fractions are 0 or 1, no rounding is random and all cumulants are 0.
	// What is left of the bound is log(2mn/η)/λ, which is half of T1″.
	exact, err := ExactLayer(0.5, a, matrixOf([][]float64{{0}, {1}}), 1, 2*math.Exp(-8))
	near(t, "ExactLayer at 0", exact, err, 0.5*5*2/2)
	// Rows of zeros do not count.
	got, err = Observed(matrixOf([][]float64{{0, 0}, {4, 3}}), f)
	near(t, "Observed beside zeros", got, err, 5*(1+0.64)/2)
	// Rows so small or large that their squares underflow or overflow do count.
	got, err = Observed(matrixOf([][]float64{{4e-200, 3e-200}}), f)
	near(t, "Observed of tiny outputs", got, err, 5e-200*(1+0.64)/2)
	got, err = Observed(matrixOf([][]float64{{4e200, 3e200}}), f)
	near(t, "Observed of huge outputs", got, err, 5e200*(1+0.64)/2)
}

// ExactLayer agrees with its definition, in which the expectation of e^(λ a r) is
// written out.
func TestExactLayerLiterally(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	const step, m, inputs, n, eta = 0.5, 3, 6, 4, 0.1
	a, f := gaussianMatrix(r, m, inputs), gaussianMatrix(r, inputs, n)
	for i := range f.Data {
		f.Data[i] = r.Float64()
	}
	l := math.Log(2 * m * n / eta)
	want := 0.0
	for k := range m {
		proxy := 0.0
		for c := range inputs {
			proxy += step * step / 4 * a.Data[k*inputs+c] * a.Data[k*inputs+c]
		}
		for _, lambda := range []float64{math.Sqrt(2 * l / proxy), -math.Sqrt(2 * l / proxy)} {
			for j := range n {
				sum := l
				for c := range inputs {
					f, s := f.Data[c*n+j], lambda*a.Data[k*inputs+c]*step
					sum += math.Log((1-f)*math.Exp(s*f) + f*math.Exp(-s*(1-f)))
				}
				want = math.Max(want, sum/math.Abs(lambda))
			}
		}
	}
	got, err := ExactLayer(step, a, f, n, eta)
	near(t, "ExactLayer", got, err, want)

	// Computed in tiles of neurons, the largest is the same.
	left := blas64.General{Rows: inputs, Cols: 1, Stride: n, Data: f.Data}
	right := blas64.General{Rows: inputs, Cols: n - 1, Stride: n, Data: f.Data[1:]}
	one, _ := ExactLayer(step, a, left, n, eta)
	rest, _ := ExactLayer(step, a, right, n, eta)
	near(t, "ExactLayer of tiles", math.Max(one, rest), nil, want)
	whole, _ := Observed(a, f)
	one, _ = Observed(a, left)
	rest, _ = Observed(a, right)
	near(t, "Observed of tiles", math.Max(one, rest), nil, whole)
}
