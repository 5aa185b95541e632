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

// Experiment is a config that was read and planned.
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

// planned plans a config that was read, or returns the error of reading it.
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

// Folder returns the folder in which an experiment runs unless told otherwise. Its name
// is that of the config and depends on nothing else: records are told apart by their
// keys, so that a config that grows, or whose claims change, goes on in its folder.
func (e *Experiment) Folder() string { return filepath.Join("results", "runs", e.Spec.Name) }

// Measured is what a run measured, in the order of the plan.
type Measured struct {
	Plan     *Experiment
	Records  []results.Record
	Searches []results.Search
	Sessions map[string]results.Manifest // the sessions of the folder whose manifests are there, by hash
	Versions results.Versions            // the versions of sessions whose manifests are not there
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

// Missing counts the trials that the plan asks for and that are not there, and all that
// it asks for.
func (m *Measured) Missing() (missing, planned int) {
	for _, c := range m.Coverage() {
		missing, planned = missing+c.Planned-c.Done, planned+c.Planned
	}
	return missing, planned
}

// UsageError says that what was asked for cannot be done as asked, for example because
// a run cannot use the folder or a dump is not of a single instance.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns the reason.
func (e *UsageError) Unwrap() error { return e.Err }

func usagef(format string, args ...any) error { return &UsageError{fmt.Errorf(format, args...)} }
