// claim.go defines a judged claim as it is written to claims.json.

package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
)

// ClaimsFile is the name of a run's judged claims.
const ClaimsFile = "claims.json"

// Verdicts of a claim.
const (
	Supported    = "supported"
	Refuted      = "refuted"
	Inconclusive = "inconclusive"
)

// Claim is a claim of a config as it was judged by the records of a run. A claim about
// several series is judged once for each.
type Claim struct {
	Kind      string         `json:"kind" doc:"kind of claim, as in the config"`
	Statement string         `json:"statement" doc:"what is claimed, in words"`
	Where     map[string]any `json:"where" doc:"which records it is about"`

	Quantity   string `json:"quantity" doc:"what was estimated"`
	Estimate   Num    `json:"estimate" doc:"its estimate"`
	Lo         Num    `json:"lo" doc:"lower end of its interval"`
	Hi         Num    `json:"hi" doc:"upper end of its interval"`
	Confidence Num    `json:"confidence" doc:"confidence of the interval"`
	Demanded   string `json:"demanded" doc:"what was demanded, in words"`
	DemandLo   Num    `json:"demand_lo" doc:"least value demanded"`
	DemandHi   Num    `json:"demand_hi" doc:"largest value demanded"`

	// The p-values behind the verdicts supported and refuted, corrected over the
	// claims of the run by Holm's method; missing where a verdict rests on none.
	PSupported Num `json:"p_supported" doc:"p-value against the claim being false, small supports it"`
	PRefuted   Num `json:"p_refuted" doc:"p-value against the claim being true, small refutes it"`

	Trials   int      `json:"trials" doc:"trials (or records) that the estimate rests on"`
	Verdict  string   `json:"verdict" doc:"supported, refuted or inconclusive"`
	Notes    []string `json:"notes,omitempty" doc:"figures reported beside the estimate, and warnings"`
	Theorem  string   `json:"theorem,omitempty" doc:"bound claims: which theorem"`
	Over     string   `json:"over,omitempty" doc:"the axis along which the claim looks"`
	Metric   string   `json:"metric,omitempty" doc:"the column it is about"`
	Bounds   []Bound  `json:"bounds,omitempty" doc:"bound claims: measured value and bound of each record"`
	Constant Num      `json:"constant" doc:"power laws: c of c·x^estimate"`

	// Line is the line of the config on which the claim stands, 0 if it was not
	// judged from a config; Of is its number among the claims there, from 0.
	Line int `json:"-"`
	Of   int `json:"-"`
}

// Bound is a measured value of a record with the bound that a theorem puts on it.
type Bound struct {
	Identity
	Measured Num  `json:"measured" doc:"measured value"`
	Bound    Num  `json:"bound" doc:"right-hand side of the theorem"`
	Violated bool `json:"violated" doc:"whether the measured value exceeds the bound"`
}

// ReadClaims reads the judged claims of the run in dir.
func ReadClaims(dir string) ([]Claim, error) {
	path := filepath.Join(dir, ClaimsFile)
	data, err := ReadFile(path, MaxNumbers)
	if err != nil {
		return nil, err
	}
	var claims []Claim
	if err = json.Unmarshal(data, &claims); err == nil && claims == nil {
		err = errors.New("null, want a list")
	}
	for i, c := range claims {
		if err == nil && c.Verdict != Supported && c.Verdict != Refuted && c.Verdict != Inconclusive {
			err = fmt.Errorf("claim %d has the verdict %q", i+1, c.Verdict)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: not the claims of a run (%v)", path, err)
	}
	return claims, nil
}

// Summary is the claims of several runs.
type Summary struct {
	Runs []RunSummary `json:"runs"`
}

// RunSummary is one run of a summary: what it was about and how its claims were judged.
type RunSummary struct {
	Name       string  `json:"name"`
	About      string  `json:"about"`
	ConfigHash string  `json:"config_hash"`
	Dir        string  `json:"-"`
	Claims     []Claim `json:"claims"` // without the bounds of single records
}
