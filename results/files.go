// files.go reads the files of a run, and writes files whole or not at all.

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
	"regexp"
)

// temporary is the ending of the names of WriteFile's temporary files, .NAME.*.part.
const temporary = ".part"

// WriteFile writes path through a temporary file in the same folder, which is forced
// to the disk and then renamed. So at any moment path is absent, as it was before, or
// complete. Folders above it are made. A process that is killed may leave its
// temporary file behind; RemoveTemporary removes it.
func WriteFile(path string, write func(io.Writer) error) error { return writeFile(path, 0o644, write) }

// writeFile is WriteFile for a file with the given permissions.
func writeFile(path string, mode fs.FileMode, write func(io.Writer) error) (err error) {
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
	if err := f.Chmod(mode); err != nil {
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

// Cause returns an error of the operating system without the operation and the paths
// in it, which may be those of a temporary file.
func Cause(err error) error {
	switch e := err.(type) {
	case *fs.PathError:
		return e.Err
	case *os.LinkError:
		return e.Err
	}
	return err
}

// FileError says that a file of a run cannot be read.
type FileError struct {
	Path string
	Err  error
}

func (e *FileError) Error() string { return fmt.Sprintf("%s: cannot be read: %v", e.Path, e.Err) }

func (e *FileError) Unwrap() error { return e.Err }

var errNoFile = errors.New("it is no regular file")

// openFile opens a file of a run to read it. An error is a *FileError, which wraps
// fs.ErrNotExist if there is no such file. Anything but a regular file is refused
// without being opened, because opening a pipe would wait for its writer.
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

// Limits of the JSON files that are read as a whole, in bytes. A file with a few lines
// for each claim and each panic stays below the first; a file with a number or a line for
// each record stays below the second.
const (
	MaxDescription = 64 << 20 // of a manifest, a stamp or a list of outputs
	MaxNumbers     = 1 << 30  // of judged claims with their bounds, or of a baseline
)

// ReadFile reads a whole file of a run, which may have at most limit bytes; its other
// errors are those of openFile.
func ReadFile(path string, limit int64) ([]byte, error) {
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

// ReadAll reads a whole file, which may have at most limit bytes. It reads nothing of a
// larger file, unless the size of the file is not known beforehand.
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

// syncFolder forces to the disk what was created and renamed in dir, so that it
// outlasts a power cut. Some file systems refuse to do so for a folder; as nothing else
// can be done there, errors are ignored.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		d.Sync()
		d.Close()
	}
}

// isTemporary reports whether a file of this name is what WriteFile leaves
// behind when its process is killed. The digits are those of os.CreateTemp; a file of a
// user that only begins and ends alike is none.
func isTemporary(name string) bool { return temporaryName.MatchString(name) }

var temporaryName = regexp.MustCompile(`^\..+\.[0-9]+` + regexp.QuoteMeta(temporary) + `$`)

// Incidental reports whether a file of this name in a run's folder is no part of the
// run: the lock, or a temporary file of a process that was killed.
func Incidental(name string) bool { return name == LockFile || isTemporary(name) }

// RemoveTemporary removes the temporary files that killed processes left in dir and
// the folders below. No other process may be writing there.
func RemoveTemporary(dir string) error {
	return walkFolder(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || !isTemporary(e.Name()) {
			return err
		}
		return os.Remove(path)
	})
}

// walkFolder is filepath.WalkDir for a folder that may itself be named by a symbolic
// link, which WalkDir takes for a file; links below it are not followed.
func walkFolder(dir string, visit fs.WalkDirFunc) error {
	return filepath.WalkDir(dir+string(filepath.Separator), visit)
}

// WriteText writes a text to path, whole or not at all.
func WriteText(path, text string) error {
	return WriteFile(path, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

// WriteJSON writes v to path as indented JSON, whole or not at all.
func WriteJSON(path string, v any) error {
	return WriteFile(path, func(w io.Writer) error { return EncodeJSON(w, v) })
}

// EncodeJSON writes v as indented JSON.
func EncodeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
