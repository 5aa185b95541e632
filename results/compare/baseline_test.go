// baseline_test.go writes, reads and corrupts baselines.

package compare

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"spfq/results"
)

// blessed writes a baseline of a run with four cells.
func blessed(t testing.TB) (path string, s Summary) {
	t.Helper()
	s = Summarize("run", manifest(1), records(1, 4, []int{64, 128}), []results.Claim{claim("a < b & c", results.Supported)}, []string{"rel_sq_error", "bits_per_weight", "operations"})
	path = filepath.Join(t.TempDir(), "base", "line.json")
	if err := results.WriteFile(path, func(w io.Writer) error { return WriteBaseline(w, s) }); err != nil {
		t.Fatal(err)
	}
	return path, s
}

// A run is identical to its baseline, read back from the file, in which every cell
// has a line of its own.
func TestBaseline(t *testing.T) {
	path, s := blessed(t)
	back, err := ReadBaseline(path)
	if err != nil {
		t.Fatal(err)
	}
	c := Compare(back, s, 0.001)
	wantOutcomes(t, "read back", c, map[string]int{Identical: 12})
	if len(c.Claims) != 1 || len(c.Warnings) != 0 || c.ClaimsWorse() != 0 || len(c.CellsOnlyA)+len(c.CellsOnlyB) != 0 {
		t.Errorf("%+v", c)
	}
	text, _ := os.ReadFile(path)
	if n := bytes.Count(text, []byte(`"rel_sq_error"`)); n != 4 || bytes.Count(text, []byte("\n")) > 200 {
		t.Errorf("%d cells in %d lines", n, bytes.Count(text, []byte("\n")))
	}
	for line := range strings.Lines(string(text)) {
		if strings.Count(line, `"trials":[`) > 1 {
			t.Error("two cells in a line")
		}
	}
	// Written again, the file has the same bytes.
	again := filepath.Join(t.TempDir(), "again.json")
	if err := results.WriteFile(again, func(w io.Writer) error { return WriteBaseline(w, back) }); err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(again); !bytes.Equal(b, text) {
		t.Error("written again, it differs")
	}
}

// A baseline that was cut off or edited is an error that names the file and the
// fault.
func TestCorruptedBaseline(t *testing.T) {
	path, s := blessed(t)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	mean := `"mean":` + s.Cells[0].Metrics[0].Mean.String()
	for _, c := range []struct{ name, old, new, want string }{
		{"cut off", string(text[len(text)-40:]), "", "unexpected EOF"},
		{"not JSON", `"claims"`, `claims`, "line "},
		{"another format", `"baseline_format": 1`, `"baseline_format": 2`, "baseline_format is 2, want 1"},
		{"unknown key", `"failed":0`, `"faild":0`, "faild"},
		{"edited mean", mean, `"mean":0.5`, "cells[0]: metric rel_sq_error: mean 0.5"},
		{"edited verdict", `"verdict": "supported"`, `"verdict": "suported"`, `claims[0]: verdict "suported"`},
		{"unknown metric", `"name":"operations"`, `"name":"operatons"`, `cells[0]: metric "operatons"`},
		{"metric twice", `"name":"bits_per_weight"`, `"name":"rel_sq_error"`, "cells[0]: metric rel_sq_error is there twice"},
		{"too few values", `"trials":[0,1,2,3]`, `"trials":[0,1,2]`, "4 values for 3 trials"},
		{"trials out of order", `"trials":[0,1,2,3]`, `"trials":[0,2,1,3]`, "not ascending"},
		{"cell twice", `"width":128`, `"width":64`, "the same as cells["},
		{"negative count", `"failed":0`, `"failed":-1`, "failed is -1"},
	} {
		broken := strings.Replace(string(text), c.old, c.new, 1)
		if broken == string(text) {
			t.Fatalf("%s: nothing to break", c.name)
		}
		file := filepath.Join(t.TempDir(), "broken.json")
		os.WriteFile(file, []byte(broken), 0o644)
		if _, err := ReadBaseline(file); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: error %v, want one that says %q", c.name, err, c.want)
		}
	}
	os.WriteFile(path, append(text, "{}"...), 0o644)
	if _, err := ReadBaseline(path); err == nil || !strings.Contains(err.Error(), "something follows") {
		t.Errorf("more behind it: %v", err)
	}
	if _, err := ReadBaseline("nowhere.json"); err == nil || !strings.Contains(err.Error(), "nowhere.json") {
		t.Errorf("no file: %v", err)
	}
}

// A summary that parseBaseline accepts can be compared without a panic, and can be
// written and read again.
// Of a file that is larger than any baseline nothing is read.
func TestLargeBaseline(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large.json")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 2*results.MaxNumbers); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := ReadBaseline(path)
	runtime.ReadMemStats(&after)
	if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "it has 2048 MiB, and a file of its kind has at most 1024 MiB") {
		t.Errorf("a baseline of 2 GiB: %v", err)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
		t.Errorf("refusing a baseline of 2 GiB takes %d bytes", took)
	}
}

func FuzzReadBaseline(f *testing.F) {
	path, _ := blessed(f)
	text, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"baseline_format":1,"run":{},"claims":null,"cells":[{"trials":[0],"metrics":[{"name":"max_v","mean":1e308,"lo":null,"hi":null,"values":[1e308]}]}]}`))
	f.Add([]byte(`{"baseline_format":1,"cells":[{}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := parseBaseline(data)
		if err != nil {
			return
		}
		_, now := blessed(t)
		Compare(s, now, 0.05)
		Compare(now, s, 0.05)
		Compare(s, s, 0.05)
		again := filepath.Join(t.TempDir(), "again.json")
		if err := results.WriteFile(again, func(w io.Writer) error { return WriteBaseline(w, s) }); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadBaseline(again); err != nil {
			t.Fatalf("written again: %v", err)
		}
	})
}
