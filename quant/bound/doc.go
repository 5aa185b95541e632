// Package bound computes the right-hand sides of the theorems on stochastic
// path following, from plain numbers.
//
// It imports nothing of package quant, so that a mistake in one cannot hide in
// the other. Each function names its statement in docs/theory.md, where the
// proof is. It takes the probability η with which the bound may fail, whereas
// the literature uses N^(-p); in T1 the two agree if p log N = log(√2·m·n/η).
//
// # Three kinds
//
// The bounds differ in what they need to know.
//
//   - OneLayer, OneLayerColumn, FullNetwork, FullNetworkColumn, OrderR,
//     GaussNetwork and FiniteAlphabet need only sizes, steps and column norms.
//   - DataLayer, DataColumn, GaussianLayer and GaussianColumn need the inputs X̃:
//     Influence computes how much each rounding error moves each output, and
//     Measure reduces that to the numbers of a Proxy, which these functions take.
//   - ObservedLayer and ExactLayer also need the fractions that were rounded, so
//     they are computed after quantization. Certificate turns any bound on the
//     last layer into one on the network.
//
// Expected is not a bound but an expectation.
//
// # Notation
//
// A layer has m samples, N inputs and n neurons. X̃ (m×N) holds its inputs in
// the quantized network, with the columns X̃_t in the order in which they are
// visited, and δ is the step of the alphabet. All bounds are in the units of the
// layer's outputs before the activation: a bound on entries is on the error of
// one neuron on one sample, a bound on columns is on the 2-norm of one neuron's
// error over the m samples.
//
// # What it refuses
//
// Arguments outside a theorem's assumptions give an error, never a number that
// looks like a bound. A result too large for a float64 gives an error, too. The
// caller must check the assumptions that cannot be seen from numbers: that
// rounding was stochastic, that nothing was clipped, and that the order of the
// columns was settled before rounding.
package bound
