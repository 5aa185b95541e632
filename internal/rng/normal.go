// normal.go draws standard normal numbers by a counter-based ziggurat.

package rng

import "math"

// The ziggurat (Marsaglia and Tsang, J. Stat. Softw. 5(8), 2000) covers the half
// density f(x) = exp(-x²/2) by 255 rectangles and a base of equal areas. Index, sign
// and abscissa are taken from separate bits, as Doornik (2005) asks for. 98.9% of the
// draws need one product and two look-ups. A draw that is rejected goes on with a
// stream of its own, so that the t-th draw never depends on the others.

const (
	zigLayers = 256
	// zigR is the abscissa where the tail begins, zigV the common area: the
	// solution of zigR·f(zigR) + ∫_{zigR}^∞ f = zigV that makes the topmost
	// rectangle end at f = 1 (checked by TestZigguratTables).
	zigR = 3.654152885361009
	zigV = 0.00492867323397465708
)

var (
	zigX [zigLayers + 1]float64 // zigX[i]: right end of rectangle i, decreasing; zigX[0] is the base's, V/f(R)
	zigF [zigLayers + 1]float64 // f(zigX[i])
	zig  [zigLayers]rectangle

	zigChord [zigLayers]float64 // 1/(zigX[i] − zigX[i+1])
)

// rectangle is what the fast branch needs of rectangle i.
type rectangle struct {
	width  float64 // zigX[i]·2^-52, which takes a 52-bit integer to an abscissa
	accept uint64  // integers below it have abscissas inside rectangle i+1 too
}

func init() {
	f := func(x float64) float64 { return exp(-0.5 * x * x) }
	zigX[0], zigX[1] = zigV/f(zigR), zigR
	for i := 2; i < zigLayers; i++ {
		zigX[i] = math.Sqrt(-2 * log(zigV/zigX[i-1]+f(zigX[i-1])))
	}
	zigX[zigLayers] = 0
	for i := range zigX {
		zigF[i] = f(zigX[i])
	}
	for i := range zig {
		zigChord[i] = 1 / (zigX[i] - zigX[i+1])
		zig[i] = rectangle{zigX[i] * 0x1p-52, uint64(zigX[i+1] / zigX[i] * 0x1p52)}
	}
}

// Normal returns the t-th draw of the stream from N(0, 1).
func (s Stream) Normal(t int) float64 {
	b := s.Uint64(t)
	i := b & (zigLayers - 1)
	j := b >> 12
	x := float64(j) * zig[i].width
	if j >= zig[i].accept {
		x = normalRest(Stream(b), i, x)
	}
	// The sign is set by its bit, since a branch on a fair coin is mispredicted every
	// other time.
	return math.Float64frombits(math.Float64bits(x) ^ (b&zigLayers)<<55)
}

// Normals sets dst[j] to the t-th normal draw of streams[j], for every j below
// len(streams).
func Normals(dst []float64, streams []Stream, t int) {
	dst = dst[:len(streams)]
	for j := normals(dst, streams, t); j < len(streams); j++ {
		dst[j] = streams[j].Normal(t)
	}
}

// normalRest decides over a draw that the fast test did not accept: x in
// rectangle i. The bits b of the draw name the stream of the draws it needs
// further.
func normalRest(b Stream, i uint64, x float64) float64 {
	for t := 0; ; t += 3 {
		if i == 0 { // the tail beyond R (Marsaglia, 1964)
			for ; ; t += 2 {
				a := -log(b.Open(t)) / zigR
				if -2*log(b.Open(t+1)) >= a*a {
					return zigR + a
				}
			}
		}
		if u := b.Uniform(t); inWedge(i, x, u) {
			return x
		}
		next := b.Uint64(t + 1)
		i = next & (zigLayers - 1)
		j := next >> 12
		x = float64(j) * zig[i].width
		if j < zig[i].accept {
			return x
		}
	}
}

// inWedge reports whether the point at x and at height u in the wedge of rectangle
// i lies under the density. The chord from corner to corner decides half of the
// cases, by far more than rounding errors: the density is above it left of its
// point of inflection at 1, and below it on the right.
func inWedge(i uint64, x, u float64) bool {
	const margin = 1e-9
	switch over := u - float64((zigX[i]-x)*zigChord[i]); {
	case over > margin && zigX[i+1] >= 1:
		return false
	case over < -margin && zigX[i] <= 1:
		return true
	}
	// The product is rounded before the sum.
	return zigF[i]+float64((zigF[i+1]-zigF[i])*u) < exp(-0.5*x*x)
}
