// Tests of gonum's factorizations with the products of this package.

package gemm

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/blas/gonum"
	"gonum.org/v1/gonum/mat"

	"spfq/internal/kernel"
)

// A QR factorization, the inverse solved with it, and the singular values are the
// same with either BLAS up to rounding errors. For backward stable algorithms
// these are about (m+n)ε times the largest singular value, where 10 stands for
// the constants; those of the inverse are larger by the condition number.
func TestGonumOnTop(t *testing.T) {
	if kernel.Active() == kernel.Generic {
		t.Skip("the generic kernel is gonum's own")
	}
	if _, ok := blas64.Implementation().(forGonum); !ok {
		t.Fatalf("gonum multiplies by %T, want this package", blas64.Implementation())
	}
	const rows, cols = 300, 130
	r := rand.New(rand.NewPCG(1, 2))
	a := mat.NewDense(rows, cols, nil)
	for i := range rows {
		for j := range cols {
			a.Set(i, j, r.NormFloat64())
		}
	}
	results := func() (values []float64, inverse *mat.Dense) {
		var svd mat.SVD
		if !svd.Factorize(a, mat.SVDThin) {
			t.Fatal("no singular values")
		}
		var qr mat.QR
		qr.Factorize(a)
		inverse = new(mat.Dense)
		eye := mat.NewDense(rows, rows, nil)
		for i := range rows {
			eye.Set(i, i, 1)
		}
		if err := qr.SolveTo(inverse, false, eye); err != nil {
			t.Fatal(err)
		}
		return svd.Values(nil), inverse
	}
	got, gotInverse := results()
	blas64.Use(gonum.Implementation{})
	defer blas64.Use(forGonum{})
	want, wantInverse := results()
	tol := 10 * (rows + cols) * 0x1p-53 * want[0]
	for i := range want {
		if math.Abs(got[i]-want[i]) > tol {
			t.Errorf("singular value %d is %v, gonum's %v", i, got[i], want[i])
		}
	}
	condition := want[0] / want[cols-1]
	var diff mat.Dense
	diff.Sub(gotInverse, wantInverse)
	if d := mat.Norm(&diff, 2); d > 10*(rows+cols)*0x1p-53*condition/want[cols-1] {
		t.Errorf("the inverses are %v apart", d)
	}
}
