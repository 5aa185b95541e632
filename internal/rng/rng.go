// Package rng draws random numbers that are functions of what they are for.
//
// There is no generator with a state. A Stream is derived from a seed, a purpose
// and the numbers that set it apart from others (sizes, trial, layer, neuron).
// The t-th draw of a stream is a function of the stream and t alone. So the order
// in which things are computed, the number of workers and the size of a tile
// cannot change a draw.
//
// The t-th 64 bits of a stream are those of SplitMix64 (Steele, Lea and Flood,
// OOPSLA 2014) started at the stream's number: a Weyl sequence through a bijective
// mixer. It passes the usual test batteries and needs neither state nor table, so
// that several lanes of a vector unit can draw at once. Streams start at
// pseudo-random points of one cycle of length 2^64. S streams of T draws share a
// stretch with probability about S²T/2^64, which is below 2^-15 even for a layer of
// 65,536 neurons of 65,536 inputs.
//
// Normal draws have the same bits on every platform: products are rounded before
// they are added (the explicit conversions below forbid fusing), and the logarithm
// and the exponential are this package's own.
package rng

import "math/bits"

// Version is the version of all streams. Any change that changes a single draw
// raises it.
const Version = 1

// Stream is a stream of draws. Its number is where it starts in the cycle that all
// streams are parts of.
type Stream uint64

// gamma is the increment of the Weyl sequence: 2^64 divided by the golden
// ratio, rounded to odd.
const gamma = 0x9e3779b97f4a7c15

// mix is the finalizer of SplitMix64 (David Stafford's Mix13), a bijection.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// New returns the stream of a purpose under a seed.
func New(seed uint64, purpose string) Stream {
	h := mix(seed + gamma)
	for i := 0; i < len(purpose); i++ {
		h = mix((h ^ uint64(purpose[i])) + gamma)
	}
	return Stream(h)
}

// Derive returns the sub-stream with the given numbers. Streams derived by
// different lists of numbers are unrelated: Derive(1, 2), Derive(2, 1) and
// Derive(1).Derive(2, 0) are three streams.
func (s Stream) Derive(ids ...int) Stream {
	h := uint64(s)
	for _, id := range ids {
		h = mix(bits.RotateLeft64(h, 23) + mix(uint64(id)+gamma))
	}
	return Stream(mix(h ^ uint64(len(ids))*gamma))
}

// Uint64 returns the t-th 64 random bits of the stream.
func (s Stream) Uint64(t int) uint64 {
	return mix(uint64(s) + Weyl(t))
}

// Weyl returns the t-th term of the Weyl sequence. Uint64(t) of a stream is the mix
// of the sum of this term and the stream's number. Kernels that draw from many
// streams at once start here.
func Weyl(t int) uint64 { return (uint64(t) + 1) * gamma }

// Uniform returns the t-th draw of the stream as a multiple of 2^-53 in [0, 1).
func (s Stream) Uniform(t int) float64 {
	return float64(s.Uint64(t)>>11) * 0x1p-53
}

// Open returns the t-th draw of the stream as an odd multiple of 2^-53 in
// (0, 1): never 0 or 1, and symmetric about ½.
func (s Stream) Open(t int) float64 {
	return float64(s.Uint64(t)>>12)*0x1p-52 + 0x1p-53
}

// Perm returns a uniformly random permutation of 0..n-1 (Fisher–Yates). The
// bias of the multiply-shift that picks an index is below n·2^-64.
func (s Stream) Perm(n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	for i := n - 1; i > 0; i-- {
		j, _ := bits.Mul64(s.Uint64(i), uint64(i+1))
		p[i], p[j] = p[j], p[i]
	}
	return p
}
