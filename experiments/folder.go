// folder.go runs a plan in its folder: what is there already is kept, what is
// missing is run, what was measured is read back and written out.

package experiments

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"spfq/internal/kernel"
	"spfq/internal/rng"
	"spfq/results"
)

// configFile is the name of a run's resolved config.
const configFile = "config.yaml"

// Folder is where a plan runs unless told otherwise.
func (p *Plan) Folder() string {
	return filepath.Join("results", "runs", p.Config.Name+"-"+p.Config.Hash())
}

// UsageError is something asked for that cannot be done as asked: a folder that
// a run cannot use, a dump that is not of one instance.
type UsageError struct{ Text string }

func (e *UsageError) Error() string { return e.Text }

func usagef(format string, args ...any) error { return &UsageError{fmt.Sprintf(format, args...)} }

// Execution says how a plan is executed.
type Execution struct {
	Dir      string
	Workers  int
	Command  []string       // for the manifest
	Progress func(Progress) // may be nil
	Started  func(done, total int)
}

// Execute runs in a folder what a plan asks for and the folder does not hold
// yet, and writes config.yaml, manifest.json, records.jsonl, records.csv,
// layers.csv, searches (if there are any) and claims.json. A folder that holds
// something else is a *UsageError.
func (p *Plan) Execute(ctx context.Context, ex Execution) (*Measured, []results.Claim, error) {
	manifest, err := p.openFolder(ex.Dir)
	if err != nil {
		return nil, nil, err
	}
	records, err := results.ReadRecords(ex.Dir)
	if err != nil {
		return nil, nil, &UsageError{err.Error()}
	}
	searches, err := results.ReadSearches(ex.Dir)
	if err != nil {
		return nil, nil, &UsageError{err.Error()}
	}
	done, index := p.Done(records, searches), p.taskIndex()
	keep := func(id *results.Identity) bool {
		t, ok := index[taskKey(id)]
		return ok && done[t]
	}
	store, err := results.OpenStore(ex.Dir,
		func(r *results.Record) bool { return keep(&r.Identity) },
		func(s *results.Search) bool { return keep(&s.Identity) })
	if err != nil {
		return nil, nil, err
	}
	defer store.Close()

	manifest.Workers, manifest.Command = ex.Workers, ex.Command
	if err := results.WriteFile(filepath.Join(ex.Dir, configFile), func(w io.Writer) error {
		_, err := w.Write(p.Config.YAML())
		return err
	}); err != nil {
		return nil, nil, err
	}
	path := filepath.Join(ex.Dir, results.ManifestFile)
	if err := results.WriteJSON(path, manifest); err != nil {
		return nil, nil, err
	}
	finished := 0
	for _, ok := range done {
		if ok {
			finished++
		}
	}
	if ex.Started != nil {
		ex.Started(finished, len(p.Tasks()))
	}
	if err := p.Run(ctx, ex.Workers, done, store, ex.Progress); err != nil {
		return nil, nil, err
	}

	m, err := p.read(ex.Dir)
	if err != nil {
		return nil, nil, err
	}
	claims, err := m.WriteDerived(ex.Dir)
	if err != nil {
		return nil, nil, err
	}
	end := time.Now().UTC()
	manifest.End = &end
	return m, claims, results.WriteJSON(path, manifest)
}

// read reads back what the folder holds, in the order of the plan.
func (p *Plan) read(dir string) (*Measured, error) {
	m := &Measured{Plan: p}
	var err error
	if m.Records, err = results.ReadRecords(dir); err != nil {
		return nil, err
	}
	if m.Searches, err = results.ReadSearches(dir); err != nil {
		return nil, err
	}
	p.Sort(m.Records, m.Searches)
	return m, nil
}

// Open reads the run in dir, finished or not: its plan, from its config.yaml, and
// what it measured so far, in the order of the plan. A folder that holds no run
// is a *UsageError.
func Open(dir string) (*Measured, results.Manifest, error) {
	manifest, ok, err := results.ReadManifest(dir)
	switch {
	case err != nil:
		return nil, manifest, &UsageError{err.Error()}
	case !ok:
		return nil, manifest, usagef("%s: holds no run (no %s)", dir, results.ManifestFile)
	}
	plan, err := Load(filepath.Join(dir, configFile), nil)
	if err != nil {
		return nil, manifest, err
	}
	m, err := plan.read(dir)
	if err != nil {
		return nil, manifest, &UsageError{err.Error()}
	}
	return m, manifest, nil
}

// openFolder returns the manifest of a run in dir: a new one, with that of the
// run that is there among the earlier ones. A folder that holds anything else
// than a run of this config, by these algorithms, is refused.
func (p *Plan) openFolder(dir string) (results.Manifest, error) {
	m := results.NewManifest()
	m.Name, m.About, m.ConfigHash, m.Seed = p.Config.Name, p.Config.About, p.Config.Hash(), p.Config.Seed
	m.Algorithm, m.Streams, m.Kernel = AlgorithmVersion, rng.Version, string(kernel.Active())
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return m, nil
	}
	if err != nil {
		return m, usagef("%s: %s: want a folder, or a path where one can be made", dir, cause(err))
	}
	old, ok, err := results.ReadManifest(dir)
	switch {
	case err != nil:
		return m, &UsageError{err.Error() + ": remove the folder, or choose another with --out"}
	case !ok:
		return m, usagef("%s: holds files, but no run (no %s): choose another folder with --out", dir, results.ManifestFile)
	case old.ConfigHash != m.ConfigHash:
		return m, usagef("%s: holds a run of another config (%s-%s, this is %s-%s): choose another folder with --out", dir, old.Name, old.ConfigHash, m.Name, m.ConfigHash)
	case old.Algorithm != m.Algorithm || old.Streams != m.Streams:
		return m, usagef("%s: was run by algorithms of version %d and random streams of version %d, these are %d and %d, and their records must not be mixed: remove the folder, or choose another with --out", dir, old.Algorithm, old.Streams, m.Algorithm, m.Streams)
	}
	m.Earlier = append(old.Earlier, old)
	m.Earlier[len(m.Earlier)-1].Earlier = nil
	return m, nil
}
