package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"spfq/results"
)

// The code that docs/results.md shows opens the files of a run, in which numbers are
// read as numbers. Libraries that are not installed are skipped.
func TestFilesOpenAsDocumented(t *testing.T) {
	text, err := os.ReadFile(docs + "results.md")
	if err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := runexp(t, context.Background(), "tiny.yaml", "--quiet", "--out", "run"); code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	// There are 72 records: 3 widths × 6 trials × 4 variants.
	for library, check := range map[string]string{
		"pandas": `
csv, jsonl = %s, %s
assert len(csv) == len(jsonl) == 72
assert csv.bits.dtype == csv.rel_sq_error.dtype == csv.test_rel_error.dtype == float
assert (csv.bits == float("inf")).sum() == 36
assert set(csv.columns) <= set(jsonl.columns)
assert len(jsonl.per_layer[0]) == 2`,
		"polars": `
csv, jsonl = %s, %s
assert csv.height == jsonl.height == 72
assert csv["bits"].dtype == csv["rel_sq_error"].dtype == polars.Float64
assert (csv["bits"] == float("inf")).sum() == 36`,
		"duckdb": `
csv, jsonl = duckdb.sql("""%s""").fetchall(), duckdb.sql("""%s""").fetchall()
assert len(csv) == len(jsonl) == 72
assert duckdb.sql("SELECT count(*) FROM 'records.csv' WHERE bits = 'inf'::DOUBLE").fetchall() == [(36,)]`,
	} {
		t.Run(library, func(t *testing.T) {
			row := regexp.MustCompile("(?mi)^\\| " + library + " \\| `(.*)` \\| `(.*)` \\|$").FindSubmatch(text)
			if row == nil {
				t.Fatalf("docs/results.md has no line for %s", library)
			}
			python(t, library, fmt.Sprintf(check, row[1], row[2]))
		})
	}
	t.Run("example", func(t *testing.T) {
		code := regexp.MustCompile("(?s)```python\n(.*?)```").FindSubmatch(text)
		if code == nil {
			t.Fatal("docs/results.md has no example")
		}
		lines := strings.Split(strings.TrimSpace(string(code[1])), "\n")
		lines[len(lines)-1] = "mean = " + lines[len(lines)-1]
		python(t, "pandas", strings.Join(lines, "\n")+"\nassert len(mean) == 6 and (mean > 0).all()\nassert mean['spfq'][64] < mean['rtn'][64]")
	})
}

// python runs code in the run's folder, with the library imported, or skips the test
// if the library is not installed.
func python(t *testing.T, library, code string) {
	t.Helper()
	interpreter := "/usr/bin/python3"
	if err := exec.CommandContext(within(t), interpreter, "-c", "import "+library).Run(); err != nil {
		t.Skipf("%s has no %s: %v", interpreter, library, err)
	}
	cmd := exec.CommandContext(within(t), interpreter, "-c", "import "+library+"\n"+code)
	cmd.Dir = filepath.Join(".", "run")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s\n%s", err, code, out)
	}
}

// readRecords reads the records that the folder of a run holds.
func readRecords(dir string) ([]results.Record, error) {
	held, err := results.Read(dir)
	if err != nil {
		return nil, err
	}
	return held.Records, nil
}
