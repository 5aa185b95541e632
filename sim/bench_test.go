package sim

import (
	"context"
	"testing"

	"spfq/internal/pool"
	"spfq/quant"
)

// BenchmarkVariant runs one variant on three layers of width 1024 with m = 32. The time
// for each weight includes drawing it, the original network and all that is measured.
func BenchmarkVariant(b *testing.B) {
	for _, name := range quant.Names() {
		b.Run(name, func(b *testing.B) {
			m, _ := quant.Named(name)
			in := Instance{Network: Network{Widths: []int{1024, 1024, 1024, 1024}, Weights: Distribution{Kind: "gaussian"}, Activation: ReLU},
				Data: Data{Source: Gaussian, Samples: 32, Test: 64}, Seed: 1}
			p := pool.New(1)
			b.ReportAllocs()
			for i := range b.N {
				in.Trial = i
				p.Run(context.Background(), func() {
					if _, err := Run(context.Background(), p, in, []Variant{{Method: m, Alphabet: AlphabetRule{Step: 0.25}}}, Options{}); err != nil {
						b.Fatal(err)
					}
				})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(in.WeightCount()), "ns/weight")
		})
	}
}
