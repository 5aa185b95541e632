package sim

import (
	"math"
	"testing"

	"spfq/internal/rng"
	"spfq/quant"
)

// Weights have mean 0, variance 1 and the fourth moment of their distribution. The mean
// of w, w² or w⁴ over n draws has the standard error √(var/n), whose variance comes from
// the moments μ_2k of the distribution (μ_8 is finite for Student with ν = 9). Five
// standard errors are allowed.
func TestDistributions(t *testing.T) {
	const rows, cols = 1000, 400
	n := float64(rows * cols)
	for _, c := range []struct {
		name       string
		m4, m6, m8 float64
	}{
		{"gaussian", 3, 15, 105},
		{"uniform", 9. / 5, 27. / 7, 9},
		{"laplace", 6, 90, 2520},
		// With scale² = (ν−2)/ν, μ_4 = 3(ν−2)/(ν−4), μ_6 = μ_4·5(ν−2)/(ν−6) and
		// μ_8 = μ_6·7(ν−2)/(ν−8).
		{"student-9", 3 * 7 / 5., 3 * 7 / 5. * 5 * 7 / 3, 3 * 7 / 5. * 5 * 7 / 3 * 7 * 7},
		{"low-discrepancy", 3, 15, 105},
	} {
		d, err := ParseDistribution(c.name)
		if err != nil || d.String() != c.name {
			t.Fatalf("%s: %v, %v", c.name, d, err)
		}
		streams := d.streams(rng.New(1, "test"), 0, cols)
		row := make([]float64, cols)
		var s1, s2, s4 float64
		for i := range rows {
			d.row(i, streams, row)
			for _, w := range row {
				s1, s2, s4 = s1+w, s2+w*w, s4+w*w*w*w
			}
		}
		for what, m := range map[string][3]float64{
			"mean": {s1 / n, 0, 1}, "variance": {s2 / n, 1, c.m4 - 1}, "fourth moment": {s4 / n, c.m4, c.m8 - c.m4*c.m4}} {
			if math.Abs(m[0]-m[1]) > 5*math.Sqrt(m[2]/n) {
				t.Errorf("%s: %s %v, want %v within %v", c.name, what, m[0], m[1], 5*math.Sqrt(m[2]/n))
			}
		}
	}
}

// The low-discrepancy weights of a neuron fill quantiles far more evenly than random ones.
// The discrepancy of N points of such a sequence is O(log N/N), that of random points
// about 0.6/√N or more; 0.3/√N separates the two at N = 2000.
func TestLowDiscrepancy(t *testing.T) {
	const n = 2000
	discrepancy := func(d Distribution, j int) float64 {
		s := d.streams(rng.New(2, "test"), j, 1)
		row := make([]float64, 1)
		counts := make([]float64, n+1)
		for i := range n {
			d.row(i, s, row)
			counts[int(n*0.5*math.Erfc(-row[0]/math.Sqrt2))]++
		}
		var sum, worst float64
		for i, c := range counts {
			sum += c
			worst = math.Max(worst, math.Abs(sum-float64(i+1))/n)
		}
		return worst
	}
	for _, j := range []int{0, 1, 17, 399} {
		if d := discrepancy(Distribution{Kind: "low-discrepancy"}, j); d > 0.3/math.Sqrt(n) {
			t.Errorf("neuron %d: discrepancy %v", j, d)
		}
		if d := discrepancy(Distribution{Kind: "gaussian"}, j); d < 0.3/math.Sqrt(n) {
			t.Errorf("neuron %d: random weights have discrepancy %v: the test above cannot fail", j, d)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, s := range []string{"", "normal", "student", "student-2", "student-x", "student-NaN"} {
		if d, err := ParseDistribution(s); err == nil {
			t.Errorf("weights %q read as %v", s, d)
		}
	}
	if _, err := ParseSource("cauchy"); err == nil {
		t.Error("source cauchy was taken")
	}
	if _, err := ParseActivation("gelu"); err == nil {
		t.Error("activation gelu was taken")
	}
}

// Fewer samples are the first of more. Held-out samples lie in the subspace of the
// calibration samples, but none is one of them.
func TestInputs(t *testing.T) {
	in := Instance{Network: equal(1, 40), Data: Data{Source: Subspace, Dimension: 3, Samples: 20, Test: 30}, Seed: 5}
	x, test := in.Inputs()
	few := in
	few.Samples = 7
	y, _ := few.Inputs()
	for k := range 7 {
		for c := range 40 {
			if quant.Row(x, k)[c] != quant.Row(y, k)[c] {
				t.Fatalf("sample %d changes with the number of samples", k)
			}
		}
	}
	if quant.Row(x, 0)[0] == quant.Row(test, 0)[0] {
		t.Error("a held-out sample is a calibration sample")
	}
	// Without noise all samples lie in the subspace, so that any 4 are dependent. The
	// pivots of Gaussian elimination show the rank.
	all := append(append([]float64{}, x.Data[:40*10]...), test.Data[:40*10]...)
	if r := rank(all, 20, 40); r != 3 {
		t.Errorf("calibration and held-out samples together have rank %d, want 3", r)
	}
}

// rank returns the rank of a matrix, row by row in a, by Gaussian elimination, which
// overwrites it.
func rank(a []float64, rows, cols int) int {
	r := 0
	for c := 0; c < cols && r < rows; c++ {
		p := r
		for i := r; i < rows; i++ {
			if math.Abs(a[i*cols+c]) > math.Abs(a[p*cols+c]) {
				p = i
			}
		}
		if math.Abs(a[p*cols+c]) < 1e-9 { // entries are of size 1, rounding errors of size 1e-15
			continue
		}
		for j := range cols {
			a[r*cols+j], a[p*cols+j] = a[p*cols+j], a[r*cols+j]
		}
		for i := r + 1; i < rows; i++ {
			f := a[i*cols+c] / a[r*cols+c]
			for j := range cols {
				a[i*cols+j] -= f * a[r*cols+j]
			}
		}
		r++
	}
	return r
}

func TestActivations(t *testing.T) {
	for a, want := range map[Activation][]float64{
		ReLU: {0, 0, 2}, LeakyReLU: {-0.03, 0, 2}, Tanh: {math.Tanh(-3), 0, math.Tanh(2)}, Identity: {-3, 0, 2}} {
		row := []float64{-3, 0, 2}
		a.apply(row)
		for i := range row {
			if row[i] != want[i] {
				t.Errorf("%s: %v, want %v", a, row, want)
			}
		}
	}
}

func TestPrimes(t *testing.T) {
	for j, want := range map[int]int{0: 2, 1: 3, 24: 97, 167: 997, 168: 1009, 9999: 104729} {
		if got := prime(j); got != want {
			t.Errorf("prime %d is %d, want %d", j, got, want)
		}
	}
}
