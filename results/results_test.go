package results

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNumSurvives(t *testing.T) {
	for _, c := range []struct {
		v          float64
		json, text string
	}{
		{0.1, "0.1", "0.1"}, {-3e-320, "-3e-320", "-3e-320"}, {1 << 60, "1152921504606847000", "1.152921504606847e+18"},
		{math.Inf(1), `"inf"`, "inf"}, {math.Inf(-1), `"-inf"`, "-inf"}, {math.NaN(), "null", ""},
	} {
		b, err := json.Marshal(Num(c.v))
		if err != nil || string(b) != c.json || Num(c.v).String() != c.text {
			t.Errorf("%v is %s and %q, want %s and %q (%v)", c.v, b, Num(c.v), c.json, c.text, err)
		}
		var back Num
		if err := json.Unmarshal(b, &back); err != nil || math.Float64bits(float64(back)) != math.Float64bits(c.v) && !math.IsNaN(c.v) {
			t.Errorf("%s reads as %v (%v)", b, back, err)
		}
		if parsed, err := ParseNum(c.text); err != nil || parsed != Num(c.v) && !math.IsNaN(c.v) {
			t.Errorf("%q parses as %v (%v)", c.text, parsed, err)
		}
	}
	for _, s := range []string{"nan", "x", "1e999", "0x10p"} {
		if v, err := ParseNum(s); err == nil {
			t.Errorf("%q parses as %v", s, v)
		}
	}
}

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
	r := &Record{Identity: Identity{Width: 7, Bits: Num(math.Inf(1))}, Saturated: 3}
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
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("%d files are left, want 1", len(entries))
	}
}

func keepRecords(*Record) bool  { return true }
func keepSearches(*Search) bool { return true }

func TestStore(t *testing.T) {
	dir := t.TempDir()
	open := func(keep func(*Record) bool) *Store {
		t.Helper()
		s, err := OpenStore(dir, keep, keepSearches)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := open(keepRecords)
	records := []Record{{Identity: Identity{Method: "spfq", Bits: Num(math.Inf(1)), Noise: Missing}, RelSqError: 0.5},
		{Identity: Identity{Method: "rtn", Noise: Missing}, Error: "a \"quoted\"\nerror", RelSqError: Missing}}
	if err := s.Append(records, []Search{{NeededK: 3}}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	// A line cut off in writing goes; a line refused by keep goes; the rest stays.
	path := filepath.Join(dir, RecordsFile)
	data, _ := os.ReadFile(path)
	os.WriteFile(path, append(data, data[:50]...), 0o644)
	if got, err := ReadRecords(dir); err != nil || len(got) != 2 {
		t.Fatalf("%d records read from a torn file (%v), want 2", len(got), err)
	}
	open(func(r *Record) bool { return r.Method == "spfq" }).Close()
	got, err := ReadRecords(dir)
	if err != nil || len(got) != 1 || got[0].Method != "spfq" || !got[0].Noise.IsMissing() || !math.IsInf(float64(got[0].Bits), 1) {
		t.Errorf("read back %+v (%v)", got, err)
	}
	if s, err := ReadSearches(dir); err != nil || len(s) != 1 || s[0].NeededK != 3 {
		t.Errorf("searches read back %+v (%v)", s, err)
	}
	// A line that is no record is an error with its place.
	f, _ := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	f.WriteString("not a record\n")
	f.Close()
	if _, err := OpenStore(dir, keepRecords, keepSearches); err == nil || !strings.Contains(err.Error(), path+":2") {
		t.Errorf("a foreign line: error %v, want one that names %s:2", err, path)
	}
}

func FuzzReadRecords(f *testing.F) {
	line, _ := json.Marshal(Record{Identity: Identity{Method: "spfq"}})
	f.Add(append(line, '\n'))
	f.Add([]byte("{}\n{"))
	f.Add([]byte("null\n[]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, RecordsFile), data, 0o644); err != nil {
			t.Fatal(err)
		}
		records, err := ReadRecords(dir)
		if err != nil {
			return
		}
		// What can be read can be written and read again.
		s, err := OpenStore(dir, keepRecords, keepSearches)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if err := s.Append(records, nil); err != nil {
			t.Fatal(err)
		}
		if again, err := ReadRecords(dir); err != nil || len(again) != 2*len(records) {
			t.Fatalf("%d records, then %d (%v)", len(records), len(again), err)
		}
	})
}

func TestManifest(t *testing.T) {
	dir := t.TempDir()
	if _, ok, err := ReadManifest(dir); ok || err != nil {
		t.Errorf("no manifest: %v, %v", ok, err)
	}
	m := NewManifest()
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
