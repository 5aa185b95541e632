// format_test.go reads runs that the last program of record format 1 left
// (testdata/README.md).

package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// copyOfRun copies a folder of testdata to a place of its own and returns where
// it is and the config that it was run from.
func copyOfRun(t *testing.T, name string) (dir, config string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "run")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", name))); err != nil {
		t.Fatal(err)
	}
	config, err := filepath.Abs(filepath.Join("testdata", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return dir, config
}

// says runs runexp, which must end with the code and say all of the texts.
func says(t *testing.T, code int, texts []string, args ...string) {
	t.Helper()
	got, stdout, stderr := runexp(t, context.Background(), args...)
	if got != code {
		t.Errorf("runexp %s: exit %d, want %d:\n%s%s", quote(args), got, code, stdout, stderr)
	}
	for _, want := range texts {
		if !strings.Contains(stdout+stderr, want) {
			t.Errorf("runexp %s does not say %q:\n%s%s", quote(args), want, stdout, stderr)
		}
	}
}

// judgement is what a verdict rests on: the keys of a claim in claims.json whose
// wording no program changes.
type judgement struct {
	Kind, Verdict    string
	Trials           int
	Estimate, Lo, Hi any // a number, null, or an infinity in words
	DemandLo         any `json:"demand_lo"`
	DemandHi         any `json:"demand_hi"`
	PSupported       any `json:"p_supported"`
	PRefuted         any `json:"p_refuted"`
}

func judgements(t *testing.T, dir string) (out []judgement) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "claims.json"))
	if err == nil {
		err = json.Unmarshal(data, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// rows reads a CSV file of a run: each row as its values by column, without what
// a format may take otherwise: the key, and what was counted of a trial that
// failed, which tells nothing.
func rows(t *testing.T, dir, name string) []map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	table, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(table) == 0 {
		t.Fatalf("%s: %v, %d lines", name, err, len(table))
	}
	var out []map[string]string
	for _, line := range table[1:] {
		row := map[string]string{}
		for i, column := range table[0] {
			row[column] = line[i]
		}
		delete(row, "key")
		if row["error"] != "" {
			for _, count := range []string{"saturated", "dead", "operations"} {
				delete(row, count)
			}
		}
		out = append(out, row)
	}
	return out
}

// holds reports whether a table has a row of these values; columns that a later
// format adds do not count.
func holds(table []map[string]string, row map[string]string) bool {
	return slices.ContainsFunc(table, func(have map[string]string) bool {
		for column, value := range row {
			if text, ok := have[column]; !ok || text != value {
				return false
			}
		}
		return true
	})
}

// A finished run of format 1 is read, judged, compared and reported as by the
// program that made it.
func TestReadsFormat1(t *testing.T) {
	const old = "testdata/format1"
	dir, config := copyOfRun(t, "format1")
	baseline, err := filepath.Abs("testdata/format1-baseline.json")
	if err != nil {
		t.Fatal(err)
	}
	want, records, layers, searches := judgements(t, old), rows(t, old, "records.csv"), rows(t, old, "layers.csv"), rows(t, old, "searches.csv")
	if len(want) != 5 || len(records) != 18 || len(layers) != 34 || len(searches) != 4 {
		t.Fatalf("testdata has %d claims, %d records, %d layers and %d searches", len(want), len(records), len(layers), len(searches))
	}

	const failed = "1 of 18 records failed"
	says(t, exitFailed, []string{failed}, "check", dir)
	says(t, exitFailed, []string{failed,
		"Claims: 5 in both, 5 with the same verdict",
		"Cells: 8 in both", "40, all paired by trial: 40 equal bit by bit", "Cells only in B, 1: stochastic",
	}, "check", dir, "--baseline", baseline)
	says(t, exitRefuted, []string{failed}, "check", dir, "--strict", "--baseline", baseline)
	says(t, exitSupported, []string{
		"1 of 6 trials to run, 1 records", "21 done, 1 failed before", "kept, and left out: 2 records",
	}, "plan", config, "--out", dir)
	says(t, exitSupported, []string{"0 of 6 trials to run"}, "plan", config, "--out", dir, "--rerun", "none")
	says(t, exitSupported, []string{
		"Claims: 5 in both, 5 with the same verdict", "Cells: 9 in both, 8 of identical records", "9 equal bit by bit", "1 trials of cells failed",
	}, "diff", dir, dir, "--strict")
	page := filepath.Join(t.TempDir(), "summary")
	says(t, exitSupported, nil, "summary", dir, "--out", page)
	const verdicts = "5 claims of 1 runs: 1 supported, 2 refuted, 2 inconclusive"
	if text, err := os.ReadFile(page + ".md"); err != nil || !strings.Contains(string(text), verdicts) {
		t.Errorf("the summary does not say %q: %v\n%s", verdicts, err, text)
	}

	for _, name := range []string{"claims.json", "records.csv", "layers.csv", "searches.csv"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	says(t, exitSupported, nil, "report", dir)
	if got := judgements(t, dir); !slices.Equal(got, want) {
		t.Errorf("report judges\n%+v\nwant\n%+v", got, want)
	}
	for name, table := range map[string][]map[string]string{"records.csv": records, "layers.csv": layers, "searches.csv": searches} {
		got := rows(t, dir, name)
		if len(got) != len(table) {
			t.Errorf("%s has %d rows, want %d", name, len(got), len(table))
		}
		for _, row := range table {
			if !holds(got, row) {
				t.Errorf("%s lacks the row %v", name, row)
			}
		}
	}
	for _, name := range []string{"report.html", "tables/results.txt", "tables/bits.txt", "tables/claims.txt", "figures/error_vs_width.svg"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

// A finished run of format 1 goes on: what failed and what is new is run, and
// nothing else. Rows that were run again would have other times.
func TestGoesOnWithFormat1(t *testing.T) {
	dir, config := copyOfRun(t, "format1")
	records, searches := rows(t, dir, "records.csv"), rows(t, dir, "searches.csv")
	says(t, exitSupported, []string{"4 of 9 trials to run, 12 records", "21 done, 11 new, 1 failed before"},
		"plan", config, "--out", dir, "--set", "trials=3")
	says(t, exitFailed, []string{"1 of 27 records failed"}, config, "--quiet", "--out", dir, "--set", "trials=3")
	for name, c := range map[string]struct {
		before []map[string]string
		after  int
	}{"records.csv": {records, 9 * 3}, "searches.csv": {searches, 2 * 3}} {
		after := rows(t, dir, name)
		if len(after) != c.after {
			t.Errorf("%s has %d rows after one more trial, want %d", name, len(after), c.after)
		}
		for _, row := range c.before {
			if row["error"] == "" && !holds(after, row) {
				t.Errorf("%s: a row was run again: %v", name, row)
			}
			if row["error"] != "" {
				again := maps.Clone(row)
				delete(again, "manifest")
				if holds(after, row) || !holds(after, again) {
					t.Errorf("%s: what failed did not fail again: %v", name, row)
				}
			}
		}
	}
	// The two records of rtn are still there, though the config does not ask for them.
	says(t, exitSupported, []string{"0 of 2 trials to run", "of all records 2 done"}, "plan", config, "--out", dir,
		"--set", "sweep={}", "--set", "methods=[{name: rtn}]", "--set", "claims=[]", "--set", "network.width=4", "--set", "alphabet.bits=inf")
}

// A run of format 1 that was interrupted is read as far as it is, and goes on.
func TestGoesOnWithUnfinishedFormat1(t *testing.T) {
	dir, config := copyOfRun(t, "format1-unfinished")
	const missing = "5 of 8 trials are missing"
	says(t, exitInconclusive, []string{missing}, "check", dir)
	says(t, exitSupported, []string{"the run is not finished", "1 of identical records"}, "diff", dir, dir)
	says(t, exitSupported, []string{"5 of 8 trials to run, 10 records", "6 done, 8 new, 2 changed"}, "plan", config, "--out", dir)
	says(t, exitSupported, nil, "report", dir)
	records, searches := rows(t, dir, "records.csv"), rows(t, dir, "searches.csv")
	if len(records) != 3 || len(searches) != 3 {
		t.Fatalf("%d records and %d searches are there, want 3 and 3", len(records), len(searches))
	}
	if code, _, stderr := runexp(t, context.Background(), config, "--quiet", "--out", dir); code != exitSupported && code != exitInconclusive {
		t.Fatalf("going on: exit %d: %s", code, stderr)
	}
	for name, before := range map[string][]map[string]string{"records.csv": records, "searches.csv": searches} {
		after := rows(t, dir, name)
		if len(after) != 8 {
			t.Errorf("%s has %d rows, want 8", name, len(after))
		}
		for _, row := range before {
			if !holds(after, row) {
				t.Errorf("%s: a row was run again: %v", name, row)
			}
		}
	}
	says(t, exitSupported, []string{"0 of 8 trials to run", "of all records 16 done"}, "plan", config, "--out", dir)
}
