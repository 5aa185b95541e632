package bound

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// With X̃ = (e₁, e₁+e₂, 0) the first column of A is P_2 e₁ = ½(e₁ − e₂), the second
// is X̃_2 itself, and the third, which is dead, moves nothing.
func TestInfluenceByHand(t *testing.T) {
	xt := matrixOf([][]float64{{1, 1, 0}, {0, 1, 0}})
	a, err := Influence(xt)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0.5, 1, 0, -0.5, 1, 0} {
		if math.Abs(a.Data[i]-want) > 1e-15 {
			t.Errorf("entry %d is %v, want %v", i, a.Data[i], want)
		}
	}
	p, err := Measure(a)
	near(t, "ρ", p.Row, err, math.Sqrt(1.25))
	near(t, "‖A‖_F", p.Frobenius, err, math.Sqrt(2.5))
	near(t, "‖A‖", p.Spectral, err, math.Sqrt2) // AAᵀ = ((5/4, 3/4), (3/4, 5/4)) has the eigenvalues 2 and 1/2
	near(t, "share", p.Share, err, 1/math.Sqrt(1.25))
	// P_2 P_1 = ½(−1, 1)ᵀe₂ᵀ.
	c, err := Contraction(xt)
	near(t, "contraction", c, err, math.Sqrt(0.5))
	c, err = Contraction(matrixOf([][]float64{{1, 2, 0}, {1, 2, 0}}))
	near(t, "contraction of rank 1 in 2", c, err, 1)
}

// Columns so small that their squares underflow are not taken for dead.
func TestInfluenceOfTinyColumns(t *testing.T) {
	a, err := Influence(matrixOf([][]float64{{1e-200, 1e-200}, {0, 1e-200}}))
	near(t, "tiny", a.Data[0], err, 0.5e-200)
}

// literalInfluence multiplies the projections one by one, as they are written.
func literalInfluence(xt blas64.General) *mat.Dense {
	var x mat.Dense
	x.SetRawMatrix(xt)
	m, n := x.Dims()
	a := mat.NewDense(m, n, nil)
	for t := range n {
		v := mat.NewVecDense(m, mat.Col(nil, t, &x))
		for s := t + 1; s < n; s++ {
			v.MulVec(projection(x.ColView(s)), v)
		}
		a.SetCol(t, v.RawVector().Data)
	}
	return a
}

// projection returns I − xxᵀ/‖x‖².
func projection(x mat.Vector) *mat.Dense {
	m := x.Len()
	p := mat.NewDense(m, m, nil)
	if norm := mat.Norm(x, 2); norm > 0 {
		p.Outer(-1/(norm*norm), x, x)
	}
	for i := range m {
		p.Set(i, i, 1+p.At(i, i))
	}
	return p
}

// Influence agrees with the literal product. Rounding moves a product of N
// projections, applied to a vector of norm M, by about N·m·2⁻⁵³·M, which is less
// than 3e-13 for N = 40, m = 8 and M below 8.
func TestInfluenceAgainstProduct(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, size := range [][2]int{{1, 1}, {1, 4}, {3, 2}, {5, 17}, {8, 40}} {
		xt := gaussianMatrix(r, size[0], size[1])
		kill(xt, size[1]/2)
		got, err := Influence(xt)
		if err != nil {
			t.Fatal(err)
		}
		want := literalInfluence(xt)
		for k := range xt.Rows {
			for c := range xt.Cols {
				if d := math.Abs(got.Data[k*got.Stride+c] - want.At(k, c)); d > 1e-12 {
					t.Errorf("%v: entry (%d, %d) is off by %v", size, k, c, d)
				}
			}
		}
	}
}

// Influence heeds the stride: X̃ may be part of a larger matrix.
func TestInfluenceOfPart(t *testing.T) {
	whole := gaussianMatrix(rand.New(rand.NewPCG(1, 2)), 4, 9)
	part := blas64.General{Rows: 4, Cols: 5, Stride: 9, Data: whole.Data[2:]}
	got, err := Influence(part)
	if err != nil {
		t.Fatal(err)
	}
	want := literalInfluence(part)
	for i, x := range got.Data {
		if math.Abs(x-want.RawMatrix().Data[i]) > 1e-12 {
			t.Errorf("entry %d: %v, want %v", i, x, want.RawMatrix().Data[i])
		}
	}
}

// The identity behind T1′ and T6 is R_0R_0ᵀ + Σ_t a_t a_tᵀ/‖X̃_t‖² = I, with R_0 =
// P_N⋯P_1 and a_t the columns of A. It implies ρ <= M and ‖A‖_F² <= M² rank X̃.
func TestParseval(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	for _, size := range [][2]int{{4, 3}, {4, 30}} {
		xt := gaussianMatrix(r, size[0], size[1])
		kill(xt, 1)
		a, rest, err := influence(xt)
		if err != nil {
			t.Fatal(err)
		}
		m := size[0]
		var r0, sum mat.Dense
		r0.SetRawMatrix(rest)
		sum.Mul(&r0, r0.T())
		maxNorm := 0.0
		for c := range xt.Cols {
			norm := blas64.Nrm2(column(xt, c))
			if norm == 0 {
				continue
			}
			maxNorm = math.Max(maxNorm, norm)
			at := mat.NewVecDense(m, nil)
			blas64.Copy(column(a, c), at.RawVector())
			var outer mat.Dense
			outer.Outer(1/(norm*norm), at, at)
			sum.Add(&sum, &outer)
		}
		identity := mat.NewDiagDense(m, []float64{1, 1, 1, 1})
		if !mat.EqualApprox(&sum, identity, 1e-12) {
			t.Errorf("%v: %v", size, mat.Formatted(&sum))
		}
		p, err := Measure(a)
		rank := math.Min(float64(m), float64(size[1]-1)) // one column is dead
		if err != nil || p.Row > maxNorm || p.Frobenius > maxNorm*math.Sqrt(rank) || p.Spectral > p.Frobenius {
			t.Errorf("%v: %+v (%v), M = %v", size, p, err, maxNorm)
		}
	}
}

// The error that path following ends with is u_N = A r, r the rounding errors.
func TestInfluenceAgainstPath(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	xt := gaussianMatrix(r, 6, 50)
	kill(xt, 7)
	a, err := Influence(xt)
	if err != nil {
		t.Fatal(err)
	}
	path := follow(r, xt, 3, 0.25, Stochastic)
	var dense, errors, u mat.Dense
	dense.SetRawMatrix(a)
	errors.SetRawMatrix(path.errors)
	u.Mul(&dense, &errors)
	for k := range 6 {
		for j := range 3 {
			if d := math.Abs(u.At(k, j) - path.u.Data[k*3+j]); d > 1e-12 {
				t.Errorf("entry (%d, %d) is off by %v", k, j, d)
			}
		}
	}
}

// The residual û of an alignment of order r is (P_N⋯P_1)^(r−1) times that after
// one pass, hence bounded by Residual. The test aligns one neuron and writes each
// pass out.
func TestResidualAgainstPasses(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 5))
	const m, n = 5, 12
	x, xt := gaussianMatrix(r, m, n), gaussianMatrix(r, m, n)
	for i := range xt.Data {
		xt.Data[i] = x.Data[i] + 0.1*xt.Data[i]
	}
	contraction, err := Contraction(xt)
	if err != nil {
		t.Fatal(err)
	}
	w, u, difference := make([]float64, n), blas64.Vector{N: m, Inc: 1, Data: make([]float64, m)}, blas64.Vector{N: m, Inc: 1, Data: make([]float64, m)}
	drift := 0.0
	for c := range n {
		w[c] = r.NormFloat64()
		blas64.Copy(column(x, c), difference)
		blas64.Axpy(-1, column(xt, c), difference)
		drift += math.Abs(w[c]) * blas64.Nrm2(difference)
	}
	for pass := 1; pass <= 6; pass++ {
		for c := range n {
			if pass == 1 {
				blas64.Axpy(w[c], column(x, c), u)
			} else {
				blas64.Axpy(w[c], column(xt, c), u)
			}
			norm := blas64.Nrm2(column(xt, c))
			w[c] = blas64.Dot(u, column(xt, c)) / (norm * norm)
			blas64.Axpy(-w[c], column(xt, c), u)
		}
		limit, err := Residual(drift, contraction, pass)
		if got := blas64.Nrm2(u); err != nil || got > limit {
			t.Errorf("after pass %d: ‖û‖ = %v above %v (%v)", pass, got, limit, err)
		}
	}
}

func BenchmarkInfluence(b *testing.B) {
	for _, size := range [][2]int{{32, 2048}, {256, 2048}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			xt := gaussianMatrix(rand.New(rand.NewPCG(1, 6)), size[0], size[1])
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Influence(xt); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func gaussianMatrix(r *rand.Rand, rows, cols int) blas64.General {
	a := blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: make([]float64, rows*cols)}
	for i := range a.Data {
		a.Data[i] = r.NormFloat64()
	}
	return a
}

// kill makes column t dead, that is zero.
func kill(a blas64.General, t int) {
	for k := range a.Rows {
		a.Data[k*a.Stride+t] = 0
	}
}
