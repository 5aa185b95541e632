// manifest.go describes where, when and by what a run was made.

package results

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// ManifestFile is the name of the manifest of a run's latest session.
// SessionsFolder holds the manifest of each session that left a record, named
// by its hash.
const (
	ManifestFile   = "manifest.json"
	SessionsFolder = "sessions"
)

// Manifest says what a session's numbers depend on beside the config, and where
// they were made. A session is one start of runexp in a folder.
type Manifest struct {
	Hash string `json:"hash"` // of all that was known at the start: see Seal

	Name       string `json:"name"`
	About      string `json:"about"`
	ConfigHash string `json:"config_hash"`
	Seed       uint64 `json:"seed"`

	Versions
	Format int `json:"record_format,omitempty"` // of the lines that the session wrote: see LineFormat

	Version      string            `json:"version"`
	Revision     string            `json:"revision"`       // of the source, or "unknown"
	Modified     bool              `json:"modified"`       // whether the source differed from the revision
	Diff         string            `json:"diff,omitempty"` // how, where that could be found out
	Go           string            `json:"go"`
	Platform     string            `json:"platform"`
	GOAMD64      string            `json:"goamd64,omitempty"`
	Dependencies map[string]string `json:"dependencies"`

	Host      string `json:"host"`
	OS        string `json:"os"` // release of the operating system's kernel, or "unknown"
	Processor string `json:"processor"`
	Cores     int    `json:"cores"`
	Memory    int64  `json:"memory"` // bytes that this process may use, 0 if unknown
	Kernel    string `json:"kernel"` // the vector instructions in use
	Workers   int    `json:"workers"`

	Command []string   `json:"command"`
	Start   time.Time  `json:"start"`
	End     *time.Time `json:"end"` // null while the session is not finished

	Panics []Panic `json:"panics,omitempty"` // mistakes of the program that a trial ran into
}

// Panic is a mistake of the program that a trial ran into: its records name it by
// its number, from 1.
type Panic struct {
	Value string `json:"value"` // what went wrong
	Stack string `json:"stack"` // where, as Go prints it
}

// NewManifest describes this process and machine.
func NewManifest() Manifest {
	m := Manifest{
		Version: "unknown", Revision: "unknown", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Dependencies: map[string]string{}, OS: osRelease(), Processor: processor(), Cores: runtime.NumCPU(), Memory: Memory(),
		Format: Format, Start: time.Now().UTC(),
	}
	m.Host, _ = os.Hostname()
	if info, ok := debug.ReadBuildInfo(); ok {
		m.Version = info.Main.Version
		for _, d := range info.Deps {
			m.Dependencies[d.Path] = d.Version
			if d.Replace != nil {
				m.Dependencies[d.Path] += " => " + d.Replace.Path + " " + d.Replace.Version
			}
		}
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				m.Revision = s.Value
			case "vcs.modified":
				m.Modified = s.Value == "true"
			case "GOAMD64":
				m.GOAMD64 = s.Value
			}
		}
	}
	if m.Modified {
		m.Diff = gitDiff(".", m.Revision)
	}
	return m
}

// LineFormat is the format of the lines that the session wrote.
func (m *Manifest) LineFormat() int { return max(1, m.Format) }

// maxDiff bounds the difference that a manifest keeps, in bytes.
const maxDiff = 64 << 10

// gitDiff returns how the tree around dir differs from the revision, untracked
// files by name only; "" unless dir is in a repository with that revision
// checked out.
func gitDiff(dir, revision string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	git := func(args ...string) string {
		cmd := exec.CommandContext(ctx, "git", args...)
		cmd.Dir = dir
		out, err := cmd.Output()
		if err != nil {
			return ""
		}
		return string(out)
	}
	if strings.TrimSpace(git("rev-parse", "HEAD")) != revision {
		return ""
	}
	var untracked strings.Builder
	for line := range strings.Lines(git("ls-files", "--others", "--exclude-standard", "--full-name", ":/")) {
		untracked.WriteString("untracked: " + line)
	}
	diff := untracked.String() + git("diff", "--no-ext-diff", "--no-color", "HEAD")
	if len(diff) > maxDiff {
		diff = fmt.Sprintf("%s\n[cut: the first %d of %d bytes]\n", diff[:maxDiff], maxDiff, len(diff))
	}
	return strings.ToValidUTF8(diff, "?")
}

// Seal fills in the hash of the manifest: of everything in it that was known when
// the session began.
func (m *Manifest) Seal() {
	sealed := *m
	sealed.Hash, sealed.End, sealed.Panics = "", nil, nil
	data, err := json.Marshal(sealed)
	if err != nil {
		panic("results: " + err.Error())
	}
	sum := sha256.Sum256(data)
	m.Hash = hex.EncodeToString(sum[:6])
}

// WriteSession writes the manifest of a session to dir: as the latest, which
// makes dir a run's folder and so comes first, and by its hash for the records
// that name it.
func WriteSession(dir string, m Manifest) error {
	if err := WriteJSON(filepath.Join(dir, ManifestFile), m); err != nil {
		return err
	}
	return WriteJSON(filepath.Join(dir, SessionsFolder, m.Hash+".json"), m)
}

// RemoveSessions removes the manifests of the sessions that keep refuses.
func RemoveSessions(dir string, keep func(hash string) bool) error {
	folder := filepath.Join(dir, SessionsFolder)
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if hash, ok := strings.CutSuffix(e.Name(), ".json"); ok && !keep(hash) {
			if err := os.Remove(filepath.Join(folder, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// ReadManifest reads the manifest of the latest session of the run in dir; ok
// is false if there is none.
func ReadManifest(dir string) (m Manifest, ok bool, err error) {
	return readManifest(filepath.Join(dir, ManifestFile))
}

// ReadSession reads the manifest of the session that left the records with its
// hash in dir.
func ReadSession(dir, hash string) (m Manifest, ok bool, err error) {
	return readManifest(filepath.Join(dir, SessionsFolder, filepath.Base(hash)+".json"))
}

// ReadSessions reads the manifests of all sessions that left a record in dir, and
// of those under way, in the order of their starts.
func ReadSessions(dir string) ([]Manifest, error) {
	entries, err := os.ReadDir(filepath.Join(dir, SessionsFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var out []Manifest
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".json" {
			continue
		}
		m, ok, err := readManifest(filepath.Join(dir, SessionsFolder, e.Name()))
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b Manifest) int { return a.Start.Compare(b.Start) })
	return out, nil
}

// check refuses what names no session: JSON of something else.
func (m *Manifest) check() error {
	switch {
	case m.Hash == "":
		return errors.New("it has no hash")
	case m.Name == "":
		return errors.New("it has no name")
	case m.Algorithm < 1 || m.Streams < 1:
		return fmt.Errorf("it has algorithm_version %d and stream_version %d, want 1 or more", m.Algorithm, m.Streams)
	}
	return nil
}

// NewerError is a manifest of a session of a later program, whose lines this one
// cannot read.
type NewerError struct {
	Path    string
	Format  int    // of the session's lines
	Version string // of the program
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("%s: made by a newer runexp (%s), whose records are of format %d: this one reads formats up to %d, use the newer one", e.Path, e.Version, e.Format, Format)
}

func readManifest(path string) (m Manifest, ok bool, err error) {
	data, err := readFile(path, maxDescription)
	if errors.Is(err, fs.ErrNotExist) {
		return m, false, nil
	}
	if err != nil {
		return m, false, err
	}
	if err = json.Unmarshal(data, &m); err == nil {
		err = m.check()
	}
	if err == nil && m.Format > Format {
		return m, false, &NewerError{path, m.Format, m.Version}
	}
	if err != nil {
		return m, false, fmt.Errorf("%s: not a manifest that runexp wrote (%v)", path, err)
	}
	return m, true, nil
}
