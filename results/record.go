// record.go defines what is recorded of one variant on one trial, and of one
// search for the bits that a variant needs.

package results

import "spfq/sim"

// Provenance says what determined a record or search, and which session made
// it.
type Provenance struct {
	Key      string `json:"key" doc:"hash of what determines the row: network, data, variant, whether it was certified, seed, trial, versions of algorithm and random streams"`
	Manifest string `json:"manifest" doc:"hash of the manifest of the session that made the row (sessions/HASH.json); not reproducible"`
}

// Record is what was measured of one variant on one trial.
type Record struct {
	Identity

	sim.Measurement // if the trial failed, all of it is missing except WeightCount

	Error string `json:"error" doc:"why the trial failed; empty if it did not"`

	Provenance

	// Tail counts the neurons of the last layer whose error on the first sample
	// exceeds 0.5, 1, …, 4 times the sub-Gaussian proxy (docs/theory.md, T1″).
	Tail     []int64 `json:"tail,omitempty"`
	PerLayer []Layer `json:"per_layer,omitempty"`
}

// Whole reports whether the trial did not fail and the record has all that is
// measured of one.
func (r *Record) Whole() bool {
	return r.Error == "" && len(r.PerLayer) == r.Layers && !r.RelSqError.IsMissing()
}

// Whole reports whether the search did not fail and found a K.
func (s *Search) Whole() bool { return s.Error == "" && !s.NeededK.IsMissing() && s.NeededK >= 1 }

// Layer is what was measured in one layer of a record.
type Layer = sim.Layer

// Search is the outcome of looking for the smallest K whose error is within a
// factor of the infinite alphabet's, on one instance. All values of K are tried with
// the same random draws.
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
