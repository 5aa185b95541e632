// normals.go writes the kernel of package rng: a normal draw of each of several
// streams, by the fast branch of the ziggurat.

package main

import (
	"strconv"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// writeNormals writes the function that Normals calls for whole vectors. It
// marks the draws that the fast branch does not accept, one in ninety, and
// leaves them to the caller.
func writeNormals(v vector) {
	TEXT("normals"+v.bits, NOSPLIT, "func(n int, dst *float64, keys *uint64, weyl uint64, w *float64, k *uint64, rest *uint8)")
	Pragma("noescape")
	Doc("normals" + v.bits + " sets dst[j] to the fast branch's draw of key j, for n keys, a multiple of " + strconv.Itoa(v.lanes) + "; bit i of rest[g] says whether draw " + strconv.Itoa(v.lanes) + "·g+i is to be made otherwise.")

	n, dst, keys := Load(Param("n"), GP64()), Load(Param("dst"), GP64()), Load(Param("keys"), GP64())
	w, k, rest := Load(Param("w"), GP64()), Load(Param("k"), GP64()), Load(Param("rest"), GP64())
	weyl := v.reg()
	VPBROADCASTQ(parameter("weyl"), weyl)

	Label("next")
	b, t := v.reg(), v.reg()
	VPADDQ(Mem{Base: keys}, weyl, b)
	v.mix(b, t)

	// Rectangle i from the low 8 bits, abscissa j·2^-52 of it from the high 52.
	i, j, sign := v.reg(), v.reg(), v.reg()
	VPSLLQ(Imm(56), b, i)
	VPSRLQ(Imm(56), i, i)
	VPSRLQ(Imm(12), b, j)
	VPSRLQ(Imm(8), b, sign)
	VPSLLQ(Imm(63), sign, sign)

	width, accept := v.zero(), v.zero()
	mask := GP32()
	if v.wide {
		lanes := K()
		KXNORB(lanes, lanes, lanes)
		VGATHERQPD(Mem{Base: w, Index: i, Scale: 8}, lanes, width)
		lanes = K()
		KXNORB(lanes, lanes, lanes)
		VPGATHERQQ(Mem{Base: k, Index: i, Scale: 8}, lanes, accept)
		refused := K()
		VPCMPUQ(Imm(5), accept, j, refused) // j >= accept
		KMOVB(refused, mask)
	} else {
		lanes := v.reg()
		VPCMPEQD(lanes, lanes, lanes)
		VGATHERQPD(lanes, Mem{Base: w, Index: i, Scale: 8}, width)
		VPCMPEQD(lanes, lanes, lanes)
		VPGATHERQQ(lanes, Mem{Base: k, Index: i, Scale: 8}, accept)
		VPCMPGTQ(j, accept, accept) // accept > j; both are below 2^53
		VMOVMSKPD(accept, mask)
		XORL(Imm(15), mask)
	}
	MOVB(mask.As8(), Mem{Base: rest})
	v.float(j)
	VMULPD(width, j, j)
	v.xor(sign, j)
	VMOVUPD(j, Mem{Base: dst})

	ADDQ(Imm(uint64(8*v.lanes)), keys)
	ADDQ(Imm(uint64(8*v.lanes)), dst)
	INCQ(rest)
	SUBQ(Imm(uint64(v.lanes)), n)
	JNZ(LabelRef("next"))
	VZEROUPPER()
	RET()
}
