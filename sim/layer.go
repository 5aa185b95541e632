// layer.go takes the tiles of one layer through all variants, and adds up what was
// measured.

package sim

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"spfq/internal/num"
	"spfq/quant"
	"spfq/quant/bound"
)

// layerPass is one layer under way. Each tile writes columns and entries of its own;
// finish adds them up in order.
type layerPass struct {
	*run
	i, tile int  // the number of the layer, from 1, and the neurons in a tile
	last    bool // whether it is the last layer

	next, nextTest quant.Matrix // outputs of the original network, activated
	exact          columnSums   // of the squares of XW
	activated      columnSums   // of the squares of next
	activatedTest  columnSums   // of the squares of nextTest
	maxWeight      []float64    // ‖W‖_max by tile
	variants       []*variantPass
}

// variantPass is what one variant does in a layer.
type variantPass struct {
	next, nextTest quant.Matrix // outputs of the quantized network, activated
	align, quant   columnSums   // of the squares of XW − X̃W̃ and of X̃W̃ − X̃Q
	output, test   columnSums   // of the squares of the error of the activated outputs, on the calibration and the held-out samples
	tiles          []tileResult
}

// tileResult is what a variant did to a tile, or to some tiles.
type tileResult struct {
	err              error // of the first tile that failed
	tally            quant.Tally
	maxU, maxAligned float64 // largest |X̃W̃ − X̃Q|, largest |w̃|
	maxAlign         float64 // largest entry of |XW − X̃W̃|
	maxOut, maxTest  float64 // largest error of an output, activated, and of a held-out one
	gap              float64 // exact-max only, else NaN
	observed         float64 // where the variant is certified, else NaN
	drift            float64 // largest Σ_t |w_t|·‖X_t − X̃_t‖ of a neuron, where the variant is certified and its alignment is of order r, else NaN
	operations       int64
	seconds          float64
}

// merge adds what a variant did to a later tile.
func (r *tileResult) merge(o tileResult) {
	if r.err == nil {
		r.err = o.err
	}
	r.tally.Merge(o.tally)
	r.maxU, r.maxAligned, r.maxAlign = max(r.maxU, o.maxU), max(r.maxAligned, o.maxAligned), max(r.maxAlign, o.maxAlign)
	r.maxOut, r.maxTest = max(r.maxOut, o.maxOut), max(r.maxTest, o.maxTest)
	r.gap, r.observed, r.drift = max(r.gap, o.gap), max(r.observed, o.observed), max(r.drift, o.drift)
	r.operations += o.operations
	r.seconds += o.seconds
}

func newVariantPass(neurons, tiles, samples, test int) *variantPass {
	return &variantPass{
		next: quant.NewMatrix(samples, neurons), nextTest: quant.NewMatrix(test, neurons),
		align: make(columnSums, neurons), quant: make(columnSums, neurons),
		output: make(columnSums, neurons), test: make(columnSums, neurons),
		tiles: make([]tileResult, tiles),
	}
}

// quantizeTile takes tile n through the original network and through all variants.
func (l *layerPass) quantizeTile(sc *scratch, n int) {
	t, maxWeight := l.draw(l.i, n*l.tile, l.tile, sc)
	cols := t.W.Cols
	l.exact.addSquares(t.First, t.XW)
	l.maxWeight[n] = maxWeight

	bias := l.bias(t.First, cols)
	out, outTest := quant.Columns(l.next, t.First, t.First+cols), quant.Columns(l.nextTest, t.First, t.First+cols)
	l.activate(out, t.XW, bias)
	testXW := sc.testXW.Shape(l.test.Rows, cols)
	quant.Mul(testXW, l.test, t.W, 0)
	l.activate(outTest, testXW, bias)
	l.activated.addSquares(t.First, out)
	l.activatedTest.addSquares(t.First, outTest)

	for v, s := range l.run.variants {
		if s.result.Err == nil {
			l.quantizeVariant(sc, n, v, t, bias)
		}
	}
}

// quantizeVariant takes t, which is tile n, through variant v.
func (l *layerPass) quantizeVariant(sc *scratch, n, v int, t quant.Tile, bias []float64) {
	start := time.Now()
	sc.ws.Operations = 0
	s, p, cols := l.run.variants[v], l.variants[v], t.W.Cols
	res := &p.tiles[n]
	res.observed, res.drift = math.NaN(), math.NaN()
	if res.gap, res.err = sc.align(s, &t); res.err != nil {
		return
	}
	t.Q = sc.q.Shape(t.W.Rows, cols)
	if s.certified() {
		t.Fractions = sc.fractions.Shape(t.W.Rows, cols)
	}
	res.tally = s.layer.Quantize(&t, s.alphabet, l.in.rounding(l.i), &sc.ws)
	res.operations = sc.ws.Operations
	if s.certified() {
		if res.observed, res.err = bound.Observed(s.influence, t.Fractions); res.err != nil {
			return
		}
		if s.drift != nil {
			res.drift = drift(t.W, s.drift)
		}
	}
	if l.opt.Observe != nil {
		l.opt.Observe(l.i, v, t)
	}

	// Where X̃ = X and W̃ = W, X̃W̃ is XW.
	diff := sc.diff.Shape(l.x.Rows, cols)
	xtwt := t.XW
	if l.i > 1 || s.layer.Aligns() {
		xtwt = sc.xtwt.Shape(l.x.Rows, cols)
		quant.Mul(xtwt, s.xt, t.Aligned, 0)
		subtract(diff, t.XW, xtwt)
		res.maxAlign = p.align.addSquares(t.First, diff)
	}
	xq := sc.xq.Shape(l.x.Rows, cols)
	quant.Mul(xq, s.xt, t.Q, 0)
	subtract(diff, xtwt, xq)
	res.maxU = p.quant.addSquares(t.First, diff)
	res.maxAligned = l.maxWeight[n]
	if s.layer.Aligns() {
		res.maxAligned = maxAbs(t.Aligned)
	}

	out := quant.Columns(p.next, t.First, t.First+cols)
	l.activate(out, xq, bias)
	subtract(diff, quant.Columns(l.next, t.First, t.First+cols), out)
	res.maxOut = p.output.addSquares(t.First, diff)

	testXQ := sc.testXQ.Shape(l.test.Rows, cols)
	quant.Mul(testXQ, s.testXt, t.Q, 0)
	outTest := quant.Columns(p.nextTest, t.First, t.First+cols)
	l.activate(outTest, testXQ, bias)
	subtract(testXQ, quant.Columns(l.nextTest, t.First, t.First+cols), outTest)
	res.maxTest = p.test.addSquares(t.First, testXQ)
	res.seconds = time.Since(start).Seconds()
}

// bias draws the biases of cols neurons from first on, and returns nil if the network
// has none.
func (l *layerPass) bias(first, cols int) []float64 {
	if !l.in.Biases {
		return nil
	}
	return l.in.BiasVector(l.i, first, cols)
}

// activate sets dst = φ(y + bias), in the last layer dst = y + bias.
func (l *layerPass) activate(dst, y quant.Matrix, bias []float64) {
	for k := range y.Rows {
		row := quant.Row(dst, k)
		copy(row, quant.Row(y, k))
		for j, b := range bias {
			row[j] += b
		}
		if !l.last {
			l.in.Activation.apply(row)
		}
	}
}

// finish adds up what variant v did in the layer and passes its outputs on.
func (l *layerPass) finish(v int) {
	s, p := l.run.variants[v], l.variants[v]
	if s.result.Err != nil {
		return
	}
	sum := p.tiles[0]
	for _, t := range p.tiles[1:] {
		sum.merge(t)
	}
	if sum.err != nil {
		s.fail(l.i, sum.err)
		return
	}
	outputSq, errorSq := l.activated.total(), p.output.total()
	if math.IsNaN(errorSq) || math.IsInf(errorSq, 0) || math.IsNaN(sum.maxU) {
		s.fail(l.i, fmt.Errorf("the error of its output is %v: the numbers of the network leave the range of float64", math.Sqrt(errorSq)))
		return
	}
	if l.last && math.IsInf(ratio(errorSq, outputSq), 0) {
		s.fail(l.i, errors.New("all outputs of the original network are zero: there is no relative error"))
		return
	}
	s.operations += sum.operations
	l.measureLayer(s, p, sum)
	if l.last {
		l.measureNetwork(s, p, sum)
	}
	s.layer, s.influence, s.drift = nil, quant.Matrix{}, nil // before the next layer's are made
	s.xt, s.testXt = p.next, p.nextTest
	if s.ActivationBits > 0 && !l.last {
		roundActivations(s.xt, s.testXt, s.ActivationBits)
	}
}

// measureLayer fills in what was measured of a variant in the layer; sum is of all
// its tiles.
func (l *layerPass) measureLayer(s *state, p *variantPass, sum tileResult) {
	exact := l.exact.total()
	res := &s.result.Layers[l.i-1]
	res.Step, res.K, res.BitsPerWeight = num.Num(s.alphabet.Step), s.alphabet.K, num.Num(s.alphabet.Bits())
	res.Form = string(s.layer.Form)
	res.AlignResidual, res.QuantError = num.Num(math.Sqrt(ratio(p.align.total(), exact))), num.Num(math.Sqrt(ratio(p.quant.total(), exact)))
	res.AlignMaxNorm, res.AlignMaxEntry = num.Num(p.align.maxNorm()), num.Num(sum.maxAlign)
	res.MaxU, res.MaxUColumn = num.Num(sum.maxU), num.Num(p.quant.maxNorm())
	res.MaxV, res.Saturated = num.Num(sum.tally.MaxV), num.Count(sum.tally.Saturated)
	res.Dead, res.Rank = num.Count(s.layer.Dead), s.layer.Rank
	res.Kappa = num.Num(s.layer.MaxNorm / s.layer.MinNorm)
	res.MaxNorm, res.MaxNormQ = num.Num(maxColumnNorm(l.x)), num.Num(s.layer.MaxNorm)
	res.MaxWeight, res.MaxAligned = num.Num(slices.Max(l.maxWeight)), num.Num(sum.maxAligned)
	res.LeastMaxGap, res.Observed, res.Drift = num.Num(sum.gap), num.Num(sum.observed), num.Num(sum.drift)
	res.OutputMaxError = num.Num(p.output.maxNorm())
	res.Seconds += num.Num(sum.seconds)
}

// measureNetwork fills in what was measured of a variant in the whole network; sum
// is of all tiles of the last layer.
func (l *layerPass) measureNetwork(s *state, p *variantPass, sum tileResult) {
	res := &s.result
	outputSq, errorSq := l.activated.total(), p.output.total()
	relSq := ratio(errorSq, outputSq)
	res.RelSqError, res.RelError = num.Num(relSq), num.Num(math.Sqrt(relSq))
	res.MaxError, res.MaxColumnError = num.Num(sum.maxOut), num.Num(p.output.maxNorm())
	if testSq := l.activatedTest.total(); l.test.Rows > 0 && testSq > 0 {
		relSq := ratio(p.test.total(), testSq)
		res.TestRelSqError, res.TestRelError = num.Num(relSq), num.Num(math.Sqrt(relSq))
		res.TestMaxError, res.TestMaxColumnError = num.Num(sum.maxTest), num.Num(p.test.maxNorm())
	}
	res.BitsPerWeight, res.MaxV, res.Saturated, res.Dead, res.Seconds = 0, 0, 0, 0, 0
	for _, layer := range res.Layers {
		res.BitsPerWeight, res.MaxV = max(res.BitsPerWeight, layer.BitsPerWeight), max(res.MaxV, layer.MaxV)
		res.Saturated += layer.Saturated
		res.Dead += layer.Dead
		res.Seconds += layer.Seconds
	}
	res.Bias = num.Num(bias(l.next, p.next, errorSq))
	res.OutputSqNorm, res.InputSqNorm = num.Num(outputSq), num.Num(l.inputSq)
	res.Operations = num.Count(s.operations)
	if s.certified() {
		res.Tail = tail(quant.Row(l.next, 0), quant.Row(p.next, 0), s.alphabet.Step, quant.Row(s.influence, 0))
	}
}
