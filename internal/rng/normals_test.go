package rng

import (
	"math"
	"testing"
)

// Normals draws what Normal draws, for any number of keys and any t, and leaves
// what follows alone. (TestKernels has it for each kernel.)
func TestNormals(t *testing.T) {
	checkNormals(t, Normals)
}

func checkNormals(t *testing.T, normals func(dst []float64, keys []Key, t int)) {
	t.Helper()
	k := New(6, "test")
	for _, n := range []int{0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 480, 511, 512, 513, 520, 1031} {
		keys, dst := make([]Key, n), make([]float64, n+8)
		for j := range keys {
			keys[j] = k.Derive(n, j)
		}
		for _, at := range []int{0, 1, 77, 1 << 20} {
			for j := range dst {
				dst[j] = -7
			}
			normals(dst[:n], keys, at)
			for j, key := range keys {
				if want := key.Normal(at); math.Float64bits(dst[j]) != math.Float64bits(want) {
					t.Fatalf("%d keys: draw %d of key %d is %v, want %v", n, at, j, dst[j], want)
				}
			}
			for _, v := range dst[n:] {
				if v != -7 {
					t.Fatalf("%d keys: wrote %v after the end", n, v)
				}
			}
		}
	}
	// Enough draws to meet every rectangle, and the tail, hundreds of times.
	keys, dst := make([]Key, 1000), make([]float64, 1000)
	for j := range keys {
		keys[j] = k.Derive(j)
	}
	tail := 0
	for at := range 1000 {
		normals(dst, keys, at)
		for j, key := range keys {
			if math.Float64bits(dst[j]) != math.Float64bits(key.Normal(at)) {
				t.Fatalf("draw %d of key %d is %v, want %v", at, j, dst[j], key.Normal(at))
			}
			if math.Abs(dst[j]) > zigR {
				tail++
			}
		}
	}
	if tail < 100 { // 258 are expected, of standard deviation 16
		t.Errorf("%d draws of a million in the tail: is it drawn at all?", tail)
	}
}

func BenchmarkNormals(b *testing.B) {
	keys, dst := make([]Key, 480), make([]float64, 480)
	for j := range keys {
		keys[j] = New(1, "bench").Derive(j)
	}
	for i := 0; b.Loop(); i++ {
		Normals(dst, keys, i)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/480, "ns/draw")
}
