// One product, done in guarded memory and compared with the reference.

//go:build unix

package gemm

import (
	"math"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"

	"spfq/internal/guard"
)

// A product says what to multiply; the entries are random.
type product struct {
	m, n, k          int
	transA, transB   bool
	padA, padB, padC int // entries by which a stride exceeds the width of its matrix
	alpha, beta      float64
	seed             uint64
	special          bool // mixes in infinities, NaN, zeros and subnormal numbers
	atEnd            bool // operands end at a guard page; otherwise they begin at one
}

// specials are the numbers that arithmetic treats specially.
var specials = []float64{
	0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(),
	math.SmallestNonzeroFloat64, -0x1p-1030, math.MaxFloat64, -math.MaxFloat64, 0x1p-600, -0x1p600,
}

// matrix returns a guarded rows × cols matrix and its stride. The entries, and
// the numbers between its rows, are random.
func (p product) matrix(t testing.TB, rng *rand.Rand, rows, cols, pad int) (guard.Slice, int) {
	ld := max(1, cols+pad)
	n := 0
	if rows > 0 && cols > 0 {
		n = (rows-1)*ld + cols
	}
	g := guard.New(t, n, p.atEnd)
	for i := range g.X {
		g.X[i] = rng.NormFloat64()
		if p.special && rng.IntN(8*p.k+8) == 0 {
			g.X[i] = specials[rng.IntN(len(specials))]
		}
	}
	return g, ld
}

// run computes the product with kn and fails if that touches anything outside
// C, or if C is not what it should be: to the bit for the vector kernels, and
// within the bound on rounding errors of gonum's result for all of them.
func (p product) run(t testing.TB, kn *tiling) {
	t.Helper()
	rng := rand.New(rand.NewPCG(p.seed, 1))
	rowsA, colsA, rowsB, colsB := p.m, p.k, p.k, p.n
	if p.transA {
		rowsA, colsA = colsA, rowsA
	}
	if p.transB {
		rowsB, colsB = colsB, rowsB
	}
	a, lda := p.matrix(t, rng, rowsA, colsA, p.padA)
	b, ldb := p.matrix(t, rng, rowsB, colsB, p.padB)
	c, ldc := p.matrix(t, rng, p.m, p.n, p.padC)
	if p.beta == 0 {
		for i := range c.X {
			c.X[i] = math.NaN() // must not get through
		}
	}
	old, want := slices.Clone(c.X), slices.Clone(c.X)
	reference(p.transA, p.transB, p.m, p.n, p.k, p.alpha, a.X, lda, b.X, ldb, p.beta, want, ldc)

	a.Freeze(t)
	b.Freeze(t)
	func() {
		defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
		defer func() {
			if r := recover(); r != nil {
				t.Fatalf("%s, %+v: %v", kn.kernel, p, r)
			}
		}()
		kn.checkedMul(p.transA, p.transB, p.m, p.n, p.k, p.alpha, a.X, lda, b.X, ldb, p.beta, c.X, ldc)
	}()

	exact := kn != generic || p.k == 0 || p.alpha == 0 // k or alpha zero calls no kernel
	for i, got := range c.X {
		row, col := i/ldc, i%ldc
		if col >= p.n && !same(got, old[i]) {
			t.Fatalf("%s, %+v: wrote %v after the end of row %d", kn.kernel, p, got, row)
		}
		if col < p.n && exact && !same(got, want[i]) {
			t.Fatalf("%s, %+v: entry (%d,%d) is %v (%x), not %v (%x)", kn.kernel, p, row, col,
				got, math.Float64bits(got), want[i], math.Float64bits(want[i]))
		}
	}
	if !p.special && p.k > 0 { // gonum refuses some B without rows
		p.bound(t, kn, a.X, lda, b.X, ldb, old, c.X, ldc)
	}
}

// bound fails if got is further from gonum's result than rounding explains.
//
// Let u = 2⁻⁵³ and γ_r = r·u/(1-r·u): a term of a sum that goes through r
// roundings is off by a factor within 1±γ_r (Higham, Accuracy and Stability
// of Numerical Algorithms, 2nd ed., section 3.1). In the contract a product
// a·b is rounded once in each step of its block from its own on and once for
// each block from then on, beta·c once and then for each block: at most
// min(k,256) + ⌈k/256⌉ ≤ k+1 times. With gonum a·b is rounded when formed,
// when multiplied by alpha, and in no more than k+1 additions, whichever way
// it cuts the sum, as the generic kernel may add blocks: at most k+3 times.
// So both are within γ_{k+3}·S of the exact entry, where S = |alpha|·|A|·|B|
// + |beta|·|C|, and within twice that of each other. S is computed as well,
// with a relative error of less than γ_{k+3}: three times covers that while
// (k+3)·u is far below one. The numbers are too large for underflow.
func (p product) bound(t testing.TB, kn *tiling, a []float64, lda int, b []float64, ldb int, old, got []float64, ldc int) {
	t.Helper()
	trans := map[bool]blas.Transpose{false: blas.NoTrans, true: blas.Trans}
	want, sums := slices.Clone(old), slices.Clone(old)
	gonum.Implementation{}.Dgemm(trans[p.transA], trans[p.transB], p.m, p.n, p.k, p.alpha, a, lda, b, ldb, p.beta, want, ldc)
	reference(p.transA, p.transB, p.m, p.n, p.k, math.Abs(p.alpha), abs(a), lda, abs(b), ldb, math.Abs(p.beta), absInPlace(sums), ldc)

	r := float64(p.k+3) * 0x1p-53
	gamma := r / (1 - r)
	for i := range got {
		if i%ldc < p.n && !(math.Abs(got[i]-want[i]) <= 3*gamma*sums[i]) {
			t.Fatalf("%s, %+v: entry (%d,%d) is %v, gonum's %v, bound %g", kn.kernel, p, i/ldc, i%ldc, got[i], want[i], 3*gamma*sums[i])
		}
	}
}

// abs returns the absolute values of x.
func abs(x []float64) []float64 { return absInPlace(slices.Clone(x)) }

// absInPlace replaces the entries of x by their absolute values.
func absInPlace(x []float64) []float64 {
	for i, v := range x {
		x[i] = math.Abs(v)
	}
	return x
}
