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
	"strings"

	"spfq/experiments/plan"
	"spfq/results"
)

// configFile is the name of a run's resolved config.
const configFile = "config.yaml"

// Execution says how a plan is executed.
type Execution struct {
	Dir      string
	Workers  int
	Command  []string   // for the manifest
	Rerun    plan.Rerun // plan.RerunFailed if empty
	FailFast bool       // stop at the first failure, with ErrFailFast
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
// of other settings or variants that the folder holds stay in records.jsonl and
// are left out of everything else. A folder that holds something else, or in which
// another process is at work, is a *UsageError, and so is a plan that does not
// fit into memory.
func (e *Experiment) Execute(ctx context.Context, ex Execution) (*Measured, []results.Claim, error) {
	fresh, err := checkFolder(ex.Dir)
	if err != nil {
		return nil, nil, err
	}
	if fresh { // nothing is left behind where there was nothing
		if err := e.checkMemory(e.Survey(&results.Held{}, plan.Versions), ex); err != nil {
			return nil, nil, err
		}
	}
	store, err := results.OpenStore(ex.Dir)
	switch {
	case errors.Is(err, results.ErrLocked):
		return nil, nil, usagef("%s: %v: wait for it, or choose another folder with --out", ex.Dir, err)
	case unreadable(err):
		return nil, nil, &UsageError{err}
	case err != nil:
		return nil, nil, err
	}
	defer store.Close()
	if !store.Locked() && ex.Notice != nil {
		ex.Notice(fmt.Sprintf("%s is on a file system without locks: see to it that no other process works in it", ex.Dir))
	}
	if err := results.RemoveStamp(ex.Dir); err != nil {
		return nil, nil, err
	}
	if err := checkVersions(ex.Dir, &store.Held); err != nil {
		return nil, nil, err
	}
	session := e.newSession(ex)

	s := e.Survey(&store.Held, plan.Versions)
	if err := e.checkMemory(s, ex); err != nil {
		return nil, nil, err
	}
	if s.Others > 0 && ex.Notice != nil {
		ex.Notice(fmt.Sprintf("%s holds %d records that this config does not ask for: they are kept, and left out", ex.Dir, s.Others))
	}
	if err := session.write(); err != nil {
		return nil, nil, err
	}
	if err := results.WriteFile(filepath.Join(ex.Dir, configFile), func(w io.Writer) error {
		_, err := w.Write(e.Spec.YAML())
		return err
	}); err != nil {
		return nil, nil, err
	}
	release := e.limitMemory(s, ex)
	err = e.run(ctx, ex, s, store, session)
	release()
	if err != nil {
		return nil, nil, err
	}
	if err := store.Flush(); err != nil {
		return nil, nil, err
	}
	if err := store.Check(); err != nil { // before anything follows from records that may be gone
		return nil, nil, err
	}

	s = e.Survey(&store.Held, plan.Versions)
	m := e.measured(s, &store.Held, plan.Versions)
	if s.Superseded() {
		if err := store.Retain(s.KeepRecords, s.KeepSearches); err != nil {
			return nil, nil, err
		}
	}
	claims, err := m.WriteDerived(ex.Dir)
	if err != nil {
		return nil, nil, err
	}
	if err := session.end(); err != nil {
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
		err = store.Check()
	}
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

// measured is what a survey found of what a folder holds. v are the versions of
// sessions whose manifests are not there.
func (e *Experiment) measured(s *plan.Survey, held *results.Held, v results.Versions) *Measured {
	m := &Measured{Plan: e, Sessions: held.Sessions, Versions: v}
	m.Records, m.Searches = s.Measured(held)
	return m
}

// Open reads the run in dir, finished or not: its plan, from its config.yaml, and
// what it measured so far, in the order of the plan: by whatever versions of the
// algorithms and random streams its sessions name. A folder that holds no run,
// or records of other versions than those, is a *UsageError.
func Open(dir string) (*Measured, results.Manifest, error) {
	e, held, manifest, err := open(dir)
	if err != nil {
		return nil, manifest, err
	}
	s := e.Survey(held, manifest.Versions)
	if s.Foreign != "" {
		return nil, manifest, &UsageError{results.KeyError(s.Foreign)}
	}
	return e.measured(s, held, manifest.Versions), manifest, nil
}

// open reads the run in dir as Open does, but for the keys of its records: its plan,
// what its files of lines hold, and its manifest.
func open(dir string) (*Experiment, *results.Held, results.Manifest, error) {
	manifest, err := readManifest(dir)
	if err != nil {
		return nil, nil, manifest, err
	}
	e, err := Load(filepath.Join(dir, configFile), nil)
	if err != nil {
		return nil, nil, manifest, err
	}
	held, err := results.Read(dir)
	if err != nil {
		return nil, nil, manifest, &UsageError{err}
	}
	for hash, m := range held.Sessions {
		if m.Versions != manifest.Versions {
			return nil, nil, manifest, usagef("%s: its latest session is of versions %d of the algorithm and %d of the random streams, and session %s of %d and %d: one of the two manifests was changed",
				filepath.Join(dir, results.ManifestFile), manifest.Algorithm, manifest.Streams, hash, m.Algorithm, m.Streams)
		}
	}
	return e, held, manifest, nil
}

// readManifest reads the manifest of the run in dir, without which it holds
// none.
func readManifest(dir string) (results.Manifest, error) {
	manifest, ok, err := results.ReadManifest(dir)
	switch {
	case err != nil:
		return manifest, &UsageError{err}
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
		return false, usagef("%s: %w: want a folder, or a path where one can be made", dir, results.Cause(err))
	case !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !results.Incidental(e.Name()) }):
		return true, nil
	}
	_, ok, err := results.ReadManifest(dir)
	switch {
	case err != nil:
		return false, usagef("%w: remove the folder, or choose another with --out", err)
	case !ok:
		return false, usagef("%s: holds files, but no run (no %s): choose another folder with --out", dir, results.ManifestFile)
	}
	return false, nil
}

// unreadable reports whether an error says that what a folder holds cannot be read.
func unreadable(err error) bool {
	return errors.As(err, new(*results.LineError)) || errors.As(err, new(*results.FileError)) || errors.As(err, new(*results.NewerError))
}

// checkVersions refuses a folder whose records are of other versions of the
// algorithm or of the random streams than this program's: those must not be mixed.
// The versions are those of the sessions that left records, and of the latest one.
func checkVersions(dir string, held *results.Held) error {
	latest, ok, err := results.ReadManifest(dir)
	if err != nil {
		return usagef("%w: remove the folder, or choose another with --out", err)
	}
	var theirs []results.Versions
	if ok {
		theirs = append(theirs, latest.Versions)
	}
	for _, m := range held.Sessions {
		theirs = append(theirs, m.Versions)
	}
	for _, v := range theirs {
		if v != plan.Versions {
			return usagef("%s: %s: choose another folder with --out", dir, differ(v, plan.Versions))
		}
	}
	return nil
}

// differ says which version of a folder's records is not this program's.
func differ(theirs, ours results.Versions) string {
	older := theirs.Algorithm <= ours.Algorithm && theirs.Streams <= ours.Streams
	var which []string
	for _, v := range []struct {
		name         string
		theirs, ours int
	}{{"the algorithm", theirs.Algorithm, ours.Algorithm}, {"the random streams", theirs.Streams, ours.Streams}} {
		switch {
		case v.theirs == v.ours:
		case older:
			which = append(which, fmt.Sprintf("the version of %s rose from %d to %d", v.name, v.theirs, v.ours))
		default:
			which = append(which, fmt.Sprintf("the version of %s is %d there and %d here", v.name, v.theirs, v.ours))
		}
	}
	if older {
		return "made by an older runexp; since then " + strings.Join(which, " and ") + ", and records of several versions must not be mixed"
	}
	return "made by a newer runexp; " + strings.Join(which, " and ") + ", and records of several versions must not be mixed"
}
