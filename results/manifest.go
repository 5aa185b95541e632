// manifest.go describes where, when and by what a run was made.

package results

import (
	"bytes"
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

// Manifest says what the numbers of a session depend on beside the config, and where
// they were made. A session is one start of runexp in a folder.
type Manifest struct {
	Hash string `json:"hash"` // hash of everything that was known at the start: see Seal

	Name       string `json:"name"`
	About      string `json:"about"`
	ConfigHash string `json:"config_hash"`
	Seed       uint64 `json:"seed"`

	Versions
	Format int `json:"record_format,omitempty"` // format of the lines that the session wrote; 0 stands for 1: see LineFormat

	Version      string            `json:"version"`
	Revision     string            `json:"revision"`       // git revision of the source, or "unknown"
	Modified     *bool             `json:"modified"`       // whether the source differed from the revision; null if that is unknown
	Diff         string            `json:"diff,omitempty"` // how it differed, if that could be found out
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

	// ConfigBefore is the hash of the config that the folder had when the session
	// began: until the session has written its own, config.yaml is that one.
	ConfigBefore string `json:"config_before,omitempty"`

	Panics []Panic `json:"panics,omitempty"` // mistakes of the program that a trial ran into
}

// Panic is a mistake of the program that a trial ran into. The error of the trial's
// records names it by its number in the manifest, from 1.
type Panic struct {
	Value string `json:"value"` // what went wrong
	Stack string `json:"stack"` // where, as Go prints it
}

// NewManifest describes this process and machine.
func NewManifest() Manifest {
	m := Program()
	m.OS, m.Processor, m.Cores, m.Memory = osRelease(), processor(), runtime.NumCPU(), Memory()
	m.Format, m.Start = Format, time.Now().UTC()
	m.Host, _ = os.Hostname()
	if m.Modified != nil && *m.Modified {
		m.Diff = gitDiff(".", m.Revision)
	}
	return m
}

// Program is what a manifest says of the program: its version and revision, what it
// was built by, for and from.
func Program() Manifest {
	m := Manifest{
		Version: "unknown", Revision: "unknown", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Dependencies: map[string]string{},
	}
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
				modified := s.Value == "true"
				m.Modified = &modified
			case "GOAMD64":
				m.GOAMD64 = s.Value
			}
		}
	}
	return m
}

// Source names the revision of the source and says whether that was all of it.
func (m *Manifest) Source() string {
	switch {
	case m.Modified == nil:
		return m.Revision + ", modified: unknown"
	case *m.Modified:
		return m.Revision + ", modified"
	}
	return m.Revision
}

// LineFormat is the format of the lines that the session wrote.
func (m *Manifest) LineFormat() int { return max(1, m.Format) }

// maxDiff is the largest length of the difference that a manifest keeps, in bytes.
const maxDiff = 64 << 10

// gitDiff returns how the working tree around dir differs from the revision; of
// untracked files it has the names only. It returns "" unless dir is in a repository
// that has the revision checked out.
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

// ConfigHash identifies a resolved config by its text: 8 hexadecimal digits.
func ConfigHash(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:4])
}

// IsOf reports whether a resolved config, by its text, is the one that the session
// ran, or may still be the one that it found.
func (m *Manifest) IsOf(config []byte) bool {
	hash := ConfigHash(config)
	return hash == m.ConfigHash || m.End == nil && hash == m.ConfigBefore
}

// Seal fills in the hash of the manifest, which is that of everything in it that is
// known when the session begins.
func (m *Manifest) Seal() {
	sealed := *m
	sealed.Hash = ""
	data, err := json.Marshal(sealed)
	if err != nil {
		panic("results: " + err.Error())
	}
	m.Hash = sealOf(data)
}

// sealOf returns the hash of a manifest, given as JSON without white space: of all its
// members but the hash itself and what comes later than the session's begin. Members
// that this program does not know count, too.
func sealOf(object []byte) string {
	var b bytes.Buffer
	for _, m := range members(object) {
		value := object[m.value:m.end]
		switch string(m.key) {
		case "hash":
			value = []byte(`""`)
		case "end":
			value = []byte("null")
		case "panics", "config_before":
			continue
		}
		fmt.Fprintf(&b, ",\"%s\":%s", m.key, value)
	}
	sum := sha256.Sum256(append(bytes.Replace(b.Bytes(), []byte(","), []byte("{"), 1), '}'))
	return hex.EncodeToString(sum[:6])
}

// checkSeal returns an error if the text of a manifest is not the one that its hash is
// of.
func (m *Manifest) checkSeal(text []byte) error {
	var compact, escaped bytes.Buffer
	if err := json.Compact(&compact, text); err != nil {
		return err
	}
	json.HTMLEscape(&escaped, compact.Bytes()) // as json.Marshal does
	if sealOf(escaped.Bytes()) != m.Hash {
		return errors.New("its hash is not that of what it says: it was changed after it was written")
	}
	return nil
}

// WriteSession writes the manifest of a session to dir twice: first as that of the
// latest session, which makes dir the folder of a run, then under its hash, by which
// records name it.
func WriteSession(dir string, m Manifest) error {
	if err := WriteJSON(filepath.Join(dir, ManifestFile), m); err != nil {
		return err
	}
	return WriteJSON(filepath.Join(dir, SessionsFolder, m.Hash+".json"), m)
}

// RemoveSessions removes the manifests of the sessions for whose hash keep returns
// false. Whatever else lies beside them stays, as a copy that a user made.
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
		hash, ok := strings.CutSuffix(e.Name(), ".json")
		if !ok || keep(hash) {
			continue
		}
		path := filepath.Join(folder, e.Name())
		if m, ok, err := readManifest(path); err != nil || !ok || m.Hash != hash {
			continue
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}

// ReadManifest reads the manifest of the latest session of the run in dir; ok
// is false if there is none.
func ReadManifest(dir string) (m Manifest, ok bool, err error) {
	return readManifest(filepath.Join(dir, ManifestFile))
}

// ReadSession reads the manifest of the session with the given hash, which left records
// in dir; ok is false if there is none.
func ReadSession(dir, hash string) (m Manifest, ok bool, err error) {
	return readManifest(filepath.Join(dir, SessionsFolder, filepath.Base(hash)+".json"))
}

// ReadSessions reads the manifests of all sessions that left a record in dir, or are
// under way there, in the order in which they started.
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

// check returns an error if the manifest lacks what every manifest has, as JSON of
// something else does.
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

// NewerError says that a session of a later program wrote lines of a format that this
// program cannot read.
type NewerError struct {
	Path    string // of the session's manifest
	Format  int    // of the session's lines
	Version string // of the program that wrote them
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("%s: made by a newer runexp (%s), whose records are of format %d: this one reads formats up to %d, use the newer one", e.Path, e.Version, e.Format, Format)
}

// readManifest reads the manifest in a file; ok is false if there is no such file. A
// manifest of a later format is a *NewerError.
func readManifest(path string) (m Manifest, ok bool, err error) {
	data, err := ReadFile(path, MaxDescription)
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
	if err == nil {
		err = m.checkSeal(data)
	}
	if err != nil {
		return m, false, fmt.Errorf("%s: not a manifest that runexp wrote (%v)", path, err)
	}
	return m, true, nil
}
