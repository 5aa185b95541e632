// Package round rounds weights along the path: the rows of a block whose errors
// move each other, one after the other, for many neurons at once.
//
// # What is computed
//
// A row t is a weight number; its entries are those of n neurons, j < n. C holds
// c_t = ⟨X̃_t, u⟩ with u the error before the first of the rows. For each row in
// turn, and each neuron, where every operation rounds to nearest and fma(x,y,z)
// = x·y+z rounds once:
//
//	for each row s before t, ascending: c_t = fma(⟨X̃_t, X̃_s⟩, e_s, c_t)
//	y = fma(c_t, 1/‖X̃_t‖², w̃_t) / δ
//	k = ⌊y⌋, f = y − k
//	k = k + 1 if h < f, else k + 0
//	k = min(max(k, −K), K)
//	q_t = k·δ
//	e_t = w̃_t − q_t
//
// Stochastic rounding draws h = Uniform(t) of the neuron's stream (package rng), so
// that E[kδ | y] = yδ up to the grain of 2^-53. Rounding to nearest sets h to the
// largest number below ½, so that it rounds up from a fraction of ½ on. e_t takes
// the place of c_t.
//
// # Kernels
//
// The kernels avx512 and avx2 (package kernel) are assembly, which the program in
// internal/asm generates. The portable code also serves the neurons that are left
// after whole vectors. All agree in every bit, counts included. Only the payload of
// a NaN may differ.
package round
