// printed_test.go holds that all is written before anything of it is printed.

package main

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

// hook is a buffer that calls do at the first write.
type hook struct {
	bytes.Buffer
	do func()
}

func (h *hook) Write(b []byte) (int, error) {
	if do := h.do; do != nil {
		h.do = nil
		do()
	}
	return h.Buffer.Write(b)
}

// WriteString takes the place of the buffer's, which would not call do.
func (h *hook) WriteString(s string) (int, error) { return h.Write([]byte(s)) }

// Whoever reads the first line that a run or a report prints, and then no more,
// leaves a folder in which all is of now: the page, the claims, the manifest.
func TestWrittenBeforePrinted(t *testing.T) {
	runexp(t, context.Background(), "--help")
	for _, args := range [][]string{
		{"tiny.yaml", "--out", "run"},
		{"tiny.yaml", "--out", "run", "--set", "claims.0.exponent=[3, 4]"},
		{"report", "run"},
		{"tiny.yaml", "--out", "run"},
	} {
		printed := false
		stdout := &hook{do: func() {
			printed = true
			m, ok, err := results.ReadManifest("run")
			if err != nil || !ok || m.End == nil {
				t.Errorf("%v: the manifest is %+v, %v, %v", args, m, ok, err)
			}
			if _, err := os.Stat(filepath.Join("run", results.OutdatedFile)); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%v: marked as outdated: %v", args, err)
			}
			claims, err := results.ReadClaims("run")
			page, err2 := os.ReadFile("run/report.html")
			if err := errors.Join(err, err2); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(page), `class="verdict `+claims[0].Verdict) && !strings.Contains(string(page), claims[0].Verdict) {
				t.Errorf("%v: claims.json says %s and the page does not", args, claims[0].Verdict)
			}
		}}
		var stderr bytes.Buffer
		if code := execute(context.Background(), args, stdout, &stderr); code != 0 && code != exitRefuted {
			t.Errorf("%v: exit %d: %s", args, code, &stderr)
		}
		if !printed {
			t.Errorf("%v printed nothing", args)
		}
	}
}

// The files that flags name are written before anything is printed, too.
func TestFilesOfFlagsBeforePrinted(t *testing.T) {
	if code, _, errs := runexp(t, context.Background(), "tiny.yaml", "--quiet", "--out", "run"); code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	for _, args := range [][]string{
		{"check", "run", "--junit", "check.xml"},
		{"diff", "run", "run", "--json", "diff.json"},
		{"diff", "run", "run", "--markdown", "diff.md"},
	} {
		file := args[len(args)-1]
		stdout := &hook{do: func() {
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%v: when it prints, %v", args, err)
			}
		}}
		var stderr bytes.Buffer
		if code := execute(context.Background(), args, stdout, &stderr); code != 0 || stdout.do != nil {
			t.Errorf("%v: exit %d, printed %q: %s", args, code, stdout, &stderr)
		}
	}
}
