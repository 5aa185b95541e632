// method.go defines the choices that make a method.

package quant

import (
	"fmt"
	"strconv"
	"strings"
)

// AlignKind is a way to find W̃.
type AlignKind int

// The alignments.
const (
	AlignNone     AlignKind = iota // w̃ = w
	AlignOrder                     // r passes of cyclic coordinate descent on ‖Xw − X̃w̃‖²
	AlignExact                     // least change: w̃ = w + X̃⁺(X − X̃)w
	AlignLeastMax                  // least maximum: argmin ‖w̃‖_∞ subject to X̃w̃ = Xw
)

// Align is an alignment.
type Align struct {
	Kind   AlignKind
	Passes int // the order r >= 1 of AlignOrder, else 0
}

// maxPasses is the largest order of an alignment. T2's residual has stopped shrinking
// long before.
const maxPasses = 1000

// ParseAlign reads an alignment: none, order-R, exact or exact-max. Any other name is an
// error that lists these.
func ParseAlign(s string) (Align, error) {
	switch s {
	case "none":
		return Align{Kind: AlignNone}, nil
	case "exact":
		return Align{Kind: AlignExact}, nil
	case "exact-max":
		return Align{Kind: AlignLeastMax}, nil
	}
	if r, ok := strings.CutPrefix(s, "order-"); ok {
		if n, err := strconv.Atoi(r); err == nil && n >= 1 && n <= maxPasses && strconv.Itoa(n) == r {
			return Align{Kind: AlignOrder, Passes: n}, nil
		}
		return Align{}, fmt.Errorf("alignment %q: want order-R with a whole R from 1 to %d", s, maxPasses)
	}
	return Align{}, fmt.Errorf("alignment %q: want none, order-R (as order-1), exact or exact-max", s)
}

// String is the inverse of ParseAlign.
func (a Align) String() string {
	switch a.Kind {
	case AlignNone:
		return "none"
	case AlignOrder:
		return "order-" + strconv.Itoa(a.Passes)
	case AlignExact:
		return "exact"
	case AlignLeastMax:
		return "exact-max"
	}
	panic(fmt.Sprintf("quant: no alignment %d", a.Kind))
}

// Rounding is a way to round v to a level.
type Rounding string

const (
	// Nearest takes v to δ⌊v/δ + ½⌋: ties go up, as in the authors' code.
	Nearest Rounding = "nearest"
	// Stochastic takes v to one of the two levels around it, with E[q | v] = v.
	Stochastic Rounding = "stochastic"
)

// Order is an order in which the columns are visited.
type Order string

const (
	Natural  Order = "natural"
	ByNorm   Order = "norm"   // descending ‖X̃_t‖
	ByWeight Order = "weight" // descending |w_t|, for each neuron its own order
	Random   Order = "random" // one random order for all neurons of a layer
)

// Method is the four choices that make a quantization method.
type Method struct {
	Align    Align
	Feedback bool
	Rounding Rounding
	Order    Order
}

// Names lists the methods that Named knows.
func Names() []string { return []string{"spfq", "gpfq", "rtn", "stochastic"} }

// Named returns a method by name: spfq (with the exact alignment of least change), gpfq,
// rtn (rounding to nearest, also called MSQ) or stochastic (memoryless stochastic
// rounding). ok is false for any other name.
func Named(name string) (method Method, ok bool) {
	m := Method{Order: Natural}
	switch name {
	case "spfq":
		m.Align, m.Feedback, m.Rounding = Align{Kind: AlignExact}, true, Stochastic
	case "gpfq":
		m.Align, m.Feedback, m.Rounding = Align{Kind: AlignOrder, Passes: 1}, true, Nearest
	case "rtn":
		m.Rounding = Nearest
	case "stochastic":
		m.Rounding = Stochastic
	default:
		return Method{}, false
	}
	return m, true
}
