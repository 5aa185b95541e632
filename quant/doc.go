// Package quant quantizes one layer: matrices in, matrices out.
//
// # Notation
//
// A layer has N inputs and n neurons. X (m×N) holds its inputs on m samples in
// the original network, X̃ (m×N) in the quantized one, X_t and X̃_t their
// columns. W (N×n) holds the weights; neurons are columns. Q (N×n) holds the
// quantized weights, entries of the alphabet A_∞ = δZ or A_K = {kδ : |k| <= K}.
//
// # Methods are three choices
//
// Align finds W̃ with X̃W̃ ≈ XW; feedback carries the error u_t of the columns
// visited so far into the next one, v_t = w̃_t + ⟨X̃_t, u_{t-1}⟩/‖X̃_t‖², or does
// not, v_t = w̃_t; rounding takes v_t to the alphabet, to the nearest level or
// to one of the two neighbours at random without bias. SPFQ (Zhang and Saab,
// arXiv 2309.10975), GPFQ (arXiv 2201.11113), rounding to nearest and
// memoryless stochastic rounding are combinations of these (Named). One engine
// runs them all.
//
// # Fast and literal
//
// Layer runs path following in blocks of columns and tiles of neurons, so that
// nearly all of its operations are matrix products: 4mNn where u is carried along,
// N²n + mN² where inner products of columns are (Form). LiteralAlign and
// LiteralFollow are the recursions as they are written down, one neuron and one
// column at a time; tests hold the first against the second.
//
// # Invariants
//
// Inputs are never changed. The draw that rounds weight t of neuron j is a
// function of (stream of the layer, j, t), so neither the tile nor the block a weight falls
// into changes it. The tile does not change a single bit of the result; the
// block size and the form change the order of the sum in ⟨X̃_t, u⟩, hence v_t by
// rounding errors, hence a code only where v_t falls within rounding error of the
// boundary between two codes.
//
// # What it refuses
//
// Wrong shapes panic: they are programmer errors. Inputs that are not finite
// and numerical breakdown are returned as errors. Nothing falls back silently:
// least squares in place of an exact alignment shows in Layer.Rank and in the
// residual, clips and dead columns are counted.
package quant
