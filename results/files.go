// files.go writes files whole or not at all.

package results

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// temporary is how the names of WriteFile's temporary files end: .NAME.*.part.
const temporary = ".part"

// WriteFile writes path through a temporary file in the same folder, synced
// and then renamed, so that at any moment path is absent, as it was before, or
// complete. Folders above it are made. A process that is killed may leave its
// temporary file behind, for RemoveTemporary.
func WriteFile(path string, write func(io.Writer) error) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*"+temporary)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, Cause(err))
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
			err = fmt.Errorf("writing %s: %w", path, Cause(err))
		}
	}()
	w := bufio.NewWriter(f)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	syncFolder(dir)
	return nil
}

// Cause is an error without the operation and the paths around it: those would be
// of a temporary file.
func Cause(err error) error {
	switch e := err.(type) {
	case *fs.PathError:
		return e.Err
	case *os.LinkError:
		return e.Err
	}
	return err
}

// FileError is a file of a run that cannot be read.
type FileError struct {
	Path string
	Err  error
}

func (e *FileError) Error() string { return fmt.Sprintf("%s: cannot be read: %v", e.Path, e.Err) }

func (e *FileError) Unwrap() error { return e.Err }

var errNoFile = errors.New("it is no regular file")

// openFile opens a file of a run to read. An error is a *FileError; fs.ErrNotExist
// is its cause where there is none. What is no file is not opened: a pipe would
// wait for its writer.
func openFile(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = errNoFile
	}
	var f *os.File
	if err == nil {
		f, err = os.Open(path)
	}
	if err != nil {
		return nil, &FileError{path, Cause(err)}
	}
	return f, nil
}

// Limits of the JSON files that are read as a whole, in bytes. What has a few lines
// for each claim and panic stays below the first, what has a number or a line for
// each record below the second.
const (
	maxDescription = 64 << 20 // of a manifest or a stamp
	MaxNumbers     = 1 << 30  // of judged claims with their bounds, or of a baseline
)

// readFile reads a file of a run that has at most so many bytes; see openFile.
func readFile(path string, limit int64) ([]byte, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := ReadAll(f, limit)
	if err != nil {
		return nil, &FileError{path, Cause(err)}
	}
	return data, nil
}

// ReadAll reads a file that has at most so many bytes. Of a larger one it reads
// nothing, unless its size is not known beforehand.
func ReadAll(f *os.File, limit int64) ([]byte, error) {
	tooLarge := func(has string) error {
		return fmt.Errorf("it has %s, and a file of its kind has at most %d MiB", has, limit>>20)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Mode().IsRegular() && info.Size() > limit {
		return nil, tooLarge(fmt.Sprintf("%d MiB", info.Size()>>20))
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = tooLarge("more")
	}
	if err != nil {
		return nil, err
	}
	return data, nil
}

// syncFolder makes what was created and renamed in dir outlast a power cut,
// where the file system can: some refuse to sync a folder, and have no more to
// offer.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		d.Sync()
		d.Close()
	}
}

// isTemporary reports whether a file of this name is what WriteFile leaves
// behind when its process is killed.
func isTemporary(name string) bool {
	return strings.HasPrefix(name, ".") && strings.HasSuffix(name, temporary)
}

// Incidental reports whether a file of this name in a run's folder holds nothing:
// a lock, or what a killed process was about to write.
func Incidental(name string) bool { return name == LockFile || isTemporary(name) }

// RemoveTemporary removes what killed processes left behind below dir. Nobody
// else may be writing there.
func RemoveTemporary(dir string) error {
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !isTemporary(e.Name()) {
			return err
		}
		return os.Remove(path)
	})
}

// WriteJSON writes v to path as indented JSON, whole or not at all.
func WriteJSON(path string, v any) error {
	return WriteFile(path, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(v)
	})
}
