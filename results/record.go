// record.go defines what is recorded of one variant on one trial, and of one
// search for the bits that a variant needs.

package results

import "spfq/sim"

// Identity is everything that determines a record, apart from the versions
// that the manifest keeps. Two records with equal identities of one algorithm
// version hold equal numbers, timings aside.
type Identity struct {
	Method   string `json:"method" doc:"method as named in the config: spfq, gpfq, rtn, stochastic"`
	Align    string `json:"align" doc:"alignment: none, order-R, exact (least change), exact-max (least maximum)"`
	Feedback bool   `json:"feedback" doc:"whether the error is fed back along the path"`
	Rounding string `json:"rounding" doc:"nearest or stochastic"`
	Order    string `json:"order" doc:"order of the columns: natural, norm, weight, random"`

	Step     Num    `json:"step" doc:"step δ of the alphabet; empty when it is chosen per layer from the data"`
	C        Num    `json:"C" doc:"constant C of the step from data, δ = C·rad/K; empty when the step is given"`
	Quantile Num    `json:"quantile" doc:"quantile p of |w| in rad; empty when the step is given"`
	Bits     Num    `json:"bits" doc:"bits b a weight as asked for; inf for the infinite alphabet"`
	Levels   string `json:"levels" doc:"how bits become levels: signed (K = 2^(b-1) - 1) or paper (K = 2^(b-1)); empty for the infinite alphabet"`
	K        int    `json:"K" doc:"levels kδ, |k| <= K; 0 for the infinite alphabet"`

	ActivationBits Num `json:"activation_bits" doc:"bits of the hidden activations of the quantized network; inf where they are not rounded"`

	Width       int    `json:"width" doc:"largest number of inputs N of a layer"`
	Widths      string `json:"widths" doc:"sizes N_0-N_1-…-N_L of the network"`
	Layers      int    `json:"layers" doc:"number of layers L"`
	Weights     string `json:"weights" doc:"distribution of the weights"`
	Biases      bool   `json:"biases" doc:"whether layers have (full-precision) biases"`
	Activation  string `json:"activation" doc:"activation of the hidden layers; the last layer is linear"`
	Source      string `json:"source" doc:"distribution of the data"`
	Dimension   int    `json:"dimension" doc:"dimension d of the subspace the data lie near; 0 where there is none"`
	Noise       Num    `json:"noise" doc:"standard deviation of the noise off the subspace, relative to a coordinate's; empty where there is none"`
	Samples     int    `json:"samples" doc:"calibration samples m"`
	TestSamples int    `json:"test_samples" doc:"held-out samples, never shown to a method"`

	Trial int    `json:"trial" doc:"trial number, from 0"`
	Seed  uint64 `json:"seed" doc:"seed of the run; with the sizes and the trial it determines every draw"`
}

// Provenance says what determined a record or search, and which session made
// it.
type Provenance struct {
	Key      string `json:"key" doc:"hash of what determines the row: network, data, variant, whether it was certified, seed, trial, versions of algorithm and random streams"`
	Manifest string `json:"manifest" doc:"hash of the manifest of the session that made the row (sessions/HASH.json); not reproducible"`
}

// Record is what was measured of one variant on one trial.
type Record struct {
	Identity

	sim.Measurement // of a trial that failed, WeightCount alone

	Error string `json:"error" doc:"why the trial failed; empty if it did not"`

	Provenance

	// Tail counts the neurons of the last layer whose error on the first sample
	// exceeds 0.5, 1, …, 4 times the sub-Gaussian proxy (docs/theory.md, T1″).
	Tail     []int64 `json:"tail,omitempty"`
	PerLayer []Layer `json:"per_layer,omitempty"`
}

// Layer is what was measured in one layer of a record.
type Layer = sim.Layer

// Search is the outcome of looking for the smallest K whose error is within a
// factor of the infinite alphabet's, on one instance with one set of draws.
type Search struct {
	Identity

	Factor      Num   `json:"factor" doc:"allowed ratio of relative squared errors"`
	ErrorInf    Num   `json:"error_inf" doc:"rel_sq_error of the infinite alphabet"`
	NeededK     Count `json:"needed_K" doc:"a K whose error is within the factor while K − 1's is not"`
	NeededBits  Num   `json:"needed_bits" doc:"log2(2·needed_K + 1)"`
	NeededError Num   `json:"needed_error" doc:"rel_sq_error at needed_K"`
	FirstFreeK  Count `json:"first_free_K" doc:"K without any saturation in the first layer: the largest |v|/δ there, rounded up"`
	FirstBits   Num   `json:"first_free_bits" doc:"log2(2·first_free_K + 1)"`
	FreeK       Count `json:"free_K" doc:"K without any saturation in any layer"`
	FreeBits    Num   `json:"free_bits" doc:"log2(2·free_K + 1)"`
	Evaluations Count `json:"evaluations" doc:"values of K tried in the search, each a network quantized"`

	Seconds Num    `json:"seconds" doc:"time spent on the search; not reproducible"`
	Error   string `json:"error" doc:"why the search failed; empty if it did not"`

	Provenance
}
