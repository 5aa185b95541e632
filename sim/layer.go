// layer.go runs the tiles of one layer through all variants and adds up what
// they did.

package sim

import (
	"errors"
	"fmt"
	"math"
	"time"

	"spfq/quant"
	"spfq/quant/bound"
)

// layerPass is one layer under way. Each tile writes its own columns and its
// own entries; finish adds them up in order.
type layerPass struct {
	*run
	i, tile int
	last    bool

	next, nextTest quant.Matrix // outputs of the original network, activated
	exact          columnSums   // of XW
	activated      columnSums   // of the outputs
	activatedTest  columnSums
	maxWeight      []float64 // by tile
	variants       []*variantPass
}

// variantPass is what one variant does in a layer.
type variantPass struct {
	next, nextTest quant.Matrix
	align, quant   columnSums // of XW − X̃W̃ and X̃W̃ − X̃Q
	output, test   columnSums // of the outputs' difference, activated
	tiles          []tileResult
}

// tileResult is what a variant did to a tile.
type tileResult struct {
	err              error
	tally            quant.Tally
	maxU, maxAligned float64
	maxAlign         float64 // largest entry of |XW − X̃W̃|
	observed         float64
	drift            float64 // largest Σ_t |w_t|·‖X_t − X̃_t‖ of a neuron
	operations       int64
	maxOut, maxTest  float64
	gap, seconds     float64
}

func newVariantPass(neurons, tiles, samples, test int) *variantPass {
	return &variantPass{
		next: quant.NewMatrix(samples, neurons), nextTest: quant.NewMatrix(test, neurons),
		align: make(columnSums, neurons), quant: make(columnSums, neurons),
		output: make(columnSums, neurons), test: make(columnSums, neurons),
		tiles: make([]tileResult, tiles),
	}
}

// quantizeTile takes tile n through the original network and all variants.
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

// quantizeVariant takes tile n, t, through variant v.
func (l *layerPass) quantizeVariant(sc *scratch, n, v int, t quant.Tile, bias []float64) {
	start := time.Now()
	sc.ws.Operations = 0
	s, p, cols := l.run.variants[v], l.variants[v], t.W.Cols
	res := &p.tiles[n]
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

	// With X̃ = X and W̃ = W there is one product less to make.
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

// bias draws the biases of cols neurons from first on; nil if there are none.
func (l *layerPass) bias(first, cols int) []float64 {
	if !l.in.Biases {
		return nil
	}
	return l.in.BiasVector(l.i, first, cols)
}

// activate sets dst = φ(y + bias), without φ in the last layer.
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
	res := &s.result.Layers[l.i-1]
	res.Form = s.layer.Form
	res.Alphabet, res.Dead, res.Rank = s.alphabet, s.layer.Dead, s.layer.Rank
	res.Kappa = s.layer.MaxNorm / s.layer.MinNorm
	res.MaxNorm, res.MaxNormQ = maxColumnNorm(l.x), s.layer.MaxNorm
	var maxOut, maxTest float64
	res.LeastMaxGap = math.NaN()
	for n, t := range p.tiles {
		if t.err != nil {
			s.fail(l.i, t.err)
			return
		}
		res.Tally.Merge(t.tally)
		res.MaxU, res.MaxAligned = max(res.MaxU, t.maxU), max(res.MaxAligned, t.maxAligned)
		res.AlignMaxEntry = max(res.AlignMaxEntry, t.maxAlign)
		s.result.Operations += t.operations
		if s.drift != nil {
			res.Drift = max(res.Drift, t.drift)
		}
		if s.certified() && !(t.observed <= res.Observed) { // NaN at first
			res.Observed = t.observed
		}
		res.MaxWeight = max(res.MaxWeight, l.maxWeight[n])
		maxOut, maxTest = max(maxOut, t.maxOut), max(maxTest, t.maxTest)
		if !math.IsNaN(t.gap) && !(t.gap <= res.LeastMaxGap) {
			res.LeastMaxGap = t.gap
		}
		res.Seconds += t.seconds
	}
	exact := l.exact.total()
	res.AlignResidual = math.Sqrt(ratio(p.align.total(), exact))
	res.AlignMaxColumn = p.align.maxNorm()
	res.QuantError = math.Sqrt(ratio(p.quant.total(), exact))
	res.MaxUColumn = p.quant.maxNorm()
	res.OutputMaxError = p.output.maxNorm()
	s.result.Seconds += res.Seconds

	output := OutputError{ratio(p.output.total(), l.activated.total()), maxOut, res.OutputMaxError}
	if e := p.output.total(); math.IsNaN(e) || math.IsInf(e, 0) || math.IsNaN(res.MaxU) {
		s.fail(l.i, fmt.Errorf("the error of its output is %v: the numbers of the network leave the range of float64", math.Sqrt(e)))
		return
	}
	if l.last && math.IsInf(output.RelSq, 0) {
		s.fail(l.i, errors.New("all outputs of the original network are zero: there is no relative error"))
		return
	}
	if l.last {
		s.result.Output = output
		s.result.OutputSq = l.activated.total()
		s.result.Bias = bias(l.next, p.next, p.output.total())
		if s.certified() {
			s.result.Tail = tail(quant.Row(l.next, 0), quant.Row(p.next, 0), s.alphabet.Step, quant.Row(s.influence, 0))
		}
		s.result.Test = OutputError{math.NaN(), math.NaN(), math.NaN()}
		if l.test.Rows > 0 && l.activatedTest.total() > 0 {
			s.result.Test = OutputError{ratio(p.test.total(), l.activatedTest.total()), maxTest, p.test.maxNorm()}
		}
	}
	s.xt, s.testXt = p.next, p.nextTest
	if s.ActivationBits > 0 && !l.last {
		roundActivations(s.xt, s.testXt, s.ActivationBits)
	}
}
