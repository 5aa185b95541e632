// instance.go defines what is drawn, and the variants that run on it.

package sim

import (
	"spfq/internal/rng"
	"spfq/quant"
)

// Network is a random multilayer network.
type Network struct {
	Widths     []int // N_0, …, N_L
	Weights    Distribution
	Biases     bool
	Activation Activation
}

// Layers returns L.
func (n Network) Layers() int { return len(n.Widths) - 1 }

// WeightCount returns the number of weights of the network.
func (n Network) WeightCount() int64 {
	var sum int64
	for i := 1; i < len(n.Widths); i++ {
		sum += int64(n.Widths[i-1]) * int64(n.Widths[i])
	}
	return sum
}

// Instance is one network and one data set.
type Instance struct {
	Network
	Data
	Seed  uint64
	Trial int
}

// Variant is a method with its alphabet.
type Variant struct {
	Method   quant.Method
	Alphabet AlphabetRule
	// ActivationBits is the bits that the hidden activations of the quantized network
	// are rounded to (roundActivations); 0 leaves them alone.
	ActivationBits int
	// Certify asks to measure of each layer what the bounds after the fact need.
	Certify bool
}

// AlphabetRule says which alphabet each layer gets.
type AlphabetRule struct {
	K    int     // 0 for the infinite alphabet, which needs a given step
	Step float64 // δ where it is given; 0 where it comes from the data
	// δ = C·rad/K where it comes from the data; rad is the mean over the neurons of the
	// Quantile-quantile of |w̃|.
	C, Quantile float64
}

// The streams of an instance. A layer's are derived from its two sizes, its number and
// the trial, a data set's from its dimension and the trial. So networks of different
// width share nothing, and networks of equal width but different depth share their
// common layers. No stream depends on a method or on the number of samples, so that all
// variants, and all m, see the same draws (the spiral aside, whose plane depends on m).

func (in Instance) weights(layer int) rng.Stream  { return in.layerStream("weights", layer) }
func (in Instance) rounding(layer int) rng.Stream { return in.layerStream("rounding", layer) }
func (in Instance) order(layer int) rng.Stream    { return in.layerStream("order", layer) }

func (in Instance) layerStream(purpose string, layer int) rng.Stream {
	return rng.New(in.Seed, purpose).Derive(in.Widths[layer-1], in.Widths[layer], layer, in.Trial)
}

func (in Instance) dataStream(purpose string) rng.Stream {
	return rng.New(in.Seed, purpose).Derive(in.Widths[0], in.Trial)
}

// BiasVector draws the biases of cols neurons of a layer, from 1, from neuron first on.
func (in Instance) BiasVector(layer, first, cols int) []float64 {
	stream := in.layerStream("biases", layer)
	b := make([]float64, cols)
	for j := range b {
		b[j] = stream.Normal(first + j)
	}
	return b
}

// Inputs draws the calibration samples (m×N_0) and the held-out ones (t×N_0).
func (in Instance) Inputs() (x, test quant.Matrix) {
	base := in.dataStream("subspace")
	n := in.Widths[0]
	return in.Data.draw(in.dataStream("samples"), base, in.Samples, n),
		in.Data.draw(in.dataStream("test samples"), base, in.Data.Test, n)
}
