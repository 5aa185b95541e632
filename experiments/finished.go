// finished.go recognizes a run in which nothing is left to do, so that running it
// again takes no longer than reading its files.

package experiments

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"spfq/experiments/claim"
	"spfq/results"
)

// Finished is a run that is whole: every trial is there, none failed, and every file
// that is made from them is written.
type Finished struct {
	Records int // number of records measured
	Claims  []results.Claim
	Console string // what Execution.Report printed
}

// Finished reports whether dir holds the whole run of this plan, made by this very
// program, and no file has changed since. Executing the plan there would then change
// nothing, unless everything is to be run again.
func (e *Experiment) Finished(dir string) (*Finished, bool) {
	s, ok := results.ReadStamp(dir)
	if !ok || s.Config != e.configSum() {
		return nil, false
	}
	claims, err := results.ReadClaims(dir)
	if err != nil || len(claims) != len(s.ClaimOf) {
		return nil, false
	}
	for i, of := range s.ClaimOf {
		if of < 0 || of >= len(e.Spec.Claims) {
			return nil, false
		}
		claims[i].Line = claim.BaseOf(e.Spec.Claims[of]).Line
	}
	return &Finished{s.Records, claims, s.Console}, true
}

// stamp marks the run in dir as finished, if it is whole.
func (m *Measured) stamp(dir, console string, claims []results.Claim) error {
	if len(m.Records) == 0 || slices.ContainsFunc(m.Records, func(r results.Record) bool { return r.Error != "" }) ||
		slices.ContainsFunc(m.Searches, func(s results.Search) bool { return s.Error != "" }) {
		return nil
	}
	s := results.Stamp{Config: m.Plan.configSum(), Records: len(m.Records), ClaimOf: []int{}, Console: console}
	for _, c := range claims {
		s.ClaimOf = append(s.ClaimOf, c.Of)
	}
	return results.WriteStamp(dir, s)
}

// configSum returns the SHA-256 of the resolved config in hexadecimal digits.
func (e *Experiment) configSum() string {
	sum := sha256.Sum256(e.Spec.YAML())
	return hex.EncodeToString(sum[:])
}
