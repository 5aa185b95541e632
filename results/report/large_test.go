// large_test.go makes reports of runs with thousands of cells.

package report

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"spfq/results"
)

// manyCells is a run of n cells with one trial each, in which several columns vary.
func manyCells(n int) Run {
	run := Run{Name: "many", Records: make([]results.Record, n)}
	for i := range run.Records {
		width := 1 << (i % 4)
		r := &run.Records[i]
		r.Identity = results.Identity{
			Variant: results.Variant{
				Method: "spfq", Align: "exact", Feedback: true, Rounding: "stochastic", Order: "natural",
				Step: results.Given(i/4%50) + 1, C: results.Unset, Quantile: results.Unset, Bits: results.Num(i/200%2) + 3, Levels: "signed", K: i/200%2*4 + 3,
			},
			Setting: results.Setting{
				Width: width, Widths: fmt.Sprintf("%d-%d", width, width), Layers: 1, Weights: "gaussian", Activation: "relu", Source: "gaussian",
				Noise: results.Unset, Samples: i/400 + 1, TestSamples: 1,
			},
			Draw: results.Draw{Seed: 1},
		}
		r.RelSqError, r.TestRelSqError, r.BitsPerWeight, r.WeightCount = 1/results.Num(width), 0.5, r.Bits, 1
		r.PerLayer = []results.Layer{{Layer: 1, QuantError: 0.25, AlignResidual: 0.5}}
	}
	return run
}

// allocated returns the bytes that f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// The memory that a report allocates grows in proportion to the number of cells.
func TestReportsGrowLinearly(t *testing.T) {
	if testing.Short() {
		t.Skip("makes reports of 16 000 cells")
	}
	const n = 8000 // more than maxRows, so that the printed forms grow no further
	bytes := func(n int) uint64 {
		run, dir := manyCells(n), t.TempDir()
		return allocated(func() {
			if err := Print(io.Discard, run); err != nil {
				t.Error(err)
			}
			if _, err := Write(dir, run); err != nil {
				t.Error(err)
			}
		})
	}
	bytes(400) // allocate what is made only once, such as fonts
	small, large := bytes(n), bytes(4*n)
	t.Logf("%d cells: %d MB; %d: %d MB", n, small>>20, 4*n, large>>20)
	if large > 5*small {
		t.Errorf("%d cells take %d bytes, four times as many %d: more than five times", n, small, large)
	}
	if perCell := (large - small) / (3 * n); perCell > 12<<10 {
		t.Errorf("a further cell takes %d bytes, more than 12 KiB", perCell)
	}
}

// Of a long table, the printed forms have the first rows and say how many are left
// out, and the CSV form has all rows.
func TestTablesAreCapped(t *testing.T) {
	run, dir := manyCells(maxRows+407), t.TempDir()
	out, err := Write(dir, run)
	if err != nil {
		t.Fatal(err)
	}
	lines := func(name string) []string {
		b, err := os.ReadFile(filepath.Join(dir, "tables", name))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(string(b)), "\n")
	}
	seen := map[string]bool{}
	for _, line := range lines("results.csv")[1:] {
		seen[line] = true
	}
	if len(seen) != len(run.Records) {
		t.Errorf("the CSV form has %d different rows, want %d", len(seen), len(run.Records))
	}
	for _, form := range []string{"results.txt", "results.md", "results.tex"} {
		if text := strings.Join(lines(form), " "); !strings.Contains(text, "407 more rows are in results.csv.") {
			t.Errorf("%s does not say what it leaves out", form)
		}
	}
	if n := len(lines("results.txt")); n < maxRows || n > maxRows+20 {
		t.Errorf("results.txt has %d lines, want %d and a few", n, maxRows)
	}
	if skipped := strings.Join(out.Skipped, "\n"); !strings.Contains(skipped, "panels are more than can be read") {
		t.Errorf("no figure was refused: %s", skipped)
	}
}

// Cells differ in at least one column other than the trial, and come in the order of
// compareCells.
func TestGroupAsComparisonsDo(t *testing.T) {
	run := fullRun()
	cells := recordCells(run.Records)
	trials := map[string]int{}
	for i := range run.Records {
		trials[identityText(&run.Records[i].Identity, identityColumns)]++
	}
	if len(trials) != len(cells) {
		t.Fatalf("%d cells, want %d", len(cells), len(trials))
	}
	for i, c := range cells {
		if n := trials[identityText(c.id, identityColumns)]; n != len(c.trials)+c.failed {
			t.Errorf("cell %d has %d trials, want %d", i, len(c.trials)+c.failed, n)
		}
		if i > 0 && compareCells(cells[i-1].id, c.id) >= 0 {
			t.Errorf("cells %d and %d are out of order", i-1, i)
		}
	}
}

// identityText is the text of an identity's values in some columns.
func identityText(id *results.Identity, cols []results.Column) string {
	texts := make([]string, len(cols))
	for i, c := range cols {
		texts[i] = c.Text(id)
	}
	return strings.Join(texts, "\x00")
}

// A run of more methods than can be told apart has tables and a page, in memory that
// grows with their number, and no figures; as many as can be have figures.
func TestManyMethods(t *testing.T) {
	one := manyCells(1).Records[0]
	write := func(methods int) (out Output, bytes uint64) {
		run, dir := Run{Name: "many"}, t.TempDir()
		for i := range methods {
			for _, width := range []int{8, 16} {
				r := one
				r.Align, r.Width, r.Widths, r.Layers = fmt.Sprintf("order-%d", i+1), width, fmt.Sprintf("%d-%d", width, width), 2
				r.PerLayer = []results.Layer{{Layer: 1, QuantError: 0.25, AlignResidual: 0.5}, {Layer: 2, QuantError: 0.25, AlignResidual: 0.5}}
				run.Records = append(run.Records, r)
			}
		}
		var err error
		bytes = allocated(func() { out, err = Write(dir, run) })
		if err != nil {
			t.Fatal(err)
		}
		return out, bytes
	}
	figures := func(out Output) int {
		return len(slices.DeleteFunc(slices.Clone(out.Files), func(path string) bool { return filepath.Base(filepath.Dir(path)) != "figures" }))
	}
	out, _ := write(maxLabels)
	if figures(out) == 0 {
		t.Errorf("%d methods have no figures: %q", maxLabels, out.Skipped)
	}
	out, bytes := write(2500)
	if want := "figures: 2500 methods are more than can be told apart; 60 is the limit"; figures(out) != 0 || !slices.Contains(out.Skipped, want) {
		t.Errorf("2500 methods have %d figures, skipped %q, want %q", figures(out), out.Skipped, want)
	}
	if bytes > 2<<30 { // a legend of 2500 lines would take 35 GB in all
		t.Errorf("2500 methods take %d MB", bytes>>20)
	}
}

// A record of a trial far from the others does not have room made for all trials in
// between, at every point.
func TestDistantTrial(t *testing.T) {
	run := synthetic(smallSweep)
	run.Records[0].Trial = 1 << 40
	n := namingOf(run)
	bytes := allocated(func() {
		all, _ := figures(run, n)
		if len(all) == 0 {
			t.Error("no figures")
		}
		tables(run, n)
	})
	if bytes > 1<<30 {
		t.Errorf("the report takes %d MB", bytes>>20)
	}
}
