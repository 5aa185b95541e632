package experiments

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"codeberg.org/sbinet/npyio"
	"gonum.org/v1/gonum/mat"

	"spfq/experiments/plan"
	"spfq/internal/pool"
	"spfq/quant"
	"spfq/results"
	"spfq/sim"
)

func mustExecute(t *testing.T, p *Experiment, dir string, workers int) (*Measured, []results.Claim) {
	t.Helper()
	m, claims, err := p.Execute(context.Background(), Execution{Dir: dir, Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	return m, claims
}

// untimed returns a CSV file of a run without its columns of seconds, and of
// the sessions that made it.
func untimed(t *testing.T, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if !strings.HasSuffix(rows[0][i], "seconds") && rows[0][i] != "manifest" {
				out.WriteString(cell + ",")
			}
		}
		out.WriteByte('\n')
	}
	return out.String()
}

// The records do not depend on the number of workers.
func TestWorkers(t *testing.T) {
	var want [3]string
	for i, workers := range []int{1, 2, 7} {
		dir := filepath.Join(t.TempDir(), "run")
		mustExecute(t, mustParse(t, small), dir, workers)
		for f, name := range []string{"records.csv", "layers.csv", "searches.csv"} {
			got := untimed(t, dir, name)
			if i == 0 {
				want[f] = got
			} else if got != want[f] {
				t.Errorf("%d workers change %s:\n%s\nwant\n%s", workers, name, got, want[f])
			}
		}
	}
	if n := strings.Count(want[0], "\n"); n != 1+3*8*4 {
		t.Errorf("%d lines of records, want a header and 3 widths × 8 variants × 4 trials", n)
	}
	for _, column := range strings.Fields("method width layers samples step bits trial seed rel_sq_error rel_error max_error test_rel_sq_error saturated error") {
		if !slices.Contains(strings.Split(strings.SplitN(want[0], "\n", 2)[0], ","), column) {
			t.Errorf("records.csv has no column %s", column)
		}
	}
	if !strings.Contains(want[0], ",inf,") {
		t.Error("records.csv does not write inf for the infinite alphabet")
	}
}

// A run that is interrupted, killed in the middle of a line, or finished,
// goes on to the records of an uninterrupted one.
func TestGoesOn(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "whole")
	mustExecute(t, mustParse(t, small), whole, 2)
	want := untimed(t, whole, "records.csv") + untimed(t, whole, "searches.csv")

	dir := filepath.Join(t.TempDir(), "run")
	ctx, cancel := context.WithCancel(context.Background())
	count := 0
	_, _, err := mustParse(t, small).Execute(ctx, Execution{Dir: dir, Workers: 2, Progress: func(Progress) {
		if count++; count == 5 {
			cancel()
		}
	}})
	if !Interrupted(err) {
		t.Fatalf("interrupted: error %v", err)
	}
	tear := func(name string, cut int) {
		t.Helper()
		path := filepath.Join(dir, name)
		data, err := os.ReadFile(path)
		if err != nil || len(data) < cut {
			t.Fatalf("%s: %v, %d bytes", name, err, len(data))
		}
		if err := os.WriteFile(path, data[:len(data)-cut], 0o644); err != nil {
			t.Fatal(err)
		}
	}
	check := func(what string, least int) {
		t.Helper()
		there := -1
		if _, _, err := mustParse(t, small).Execute(context.Background(), Execution{Dir: dir, Workers: 2,
			Started: func(done, total int) { there = done }}); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if got := untimed(t, dir, "records.csv") + untimed(t, dir, "searches.csv"); got != want {
			t.Errorf("%s: went on to\n%s\nwant\n%s", what, got, want)
		}
		if there < least || there == 12 != (what == "finished") {
			t.Errorf("%s: %d of 12 trials were there", what, there)
		}
	}
	tear(results.RecordsFile, 100)
	check("interrupted and torn", 4)
	check("finished", 12)
	tear(results.SearchesFile, 1)
	check("a search lost its end", 11)
	if err := os.Remove(filepath.Join(dir, results.SearchesFile)); err != nil {
		t.Fatal(err)
	}
	check("the searches are gone", 0)
}

// A folder that holds anything else is refused and left alone.
func TestRefusesFolders(t *testing.T) {
	base := filepath.Join(t.TempDir(), "run")
	mustExecute(t, mustParse(t, small), base, 2)
	for name, spoil := range map[string]func(dir string) *Experiment{
		"another version": func(dir string) *Experiment {
			m, _, err := results.ReadManifest(dir)
			if err != nil {
				t.Fatal(err)
			}
			m.Algorithm++
			if err := results.WriteJSON(filepath.Join(dir, results.ManifestFile), m); err != nil {
				t.Fatal(err)
			}
			return mustParse(t, small)
		},
		"no manifest": func(dir string) *Experiment {
			os.Remove(filepath.Join(dir, results.ManifestFile))
			return mustParse(t, small)
		},
		"a broken manifest": func(dir string) *Experiment {
			os.WriteFile(filepath.Join(dir, results.ManifestFile), []byte("{"), 0o644)
			return mustParse(t, small)
		},
		"a foreign line": func(dir string) *Experiment {
			f, _ := os.OpenFile(filepath.Join(dir, results.RecordsFile), os.O_APPEND|os.O_WRONLY, 0)
			f.WriteString("{\"what\": 1}\n")
			f.Close()
			return mustParse(t, small)
		},
	} {
		dir := filepath.Join(t.TempDir(), "copy")
		if err := os.CopyFS(dir, os.DirFS(base)); err != nil {
			t.Fatal(err)
		}
		e := spoil(dir)
		before, _ := os.ReadFile(filepath.Join(dir, results.RecordsFile))
		_, _, err := e.Execute(context.Background(), Execution{Dir: dir, Workers: 1})
		var refused *UsageError
		if !errors.As(err, &refused) {
			t.Errorf("%s: error %v, want a refusal", name, err)
			continue
		}
		if !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: the message %q does not name the folder", name, err)
		}
		if after, _ := os.ReadFile(filepath.Join(dir, results.RecordsFile)); !bytes.Equal(before, after) {
			t.Errorf("%s: the records of a refused folder changed", name)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	os.WriteFile(file, nil, 0o644)
	var refused *UsageError
	if _, _, err := mustParse(t, small).Execute(context.Background(), Execution{Dir: file, Workers: 1}); !errors.As(err, &refused) {
		t.Errorf("a file for a folder: error %v", err)
	}
}

// A trial that fails leaves a record that says so, beside those that do not. Read
// back, it has nothing that looks measured, not even a 0.
func TestFailedTrialsAreRecorded(t *testing.T) {
	p := mustParse(t, small, "alphabet={step: [data, 0.25], C: 5e-324, bits: 31}", "claims=[]")
	dir := filepath.Join(t.TempDir(), "run")
	m, _ := mustExecute(t, p, dir, 2)
	held, err := results.Read(dir)
	if err != nil || len(held.Records) != len(m.Records) {
		t.Fatalf("%d records read back of %d (%v)", len(held.Records), len(m.Records), err)
	}
	measured := results.Columns(sim.Measurement{})
	failed := 0
	for _, r := range held.Records {
		if r.Step.IsSet() != (r.Error == "") {
			t.Errorf("step %v: error %q", r.Step, r.Error)
		}
		if r.Error != "" {
			failed++
			if r.PerLayer != nil || r.Tail != nil {
				t.Errorf("a failed record has the layers %v and the tail %v", r.PerLayer, r.Tail)
			}
			for _, c := range measured {
				x, _ := c.Number(&r.Measurement)
				if c.Name == "weight_count" {
					if x == 0 {
						t.Error("a failed record does not know its number of weights")
					}
				} else if text := c.Text(&r.Measurement); text != "" || x == x {
					t.Errorf("a failed record has %s = %q, %v as a number", c.Name, text, x)
				}
			}
		}
	}
	if failed != len(m.Records)/2 {
		t.Errorf("%d of %d records failed, want half", failed, len(m.Records))
	}
}

// So does a search that fails.
func TestFailedSearchesAreRecorded(t *testing.T) {
	p := mustParse(t, small)
	in := instance{p.Settings[0].Instance, func(v plan.Variant) results.Identity { return p.Identity(plan.Task{}, v) }}
	search := failedSearch(in, p.Settings[0].Searches[0], errors.New("broken"))
	for _, c := range results.Columns(results.Search{}) {
		_, identity := results.Lookup(results.Identity{}, c.Name)
		if text := c.Text(&search); !identity && (text != "") != (c.Name == "factor" || c.Name == "error") {
			t.Errorf("a failed search has %s = %q", c.Name, text)
		}
	}
}

// The search finds what trying every K finds, where the error falls with K.
func TestSearchAgainstEveryK(t *testing.T) {
	p := mustParse(t, small, "trials=2")
	workers := pool.New(1)
	for task := range p.Tasks() {
		s := p.Searches[0]
		in := instance{p.Instance(task), func(v plan.Variant) results.Identity { return p.Identity(task, v) }}
		var got results.Search
		var errs []float64 // by K
		err := workers.Run(context.Background(), func() {
			var err error
			if got, err = searchBits(context.Background(), workers, in, s, nil); err != nil || got.Error != "" {
				t.Fatal(err, got.Error)
			}
			for k := 0; k <= 60; k++ {
				v := s.Sim
				v.Alphabet.K = k
				rs, err := sim.Run(context.Background(), workers, in.Instance, []sim.Variant{v}, sim.Options{})
				if err != nil || rs[0].Err != nil {
					t.Fatal(err, rs)
				}
				errs = append(errs, float64(rs[0].RelSqError))
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		within := func(k int) bool { return errs[k] <= s.Factor*errs[0] }
		if k := int(got.NeededK); !within(k) || k > 1 && within(k-1) {
			t.Errorf("width %d: K = %d, but K passes: %v, K - 1: %v", in.Widths[0], k, within(k), k > 1 && within(k-1))
		}
		if float64(got.NeededError) != errs[got.NeededK] || float64(got.ErrorInf) != errs[0] {
			t.Errorf("errors %v and %v, want %v and %v", got.NeededError, got.ErrorInf, errs[got.NeededK], errs[0])
		}
		if got.FreeK <= 60 && errs[got.FreeK] != errs[0] {
			t.Errorf("at K = %d, without saturation, the error is %v, infinite alphabet %v", got.FreeK, errs[got.FreeK], errs[0])
		}
	}
}

// dump writes an instance and returns its folder.
func dump(t *testing.T, sets ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "dump")
	p := mustParse(t, small, append([]string{"claims=[]", "network.width=32", "network.biases=true"}, sets...)...)
	if err := p.Dump(context.Background(), "spfq", 3, 2, dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func readMatrix(t *testing.T, dir, name string) quant.Matrix {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var m mat.Dense
	if err := npyio.Read(f, &m); err != nil {
		t.Fatal(name, err)
	}
	return m.RawMatrix()
}

// A dump holds what its record was measured from.
func TestDump(t *testing.T) {
	dir := dump(t, "alphabet.bits=4", "methods.0.align=order-2")
	x, w, q := readMatrix(t, dir, "X.npy"), readMatrix(t, dir, "W1.npy"), readMatrix(t, dir, "Q1.npy")
	if x.Rows != 4 || x.Cols != 32 || w.Rows != 32 || w.Cols != 32 {
		t.Errorf("X is %d×%d, W1 %d×%d", x.Rows, x.Cols, w.Rows, w.Cols)
	}
	data, err := os.ReadFile(filepath.Join(dir, "record.json"))
	if err != nil || !regexp.MustCompile(`"key": "[0-9a-f]{16}"`).Match(data) {
		t.Errorf("the record has no key (%v):\n%s", err, data)
	}
	for _, v := range q.Data {
		if k := v / 0.25; k != float64(int(k)) || k < -7 || k > 7 {
			t.Errorf("an entry %v of Q1 is not on the alphabet", v)
		}
	}
	if err := mustParse(t, small, "claims=[]").Dump(context.Background(), "spfq", 0, 1, filepath.Join(t.TempDir(), "x")); err == nil {
		t.Error("three networks were dumped as one")
	}
}

// NumPy reads the files, finds Q on the alphabet, and recomputes the record's
// errors by a forward pass of its own.
func TestDumpInNumPy(t *testing.T) {
	python := ""
	for _, p := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(p, "-c", "import numpy").Run() == nil {
			python = p
			break
		}
	}
	if python == "" {
		t.Skip("no python3 with NumPy here: TestDump reads the files by other means")
	}
	dir := dump(t, "alphabet.bits=4", "methods.0.align=exact")
	cmd := exec.Command(python, "-c", `
import json, sys
import numpy as np
r = json.load(open("record.json"))
for name, key in (("X", "rel_sq_error"), ("Xtest", "test_rel_sq_error")):
    a = b = np.load(name + ".npy")
    for i in range(1, r["layers"] + 1):
        w, q, bias = (np.load("%s%d.npy" % (s, i)) for s in "WQb")
        k = q / r["step"]
        assert (k == np.round(k)).all() and abs(k).max() <= r["K"], "Q%d is off the alphabet" % i
        a, b = a @ w + bias, b @ q + bias
        if i < r["layers"]:
            a, b = np.maximum(a, 0), np.maximum(b, 0)
    e = np.linalg.norm(a - b)**2 / np.linalg.norm(a)**2
    assert abs(e / r[key] - 1) < 1e-9, (key, e, r[key])
`)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// A dump never takes the place of a file.
func TestDumpLeavesFilesAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keep.txt")
	if err := os.WriteFile(file, []byte("precious"), 0o644); err != nil {
		t.Fatal(err)
	}
	p := mustParse(t, small, "claims=[]", "network.width=16", "alphabet.bits=4", "methods.0.align=exact")
	var refused *UsageError
	if err := p.Dump(context.Background(), "spfq", 0, 1, file); !errors.As(err, &refused) {
		t.Errorf("dumped onto a file: %v", err)
	}
	if b, _ := os.ReadFile(file); string(b) != "precious" {
		t.Errorf("the file holds %q", b)
	}
}

// A line that is doubled, foreign, altered or without its layers makes its trial
// run again, and no other.
func TestSpoiledTrialsRunAgain(t *testing.T) {
	p := mustParse(t, small)
	dir := filepath.Join(t.TempDir(), "run")
	m, _ := mustExecute(t, p, dir, 2)
	count := func(records []results.Record) (rows int) {
		hold(t, dir, records, m.Searches)
		held, err := results.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		s := p.Survey(held, plan.Versions)
		for task := range p.Tasks() {
			w := s.Work(task, plan.RerunFailed)
			rows += len(w.Variants) + len(w.Searches)
		}
		return rows
	}
	if got := count(m.Records); got != 0 {
		t.Fatalf("%d rows of a finished run are to be run", got)
	}
	for name, spoil := range map[string]func(rs []results.Record){
		"doubled":        func(rs []results.Record) { rs[1] = rs[0] },
		"foreign":        func(rs []results.Record) { rs[0].Align = "zzz" },
		"another seed":   func(rs []results.Record) { rs[0].Seed++ },
		"another trial":  func(rs []results.Record) { rs[0].Trial = 99 },
		"another key":    func(rs []results.Record) { rs[0].Key = rs[1].Key },
		"without layers": func(rs []results.Record) { rs[0].PerLayer = nil },
		"without error":  func(rs []results.Record) { rs[0].RelSqError, rs[0].RelError = results.Missing, results.Missing },
		"failed":         func(rs []results.Record) { rs[0].Error = "broken" },
	} {
		rs := slices.Clone(m.Records)
		spoil(rs)
		if got := count(rs); got != 1 {
			t.Errorf("%s: %d rows are to be run, want 1", name, got)
		}
	}
}

// Open reads back what Execute left, in its order, and refuses other folders.
func TestOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	p := mustParse(t, small)
	m, claims := mustExecute(t, p, dir, 2)
	again, manifest, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(again.Records) != len(m.Records) || again.Records[0].RelSqError != m.Records[0].RelSqError || manifest.Name != p.Spec.Name {
		t.Errorf("Open read %d records of %q, Execute left %d of %q", len(again.Records), manifest.Name, len(m.Records), p.Spec.Name)
	}
	if judged := again.Judge(); len(judged) != len(claims) {
		t.Errorf("%d claims judged again, %d before", len(judged), len(claims))
	}
	var usage *UsageError
	if _, _, err := Open(t.TempDir()); !errors.As(err, &usage) {
		t.Errorf("an empty folder opens with error %v, want a *UsageError", err)
	}
}
