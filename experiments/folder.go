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
	"slices"
	"time"

	"spfq/internal/kernel"
	"spfq/internal/rng"
	"spfq/results"
)

// configFile is the name of a run's resolved config.
const configFile = "config.yaml"

// Folder is where a plan runs unless told otherwise. It has the config's name
// alone: records are told apart by their keys, so that a config which grows or
// whose claims change goes on in its folder.
func (p *Plan) Folder() string { return filepath.Join("results", "runs", p.Config.Name) }

// UsageError is something asked for that cannot be done as asked: a folder that
// a run cannot use, a dump that is not of one instance.
type UsageError struct{ Text string }

func (e *UsageError) Error() string { return e.Text }

func usagef(format string, args ...any) error { return &UsageError{fmt.Sprintf(format, args...)} }

// Execution says how a plan is executed.
type Execution struct {
	Dir      string
	Workers  int
	Command  []string // for the manifest
	Rerun    Rerun    // RerunFailed if empty
	FailFast bool     // stop at the first failure, with ErrFailFast
	// May be nil.
	Started  func(done, total int)
	Progress func(Progress)
	Notice   func(text string) // what a user should know of the folder
	// Report writes what else is made of the outcome, while the folder is still
	// held; no trial is missing then. It returns what it printed, or would have,
	// for Plan.Finished.
	Report func(*Measured, []results.Claim) (console string, err error)
}

// Execute runs in a folder what a plan asks for and the folder does not hold
// yet, and writes config.yaml, manifest.json, sessions/, records.jsonl,
// records.csv, layers.csv, searches (if there are any) and claims.json. Records
// of other cells or variants that the folder holds stay in records.jsonl and are
// left out of everything else. A folder that holds something else, or in which
// another process is at work, is a *UsageError, and so is a plan that does not
// fit into memory.
func (p *Plan) Execute(ctx context.Context, ex Execution) (*Measured, []results.Claim, error) {
	fresh, err := checkFolder(ex.Dir)
	if err != nil {
		return nil, nil, err
	}
	if fresh { // nothing is left behind where there was nothing
		if err := p.checkMemory(p.survey(nil, nil), ex); err != nil {
			return nil, nil, err
		}
	}
	store, err := results.OpenStore(ex.Dir)
	switch {
	case errors.Is(err, results.ErrLocked):
		return nil, nil, usagef("%s: %v: wait for it, or choose another folder with --out", ex.Dir, err)
	case errors.As(err, new(*results.LineError)), errors.As(err, new(*results.FileError)):
		return nil, nil, &UsageError{err.Error()}
	case err != nil:
		return nil, nil, err
	}
	defer store.Close()
	if err := results.RemoveStamp(ex.Dir); err != nil {
		return nil, nil, err
	}
	manifest, err := p.newManifest(ex.Dir)
	if err != nil {
		return nil, nil, err
	}
	manifest.Workers, manifest.Command = ex.Workers, ex.Command
	manifest.Seal()

	s := p.survey(store.Records, store.Searches)
	if err := p.checkMemory(s, ex); err != nil {
		return nil, nil, err
	}
	if s.others > 0 && ex.Notice != nil {
		ex.Notice(fmt.Sprintf("%s holds %d records that this config does not ask for: they are kept, and left out", ex.Dir, s.others))
	}
	if err := results.WriteSession(ex.Dir, manifest); err != nil {
		return nil, nil, err
	}
	if err := results.WriteFile(filepath.Join(ex.Dir, configFile), func(w io.Writer) error {
		_, err := w.Write(p.Config.YAML())
		return err
	}); err != nil {
		return nil, nil, err
	}
	release := p.limitMemory(s, ex)
	err = p.run(ctx, ex, s, store, manifest.Hash)
	release()
	if err != nil {
		return nil, nil, err
	}
	if err := store.Flush(); err != nil {
		return nil, nil, err
	}

	s = p.survey(store.Records, store.Searches)
	m := s.measured(store.Records, store.Searches)
	if s.superseded() {
		if err := store.Retain(s.records, s.searches); err != nil {
			return nil, nil, err
		}
	}
	claims, err := m.WriteDerived(ex.Dir)
	if err != nil {
		return nil, nil, err
	}
	end := time.Now().UTC()
	manifest.End = &end
	if err := results.WriteSession(ex.Dir, manifest); err != nil {
		return nil, nil, err
	}
	if err := tidy(ex.Dir, store); err != nil {
		return nil, nil, err
	}
	if ex.Report == nil {
		return m, claims, nil
	}
	console, err := ex.Report(m, claims)
	if err == nil {
		err = m.stamp(ex.Dir, console, claims)
	}
	return m, claims, err
}

// Rewrite writes anew what follows from the records of the run in dir, finished
// or not: the CSV files and claims.json, then whatever report makes of them. No
// other process can work in the folder meanwhile.
func Rewrite(dir string, report func(*Measured, []results.Claim) error) error {
	if _, err := readManifest(dir); err != nil { // no lock where there is no run
		return err
	}
	lock, err := results.LockFolder(dir)
	switch {
	case errors.Is(err, results.ErrLocked):
		return usagef("%s: %v: wait for it", dir, err)
	case err != nil:
		return err
	}
	defer lock.Release()
	m, _, err := Open(dir)
	if err != nil {
		return err
	}
	if err := results.RemoveTemporary(dir); err != nil {
		return err
	}
	claims, err := m.WriteDerived(dir)
	if err != nil {
		return err
	}
	return report(m, claims)
}

// tidy removes the manifests of sessions that left no record.
func tidy(dir string, store *results.Store) error {
	made := map[string]bool{}
	for i := range store.Records {
		made[store.Records[i].Manifest] = true
	}
	for i := range store.Searches {
		made[store.Searches[i].Manifest] = true
	}
	return results.RemoveSessions(dir, func(hash string) bool { return made[hash] })
}

// read reads back what the folder holds, in the order of the plan.
func (p *Plan) read(dir string) (*Measured, error) {
	records, err := results.ReadRecords(dir)
	if err != nil {
		return nil, err
	}
	searches, err := results.ReadSearches(dir)
	if err != nil {
		return nil, err
	}
	s := p.survey(records, searches)
	if s.foreign != "" {
		return nil, fmt.Errorf("%s: the key is not that of the record, nor would it be by the versions in %s: one of the two was changed",
			filepath.Join(dir, s.foreign), results.ManifestFile)
	}
	return s.measured(records, searches), nil
}

// Open reads the run in dir, finished or not: its plan, from its config.yaml, and
// what it measured so far, in the order of the plan: by whatever versions of the
// algorithms and random streams its manifest names. A folder that holds no run,
// or records of other versions than those, is a *UsageError.
func Open(dir string) (*Measured, results.Manifest, error) {
	manifest, err := readManifest(dir)
	if err != nil {
		return nil, manifest, err
	}
	plan, err := Load(filepath.Join(dir, configFile), nil)
	if err != nil {
		return nil, manifest, err
	}
	plan.keys.versions = versionsText(manifest.Algorithm, manifest.Streams)
	m, err := plan.read(dir)
	if err != nil {
		return nil, manifest, &UsageError{err.Error()}
	}
	return m, manifest, nil
}

// readManifest reads the manifest of the run in dir, without which it holds
// none.
func readManifest(dir string) (results.Manifest, error) {
	manifest, ok, err := results.ReadManifest(dir)
	switch {
	case err != nil:
		return manifest, &UsageError{err.Error()}
	case !ok:
		return manifest, usagef("%s: holds no run (no %s)", dir, results.ManifestFile)
	}
	return manifest, nil
}

// checkFolder refuses a path that holds anything else than a run. fresh tells
// that it holds nothing yet.
func checkFolder(dir string) (fresh bool, err error) {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return true, nil
	case err != nil:
		return false, usagef("%s: %s: want a folder, or a path where one can be made", dir, cause(err))
	case !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !results.Incidental(e.Name()) }):
		return true, nil
	}
	_, ok, err := results.ReadManifest(dir)
	switch {
	case err != nil:
		return false, &UsageError{err.Error() + ": remove the folder, or choose another with --out"}
	case !ok:
		return false, usagef("%s: holds files, but no run (no %s): choose another folder with --out", dir, results.ManifestFile)
	}
	return false, nil
}

// newManifest describes a session in a folder. Records of other algorithms
// there are refused.
func (p *Plan) newManifest(dir string) (results.Manifest, error) {
	m := results.NewManifest()
	m.Name, m.About, m.ConfigHash, m.Seed = p.Config.Name, p.Config.About, p.Config.Hash(), p.Config.Seed
	m.Algorithm, m.Streams, m.Kernel = AlgorithmVersion, rng.Version, string(kernel.Active())
	return m, p.checkVersions(dir)
}

// checkVersions refuses a folder whose records are of other algorithms.
func (p *Plan) checkVersions(dir string) error {
	old, ok, err := results.ReadManifest(dir)
	switch {
	case err != nil:
		return &UsageError{err.Error() + ": remove the folder, or choose another with --out"}
	case ok && (old.Algorithm != AlgorithmVersion || old.Streams != rng.Version):
		return usagef("%s: was run by algorithms of version %d and random streams of version %d, these are %d and %d, and their records must not be mixed: remove the folder, or choose another with --out",
			dir, old.Algorithm, old.Streams, AlgorithmVersion, rng.Version)
	}
	return nil
}
