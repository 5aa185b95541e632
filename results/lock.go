// lock.go keeps two processes from working in one folder.

package results

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/gofrs/flock"
)

// LockFile is the name of the file by which a process locks a run's folder. The kernel
// holds the lock on the open file and releases it when the process ends, however it
// ends; the file that stays behind locks nothing.
const LockFile = ".lock"

// ErrLocked says that another process has locked the folder.
var ErrLocked = errors.New("another process works in this folder")

// Lock is this process's lock on a run's folder.
type Lock struct {
	path string
	file *flock.Flock // nil where there are no locks
}

// tryLock locks a file, or says that another process has it locked; tests replace it to
// stand for other file systems.
var tryLock = (*flock.Flock).TryLock

// LockFolder locks dir, or returns ErrLocked with the number of the process
// that holds it. On a file system without locks it returns a Lock that holds
// nothing (see Lock.Holds).
func LockFolder(dir string) (*Lock, error) {
	l, err := newLock(dir, flock.SetFlag(os.O_RDWR|os.O_CREATE), flock.SetPermissions(0o644))
	if err != nil {
		return nil, err
	}
	switch locked, err := tryLock(l.file); {
	case errors.Is(err, errors.ErrUnsupported), errors.Is(err, syscall.ENOLCK):
		l.file = nil
		return l, nil
	case err != nil:
		return nil, err
	case !locked:
		return nil, l.held()
	}
	if err := os.WriteFile(l.path, []byte(strconv.Itoa(os.Getpid())), 0o644); err != nil {
		return nil, errors.Join(err, l.Release()) // the number is for the message, but the file must be ours
	}
	return l, nil
}

// newLock returns a lock on dir that is not held yet. Anything but a regular file in its
// place is refused: the number would be written over the target of a link, and opening
// a pipe would wait for ever.
func newLock(dir string, options ...flock.Option) (*Lock, error) {
	path := filepath.Join(dir, LockFile)
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return nil, &FileError{path, errNoFile}
	}
	return &Lock{path: path, file: flock.New(path, options...)}, nil
}

// CheckUnlocked returns ErrLocked with the number of the process that holds dir, if
// one does. Unlike LockFolder it writes nothing and keeps nobody out.
func CheckUnlocked(dir string) error {
	l, err := newLock(dir, flock.SetFlag(os.O_RDONLY))
	if err != nil {
		return nil // what is no lock is held by nobody
	}
	switch free, err := l.file.TryRLock(); {
	case err == nil && free:
		return l.Release()
	case err == nil:
		return l.held()
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, errors.ErrUnsupported), errors.Is(err, syscall.ENOLCK):
		return nil
	default:
		return err
	}
}

// maxLock bounds a lock's file, which holds the number of a process, in bytes.
const maxLock = 64

// held is ErrLocked with the number of the process that holds the folder.
func (l *Lock) held() error {
	text, _ := ReadFile(l.path, maxLock)
	if pid, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil {
		return fmt.Errorf("%w, number %d", ErrLocked, pid)
	}
	return ErrLocked
}

// Holds reports whether the folder is locked. On a file system without locks it is not,
// and whoever runs there must see to it that no other process works in the folder.
func (l *Lock) Holds() bool { return l.file != nil }

// check returns an error if the lock's file is no longer the one that was locked:
// another process could have locked the folder meanwhile.
func (l *Lock) check() error {
	if !l.Holds() {
		return nil
	}
	mine, err := l.file.Stat()
	if err != nil {
		return err
	}
	now, err := os.Stat(l.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s was removed while the run was at work", l.path)
	case err != nil:
		return err
	case !os.SameFile(mine, now):
		return fmt.Errorf("%s is not the file that this run locked: the folder was replaced while it was at work", l.path)
	}
	return nil
}

// Release lets others work in the folder.
func (l *Lock) Release() error {
	if l == nil || l.file == nil {
		return nil
	}
	return l.file.Close()
}
