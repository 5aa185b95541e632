package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"spfq/results"
)

// times returns the times at which dir, and the files and folders below it, were last
// written, by path.
func times(t *testing.T, dir string) map[string]time.Time {
	t.Helper()
	all := map[string]time.Time{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		all[path] = info.ModTime()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// untouched tells whether no file or folder was written, added or removed between two
// results of times.
func untouched(before, after map[string]time.Time) bool {
	for path, at := range after {
		if !before[path].Equal(at) {
			return false
		}
	}
	return len(before) == len(after)
}

// A finished run that is run again writes nothing, and has the same output and exit
// code as before. If anything changed in what it was made from, or in what it left,
// the run notices and repairs it.
func TestFinishedRun(t *testing.T) {
	if testing.Short() {
		t.Skip("runs many processes or runs, which the race detector makes slow")
	}
	bg := context.Background()
	t.Setenv("GITHUB_ACTIONS", "true") // so that annotations are part of the output
	args := []string{"tiny.yaml", "--out", "run", "--set", "claims.0.exponent=[2, 3]"}
	code, stdout, stderr := runexp(t, bg, args...)
	if code != exitRefuted || !strings.Contains(stderr, "::error file=tiny.yaml,line=8,title=claim 1 is refuted") {
		t.Fatalf("exit %d, %s", code, stderr)
	}
	_, said, _ := strings.Cut(stderr, "18 trials in")
	_, said, _ = strings.Cut(said, "\n")
	before := times(t, "run")
	whole := folder(t, "run")
	for _, more := range [][]string{nil, {"--quiet"}, {"--workers", "1"}, {"--rerun", "none"}, {"--junit", "j.xml"}} {
		code, again, errs := runexp(t, bg, append(args, more...)...)
		want := stdout
		if more != nil && more[0] == "--quiet" {
			want = "run\n"
		}
		if code != exitRefuted || again != want || !strings.HasSuffix(errs, said) {
			t.Errorf("%v: exit %d, %s\n%s\nwant\n%s%s", more, code, errs, again, want, said)
		}
		if !untouched(before, times(t, "run")) {
			t.Errorf("%v: something was written", more)
		}
	}
	if data, err := os.ReadFile("j.xml"); err != nil || !strings.Contains(string(data), `failures="1"`) {
		t.Errorf("the JUnit file: %v, %s", err, data)
	}
	if code, _, _ := runexp(t, bg, "report", "run"); code != 0 {
		t.Errorf("report: exit %d", code)
	}
	before = times(t, "run")
	if runexp(t, bg, args...); !untouched(before, times(t, "run")) {
		t.Error("after a report, which left all as it was, something was written")
	}

	flip := func(file string) { // changes the content of a file but not its size
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		data = bytes.Replace(data, []byte("0."), []byte("1."), 1)
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	stamp := func(edit func(*results.Stamp)) {
		data, err := os.ReadFile("run/whole.json")
		if err != nil {
			t.Fatal(err)
		}
		var s results.Stamp
		if err := json.Unmarshal(data, &s); err != nil {
			t.Fatal(err)
		}
		edit(&s)
		if err := results.WriteJSON("run/whole.json", s); err != nil {
			t.Fatal(err)
		}
	}
	for name, change := range map[string]func() (more []string){
		"all anew":        func() []string { return []string{"--rerun", "all"} },
		"another claim":   func() []string { return []string{"--set", "claims.0.exponent=[3, 4]"} },
		"another purpose": func() []string { return []string{"--set", "about=why"} },
		"another seed":    func() []string { return []string{"--set", "seed=9"} },
		"a table edited":  func() []string { flip("run/tables/results.txt"); return nil },
		"a number edited": func() []string { flip("run/records.csv"); return nil },
		"a figure gone":   func() []string { os.Remove("run/figures/error_vs_width.png"); return nil },
		"a figure longer": func() []string {
			os.WriteFile("run/figures/error_vs_width.svg", make([]byte, 1<<16), 0o644)
			return nil
		},
		"the page a folder": func() []string {
			os.Remove("run/report.html")
			os.Mkdir("run/report.html", 0o777)
			os.Remove("run/report.html")
			return nil
		},
		"claims gone": func() []string { os.Remove("run/claims.json"); return nil },
		"records appended": func() []string {
			os.WriteFile("run/records.jsonl", []byte(whole["records.jsonl"]+"{"), 0o644)
			return nil
		},
		"a record edited": func() []string { flip("run/records.jsonl"); return nil },
		"a record gone": func() []string {
			_, rest, _ := strings.Cut(whole["records.jsonl"], "\n")
			os.WriteFile("run/records.jsonl", []byte(rest), 0o644)
			return nil
		},
		"no stamp":            func() []string { os.Remove("run/whole.json"); return nil },
		"a broken stamp":      func() []string { os.WriteFile("run/whole.json", []byte("{"), 0o644); return nil },
		"another program":     func() []string { stamp(func(s *results.Stamp) { s.Program = "0" }); return nil },
		"no program":          func() []string { stamp(func(s *results.Stamp) { s.Program = "" }); return nil },
		"another config":      func() []string { stamp(func(s *results.Stamp) { s.Config = "0" }); return nil },
		"claims of no number": func() []string { stamp(func(s *results.Stamp) { s.ClaimOf[0] = 7 }); return nil },
		"a file elsewhere": func() []string {
			stamp(func(s *results.Stamp) { s.Files["../tiny.yaml"] = results.FileStamp{} })
			return nil
		},
		"no files": func() []string { stamp(func(s *results.Stamp) { s.Files = nil }); return nil },
	} {
		if err := os.RemoveAll("run"); err != nil {
			t.Fatal(err)
		}
		if code, _, errs := runexp(t, bg, args...); code != exitRefuted {
			t.Fatalf("exit %d, %s", code, errs)
		}
		more := change()
		before := times(t, "run")
		code, _, errs := runexp(t, bg, append(args, more...)...)
		if name == "a record edited" { // is never taken for what was measured
			if code != exitUsage || !strings.Contains(errs, "run/records.jsonl:1: ") || !strings.Contains(errs, "changed after it was written") {
				t.Errorf("%s: exit %d, %s", name, code, errs)
			}
			continue
		}
		if code != exitRefuted {
			t.Errorf("%s: exit %d, %s", name, code, errs)
		}
		edited := slices.Contains([]string{"a table edited", "a number edited", "a figure gone", "a figure longer", "the page a folder", "claims gone", "records appended", "a record gone", "a file elsewhere"}, name)
		if said := strings.Contains(errs, "was changed or removed since the run there finished"); said != edited {
			t.Errorf("%s: said to be changed: %v, want %v: %s", name, said, edited, errs)
		}
		after := times(t, "run")
		if before["run/manifest.json"].Equal(after["run/manifest.json"]) {
			t.Errorf("%s: it was not seen", name)
		}
		if more == nil {
			for _, file := range []string{"tables/results.txt", "tables/claims.txt"} {
				if now := folder(t, "run")[file]; now != whole[file] {
					t.Errorf("%s: %s is not made good", name, file)
				}
			}
		}
		if runexp(t, bg, append(args, more...)...); more == nil && !untouched(after, times(t, "run")) {
			t.Errorf("%s: the stamp was not written anew", name)
		}
	}
}

// A run with failures, or one that was interrupted, has no stamp by which it would be
// taken for finished.
func TestUnfinishedRunsHaveNoStamp(t *testing.T) {
	bg := context.Background()
	failing := []string{"tiny.yaml", "--quiet", "--out", "failed", "--set", "claims=[]", "--set", "alphabet={step: [data, 0.25], C: 5e-324, bits: 31}"}
	for range 2 {
		if code, _, _ := runexp(t, bg, failing...); code != exitFailed {
			t.Errorf("exit %d, want %d", code, exitFailed)
		}
	}
	stopped, stop := context.WithCancel(bg)
	stop()
	runexp(t, bg, "tiny.yaml", "--quiet", "--out", "cut")
	runexp(t, stopped, "tiny.yaml", "--quiet", "--out", "cut", "--set", "trials=7")
	for _, dir := range []string{"failed", "cut"} {
		if exists(filepath.Join(dir, results.StampFile)) {
			t.Errorf("%s has a stamp", dir)
		}
	}
}
