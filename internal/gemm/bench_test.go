// Benchmarks on the shapes of the program's products, with gonum beside every
// kernel.

//go:build unix

package gemm

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// A shape is a product of sizes that occur in the program.
type shape struct {
	m, n, k int
	transA  bool
	beta    float64
	room    int // entries from a row of A or B to the next; 0 if rows follow each other at once
}

var shapes = []shape{
	{32, 256, 2048, false, 0, 0},
	{64, 256, 2048, false, 0, 0},
	{32, 256, 32, true, 0, 0},
	{64, 256, 32, true, 0, 0},
	{32, 256, 64, false, 1, 0},
	{2048, 256, 32, false, 0, 0},
	{256, 512, 2048, false, 0, 0},
	{128, 512, 256, true, 0, 0},
	{512, 512, 512, false, 0, 0},
	{1024, 1024, 1024, false, 0, 0},
	{256, 64, 2048, false, 0, 0},
	// Rows that are a large power of two apart: their lines compete for few sets
	// of a cache.
	{64, 480, 256, true, 0, 4096},
	{64, 480, 32, true, 0, 4096},
	{64, 1024, 4096, true, 0, 1024},
}

// gflops reports the rate of m×n×k products, one for each iteration.
func gflops(b *testing.B, m, n, k int) {
	flop := 2 * float64(m) * float64(n) * float64(k) * float64(b.N)
	b.ReportMetric(flop/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
}

func BenchmarkMul(b *testing.B) {
	for _, s := range shapes {
		ldx, ldy, trans, rows := s.k, s.n, blas.NoTrans, s.m
		if s.transA {
			ldx, trans, rows = s.m, blas.Trans, s.k
		}
		if s.room > 0 {
			ldx, ldy = s.room, max(s.n, s.room)
		}
		x, y, z := make([]float64, rows*ldx), make([]float64, s.k*ldy), make([]float64, s.m*s.n)
		for _, v := range [][]float64{x, y} {
			for i := range v {
				v[i] = rand.NormFloat64()
			}
		}
		run := func(name string, mul func()) {
			b.Run(fmt.Sprintf("%dx%dx%d/room=%d/%s", s.m, s.n, s.k, s.room, name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					mul()
				}
				gflops(b, s.m, s.n, s.k)
			})
		}
		for _, kn := range supported() {
			run(string(kn.kernel), func() {
				kn.checkedMul(s.transA, false, s.m, s.n, s.k, 1, x, ldx, y, ldy, s.beta, z, s.n)
			})
		}
		run("gonum", func() {
			gonum.Implementation{}.Dgemm(trans, blas.NoTrans, s.m, s.n, s.k, 1, x, ldx, y, ldy, s.beta, z, s.n)
		})
	}
}
