// experiment.go reads configs and plans them.

package experiments

import (
	"fmt"
	"path/filepath"

	"spfq/experiments/claim"
	"spfq/experiments/config"
	"spfq/experiments/plan"
	"spfq/results"
)

// Experiment is a config with its plan: what is to be run, and how it is judged.
type Experiment struct{ *plan.Plan }

// Load reads the config in a file, with key.path=value changes applied, and plans
// it. All that is wrong with it comes as one *config.Error.
func Load(path string, sets []string) (*Experiment, error) {
	return planned(config.Load(path, sets))
}

// Parse is Load for a config in memory; file names it in messages.
func Parse(file string, data []byte, sets []string) (*Experiment, error) {
	return planned(config.Parse(file, data, sets))
}

// planned plans a config that was read, if it was.
func planned(doc *config.Document, err error) (*Experiment, error) {
	if err != nil {
		return nil, err
	}
	p, err := plan.New(doc.Spec, doc.Fail)
	if err != nil {
		return nil, err
	}
	if err := doc.Err(); err != nil {
		return nil, err
	}
	return &Experiment{p}, nil
}

// Folder is where an experiment runs unless told otherwise. It has the config's name
// alone: records are told apart by their keys, so that a config which grows or
// whose claims change goes on in its folder.
func (e *Experiment) Folder() string { return filepath.Join("results", "runs", e.Spec.Name) }

// Measured is what a run measured, in the order of the plan.
type Measured struct {
	Plan     *Experiment
	Records  []results.Record
	Searches []results.Search
	Sessions map[string]results.Manifest // that made them, by hash, as far as their manifests are there
	Versions results.Versions            // of the other sessions
}

// Judge confronts all claims of the config with what was measured.
func (m *Measured) Judge() []results.Claim {
	return claim.Judge(m.Plan.Spec.Claims, &claim.Data{Grid: m.Plan.Grid, Trials: m.Plan.Spec.Trials, Records: m.Records, Searches: m.Searches})
}

// Coverage counts for each setting of the plan, in its order, the trials that it
// asks for and those of which every record and search is there, failed or not.
func (m *Measured) Coverage() []results.Coverage {
	return m.Plan.Survey(&results.Held{Records: m.Records, Searches: m.Searches, Sessions: m.Sessions}, m.Versions).Coverage()
}

// UsageError is something asked for that cannot be done as asked: a folder that
// a run cannot use, a dump that is not of one instance.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns what made it impossible.
func (e *UsageError) Unwrap() error { return e.Err }

func usagef(format string, args ...any) error { return &UsageError{fmt.Errorf(format, args...)} }
