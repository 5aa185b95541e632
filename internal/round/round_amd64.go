// round_amd64.go calls the assembly.

//go:build !noasm

package round

import (
	"spfq/internal/kernel"
	"spfq/internal/rng"
)

//go:generate go -C ../asm run . -write round -out ../round/rows_amd64.s -stubs ../round/rows_amd64.go -pkg round

// vectors rounds whole vectors of neurons and returns how many that are.
func (r *Rounder) vectors(rows *Rows) int {
	width := 4
	if r.kernel == kernel.AVX512 {
		width = 8
	}
	n := len(r.streams) &^ (width - 1)
	if n == 0 {
		return 0
	}
	var w, q, f [MaxRows]*float64
	var weyl [MaxRows]uint64
	for t, number := range rows.T {
		w[t], q[t], weyl[t] = &rows.W[t][0], &rows.Q[t][0], rng.Weyl(number)
	}
	fractions := (**float64)(nil)
	if rows.F[0] != nil {
		for t := range rows.T {
			f[t] = &rows.F[t][0]
		}
		fractions = &f[0]
	}
	gram := &rows.Inv[0] // never read where there is one row
	if len(rows.T) > 1 {
		gram = &rows.Gram[0]
	}
	// The kernels are called by name, since arguments of a function variable escape
	// to the heap.
	if width == 8 {
		rows512(n, len(rows.T), r.stochastic, r.step, r.limit, -r.limit, &rows.Inv[0], &weyl[0], (*uint64)(&r.streams[0]),
			&w[0], &q[0], fractions, &rows.C[0], rows.CStep, gram, rows.GramStep, &r.maxV[0], &r.saturated[0])
	} else {
		rows256(n, len(rows.T), r.stochastic, r.step, r.limit, -r.limit, &rows.Inv[0], &weyl[0], (*uint64)(&r.streams[0]),
			&w[0], &q[0], fractions, &rows.C[0], rows.CStep, gram, rows.GramStep, &r.maxV[0], &r.saturated[0])
	}
	return n
}
