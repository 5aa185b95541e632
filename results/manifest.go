// manifest.go describes where, when and by what a run was made.

package results

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// ManifestFile is the name of a run's manifest.
const ManifestFile = "manifest.json"

// Manifest says what a run's numbers depend on beside its config, and where
// they were made.
type Manifest struct {
	Name       string `json:"name"`
	About      string `json:"about"`
	ConfigHash string `json:"config_hash"`
	Seed       uint64 `json:"seed"`

	Algorithm int `json:"algorithm_version"` // raised when a change moves a result beyond summation order
	Streams   int `json:"stream_version"`    // raised when a change moves a random draw

	Version      string            `json:"version"`
	Revision     string            `json:"revision"` // of the source, or "unknown"
	Modified     bool              `json:"modified"` // whether the source differed from the revision
	Go           string            `json:"go"`
	Platform     string            `json:"platform"`
	GOAMD64      string            `json:"goamd64,omitempty"`
	Dependencies map[string]string `json:"dependencies"`

	Host      string `json:"host"`
	Processor string `json:"processor"`
	Cores     int    `json:"cores"`
	Kernel    string `json:"kernel"` // of the matrix products
	Workers   int    `json:"workers"`

	Command []string   `json:"command"`
	Start   time.Time  `json:"start"`
	End     *time.Time `json:"end"` // null while the run is not finished

	Earlier []Manifest `json:"earlier,omitempty"` // of runs that this one went on with
}

// NewManifest describes this process and machine.
func NewManifest() Manifest {
	m := Manifest{
		Version: "unknown", Revision: "unknown", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Dependencies: map[string]string{}, Processor: processor(), Cores: runtime.NumCPU(), Start: time.Now().UTC(),
	}
	m.Host, _ = os.Hostname()
	if info, ok := debug.ReadBuildInfo(); ok {
		m.Version = info.Main.Version
		for _, d := range info.Deps {
			m.Dependencies[d.Path] = d.Version
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
	return m
}

// processor names the processor, as Linux does; elsewhere the architecture.
func processor() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if key, value, ok := strings.Cut(s.Text(), ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

// ReadManifest reads the manifest of the run in dir; ok is false if there is
// none.
func ReadManifest(dir string) (m Manifest, ok bool, err error) {
	path := filepath.Join(dir, ManifestFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return m, false, nil
	}
	if err != nil {
		return m, false, err
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return m, false, fmt.Errorf("%s: not a manifest that runexp wrote (%v)", path, err)
	}
	return m, true, nil
}
