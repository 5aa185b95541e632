// run.go quantizes the network of an instance, layer by layer and tile by tile.

package sim

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"spfq/internal/num"
	"spfq/internal/pool"
	"spfq/quant"
	"spfq/quant/bound"
)

// Options are the choices of Run that change no result, but for what the package comment
// says of the block size.
type Options struct {
	Tile  int // neurons in a tile; 0 for a number that suits the layer
	Block int // columns in a block of package quant; 0 for its default
	// Observe, if set, is called with each tile after each variant has quantized it, from
	// several goroutines at once. It must not keep the matrices. layer counts from 1,
	// variant from 0.
	Observe func(layer, variant int, tile quant.Tile)
}

// Run draws the instance and quantizes its network by each variant. It runs on the
// calling goroutine, which is a worker of the pool, and on the workers of the pool that
// are idle. There is a result for each variant, in order, and a variant that fails says
// so in its own. The error returned is ctx's.
func Run(ctx context.Context, p *pool.Pool, in Instance, variants []Variant, opt Options) ([]Result, error) {
	x, test := in.Inputs()
	r := &run{ctx: ctx, pool: p, in: in, opt: opt, x: x, test: test}
	inputSq := make(columnSums, x.Cols)
	inputSq.addSquares(0, x)
	r.inputSq = inputSq.total()
	for _, v := range variants {
		r.variants = append(r.variants, &state{Variant: v, xt: x, testXt: test, result: Result{Measurement: unmeasured(in)}})
	}
	for i := 1; i <= in.Layers(); i++ {
		if err := r.layer(i); err != nil {
			return nil, err
		}
	}
	out := make([]Result, len(variants))
	for v, s := range r.variants {
		if out[v] = s.result; s.result.Err != nil {
			out[v] = Failed(in, s.result.Err)
		}
	}
	return out, nil
}

// run is an instance under way.
type run struct {
	ctx      context.Context
	pool     *pool.Pool
	in       Instance
	opt      Options
	x, test  quant.Matrix // activations of the original network
	inputSq  float64      // ‖X‖_F² of the calibration samples
	variants []*state
	scratches
}

// state is a variant under way.
type state struct {
	Variant
	xt, testXt quant.Matrix // activations of the quantized network
	layer      *quant.Layer
	alphabet   quant.Alphabet
	influence  quant.Matrix // the influence matrix of X̃, m×N, where the variant is certified
	drift      []float64    // ‖X_t − X̃_t‖, where an alignment of order r is certified
	operations int64        // in the layers so far
	result     Result       // its layers are those so far
}

// fail ends a variant in a layer. The first error counts.
func (s *state) fail(layer int, err error) {
	if s.result.Err == nil {
		s.result.Err = fmt.Errorf("layer %d: %w", layer, err)
	}
}

// W, W̃ and Q of a tile have tileWeights weights each, which is a share of a cache, where
// that makes between leastTile and mostTile neurons. Each tile reads X̃ four times, which
// with fewer neurons than leastTile would be more memory than the weights themselves.
// Both are multiples of 24, the width of the widest tile of a product.
const (
	tileWeights = 1 << 19
	leastTile   = 192
	mostTile    = 480
)

// tileWidth is the number of neurons in a tile of a layer.
func (r *run) tileWidth(inputs, neurons int) int {
	if r.opt.Tile > 0 {
		return min(r.opt.Tile, neurons)
	}
	return min(min(max(tileWeights/inputs, leastTile), mostTile)/24*24, neurons)
}

// layer runs all variants through layer i.
func (r *run) layer(i int) error {
	inputs, neurons := r.in.Widths[i-1], r.in.Widths[i]
	tile := r.tileWidth(inputs, neurons)
	tiles := (neurons + tile - 1) / tile

	err := pool.Each(r.ctx, r.pool, len(r.variants), func() any { return nil }, func(_ any, v int) {
		r.prepare(i, r.variants[v])
	})
	if err != nil {
		return err
	}
	if err := r.chooseSteps(i, tile, tiles); err != nil {
		return err
	}

	last := i == r.in.Layers()
	pass := &layerPass{run: r, i: i, tile: tile, last: last,
		next: quant.NewMatrix(r.in.Samples, neurons), nextTest: quant.NewMatrix(r.in.Data.Test, neurons),
		exact: make(columnSums, neurons), activated: make(columnSums, neurons), activatedTest: make(columnSums, neurons),
		maxWeight: make([]float64, tiles)}
	for range r.variants {
		pass.variants = append(pass.variants, newVariantPass(neurons, tiles, r.in.Samples, r.in.Data.Test))
	}
	if err := r.eachTile(tiles, pass.quantizeTile); err != nil {
		return err
	}
	for v := range r.variants {
		pass.finish(v)
	}
	r.x, r.test = pass.next, pass.nextTest
	return nil
}

// prepare prepares layer i under a variant.
func (r *run) prepare(i int, s *state) {
	if s.result.Err != nil {
		return
	}
	start := time.Now()
	var err error
	s.layer, err = quant.NewLayer(r.x, s.xt, s.Method, quant.Options{Stream: r.in.order(i), Block: r.opt.Block, Neurons: r.in.Widths[i]})
	if err != nil {
		s.fail(i, err)
		return
	}
	s.alphabet = quant.Alphabet{Step: s.Alphabet.Step, K: s.Alphabet.K}
	layer := Layer{Layer: i, Inputs: r.in.Widths[i-1], Neurons: r.in.Widths[i]}
	num.Blank(&layer)
	layer.Seconds = num.Num(time.Since(start).Seconds())
	if s.certified() {
		var proxy bound.Proxy
		if s.influence, err = bound.Influence(s.layer.Visited()); err == nil {
			proxy, err = bound.Measure(s.influence)
			layer.ProxyRow, layer.ProxyFrobenius = num.Num(proxy.Row), num.Num(proxy.Frobenius)
			layer.ProxySpectral, layer.ProxyShare = num.Num(proxy.Spectral), num.Num(proxy.Share)
		}
		if err == nil && s.Method.Align.Kind == quant.AlignOrder {
			var contraction float64
			contraction, err = bound.Contraction(s.layer.Visited())
			layer.Contraction = num.Num(contraction)
			s.drift = columnDistances(r.x, s.xt)
		}
		if err != nil {
			s.fail(i, err)
			return
		}
	}
	s.result.Layers = append(s.result.Layers, layer)
}

// certified reports whether what the bounds after the fact need is measured of the
// variant. They are about stochastic path following in an order that all neurons share.
func (v Variant) certified() bool {
	m := v.Method
	return v.Certify && m.Feedback && m.Rounding == quant.Stochastic && m.Order != quant.ByWeight
}

// chooseSteps makes the pass over all tiles that steps from the data need, for the
// quantile of |w̃| of each neuron, and sets those steps.
func (r *run) chooseSteps(i, tile, tiles int) error {
	var need []*state
	for _, s := range r.variants {
		if s.result.Err == nil && s.Alphabet.Step == 0 {
			need = append(need, s)
		}
	}
	if len(need) == 0 {
		return nil
	}
	neurons := r.in.Widths[i]
	quantiles := make([]columnSums, len(need))
	seconds := make([][]float64, len(need))
	errs := make([][]error, len(need))
	for v := range need {
		quantiles[v], seconds[v], errs[v] = make(columnSums, neurons), make([]float64, tiles), make([]error, tiles)
	}
	err := r.eachTile(tiles, func(sc *scratch, n int) {
		t, _ := r.draw(i, n*tile, tile, sc)
		column, work := make([]float64, t.W.Rows), make([]float64, t.W.Rows)
		for v, s := range need {
			start := time.Now()
			if _, errs[v][n] = sc.align(s, &t); errs[v][n] != nil {
				continue
			}
			for j := range t.W.Cols {
				for c := range column {
					column[c] = quant.Row(t.Aligned, c)[j]
				}
				quantiles[v][t.First+j] = quant.AbsQuantile(s.Alphabet.Quantile, column, work)
			}
			seconds[v][n] = time.Since(start).Seconds()
		}
	})
	if err != nil {
		return err
	}
	for v, s := range need {
		rad := quantiles[v].total() / float64(neurons)
		step, err := quant.StepFromData(s.Alphabet.C, rad, s.Alphabet.K)
		for _, e := range errs[v] {
			if e != nil {
				err = e
			}
		}
		if err != nil {
			s.fail(i, err)
			continue
		}
		s.alphabet.Step = step
		s.result.Layers[i-1].Seconds += num.Num(columnSums(seconds[v]).total())
	}
	return nil
}

// scratch is the memory of one worker.
type scratch struct {
	ws                     quant.Workspace
	w, aligned, q          quant.Buffer
	fractions              quant.Buffer
	xw, testXW, xtwt, diff quant.Buffer
	xq, testXQ             quant.Buffer
}

// scratches lends scratch to the workers of one pass over the tiles of a layer, and keeps
// it for the next pass.
type scratches struct {
	mu         sync.Mutex
	free, lent []*scratch
}

func (s *scratches) take() *scratch {
	s.mu.Lock()
	defer s.mu.Unlock()
	sc := new(scratch)
	if n := len(s.free); n > 0 {
		sc, s.free = s.free[n-1], s.free[:n-1]
	}
	s.lent = append(s.lent, sc)
	return sc
}

// eachTile calls work for each tile, on the caller and on the workers that are idle.
func (r *run) eachTile(tiles int, work func(sc *scratch, n int)) error {
	err := pool.Each(r.ctx, r.pool, tiles, r.scratches.take, work)
	r.scratches.free = append(r.scratches.free, r.scratches.lent...) // all workers have returned
	r.scratches.lent = nil
	return err
}

// drawRows is the number of inputs whose weights are drawn at a time. They are few enough
// for a cache to hold them until they are multiplied. It is a multiple of the 256 steps
// that products sum at a time, so that it changes no bit.
const drawRows = 512

// draw returns the tile of layer i from neuron first on, with W drawn and XW computed,
// and ‖W‖_max.
func (r *run) draw(i, first, tile int, sc *scratch) (t quant.Tile, maxWeight float64) {
	inputs, neurons := r.in.Widths[i-1], r.in.Widths[i]
	cols := min(tile, neurons-first)
	t = quant.Tile{First: first, W: sc.w.Shape(inputs, cols), XW: sc.xw.Shape(r.in.Samples, cols)}
	streams := r.in.Weights.streams(r.in.weights(i), first, cols)
	for c0 := 0; c0 < inputs; c0 += drawRows {
		c1 := min(c0+drawRows, inputs)
		rows := quant.Rows(t.W, c0, c1)
		for c := range rows.Rows {
			r.in.Weights.row(c0+c, streams, quant.Row(rows, c))
		}
		maxWeight = max(maxWeight, maxAbs(rows))
		beta := 1.0
		if c0 == 0 {
			beta = 0
		}
		quant.Mul(t.XW, quant.Columns(r.x, c0, c1), rows, beta)
	}
	return t, maxWeight
}

// align sets W̃ of a tile for a variant. gap is that of a least maximum, else NaN.
func (sc *scratch) align(s *state, t *quant.Tile) (gap float64, err error) {
	if !s.layer.Aligns() {
		t.Aligned = t.W
		return math.NaN(), nil
	}
	t.Aligned = sc.aligned.Shape(t.W.Rows, t.W.Cols)
	gap, err = s.layer.Align(t, &sc.ws)
	if s.Method.Align.Kind != quant.AlignLeastMax {
		gap = math.NaN()
	}
	return gap, err
}
