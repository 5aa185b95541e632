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
//     N; 64N for the blocks' inner products where it follows a path or descends
//     (twice where it aligns by descent), or X̃ᵀ, mN, in each neuron's own order
//     (twice likewise); mN for permuted columns (twice likewise); mN for the
//     pseudo-inverse; mN for the influence matrix and m² for the product of the
//     projections;
//   - while that is made, of one variant a worker: 3mN for a factorization and
//     its solution, or 2mN and 2m² for the influence matrix and its singular
//     values, and m² for an identity;
//   - a tile of each worker: W, Q, W̃ where aligned and, where certified, the
//     fractions, Nc each, with mN + Nc + mc more while fractions are weighed; 6
//     more matrices of Nc for a least maximum; eight matrices of mc, three of tc,
//     three of 64c; and 1 MiB for packing in products of matrices.
func Memory(in Instance, variants []Variant, workers int) int64 {
	if len(variants) == 0 {
		return 0
	}
	m, t, d := int64(in.Samples), int64(in.Data.Test), int64(len(variants))
	var peak, held int64 // held is what the variants' layer before holds
	for i := 1; i <= in.Layers(); i++ {
		n, neurons := int64(in.Widths[i-1]), int64(in.Widths[i])
		before := (m + t) * n
		if i > 1 {
			before *= 1 + d
		}
		var shared, making int64
		for _, v := range variants {
			s, mk := sharedMemory(v, i, m, n)
			shared, making = shared+s, max(making, mk)
		}
		making *= min(int64(workers), d)
		c := int64((&run{in: in}).tileWidth(int(n), int(neurons)))
		tiles := (neurons + c - 1) / c
		scratch := tileMemory(variants, m, t, n, c) * min(int64(workers), tiles)
		after := (1+d)*(m+t)*neurons + (7+4*d)*neurons + d*tiles*20
		peak = max(peak, before+held+shared+making, before+shared+after+scratch)
		held = shared
	}
	return 8*peak + int64(workers)<<20
}

// sharedMemory returns how many numbers a variant's neurons share in layer i,
// and how many more making that takes.
func sharedMemory(v Variant, i int, m, n int64) (shared, making int64) {
	kind := v.Method.Align.Kind
	descends := kind == quant.AlignOrder && i > 1
	copies := int64(1)
	if descends {
		copies = 2
	}
	shared = 2 * n
	if v.Method.Order == quant.ByNorm || v.Method.Order == quant.Random {
		shared += n + copies*m*n
	}
	switch {
	case !v.Method.Feedback && !descends:
	case v.Method.Order == quant.ByWeight:
		shared += copies * m * n
	default:
		shared += copies * 64 * n
	}
	if kind == quant.AlignExact && i > 1 || kind == quant.AlignLeastMax {
		shared += m * n
		making = 3*m*n + m*m
	}
	if (&state{Variant: v}).certified() {
		shared += m*n + m*m + n
		making = max(making, 2*m*n+3*m*m)
	}
	return shared, making
}

// tileMemory returns how many numbers a worker's tile of c neurons takes.
func tileMemory(variants []Variant, m, t, n, c int64) int64 {
	sum := 2*n*c + (8*m+3*t+3*64)*c
	var aligned, certified, least int64
	for _, v := range variants {
		if v.Method.Align.Kind != quant.AlignNone {
			aligned = n * c
		}
		if (&state{Variant: v}).certified() {
			certified = n*c + m*n + n*c + m*c
		}
		if v.Method.Align.Kind == quant.AlignLeastMax {
			least = 6 * n * c
		}
	}
	return sum + aligned + certified + least
}
