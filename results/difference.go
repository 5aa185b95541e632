// difference.go tells how far two rows of one key differ, and whether their sessions
// let them.

package results

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Difference is the largest difference between the numbers of two rows. The zero
// Difference is that of rows that are equal in every bit.
type Difference struct {
	Column string
	By     float64 // |x − y| / max(|x|, |y|); 1 where only one row has a value, or where texts differ
}

// Any reports whether there is a difference.
func (d Difference) Any() bool { return d.Column != "" }

func (d Difference) String() string {
	return fmt.Sprintf("%.2g relative, in %s", d.By, d.Column)
}

// larger returns the larger of two differences, d if they are alike.
func (d Difference) larger(o Difference) Difference {
	if !d.Any() || o.By > d.By {
		return o
	}
	return d
}

// Differs returns the largest difference between what was measured of two records: in
// the columns of records.csv or, if those are equal, in the layers or the tail. Times
// are left out.
func (r *Record) Differs(o *Record) Difference {
	d := recordColumns.differ(r, o)
	if d.Any() {
		return d
	}
	if len(r.PerLayer) != len(o.PerLayer) {
		return Difference{"per_layer", 1}
	}
	for i := range r.PerLayer {
		d = d.larger(layerColumns.differ(&r.PerLayer[i], &o.PerLayer[i]))
	}
	if !d.Any() && !slices.Equal(r.Tail, o.Tail) {
		return Difference{"tail", 1}
	}
	return d
}

// Differs returns the largest difference between the outcomes of two searches. Times
// are left out.
func (s *Search) Differs(o *Search) Difference { return searchColumns.differ(s, o) }

// irreproducible are the columns in which rows of one key may always differ.
var irreproducible = []string{"seconds", "layer_seconds", "manifest"}

// differ returns the largest difference between two rows, pointers to structs that
// have the columns.
func (l lineColumns) differ(a, b any) (most Difference) {
	for _, c := range l.columns {
		if c.Same(a, b) || slices.Contains(irreproducible, c.Name) {
			continue
		}
		x, numbers := c.Number(a)
		y, _ := c.Number(b)
		by := 1.0
		switch {
		case !numbers:
		case x == y: // 0 and −0
			by = 0
		case math.IsNaN(x) != math.IsNaN(y) && c.since() > 1:
			continue // a column that lines of an earlier format lack
		case !math.IsInf(x, 0) && !math.IsInf(y, 0) && !math.IsNaN(x-y):
			by = math.Abs(x-y) / max(math.Abs(x), math.Abs(y))
		}
		most = most.larger(Difference{c.Name, by})
	}
	return most
}

// Arithmetic is what a session's build and machine decide of the order and rounding
// of its sums (docs/design.md, What is reproducible).
type Arithmetic struct {
	Kernel       string // of the matrix products: "generic", or "vectors" for AVX2 and AVX-512, which agree bit for bit
	Architecture string // for which the compiler may fuse a product with a sum
	Level        string // GOAMD64, since it may do so from v3 on
}

// Arithmetic returns that of the session.
func (m *Manifest) Arithmetic() Arithmetic {
	a := Arithmetic{Kernel: m.Kernel, Level: m.GOAMD64}
	if m.Kernel == "avx2" || m.Kernel == "avx512" {
		a.Kernel = "vectors"
	}
	_, a.Architecture, _ = strings.Cut(m.Platform, "/")
	return a
}

// String names the arithmetic, as "generic (arm64)" or "vectors (amd64 v1)".
func (a Arithmetic) String() string {
	return fmt.Sprintf("%s (%s)", a.Kernel, strings.TrimSpace(a.Architecture+" "+a.Level))
}

// sameBits reports whether records that two sessions make of one key are equal in
// every bit: they have the same arithmetic, and the same program, whose revisions may
// differ in the order of sums without a rise of the algorithm version.
func (m *Manifest) sameBits(o *Manifest) bool {
	type program struct{ version, revision, diff string }
	return m.Arithmetic() == o.Arithmetic() &&
		program{m.Version, m.Revision, m.Diff} == program{o.Version, o.Revision, o.Diff}
}
