package bound

import (
	"math"
	"testing"
)

// Worked by hand from the literature's form, δM√(2πp log N) with failure
// probability √2·m·n·N^(-p), and δM√(p log N/2) with 2mnN^(-p).
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
		if err != nil || math.Abs(got-c.want) > 1e-12*c.want {
			t.Errorf("constant %d: %v, %v, want %v", c.constant, got, err, c.want)
		}
	}
}

func TestFullNetworkByHand(t *testing.T) {
	layers := []Layer{{0.25, 10, 3}, {0.5, 20, 40}}
	got, err := FullNetwork(Convex, layers, 4, 0.02)
	if err != nil {
		t.Fatal(err)
	}
	e1 := 2 * 0.25 * math.Sqrt(2*math.Pi*math.Log(math.Sqrt2*40/0.01)) * 3
	e2 := 2 * 0.5 * math.Sqrt(2*math.Pi*math.Log(math.Sqrt2*80/0.01)) * (40 + e1)
	for i, want := range []float64{e1, e2} {
		if math.Abs(got[i]-want) > 1e-12*want {
			t.Errorf("E_%d = %v, want %v", i+1, got[i], want)
		}
	}
}

// A bound grows with everything that makes failing easier.
func TestMonotone(t *testing.T) {
	base := func() (float64, float64, int, int, float64) { return 0.25, 3, 8, 16, 0.05 }
	for _, c := range []Constant{Convex, Hoeffding} {
		step, norm, m, n, eta := base()
		b, _ := OneLayer(c, step, norm, m, n, eta)
		for what, f := range map[string]func() (float64, error){
			"step":    func() (float64, error) { return OneLayer(c, 2*step, norm, m, n, eta) },
			"norm":    func() (float64, error) { return OneLayer(c, step, 2*norm, m, n, eta) },
			"samples": func() (float64, error) { return OneLayer(c, step, norm, 2*m, n, eta) },
			"neurons": func() (float64, error) { return OneLayer(c, step, norm, m, 2*n, eta) },
			"eta":     func() (float64, error) { return OneLayer(c, step, norm, m, n, eta/2) },
		} {
			if got, err := f(); err != nil || got <= b {
				t.Errorf("constant %d, harder %s: %v (%v), want above %v", c, what, got, err, b)
			}
		}
	}
}

func TestRefuses(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, bad := range []struct {
		step, norm float64
		m, n       int
		eta        float64
	}{
		{0, 1, 1, 1, 0.1}, {-1, 1, 1, 1, 0.1}, {nan, 1, 1, 1, 0.1}, {inf, 1, 1, 1, 0.1},
		{1, -1, 1, 1, 0.1}, {1, nan, 1, 1, 0.1}, {1, inf, 1, 1, 0.1},
		{1, 1, 0, 1, 0.1}, {1, 1, 1, 0, 0.1},
		{1, 1, 1, 1, 0}, {1, 1, 1, 1, 1}, {1, 1, 1, 1, nan},
	} {
		if got, err := OneLayer(Convex, bad.step, bad.norm, bad.m, bad.n, bad.eta); err == nil {
			t.Errorf("%+v: %v, want an error", bad, got)
		}
	}
	if _, err := FullNetwork(Convex, nil, 1, 0.1); err == nil {
		t.Error("no layers: want an error")
	}
}
