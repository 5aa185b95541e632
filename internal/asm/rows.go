// rows.go writes the kernel of package round. It goes through the rows of a
// sub-block one after the other, for as many neurons at a time as the registers
// hold.

package main

import (
	"strconv"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// writeRows writes the function that (*Rounder).Rows calls for whole vectors.
// The chain of operations from a row's error to the next row's takes about fifty
// cycles, so several vectors go through it side by side, as many as the registers
// allow.
func writeRows(v vector) {
	TEXT("rows"+v.bits, NOSPLIT, "func(cols, rows int, stochastic bool, step, limit, negLimit float64, inv *float64, weyl, streams *uint64, w, q, f **float64, c *float64, cStep int, gram *float64, gramStep int, maxV *float64, saturated *int64)")
	Pragma("noescape")
	Doc("rows" + v.bits + " does what portable does for cols neurons, a multiple of " + strconv.Itoa(v.lanes) + ".")

	many := 4
	if !v.wide {
		many = 2
	}
	left := Load(Param("cols"), GP64())
	at := GP64() // bytes from the first neuron to those worked on
	XORQ(at, at)
	for _, n := range []int{many, 1} {
		Label(label("columns", n))
		CMPQ(left, Imm(uint64(n*v.lanes)))
		JLT(LabelRef(label("done", n)))
		v.rows(n, at)
		ADDQ(U32(8*n*v.lanes), at)
		SUBQ(Imm(uint64(n*v.lanes)), left)
		JMP(LabelRef(label("columns", n)))
		Label(label("done", n))
	}
	VZEROUPPER()
	RET()
}

// parameter returns the memory of a parameter.
func parameter(name string) Mem {
	p, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return p.Addr
}

// rows writes the body for n vectors of neurons. The register at holds the
// number of bytes from the first neuron to the first of these.
func (v vector) rows(n int, at reg.Register) {
	piece := func(base reg.Register, g int) Mem {
		return Mem{Base: base, Index: at, Scale: 1, Disp: 8 * v.lanes * g}
	}
	// w, q and f are lists of pointers, one to each row.
	row := func(list string, t reg.Register) reg.Register {
		p := Load(Param(list), GP64())
		MOVQ(Mem{Base: p, Index: t, Scale: 8}, p)
		return p
	}
	number := func(list string, t reg.Register) Mem {
		return Mem{Base: Load(Param(list), GP64()), Index: t, Scale: 8}
	}

	most, clipped := v.reg(), v.reg()
	VMOVUPD(Mem{Base: Load(Param("maxV"), GP64())}, most)
	VMOVUPD(Mem{Base: Load(Param("saturated"), GP64())}, clipped)

	t, c, cStep, gram := GP64(), Load(Param("c"), GP64()), Load(Param("cStep"), GP64()), Load(Param("gram"), GP64())
	XORQ(t, t)
	SHLQ(Imm(3), cStep)
	Label(label("row", n))

	// c_t += Σ_{s<t} ⟨X̃_t, X̃_s⟩ e_s. The errors e_s of the earlier rows have
	// taken the place of the rows c_s.
	y := make([]reg.VecVirtual, n)
	for g := range y {
		y[g] = v.reg()
		VMOVUPD(piece(c, g), y[g])
	}
	e, s := Load(Param("c"), GP64()), GP64()
	XORQ(s, s)
	JMP(LabelRef(label("anyBefore", n)))
	Label(label("before", n))
	product := v.all(Mem{Base: gram, Index: s, Scale: 8})
	for g := range y {
		VFMADD231PD(piece(e, g), product, y[g])
	}
	ADDQ(cStep, e)
	INCQ(s)
	Label(label("anyBefore", n))
	CMPQ(s, t)
	JLT(LabelRef(label("before", n)))

	// y = v/δ, v = fma(c_t, 1/‖X̃_t‖², w̃).
	inv, w := v.all(number("inv", t)), row("w", t)
	for g := range y {
		VFMADD213PD(piece(w, g), inv, y[g])
	}
	step := v.all(parameter("step"))
	for g := range y {
		VDIVPD(step, y[g], y[g])
	}
	// k = ⌊y⌋, and y becomes the fraction.
	k := make([]reg.VecVirtual, n)
	for g := range y {
		k[g] = v.reg()
		v.abs(y[g], k[g])
		VMAXPD(most, k[g], most) // leaves most as it is if either is NaN
		v.floor(y[g], k[g])
		VSUBPD(k[g], y[g], y[g])
	}
	fractions := Load(Param("f"), GP64())
	TESTQ(fractions, fractions)
	JZ(LabelRef(label("unasked", n)))
	MOVQ(Mem{Base: fractions, Index: t, Scale: 8}, fractions)
	for g := range y {
		VMOVUPD(y[g], piece(fractions, g))
	}
	Label(label("unasked", n))

	// The threshold that the fraction must exceed to round up.
	threshold := make([]reg.VecVirtual, n)
	for g := range threshold {
		threshold[g] = v.reg()
	}
	CMPB(parameter("stochastic"), Imm(0))
	JEQ(LabelRef(label("nearest", n)))
	streams, weyl := Load(Param("streams"), GP64()), v.reg()
	VPBROADCASTQ(number("weyl", t), weyl)
	for g := range threshold {
		u := v.reg()
		VPADDQ(piece(streams, g), weyl, threshold[g])
		v.mix(threshold[g], u)
		VPSRLQ(Imm(11), threshold[g], threshold[g])
		v.float(threshold[g])
	}
	scale := v.all(bits64("uniform", (1023-53)<<52)) // 2^-53
	for g := range threshold {
		VMULPD(scale, threshold[g], threshold[g])
	}
	JMP(LabelRef(label("round", n)))
	Label(label("nearest", n))
	for g := range threshold {
		VBROADCASTSD(bits64("belowHalf", 0x3fdfffffffffffff), threshold[g])
	}
	Label(label("round", n))
	for g := range y {
		v.addOneWhere(threshold[g], y[g], k[g])
	}

	// Clip k to ±limit and count where that changes it. The order of the operands
	// lets NaN pass.
	limit, negLimit := v.all(parameter("limit")), v.all(parameter("negLimit"))
	for g := range k {
		v.abs(k[g], y[g])
		v.countWhere(y[g], limit, clipped)
		VMAXPD(k[g], negLimit, k[g])
		VMINPD(k[g], limit, k[g])
	}

	// q = kδ, and e = w̃ − q takes c's place.
	q := row("q", t)
	again := v.all(parameter("step"))
	for g := range k {
		VMULPD(again, k[g], k[g])
		VMOVUPD(k[g], piece(q, g))
		VMOVUPD(piece(w, g), y[g])
		VSUBPD(k[g], y[g], y[g])
		VMOVUPD(y[g], piece(c, g))
	}

	ADDQ(cStep, c)
	gramStep := Load(Param("gramStep"), GP64())
	LEAQ(Mem{Base: gram, Index: gramStep, Scale: 8}, gram)
	INCQ(t)
	CMPQ(t, parameter("rows"))
	JLT(LabelRef(label("row", n)))

	VMOVUPD(most, Mem{Base: Load(Param("maxV"), GP64())})
	VMOVUPD(clipped, Mem{Base: Load(Param("saturated"), GP64())})
}
