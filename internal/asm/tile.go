// tile.go writes the assembly of package gemm: one micro-kernel for each
// instruction set, and the two ways to pack a panel.

package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func writeTiles() {
	tile{name: "tile512", lanes: 8, rows: 8, vecs: 3, vector: func() reg.VecVirtual { return ZMM() }, zero: zero512}.generate()
	tile{name: "tile256", lanes: 4, rows: 4, vecs: 3, vector: func() reg.VecVirtual { return YMM() }, zero: zero256}.generate()
	copyLines()
	transpose4()
}

// zero512 clears a ZMM register; VXORPD on those would need AVX-512DQ.
func zero512(v reg.VecVirtual) { VPXORQ(v, v, v) }

// zero256 clears a YMM register.
func zero256(v reg.VecVirtual) { VXORPD(v, v, v) }

// A tile describes one micro-kernel: the block of C that it keeps in
// registers is rows × (vecs·lanes).
type tile struct {
	name   string
	lanes  int // float64 in a vector register
	rows   int
	vecs   int // vector registers that cover the columns
	vector func() reg.VecVirtual
	zero   func(reg.VecVirtual)
}

// generate writes the function
//
//	func name(vecs, k int, a *float64, aStep int, b *float64, bStep int,
//		alpha, beta float64, c *float64, cStep int)
//
// with one body for each number of vectors from 1 to t.vecs, so that a last
// panel of few columns costs few multiplications.
func (t tile) generate() {
	TEXT(t.name, NOSPLIT, "func(vecs, k int, a *float64, aStep int, b *float64, bStep int, alpha, beta float64, c *float64, cStep int)")
	Pragma("noescape")
	Doc(t.name + " computes C = alpha*A*B + beta*C for one tile; see the method tile.")

	vecs := Load(Param("vecs"), GP64())
	in := tileInput{
		k:     Load(Param("k"), GP64()),
		a:     Load(Param("a"), GP64()),
		aStep: Load(Param("aStep"), GP64()),
		b:     Load(Param("b"), GP64()),
		bStep: Load(Param("bStep"), GP64()),
		c:     Load(Param("c"), GP64()),
		cStep: Load(Param("cStep"), GP64()),
	}
	SHLQ(Imm(3), in.aStep) // from elements to bytes
	SHLQ(Imm(3), in.bStep)
	SHLQ(Imm(3), in.cStep)

	for n := t.vecs; n > 1; n-- {
		CMPQ(vecs, Imm(uint64(n)))
		JEQ(LabelRef(label("columns", n)))
	}
	for n := 1; n <= t.vecs; n++ {
		Label(label("columns", n))
		t.body(n, in)
	}
}

// tileInput holds the arguments of a micro-kernel, steps in bytes.
type tileInput struct{ k, a, aStep, b, bStep, c, cStep reg.Register }

// body writes the kernel for n vectors of columns: the chain of fused
// multiply-adds over k and then the update of C.
//
// It prefetches the tile of C, which the update reads long after, and B eight
// lines ahead: where B is read in place its lines lie a row of the matrix
// apart, which the processor's own prefetching does not follow. A prefetch
// never faults, so those that go past the end are harmless.
func (t tile) body(n int, in tileInput) {
	acc := make([][]reg.VecVirtual, t.rows)
	for i := range acc {
		for range n {
			acc[i] = append(acc[i], t.vector())
		}
		for _, v := range acc[i] {
			t.zero(v)
		}
	}

	row := GP64()
	MOVQ(in.c, row)
	for range acc {
		for at := 0; at < 8*t.lanes*n; at += 64 {
			PREFETCHT0(Mem{Base: row, Disp: at})
		}
		ADDQ(in.cStep, row)
	}

	Label(label("step", n))
	bv := make([]reg.VecVirtual, n)
	for j := range bv {
		bv[j] = t.vector()
		VMOVUPD(Mem{Base: in.b, Disp: 8 * t.lanes * j}, bv[j])
	}
	for i := range acc {
		av := t.vector()
		VBROADCASTSD(Mem{Base: in.a, Disp: 8 * i}, av)
		for j := range bv {
			VFMADD231PD(av, bv[j], acc[i][j])
		}
	}
	for at := 0; at < 8*t.lanes*n; at += 64 {
		PREFETCHT0(Mem{Base: in.b, Index: in.bStep, Scale: 8, Disp: at})
	}
	ADDQ(in.aStep, in.a)
	ADDQ(in.bStep, in.b)
	DECQ(in.k)
	JNZ(LabelRef(label("step", n)))

	t.update(n, in, acc)
}

// update writes C = fma(alpha, acc, beta*C), without reading C if beta is
// zero, and returns.
func (t tile) update(n int, in tileInput, acc [][]reg.VecVirtual) {
	alphaMem, _ := Param("alpha").Resolve()
	betaMem, _ := Param("beta").Resolve()
	alpha, beta, old := t.vector(), t.vector(), t.vector()
	VBROADCASTSD(alphaMem.Addr, alpha)

	// Doubling the bits drops the sign: what is left is zero for ±0 only.
	bits := GP64()
	MOVQ(betaMem.Addr, bits)
	ADDQ(bits, bits)
	JZ(LabelRef(label("store", n)))

	VBROADCASTSD(betaMem.Addr, beta)
	for i := range acc {
		for j, v := range acc[i] {
			at := Mem{Base: in.c, Disp: 8 * t.lanes * j}
			VMULPD(at, beta, old)
			VFMADD213PD(old, alpha, v)
			VMOVUPD(v, at)
		}
		ADDQ(in.cStep, in.c)
	}
	VZEROUPPER()
	RET()

	Label(label("store", n))
	t.zero(old)
	for i := range acc {
		for j, v := range acc[i] {
			VFMADD213PD(old, alpha, v)
			VMOVUPD(v, Mem{Base: in.c, Disp: 8 * t.lanes * j})
		}
		ADDQ(in.cStep, in.c)
	}
	VZEROUPPER()
	RET()
}

// label names a place in the body for n vectors.
func label(place string, n int) string { return place + string(rune('0'+n)) }

// copyLines writes the function that packs contiguous lines. It prefetches the
// source eight lines ahead for the same reason as body prefetches B.
func copyLines() {
	TEXT("copyLines", NOSPLIT, "func(dst *float64, dstStep int, src *float64, srcStep int, quads, lines int)")
	Pragma("noescape")
	Doc("copyLines sets dst[p*dstStep+i] = src[p*srcStep+i] for p < lines and i < 4*quads; both are at least 1.")

	dst := Load(Param("dst"), GP64())
	dstStep := Load(Param("dstStep"), GP64())
	src := Load(Param("src"), GP64())
	srcStep := Load(Param("srcStep"), GP64())
	quads := Load(Param("quads"), GP64())
	lines := Load(Param("lines"), GP64())
	SHLQ(Imm(3), dstStep)
	SHLQ(Imm(3), srcStep)
	SHLQ(Imm(5), quads)

	Label("line")
	at, ahead := GP64(), GP64()
	XORQ(at, at)
	LEAQ(Mem{Base: src, Index: srcStep, Scale: 8}, ahead)
	Label("piece")
	v := YMM()
	PREFETCHT0(Mem{Base: ahead, Index: at, Scale: 1})
	VMOVUPD(Mem{Base: src, Index: at, Scale: 1}, v)
	VMOVUPD(v, Mem{Base: dst, Index: at, Scale: 1})
	ADDQ(Imm(32), at)
	CMPQ(at, quads)
	JNE(LabelRef("piece"))
	ADDQ(srcStep, src)
	ADDQ(dstStep, dst)
	DECQ(lines)
	JNZ(LabelRef("line"))
	VZEROUPPER()
	RET()
}

// transpose4 writes the function that packs four rows of a row-major matrix into
// the lines of a panel, four entries of each row at a time.
func transpose4() {
	TEXT("transpose4", NOSPLIT, "func(dst *float64, dstStep int, src *float64, srcStep int, quads int)")
	Pragma("noescape")
	Doc("transpose4 sets dst[p*dstStep+r] = src[r*srcStep+p] for r < 4 and p < 4*quads; quads is at least 1.")

	dst := Load(Param("dst"), GP64())
	dstStep := Load(Param("dstStep"), GP64())
	src := Load(Param("src"), GP64())
	srcStep := Load(Param("srcStep"), GP64())
	quads := Load(Param("quads"), GP64())
	SHLQ(Imm(3), dstStep)
	SHLQ(Imm(3), srcStep)

	// 3*step has a register of its own: addresses scale by 1, 2, 4 and 8 only.
	dst3, src3 := GP64(), GP64()
	LEAQ(Mem{Base: dstStep, Index: dstStep, Scale: 2}, dst3)
	LEAQ(Mem{Base: srcStep, Index: srcStep, Scale: 2}, src3)
	line := func(base, step, step3 reg.Register) [4]Mem {
		return [4]Mem{
			{Base: base},
			{Base: base, Index: step, Scale: 1},
			{Base: base, Index: step, Scale: 2},
			{Base: base, Index: step3, Scale: 1},
		}
	}
	from, to := line(src, srcStep, src3), line(dst, dstStep, dst3)

	Label("quad")
	var row, pair, col [4]reg.VecVirtual
	for r := range row {
		row[r], pair[r], col[r] = YMM(), YMM(), YMM()
		VMOVUPD(from[r], row[r])
	}
	// First pairs of columns within each half of 128 bits, then whole columns.
	VUNPCKLPD(row[1], row[0], pair[0])
	VUNPCKHPD(row[1], row[0], pair[1])
	VUNPCKLPD(row[3], row[2], pair[2])
	VUNPCKHPD(row[3], row[2], pair[3])
	VPERM2F128(Imm(0x20), pair[2], pair[0], col[0])
	VPERM2F128(Imm(0x20), pair[3], pair[1], col[1])
	VPERM2F128(Imm(0x31), pair[2], pair[0], col[2])
	VPERM2F128(Imm(0x31), pair[3], pair[1], col[3])
	for p := range col {
		VMOVUPD(col[p], to[p])
	}
	ADDQ(Imm(32), src)
	LEAQ(Mem{Base: dst, Index: dstStep, Scale: 4}, dst)
	DECQ(quads)
	JNZ(LabelRef("quad"))
	VZEROUPPER()
	RET()
}
