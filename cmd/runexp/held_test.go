package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
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

// A run and a report hold the folder's lock until all is written: while one prints
// its tables and is about to write them, no other process can work in the folder.
// Another report prints what is there and writes nothing.
func TestHeldToTheEnd(t *testing.T) {
	runexp(t, context.Background(), "--help")
	for _, args := range [][]string{{"tiny.yaml", "--out", "run"}, {"report", "run"}} {
		var inner []string
		stdout := &hook{do: func() {
			for _, other := range [][]string{{"tiny.yaml", "--out", "run", "--rerun", "all"}, {"report", "run"}} {
				var out, errs bytes.Buffer
				code := execute(context.Background(), other, &out, &errs)
				inner = append(inner, fmt.Sprintf("%d %s%s", code, out.String(), errs.String()))
			}
		}}
		var stderr bytes.Buffer
		if code := execute(context.Background(), args, stdout, &stderr); code != 0 {
			t.Errorf("%v: exit %d: %s", args, code, &stderr)
		}
		if len(inner) != 2 {
			t.Fatalf("%v printed nothing", args)
		}
		for i, text := range inner {
			ran := strings.HasPrefix(text, "2 runexp: run: another process works in this folder")
			looked := strings.HasPrefix(text, "0 tiny: errors, means over trials") && strings.HasSuffix(text, "these are the tables of what it holds now; no file is written, as the run writes them when it ends\n")
			if i == 0 && !ran || i == 1 && !looked {
				t.Errorf("meanwhile, beside %v: %s", args, text)
			}
		}
	}
}

// A file that another process is just writing is not removed as stale.
func TestStaleFilesAreWhole(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"old.txt", "new.txt", ".new.txt.123.part"} {
		if err := results.WriteFile(filepath.Join(dir, "tables", name), func(io.Writer) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if err := removeStale(dir, []string{filepath.Join(dir, "tables", "new.txt")}); err != nil {
		t.Fatal(err)
	}
	entries, _ := os.ReadDir(filepath.Join(dir, "tables"))
	if len(entries) != 2 {
		t.Errorf("%v are left, want new.txt and what is about to be", entries)
	}
}
