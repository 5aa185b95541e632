// theorems.go has the table of the theorems of docs/theory.md that claims can name, with
// the functions that take a theorem's measured value and bound from a record.

package claim

import (
	"errors"
	"maps"
	"math"
	"slices"

	"spfq/quant/bound"
	"spfq/results"
)

// theorem is a bound that records can be held against.
type theorem struct {
	about    string // its name in docs/theory.md and what it bounds
	exact    bool   // whether it needs an exact alignment in every layer
	certify  bool   // whether it needs what only certified variants measure
	last     bool   // whether it conditions on everything before the last layer, so that weights of earlier layers may be clipped
	orderR   bool   // whether it is about alignments of order r
	gaussian bool   // whether it is about Gaussian weights, ReLU and no biases
	// bound returns the value of a record that the theorem bounds, and the bound that
	// it meets with probability 1 − eta.
	bound func(r *results.Record, eta float64) (measured, bound float64, err error)
}

// theorems by name.
var theorems = map[string]theorem{
	"one_layer": {
		about: "T1: max|X̃W̃ − X̃Q| of each layer, the paper's constant",
		bound: worstLayer(entry, func(r *results.Record, l results.Layer, eta float64) (float64, error) {
			return bound.OneLayer(bound.Convex, float64(l.Step), float64(l.MaxNormQ), r.Samples, l.Neurons, eta)
		})},
	"one_layer_sharp": {
		about: "T1′: max|X̃W̃ − X̃Q| of each layer, Hoeffding's constant",
		bound: worstLayer(entry, func(r *results.Record, l results.Layer, eta float64) (float64, error) {
			return bound.OneLayer(bound.Hoeffding, float64(l.Step), float64(l.MaxNormQ), r.Samples, l.Neurons, eta)
		})},
	"one_layer_column": {
		about: "T1c: largest column norm of X̃W̃ − X̃Q of each layer",
		bound: worstLayer(column, func(r *results.Record, l results.Layer, eta float64) (float64, error) {
			return bound.OneLayerColumn(float64(l.Step), float64(l.MaxNormQ), r.Samples, l.Neurons, eta)
		})},
	"layer_data": {
		about: "T1″: max|X̃W̃ − X̃Q| of each layer, from the data", certify: true,
		bound: worstLayer(entry, dataLayer)},
	"layer_data_column": {
		about: "T1c from the data: largest column norm of X̃W̃ − X̃Q of each layer", certify: true,
		bound: worstLayer(column, dataColumn)},
	"layer_observed": {
		about: "T1‴: max|X̃W̃ − X̃Q| of each layer, from the rounded fractions", certify: true,
		bound: worstLayer(entry, observedLayer)},
	"full_network": {
		about: "T3: largest column norm of Φ(X) − Φ̃(X), the paper's constant", exact: true,
		bound: fullNetwork(func(l []bound.Layer, m int, eta float64) ([]float64, error) {
			return bound.FullNetwork(bound.Convex, l, m, eta)
		})},
	"full_network_sharp": {
		about: "T3: largest column norm of Φ(X) − Φ̃(X), Hoeffding's constant", exact: true,
		bound: fullNetwork(func(l []bound.Layer, m int, eta float64) ([]float64, error) {
			return bound.FullNetwork(bound.Hoeffding, l, m, eta)
		})},
	"full_network_column": {
		about: "T3c: largest column norm of Φ(X) − Φ̃(X), by columns", exact: true,
		bound: fullNetwork(bound.FullNetworkColumn)},
	"gauss_network": {
		about: "T3-Gauss: N_L·max_j ‖Φ(X)_j − Φ̃(X)_j‖² over E‖Φ(X)‖_F²", exact: true, gaussian: true,
		bound: gaussNetwork},
	"order_r": {
		about: "T2 with T1′: largest entry of |XW − X̃Q| of the last layer, alignment of order r", certify: true, last: true, orderR: true,
		bound: orderR},
	"finite_alphabet": {
		about: "T4: largest |v|/δ of each layer, hence the K without saturation",
		bound: worstLayer(func(l results.Layer) float64 { return float64(l.MaxV) }, func(_ *results.Record, l results.Layer, eta float64) (float64, error) {
			k, _, err := bound.FiniteAlphabet(bound.Hoeffding, float64(l.Step), float64(l.MaxAligned), float64(l.Kappa), l.Inputs, l.Neurons, eta)
			return float64(k), err
		})},
	"certificate": {
		about: "T3″: largest entry of |Φ(X) − Φ̃(X)|, certified from the last layer's data", certify: true, last: true,
		bound: certificate(dataLayer, func(r *results.Record, l results.Layer) (float64, float64) {
			return float64(r.MaxError), float64(l.AlignMaxEntry)
		})},
	"certificate_observed": {
		about: "T3‴: largest entry of |Φ(X) − Φ̃(X)|, certified from the last layer's fractions", certify: true, last: true,
		bound: certificate(observedLayer, func(r *results.Record, l results.Layer) (float64, float64) {
			return float64(r.MaxError), float64(l.AlignMaxEntry)
		})},
	"certificate_column": {
		about: "T3″: largest column norm of Φ(X) − Φ̃(X), certified from the last layer's data", certify: true, last: true,
		bound: certificate(dataColumn, func(r *results.Record, l results.Layer) (float64, float64) {
			return float64(r.MaxColumnError), float64(l.AlignMaxNorm)
		})},
}

func theoremNames() []string { return slices.Sorted(maps.Keys(theorems)) }

// layerBound is a bound on a layer of a record that fails with probability eta.
type layerBound func(r *results.Record, l results.Layer, eta float64) (float64, error)

var errNotMeasured = errors.New("the quantity was not measured")

var errNotCertified = errors.New("what the bound needs was not measured")

func dataLayer(r *results.Record, l results.Layer, eta float64) (float64, error) {
	if l.ProxyRow.IsMissing() {
		return 0, errNotCertified
	}
	return bound.DataLayer(float64(l.Step), float64(l.ProxyRow), r.Samples, l.Neurons, eta)
}

func dataColumn(_ *results.Record, l results.Layer, eta float64) (float64, error) {
	if l.ProxyFrobenius.IsMissing() {
		return 0, errNotCertified
	}
	return bound.DataColumn(float64(l.Step), float64(l.ProxyFrobenius), float64(l.ProxySpectral), l.Neurons, eta)
}

func observedLayer(r *results.Record, l results.Layer, eta float64) (float64, error) {
	if l.Observed.IsMissing() {
		return 0, errNotCertified
	}
	return bound.ObservedLayer(float64(l.Step), float64(l.Observed), r.Samples, l.Neurons, eta)
}

func entry(l results.Layer) float64  { return float64(l.MaxU) }
func column(l results.Layer) float64 { return float64(l.MaxUColumn) }

// worstLayer makes the bound of a record from the bound of a layer. The layers share η
// equally, and the layer that comes nearest to its bound, or exceeds it most, stands for
// the record.
func worstLayer(measure func(results.Layer) float64, b layerBound) func(*results.Record, float64) (float64, float64, error) {
	return func(r *results.Record, eta float64) (measured, limit float64, err error) {
		worst := -1.0
		for _, l := range r.PerLayer {
			at, err := b(r, l, eta/float64(len(r.PerLayer)))
			if err != nil {
				return 0, 0, err
			}
			u, ratio := measure(l), 0.0
			if u > 0 {
				ratio = u / at
			}
			if ratio > worst {
				worst, measured, limit = ratio, u, at
			}
		}
		return measured, limit, nil
	}
}

// fullNetwork makes the bound of a record from a bound on a whole network, which b returns
// for each layer from the layers' sizes and norms, the number of samples and η.
func fullNetwork(b func([]bound.Layer, int, float64) ([]float64, error)) func(*results.Record, float64) (float64, float64, error) {
	return func(r *results.Record, eta float64) (measured, limit float64, err error) {
		var layers []bound.Layer
		for _, l := range r.PerLayer {
			layers = append(layers, bound.Layer{Step: float64(l.Step), Neurons: l.Neurons, MaxNorm: float64(l.MaxNorm)})
		}
		bounds, err := b(layers, r.Samples, eta)
		if err != nil {
			return 0, 0, err
		}
		return float64(r.MaxColumnError), bounds[len(bounds)-1], nil
	}
}

// certificate makes the bound of a record from the bound b of its last layer. pick returns
// the value that is bounded and the alignment residual of that layer.
func certificate(b layerBound, pick func(*results.Record, results.Layer) (measured, residual float64)) func(*results.Record, float64) (float64, float64, error) {
	return func(r *results.Record, eta float64) (float64, float64, error) {
		last := r.PerLayer[len(r.PerLayer)-1]
		layer, err := b(r, last, eta)
		if err != nil {
			return 0, 0, err
		}
		measured, residual := pick(r, last)
		limit, err := bound.Certificate(residual, layer)
		return measured, limit, err
	}
}

// gaussNetwork returns what T3-Gauss bounds, relative to the expected squared norm of the
// output, and its bound.
func gaussNetwork(r *results.Record, eta float64) (measured, limit float64, err error) {
	expected, relative, err := expectedNorm(r, eta)
	n := float64(r.PerLayer[len(r.PerLayer)-1].Neurons)
	return n * float64(r.MaxColumnError) * float64(r.MaxColumnError) / expected, relative, err
}

// expectedNorm returns E‖Φ(X)‖_F² of a Gaussian network and T3-Gauss's bound.
func expectedNorm(r *results.Record, eta float64) (expected, relative float64, err error) {
	var steps []float64
	var neurons []int
	for _, l := range r.PerLayer {
		steps, neurons = append(steps, float64(l.Step)), append(neurons, l.Neurons)
	}
	return bound.GaussNetwork(float64(r.InputSqNorm), float64(r.PerLayer[0].MaxNorm), steps, neurons, r.Samples, eta)
}

// orderR returns the largest error of the last layer and its bound by T2 and T1′.
func orderR(r *results.Record, eta float64) (measured, limit float64, err error) {
	l := r.PerLayer[len(r.PerLayer)-1]
	if l.Drift.IsMissing() {
		return 0, 0, errNotCertified
	}
	residual, err := bound.Residual(float64(l.Drift), float64(l.Contraction), alignOf(&r.Identity).Passes)
	if err != nil {
		return 0, 0, err
	}
	limit, err = bound.OrderR(bound.Hoeffding, float64(l.Step), float64(l.MaxNormQ), residual, r.Samples, l.Neurons, eta)
	return float64(r.MaxError), limit, err
}

// maxResidual is the relative alignment residual up to which an alignment counts as exact.
// It is far above rounding errors and far below any quantization error.
const maxResidual = 1e-8

// violatesAssumption says which assumption of the theorem a record does not meet. It
// returns "" if the record meets all of them.
func (t theorem) violatesAssumption(r *results.Record) string {
	for i, l := range r.PerLayer {
		if l.Saturated != 0 && (!t.last || i == len(r.PerLayer)-1) {
			if l.Saturated.IsMissing() {
				return "it is not known whether weights were clipped"
			}
			return "weights were clipped"
		}
		if t.exact && !(math.Abs(float64(l.AlignResidual)) <= maxResidual) {
			return "the alignment is not exact (X̃ has not rank m)"
		}
	}
	return ""
}

// TheoremText explains a theorem that claims can name.
type TheoremText struct {
	Name  string
	About string // its name in docs/theory.md and what it bounds
	Needs []string
}

// Theorems explains all theorems, in alphabetical order of their names.
func Theorems() []TheoremText {
	var out []TheoremText
	for _, name := range slices.Sorted(maps.Keys(theorems)) {
		th := theorems[name]
		t := TheoremText{Name: name, About: th.about, Needs: []string{"stochastic path following"}}
		for _, need := range []struct {
			applies bool
			text    string
		}{
			{!th.last, "no clipped weight"},
			{th.last, "no clipped weight in the last layer"},
			{th.exact, "exact alignment"},
			{th.exact, "activations that are not rounded"},
			{th.orderR, "alignment order-R"},
			{th.gaussian, "Gaussian weights, no biases, ReLU, a given step"},
			{th.certify, "an order of the columns that all neurons share"},
		} {
			if need.applies {
				t.Needs = append(t.Needs, need.text)
			}
		}
		out = append(out, t)
	}
	return out
}
