// Benchmarks the micro-kernels with all their operands in the first-level cache:
// the rate that Mul cannot exceed.

//go:build unix && !noasm

package gemm

import "testing"

func BenchmarkTile(b *testing.B) {
	const k = 64
	ws := new(workspace)
	for _, kn := range supported() {
		if kn == generic {
			continue
		}
		cols := vecs * kn.lanes
		b.Run(string(kn.kernel), func(b *testing.B) {
			for b.Loop() {
				kn.tile(k, panel{&ws.a[0], kn.rows, kn.rows}, panel{&ws.b[0], cols, cols}, 1, 0, &ws.tile[0], maxCols)
			}
			gflops(b, kn.rows, cols, k)
		})
	}
}
