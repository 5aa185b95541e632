// shape.go says what a layer costs and holds, from its sizes and its method alone.
// What each part of the work adds is said beside the code of that part.

package quant

// Shape is what the cost and the memory of a layer depend on: its method and its
// sizes, not its numbers.
type Shape struct {
	Method  Method
	Same    bool // X̃ is X, as in a first layer: alignments by least squares change nothing
	Samples int  // m
	Inputs  int  // N
	Neurons int  // n
	Block   int  // columns in a block; 0 for DefaultBlock
	Form    Form // where the method has the choice; "" for the one with fewer operations
}

// Resolve returns the shape with its block and form filled in, as NewLayer uses
// them. A form is "" where the method has no use for one.
func (s Shape) Resolve() Shape {
	if s.Block == 0 {
		s.Block = DefaultBlock
	}
	s.Form = s.chooseForm()
	return s
}

// sweeps reports whether the method visits columns one after the other.
func (s Shape) sweeps() bool { return s.Method.Feedback || s.descends() }

// descends reports whether W̃ comes from passes over the columns. With X̃ = X the
// first pass returns w itself and every other changes nothing.
func (s Shape) descends() bool { return s.Method.Align.Kind == AlignOrder && !s.Same }

// exact reports whether W̃ comes from the pseudo-inverse of X̃. With X̃ = X the
// alignment of least change changes nothing.
func (s Shape) exact() bool {
	return s.Method.Align.Kind == AlignExact && !s.Same || s.Method.Align.Kind == AlignLeastMax
}

// Aligns reports whether W̃ differs from W.
func (s Shape) Aligns() bool { return s.exact() || s.descends() }

// combines reports whether the matrix X̃⁺(X − X̃) is made.
func (s Shape) combines() bool {
	return s.Method.Align.Kind == AlignExact && s.exact() && s.Form == Gram
}

// byWeight reports whether each neuron has its own order of the columns.
func (s Shape) byWeight() bool { return s.sweeps() && s.Method.Order == ByWeight }

// blocked reports whether columns are visited in blocks.
func (s Shape) blocked() bool { return s.sweeps() && s.Method.Order != ByWeight }

// permutes reports whether all neurons share an order that is not the natural one.
func (s Shape) permutes() bool { return s.Method.Order == ByNorm || s.Method.Order == Random }

// passes is the number of passes of an alignment of order r.
func (s Shape) passes() int64 { return int64(s.Method.Align.Passes) }

// sizes returns m, N, n and the columns in a block.
func (s Shape) sizes() (m, N, n, b int64) {
	return int64(s.Samples), int64(s.Inputs), int64(s.Neurons), int64(min(s.Block, s.Inputs))
}

// Cost is the floating-point operations of a layer; a product and a sum are two.
// Products and triangles count, passes over single entries do not. Where N is no
// multiple of a block all blocks are taken to be whole, so that the cost is an
// estimate from above; else Align and Follow are what Workspace.Operations counts
// for all neurons. The exception is the alignment of least maximum, an iteration
// whose length depends on the numbers, for which a typical one is assumed.
type Cost struct {
	Prepare int64 // of NewLayer: inner products of columns, and the pseudo-inverse
	Align   int64
	Follow  int64 // of rounding along the path; 0 without feedback
}

// Total is the sum of the parts.
func (c Cost) Total() int64 { return c.Prepare + c.Align + c.Follow }

// Cost returns the cost of the layer.
func (s Shape) Cost() Cost { return s.Resolve().cost() }

// cost is Cost of a shape whose block and form are filled in.
func (s Shape) cost() Cost {
	return Cost{
		Prepare: s.exactPrepareCost() + s.blocksCost(),
		Align:   s.descendCost() + s.leastChangeCost() + s.leastMaxCost(),
		Follow:  s.followCost(),
	}
}

// Memory is how many numbers of 8 bytes a layer takes beside X, X̃ and its tiles.
type Memory struct {
	Shared int64 // held by the layer for all its neurons
	Making int64 // beside that while NewLayer works, at most
	Space  Space // of the workspace of each goroutine
}

// Memory returns the memory of the layer for tiles of a number of neurons.
func (s Shape) Memory(tile int) Memory {
	s = s.Resolve()
	out := Memory{
		Shared: s.columnsMemory() + s.exactMemory() + s.blocksMemory() + s.byWeightMemory(),
		Making: 3*int64(s.Inputs) + s.exactMaking(), // square norms of X̃, in two orders, and of X
	}
	t := int64(tile)
	for _, space := range []Space{s.quantizeSpace(t), s.followSpace(t), s.descendSpace(t), s.exactSpace(t), s.leastMaxSpace(t), s.byWeightSpace()} {
		out.Space.Grow(space)
	}
	return out
}

// Space is the numbers of 8 bytes in each buffer of a workspace, and beside them.
type Space [spaceCount]int64

// What a Space has beside the buffers.
const (
	spaceStreams = bufferCount + iota // of a tile's neurons
	spaceStates                       // of a tile's neurons, for a least maximum
	spaceOrder                        // of one neuron's columns, and what they are sorted by
	spaceCount
)

// Grow makes room for other work in the same workspace, which keeps the largest of
// the buffers that any work asked for.
func (s *Space) Grow(other Space) {
	for i := range s {
		s[i] = max(s[i], other[i])
	}
}

// Total is the sum over the buffers.
func (s Space) Total() int64 {
	var sum int64
	for _, n := range s {
		sum += n
	}
	return sum
}
