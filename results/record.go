// record.go defines what is recorded of one variant on one trial, and of one
// search for the bits that a variant needs.

package results

// Provenance says what determined a record or search, and which session made
// it.
type Provenance struct {
	Key      string `json:"key" doc:"hash of what determines the row: network, data, variant, whether it was certified, seed, trial, versions of algorithm and random streams"`
	Manifest string `json:"manifest" doc:"hash of the manifest of the session that made the row (sessions/HASH.json); not reproducible"`
}

// Record is what was measured for one variant on one trial. Φ is the original
// network, Φ̃ the quantized one, X the m calibration samples.
type Record struct {
	Identity

	RelSqError     Num `json:"rel_sq_error" doc:"‖Φ(X) − Φ̃(X)‖_F² / ‖Φ(X)‖_F²"`
	RelError       Num `json:"rel_error" doc:"square root of rel_sq_error"`
	MaxError       Num `json:"max_error" doc:"largest entry of |Φ(X) − Φ̃(X)|"`
	MaxColumnError Num `json:"max_column_error" doc:"largest column 2-norm of Φ(X) − Φ̃(X), a column being one output over the samples"`

	TestRelSqError     Num `json:"test_rel_sq_error" doc:"rel_sq_error on the held-out samples"`
	TestRelError       Num `json:"test_rel_error" doc:"rel_error on the held-out samples"`
	TestMaxError       Num `json:"test_max_error" doc:"max_error on the held-out samples"`
	TestMaxColumnError Num `json:"test_max_column_error" doc:"max_column_error on the held-out samples"`

	BitsPerWeight Num   `json:"bits_per_weight" doc:"log2(2K+1), the largest over the layers; inf for the infinite alphabet"`
	MaxV          Num   `json:"max_v" doc:"largest |v|/δ before rounding, over all layers"`
	Saturated     int64 `json:"saturated" doc:"weights clipped to ±Kδ, over all layers"`
	Dead          int64 `json:"dead" doc:"columns of X̃ that are zero, over all layers"`
	Bias          Num   `json:"bias" doc:"n‖mean_j d_j‖² / Σ_j‖d_j‖² over the n columns d_j of Φ(X) − Φ̃(X): 1 where all neurons err alike, about 1/n where they err independently"`
	OutputSqNorm  Num   `json:"output_sq_norm" doc:"‖Φ(X)‖_F²"`
	InputSqNorm   Num   `json:"input_sq_norm" doc:"‖X‖_F²"`
	Operations    int64 `json:"operations" doc:"floating-point operations in the products and triangles of aligning and quantizing"`
	WeightCount   int64 `json:"weight_count" doc:"number of weights quantized"`

	Seconds Num    `json:"seconds" doc:"time spent on this variant (aligning, quantizing, its forward passes), summed over workers; not reproducible"`
	Error   string `json:"error" doc:"why the trial failed; empty if it did not"`

	Provenance

	// Tail counts the neurons of the last layer whose error on the first sample
	// exceeds 0.5, 1, …, 4 times the sub-Gaussian proxy (docs/theory.md, T1″).
	Tail     []int64 `json:"tail,omitempty"`
	PerLayer []Layer `json:"per_layer,omitempty"`
}

// Layer is what was measured in one layer of a record. X (X̃) are the layer's
// inputs in the original (quantized) network, W̃ the aligned weights, Q the
// quantized ones.
type Layer struct {
	Layer   int `json:"layer" doc:"layer number, from 1"`
	Inputs  int `json:"inputs" doc:"inputs N"`
	Neurons int `json:"neurons" doc:"neurons n"`

	Step          Num    `json:"layer_step" doc:"step δ in use"`
	K             int    `json:"layer_K" doc:"K in use; 0 for the infinite alphabet"`
	BitsPerWeight Num    `json:"layer_bits_per_weight" doc:"log2(2K+1)"`
	Form          string `json:"form" doc:"how columns are aligned and followed: direct, with u carried along, or gram, by inner products of columns; the one with fewer operations; empty where the method has no such choice"`
	AlignResidual Num    `json:"align_residual" doc:"‖XW − X̃W̃‖_F / ‖XW‖_F"`
	QuantError    Num    `json:"quant_error" doc:"‖X̃W̃ − X̃Q‖_F / ‖XW‖_F"`
	AlignMaxNorm  Num    `json:"align_max_column" doc:"largest column norm of XW − X̃W̃"`
	AlignMaxEntry Num    `json:"align_max_entry" doc:"largest entry of |XW − X̃W̃|"`
	MaxU          Num    `json:"max_u" doc:"largest entry of |X̃W̃ − X̃Q|"`
	MaxUColumn    Num    `json:"max_u_column" doc:"largest column norm of X̃W̃ − X̃Q"`
	MaxV          Num    `json:"layer_max_v" doc:"largest |v|/δ before rounding"`
	Saturated     int64  `json:"layer_saturated" doc:"weights clipped to ±Kδ"`
	Dead          int    `json:"layer_dead" doc:"columns of X̃ that are zero"`
	Rank          int    `json:"rank" doc:"numerical rank of X̃ where an exact alignment needed it; 0 where not"`

	Kappa       Num `json:"kappa" doc:"κ = max/min norm of the columns of X̃ that are not zero"`
	MaxNorm     Num `json:"max_norm" doc:"largest column norm of X"`
	MaxNormQ    Num `json:"max_norm_q" doc:"largest column norm of X̃"`
	MaxWeight   Num `json:"max_weight" doc:"‖W‖_max, the largest |w|"`
	MaxAligned  Num `json:"max_aligned" doc:"‖W̃‖_max, the largest |w̃|"`
	LeastMaxGap Num `json:"least_max_gap" doc:"exact-max only: certified relative gap between max|w̃| and the least possible, the worst neuron's"`

	// What bounds from the data and after the fact need (docs/theory.md, T1″, T1‴);
	// measured where a claim asks for such a bound.
	ProxyRow       Num `json:"proxy_row" doc:"ρ, the largest row norm of the influence matrix of X̃; empty where no claim asked"`
	ProxyFrobenius Num `json:"proxy_frobenius" doc:"Frobenius norm of the influence matrix"`
	ProxySpectral  Num `json:"proxy_spectral" doc:"spectral norm of the influence matrix"`
	ProxyShare     Num `json:"proxy_share" doc:"largest share max|a|/norm of one input in a row of the influence matrix"`
	Observed       Num `json:"observed" doc:"what takes the place of ρ once the rounded fractions are known"`
	Contraction    Num `json:"contraction" doc:"‖P_N…P_1‖ of X̃: what one more pass of an alignment of order r leaves of the residual, at most"`
	Drift          Num `json:"drift" doc:"largest Σ_t |w_t|·‖X_t − X̃_t‖ of a neuron: what the first pass leaves, at most"`

	OutputMaxError Num `json:"output_max_column_error" doc:"largest column norm of the layer's output error, after the activation"`
	Seconds        Num `json:"layer_seconds" doc:"time spent on this layer; not reproducible"`
}

// Search is the outcome of looking for the smallest K whose error is within a
// factor of the infinite alphabet's, on one instance with one set of draws.
type Search struct {
	Identity

	Factor      Num `json:"factor" doc:"allowed ratio of relative squared errors"`
	ErrorInf    Num `json:"error_inf" doc:"rel_sq_error of the infinite alphabet"`
	NeededK     int `json:"needed_K" doc:"a K whose error is within the factor while K − 1's is not"`
	NeededBits  Num `json:"needed_bits" doc:"log2(2·needed_K + 1)"`
	NeededError Num `json:"needed_error" doc:"rel_sq_error at needed_K"`
	FirstFreeK  int `json:"first_free_K" doc:"K without any saturation in the first layer: the largest |v|/δ there, rounded up"`
	FirstBits   Num `json:"first_free_bits" doc:"log2(2·first_free_K + 1)"`
	FreeK       int `json:"free_K" doc:"K without any saturation in any layer"`
	FreeBits    Num `json:"free_bits" doc:"log2(2·free_K + 1)"`
	Evaluations int `json:"evaluations" doc:"values of K tried in the search, each a network quantized"`

	Seconds Num    `json:"seconds" doc:"time spent on the search; not reproducible"`
	Error   string `json:"error" doc:"why the search failed; empty if it did not"`

	Provenance
}
