// stamp.go recognizes a finished run without reading its records, by the hashes of
// what it was made from and of the files that it left.

package results

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// StampFile is the name of the stamp of a finished run.
const StampFile = "whole.json"

// Stamp says what a finished run was made from and what files it left. While all of
// that is unchanged, running it again would leave the same files.
type Stamp struct {
	Program string               `json:"program"`  // SHA-256 of the executable
	Config  string               `json:"config"`   // SHA-256 of the resolved config
	Records int                  `json:"records"`  // number of records measured, none of which failed
	ClaimOf []int                `json:"claim_of"` // for each judged claim, the number of the claim of the config that it judges, from 0
	Console string               `json:"console"`  // what the run printed
	Files   map[string]FileStamp `json:"files"`    // all files in the folder except the stamp, by their paths from the folder
}

// FileStamp is what a stamp holds of a file.
type FileStamp struct {
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// WriteStamp writes the stamp of the run in dir, filling in its program and
// files. It writes none if the executable of this program cannot be read.
func WriteStamp(dir string, s Stamp) error {
	if s.Program = program(); s.Program == "" {
		return nil
	}
	s.Files = map[string]FileStamp{}
	err := walkFolder(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || Incidental(e.Name()) {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if name != StampFile {
			s.Files[filepath.ToSlash(name)] = FileStamp{Size: info.Size()}
		}
		return err
	})
	if err != nil {
		return err
	}
	sums, err := hashFiles(dir, s.Files)
	if err != nil {
		return err
	}
	for name, sum := range sums {
		s.Files[name] = FileStamp{s.Files[name].Size, sum}
	}
	return WriteJSON(filepath.Join(dir, StampFile), s)
}

// RemoveStamp removes the stamp, so that the run in dir no longer counts as finished.
func RemoveStamp(dir string) error {
	if err := os.Remove(filepath.Join(dir, StampFile)); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}

// ReadStamp reads the stamp of the run in dir. ok is false if there is none, if
// another program wrote it, if any of the files has changed since, or if a report was
// interrupted, which left OutdatedFile.
func ReadStamp(dir string) (s Stamp, ok bool) {
	s, ok = stampOf(dir)
	if !ok || s.Program == "" || s.Program != program() {
		return s, false
	}
	if _, err := os.Lstat(filepath.Join(dir, OutdatedFile)); err == nil {
		return s, false
	}
	return s, s.changed(dir) == ""
}

// ChangedSince returns the name of a file in dir that was changed or removed since the
// run there was stamped as finished. It returns "" if the run was not, or if all files
// are as they were.
func ChangedSince(dir string) string {
	s, ok := stampOf(dir)
	if !ok {
		return ""
	}
	return s.changed(dir)
}

// stampOf reads the stamp of the run in dir, if there is one.
func stampOf(dir string) (s Stamp, ok bool) {
	data, err := ReadFile(filepath.Join(dir, StampFile), MaxDescription)
	return s, err == nil && json.Unmarshal(data, &s) == nil && len(s.Files) > 0
}

// changed returns the name of a file in dir that is not as the stamp says, "" if all
// are.
func (s *Stamp) changed(dir string) string {
	names := slices.Sorted(maps.Keys(s.Files))
	for _, name := range names { // sizes first: they cost nothing
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return name
		}
		info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil || !info.Mode().IsRegular() || info.Size() != s.Files[name].Size {
			return name
		}
	}
	sums, err := hashFiles(dir, s.Files)
	for _, name := range names {
		if err != nil || sums[name] != s.Files[name].SHA256 {
			return name
		}
	}
	return ""
}

// hashFiles returns the SHA-256 of each of the files below dir, several of which it
// reads at a time.
func hashFiles(dir string, files map[string]FileStamp) (map[string]string, error) {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sums, errs := make([]string, len(names)), make([]error, len(names))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(names); i = int(next.Add(1)) - 1 {
				sums[i], errs[i] = hashFile(filepath.Join(dir, filepath.FromSlash(names[i])))
			}
		})
	}
	wg.Wait()
	out := map[string]string{}
	for i, name := range names {
		if errs[i] != nil {
			return nil, errs[i]
		}
		out[name] = sums[i]
	}
	return out, nil
}

func hashFile(path string) (string, error) {
	f, err := openFile(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.CopyBuffer(h, struct{ io.Reader }{f}, make([]byte, 1<<20)); err != nil {
		return "", &FileError{path, Cause(err)}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// program returns the SHA-256 of this executable, on which the files of a run depend;
// "" if it cannot be read.
var program = sync.OnceValue(func() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	sum, _ := hashFile(path)
	return sum
})
