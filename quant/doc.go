// Package quant quantizes one layer: matrices in, matrices out.
//
// # Notation
//
// A layer has N inputs and n neurons. X (m×N) holds its inputs on m samples in
// the original network, X̃ (m×N) in the quantized one, X_t and X̃_t their
// columns. W (N×n) holds the weights; neurons are columns. Q (N×n) holds the
// quantized weights, entries of the alphabet A_∞ = δZ or A_K = {kδ : |k| <= K}.
//
// # A method is four choices
//
// The alignment finds W̃ with X̃W̃ ≈ XW. Feedback carries the error u_{t-1} of the
// columns visited so far into the next one, v_t = w̃_t + ⟨X̃_t, u_{t-1}⟩/‖X̃_t‖²; without
// it v_t = w̃_t. Rounding takes v_t to the alphabet, to the nearest level or to one of
// the two levels around it at random, without bias. The order is that in which the
// columns are visited. SPFQ (Zhang and Saab, arXiv 2309.10975), GPFQ (arXiv
// 2201.11113), rounding to nearest and memoryless stochastic rounding are combinations
// of these (Named). One engine runs them all.
//
// # Fast and literal
//
// Layer runs path following in blocks of columns and tiles of neurons, so that nearly
// all of its operations are matrix products: 4mNn operations where u is carried along,
// N²n + mN² where the errors are and inner products of columns are made once (Form).
// LiteralAlign and LiteralFollow are the recursions as they are written down, one
// neuron and one column at a time. Tests hold Layer against them.
//
// # Cost and memory
//
// Shape says what a layer costs in operations and holds in memory, from its method and
// its sizes. What each part of the work adds is said beside the code of that part, and
// tests hold it to what is counted and allocated.
//
// # Invariants
//
// Inputs are never changed. The draw that rounds weight t of neuron j is a function of
// the layer's stream, j and t, so that neither the tile nor the block that a weight
// falls into changes it. The tile changes no bit of the result, unless the alignment is
// that of least maximum, an iteration that ends for a tile at once. The block size and
// the form change the order of the sum in ⟨X̃_t, u⟩, hence v_t by rounding errors, hence
// a code only where v_t falls within such an error of the boundary between two codes.
//
// # What it refuses
//
// Shapes that do not fit are mistakes of the caller and panic. Inputs that are not
// finite and numerical breakdown are returned as errors. Nothing falls back silently:
// least squares in place of an exact alignment shows in Layer.Rank and in the residual,
// and clips and dead columns are counted.
package quant
