// The loops around the micro-kernels.

//go:build !noasm

package gemm

import "sync"

// nc is the number of columns of op(B) worked on at a time. A block of kc×nc
// entries takes 576 KiB, most of which a second-level cache of 1 MiB keeps while
// C passes through it. nc is a multiple of the columns of every tile.
const nc = 288

// The largest and smallest sizes of a tile over all kernels, in entries of C.
const (
	maxRows = 8
	maxCols = vecs * 8
	minCols = vecs * 4
)

// A workspace is the memory of one call of mulTiles: the packed panels, and a
// tile for the edges of C. An object of this size begins at a page, so that
// packed lines do not straddle cache lines.
type workspace struct {
	b      [kc * nc]float64
	a      [kc * maxRows]float64
	tile   [maxRows * maxCols]float64
	panels [nc / minCols]panel
}

var workspaces = sync.Pool{New: func() any { return new(workspace) }}

// mulTiles computes C = alpha*op(A)*op(B) + beta*C.
//
// The loops are those of Goto and van de Geijn, "Anatomy of high-performance
// matrix multiplication", ACM TOMS 34(3), 2008, and of BLIS (Van Zee and van
// de Geijn, ACM TOMS 41(3), 2015), with the roles of A and B exchanged since a
// row-major tile is wider than high: a block of op(B) stays in the
// second-level cache, one panel of op(A) in the first-level cache, and the
// panels of the block stream past it. A panel of op(A) is then packed right
// before its use, and there is no block of op(A) to choose a size for.
func (kn *tiling) mulTiles(m, n, k int, alpha float64, a, b operand, beta float64, c []float64, ldc int) {
	ws := workspaces.Get().(*workspace)
	for j := 0; j < n; j += nc {
		nb := min(nc, n-j)
		scale := beta
		for p := 0; p < k; p += kc {
			kb := min(kc, k-p)
			panels := kn.cut(ws, b, p, kb, j, nb, m <= kn.inPlace)
			// op(A) is read again for each panel of op(B). Packing it pays only for
			// AVX2, whose lines of op(A) are half a cache line, for four panels or
			// more, and where the lines compete for the sets of the cache.
			inPlace := kn.rows == maxRows || len(panels) < 4 || !a.scattered(kb)
			for i := 0; i < m; i += kn.rows {
				h := min(kn.rows, m-i)
				ap := a.panel(ws.a[:], p, kb, i, h, kn.rows, inPlace)
				at := i*ldc + j
				for _, bp := range panels {
					t := c[at:][:(h-1)*ldc+bp.entries]
					if h == kn.rows && bp.entries%kn.lanes == 0 {
						kn.tile(kb, ap, bp, alpha, scale, &t[0], ldc)
					} else {
						kn.edge(ws, kb, ap, bp, alpha, scale, t, ldc)
					}
					at += bp.entries
				}
			}
			scale = 1 // the blocks of steps that follow add to C
		}
	}
	workspaces.Put(ws)
}

// cut returns the panels of the kb×nb block of op(B) that begins at entry j of
// line p. The last panel takes no more vectors than its columns need.
func (kn *tiling) cut(ws *workspace, b operand, p, kb, j, nb int, inPlace bool) []panel {
	panels := ws.panels[:0]
	for q := 0; q < nb; q += vecs * kn.lanes {
		w := min(vecs*kn.lanes, nb-q)
		width := kn.vectors(w) * kn.lanes
		panels = append(panels, b.panel(ws.b[q*kb:], p, kb, j+q, w, width, inPlace))
	}
	return panels
}

// edge computes a tile that reaches beyond the end of C; t begins at the tile's
// first entry in C. The kernel works on the workspace's tile, and edge copies
// the entries that lie within C to it before and from it afterwards.
func (kn *tiling) edge(ws *workspace, k int, a, b panel, alpha, beta float64, t []float64, ldc int) {
	if beta != 0 {
		for i := range a.entries {
			copy(ws.tile[i*maxCols:][:b.entries], t[i*ldc:])
		}
	}
	kn.tile(k, a, b, alpha, beta, &ws.tile[0], maxCols)
	for i := range a.entries {
		copy(t[i*ldc:][:b.entries], ws.tile[i*maxCols:])
	}
}
