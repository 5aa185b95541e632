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

// panicked writes a panic and its stack to the session's manifest, before any record
// names it, and returns the error for the records of the instance in which it happened.
func (s *session) panicked(p *pool.Panic) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.manifest.Panics = append(s.manifest.Panics, results.Panic{Value: fmt.Sprint(p.Value), Stack: string(p.Stack)})
	where := fmt.Sprintf("stack %d in %s", len(s.manifest.Panics), filepath.ToSlash(filepath.Join(results.SessionsFolder, s.hash()+".json")))
	if err := s.write(); err != nil {
		where = "its stack could not be written: " + err.Error()
	}
	return fmt.Errorf("internal error: %v (%s)", p.Value, where)
}

// end writes the manifest with the time at which the session ended.
func (s *session) end() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	end := time.Now().UTC()
	s.manifest.End = &end
	return s.write()
}
