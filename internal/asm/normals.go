// normals.go writes the kernel of package rng: a normal draw of each of several
// streams, by the fast branch of the ziggurat.

package main

import (
	"strconv"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// writeNormals writes the function that Normals calls for whole vectors. It
// marks the draws that the fast branch does not accept, one in ninety, and
// leaves them to the caller.
func writeNormals(v vector) {
	TEXT("normals"+v.bits, NOSPLIT, "func(n int, dst *float64, streams *uint64, weyl uint64, table *float64, rest *uint8)")
	Pragma("noescape")
	Doc("normals" + v.bits + " sets dst[j] to the fast branch's draw of stream j, for n streams, a multiple of " + strconv.Itoa(v.lanes) + "; bit i of rest[g] says whether draw " + strconv.Itoa(v.lanes) + "·g+i is to be made otherwise.")

	n, dst, streams := Load(Param("n"), GP64()), Load(Param("dst"), GP64()), Load(Param("streams"), GP64())
	table, rest := Load(Param("table"), GP64()), Load(Param("rest"), GP64())
	weyl := v.reg()
	VPBROADCASTQ(parameter("weyl"), weyl)

	Label("next")
	b, t := v.reg(), v.reg()
	VPADDQ(Mem{Base: streams}, weyl, b)
	v.mix(b, t)

	// Rectangle i from the low 8 bits, abscissa j·2^-52 of it from the high 52.
	width, accept := v.rectangles(table, b)

	j, sign := v.reg(), v.reg()
	VPSRLQ(Imm(12), b, j)
	VPSRLQ(Imm(8), b, sign)
	VPSLLQ(Imm(63), sign, sign)
	mask := GP32()
	if v.wide {
		refused := K()
		VPCMPUQ(Imm(5), accept, j, refused) // j >= accept
		KMOVB(refused, mask)
	} else {
		VPCMPGTQ(j, accept, accept) // accept > j; both are below 2^53
		VMOVMSKPD(accept, mask)
		XORL(Imm(15), mask)
	}
	MOVB(mask.As8(), Mem{Base: rest})
	v.float(j)
	VMULPD(width, j, j)
	v.xor(sign, j)
	VMOVUPD(j, Mem{Base: dst})

	ADDQ(Imm(uint64(8*v.lanes)), streams)
	ADDQ(Imm(uint64(8*v.lanes)), dst)
	INCQ(rest)
	SUBQ(Imm(uint64(v.lanes)), n)
	JNZ(LabelRef("next"))
	VZEROUPPER()
	RET()
}

// rectangles looks up the width and the bound of acceptance of each draw's
// rectangle, whose index is the low 8 bits of the draw's lane of b. The table
// holds these numbers in pairs. With AVX-512 it is faster to gather them, with
// AVX2 to load the pairs one by one.
func (v vector) rectangles(table reg.Register, b reg.VecVirtual) (width, accept reg.VecVirtual) {
	if v.wide {
		width, accept = v.zero(), v.zero()
		i := v.reg()
		VPSLLQ(Imm(56), b, i)
		VPSRLQ(Imm(55), i, i) // twice the index, since the table holds pairs
		for at, r := range []reg.VecVirtual{width, accept} {
			lanes := K()
			KXNORB(lanes, lanes, lanes)
			VGATHERQPD(Mem{Base: table, Index: i, Scale: 8, Disp: 8 * at}, lanes, r)
		}
		return width, accept
	}
	bits := AllocLocal(8 * v.lanes)
	VMOVUPD(b, bits)
	entry := func(draw int) Mem {
		i := GP64()
		MOVBQZX(bits.Offset(8*draw), i)
		SHLQ(Imm(4), i)
		return Mem{Base: table, Index: i, Scale: 1}
	}
	pairs := func(draw int) reg.VecVirtual { // the pairs of draws draw and draw+2
		r := YMM()
		VMOVUPD(entry(draw), r.AsX())
		VINSERTF128(Imm(1), entry(draw+2), r, r)
		return r
	}
	even, odd := pairs(0), pairs(1)
	width, accept = v.reg(), v.reg()
	VUNPCKLPD(odd, even, width)
	VUNPCKHPD(odd, even, accept)
	return width, accept
}
