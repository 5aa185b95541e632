// report_test.go writes whole reports and looks at the files.

package report

import (
	"bytes"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"spfq/results"
	"spfq/results/stat"
)

// estimateOf is an estimate x with an interval of a given half-width.
func estimateOf(x, half float64) stat.Estimate {
	return stat.Estimate{Value: x, Interval: stat.Interval{Lo: x - half, Hi: x + half}}
}

// files reads all files below a folder.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Write makes exactly the files that it reports. Made again with the records in
// another order, every file has the same bytes.
func TestWriteIsReproducible(t *testing.T) {
	run := smallRun()
	first, second := t.TempDir(), t.TempDir()
	out, err := Write(first, run)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(run.Records)
	slices.Reverse(run.Searches)
	if _, err := Write(second, run); err != nil {
		t.Fatal(err)
	}
	a, b := files(t, first), files(t, second)
	if len(a) != len(out.Files)+1 || a[results.OutputsFile] == nil { // the list of what was written
		t.Errorf("%d files were written and %d reported", len(a), len(out.Files))
	}
	for _, path := range out.Files {
		name, _ := filepath.Rel(first, path)
		name = filepath.ToSlash(name)
		if !bytes.Equal(a[name], b[name]) {
			t.Errorf("%s differs between two calls", name)
		}
		if len(a[name]) == 0 {
			t.Errorf("%s is empty", name)
		}
	}
	for _, table := range []string{"results", "exponents", "layers", "bits", "claims"} {
		for _, ext := range []string{".txt", ".md", ".csv", ".tex"} {
			if _, ok := a["tables/"+table+ext]; !ok {
				t.Errorf("no table %s%s", table, ext)
			}
		}
	}
	for _, figure := range []string{"error_vs_width", "bits_vs_width", "bound_vs_width", "layer_error"} {
		for _, ext := range []string{".svg", ".png", ".pdf"} {
			if _, ok := a["figures/"+figure+ext]; !ok {
				t.Errorf("no figure %s%s", figure, ext)
			}
		}
	}
	if len(out.Skipped) != 1 || !strings.Contains(out.Skipped[0], "error_vs_bits: fewer than two finite alphabets") {
		t.Errorf("skipped %q, want error_vs_bits alone", out.Skipped)
	}
}

func TestWriteReportsErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := Write(file, smallRun()) // a file is no folder
	if err == nil || len(out.Files) != 0 {
		t.Errorf("files %v, error %v; want no file and an error", out.Files, err)
	}
	if err := Print(brokenWriter{}, smallRun()); !errors.Is(err, errBroken) {
		t.Errorf("Print returned %v, want the writer's error", err)
	}
}

var errBroken = errors.New("broken pipe")

// A brokenWriter fails at every write.
type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

// Runs with records that are missing, failed or of unusual values have a report, and
// it says what is missing.
func TestDegenerateRuns(t *testing.T) {
	change := func(f func(*results.Record)) Run {
		run := withSearches(synthetic(smallSweep), smallSweep)
		for i := range run.Records {
			f(&run.Records[i])
		}
		return withClaims(run)
	}
	single := smallSweep
	single.trials = 1
	for name, c := range map[string]struct {
		run     Run
		skipped string // in what is skipped
		printed string // in the tables
	}{
		"empty": {Run{}, "table results: the run has no records", "–"},
		"failures only": {change(func(r *results.Record) {
			*r = results.Record{Identity: r.Identity, Error: "out of memory"}
		}), "figure error_vs_width: no value can be shown", "54 of 54 trials failed"},
		"zero":         {change(func(r *results.Record) { r.RelSqError = 0 }), "figure error_vs_width: no value", "0 ± 0"},
		"NaN":          {change(func(r *results.Record) { r.RelSqError = results.Missing }), "figure error_vs_width: no value", missing},
		"some NaN":     {change(func(r *results.Record) { r.RelSqError *= results.Num(math.Sqrt(float64(r.Width - 65))) }), "left out 6 points", missing},
		"infinite":     {change(func(r *results.Record) { r.RelSqError = results.Num(math.Inf(1)) }), "figure error_vs_width: no value", "inf"},
		"single trial": {withClaims(withSearches(synthetic(single), single)), "figure error_vs_bits: fewer", "rel_sq_error"},
		"huge interval": {change(func(r *results.Record) {
			r.RelSqError *= results.Num(math.Pow(10, float64(-9*r.Trial)))
		}), "figure error_vs_bits: fewer", "rel_sq_error"},
		"one record": {Run{Records: synthetic(single).Records[:1]}, "neither the width nor", "spfq"},
		"no layers":  {change(func(r *results.Record) { r.PerLayer = nil }), "no record tells of two layers", "spfq"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			out, err := Write(dir, c.run)
			if err != nil {
				t.Fatal(err)
			}
			if skipped := strings.Join(out.Skipped, "\n"); !strings.Contains(skipped, c.skipped) {
				t.Errorf("skipped does not say %q:\n%s", c.skipped, skipped)
			}
			var b bytes.Buffer
			if err := Print(&b, c.run); err != nil {
				t.Fatal(err)
			}
			if name != "empty" && !strings.Contains(b.String(), c.printed) {
				t.Errorf("the printed tables do not say %q:\n%s", c.printed, b.String())
			}
		})
	}
}
