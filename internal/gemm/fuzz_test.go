// Random shapes as fuzz input.

//go:build unix

package gemm

import "testing"

func FuzzMul(f *testing.F) {
	f.Add(uint8(8), uint16(24), uint16(256), uint8(0), uint8(0), uint8(1), uint8(0), uint64(1))
	f.Add(uint8(32), uint16(256), uint16(32), uint8(1), uint8(0), uint8(1), uint8(0), uint64(2))
	f.Add(uint8(33), uint16(289), uint16(257), uint8(15), uint8(7), uint8(3), uint8(4), uint64(3))
	f.Add(uint8(65), uint16(25), uint16(5), uint8(6), uint8(255), uint8(2), uint8(1), uint64(4))
	f.Add(uint8(0), uint16(1), uint16(1), uint8(4), uint8(0), uint8(0), uint8(2), uint64(5))
	f.Add(uint8(1), uint16(0), uint16(0), uint8(12), uint8(0), uint8(4), uint8(3), uint64(6))
	f.Fuzz(func(t *testing.T, m uint8, n, k uint16, flags, pads, alpha, beta uint8, seed uint64) {
		p := product{
			m: int(m % 100), n: int(n % 320), k: int(k % 600),
			transA: flags&1 != 0, transB: flags&2 != 0, atEnd: flags&4 != 0, special: flags&8 != 0,
			padA: int(pads & 3), padB: int(pads >> 2 & 3), padC: int(pads >> 4 & 3),
			alpha: scales[int(alpha)%len(scales)], beta: scales[int(beta)%len(scales)], seed: seed,
		}
		for _, kn := range supported() {
			p.run(t, kn)
		}
	})
}
