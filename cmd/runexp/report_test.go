package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"spfq/results"
)

// folder reads all files of a run; it returns their contents by their paths in dir.
func folder(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Report makes the files that the run left from its records alone, equal in every
// byte, and ends with exit code 0 whatever the verdicts.
func TestReport(t *testing.T) {
	code, stdout, stderr := runexp(t, context.Background(), "tiny.yaml", "--out", "run", "--set", "claims.0.exponent=[2, 3]", "--set", `about=<b>&"`)
	if code != exitRefuted {
		t.Fatalf("exit %d: %s%s", code, stdout, stderr)
	}
	before := folder(t, "run")
	page := before["report.html"]
	for _, want := range []string{"&lt;b&gt;&amp;&#34;", "1 refuted", "claims.0.exponent=[2, 3]", "name: tiny", `id="error_vs_width"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of the run does not say %q", want)
		}
	}
	source := map[string]bool{"config.yaml": true, "manifest.json": true, "records.jsonl": true, "searches.jsonl": true, results.LockFile: true, results.StampFile: true}
	for name := range before {
		if !source[name] && !strings.HasPrefix(name, results.SessionsFolder) {
			if err := os.Remove(filepath.Join("run", name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	code, again, stderr := runexp(t, context.Background(), "report", "run")
	if code != exitSupported || stderr != "" {
		t.Errorf("exit %d, want 0; stderr %q", code, stderr)
	}
	if again != stdout {
		t.Errorf("printed\n%s\nwant what the run printed:\n%s", again, stdout)
	}
	after := folder(t, "run")
	for name := range before {
		if before[name] != after[name] {
			t.Errorf("%s is not what the run left", name)
		}
	}
	if len(before) != len(after) {
		t.Errorf("%d files, want %d", len(after), len(before))
	}
}

// The report of an unfinished run covers the trials that are done and says, on the
// console and on the page, what is missing. The run then goes on and ends as if it
// had not been interrupted.
func TestReportOfAnUnfinishedRun(t *testing.T) {
	if code, stdout, stderr := runexp(t, context.Background(), "tiny.yaml", "--out", "run", "--quiet"); code != 0 {
		t.Fatalf("exit %d: %s%s", code, stdout, stderr)
	}
	whole := folder(t, "run")["tables/results.txt"]
	lines := bytes.SplitAfter([]byte(folder(t, "run")["records.jsonl"]), []byte("\n"))
	var kept []byte
	for _, line := range lines {
		if !bytes.Contains(line, []byte(`"width":16,`)) && !bytes.Contains(line, []byte(`"width":64,"widths":"64-64-64","layers":2,"weights":"gaussian","biases":false,"activation":"relu","source":"gaussian","dimension":0,"noise":null,"samples":4,"test_samples":3,"trial":5,`)) {
			kept = append(kept, line...)
		}
	}
	if err := os.WriteFile("run/records.jsonl", append(kept, `{"method":"cut o`...), 0o644); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := runexp(t, context.Background(), "report", "run")
	want := "Unfinished: 11 of 18 trials are there. None of N = 16. Some of N = 64 (5 of 6)."
	if code != 0 || stderr != "" || !strings.Contains(stdout, want) {
		t.Errorf("exit %d, %q, want %q in\n%s", code, stderr, want, stdout)
	}
	if !strings.Contains(folder(t, "run")["report.html"], want) {
		t.Error("the page does not say what is missing")
	}
	if got := folder(t, "run")["records.jsonl"]; got != string(kept)+`{"method":"cut o` {
		t.Error("the report changed the records")
	}
	code, _, stderr = runexp(t, context.Background(), "tiny.yaml", "--out", "run")
	if code != 0 || !strings.Contains(stderr, "11 of 18 trials are there already") {
		t.Errorf("going on: exit %d, %s", code, stderr)
	}
	if after := folder(t, "run"); after["tables/results.txt"] != whole || strings.Contains(after["report.html"], "Unfinished") {
		t.Error("the run that went on is not the run at once")
	}
}

// A run without any records yet has a report that says so.
func TestReportOfNothing(t *testing.T) {
	stopped, stop := context.WithCancel(context.Background())
	stop()
	runexp(t, stopped, "tiny.yaml", "--out", "run", "--quiet")
	code, stdout, stderr := runexp(t, context.Background(), "report", "run")
	if want := "Unfinished: 0 of 18 trials are there. None of N = 16; N = 32; N = 64."; code != 0 || stderr != "" || !strings.Contains(stdout, want) {
		t.Errorf("exit %d, %q, want %q in\n%s", code, stderr, want, stdout)
	}
}

func TestReportRefuses(t *testing.T) {
	runexp(t, context.Background(), "tiny.yaml", "--out", "run", "--quiet")
	for name, c := range map[string]struct {
		args []string
		file string // the file that is spoiled; "" for none
		code int
		says string
	}{
		"no folder":   {[]string{"report"}, "", exitUsage, "report: want one DIR, have 0"},
		"two folders": {[]string{"report", "a", "b"}, "", exitUsage, "report: want one DIR, have 2"},
		"no run":      {[]string{"report", "nowhere"}, "", exitUsage, "nowhere: holds no run (no manifest.json)"},
		"bad record":  {[]string{"report", "run"}, "run/records.jsonl", exitUsage, "records.jsonl:1: not a line that runexp wrote"},
		"bad config":  {[]string{"report", "run"}, "run/config.yaml", exitUsage, "run/config.yaml:1"},
		"no place":    {[]string{"report", "run"}, "run/tables", exitFailed, "tables"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.file != "" {
				was, err := os.ReadFile(c.file)
				if err != nil { // it is a folder, and a file takes its place
					os.Rename(c.file, c.file+".kept")
					defer func() { os.Remove(c.file); os.Rename(c.file+".kept", c.file) }()
				} else {
					defer os.WriteFile(c.file, was, 0o644)
				}
				if err := os.WriteFile(c.file, []byte("x\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			code, _, stderr := runexp(t, context.Background(), c.args...)
			if code != c.code || !strings.Contains(stderr, c.says) {
				t.Errorf("exit %d, want %d; stderr %q, want %q in it", code, c.code, stderr, c.says)
			}
		})
	}
}

// A report that was interrupted before it changed any file of a finished run leaves the
// mark that all is of before; the run's own command takes it back.
func TestInterruptedReportOfAFinishedRun(t *testing.T) {
	bg := context.Background()
	for range 2 {
		if code, _, errs := runexp(t, bg, "tiny.yaml", "--quiet", "--out", "run"); code != 0 {
			t.Fatalf("exit %d, %s", code, errs)
		}
		if _, err := os.Stat("run/" + results.OutdatedFile); err == nil {
			t.Error("the folder is still marked")
		}
		if err := results.WriteText("run/"+results.OutdatedFile, "A report begun then is at work here or was interrupted."); err != nil {
			t.Fatal(err)
		}
	}
}
