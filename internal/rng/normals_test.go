//go:build unix

package rng

import (
	"math"
	"testing"
	"unsafe"

	"spfq/internal/guard"
)

// Normals draws what Normal draws, for any number of streams and any t, and touches
// nothing else. TestKernels asks the same of each kernel.
func TestNormals(t *testing.T) {
	checkNormals(t, Normals)
}

func checkNormals(t *testing.T, normals func(dst []float64, streams []Stream, t int)) {
	t.Helper()
	k := New(6, "test")
	for _, n := range []int{0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 480, 511, 512, 513, 520, 1031} {
		if n == 0 {
			normals(nil, nil, 0)
			continue
		}
		streams := unsafe.Slice((*Stream)(unsafe.Pointer(&guard.New(t, n, n%2 == 0).X[0])), n)
		dst := guard.New(t, n, n%2 == 0).X
		for j := range streams {
			streams[j] = k.Derive(n, j)
		}
		for _, at := range []int{0, 1, 77, 1 << 20} {
			normals(dst, streams, at)
			for j, stream := range streams {
				if want := stream.Normal(at); math.Float64bits(dst[j]) != math.Float64bits(want) {
					t.Fatalf("%d streams: draw %d of stream %d is %v, want %v", n, at, j, dst[j], want)
				}
			}
		}
	}
	// These are enough draws to meet every rectangle, and the tail, hundreds of times.
	streams, dst := make([]Stream, 1000), make([]float64, 1000)
	for j := range streams {
		streams[j] = k.Derive(j)
	}
	tail := 0
	for at := range 1000 {
		normals(dst, streams, at)
		for j, stream := range streams {
			if math.Float64bits(dst[j]) != math.Float64bits(stream.Normal(at)) {
				t.Fatalf("draw %d of stream %d is %v, want %v", at, j, dst[j], stream.Normal(at))
			}
			if math.Abs(dst[j]) > zigR {
				tail++
			}
		}
	}
	if tail < 100 { // 258 are expected, with a standard deviation of 16
		t.Errorf("%d draws of a million in the tail: is it drawn at all?", tail)
	}
}

func BenchmarkNormals(b *testing.B) {
	streams, dst := make([]Stream, 480), make([]float64, 480)
	for j := range streams {
		streams[j] = New(1, "bench").Derive(j)
	}
	for i := 0; b.Loop(); i++ {
		Normals(dst, streams, i)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/480, "ns/draw")
}
