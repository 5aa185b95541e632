package experiments

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"spfq/experiments/plan"
	"spfq/results"
)

// aged makes of a run's folder one that algorithms of another version left.
func aged(t *testing.T, dir string, algorithm int) {
	t.Helper()
	held, err := results.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	theirs := plan.Versions
	theirs.Algorithm = algorithm
	renamed := map[string]string{} // sessions, since a manifest of other versions has another hash
	for hash, m := range held.Sessions {
		m.Algorithm = algorithm
		m.Seal()
		renamed[hash] = m.Hash
		if err := results.WriteSession(dir, m); err != nil {
			t.Fatal(err)
		}
	}
	if err := results.RemoveSessions(dir, func(hash string) bool { return renamed[hash] == "" }); err != nil {
		t.Fatal(err)
	}
	for i := range held.Records {
		r := &held.Records[i]
		certified := r.Key == results.KeyerOf(&r.Identity, plan.Versions).Record(true)
		r.Key, r.Manifest = results.KeyerOf(&r.Identity, theirs).Record(certified), renamed[r.Manifest]
	}
	for i := range held.Searches {
		s := &held.Searches[i]
		s.Key, s.Manifest = results.KeyerOf(&s.Identity, theirs).Search(s.Factor), renamed[s.Manifest]
	}
	hold(t, dir, held.Records, held.Searches)
}

// hold makes the folder of a run hold these records and searches and no others.
func hold(t *testing.T, dir string, records []results.Record, searches []results.Search) {
	t.Helper()
	for _, file := range []string{results.RecordsFile, results.SearchesFile} {
		if err := os.Remove(filepath.Join(dir, file)); err != nil {
			t.Fatal(err)
		}
	}
	store, err := results.OpenStore(dir)
	if err == nil {
		err = errors.Join(store.Append(records, searches), store.Close())
	}
	if err != nil {
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
	aged(t, dir, plan.AlgorithmVersion+1)
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
	if err := Rewrite(dir, nil, func(*Measured, []results.Claim, results.Manifest) error { reported = true; return nil }); err != nil || !reported {
		t.Errorf("writing anew: %v", err)
	}
	if now, _ := os.ReadFile(filepath.Join(dir, "records.csv")); bytes.Count(now, []byte("\n")) != bytes.Count(table, []byte("\n")) {
		t.Error("records.csv lost records")
	}
	var refused *UsageError
	if _, _, err := p.Execute(context.Background(), Execution{Dir: dir, Workers: 1}); !errors.As(err, &refused) || !strings.Contains(err.Error(), "the version of the algorithm is 2 there and 1 here") {
		t.Errorf("running there: error %v, want a refusal", err)
	}

	manifest, _, _ := results.ReadManifest(dir)
	manifest.Algorithm++ // as it is of no record
	manifest.Seal()
	if err := results.WriteSession(dir, manifest); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Open(dir); !errors.As(err, &refused) || !strings.Contains(err.Error(), "one of the two manifests was changed") {
		t.Errorf("a manifest of another version than the records: error %v, want a refusal", err)
	}
	if err := Rewrite(dir, nil, func(*Measured, []results.Claim, results.Manifest) error { return nil }); err == nil {
		t.Error("it was written anew")
	}
}

// Sessions of several versions never share a folder: where manifests say so, one was
// changed.
func TestVersionsOfSessions(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	mustExecute(t, mustParse(t, small), dir, 2)
	latest, _, err := results.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	latest.Algorithm++
	latest.Seal()
	if err := results.WriteSession(dir, latest); err != nil {
		t.Fatal(err)
	}
	var refused *UsageError
	if _, _, err := Open(dir); !errors.As(err, &refused) || !strings.Contains(err.Error(), "one of the two manifests was changed") {
		t.Errorf("error %v, want a refusal", err)
	}
}
