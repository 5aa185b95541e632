// store.go keeps the records of a run on disk, appended as they are made, and
// finds what is there when a run goes on.

package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

// The files of a run that are appended to.
const (
	RecordsFile  = "records.jsonl"
	SearchesFile = "searches.jsonl"
)

// Store holds the records and searches of a run, in memory and on disk. While
// it is open no other process can open it. Append is safe for concurrent use.
type Store struct {
	Records  []Record // all that the folder holds, in the order of the file
	Searches []Search

	dir               string
	lock              *Lock
	mu                sync.Mutex
	records, searches *appender
}

// OpenStore opens the store in dir, creating both, and reads what is there. A
// last line that was cut off in writing is removed. A line that is whole but no
// record is an error: something else wrote the file. ErrLocked is the error
// while another process has the store open.
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

// restore reads what the folder holds.
func (s *Store) restore() error {
	if err := RemoveTemporary(s.dir); err != nil {
		return err
	}
	var err error
	if s.Records, err = restore[Record](filepath.Join(s.dir, RecordsFile)); err != nil {
		return err
	}
	s.Searches, err = restore[Search](filepath.Join(s.dir, SearchesFile))
	return err
}

// restore reads a file of lines and removes a last one that was cut off.
func restore[T any, P checked[T]](path string) ([]T, error) {
	items, whole, torn, err := readLines[T, P](path)
	if err == nil && torn {
		err = os.Truncate(path, whole)
	}
	return items, err
}

// Retain removes from the store what is not to be kept: the i-th record where
// records[i] is false, likewise searches.
func (s *Store) Retain(records, searches []bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.flush()
	if err != nil {
		return err
	}
	if s.Records, err = retain(filepath.Join(s.dir, RecordsFile), s.Records, records); err != nil {
		return err
	}
	s.Searches, err = retain(filepath.Join(s.dir, SearchesFile), s.Searches, searches)
	return err
}

func retain[T any](path string, items []T, keep []bool) ([]T, error) {
	var kept []T
	for i := range items {
		if keep[i] {
			kept = append(kept, items[i])
		}
	}
	if len(kept) == len(items) {
		return items, nil
	}
	return kept, WriteFile(path, func(w io.Writer) error { return encodeLines(w, kept) })
}

// Append adds the records and searches of one task. Once it has failed it
// fails for good: nothing is written behind a line that may be cut off.
func (s *Store) Append(records []Record, searches []Search) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.records == nil {
		var err error
		if s.searches, err = openAppender(filepath.Join(s.dir, SearchesFile)); err != nil {
			return err
		}
		if s.records, err = openAppender(filepath.Join(s.dir, RecordsFile)); err != nil {
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
	return nil
}

// Flush has all that was appended on the disk.
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

// appender appends lines to a file.
type appender struct {
	f    file
	path string
	size int64 // up to the end of the last whole line
	err  error // of the first failure

	synced time.Time
}

// syncEvery is how often, at most, lines are forced to the disk. A process that is killed
// loses no line that was written; a machine that loses power loses the last of
// them, whose trials then run again.
const syncEvery = time.Second

// file is what an appender needs of an *os.File.
type file interface {
	io.WriteCloser
	Sync() error
	Truncate(size int64) error
}

func openAppender(path string) (*appender, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	return &appender{f: f, path: path, size: info.Size()}, nil
}

// appendLines writes one line an item, all in one call.
func appendLines[T any](a *appender, items []T) error {
	if a.err != nil || len(items) == 0 {
		return a.err
	}
	var b bytes.Buffer
	if err := encodeLines(&b, items); err != nil {
		return err
	}
	n := int64(b.Len())
	_, err := a.f.Write(b.Bytes())
	if err == nil && time.Since(a.synced) >= syncEvery {
		err, a.synced = a.f.Sync(), time.Now()
	}
	if err != nil {
		// What was written of the lines goes, if it can; else the next OpenStore
		// cuts it off.
		a.f.Truncate(a.size)
		a.err = fmt.Errorf("writing %s: %w", a.path, err)
		return a.err
	}
	a.size += n
	return nil
}

func (a *appender) close() error {
	if a == nil {
		return nil
	}
	err := errors.Join(a.f.Sync(), a.f.Close())
	if err != nil {
		return fmt.Errorf("writing %s: %w", a.path, err)
	}
	return nil
}

func encodeLines[T any](w io.Writer, items []T) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for i := range items {
		if err := enc.Encode(&items[i]); err != nil {
			return err
		}
	}
	return nil
}

// ReadRecords reads the records of the run in dir; none if there is no file.
func ReadRecords(dir string) ([]Record, error) {
	items, _, _, err := readLines[Record](filepath.Join(dir, RecordsFile))
	return items, err
}

// ReadSearches reads the searches of the run in dir; none if there is no file.
func ReadSearches(dir string) ([]Search, error) {
	items, _, _, err := readLines[Search](filepath.Join(dir, SearchesFile))
	return items, err
}

// LineError is a line that is whole but was not written by a Store.
type LineError struct {
	Path string
	Line int
	Err  error
}

func (e *LineError) Error() string {
	return fmt.Sprintf("%s:%d: not a line that runexp wrote (%v): remove the line, or choose another folder", e.Path, e.Line, e.Err)
}

// checked is a pointer to an item of a line that knows whether it is whole.
type checked[T any] interface {
	*T
	check() error
}

// parseLine reads the item of a line: that, all of it, and nothing else.
func parseLine(line []byte, item interface{ check() error }) error {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(item); err != nil {
		return err
	}
	if rest := bytes.TrimSpace(line[dec.InputOffset():]); len(rest) > 0 {
		return fmt.Errorf("%.20q follows the end", rest)
	}
	return item.check()
}

func (r *Record) check() error { return checkLine(&r.Identity, &r.Provenance) }

func (s *Search) check() error { return checkLine(&s.Identity, &s.Provenance) }

// checkLine refuses a line without what every line has.
func checkLine(id *Identity, p *Provenance) error {
	switch {
	case p.Key == "":
		return errors.New("it has no key")
	case p.Manifest == "":
		return errors.New("it has no manifest")
	case id.Method == "" || id.Width < 1 || id.Samples < 1:
		return errors.New("it does not say of what method, width and samples it is")
	case id.Layers < 1:
		return errors.New("it has no layers")
	}
	return nil
}

// lineBlock is a run of whole lines of a file, and what they hold.
type lineBlock[T any] struct {
	lines []byte
	first int // number of its first line
	items []T
	err   *LineError // of its first line that is none
	done  chan struct{}
}

// parse reads the items of the block's lines.
func (b *lineBlock[T]) parse(path string, parseLine func([]byte, *T) error) {
	defer close(b.done)
	number := b.first
	for line := range bytes.Lines(b.lines) {
		var item T
		if err := parseLine(line, &item); err != nil {
			b.err = &LineError{path, number, err}
			return
		}
		b.items = append(b.items, item)
		number++
	}
	b.lines = nil
}

// blockBytes is the size of the blocks in which a file is read.
const blockBytes = 1 << 20

// readLines reads one item a line: whole bytes of them. torn tells that a last
// line behind those was cut off and left out. Lines are parsed on all processors,
// a few blocks ahead of what is gathered, since that takes longer than reading.
func readLines[T any, P checked[T]](path string) (items []T, whole int64, torn bool, err error) {
	f, err := openFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, false, nil
	}
	if err != nil {
		return nil, 0, false, err
	}
	defer f.Close()

	var ahead []*lineBlock[T]
	gather := func() error {
		b := ahead[0]
		ahead = ahead[1:]
		<-b.done
		if b.err != nil {
			return b.err
		}
		items = append(items, b.items...)
		return nil
	}
	var rest []byte // of a line that the last block began
	for number, end := 1, false; !end; {
		lines := append(make([]byte, 0, len(rest)+blockBytes), rest...)
		n, err := io.ReadFull(f, lines[len(rest):cap(lines)])
		if end = err == io.EOF || err == io.ErrUnexpectedEOF; err != nil && !end {
			return nil, 0, false, &FileError{path, cause(err)}
		}
		lines = lines[:len(rest)+n]
		cut := bytes.LastIndexByte(lines, '\n') + 1
		rest = lines[cut:]
		whole += int64(cut)
		b := &lineBlock[T]{lines: lines[:cut], first: number, done: make(chan struct{})}
		number += bytes.Count(b.lines, []byte{'\n'})
		go b.parse(path, func(line []byte, item *T) error { return parseLine(line, P(item)) })
		if ahead = append(ahead, b); len(ahead) > runtime.GOMAXPROCS(0) {
			if err := gather(); err != nil {
				return nil, 0, false, err
			}
		}
	}
	for len(ahead) > 0 {
		if err := gather(); err != nil {
			return nil, 0, false, err
		}
	}
	return items, whole, len(rest) > 0, nil
}
