// elementary.go computes exp and log with the same bits on every platform.
//
// The standard library's use fused operations where the processor has them, so that
// their last bit depends on the machine. Those here do not. They are accurate to
// about 2 units in the last place, far finer than the ziggurat needs.

package rng

import "math"

// ln2Hi + ln2Lo is log 2 to about 90 bits; ln2Hi ends in enough zero bits for
// k·ln2Hi to be exact for every exponent k of a float64.
const (
	ln2Hi = 0x1.62e42feep-1
	ln2Lo = 0x1.a39ef35793c76p-33
)

// inverseFactorial[i] is 1/i!.
var inverseFactorial = [...]float64{1, 1, 1. / 2, 1. / 6, 1. / 24, 1. / 120, 1. / 720, 1. / 5040, 1. / 40320,
	1. / 362880, 1. / 3628800, 1. / 39916800, 1. / 479001600, 1. / 6227020800}

// exp returns e^x for x in [-700, 0].
func exp(x float64) float64 {
	k := math.Round(x * (1 / math.Ln2))
	r := x - float64(k*ln2Hi) - float64(k*ln2Lo) // |r| <= 0.35
	// Taylor to r^13/13!: the remainder is below 0.35^14/14! < 5e-18.
	s := inverseFactorial[13]
	for i := 12; i >= 0; i-- {
		s = inverseFactorial[i] + float64(r*s)
	}
	return math.Ldexp(s, int(k))
}

// log returns the natural logarithm of x in (0, ∞), x normal.
func log(x float64) float64 {
	m, e := math.Frexp(x) // x = m·2^e, m in [½, 1)
	if m < math.Sqrt2/2 {
		m, e = 2*m, e-1
	}
	// log m = 2 artanh z, z = (m-1)/(m+1), |z| <= 0.1716: z^2i/(2i+1) summed to
	// i = 10, the remainder is below 2·0.1716^23/23 < 4e-19.
	z := (m - 1) / (m + 1)
	z2 := float64(z * z)
	s := 0.0
	for i := 21.0; i >= 3; i -= 2 {
		s = float64(z2 * (s + 1/i))
	}
	k := float64(e)
	return float64(k*ln2Hi) + (float64(2*z) + (float64(2*float64(z*s)) + float64(k*ln2Lo)))
}
