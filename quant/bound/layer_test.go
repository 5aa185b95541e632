package bound

import (
	"math"
	"testing"
)

// The bounds agree with the literature's form: δM√(2πp log N) with failure
// probability √2·m·n·N^(-p) for Convex, and δM√(p log N/2) with 2mnN^(-p) for
// Hoeffding.
func TestOneLayerByHand(t *testing.T) {
	const m, n, N, p, step, maxNorm = 32, 100, 512, 3.0, 0.25, 7.0
	for _, c := range []struct {
		constant  Constant
		eta, want float64
	}{
		{Convex, math.Sqrt2 * m * n * math.Pow(N, -p), step * maxNorm * math.Sqrt(2*math.Pi*p*math.Log(N))},
		{Hoeffding, 2 * m * n * math.Pow(N, -p), step * maxNorm * math.Sqrt(p*math.Log(N)/2)},
	} {
		got, err := OneLayer(c.constant, step, maxNorm, m, n, c.eta)
		near(t, "OneLayer", got, err, c.want)
	}
}

// η is such that log(n/η) = 8. So √(2 log(n/η)) = 4, which is added to √d = 3, and
// in the second bound is multiplied by ‖A‖ = 2 and added to ‖A‖_F = 3.
func TestColumnsByHand(t *testing.T) {
	eta := 5 * math.Exp(-8)
	got, err := OneLayerColumn(0.5, 2, 9, 5, eta)
	near(t, "OneLayerColumn", got, err, 0.5/2*2*(3+4))
	got, err = DataColumn(0.5, 3, 2, 5, eta)
	near(t, "DataColumn", got, err, 0.5/2*(3+2*4))
}

// η is such that log(2mn/η) = 8, hence √(log(2mn/η)/2) = 2.
func TestDataByHand(t *testing.T) {
	eta := 2 * 3 * 5 * math.Exp(-8)
	got, err := DataLayer(0.5, 3, 3, 5, eta)
	near(t, "DataLayer", got, err, 0.5*3*2)
	got, err = ObservedLayer(0.5, 3, 3, 5, eta)
	near(t, "ObservedLayer", got, err, 0.5*3*2)
	got, err = Certificate(0.125, got)
	near(t, "Certificate", got, err, 3.125)
}

func TestOrderByHand(t *testing.T) {
	residual, err := Residual(8, 0.5, 3)
	near(t, "Residual", residual, err, 2)
	one, err := Residual(8, 0, 1)
	near(t, "Residual of one pass", one, err, 8)
	entry, _ := OneLayer(Hoeffding, 0.25, 3, 8, 16, 0.05)
	got, err := OrderR(Hoeffding, 0.25, 3, residual, 8, 16, 0.05)
	near(t, "OrderR", got, err, 2+entry)
}

func TestFullNetworkByHand(t *testing.T) {
	layers := []Layer{{0.25, 10, 3}, {0.5, 20, 40}}
	e1 := 2 * 0.25 * math.Sqrt(2*math.Pi*math.Log(math.Sqrt2*40/0.01)) * 3
	e2 := 2 * 0.5 * math.Sqrt(2*math.Pi*math.Log(math.Sqrt2*80/0.01)) * (40 + e1)
	got, err := FullNetwork(Convex, layers, 4, 0.02)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "E_1", got[0], nil, e1)
	near(t, "E_2", got[1], nil, e2)

	e1 = 0.125 * (2 + math.Sqrt(2*math.Log(10/0.01))) * 3
	e2 = 0.25 * (2 + math.Sqrt(2*math.Log(20/0.01))) * (40 + e1)
	if got, err = FullNetworkColumn(layers, 4, 0.02); err != nil {
		t.Fatal(err)
	}
	near(t, "E_1 by columns", got[0], nil, e1)
	near(t, "E_2 by columns", got[1], nil, e2)
}

// η is such that log(2Nn/η) = 8, hence κ·√(8/2) = 6 with κ = 3. With ‖W̃‖_∞/δ = 4
// that gives K = 10, which is also enough where the sum is exactly 10.
func TestFiniteAlphabetByHand(t *testing.T) {
	eta := 2 * 7 * 5 * math.Exp(-8)
	for _, c := range []struct {
		maxAligned float64
		want       int
	}{{1, 10}, {0.999, 10}, {1.001, 11}, {0, 6}} {
		k, bits, err := FiniteAlphabet(Hoeffding, 0.25, c.maxAligned, 3*(1-1e-15), 7, 5, eta)
		if err != nil || k != c.want || bits != math.Log2(2*float64(k)+1) {
			t.Errorf("‖w̃‖_∞ = %v: K = %d, %v bits (%v), want K = %d", c.maxAligned, k, bits, err, c.want)
		}
	}
	if k, _, err := FiniteAlphabet(Hoeffding, 1, 0, 0, 1, 1, 0.5); err != nil || k != 1 {
		t.Errorf("nothing to round: K = %d (%v), want 1", k, err)
	}
}

// Each refinement of a bound is at most what it refines, and equal to it where the
// theory says so.
func TestOrdered(t *testing.T) {
	const step, M, m, n, eta = 0.25, 3, 8, 16, 0.05
	convex, _ := OneLayer(Convex, step, M, m, n, eta)
	sharp, _ := OneLayer(Hoeffding, step, M, m, n, eta)
	column, _ := OneLayerColumn(step, M, m, n, eta)
	data, _ := DataLayer(step, M, m, n, eta)
	gauss, _ := GaussianLayer(Stochastic, step, M, 100, m, n, eta)
	nearest, _ := GaussianLayer(Nearest, step, M, 100, m, n, eta)
	if !(sharp < convex && column < math.Sqrt(m)*sharp) {
		t.Errorf("T1 %v, T1′ %v, T1c %v", convex, sharp, column)
	}
	near(t, "T1″ at ρ = M", data, nil, sharp)
	near(t, "T8 against T1″", gauss, nil, data*math.Sqrt(2./3)) // ε is nothing at δ = 1/4
	near(t, "T8, nearest against stochastic", nearest, nil, gauss*math.Sqrt(1./2))
}

// near demands got = want up to the rounding of a few operations.
func near(t *testing.T, what string, got float64, err error, want float64) {
	t.Helper()
	if err != nil || math.Abs(got-want) > 1e-12*want {
		t.Errorf("%s: %v (%v), want %v", what, got, err, want)
	}
}
