// lock.go keeps two processes from working in one folder.

package results

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
)

// LockFile is the name of the file by which a process holds a run's folder. The
// lock is the kernel's, on the open file: it ends with the process, however that
// ends, and the file that stays behind locks nothing.
const LockFile = ".lock"

// ErrLocked says that another process works in the folder.
var ErrLocked = errors.New("another process works in this folder")

// Lock is the hold of this process on a run's folder.
type Lock struct{ f *os.File }

// LockFolder locks dir, or returns ErrLocked with the number of the process
// that holds it.
func LockFolder(dir string) (*Lock, error) {
	f, err := os.OpenFile(filepath.Join(dir, LockFile), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := flock(f); err != nil {
		text, _ := io.ReadAll(io.LimitReader(f, 20))
		f.Close()
		if pid, e := strconv.Atoi(string(text)); e == nil && errors.Is(err, ErrLocked) {
			err = fmt.Errorf("%w, number %d", err, pid)
		}
		return nil, err
	}
	if err := f.Truncate(0); err == nil {
		f.WriteAt([]byte(strconv.Itoa(os.Getpid())), 0) // for the message alone
	}
	return &Lock{f}, nil
}

// Release lets others work in the folder.
func (l *Lock) Release() error {
	if l == nil {
		return nil
	}
	return l.f.Close()
}
