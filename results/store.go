// store.go keeps the records of a run on disk, appended as they are made, and
// finds what is there when a run goes on.

package results

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// The files of a run that are appended to.
const (
	RecordsFile  = "records.jsonl"
	SearchesFile = "searches.jsonl"
)

// Store appends records and searches to the files of a run. It is safe for
// concurrent use.
type Store struct {
	mu                sync.Mutex
	records, searches *os.File
}

// OpenStore opens the store in dir, creating both. keepRecord and keepSearch
// say which of the lines that are there already stay; others are removed, as is
// a last line that was cut off in writing. A line that is whole but no record
// is an error: something else wrote the file.
func OpenStore(dir string, keepRecord func(*Record) bool, keepSearch func(*Search) bool) (*Store, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	if err := retain(filepath.Join(dir, RecordsFile), keepRecord); err != nil {
		return nil, err
	}
	if err := retain(filepath.Join(dir, SearchesFile), keepSearch); err != nil {
		return nil, err
	}
	s := &Store{}
	var err error
	if s.records, err = openAppend(filepath.Join(dir, RecordsFile)); err != nil {
		return nil, err
	}
	if s.searches, err = openAppend(filepath.Join(dir, SearchesFile)); err != nil {
		s.records.Close()
		return nil, err
	}
	return s, nil
}

func openAppend(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
}

// Append writes the records and searches of one task.
func (s *Store) Append(records []Record, searches []Search) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	// Searches first: a task counts as done by its records and its searches,
	// and is run again if either is missing.
	if err := appendLines(s.searches, searches); err != nil {
		return err
	}
	return appendLines(s.records, records)
}

// appendLines writes one line an item, all in one call, and waits for the disk.
func appendLines[T any](f *os.File, items []T) error {
	if len(items) == 0 {
		return nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for i := range items {
		if err := enc.Encode(&items[i]); err != nil {
			return err
		}
	}
	if _, err := f.Write(b.Bytes()); err != nil {
		return fmt.Errorf("writing %s: %w", f.Name(), err)
	}
	return f.Sync()
}

// Close closes the files.
func (s *Store) Close() error {
	return errors.Join(s.records.Close(), s.searches.Close())
}

// ReadRecords reads the records of the run in dir; none if there is no file.
func ReadRecords(dir string) ([]Record, error) {
	items, _, err := readLines[Record](filepath.Join(dir, RecordsFile))
	return items, err
}

// ReadSearches reads the searches of the run in dir; none if there is no file.
func ReadSearches(dir string) ([]Search, error) {
	items, _, err := readLines[Search](filepath.Join(dir, SearchesFile))
	return items, err
}

// readLines reads one item a line. torn tells that the last line was cut off
// and left out.
func readLines[T any](path string) (items []T, torn bool, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 1<<20)
	for number := 1; ; number++ {
		line, err := r.ReadBytes('\n')
		if err == io.EOF {
			return items, len(line) > 0, nil
		}
		if err != nil {
			return nil, false, fmt.Errorf("reading %s: %w", path, err)
		}
		var item T
		dec := json.NewDecoder(bytes.NewReader(line))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&item); err != nil {
			return nil, false, fmt.Errorf("%s:%d: not a line that runexp wrote (%v): remove the line, or choose another folder", path, number, err)
		}
		items = append(items, item)
	}
}

// retain rewrites a file of lines without those that keep refuses.
func retain[T any](path string, keep func(*T) bool) error {
	items, torn, err := readLines[T](path)
	if err != nil {
		return err
	}
	kept := items[:0:0]
	for i := range items {
		if keep(&items[i]) {
			kept = append(kept, items[i])
		}
	}
	if len(kept) == len(items) && !torn {
		return nil
	}
	return WriteFile(path, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		for i := range kept {
			if err := enc.Encode(&kept[i]); err != nil {
				return err
			}
		}
		return nil
	})
}
