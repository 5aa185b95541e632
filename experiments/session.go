// session.go keeps the manifest of a session while it is under way.

package experiments

import (
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"spfq/experiments/plan"
	"spfq/internal/kernel"
	"spfq/internal/pool"
	"spfq/results"
)

// session is one start of runexp in a folder, with its manifest.
type session struct {
	dir string

	mu       sync.Mutex
	manifest results.Manifest
}

// newSession begins a session.
func (e *Experiment) newSession(ex Execution) *session {
	m := results.NewManifest()
	m.Name, m.About, m.ConfigHash, m.Seed = e.Spec.Name, e.Spec.About, e.Spec.Hash(), e.Spec.Seed
	m.Versions, m.Kernel = plan.Versions, string(kernel.Active())
	m.Workers, m.Command = ex.Workers, ex.Command
	m.Seal()
	return &session{dir: ex.Dir, manifest: m}
}

// hash returns the hash by which records name the session.
func (s *session) hash() string { return s.manifest.Hash }

// write writes the manifest as it is now.
func (s *session) write() error { return results.WriteSession(s.dir, s.manifest) }

// maxPanics bounds the panics that a session's manifest keeps. One mistake of the program
// tends to fail every trial, and the manifest is written anew for each panic.
const maxPanics = 100

// panicked writes a panic and its stack to the session's manifest, before any record
// names it, and returns the error for the records of the instance in which it happened.
// After maxPanics panics it keeps no more.
func (s *session) panicked(p *pool.Panic) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.manifest.Panics) == maxPanics {
		return fmt.Errorf("internal error: %v (its stack is not kept, being behind %d others of the session)", p.Value, maxPanics)
	}
	s.manifest.Panics = append(s.manifest.Panics, results.Panic{Value: fmt.Sprint(p.Value), Stack: string(p.Stack)})
	where := fmt.Sprintf("stack %d in %s", len(s.manifest.Panics), filepath.ToSlash(filepath.Join(results.SessionsFolder, s.hash()+".json")))
	if err := s.write(); err != nil {
		where = "its stack could not be written: " + err.Error()
	}
	return fmt.Errorf("internal error: %v (%s)", p.Value, where)
}

// begin makes the folder one in which this session is at work: nothing in it looks
// finished or of now until the session ends.
func (s *session) begin() error {
	if config, err := results.ReadFile(filepath.Join(s.dir, configFile), results.MaxDescription); err == nil {
		s.manifest.ConfigBefore = results.ConfigHash(config)
	}
	if err := s.write(); err != nil {
		return err
	}
	if err := results.RemoveStamp(s.dir); err != nil {
		return err
	}
	return results.Outdate(s.dir, "A session of runexp begun "+moment(s.manifest.Start))
}

// moment formats a time for reading.
func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// ended is the manifest of the session if it ended now.
func (s *session) ended() results.Manifest {
	s.mu.Lock()
	defer s.mu.Unlock()
	end := time.Now().UTC()
	m := s.manifest
	m.End = &end
	return m
}

// end writes the manifest of the finished session.
func (s *session) end(ended results.Manifest) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.manifest = ended
	if err := s.write(); err != nil {
		return err
	}
	return results.Renew(s.dir)
}
