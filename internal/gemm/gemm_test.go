// Tests of Mul with every kernel that can run here.

//go:build unix

package gemm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"spfq/internal/kernel"
)

// forEachKernel runs f with every kernel, each in a subtest, which is skipped if
// the kernel cannot run here.
func forEachKernel(t *testing.T, f func(t *testing.T, kn *tiling)) {
	for _, k := range []kernel.Kernel{kernel.AVX512, kernel.AVX2, kernel.Generic} {
		t.Run(string(k), func(t *testing.T) {
			if !slices.Contains(kernel.Supported(), k) {
				t.Skip("not on this processor")
			}
			f(t, tilingOf(k))
		})
	}
}

// supported lists the tilings that can run here, fastest first.
func supported() []*tiling {
	var list []*tiling
	for _, k := range kernel.Supported() {
		list = append(list, tilingOf(k))
	}
	return list
}

// Sizes around the multiples of the sizes of tiles, the limits of reading B in
// place, the nc = 288 columns of a block of B and its kc = 256 steps; and values
// of alpha and beta.
var (
	sizesM = []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 31, 32, 33, 61, 64, 97, 255, 256, 257}
	sizesN = []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17, 23, 24, 25, 29, 36, 47, 48, 49, 64, 101, 191, 193, 256, 287, 288, 289, 300, 312, 577}
	sizesK = []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 32, 33, 64, 101, 255, 256, 257, 258, 511, 512, 513, 769}
	scales = []float64{0, 1, -1, 0.3, -2.5}
)

// randomProduct draws a product whose sizes are not all large.
func randomProduct(rng *rand.Rand) product {
	pick := func(list []int) int { return list[rng.IntN(len(list))] }
	p := product{m: pick(sizesM), n: pick(sizesN), k: pick(sizesK)}
	for p.m*p.n*p.k > 1<<21 {
		p.m, p.n, p.k = pick(sizesM), pick(sizesN), pick(sizesK)
	}
	flip := func() bool { return rng.IntN(2) == 0 }
	p.transA, p.transB, p.atEnd, p.special = flip(), flip(), flip(), rng.IntN(4) == 0
	if flip() {
		p.padA, p.padB, p.padC = rng.IntN(9), rng.IntN(9), rng.IntN(9)
	}
	p.alpha, p.beta = scales[rng.IntN(len(scales))], scales[rng.IntN(len(scales))]
	p.seed = rng.Uint64()
	return p
}

func TestMulRandom(t *testing.T) {
	forEachKernel(t, func(t *testing.T, kn *tiling) {
		rng := rand.New(rand.NewPCG(1, 2))
		for range 300 {
			randomProduct(rng).run(t, kn)
		}
	})
}

// TestMulSmall goes through all sizes below 10, which meet every kind of edge.
func TestMulSmall(t *testing.T) {
	forEachKernel(t, func(t *testing.T, kn *tiling) {
		for m := range 10 {
			for n := range 10 {
				for k := range 10 {
					for flags := range uint64(4) {
						product{m: m, n: n, k: k, transA: flags&1 != 0, transB: flags&2 != 0,
							alpha: 1, beta: float64(m % 2), seed: flags, atEnd: n%2 == 0}.run(t, kn)
					}
				}
			}
		}
	})
}

// TestMulShapes runs the shapes of the benchmarks that are small enough.
func TestMulShapes(t *testing.T) {
	forEachKernel(t, func(t *testing.T, kn *tiling) {
		for _, s := range shapes {
			if s.m*s.n*s.k <= 1<<25 {
				product{m: s.m, n: s.n, k: s.k, transA: s.transA, alpha: 1, beta: s.beta, atEnd: true}.run(t, kn)
			}
		}
	})
}

// TestEntryAlone checks that an entry has the same bits whether it is computed
// in a large product or in any part of it.
func TestEntryAlone(t *testing.T) {
	const m, n, k = 75, 401, 300
	rng := rand.New(rand.NewPCG(3, 4))
	a, b, old := make([]float64, m*k), make([]float64, k*n), make([]float64, m*n)
	for _, x := range [][]float64{a, b, old} {
		for i := range x {
			x[i] = rng.NormFloat64()
		}
	}
	forEachKernel(t, func(t *testing.T, kn *tiling) {
		if kn == generic {
			t.Skip("gonum's order of summation is not part of the contract")
		}
		whole := slices.Clone(old)
		kn.checkedMul(false, false, m, n, k, 0.7, a, k, b, n, -1.5, whole, n)
		for range 100 {
			i, j := rng.IntN(m), rng.IntN(n)
			h, w := 1+rng.IntN(m-i), 1+rng.IntN(n-j)
			part := slices.Clone(old)
			kn.checkedMul(false, false, h, w, k, 0.7, a[i*k:], k, b[j:], n, -1.5, part[i*n+j:], n)
			for r := i; r < i+h; r++ {
				for s := j; s < j+w; s++ {
					if !same(part[r*n+s], whole[r*n+s]) {
						t.Fatalf("entry (%d,%d) differs in the part %d×%d from (%d,%d) on", r, s, h, w, i, j)
					}
				}
			}
		}
	})
}

func TestMulConcurrent(t *testing.T) {
	forEachKernel(t, func(t *testing.T, kn *tiling) {
		var wg sync.WaitGroup
		for g := range uint64(8) {
			wg.Go(func() {
				rng := rand.New(rand.NewPCG(g, 5))
				for range 20 {
					m, n, k := 1+rng.IntN(80), 1+rng.IntN(80), 1+rng.IntN(300)
					a, b := make([]float64, m*k), make([]float64, k*n)
					got, again := make([]float64, m*n), make([]float64, m*n)
					for _, x := range [][]float64{a, b} {
						for i := range x {
							x[i] = rng.NormFloat64()
						}
					}
					kn.checkedMul(false, true, m, n, k, 1, a, k, b, k, 0, got, n)
					kn.checkedMul(false, true, m, n, k, 1, a, k, b, k, 0, again, n)
					if !slices.Equal(got, again) {
						t.Errorf("%d×%d×%d: two results", m, n, k)
					}
				}
			})
		}
		wg.Wait()
	})
}

func TestMulDoesNotAllocate(t *testing.T) {
	if raceEnabled {
		t.Skip("sync.Pool drops buffers at random under the race detector")
	}
	forEachKernel(t, func(t *testing.T, kn *tiling) {
		const m, n, k = 33, 65, 300
		a, b, c := make([]float64, k*m), make([]float64, k*n), make([]float64, m*n)
		if allocs := testing.AllocsPerRun(100, func() {
			kn.checkedMul(true, false, m, n, k, 1, a, m, b, n, 0, c, n)
		}); allocs != 0 {
			t.Errorf("%v allocations", allocs)
		}
	})
}

// TestMulHugeStride multiplies matrices of a single row, whose stride must not
// matter, with a stride so large that multiples of it overflow.
func TestMulHugeStride(t *testing.T) {
	forEachKernel(t, func(t *testing.T, kn *tiling) {
		const far = math.MaxInt/2 + 1
		a, b, c := []float64{1, 2, 3, 4, 5, 6, 7, 8}, make([]float64, 24), make([]float64, 8*24)
		b[23] = 0.5
		kn.checkedMul(true, false, 8, 24, 1, 1, a, far, b, far, 0, c, 24)
		if c[8*24-1] != 4 {
			t.Errorf("the last entry is %v", c[8*24-1])
		}
		kn.checkedMul(false, false, 1, 24, 1, 1, a, far, b, far, 1, c, far)
		if c[23] != 1 {
			t.Errorf("the first row ends in %v", c[23])
		}
	})
}

func TestMulRefuses(t *testing.T) {
	x := make([]float64, 100)
	for _, c := range []struct {
		name          string
		m, n, k       int
		lda, ldb, ldc int
		a, b, c       []float64
	}{
		{"negative size", -1, 2, 3, 3, 2, 2, x, x, x},
		{"negative size", 1, -2, 3, 3, 2, 2, x, x, x},
		{"negative size", 1, 2, -3, 3, 2, 2, x, x, x},
		{"A has", 2, 3, 4, 3, 3, 3, x, x, x},
		{"A has", 2, 3, 4, 4, 3, 3, x[:7], x, x},
		{"A has", 2, 3, 0, 0, 3, 3, nil, x, x},
		{"A has", 1 << 62, 3, 4, 4, 3, 3, x, x, x},
		{"B has", 2, 3, 4, 4, 2, 3, x, x, x},
		{"B has", 2, 3, 4, 4, 3, 3, x, x[:11], x},
		{"B has", 2, 3, 4, 4, 1 << 62, 3, x, x, x},
		{"C has", 2, 3, 4, 4, 3, 2, x, x, x},
		{"C has", 2, 3, 4, 4, 3, 3, x, x, x[:5]},
		{"C has", 2, 3, 4, 4, 3, 3, x, x, nil},
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.HasPrefix(got, "gemm: "+c.name) {
					t.Errorf("%+v: %s", c, got)
				}
			}()
			Mul(false, false, c.m, c.n, c.k, 1, c.a, c.lda, c.b, c.ldb, 0, c.c, c.ldc)
		}()
	}
}
