package quant

import (
	"fmt"
	"testing"
	"time"
)

// BenchmarkLayer sets the time of path following, preparation included, beside
// that of the form's bare products: the ratio of the two medians is reported.
func BenchmarkLayer(b *testing.B) {
	for _, s := range []struct{ m, N, n, tile int }{{32, 4096, 4096, 480}, {256, 2048, 2048, 480}, {4096, 1024, 1024, 480}, {64, 65536, 480, 48}} {
		for tile := s.tile; tile >= 48 && tile >= s.tile/5; tile /= 2 {
			b.Run(fmt.Sprintf("m=%d/N=%d/n=%d/tile=%d", s.m, s.N, s.n, tile), func(b *testing.B) {
				x, w := gaussian("x", s.m, s.N), gaussian("w", s.N, s.n)
				q, u, c := NewMatrix(s.N, s.n), NewMatrix(s.m, s.n), NewMatrix(s.N, s.n)
				h := NewMatrix(min(s.N, 4096), s.N) // of the form Gram
				m := Method{Feedback: true, Rounding: Stochastic, Order: Natural}
				var layer, bare time.Duration
				for b.Loop() {
					start := time.Now()
					l, err := NewLayer(x, x, m, Options{Neurons: s.n})
					if err != nil {
						b.Fatal(err)
					}
					var ws Workspace
					for j := 0; j < s.n; j += tile {
						end := min(j+tile, s.n)
						part := Tile{First: j, W: Columns(w, j, end), Aligned: Columns(w, j, end), Q: Columns(q, j, end)}
						l.Quantize(&part, Alphabet{Step: 0.25}, testKey, &ws)
					}
					layer += time.Since(start)
					start = time.Now()
					if l.Form == Direct {
						mul(u, false, x, q, 1, 0)
						mul(c, true, x, u, 1, 0)
					} else {
						half := s.N / 2
						mul(Columns(h, 0, half), true, x, Columns(x, 0, half), 1, 0)
						mul(c, false, Columns(h, 0, half), Rows(q, 0, half), 1, 0)
					}
					bare += time.Since(start)
				}
				b.ReportMetric(float64(layer)/float64(bare), "ratio")
				b.ReportMetric(float64(layer.Nanoseconds())/float64(b.N)/float64(s.N)/float64(s.n), "ns/weight")
				b.ReportMetric(float64(bare.Nanoseconds())/float64(b.N)/float64(s.N)/float64(s.n), "ns-bare/weight")
			})
		}
	}
}
