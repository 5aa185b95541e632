// stamp.go tells a finished run from one to go on with, without reading its
// records: by the hashes of what the run was made of and of what it left.

package results

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
)

// StampFile is the name of the stamp of a finished run.
const StampFile = "whole.json"

// Stamp says what a finished run was made of and what it left. While all of that
// is as it was, running it again would leave the same.
type Stamp struct {
	Program string               `json:"program"`  // SHA-256 of the executable
	Config  string               `json:"config"`   // SHA-256 of the resolved config
	Records int                  `json:"records"`  // measured, none of which failed
	ClaimOf []int                `json:"claim_of"` // for each judged claim, the number of the config's
	Console string               `json:"console"`  // what the run printed
	Files   map[string]FileStamp `json:"files"`    // all in the folder but this one, by path from there
}

// FileStamp is what a stamp holds of a file.
type FileStamp struct {
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// WriteStamp writes the stamp of the run in dir, filling in its program and
// files. It writes none if the program cannot be told.
func WriteStamp(dir string, s Stamp) error {
	if s.Program = program(); s.Program == "" {
		return nil
	}
	s.Files = map[string]FileStamp{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
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

// RemoveStamp has the run in dir be one to go on with.
func RemoveStamp(dir string) error {
	if err := os.Remove(filepath.Join(dir, StampFile)); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}

// ReadStamp reads the stamp of the run in dir. ok is false if there is none, or
// if this program is another or any of the files is not as it was.
func ReadStamp(dir string) (s Stamp, ok bool) {
	data, err := readFile(filepath.Join(dir, StampFile), maxDescription)
	if err != nil || json.Unmarshal(data, &s) != nil || len(s.Files) == 0 {
		return s, false
	}
	for name, f := range s.Files { // sizes first: they cost nothing
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return s, false
		}
		info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil || !info.Mode().IsRegular() || info.Size() != f.Size {
			return s, false
		}
	}
	if s.Program == "" || s.Program != program() {
		return s, false
	}
	sums, err := hashFiles(dir, s.Files)
	if err != nil {
		return s, false
	}
	for name, f := range s.Files {
		if sums[name] != f.SHA256 {
			return s, false
		}
	}
	return s, true
}

// hashFiles hashes files below dir, several at a time.
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

// program is the hash of this executable, which makes the files what they are;
// "" if it cannot be read.
var program = sync.OnceValue(func() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	sum, _ := hashFile(path)
	return sum
})
