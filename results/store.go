// store.go keeps the records of a run in memory and on disk, where they are appended
// as they are made, and reads what is there when a run goes on.

package results

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"sync"
	"time"
)

// Store holds the records and searches of a run, in memory and on disk. While
// it is open no other process can open it. Append is safe for concurrent use.
type Store struct {
	Held // what was there, and what was appended since

	dir               string
	lock              *Lock
	mu                sync.Mutex
	records, searches *appender
	checked           time.Time // when the files were last checked
}

// OpenStore opens the store in dir, creating folder and store if need be, and reads
// what is there. A last line that was cut off in writing is removed. Other errors than
// those of Read: ErrLocked, while another process has the store open.
func OpenStore(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	lock, err := LockFolder(dir)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, lock: lock}
	if err := s.restore(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// restore reads what the folder holds, and removes last lines that were cut off.
func (s *Store) restore() error {
	if err := RemoveTemporary(s.dir); err != nil {
		return err
	}
	held, err := Read(s.dir)
	if err != nil {
		return err
	}
	s.Held = *held
	for _, f := range s.files() {
		if f.torn {
			if err := os.Truncate(f.path, f.bytes); err != nil {
				return err
			}
		}
	}
	return nil
}

// files lists the files of lines of the store.
func (s *Store) files() (out []*lineFile) {
	for _, kind := range [][]lineFile{s.Held.records, s.Held.searches} {
		for i := range kind {
			out = append(out, &kind[i])
		}
	}
	return out
}

// VanishedError says that the folder no longer holds what the run wrote, since a file or
// the folder was removed, replaced or written to while the run was at work.
type VanishedError struct{ Err error }

func (e *VanishedError) Error() string {
	return e.Err.Error() + ": this run is not taken for finished; run it again to make good what is missing"
}

func (e *VanishedError) Unwrap() error { return e.Err }

// Check returns a *VanishedError unless the files of lines have the size of what was
// read and appended, are the same files as before, and the folder is still the one that
// was locked.
func (s *Store) Check() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.check()
}

func (s *Store) check() error {
	s.checked = time.Now()
	if err := s.lock.check(); err != nil {
		return &VanishedError{err}
	}
	for _, f := range s.files() {
		if err := f.check(); err != nil {
			return &VanishedError{err}
		}
	}
	return nil
}

// Verify is Check for the end of a run: it also reads every line again, since an edit
// in place leaves a file its size. A line that was changed is a *LineError. Lines of
// format 1, which have no checksum, are not verified.
func (s *Store) Verify() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.check(); err != nil {
		return err
	}
	for _, f := range s.files() {
		if err := f.verify(); err != nil {
			return err
		}
	}
	return nil
}

// verify returns a *LineError for the first line that does not have its checksum.
func (f *lineFile) verify() error {
	if f.info == nil {
		return nil
	}
	file, err := openFile(f.path)
	if err != nil {
		return &VanishedError{err}
	}
	defer file.Close()
	lines := bufio.NewReaderSize(file, blockBytes)
	for i := range f.lines {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return &VanishedError{&FileError{f.path, Cause(err)}}
		}
		if _, _, err := cutChecksum(line); err != nil {
			return &LineError{f.path, i + 1, err}
		}
	}
	return nil
}

// check returns an error if the file is not the one that was read or appended to, or
// has another size than the lines that are known of it.
func (f *lineFile) check() error {
	now, err := os.Stat(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && f.info == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s was removed while the run was at work", f.path)
	case err != nil:
		return err
	case f.info == nil:
		return fmt.Errorf("%s was made by somebody else while the run was at work", f.path)
	case !os.SameFile(f.info, now):
		return fmt.Errorf("%s was replaced while the run was at work", f.path)
	case now.Size() != f.bytes:
		return fmt.Errorf("%s has %d bytes, and the run left %d: it was changed while the run was at work", f.path, now.Size(), f.bytes)
	}
	return nil
}

// Locked reports whether no other process can open the store.
func (s *Store) Locked() bool { return s.lock.Holds() }

// Retain removes from the store the i-th record if records[i] is false, and the i-th
// search if searches[i] is false. Lines that are kept do not change in any byte.
func (s *Store) Retain(records, searches []bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.flush(); err != nil {
		return err
	}
	if err := retain(s.Held.records, &s.Records, records); err != nil {
		return err
	}
	return retain(s.Held.searches, &s.Searches, searches)
}

// retain removes the items for which keep is false from the list and from the files.
func retain[T any](files []lineFile, items *[]T, keep []bool) error {
	if !slices.Contains(keep, false) {
		return nil
	}
	var kept []T
	for i := range files {
		f := &files[i]
		mine := keep[f.first : f.first+f.lines]
		if slices.Contains(mine, false) {
			if err := retainLines(f, mine); err != nil {
				return err
			}
		}
		first := len(kept)
		for k, ok := range mine {
			if ok {
				kept = append(kept, (*items)[f.first+k])
			}
		}
		f.first, f.lines = first, len(kept)-first
	}
	*items = kept
	return nil
}

// retainLines rewrites a file of lines without those that are not to be kept.
func retainLines(f *lineFile, keep []bool) error {
	var bytes int64
	err := WriteFile(f.path, func(w io.Writer) (err error) {
		bytes, err = f.copyLines(w, keep)
		return err
	})
	if err == nil {
		f.bytes = bytes
		f.info, err = os.Stat(f.path)
	}
	return err
}

// copyLines writes the lines of a file that are to be kept, to the byte, and returns
// how many bytes those are. The file must be the one that was read.
func (f *lineFile) copyLines(w io.Writer, keep []bool) (n int64, err error) {
	if !slices.Contains(keep, true) {
		return 0, nil
	}
	from, err := openFile(f.path)
	if err != nil {
		return 0, err
	}
	defer from.Close()
	switch now, err := from.Stat(); {
	case err != nil:
		return 0, &FileError{f.path, Cause(err)}
	case !os.SameFile(f.info, now):
		return 0, &FileError{f.path, errors.New("it was replaced after it was read")}
	}
	lines := bufio.NewReader(from)
	for _, kept := range keep {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return n, &FileError{f.path, Cause(err)}
		}
		if kept {
			n += int64(len(line))
			if _, err := w.Write(line); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// Append adds the records and searches of one task. Once a write has failed, every
// later call fails, too, so that nothing is written behind a line that may be cut off.
func (s *Store) Append(records []Record, searches []Search) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.records == nil {
		var err error
		if err = s.check(); err != nil {
			return err
		}
		if s.searches, err = openAppender(&s.Held.searches[len(s.Held.searches)-1]); err != nil {
			return err
		}
		if s.records, err = openAppender(&s.Held.records[len(s.Held.records)-1]); err != nil {
			return err
		}
		syncFolder(s.dir)
	}
	if err := appendLines(s.searches, searches); err != nil {
		return err
	}
	s.Searches = append(s.Searches, searches...)
	if err := appendLines(s.records, records); err != nil {
		return err
	}
	s.Records = append(s.Records, records...)
	if time.Since(s.checked) >= syncEvery { // or else a run could work for hours for a folder that is gone
		return s.check()
	}
	return nil
}

// Flush forces all that was appended to the disk.
func (s *Store) Flush() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.flush()
}

func (s *Store) flush() error {
	err := errors.Join(s.records.close(), s.searches.close())
	s.records, s.searches = nil, nil
	return err
}

// Close closes the files and lets others open the store.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := errors.Join(s.flush(), s.lock.Release())
	s.lock = nil
	return err
}

// appender appends lines to a file of lines.
type appender struct {
	f   file
	to  *lineFile
	err error // of the first failure

	synced time.Time
}

// syncEvery is the shortest time between two moments at which lines are forced to the
// disk. A process that is killed loses no line that was written. A machine that loses
// power loses the last lines, whose trials then run again.
const syncEvery = time.Second

// file is what an appender needs of an *os.File.
type file interface {
	io.WriteCloser
	Sync() error
	Truncate(size int64) error
}

func openAppender(to *lineFile) (*appender, error) {
	f, err := os.OpenFile(to.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if to.info, err = f.Stat(); err != nil {
		f.Close()
		return nil, err
	}
	return &appender{f: f, to: to}, nil
}

// appendLines writes one line for each item, all of them in one call.
func appendLines[T any](a *appender, items []T) error {
	if a.err != nil || len(items) == 0 {
		return a.err
	}
	var b bytes.Buffer
	if err := EncodeLines(&b, items); err != nil {
		return err
	}
	n := int64(b.Len())
	_, err := a.f.Write(b.Bytes())
	if err == nil && time.Since(a.synced) >= syncEvery {
		err, a.synced = a.f.Sync(), time.Now()
	}
	if err != nil {
		// Remove what was written of the lines. If that fails, the next OpenStore
		// removes a line that was cut off.
		a.f.Truncate(a.to.bytes)
		a.err = fmt.Errorf("writing %s: %w", a.to.path, Cause(err))
		return a.err
	}
	a.to.bytes += n
	a.to.lines += len(items)
	return nil
}

func (a *appender) close() error {
	if a == nil {
		return nil
	}
	err := errors.Join(Cause(a.f.Sync()), Cause(a.f.Close()))
	if err != nil {
		return fmt.Errorf("writing %s: %w", a.to.path, err)
	}
	return nil
}
