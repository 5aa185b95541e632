package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"spfq/sim"
)

// Every column has a name of its own and says what it means.
func TestColumns(t *testing.T) {
	for what, rows := range map[string][]any{
		"records.csv": {Record{}}, "layers.csv": {Identity{}, Layer{}}, "searches.csv": {Search{}}} {
		seen := map[string]bool{}
		for _, row := range rows {
			for _, c := range Columns(row) {
				if seen[c.Name] || c.Doc == "" {
					t.Errorf("%s: column %q is named twice or says nothing", what, c.Name)
				}
				seen[c.Name] = true
			}
		}
	}
	r := &Record{Identity: Identity{Setting: Setting{Width: 7}, Variant: Variant{Bits: Num(math.Inf(1))}}, Measurement: sim.Measurement{Saturated: 3}}
	for name, want := range map[string]string{"width": "7", "bits": "inf", "saturated": "3", "feedback": "false"} {
		if c, ok := Lookup(r, name); !ok || c.Text(r) != want {
			t.Errorf("column %s reads %q, want %q", name, c.Text(r), want)
		}
	}
	if _, ok := Lookup(r, "per_layer"); ok {
		t.Error("per_layer is no column")
	}
}

var errBroken = errors.New("broken")

// WriteFile leaves the old file, or none, when writing fails, and nothing else.
func TestWriteFileIsWholeOrNot(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "sub", "file")
	write := func(text string, err error) error {
		return WriteFile(path, func(w io.Writer) error {
			io.WriteString(w, text)
			return err
		})
	}
	if err := write("half", errBroken); !errors.Is(err, errBroken) || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v, want one that names the file", err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Error("half a file was left")
	}
	if err := write("whole", nil); err != nil {
		t.Fatal(err)
	}
	write("half again", errBroken)
	if b, _ := os.ReadFile(path); string(b) != "whole" {
		t.Errorf("the file holds %q, want what was whole", b)
	}
	// Errors are of the file, not of the temporary one that it is written through.
	if err := os.MkdirAll(filepath.Join(dir, "taken", "within"), 0o777); err != nil {
		t.Fatal(err)
	}
	taken := filepath.Join(dir, "taken")
	if err := WriteFile(taken, func(io.Writer) error { return nil }); err == nil || !strings.HasPrefix(err.Error(), "writing "+taken+": ") || strings.Contains(err.Error(), temporary) {
		t.Errorf("error %v, want one that names %s alone", err, taken)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("%d files are left, want 1", len(entries))
	}
}

// readRecords and readSearches read one kind of what a folder holds.
func readRecords(dir string) ([]Record, error) {
	h, err := Read(dir)
	if err != nil {
		return nil, err
	}
	return h.Records, nil
}

func readSearches(dir string) ([]Search, error) {
	h, err := Read(dir)
	if err != nil {
		return nil, err
	}
	return h.Searches, nil
}

func mustOpen(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// whole is a record with all that a line must have.
func whole(method string) Record {
	return Record{Identity: Identity{Variant: Variant{Method: method}, Setting: Setting{Noise: Unset, Width: 4, Samples: 2, Layers: 1}}, Provenance: Provenance{Key: "k", Manifest: "m"}}
}

// A line holds one whole item and nothing else.
func TestForeignLines(t *testing.T) {
	good, err := json.Marshal(whole("spfq"))
	if err != nil {
		t.Fatal(err)
	}
	without := func(key string) string {
		var fields map[string]any
		if err := json.Unmarshal(good, &fields); err != nil {
			t.Fatal(err)
		}
		if _, ok := fields[key]; !ok {
			t.Fatalf("a record has no %s", key)
		}
		delete(fields, key)
		line, _ := json.Marshal(fields)
		return string(line)
	}
	for _, c := range []struct{ line, says string }{
		{string(good), ""},
		{string(good) + " \r", ""},
		{"", "EOF"},
		{"{}", "it has no key"},
		{"null", "it has no key"},
		{"[]", "cannot unmarshal array"},
		{string(good) + "{}", `"{}" follows the end`},
		{string(good) + " x", `"x" follows the end`},
		{"\ufeff" + string(good), "invalid character"},
		{string(good[:len(good)-1]) + `,"what":1}`, "unknown field"},
		{strings.Replace(string(good), `"rel_sq_error":0`, `"rel_sq_error":NaN`, 1), "invalid character"},
		{strings.Replace(string(good), `"rel_sq_error":0`, `"rel_sq_error":1e999`, 1), "1e999"},
		{strings.Replace(string(good), `"width":4`, `"width":"4"`, 1), "cannot unmarshal string"},
		{without("key"), "it has no key"},
		{without("manifest"), "it has no manifest"},
		{without("layers"), "it has no layers"},
		{without("method"), "of what method, width and samples"},
		{without("width"), "of what method, width and samples"},
	} {
		for _, file := range []string{RecordsFile, SearchesFile} {
			if file == SearchesFile && c.line != "{}" && c.line != "null" {
				continue
			}
			dir := t.TempDir()
			path := filepath.Join(dir, file)
			if err := os.WriteFile(path, []byte(c.line+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			s, err := OpenStore(dir)
			if err == nil {
				s.Close()
			}
			switch {
			case c.says == "" && err != nil:
				t.Errorf("%s: %v", c.line, err)
			case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says) || !strings.HasPrefix(err.Error(), path+":1: ")):
				t.Errorf("%s: error %v, want %s:1 and %q in it", c.line, err, path, c.says)
			}
		}
	}
}

// What is no regular file is not read, and not waited for.
func TestReadsRegularFilesOnly(t *testing.T) {
	for _, file := range []string{RecordsFile, SearchesFile, ManifestFile, ClaimsFile} {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, file), 0o777); err != nil {
			t.Fatal(err)
		}
		_, err1 := readRecords(dir)
		_, err2 := readSearches(dir)
		_, _, err3 := ReadManifest(dir)
		_, err4 := ReadClaims(dir)
		text := fmt.Sprint(err1, err2, err3, err4)
		if want := filepath.Join(dir, file) + ": cannot be read: it is no regular file"; !strings.Contains(text, want) {
			t.Errorf("errors %s, want %s", text, want)
		}
	}
}

func TestStore(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir)
	records := []Record{whole("spfq"), whole("rtn")}
	records[0].Bits, records[0].RelSqError, records[0].RelError = Num(math.Inf(1)), 0.25, 0.5
	records[1].Error, records[1].RelSqError = "a \"quoted\"\nerror", Missing
	if err := s.Append(records, []Search{{Identity: records[0].Identity, Provenance: records[0].Provenance, NeededK: 3}}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	// A line cut off in writing goes, wherever it is cut.
	path := filepath.Join(dir, RecordsFile)
	data, _ := os.ReadFile(path)
	line := strings.IndexByte(string(data), '\n') + 1
	for cut := 1; cut < line; cut++ {
		os.WriteFile(path, append(data[:len(data):len(data)], data[:cut]...), 0o644)
		if got, err := readRecords(dir); err != nil || len(got) != 2 {
			t.Fatalf("%d records read from a torn file (%v), want 2", len(got), err)
		}
		s = mustOpen(t, dir)
		s.Close()
		if now, _ := os.ReadFile(path); !bytes.Equal(now, data) {
			t.Fatalf("cut after %d bytes: the file holds\n%s", cut, now)
		}
	}
	// What is not kept goes; the rest stays, and lines can be added to it.
	s = mustOpen(t, dir)
	if err := s.Retain([]bool{true, false}, []bool{true}); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(records[1:], nil); err != nil {
		t.Fatal(err)
	}
	s.Close()
	got, err := readRecords(dir)
	if err != nil || len(got) != 2 || got[0].Method != "spfq" || got[0].Noise.IsSet() || !math.IsInf(float64(got[0].Bits), 1) || got[1].Error == "" {
		t.Errorf("read back %+v (%v)", got, err)
	}
	if s, err := readSearches(dir); err != nil || len(s) != 1 || s[0].NeededK != 3 {
		t.Errorf("searches read back %+v (%v)", s, err)
	}
	// A line that is no record is an error with its place, and leaves no lock.
	f, _ := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	f.WriteString("not a record\n")
	f.Close()
	for range 2 {
		if _, err := OpenStore(dir); err == nil || !strings.Contains(err.Error(), path+":3") {
			t.Errorf("a foreign line: error %v, want one that names %s:3", err, path)
		}
	}
}

// A store that is open cannot be opened again, and can once it is closed.
func TestStoreIsLocked(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir)
	if _, err := OpenStore(dir); !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), strconv.Itoa(os.Getpid())) {
		t.Errorf("a second store: error %v, want ErrLocked with the process's number", err)
	}
	s.Close()
	mustOpen(t, dir).Close()
}

// faulty is a file on a disk that has room for so many bytes more.
type faulty struct {
	*os.File
	room int
}

func (f *faulty) Write(b []byte) (int, error) {
	if len(b) > f.room {
		n, _ := f.File.Write(b[:f.room])
		f.room = 0
		return n, errBroken
	}
	f.room -= len(b)
	return f.File.Write(b)
}

// A disk that fills up in the middle of a line stops the store for good, and
// leaves whole lines only, also where the torn one cannot be taken back.
func TestFullDisk(t *testing.T) {
	for _, truncates := range []bool{true, false} {
		dir := t.TempDir()
		s := mustOpen(t, dir)
		record := []Record{whole("spfq")}
		if err := s.Append(record, nil); err != nil {
			t.Fatal(err)
		}
		f := &faulty{s.records.f.(*os.File), 30}
		s.records.f = f
		if !truncates {
			s.records.f = stubborn{f}
		}
		if err := s.Append(record, nil); !errors.Is(err, errBroken) || !strings.Contains(err.Error(), RecordsFile) {
			t.Errorf("error %v, want one that names the file", err)
		}
		f.room = 1 << 20 // room again: too late
		if err := s.Append(record, nil); !errors.Is(err, errBroken) {
			t.Errorf("after a failure: error %v, want the same", err)
		}
		if len(s.Records) != 1 {
			t.Errorf("%d records in memory, want 1", len(s.Records))
		}
		s.Close()
		s = mustOpen(t, dir)
		if err := s.Append(record, nil); err != nil {
			t.Fatal(err)
		}
		s.Close()
		if got, err := readRecords(dir); err != nil || len(got) != 2 {
			t.Errorf("%d records are left (%v), want 2", len(got), err)
		}
	}
}

// stubborn cannot be truncated.
type stubborn struct{ *faulty }

func (stubborn) Truncate(int64) error { return errBroken }

func FuzzReadRecords(f *testing.F) {
	line, _ := json.Marshal(whole("spfq"))
	f.Add(append(line, '\n'))
	f.Add([]byte("{}\n{"))
	f.Add([]byte("null\n[]\n"))
	f.Add(append(line, "{}\n"...))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, RecordsFile), data, 0o644); err != nil {
			t.Fatal(err)
		}
		records, err := readRecords(dir)
		if err != nil {
			return
		}
		// What can be read can be written and read again.
		s := mustOpen(t, dir)
		defer s.Close()
		if len(s.Records) != len(records) {
			t.Fatalf("%d records in the store, %d read", len(s.Records), len(records))
		}
		if err := s.Append(records, nil); err != nil {
			t.Fatal(err)
		}
		if again, err := readRecords(dir); err != nil || len(again) != 2*len(records) {
			t.Fatalf("%d records, then %d (%v)", len(records), len(again), err)
		}
	})
}

// named is a manifest of some run.
func named() Manifest {
	m := NewManifest()
	m.Name, m.Versions = "some", Versions{1, 1}
	m.Seal()
	return m
}

func TestManifest(t *testing.T) {
	dir := t.TempDir()
	if _, ok, err := ReadManifest(dir); ok || err != nil {
		t.Errorf("no manifest: %v, %v", ok, err)
	}
	m := named()
	if m.Go == "" || m.Revision == "" || m.Processor == "" || m.Cores < 1 || m.Start.IsZero() {
		t.Errorf("the manifest is incomplete: %+v", m)
	}
	if err := WriteJSON(filepath.Join(dir, ManifestFile), m); err != nil {
		t.Fatal(err)
	}
	if back, ok, err := ReadManifest(dir); !ok || err != nil || back.Go != m.Go || back.End != nil {
		t.Errorf("read back %+v, %v, %v", back, ok, err)
	}
}

// A manifest's hash is of all that was known at the start, and of nothing else.
func TestManifestHash(t *testing.T) {
	m := named()
	hash := m.Hash
	end := time.Now()
	m.End = &end
	m.Seal()
	if m.Hash != hash || len(hash) != 12 {
		t.Errorf("the hash is %q, and %q once the session has ended", hash, m.Hash)
	}
	m.Workers++
	if m.Seal(); m.Hash == hash {
		t.Error("the hash does not see the workers")
	}
	dir := t.TempDir()
	if err := WriteSession(dir, m); err != nil {
		t.Fatal(err)
	}
	if back, ok, err := ReadSession(dir, m.Hash); !ok || err != nil || back.Workers != m.Workers {
		t.Errorf("read back %+v, %v, %v", back, ok, err)
	}
	if err := RemoveSessions(dir, func(h string) bool { return h != m.Hash }); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := ReadSession(dir, m.Hash); ok {
		t.Error("a session was not removed")
	}
}

func FuzzReadManifest(f *testing.F) {
	good, _ := json.Marshal(named())
	f.Add(good)
	f.Add([]byte(`{"end": "x"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, ManifestFile), data, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := ReadManifest(dir); ok == (err != nil) {
			t.Fatalf("%v and %v", ok, err)
		}
	})
}

// JSON that is no manifest is refused.
func TestForeignManifests(t *testing.T) {
	dir := t.TempDir()
	for name, spoil := range map[string]func(m *Manifest){
		"no hash":         func(m *Manifest) { m.Hash = "" },
		"no name":         func(m *Manifest) { m.Name = "" },
		"no algorithm":    func(m *Manifest) { m.Algorithm = 0 },
		"negative stream": func(m *Manifest) { m.Streams = -1 },
	} {
		m := named()
		spoil(&m)
		if err := WriteJSON(filepath.Join(dir, ManifestFile), m); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := ReadManifest(dir); ok || err == nil || !strings.Contains(err.Error(), ManifestFile) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// A manifest that was changed after it was written is refused, whatever was changed,
// but for its end, which it gets later. One with members that this program does not
// know is read.
func TestChangedManifests(t *testing.T) {
	dir := t.TempDir()
	m := named()
	m.About = "a < b & \"c\" \u2028"
	m.Command = []string{"runexp", "x.yaml"}
	m.Seal()
	path := filepath.Join(dir, ManifestFile)
	if err := WriteJSON(path, m); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	read := func(text string) error {
		write(t, dir, ManifestFile, text)
		_, _, err := ReadManifest(dir)
		return err
	}
	end := time.Now()
	m.End, m.Panics, m.ConfigBefore = &end, []Panic{{"a", "b"}}, "01234567"
	if err := errors.Join(WriteJSON(path, m), read(string(text))); err != nil {
		t.Fatal(err)
	}
	if err := WriteJSON(path, m); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ReadManifest(dir); err != nil {
		t.Errorf("a session that ended: %v", err)
	}
	changes := 0
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Manifest]()) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		at := strings.Index(string(text), `"`+name+`": `)
		if f.Anonymous || at < 0 || name == "end" {
			continue
		}
		for i := at + len(name) + 4; text[i] != '\n'; i++ {
			if c := text[i]; c >= '0' && c <= '8' || c >= 'a' && c <= 'y' {
				if err := read(string(text[:i]) + string(c+1) + string(text[i+1:])); err == nil {
					t.Errorf("%s: %q in place of %q at %d is not seen", name, c+1, c, i)
				}
				changes++
			}
		}
	}
	if changes < 100 {
		t.Errorf("%d changes were tried", changes)
	}
	newer := strings.Replace(string(text), `"host"`, `"rack": 7, "host"`, 1)
	if err := read(newer); err == nil {
		t.Error("a member was added, and is not seen")
	}
	var compact bytes.Buffer
	json.Compact(&compact, []byte(newer))
	var escaped bytes.Buffer
	json.HTMLEscape(&escaped, compact.Bytes())
	if err := read(strings.Replace(newer, m.Hash, sealOf(escaped.Bytes()), 1)); err != nil {
		t.Errorf("a member that this program does not know: %v", err)
	}
}

// The memory is the least of what the machine and the control groups allow.
func TestMemory(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	for _, c := range []struct {
		name string
		root fstest.MapFS
		want int64
	}{
		{"nothing is known", fstest.MapFS{}, 0},
		{"the machine", fstest.MapFS{"proc/meminfo": file("MemFree: 1 kB\nMemTotal:       2048 kB\n")}, 2 << 20},
		{"nonsense", fstest.MapFS{"proc/meminfo": file("MemTotal: lots\n"), "sys/fs/cgroup/memory.max": file("max\n")}, 0},
		{"version 1", fstest.MapFS{"proc/meminfo": file("MemTotal: 2048 kB\n"), "sys/fs/cgroup/memory/memory.limit_in_bytes": file("4096\n")}, 4096},
		{"version 1, no limit", fstest.MapFS{"proc/meminfo": file("MemTotal: 2048 kB\n"), "sys/fs/cgroup/memory/memory.limit_in_bytes": file("9223372036854771712\n")}, 2 << 20},
		{"version 2", fstest.MapFS{"proc/meminfo": file("MemTotal: 2048 kB\n"), "proc/self/cgroup": file("0::/a/b\n"),
			"sys/fs/cgroup/a/memory.max": file("8192\n"), "sys/fs/cgroup/a/b/memory.max": file("max\n")}, 8192},
		{"version 2, at the root", fstest.MapFS{"proc/self/cgroup": file("0::/../..\n"), "sys/fs/cgroup/memory.max": file("16384\n")}, 16384},
	} {
		if got := memory(c.root); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

// A manifest holds what differs from the revision, cut where it is long, and
// nothing of a repository that is at another.
func TestGitDiff(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git here")
	}
	dir := t.TempDir()
	git := func(args ...string) string {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=x", "-c", "user.email=x@example.org"}, args...)...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	git("init", "-q")
	write("a", "one\n")
	git("add", "a")
	git("commit", "-q", "-m", "first")
	head := git("rev-parse", "HEAD")
	if d := gitDiff(dir, head); d != "" {
		t.Errorf("a clean tree differs by %q", d)
	}
	write("a", "two\n")
	write("new", "")
	if d := gitDiff(dir, head); !strings.Contains(d, "+two") || !strings.Contains(d, "untracked: new") {
		t.Errorf("the difference is %q", d)
	}
	if d := gitDiff(dir, strings.Repeat("0", 40)); d != "" {
		t.Errorf("another revision differs by %q", d)
	}
	write("a", strings.Repeat("long\n", maxDiff))
	if d := gitDiff(dir, head); len(d) > maxDiff+100 || !strings.Contains(d, "[cut: the first") {
		t.Errorf("a long difference takes %d bytes", len(d))
	}
}
