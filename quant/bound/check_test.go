package bound

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"
)

// scalarBounds are the bounds as functions of real arguments r, of which η is the
// last, and whole arguments k. grows says for each argument whether the bound
// must grow (+1) or fall (-1) as it grows; in η every bound falls.
var scalarBounds = []struct {
	name  string
	f     func(r []float64, k []int) (float64, error)
	real  []float64
	whole []int
	grows []int // one sign for each real argument except η, then for each whole one
	zero  []int // numbers of the real arguments that may be 0
}{
	{"OneLayer Convex", func(r []float64, k []int) (float64, error) { return OneLayer(Convex, r[0], r[1], k[0], k[1], r[2]) },
		[]float64{0.25, 3, 0.05}, []int{8, 16}, []int{1, 1, 1, 1}, []int{1}},
	{"OneLayer Hoeffding", func(r []float64, k []int) (float64, error) {
		return OneLayer(Hoeffding, r[0], r[1], k[0], k[1], r[2])
	}, []float64{0.25, 3, 0.05}, []int{8, 16}, []int{1, 1, 1, 1}, []int{1}},
	{"OneLayerColumn", func(r []float64, k []int) (float64, error) { return OneLayerColumn(r[0], r[1], k[0], k[1], r[2]) },
		[]float64{0.25, 3, 0.05}, []int{8, 16}, []int{1, 1, 1, 1}, []int{1}},
	{"DataLayer", func(r []float64, k []int) (float64, error) { return DataLayer(r[0], r[1], k[0], k[1], r[2]) },
		[]float64{0.25, 3, 0.05}, []int{8, 16}, []int{1, 1, 1, 1}, []int{1}},
	{"ObservedLayer", func(r []float64, k []int) (float64, error) { return ObservedLayer(r[0], r[1], k[0], k[1], r[2]) },
		[]float64{0.25, 3, 0.05}, []int{8, 16}, []int{1, 1, 1, 1}, []int{1}},
	{"DataColumn", func(r []float64, k []int) (float64, error) { return DataColumn(r[0], r[1], r[2], k[0], r[3]) },
		[]float64{0.25, 9, 3, 0.05}, []int{16}, []int{1, 1, 1, 1}, []int{2}},
	{"GaussianLayer", func(r []float64, k []int) (float64, error) {
		return GaussianLayer(Stochastic, r[0], r[1], k[0], k[1], k[2], r[2])
	}, []float64{1, 3, 0.05}, []int{1000, 8, 16}, []int{1, 1, 1, 1, 1}, []int{1}},
	{"GaussianColumn", func(r []float64, k []int) (float64, error) {
		return GaussianColumn(Nearest, r[0], r[1], r[2], k[0], k[1], r[3])
	}, []float64{1, 9, 3, 0.05}, []int{1000, 16}, []int{1, 1, 1, 1, 1}, []int{2}},
	{"OrderR", func(r []float64, k []int) (float64, error) { return OrderR(Convex, r[0], r[1], r[2], k[0], k[1], r[3]) },
		[]float64{0.25, 3, 1, 0.05}, []int{8, 16}, []int{1, 1, 1, 1, 1}, []int{1, 2}},
	{"FullNetwork", func(r []float64, k []int) (float64, error) {
		b, err := FullNetwork(Convex, []Layer{{0.25, 10, 3}, {r[0], k[1], r[1]}}, k[0], r[2])
		return lastOf(b), err
	}, []float64{0.25, 3, 0.05}, []int{8, 16}, []int{1, 1, 1, 1}, []int{1}},
	{"FullNetworkColumn", func(r []float64, k []int) (float64, error) {
		b, err := FullNetworkColumn([]Layer{{0.25, 10, 3}, {r[0], k[1], r[1]}}, k[0], r[2])
		return lastOf(b), err
	}, []float64{0.25, 3, 0.05}, []int{8, 16}, []int{1, 1, 1, 1}, []int{1}},
	{"FiniteAlphabet", func(r []float64, k []int) (float64, error) {
		_, bits, err := FiniteAlphabet(Convex, r[0], r[1], r[2], k[0], k[1], r[3])
		return bits, err
	}, []float64{0.25, 3, 50, 0.05}, []int{100, 16}, []int{-1, 1, 1, 1, 1}, []int{1, 2}},
	{"GaussNetwork", func(r []float64, k []int) (float64, error) {
		_, relative, err := GaussNetwork(r[1], r[2], []float64{r[0], 0.25}, []int{k[1], 10}, k[0], r[3])
		return relative, err
	}, []float64{0.25, 100, 3, 0.05}, []int{8, 16}, []int{1, -1, 1, 1, -1}, nil},
}

func lastOf(b []float64) float64 {
	if len(b) == 0 {
		return 0
	}
	return b[len(b)-1]
}

func TestMonotone(t *testing.T) {
	for _, b := range scalarBounds {
		base, err := b.f(b.real, b.whole)
		if err != nil {
			t.Errorf("%s: %v", b.name, err)
		}
		moved := func(what string, sign int, real []float64, whole []int) {
			if got, err := b.f(real, whole); err != nil || float64(sign)*(got-base) <= 0 {
				t.Errorf("%s, larger %s: %v after %v (%v), want sign %+d", b.name, what, got, base, err, sign)
			}
		}
		for i := range b.real {
			what, sign := "real argument", -1
			if i < len(b.real)-1 {
				sign = b.grows[i]
			}
			moved(what, sign, with(b.real, i, 2*b.real[i]), b.whole)
		}
		for i := range b.whole {
			moved("whole argument", b.grows[len(b.real)-1+i], b.real, with(b.whole, i, 2*b.whole[i]))
		}
	}
}

func TestRefuses(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, b := range scalarBounds {
		refuses := func(real []float64, whole []int) {
			if got, err := b.f(real, whole); err == nil {
				t.Errorf("%s(%v, %v) = %v, want an error", b.name, real, whole, got)
			}
		}
		for i := range b.real {
			for _, bad := range []float64{-1, nan, inf, -inf} {
				refuses(with(b.real, i, bad), b.whole)
			}
			if _, err := b.f(with(b.real, i, 0), b.whole); (err == nil) != slices.Contains(b.zero, i) {
				t.Errorf("%s with real argument %d zero: %v", b.name, i, err)
			}
		}
		refuses(with(b.real, len(b.real)-1, 1), b.whole) // η = 1
		for i := range b.whole {
			refuses(b.real, with(b.whole, i, 0))
			refuses(b.real, with(b.whole, i, -3))
		}
		huge := slices.Clone(b.real)
		for i := range len(huge) - 1 {
			huge[i] = 1e300
		}
		if b.name != "FiniteAlphabet" { // for which a huge δ only means few levels
			refuses(huge, b.whole)
		}
	}
}

func TestRefusesTheRest(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	ok := matrixOf([][]float64{{0.5, 0.25}})
	f := matrixOf([][]float64{{0.5}, {0.25}})
	empty := blas64.General{}
	for name, call := range map[string]func() error{
		"no layers":             func() error { _, err := FullNetwork(Convex, nil, 1, 0.1); return err },
		"no layers, columns":    func() error { _, err := FullNetworkColumn(nil, 1, 0.1); return err },
		"norm hidden in a sum":  func() error { _, err := FullNetwork(Convex, []Layer{{1, 1, 9}, {1, 1, -1}}, 1, 0.1); return err },
		"no X̃":                 func() error { _, err := Influence(empty); return err },
		"X̃ not finite":         func() error { _, err := Influence(matrixOf([][]float64{{1, inf}})); return err },
		"X̃ not a number":       func() error { _, err := Contraction(matrixOf([][]float64{{nan}})); return err },
		"no A":                  func() error { _, err := Measure(empty); return err },
		"A not finite":          func() error { _, err := Observed(matrixOf([][]float64{{1, -inf}}), f); return err },
		"fraction above 1":      func() error { _, err := Observed(ok, matrixOf([][]float64{{0.5}, {1.5}})); return err },
		"fraction below 0":      func() error { _, err := Observed(ok, matrixOf([][]float64{{-0.5}, {1}})); return err },
		"fractions of a column": func() error { _, err := Observed(ok, matrixOf([][]float64{{0.5}})); return err },
		"exact: no neurons":     func() error { _, err := ExactLayer(1, ok, f, 0, 0.1); return err },
		"exact: few neurons":    func() error { _, err := ExactLayer(1, ok, matrixOf([][]float64{{0, 0}, {0, 0}}), 1, 0.1); return err },
		"exact: step":           func() error { _, err := ExactLayer(0, ok, f, 1, 0.1); return err },
		"exact: η":              func() error { _, err := ExactLayer(1, ok, f, 1, 2); return err },
		"norms of two matrices": func() error { _, err := DataColumn(1, 1, 2, 1, 0.1); return err },
		"the same, Gaussian":    func() error { _, err := GaussianColumn(Nearest, 1, 1, 2, 1, 1, 0.1); return err },
		"drift":                 func() error { _, err := Residual(-1, 1, 1); return err },
		"contraction above 1":   func() error { _, err := Residual(1, 1.1, 1); return err },
		"contraction":           func() error { _, err := Residual(1, nan, 1); return err },
		"no passes":             func() error { _, err := Residual(1, 1, 0); return err },
		"residual":              func() error { _, err := Certificate(nan, 1); return err },
		"bound of the layer":    func() error { _, err := Certificate(1, -1); return err },
		"coarse step":           func() error { _, err := Expected(Nearest, true, 1.01, 2, 2); return err },
		"expected, no samples":  func() error { _, err := Expected(Nearest, true, 1, 0, 2); return err },
		"expected, no inputs":   func() error { _, err := Expected(Nearest, true, 1, 2, 0); return err },
		"steps and layers":      func() error { _, _, err := GaussNetwork(1, 1, []float64{1}, []int{1, 1}, 1, 0.1); return err },
		"no Gaussian layers":    func() error { _, _, err := GaussNetwork(1, 1, nil, nil, 1, 0.1); return err },
		"levels past counting":  func() error { _, _, err := FiniteAlphabet(Convex, 1e-300, 1, 1, 1, 1, 0.1); return err },
	} {
		if call() == nil {
			t.Errorf("%s: want an error", name)
		}
	}
}

// with returns a copy of s with element i replaced.
func with[T any](s []T, i int, x T) []T {
	s = slices.Clone(s)
	s[i] = x
	return s
}

// matrixOf returns the matrix with the given rows.
func matrixOf(rows [][]float64) blas64.General {
	a := blas64.General{Rows: len(rows), Cols: len(rows[0]), Stride: len(rows[0])}
	for _, row := range rows {
		a.Data = append(a.Data, row...)
	}
	return a
}
