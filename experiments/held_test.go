package experiments

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"spfq/results"
)

// A run and a report hold the folder's lock until all is written, and until then
// nothing in the folder looks as if it were of now.
func TestHeldToTheEnd(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	p := mustParse(t, small)
	others := 0
	meanwhile := func() {
		var refused *UsageError
		_, _, err := p.Execute(context.Background(), Execution{Dir: dir, Workers: 1})
		if !errors.As(err, &refused) || !errors.Is(err, results.ErrLocked) {
			t.Errorf("a run meanwhile: %v", err)
		}
		err = Rewrite(dir, nil, func(*Measured, []results.Claim, results.Manifest) error { return nil })
		if !errors.As(err, &refused) || !errors.Is(err, results.ErrLocked) {
			t.Errorf("a report meanwhile: %v", err)
		}
		others++
	}
	run := func() error {
		_, _, err := p.Execute(context.Background(), Execution{Dir: dir, Workers: 2, Report: func(m *Measured, claims []results.Claim, end results.Manifest) (string, error) {
			meanwhile()
			if now, _, err := results.ReadManifest(dir); err != nil || now.End != nil || end.End == nil {
				t.Errorf("the manifest has the end %v, and %v for the report (%v)", now.End, end.End, err)
			}
			return "", nil
		}})
		return err
	}
	if err := errors.Join(run(), Rewrite(dir, nil, func(*Measured, []results.Claim, results.Manifest) error {
		meanwhile()
		return nil
	}), run()); err != nil {
		t.Fatal(err)
	}
	if others != 3 {
		t.Errorf("%d times others were tried", others)
	}
}

// A session that ends before its report leaves a folder that says so, page and all;
// the next report takes that back.
func TestInterruptedSessionsAreMarked(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	p := mustParse(t, small)
	report := func(*Measured, []results.Claim, results.Manifest) (string, error) {
		return "", results.WriteText(filepath.Join(dir, results.PageFile), "<html><body>\n<p>all is supported</p></body></html>")
	}
	if _, _, err := p.Execute(context.Background(), Execution{Dir: dir, Workers: 2, Report: report}); err != nil {
		t.Fatal(err)
	}
	state := func() (mark, page string, ended bool) {
		text, _ := os.ReadFile(filepath.Join(dir, results.OutdatedFile))
		html, err := os.ReadFile(filepath.Join(dir, results.PageFile))
		m, ok, err2 := results.ReadManifest(dir)
		if err := errors.Join(err, err2); err != nil || !ok {
			t.Fatal(err)
		}
		return string(text), string(html), m.End != nil
	}
	if mark, page, ended := state(); mark != "" || strings.Contains(page, "Outdated") || !ended {
		t.Errorf("a finished run: %q, %q, ended %v", mark, page, ended)
	}
	killed := errors.New("killed")
	for name, c := range map[string]func() error{
		"while its report is made": func() error {
			_, _, err := p.Execute(context.Background(), Execution{Dir: dir, Workers: 2, Report: func(*Measured, []results.Claim, results.Manifest) (string, error) {
				return "", killed
			}})
			return err
		},
		"while trials run": func() error {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			_, _, err := p.Execute(ctx, Execution{Dir: dir, Workers: 1, Rerun: "all", Progress: func(Progress) { cancel() }})
			if Interrupted(err) {
				return killed
			}
			return err
		},
	} {
		if err := c(); !errors.Is(err, killed) {
			t.Fatalf("%s: %v", name, err)
		}
		if mark, page, ended := state(); !strings.Contains(mark, "are of before it") || strings.Count(page, "Outdated") != 1 || ended {
			t.Errorf("%s: %q, %q, ended %v", name, mark, page, ended)
		}
		err := Rewrite(dir, nil, func(m *Measured, claims []results.Claim, manifest results.Manifest) error {
			_, err := report(m, claims, manifest)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if mark, page, _ := state(); mark != "" || strings.Contains(page, "Outdated") {
			t.Errorf("%s, reported: %q, %q", name, mark, page)
		}
	}
}

// A config that is not the one that the manifest names is refused by whatever reads
// the folder; what a kill leaves between the writing of the two is not.
func TestConfigIsThatOfTheManifest(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	mustExecute(t, mustParse(t, small), dir, 2)
	path := filepath.Join(dir, configFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// A session with more trials, killed before it wrote its config.
	more := mustParse(t, small, "trials=5")
	s := more.newSession(Execution{Dir: dir})
	if err := s.begin(); err != nil {
		t.Fatal(err)
	}
	if m, _, err := Open(dir); err != nil || m.Plan.Spec.Trials != 4 {
		t.Errorf("killed before its config was written: %v", err)
	}
	// And after it.
	if err := os.WriteFile(path, more.Spec.YAML(), 0o644); err != nil {
		t.Fatal(err)
	}
	if m, _, err := Open(dir); err != nil || m.Plan.Spec.Trials != 5 {
		t.Errorf("killed after its config was written: %v", err)
	}
	if err := s.end(s.ended()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	var refused *UsageError
	if _, _, err := Open(dir); !errors.As(err, &refused) || !strings.Contains(err.Error(), "one of the two was changed") {
		t.Errorf("another config than the manifest's: %v", err)
	}
}

// A run whose data vanish while it works ends with an error that says what happened,
// writes nothing that follows from them, and is not taken for finished.
func TestVanishingData(t *testing.T) {
	for name, do := range map[string]func(dir string) error{
		"records truncated": func(dir string) error { return os.Truncate(filepath.Join(dir, results.RecordsFile), 0) },
		"records removed":   func(dir string) error { return os.Remove(filepath.Join(dir, results.RecordsFile)) },
		"the lock removed":  func(dir string) error { return os.Remove(filepath.Join(dir, results.LockFile)) },
		"the folder away":   func(dir string) error { return os.Rename(dir, dir+"-away") },
	} {
		dir := filepath.Join(t.TempDir(), "run")
		done := 0
		_, _, err := mustParse(t, small).Execute(context.Background(), Execution{Dir: dir, Workers: 1, Progress: func(Progress) {
			if done++; done == 5 {
				if err := do(dir); err != nil {
					t.Fatal(err)
				}
			}
		}, Report: func(*Measured, []results.Claim, results.Manifest) (string, error) {
			t.Errorf("%s: it was reported", name)
			return "", nil
		}})
		gone := new(results.VanishedError)
		if !errors.As(err, &gone) {
			t.Errorf("%s: error %v", name, err)
		}
		for _, file := range []string{results.StampFile, "records.csv", results.ClaimsFile} {
			if _, err := os.Stat(filepath.Join(dir, file)); err == nil {
				t.Errorf("%s: %s was written", name, file)
			}
		}
		if m, ok, _ := results.ReadManifest(dir); ok && m.End != nil {
			t.Errorf("%s: the manifest looks finished", name)
		}
	}
}

// A user hears of a folder that could not be locked, and of no other.
func TestNoticeLock(t *testing.T) {
	var told []string
	notice := func(text string) { told = append(told, text) }
	noticeLock("a", true, notice)
	noticeLock("b", false, nil)
	noticeLock("c", false, notice)
	if len(told) != 1 || !strings.HasPrefix(told[0], "c is on a file system without locks") {
		t.Errorf("told %q", told)
	}
}
