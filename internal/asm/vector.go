// vector.go has the operations that the kernels of both instruction sets are
// written with: AVX-512 (with DQ) on eight numbers, AVX2 (with FMA) on four.

package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A vector is an instruction set. Its methods take registers of its width.
type vector struct {
	bits  string // number of bits of a register, with which the names of functions end
	lanes int    // numbers of 64 bits in a register
	wide  bool   // AVX-512: masks, broadcast operands and 64-bit products
}

var vectors = []vector{{"512", 8, true}, {"256", 4, false}}

func (v vector) reg() reg.VecVirtual {
	if v.wide {
		return ZMM()
	}
	return YMM()
}

// zero returns a register of zeros.
func (v vector) zero() reg.VecVirtual {
	r := v.reg()
	if v.wide {
		zero512(r)
	} else {
		zero256(r)
	}
	return r
}

// all returns a register with the number at m in every lane.
func (v vector) all(m Mem) reg.VecVirtual {
	r := v.reg()
	VBROADCASTSD(m, r)
	return r
}

// bits64 returns the memory of the constant x, which is written once under its
// name.
func bits64(name string, x uint64) Mem {
	if m, ok := constants[name]; ok {
		return m
	}
	constants[name] = ConstData(name, U64(x))
	return constants[name]
}

var constants = map[string]Mem{}

// xorShift sets x ^= x>>n, using t.
func (v vector) xorShift(x, t reg.VecVirtual, n uint64) {
	VPSRLQ(Imm(n), x, t)
	v.xor(t, x)
}

// xor sets x ^= t.
func (v vector) xor(t, x reg.VecVirtual) {
	if v.wide {
		VPXORQ(t, x, x)
	} else {
		VPXOR(t, x, x)
	}
}

// and sets x &= t.
func (v vector) and(t, x reg.VecVirtual) {
	if v.wide {
		VPANDQ(t, x, x)
	} else {
		VPAND(t, x, x)
	}
}

// mul64 multiplies each lane of x by a constant, modulo 2^64. AVX2 has products
// of 32 bits only: x·c = lo(x)·lo(c) + 2^32·(hi(x)·lo(c) + lo(x)·hi(c)).
func (v vector) mul64(x reg.VecVirtual, name string, c uint64) {
	if v.wide {
		VPMULLQ_BCST(bits64(name, c), x, x)
		return
	}
	lo, hi, t := v.all(bits64(name, c)), v.all(bits64(name+"High", c>>32)), v.reg()
	VPSRLQ(Imm(32), x, t)
	VPMULUDQ(lo, t, t)
	VPMULUDQ(hi, x, hi)
	VPADDQ(hi, t, t)
	VPSLLQ(Imm(32), t, t)
	VPMULUDQ(lo, x, x)
	VPADDQ(t, x, x)
}

// mix is the finalizer of package rng, on the lanes of z, using t.
func (v vector) mix(z, t reg.VecVirtual) {
	v.xorShift(z, t, 30)
	v.mul64(z, "mixFirst", 0xbf58476d1ce4e5b9)
	v.xorShift(z, t, 27)
	v.mul64(z, "mixSecond", 0x94d049bb133111eb)
	v.xorShift(z, t, 31)
}

// float turns the whole numbers in the lanes of x, below 2^53, into float64,
// exactly. AVX2 has no instruction for it: there the low 32 bits are put under
// the exponent of 2^52 and the high ones under that of 2^84, and both powers are
// subtracted again.
func (v vector) float(x reg.VecVirtual) {
	if v.wide {
		VCVTUQQ2PD(x, x)
		return
	}
	low, high := v.all(bits64("exp52", 0x4330000000000000)), v.all(bits64("exp84", 0x4530000000000000))
	t := v.reg()
	VPSRLQ(Imm(32), x, t)
	VPOR(high, t, t)
	VSUBPD(v.all(bits64("exp84and52", 0x4530000000100000)), t, t)
	VPBLENDD(Imm(0xaa), low, x, x) // the high half of each lane comes from low
	VADDPD(x, t, x)
}

// floor sets y = ⌊x⌋.
func (v vector) floor(x, y reg.VecVirtual) {
	const down = 9 // towards −∞, without raising "inexact"
	if v.wide {
		VRNDSCALEPD(Imm(down), x, y)
	} else {
		VROUNDPD(Imm(down), x, y)
	}
}

// abs sets y = |x|.
func (v vector) abs(x, y reg.VecVirtual) {
	m := bits64("absMask", 1<<63-1)
	if v.wide {
		VPANDQ_BCST(m, x, y)
	} else {
		VANDPD(v.all(m), x, y)
	}
}

// Predicates of comparisons, which are false for NaN and raise no exception.
const (
	less    = 0x11
	greater = 0x1e
)

// addOneWhere adds 1 to the lanes of k where a < b, and +0 elsewhere.
func (v vector) addOneWhere(a, b, k reg.VecVirtual) {
	one := bits64("one", 0x3ff0000000000000)
	t := v.reg()
	if v.wide {
		mask := K()
		VCMPPD(Imm(less), b, a, mask)
		VBROADCASTSD_Z(one, mask, t)
	} else {
		VCMPPD(Imm(less), b, a, t)
		VANDPD(v.all(one), t, t)
	}
	VADDPD(t, k, k)
}

// countWhere adds 1 to the whole numbers in the lanes of n where a > b.
func (v vector) countWhere(a, b, n reg.VecVirtual) {
	if v.wide {
		mask := K()
		VCMPPD(Imm(greater), b, a, mask)
		VPADDQ_BCST(bits64("oneInt", 1), n, mask, n)
	} else {
		t := v.reg()
		VCMPPD(Imm(greater), b, a, t)
		VPSUBQ(t, n, n) // a lane of t with all bits set is −1
	}
}
