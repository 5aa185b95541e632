// lines_test.go reads lines that are long, cut off or deep, and files that are large.

package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// endless is so many bytes that are no line break, then what follows.
func endless(n int64, then string) io.Reader {
	return io.MultiReader(io.LimitReader(letters{}, n), strings.NewReader(then))
}

type letters struct{}

func (letters) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

// allocated is how many bytes a function allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Reading a line takes memory in proportion to its length, up to that of the longest
// that is taken; one without an end takes no more than that, however long it is.
func TestLongLinesTakeLinearMemory(t *testing.T) {
	for _, c := range []struct {
		name string
		n    int64
		then string
		lead string // lines before
		want error
		torn bool
	}{
		{"a line", maxLine - 1, "\n", "", io.EOF, false},
		{"the longest line", maxLine, "\n", "", errLongLine, false},
		{"a line too long", 2*maxLine + 5, "\n", "", errLongLine, false},
		{"a very long line", 20*maxLine + 5, "\nmore", "a\nb\n", errLongLine, false},
		{"cut off", maxLine / 3, "", "a\n", io.EOF, true},
		{"cut off, very long", 20*maxLine + 5, "", "a\nb\n", io.EOF, true},
	} {
		var lines []byte
		var r lineReader
		var err error
		took := allocated(func() {
			r = lineReader{from: io.MultiReader(strings.NewReader(c.lead), endless(c.n, c.then))}
			for err == nil {
				var more []byte
				more, err = r.next()
				lines = append(lines, more...)
			}
		})
		if err != c.want || r.torn != c.torn {
			t.Errorf("%s: ends with %v, torn %v; want %v, %v", c.name, err, r.torn, c.want, c.torn)
		}
		if want := c.lead + map[bool]string{true: c.then}[c.want == io.EOF]; !bytes.HasPrefix(lines, []byte(c.lead)) || strings.Count(want, "\n") != bytes.Count(lines, []byte("\n")) {
			t.Errorf("%s: %d lines, want %d", c.name, bytes.Count(lines, []byte("\n")), strings.Count(want, "\n"))
		}
		// Blocks double up to twice the longest line: 4·maxLine in all, and less than 3
		// more for the lines that the test keeps. Copying what is there of a line for each
		// block of 1 MiB would take 8·maxLine for the longest line that is taken, and
		// 3200·maxLine for the very long ones.
		if took > 7*maxLine {
			t.Errorf("%s: reading takes %d MiB, want at most %d", c.name, took>>20, 7*maxLine>>20)
		}
	}
}

// A file whose last line was cut off is read without that, and a store removes it,
// whatever its length; a whole line that is too long is an error that says where it
// stands.
func TestLongLines(t *testing.T) {
	record, _ := json.Marshal(whole("spfq"))
	line := string(record) + "\n"
	file := func(n int64, end string) (dir, path string) {
		dir = t.TempDir()
		path = filepath.Join(dir, RecordsFile)
		// The bytes of the long line are zeros that take no room on the disk.
		if err := os.WriteFile(path, []byte(line+line), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, int64(2*len(line))+n); err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := f.WriteString(end); err != nil {
			t.Fatal(err)
		}
		return dir, path
	}
	for _, n := range []int64{1, blockBytes, maxLine + 1, 8 * maxLine} {
		dir, path := file(n, "")
		if records, err := readRecords(dir); err != nil || len(records) != 2 {
			t.Errorf("a last line of %d bytes that was cut off: %d records (%v), want 2", n, len(records), err)
		}
		s := mustOpen(t, dir)
		s.Close()
		if info, err := os.Stat(path); err != nil || info.Size() != int64(2*len(line)) {
			t.Errorf("a last line of %d bytes that was cut off: the store leaves %d bytes (%v), want %d", n, info.Size(), err, 2*len(line))
		}
	}
	for _, n := range []int64{maxLine, 3*maxLine + 1, 8 * maxLine} {
		dir, path := file(n, "\n"+line)
		var bad *LineError
		if _, err := readRecords(dir); !errors.As(err, &bad) || bad.Path != path || bad.Line != 3 || !strings.Contains(err.Error(), "more than 16 MiB") {
			t.Errorf("a line of %d bytes: %v", n, err)
		}
	}
}

// Objects and lists nested deep are no line, and are refused without a deep stack.
func TestDeepLines(t *testing.T) {
	dir := t.TempDir()
	for _, open := range []string{"[", `{"per_layer":`} {
		text := strings.Repeat(open, 1_000_000) + "\n"
		if err := os.WriteFile(filepath.Join(dir, RecordsFile), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := readRecords(dir); !errors.As(err, new(*LineError)) {
			t.Errorf("%.20s nested a million deep: %v", open, err)
		}
	}
}

// Of a JSON file that is larger than any of its kind nothing is read, and the error
// says what it may have.
func TestLargeFiles(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		name  string
		limit int64
		read  func() error
	}{
		{ManifestFile, MaxDescription, func() error { _, _, err := ReadManifest(dir); return err }},
		{ClaimsFile, MaxNumbers, func() error { _, err := ReadClaims(dir); return err }},
	} {
		path := filepath.Join(dir, c.name)
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, 4<<30); err != nil {
			t.Fatal(err)
		}
		var err error
		took := allocated(func() { err = c.read() })
		want := fmt.Sprintf("it has 4096 MiB, and a file of its kind has at most %d MiB", c.limit>>20)
		if !errors.As(err, new(*FileError)) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: want an error that names %s and says that %s", err, path, want)
		}
		if took > 1<<20 {
			t.Errorf("%s: refusing it takes %d bytes", c.name, took)
		}
	}
	if _, ok := ReadStamp(dir); ok {
		t.Error("there is no stamp")
	}
	stamp := filepath.Join(dir, StampFile)
	if err := os.WriteFile(stamp, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(stamp, 4<<30); err != nil {
		t.Fatal(err)
	}
	if took := allocated(func() { ReadStamp(dir) }); took > 1<<20 {
		t.Errorf("a stamp of 4 GiB: refusing it takes %d bytes", took)
	}
}

// A file whose size cannot be told beforehand is read up to its limit.
func TestReadAllOfAPipe(t *testing.T) {
	for _, c := range []struct{ n, limit int64 }{{10, 10}, {11, 10}, {1 << 20, 1 << 16}} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			io.Copy(w, io.LimitReader(letters{}, c.n)) // fails once nobody reads on
			w.Close()
		}()
		data, err := ReadAll(r, c.limit)
		r.Close()
		if fits := c.n <= c.limit; fits != (err == nil) || fits && int64(len(data)) != c.n {
			t.Errorf("%d bytes of at most %d: read %d (%v)", c.n, c.limit, len(data), err)
		}
	}
}
