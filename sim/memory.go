// memory.go says how much memory quantizing a network takes: what package quant says
// of each layer, and what is around it here.

package sim

import (
	"unsafe"

	"spfq/quant"
)

// packing is the bytes that products of matrices pack their operands into, for each
// worker.
const packing = 1 << 20

// MaxMemory stands for all numbers of bytes from here on: no machine has as many.
const MaxMemory = 1 << 60

// Memory returns the bytes of heap that Run keeps alive at its peak, at most,
// with the given number of workers on the instance. What the garbage collector
// has not found yet comes on top.
//
// With m samples and t held-out ones, a layer of N inputs and n neurons, tiles
// of c neurons, and d the variants, of 8-byte numbers:
//
//   - activations of the original network and of each variant, of this layer
//     and of the one before: (1 + d)(m + t)(N + n), of which the first layer's
//     inputs are shared by all;
//   - sums over each neuron: 7n + 4nd, and what is kept of each tile;
//   - what the neurons of a layer share under each variant (quant.Shape.Memory,
//     and for its certificate certificateMemory);
//   - what is needed for a while to make that, of one variant a worker;
//   - for each worker what it works on a tile with (tileMemory), each buffer as
//     large as in any layer so far, and packing.
func Memory(in Instance, variants []Variant, workers int) int64 {
	if len(variants) == 0 {
		return 0
	}
	// Products with the number of variants may exceed an int64. As float64s they are
	// exact up to 2⁵³, more numbers of 8 bytes than any machine holds.
	m, t, d := int64(in.Samples), int64(in.Data.Test), float64(len(variants))
	samples, most := float64(m+t), float64(workers)
	var tile tileMemory
	var lent, scratch, peak float64
	for i := 1; i <= in.Layers(); i++ {
		N, n := int64(in.Widths[i-1]), int64(in.Widths[i])
		before := samples * float64(N)
		if i > 1 {
			before *= 1 + d
		}
		c := int64((&run{in: in}).tileWidth(int(N), int(n)))
		tiles := float64((n + c - 1) / c)
		var shared, making float64
		for _, v := range variants {
			shape := v.shape(in, i)
			layer := shape.Memory(int(c))
			tile.grow(in, v, shape, c, layer.Space)
			if v.certified() {
				s, k := certificateMemory(m, N)
				layer.Shared, layer.Making = layer.Shared+s, max(layer.Making, k)
			}
			shared, making = shared+float64(layer.Shared), max(making, float64(layer.Making))
		}
		peak = max(peak, before+shared+making*min(most, d)+scratch)
		lent = max(lent, min(most, tiles))
		scratch = float64(tile.total()) * lent
		after := (1+d)*samples*float64(n) + (7+4*d)*float64(n) + d*tiles*float64(unsafe.Sizeof(tileResult{})/8)
		peak = max(peak, before+shared+after+scratch)
	}
	return int64(min(8*peak+most*packing, MaxMemory))
}

// shape returns what the cost and the memory of layer i depend on under the variant.
func (v Variant) shape(in Instance, i int) quant.Shape {
	return quant.Shape{Method: v.Method, Same: i == 1, Samples: in.Samples, Inputs: in.Widths[i-1], Neurons: in.Widths[i]}
}

// tileMemory is the numbers of 8 bytes in a worker's scratch, all variants taking
// turns.
type tileMemory struct {
	w, aligned, fractions int64 // W or Q, W̃ and fractions, N×c
	out, test             int64 // outputs on the samples, m×c, and on held-out ones, t×c
	steps                 int64 // a column and its sorted copy, for steps from the data
	certificate           int64 // what weighing fractions takes
	workspace             quant.Space
}

// grow makes room for a variant on a layer in tiles of c neurons.
func (r *tileMemory) grow(in Instance, v Variant, s quant.Shape, c int64, workspace quant.Space) {
	m, t, N := int64(in.Samples), int64(in.Data.Test), int64(s.Inputs)
	r.w, r.out, r.test = max(r.w, N*c), max(r.out, m*c), max(r.test, t*c)
	if s.Aligns() {
		r.aligned = max(r.aligned, N*c)
	}
	if v.certified() {
		r.fractions = max(r.fractions, N*c)
		r.certificate = max(r.certificate, certificateTile(m, N, c))
	}
	if v.Alphabet.Step == 0 {
		r.steps = max(r.steps, 2*N)
	}
	r.workspace.Grow(workspace)
}

// total is W and Q; XW, X̃W̃, X̃Q and a difference; the two held-out outputs; and the
// rest once.
func (r *tileMemory) total() int64 {
	return 2*r.w + r.aligned + r.fractions + 4*r.out + 2*r.test + r.steps + r.certificate + r.workspace.Total()
}

// certificateMemory is of package bound: the influence matrix and the distances of
// columns are shared by the neurons; to make the first, and its singular values, takes
// a copy and its factors, and the product of the projections.
func certificateMemory(m, N int64) (shared, making int64) {
	return m*N + N, 2*m*N + 4*m*m
}

// certificateTile is of bound.Observed: the squares of the influence matrix, a number
// for each fraction, their product, and sums over neurons of the drift.
func certificateTile(m, N, c int64) int64 { return m*N + N*c + m*c + c }
