// measurement.go defines what is measured of a quantized network and of each of
// its layers. Records consist of these structs: the json tags name the columns of
// their files, the doc tags say what the columns mean.

package sim

import "spfq/internal/num"

// Measurement is what was measured of one variant on one instance. Φ is the
// original network, Φ̃ the quantized one, X the m calibration samples.
type Measurement struct {
	RelSqError     num.Num `json:"rel_sq_error" doc:"‖Φ(X) − Φ̃(X)‖_F² / ‖Φ(X)‖_F²"`
	RelError       num.Num `json:"rel_error" doc:"square root of rel_sq_error"`
	MaxError       num.Num `json:"max_error" doc:"largest entry of |Φ(X) − Φ̃(X)|"`
	MaxColumnError num.Num `json:"max_column_error" doc:"largest column 2-norm of Φ(X) − Φ̃(X), a column being one output over the samples"`

	// Of the held-out samples, where there are any and Φ is not zero on all of them.
	TestRelSqError     num.Num `json:"test_rel_sq_error" doc:"rel_sq_error on the held-out samples"`
	TestRelError       num.Num `json:"test_rel_error" doc:"rel_error on the held-out samples"`
	TestMaxError       num.Num `json:"test_max_error" doc:"max_error on the held-out samples"`
	TestMaxColumnError num.Num `json:"test_max_column_error" doc:"max_column_error on the held-out samples"`

	BitsPerWeight num.Num   `json:"bits_per_weight" doc:"log2(2K+1), the largest over the layers; inf for the infinite alphabet"`
	MaxV          num.Num   `json:"max_v" doc:"largest |v|/δ before rounding, over all layers"`
	Saturated     num.Count `json:"saturated" doc:"weights clipped to ±Kδ, over all layers"`
	Dead          num.Count `json:"dead" doc:"columns of X̃ that are zero, over all layers"`
	Bias          num.Num   `json:"bias" doc:"n‖mean_j d_j‖² / Σ_j‖d_j‖² over the n columns d_j of Φ(X) − Φ̃(X): 1 where all neurons err alike, about 1/n where they err independently"`
	OutputSqNorm  num.Num   `json:"output_sq_norm" doc:"‖Φ(X)‖_F²"`
	InputSqNorm   num.Num   `json:"input_sq_norm" doc:"‖X‖_F²"`
	Operations    num.Count `json:"operations" doc:"floating-point operations in the products and triangles of aligning and quantizing"`
	WeightCount   num.Count `json:"weight_count" doc:"number of weights quantized"`

	Seconds num.Num `json:"seconds" doc:"time spent on this variant (aligning, quantizing, its forward passes), summed over workers; not reproducible"`
}

// Layer is what was measured in one layer of one variant. X (X̃) are the layer's
// inputs in the original (quantized) network, W̃ the aligned weights, Q the
// quantized ones.
type Layer struct {
	Layer   int `json:"layer" doc:"layer number, from 1"`
	Inputs  int `json:"inputs" doc:"inputs N"`
	Neurons int `json:"neurons" doc:"neurons n"`

	Step          num.Num   `json:"layer_step" doc:"step δ in use"`
	K             int       `json:"layer_K" doc:"K in use; 0 for the infinite alphabet"`
	BitsPerWeight num.Num   `json:"layer_bits_per_weight" doc:"log2(2K+1)"`
	Form          string    `json:"form" doc:"how columns are aligned and followed: direct, with u carried along, or gram, by inner products of columns; the one with fewer operations; empty where the method has no such choice"`
	AlignResidual num.Num   `json:"align_residual" doc:"‖XW − X̃W̃‖_F / ‖XW‖_F"`
	QuantError    num.Num   `json:"quant_error" doc:"‖X̃W̃ − X̃Q‖_F / ‖XW‖_F"`
	AlignMaxNorm  num.Num   `json:"align_max_column" doc:"largest column norm of XW − X̃W̃"`
	AlignMaxEntry num.Num   `json:"align_max_entry" doc:"largest entry of |XW − X̃W̃|"`
	MaxU          num.Num   `json:"max_u" doc:"largest entry of |X̃W̃ − X̃Q|"`
	MaxUColumn    num.Num   `json:"max_u_column" doc:"largest column norm of X̃W̃ − X̃Q"`
	MaxV          num.Num   `json:"layer_max_v" doc:"largest |v|/δ before rounding"`
	Saturated     num.Count `json:"layer_saturated" doc:"weights clipped to ±Kδ"`
	Dead          num.Count `json:"layer_dead" doc:"columns of X̃ that are zero"`
	Rank          int       `json:"rank" doc:"numerical rank of X̃ where an exact alignment needed it; 0 where not"`

	Kappa       num.Num `json:"kappa" doc:"κ = max/min norm of the columns of X̃ that are not zero"`
	MaxNorm     num.Num `json:"max_norm" doc:"largest column norm of X"`
	MaxNormQ    num.Num `json:"max_norm_q" doc:"largest column norm of X̃"`
	MaxWeight   num.Num `json:"max_weight" doc:"‖W‖_max, the largest |w|"`
	MaxAligned  num.Num `json:"max_aligned" doc:"‖W̃‖_max, the largest |w̃|"`
	LeastMaxGap num.Num `json:"least_max_gap" doc:"exact-max only: certified relative gap between max|w̃| and the least possible, the worst neuron's"`

	// What bounds from the data and after the fact need (docs/theory.md, T1″, T1‴),
	// measured where the variant is certified.
	ProxyRow       num.Num `json:"proxy_row" doc:"ρ, the largest row norm of the influence matrix of X̃; empty where no claim asked"`
	ProxyFrobenius num.Num `json:"proxy_frobenius" doc:"Frobenius norm of the influence matrix"`
	ProxySpectral  num.Num `json:"proxy_spectral" doc:"spectral norm of the influence matrix"`
	ProxyShare     num.Num `json:"proxy_share" doc:"largest share max|a|/norm of one input in a row of the influence matrix"`
	Observed       num.Num `json:"observed" doc:"what takes the place of ρ once the rounded fractions are known"`
	Contraction    num.Num `json:"contraction" doc:"‖P_N…P_1‖ of X̃: what one more pass of an alignment of order r leaves of the residual, at most"`
	Drift          num.Num `json:"drift" doc:"largest Σ_t |w_t|·‖X_t − X̃_t‖ of a neuron: what the first pass leaves, at most"`

	OutputMaxError num.Num `json:"output_max_column_error" doc:"largest column norm of the layer's output error, after the activation"`
	Seconds        num.Num `json:"layer_seconds" doc:"time spent on this layer; not reproducible"`
}

// Result is what one variant did to the network of an instance.
type Result struct {
	Err error // why the variant failed; then nothing else is known but the number of weights
	Measurement
	Layers []Layer
	// Tail counts, where the variant was certified, the neurons of the last
	// layer whose error on the first sample exceeds each of TailThresholds, in
	// units of the sub-Gaussian proxy of docs/theory.md, T1″.
	Tail []int64
}

// TailThresholds are the multiples of the proxy at which tails are counted.
var TailThresholds = []float64{0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4}

// Failed returns the result of a variant that failed on an instance.
func Failed(in Instance, err error) Result {
	return Result{Err: err, Measurement: unmeasured(in)}
}

// unmeasured returns what is known of an instance before anything is measured: the
// number of its weights.
func unmeasured(in Instance) Measurement {
	var m Measurement
	num.Blank(&m)
	m.WeightCount = num.Count(in.WeightCount())
	return m
}
