package bound

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"
)

// path is the outcome of quantizing one layer: u = X̃W − X̃Q (m×n), the rounding
// errors r_t and the fractions f_t of v_t/δ (both N×n).
type path struct{ u, errors, fractions blas64.General }

// follow draws n neurons of N(0, 1) weights and quantizes them by the literal
// recursion of path following.
func follow(r *rand.Rand, xt blas64.General, n int, step float64, rounding Rounding) path {
	p := path{gaussianMatrix(r, xt.Rows, n), gaussianMatrix(r, xt.Cols, n), gaussianMatrix(r, xt.Cols, n)}
	u := blas64.Vector{N: xt.Rows, Inc: 1}
	for j := range n {
		u.Data = make([]float64, xt.Rows)
		for t := range xt.Cols {
			w, x := r.NormFloat64(), column(xt, t)
			v := w
			if norm2 := blas64.Dot(x, x); norm2 > 0 {
				v += blas64.Dot(x, u) / norm2
			}
			k := math.Floor(v / step)
			f := v/step - k
			if (rounding == Nearest && f >= 0.5) || (rounding == Stochastic && r.Float64() < f) {
				k++
			}
			blas64.Axpy(w-k*step, x, u)
			p.errors.Data[t*n+j], p.fractions.Data[t*n+j] = v-k*step, f
		}
		blas64.Copy(u, column(p.u, j))
	}
	return p
}

// largest returns the largest entry and the largest column norm.
func (p path) largest() (entry, columnNorm float64) {
	for _, x := range p.u.Data {
		entry = math.Max(entry, math.Abs(x))
	}
	for j := range p.u.Cols {
		columnNorm = math.Max(columnNorm, blas64.Nrm2(column(p.u, j)))
	}
	return entry, columnNorm
}

// Every bound fails in no more trials than a failure probability of η makes likely
// (at a significance level of 10⁻³). A tenth of each bound fails in more trials
// than that, which shows that the test can fail. In every other trial the inputs
// have gone through a ReLU and have a dead column.
func TestBoundsHold(t *testing.T) {
	const step, n, eta = 0.25, 128, 0.01
	names := []string{"T1", "T1′", "T1″", "T1‴", "T1‴ exact", "T8", "T8 nearest", "T1 columns by √m", "T1c", "T1c data", "T8 columns"}
	total, violated, tenth := 0, make([]int, len(names)), make([]int, len(names))
	for _, size := range []struct{ m, inputs, trials int }{{8, 128, 60}, {32, 512, 16}, {32, 2048, 6}} {
		tightness := make([]float64, len(names))
		for trial := range size.trials {
			r := rand.New(rand.NewPCG(uint64(trial), uint64(size.inputs)))
			xt := gaussianMatrix(r, size.m, size.inputs)
			if trial%2 == 1 {
				for i, x := range xt.Data {
					xt.Data[i] = math.Max(x, 0)
				}
				kill(xt, 3)
			}
			bounds := layerBounds(t, xt, step, n, eta)
			stochastic, nearest := follow(r, xt, n, step, Stochastic), follow(r, xt, n, step, Nearest)
			entry, columnNorm := stochastic.largest()
			entryNearest, _ := nearest.largest()
			bounds["T1‴"], bounds["T1‴ exact"] = observedBounds(t, xt, stochastic, step, eta)
			if bounds["T1‴"] > bounds["T1″"] || bounds["T1‴ exact"] > bounds["T1‴"] {
				t.Errorf("T1″ %v, T1‴ %v, exact %v: want them to fall", bounds["T1″"], bounds["T1‴"], bounds["T1‴ exact"])
			}
			total++
			for i, name := range names {
				seen := entry
				switch name {
				case "T8 nearest":
					seen = entryNearest
				case "T1 columns by √m", "T1c", "T1c data", "T8 columns":
					seen = columnNorm
				}
				if seen > bounds[name] {
					violated[i]++
				}
				if seen > bounds[name]/10 {
					tenth[i]++
				}
				tightness[i] += bounds[name] / seen / float64(size.trials)
			}
		}
		for i, name := range names {
			t.Logf("m = %d, N = %d, n = %d, η = %v: %s is %.2f times the largest seen, mean of %d", size.m, size.inputs, n, eta, name, tightness[i], size.trials)
		}
	}
	allowed := atMost(total, eta, 1e-3)
	for i, name := range names {
		if violated[i] > allowed || tenth[i] <= allowed {
			t.Errorf("%s: violated in %d of %d trials, its tenth in %d; want at most %d, and more", name, violated[i], total, tenth[i], allowed)
		}
	}
}

// layerBounds returns, by name, the bounds that can be computed before rounding.
func layerBounds(t *testing.T, xt blas64.General, step float64, n int, eta float64) map[string]float64 {
	t.Helper()
	m, inputs, maxNorm := xt.Rows, xt.Cols, 0.0
	for c := range inputs {
		maxNorm = math.Max(maxNorm, blas64.Nrm2(column(xt, c)))
	}
	a, err := Influence(xt)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Measure(a)
	if err != nil {
		t.Fatal(err)
	}
	bounds := map[string]float64{}
	add := func(name string, b float64, err error) {
		if bounds[name] = b; err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	b, err := OneLayer(Convex, step, maxNorm, m, n, eta)
	add("T1", b, err)
	b, err = OneLayer(Hoeffding, step, maxNorm, m, n, eta)
	add("T1′", b, err)
	add("T1 columns by √m", math.Sqrt(float64(m))*b, err)
	b, err = DataLayer(step, p.Row, m, n, eta)
	add("T1″", b, err)
	b, err = GaussianLayer(Stochastic, step, p.Row, inputs, m, n, eta)
	add("T8", b, err)
	b, err = GaussianLayer(Nearest, step, p.Row, inputs, m, n, eta)
	add("T8 nearest", b, err)
	b, err = OneLayerColumn(step, maxNorm, m, n, eta)
	add("T1c", b, err)
	b, err = DataColumn(step, p.Frobenius, p.Spectral, n, eta)
	add("T1c data", b, err)
	b, err = GaussianColumn(Stochastic, step, p.Frobenius, p.Spectral, inputs, n, eta)
	add("T8 columns", b, err)
	return bounds
}

func observedBounds(t *testing.T, xt blas64.General, p path, step, eta float64) (kearnsSaul, exact float64) {
	t.Helper()
	a, err := Influence(xt)
	if err != nil {
		t.Fatal(err)
	}
	number, err := Observed(a, p.fractions)
	if err != nil {
		t.Fatal(err)
	}
	if kearnsSaul, err = ObservedLayer(step, number, xt.Rows, p.u.Cols, eta); err != nil {
		t.Fatal(err)
	}
	if exact, err = ExactLayer(step, a, p.fractions, p.u.Cols, eta); err != nil {
		t.Fatal(err)
	}
	return kearnsSaul, exact
}

// atMost returns the least c with P(Binomial(n, p) > c) <= significance.
func atMost(n int, p, significance float64) int {
	term := math.Pow(1-p, float64(n))
	for c, sum := 0, term; ; c++ {
		if 1-sum <= significance {
			return c
		}
		term *= float64(n-c) / float64(c+1) * p / (1 - p)
		sum += term
	}
}
