// Package bound computes the right-hand sides of the theorems on stochastic
// path following, from plain numbers.
//
// It imports nothing of package quant, so that a mistake in one cannot hide in
// the other. Each function names its statement in docs/theory.md, where the
// proof is, and takes the probability η with which it may fail, where the
// literature has N^(-p): with p log N = log(√2·m·n/η) they are the same in T1.
//
// # Three kinds
//
// Before any data: OneLayer, OneLayerColumn, FullNetwork, FullNetworkColumn,
// OrderR, GaussNetwork and FiniteAlphabet need sizes, steps and column norms.
// From the data: Influence says how much each rounding error moves each output;
// Measure boils it down to the numbers of a Proxy, for DataLayer, DataColumn,
// GaussianLayer and GaussianColumn. After the fact: ObservedLayer and
// ExactLayer use the fractions that were in fact rounded, and Certificate turns
// any bound on the last layer into one on the network.
//
// Expected is not a bound: it says what to expect.
//
// # Notation
//
// A layer has m samples, N inputs and n neurons; X̃ (m×N) holds its inputs in
// the quantized network, columns X̃_t in the order visited; δ is the step. A
// bound on the entries is in the units of the layer's outputs, before the
// activation; so is a bound on the columns, which is on the 2-norm of one
// neuron's error over the m samples.
//
// # What it refuses
//
// Arguments outside a theorem's assumptions are errors, never numbers that look
// like a bound; so are results too large for a float64. Assumptions that
// numbers cannot show (that rounding was stochastic, that nothing was clipped,
// that the order of the columns was settled before rounding) are the caller's
// to check.
package bound
