package experiments

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"spfq/results"
)

// aged makes of a run's folder one that algorithms of another version left.
func aged(t *testing.T, dir string, p *Plan, algorithm int) {
	t.Helper()
	old := *p
	old.keys.versions = versionsText(algorithm, 1)
	for _, file := range []string{results.RecordsFile, results.SearchesFile} {
		path := filepath.Join(dir, file)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for task := range p.Tasks() {
			cell := &p.Cells[task.Cell]
			for i, v := range cell.variants {
				certified := cell.Variants[i].Certify
				data = bytes.ReplaceAll(data, []byte(p.recordKey(task, v, certified)), []byte(old.recordKey(task, v, certified)))
			}
			for _, s := range cell.searches {
				data = bytes.ReplaceAll(data, []byte(p.searchKey(task, s)), []byte(old.searchKey(task, s)))
			}
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := results.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	m.Algorithm = algorithm
	if err := results.WriteJSON(filepath.Join(dir, results.ManifestFile), m); err != nil {
		t.Fatal(err)
	}
}

// A folder that another version left is read and reported as it is, and not run
// in. One whose manifest and keys are of different versions is refused.
func TestReadsOtherVersions(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	p := mustParse(t, small)
	m, claims := mustExecute(t, p, dir, 2)
	table, err := os.ReadFile(filepath.Join(dir, "records.csv"))
	if err != nil {
		t.Fatal(err)
	}
	aged(t, dir, p, AlgorithmVersion+1)
	old, _, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(old.Records) != len(m.Records) || len(old.Searches) != len(m.Searches) || len(old.Records) == 0 {
		t.Errorf("%d records and %d searches are read, want %d and %d", len(old.Records), len(old.Searches), len(m.Records), len(m.Searches))
	}
	for _, c := range old.Coverage() {
		if c.Done != c.Planned {
			t.Errorf("%d of %d trials are found", c.Done, c.Planned)
		}
	}
	for i, c := range old.Judge() {
		if c.Verdict != claims[i].Verdict {
			t.Errorf("claim %d is %s, was %s", i, c.Verdict, claims[i].Verdict)
		}
	}
	reported := false
	if err := Rewrite(dir, func(*Measured, []results.Claim) error { reported = true; return nil }); err != nil || !reported {
		t.Errorf("writing anew: %v", err)
	}
	if now, _ := os.ReadFile(filepath.Join(dir, "records.csv")); bytes.Count(now, []byte("\n")) != bytes.Count(table, []byte("\n")) {
		t.Error("records.csv lost records")
	}
	var refused *UsageError
	if _, _, err := p.Execute(context.Background(), Execution{Dir: dir, Workers: 1}); !errors.As(err, &refused) || !strings.Contains(err.Error(), "algorithms of version 2") {
		t.Errorf("running there: error %v, want a refusal", err)
	}

	manifest, _, _ := results.ReadManifest(dir)
	manifest.Algorithm++ // as it is of no record
	if err := results.WriteJSON(filepath.Join(dir, results.ManifestFile), manifest); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Open(dir); !errors.As(err, &refused) || !strings.Contains(err.Error(), "records.jsonl:1: the key is not that of the record") {
		t.Errorf("a manifest of another version than the records: error %v, want a refusal", err)
	}
	if err := Rewrite(dir, func(*Measured, []results.Claim) error { return nil }); err == nil {
		t.Error("it was written anew")
	}
}
