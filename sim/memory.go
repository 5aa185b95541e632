// memory.go says how much memory quantizing a network takes.

package sim

import "spfq/quant"

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
//   - sums over each neuron: 7n + 4nd;
//   - what a variant's neurons share, until the next layer's stands: the norms
//     N; X̃ and where it descends X in another order, mN each; in each neuron's
//     own order the transposes of those, mN each; in the form Gram N² for the
//     inner products, N² where it descends and N² for an exact alignment, in the
//     form Direct 32N for the blocks'; 64N for a descent's blocks; mN for the
//     pseudo-inverse; mN for the influence matrix and m² for the product of the
//     projections;
//   - while that is made, of one variant a worker: 3mN for a factorization and
//     its solution, or 2mN and 2m² for the influence matrix and its singular
//     values, and m² for an identity;
//   - a tile of each worker, as large as in any layer so far: W, Q, W̃ where
//     aligned and, where certified, the fractions, Nc each, with mN + Nc + mc more
//     while fractions are weighed; Nc for the errors in the form Gram and Nc for
//     what further passes share; 2Nc for a descent in another order; 6Nc for a
//     least maximum; eight matrices of mc, three of tc, three of 32c; and 1 MiB
//     for packing in products of matrices.
func Memory(in Instance, variants []Variant, workers int) int64 {
	if len(variants) == 0 {
		return 0
	}
	m, t, d := int64(in.Samples), int64(in.Data.Test), int64(len(variants))
	var buffers [6]int64
	var wide, thin, lent int64
	var peak, held, scratch int64 // held is what the variants share in the layer before
	for i := 1; i <= in.Layers(); i++ {
		n, neurons := int64(in.Widths[i-1]), int64(in.Widths[i])
		before := (m + t) * n
		if i > 1 {
			before *= 1 + d
		}
		c := int64((&run{in: in}).tileWidth(int(n), int(neurons)))
		tiles := (neurons + c - 1) / c
		var shared, making int64
		wide, thin = max(wide, 2*n*c), max(thin, (8*m+3*t+3*quant.DefaultBlock)*c)
		for _, v := range variants {
			need := v.need(i > 1, m, n, neurons, c)
			shared, making = shared+need.shared, max(making, need.making)
			for k, size := range need.buffers {
				buffers[k] = max(buffers[k], size) // variants take turns
			}
		}
		tile := wide + thin
		for _, size := range buffers {
			tile += size
		}
		lent = max(lent, min(int64(workers), tiles))
		making *= min(int64(workers), d)
		peak = max(peak, before+held+shared+making+scratch)
		scratch = tile * lent
		after := (1+d)*(m+t)*neurons + (7+4*d)*neurons + d*tiles*20
		peak = max(peak, before+shared+after+scratch)
		held = shared
	}
	return 8*peak + int64(workers)<<20
}

// need is how many numbers a variant needs in a layer.
type need struct {
	shared, making int64    // by all neurons, and while that is made
	buffers        [6]int64 // by a tile, in memory that all variants use in turn
}

// The buffers.
const (
	aligned = iota
	certified
	errs
	passes
	ordered
	leastMax
)

// need returns what the variant needs in a layer of n inputs, whose X̃ differs
// from X or not, with m samples and c neurons in a tile.
func (v Variant) need(differs bool, m, n, neurons, c int64) need {
	kind, order := v.Method.Align.Kind, v.Method.Order
	form := quant.FormOf(v.Method, !differs, int(m), int(n), int(neurons))
	descends := kind == quant.AlignOrder && differs
	copies := int64(1)
	if descends {
		copies = 2
	}
	permuted := order == quant.ByNorm || order == quant.Random
	out := need{shared: 2 * n}
	if permuted {
		out.shared += n + copies*m*n
	}
	if v.Method.Feedback || descends {
		switch {
		case order == quant.ByWeight:
			out.shared += copies * m * n
		case form == quant.Gram:
			out.shared += copies * n * n
		default:
			out.shared += quant.DefaultBlock * n
		}
		if descends && order != quant.ByWeight {
			out.shared += 2 * quant.DefaultBlock * n
		}
		if form == quant.Gram {
			out.buffers[errs] = n * c
		}
		if form == quant.Gram && descends && v.Method.Align.Passes > 1 {
			out.buffers[passes] = n * c
		}
		if permuted && descends {
			out.buffers[ordered] = 2 * n * c
		}
	}
	if kind == quant.AlignExact && differs || kind == quant.AlignLeastMax {
		out.shared += m * n
		out.making = 3*m*n + m*m
		if kind == quant.AlignExact && form == quant.Gram {
			out.shared += n * n
		}
	}
	if kind != quant.AlignNone {
		out.buffers[aligned] = n * c
	}
	if kind == quant.AlignLeastMax {
		out.buffers[leastMax] = 6 * n * c
	}
	if (&state{Variant: v}).certified() {
		out.shared += m*n + m*m + n
		out.making = max(out.making, 2*m*n+3*m*m)
		out.buffers[certified] = 2*n*c + m*n + m*c
	}
	return out
}
