// folder.go runs a plan in its folder: it keeps what is there, runs what is missing, and
// writes the files that are made from the records.

package experiments

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"spfq/experiments/config"
	"spfq/experiments/plan"
	"spfq/results"
)

// configFile is the name of a run's resolved config.
const configFile = "config.yaml"

// Execution says how a plan is executed.
type Execution struct {
	Dir      string
	Default  bool // whether nobody chose Dir: it has the name of the config
	Workers  int
	Command  []string   // the command line, for the manifest
	Rerun    plan.Rerun // plan.RerunFailed if empty
	FailFast bool       // stop at the first failure, with ErrFailFast

	// The functions that follow may be nil.

	Started  func(done, total int) // called when the run begins, with numbers of tasks
	Progress func(Progress)        // called after each task
	Notice   func(text string)     // called with what a user should know of the folder
	// Report writes whatever else is made from the records and claims. It is called
	// once every trial is there, while the folder is still locked; the manifest is that
	// of the session as it ends. It returns the text that is to be printed, which
	// Finished returns later.
	Report func(*Measured, []results.Claim, results.Manifest) (console string, err error)
}

// Execute runs in a folder what a plan asks for and the folder does not hold
// yet. It writes config.yaml, manifest.json, sessions/, records.jsonl, records.csv,
// layers.csv, claims.json and, if there are searches, searches.jsonl and searches.csv.
// Records in the folder that belong to no setting or variant of the plan stay in
// records.jsonl and are left out of everything else. It is a *UsageError if the folder
// holds files but no run, if another process works in it, or if the plan does not fit
// into memory.
func (e *Experiment) Execute(ctx context.Context, ex Execution) (*Measured, []results.Claim, error) {
	fresh, err := checkFolder(ex.Dir)
	if err != nil {
		return nil, nil, err
	}
	if fresh { // refuse before anything is written, so that no folder is left behind
		if err := e.checkMemory(e.Survey(&results.Held{}, plan.Versions), ex); err != nil {
			return nil, nil, err
		}
	}
	store, err := results.OpenStore(ex.Dir)
	switch {
	case errors.Is(err, results.ErrLocked):
		return nil, nil, usagef("%s: %w: wait for it, or choose another folder with --out", ex.Dir, err)
	case unreadable(err):
		return nil, nil, &UsageError{err}
	case err != nil:
		return nil, nil, err
	}
	defer store.Close()
	noticeLock(ex.Dir, store.Locked(), ex.Notice)
	if err := checkVersions(ex.Dir, &store.Held); err != nil {
		return nil, nil, err
	}
	if _, err := results.ReadSessions(ex.Dir); err != nil { // the report at the end lists them all
		return nil, nil, &UsageError{err}
	}
	session := e.newSession(ex)

	s := e.Survey(&store.Held, plan.Versions)
	if s.Stray != "" {
		return nil, nil, &UsageError{results.KeyError(s.Stray)}
	}
	if err := e.checkMemory(s, ex); err != nil {
		return nil, nil, err
	}
	if err := e.checkDropped(ex, &store.Held); err != nil {
		return nil, nil, err
	}
	if s.Others > 0 && ex.Notice != nil {
		ex.Notice(fmt.Sprintf("%s holds %d records that this config does not ask for: they are kept, and left out", ex.Dir, s.Others))
	}
	if name := results.ChangedSince(ex.Dir); name != "" && ex.Notice != nil {
		ex.Notice(fmt.Sprintf("%s: %s was changed or removed since the run there finished: what follows from the records is made again from them", ex.Dir, name))
	}
	if err := session.begin(); err != nil {
		return nil, nil, err
	}
	if err := results.WriteText(filepath.Join(ex.Dir, configFile), string(e.Spec.YAML())); err != nil {
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
	// The session is over when all is written: until then its manifest has no end.
	ended := session.ended()
	var console string
	if ex.Report != nil {
		if console, err = ex.Report(m, claims, ended); err != nil {
			return nil, nil, err
		}
	}
	if err := e.verify(ex.Dir, store); err != nil {
		return nil, nil, err
	}
	if err := session.end(ended); err != nil {
		return nil, nil, err
	}
	if err := tidy(ex.Dir, store); err != nil {
		return nil, nil, err
	}
	if ex.Report != nil {
		err = m.stamp(ex.Dir, console, claims)
	}
	return m, claims, err
}

// verify returns an error unless the folder still holds what the session wrote to it:
// every line, and the config.
func (e *Experiment) verify(dir string, store *results.Store) error {
	if err := store.Verify(); err != nil {
		return err
	}
	path := filepath.Join(dir, configFile)
	if text, err := config.Read(path); err != nil || !bytes.Equal(text, e.Spec.YAML()) {
		return &results.VanishedError{Err: fmt.Errorf("%s was changed or removed while the run was at work", path)}
	}
	return nil
}

// noticeLock tells the user, unless notice is nil, that a folder could not be locked.
func noticeLock(dir string, locked bool, notice func(text string)) {
	if !locked && notice != nil {
		notice(fmt.Sprintf("%s is on a file system without locks: see to it that no other process works in it", dir))
	}
}

// Rewrite writes anew the files that are made from the records of the run in dir,
// finished or not: the CSV files, claims.json, and whatever write adds. No other
// process can work in the folder meanwhile. notice, which may be nil, is called with
// what a user should know of the folder.
func Rewrite(dir string, notice func(text string), write func(*Measured, []results.Claim, results.Manifest) error) error {
	if _, err := readManifest(dir); err != nil { // do not make a lock in a folder without a run
		return err
	}
	lock, err := results.LockFolder(dir)
	switch {
	case errors.Is(err, results.ErrLocked):
		return usagef("%s: %w: wait for it", dir, err)
	case err != nil:
		return err
	}
	defer lock.Release()
	noticeLock(dir, lock.Holds(), notice)
	m, manifest, err := Open(dir)
	if err != nil {
		return err
	}
	if err := results.RemoveTemporary(dir); err != nil {
		return err
	}
	if err := results.Outdate(dir, "A report begun "+moment(time.Now())); err != nil {
		return err
	}
	claims, err := m.WriteDerived(dir)
	if err != nil {
		return err
	}
	if err := write(m, claims, manifest); err != nil {
		return err
	}
	return results.Renew(dir)
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

// measured returns the records and searches of a folder that a survey found to belong to
// the plan. v are the versions of sessions whose manifests are not there.
func (e *Experiment) measured(s *plan.Survey, held *results.Held, v results.Versions) *Measured {
	m := &Measured{Plan: e, Sessions: held.Sessions, Versions: v}
	m.Records, m.Searches = s.Measured(held)
	return m
}

// Open reads the run in dir, finished or not: its plan, from its config.yaml, and
// what it has measured so far, in the order of the plan. Versions of the algorithm and
// of the random streams other than this program's are accepted. It is a *UsageError if
// the folder holds no run, if its sessions are of several versions, or if a record does
// not have the key that belongs to it.
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
	e, err := readConfig(dir, manifest)
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

// checkDropped refuses to go on in a folder that nobody named, because it has the
// config's name, if the config drops or replaces what the folder's own config asked
// for and has measured: the tables, figures and report of that would be lost. What a
// config adds is no reason.
func (e *Experiment) checkDropped(ex Execution, held *results.Held) error {
	if !ex.Default {
		return nil
	}
	theirs, err := Load(filepath.Join(ex.Dir, configFile), nil)
	if err != nil {
		// Their config is not there, or damaged. Unless it was this one, whatever this
		// one leaves out may be what it asked for.
		others := e.Survey(held, plan.Versions).Others
		if last, ok, _ := results.ReadManifest(ex.Dir); others == 0 || ok && last.ConfigHash == e.Spec.Hash() {
			return nil
		}
		return usagef("%s: holds %d records that this config does not ask for, and its own config cannot be read (%w): choose a folder with --out, as --out %s-%s, or name this one with --out to have that",
			ex.Dir, others, err, e.Folder(), e.Spec.Hash())
	}
	measured := theirs.measured(theirs.Survey(held, plan.Versions), held, plan.Versions)
	dropped := e.Survey(&results.Held{Records: measured.Records, Searches: measured.Searches, Sessions: held.Sessions}, plan.Versions).Others
	if dropped == 0 {
		return nil
	}
	return usagef("%s: holds %d records that its own config asks for and this one does not, of %d: its tables, figures and report would be replaced by others; choose a folder with --out, as --out %s-%s, or name this one with --out to have that",
		ex.Dir, dropped, len(measured.Records)+len(measured.Searches), e.Folder(), e.Spec.Hash())
}

// readConfig reads the config of the run in dir, which must be the one that its
// manifest names.
func readConfig(dir string, manifest results.Manifest) (*Experiment, error) {
	path := filepath.Join(dir, configFile)
	text, err := config.Read(path)
	if err != nil {
		return nil, err
	}
	e, err := Parse(path, text, nil)
	if err != nil {
		return nil, err
	}
	if !manifest.IsOf(text) {
		return nil, usagef("%s: its hash is %s, and %s in the same folder names a config with hash %s: one of the two was changed; run the config again to go on",
			path, results.ConfigHash(text), results.ManifestFile, manifest.ConfigHash)
	}
	return e, nil
}

// readManifest reads the manifest of the run in dir. It is a *UsageError if there is
// none, since a folder without a manifest holds no run.
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

// checkFolder refuses a path that holds anything but a run. fresh is true if it holds
// nothing yet.
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
	case errors.As(err, new(*results.NewerError)):
		return false, &UsageError{err}
	case err != nil:
		return false, usagef("%w: remove the folder, or choose another with --out", err)
	case !ok:
		return false, usagef("%s: holds files, but no run (no %s): choose another folder with --out", dir, results.ManifestFile)
	}
	return false, nil
}

// unreadable reports whether an error says that this program cannot read a file of the
// folder.
func unreadable(err error) bool {
	return errors.As(err, new(*results.LineError)) || errors.As(err, new(*results.FileError)) || errors.As(err, new(*results.NewerError))
}

// checkVersions refuses a folder whose records were made by other versions of the
// algorithm or of the random streams than this program's, since records of several
// versions must not be mixed. It looks at the sessions that left records and at the
// latest session.
func checkVersions(dir string, held *results.Held) error {
	latest, ok, err := results.ReadManifest(dir)
	if err != nil {
		return &UsageError{err}
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

// differ says in which versions a folder's records differ from this program.
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
