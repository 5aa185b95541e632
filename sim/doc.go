// Package sim draws networks and data and quantizes networks layer by layer.
//
// # Model
//
// A network has L layers of sizes N_0, …, N_L: Φ(X) = φ(⋯φ(XW_1 + b_1)⋯)W_L + b_L,
// where the activation φ is that of the hidden layers and the last layer is linear. X
// (m×N_0) holds m samples in its rows. Weights have mean 0 and variance 1, whatever
// their distribution, constant weights aside. Biases, where there are any, are N(0, 1)
// and kept in full precision.
//
// An Instance (one network and one data set) is determined by its sizes, its
// distributions, the seed and the trial. It is never held as a whole. Weights are drawn
// tile by tile of neurons, each a function of seed, sizes, trial, layer, neuron and
// input alone, and all Variants (methods with their alphabets) run on the tile while it
// is there. So comparisons are paired, the original network is computed once, and memory
// is the activations, O(mN) for each variant, and a tile for each worker.
//
// # What is measured
//
// Errors are measured from the matrices, never read off a recursion: XW − X̃W̃ and
// X̃W̃ − X̃Q in each layer, and Φ(X) − Φ̃(X) at the end, on the calibration samples and on
// held-out ones, which no method sees. Measurement and Layer are what is measured of a
// network and of a layer; records consist of them.
//
// Cost and Memory foresee what a run takes, from what package quant says of a layer.
//
// # Reproducibility
//
// The same instance and variant give the same results for any number of workers, and for
// any tile size, since sums over neurons are made neuron by neuron, in order. The one
// exception is the alignment exact-max, an iteration that ends for a tile at once. The
// block size and the form of package quant, and the kernel of the matrix products,
// change the order of sums. They change results by rounding errors, which can move a
// code that falls within such an error of a boundary.
package sim
