// layer.go prepares what all neurons of a layer share, and defines the tile of neurons
// that is aligned and quantized at a time.

package quant

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas/blas64"

	"spfq/internal/rng"
	"spfq/internal/round"
)

// Layer is what the neurons of one layer share under one method. It is safe for
// concurrent use if each goroutine brings a Workspace of its own.
type Layer struct {
	Dead    int     // columns with X̃_t = 0 (‖X̃_t‖² below the smallest normal number)
	MinNorm float64 // least ‖X̃_t‖ of the columns that are not dead; 0 if all are dead
	MaxNorm float64 // largest ‖X̃_t‖
	Rank    int     // numerical rank of X̃ where the alignment is exact, else 0
	Form    Form    // how columns are aligned and followed; "" where the method has no such choice

	shape  Shape
	x, xt  Matrix    // X and X̃, m×N, columns in the order visited; x is empty where no descent needs it
	perm   []int     // perm[k] is the column visited k-th; nil for the natural order
	inv    []float64 // 1/‖X̃_t‖² by position visited; 0 for dead columns
	blocks []block
	gram   Matrix        // X̃ᵀX̃ in the form Gram, columns in the order visited; its upper triangle may be missing
	cross  Matrix        // X̃ᵀX in the form Gram, columns in the order visited, for alignments of order r
	xtCols Matrix        // X̃ᵀ, where each neuron has its own order
	xCols  Matrix        // Xᵀ, where each neuron has its own order, for alignments of order r
	exact  *exactAligner // for the exact alignments
}

// Options are the choices of NewLayer that do not belong to the method.
type Options struct {
	// Stream draws the order of the columns where it is random.
	Stream rng.Stream
	// Block is the number of columns in a block; 0 for DefaultBlock. It moves work
	// between matrix products and the triangles inside blocks, and changes results by
	// rounding errors only.
	Block int
	// Neurons is the number of neurons of the layer, on which the choice of the form
	// depends; 0 for as many as inputs.
	Neurons int
	// Form is the form where there is a choice; "" for the one with fewer operations.
	// It changes results by rounding errors only. Where each neuron has its own order
	// there is no choice.
	Form Form
}

// NewLayer prepares the layer with inputs x (X, m×N) and xt (X̃, m×N). They are one
// matrix where nothing before the layer was quantized. It keeps both, and takes
// O((m + Block)·N) memory beside them, O(N²) in the form Gram (Shape.Memory). Errors
// are an entry that is not finite, a norm that overflows and a decomposition that does
// not converge; shapes that do not fit panic.
func NewLayer(x, xt Matrix, method Method, opt Options) (*Layer, error) {
	if x.Rows != xt.Rows || x.Cols != xt.Cols || x.Rows == 0 || x.Cols == 0 {
		panic(fmt.Sprintf("quant: X is %d×%d and X̃ %d×%d", x.Rows, x.Cols, xt.Rows, xt.Cols))
	}
	if opt.Neurons == 0 {
		opt.Neurons = x.Cols
	}
	l := &Layer{xt: xt, shape: Shape{Method: method, Same: &x.Data[0] == &xt.Data[0],
		Samples: x.Rows, Inputs: x.Cols, Neurons: opt.Neurons, Block: opt.Block, Form: opt.Form}.Resolve()}
	l.Form = l.shape.Form
	norm2, err := squareNorms("X̃", xt)
	if err == nil && !l.shape.Same {
		_, err = squareNorms("X", x)
	}
	if err != nil {
		return nil, err
	}
	l.countDead(norm2)
	if l.shape.exact() {
		if l.exact, err = newExactAligner(xt); err != nil {
			return nil, err
		}
		l.Rank = l.exact.rank
		if l.shape.combines() {
			l.exact.combine(x)
		}
	}
	switch method.Order {
	case ByNorm:
		l.perm = descending(norm2)
	case Random:
		l.perm = opt.Stream.Perm(xt.Cols)
	}
	if l.shape.descends() {
		l.x = x
	}
	if l.perm != nil {
		l.xt = permuted(xt, l.perm)
		if l.shape.descends() {
			l.x = permuted(x, l.perm)
		}
		norm2 = gather(norm2, l.perm)
	}
	l.inv = make([]float64, len(norm2))
	for t, s := range norm2 {
		if s > 0 {
			l.inv[t] = 1 / s
		}
	}
	switch {
	case l.shape.byWeight():
		l.xtCols = transposed(l.xt)
		if l.shape.descends() {
			l.xCols = transposed(l.x)
		}
	case l.shape.blocked():
		l.makeBlocks(l.shape.Block)
	}
	return l, nil
}

// columnsMemory is what the norms take, and the order and the copies of X̃ and X in it.
func (s Shape) columnsMemory() int64 {
	m, N, _, _ := s.sizes()
	switch {
	case s.permutes() && s.descends():
		return 2*N + 2*m*N
	case s.permutes():
		return 2*N + m*N
	}
	return N
}

// Aligns reports whether W̃ differs from W.
func (l *Layer) Aligns() bool { return l.shape.Aligns() }

// squareNorms returns ‖a_t‖² of each column t of a, which errors call by name. A norm
// that is not finite is an error.
func squareNorms(name string, a Matrix) ([]float64, error) {
	norm2 := make([]float64, a.Cols)
	for k := range a.Rows {
		for t, v := range Row(a, k) {
			norm2[t] += v * v
		}
	}
	for t, s := range norm2 {
		if s <= math.MaxFloat64 {
			continue
		}
		for k := range a.Rows {
			if v := at(a, k, t); math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("input %d of sample %d in %s is %v: want finite numbers, of the data and of the outputs of earlier layers", t+1, k+1, name, v)
			}
		}
		return nil, fmt.Errorf("the square norm of input %d in %s overflows: the data, or the outputs of the layer before, are too large for float64", t+1, name)
	}
	return norm2, nil
}

// countDead sets to 0 the square norms below the smallest normal number, counts them,
// and notes the least and the largest of the rest.
func (l *Layer) countDead(norm2 []float64) {
	least, most := math.Inf(1), 0.0
	for t, s := range norm2 {
		if s < 0x1p-1022 {
			norm2[t] = 0
			l.Dead++
			continue
		}
		least, most = min(least, s), max(most, s)
	}
	if most > 0 {
		l.MinNorm, l.MaxNorm = math.Sqrt(least), math.Sqrt(most)
	}
}

// descending returns the order of decreasing values, equal ones in natural order.
func descending(values []float64) []int {
	p := make([]int, len(values))
	for i := range p {
		p[i] = i
	}
	slices.SortStableFunc(p, func(a, b int) int {
		switch {
		case values[a] > values[b]:
			return -1
		case values[a] < values[b]:
			return 1
		}
		return 0
	})
	return p
}

func gather(v []float64, perm []int) []float64 {
	out := make([]float64, len(perm))
	for k, t := range perm {
		out[k] = v[t]
	}
	return out
}

func permuted(a Matrix, perm []int) Matrix {
	out := NewMatrix(a.Rows, a.Cols)
	for i := range a.Rows {
		src, dst := Row(a, i), Row(out, i)
		for k, t := range perm {
			dst[k] = src[t]
		}
	}
	return out
}

// Tile is a run of T neurons of a layer. First is the number of its first neuron in
// the layer, on which rounding draws depend. W (N×T) and XW (m×T) are given. Align
// fills Aligned, W̃ (N×T); where the layer does not align, W may stand in its place.
// Quantize fills Q (N×T).
type Tile struct {
	First   int
	W, XW   Matrix
	Aligned Matrix
	Q       Matrix
	// Fractions, if it has rows (N×T), is filled by path following with the fraction f
	// of v/δ = k + f that was rounded, a row for each column in the order visited.
	// The order ByWeight leaves it alone.
	Fractions Matrix
}

// Workspace is the memory that one goroutine aligns and quantizes with. The zero value
// is ready for use.
type Workspace struct {
	// Operations counts the floating-point operations (a product and a sum are
	// two) of the matrix products and triangles done so far.
	Operations int64

	buffers [bufferCount]Buffer
	streams []rng.Stream  // of the tile's neurons
	neurons []neuronState // of the tile's neurons, for a least maximum
	rows    round.Rows
}

// The buffers of a workspace, by what they hold for a tile of T neurons.
const (
	bufU = iota // u or û, or X̃ times an iterate of a least maximum; m×T
	bufC        // inner products at the start of a block of b columns, b×T
	bufE        // errors: of a block, b×T, or of all columns, N×T
	bufR        // (X − X̃)W, m×T, or X̃ᵀXW, N×T
	bufW        // W in the order visited, or w_0 of a least maximum, N×T
	bufZ        // W̃ in the order visited, or z of a least maximum, N×T
	bufX        // x of a least maximum, N×T
	bufS        // s of a least maximum, N×T
	bufD        // differences of iterates of a least maximum, N×T
	bufferCount
)

// shape returns a buffer as a rows×cols matrix of unspecified content.
func (ws *Workspace) shape(buffer, rows, cols int) Matrix {
	return ws.buffers[buffer].Shape(rows, cols)
}

// Tally is what happened to a tile while it was quantized.
type Tally struct {
	MaxV      float64 // largest |v|/δ
	Saturated int64   // weights clipped to ±Kδ
}

// Merge adds to t what happened to another tile.
func (t *Tally) Merge(o Tally) {
	t.MaxV = max(t.MaxV, o.MaxV)
	t.Saturated += o.Saturated
}

func vector(v []float64) blas64.Vector { return blas64.Vector{N: len(v), Inc: 1, Data: v} }

// Visited returns X̃ (m×N) with its columns in the order visited. In the order
// ByWeight, where each neuron has its own, that is the natural order.
func (l *Layer) Visited() Matrix { return l.xt }
