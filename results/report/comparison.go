// comparison.go shows what differs between two runs, in tables and sentences.

package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"spfq/internal/display"
	"spfq/results"
	"spfq/results/compare"
	"spfq/results/stat"
)

// PrintComparison writes a comparison for a console of 120 columns.
func PrintComparison(w io.Writer, c compare.Comparison) error {
	return writeComparison(w, c, func(lines []string) error {
		for _, line := range lines {
			for _, l := range wrap(line, consoleWidth) {
				if _, err := fmt.Fprintln(w, l); err != nil {
					return err
				}
			}
		}
		return nil
	}, table.text)
}

// ComparisonMarkdown writes a comparison as Markdown in the dialect of GitHub.
func ComparisonMarkdown(w io.Writer, c compare.Comparison) error {
	return writeComparison(w, c, func(lines []string) error {
		for _, line := range lines {
			if _, err := fmt.Fprintf(w, "- %s\n", display.Markdown(line)); err != nil {
				return err
			}
		}
		return nil
	}, table.markdown)
}

// writeComparison writes the two sources and the warnings as a list, then the
// tables that are not empty, then a list of what the tables leave out. list and
// write put a list and a table into the format wanted.
func writeComparison(w io.Writer, c compare.Comparison, list func([]string) error, write func(table, io.Writer) error) error {
	lines := []string{"A: " + sourceLine(c.A), "B: " + sourceLine(c.B)}
	for _, warning := range c.Warnings {
		lines = append(lines, "Warning: "+warning+".")
	}
	if err := list(lines); err != nil {
		return err
	}
	for _, t := range []table{verdictsTable(c), changesTable(c)} {
		if len(t.rows) == 0 {
			continue
		}
		if _, err := fmt.Fprintln(w); err != nil {
			return err
		}
		if err := write(t, w); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintln(w); err != nil {
		return err
	}
	return list(comparisonLines(c))
}

// sourceLine describes one side of a comparison in a line.
func sourceLine(s compare.Source) string {
	state := ""
	if !s.Finished {
		state = ", not finished"
	}
	if s.Baseline {
		state += ", blessed on " + s.Processor
	}
	return fmt.Sprintf("%s (%s-%s, seed %d, kernel %s, %s%s)", s.Path, s.Name, s.ConfigHash, s.Seed, s.Kernel, plural(s.Trials, "record"), state)
}

// plural returns a number with its noun, which takes an s unless the number is 1.
func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// verdictsTable has a row for each claim of both runs whose verdict changed.
func verdictsTable(c compare.Comparison) table {
	t := table{name: "verdicts", title: "claims whose verdict changed",
		cols: []col{{name: "statement", wrap: 32}, {name: "verdict", wrap: 16}, {name: "A", show: withEnds}, {name: "B", show: withEnds}, {name: "demanded", wrap: 16}}}
	est := func(c results.Claim) value {
		return estimated(stat.Estimate{Value: float64(c.Estimate), Interval: stat.Interval{Lo: float64(c.Lo), Hi: float64(c.Hi)}})
	}
	for _, x := range c.Claims {
		if !x.Worse() && !x.Better() {
			continue
		}
		demanded := x.B.Demanded
		if x.A.Demanded != demanded {
			demanded += " (A: " + x.A.Demanded + ")"
		}
		t.rows = append(t.rows, []value{words(x.B.Statement), words(x.A.Verdict + " → " + x.B.Verdict), est(x.A), est(x.B), words(demanded)})
	}
	return t
}

// notable returns the changes that changesTable lists one by one: those that are
// significant, and those of metrics that were not reproduced.
func notable(c compare.Comparison) []compare.Change {
	var out []compare.Change
	for _, x := range c.Changes {
		switch x.Outcome {
		case compare.Worse, compare.Moved, compare.Better:
			out = append(out, x)
		default:
			if x.Irreproducible {
				out = append(out, x)
			}
		}
	}
	return out
}

// changesTable has a row for each notable change of a metric in a cell.
func changesTable(c compare.Comparison) table {
	var metrics []string
	for _, x := range c.Changes {
		if !slices.Contains(metrics, x.Metric) {
			metrics = append(metrics, x.Metric)
		}
	}
	names := namesOf(c)

	title := "cells that changed"
	if len(metrics) == 1 {
		title = metrics[0] + ": " + title
	}
	t := table{name: "changes", title: title, cols: []col{{name: "variant"}}}
	for _, s := range names.shown {
		t.cols = append(t.cols, col{name: s.Name})
	}
	if len(metrics) > 1 {
		t.cols = append(t.cols, col{name: "metric"})
	}
	t.cols = append(t.cols, col{name: "A", right: true}, col{name: "B", right: true}, col{name: "change", show: withEnds}, col{name: "p"}, col{name: "trials", wrap: 14}, col{name: "outcome", wrap: 16})
	var sizes []float64 // of the numbers in columns A and B, which share a notation
	for _, x := range notable(c) {
		sizes = append(sizes, math.Abs(float64(x.MeanA)), math.Abs(float64(x.MeanB)))
	}
	mean := notationOf(sizes)
	for _, x := range notable(c) {
		row := []value{words(names.label(&x.Identity))}
		for _, s := range names.shown {
			row = append(row, identityValue(s, &x.Identity))
		}
		if len(metrics) > 1 {
			row = append(row, words(x.Metric))
		}
		how := fmt.Sprintf("%d unpaired", x.Trials)
		if x.Paired {
			how = plural(x.Trials, "pair")
		}
		outcome := x.Outcome
		if x.Irreproducible {
			outcome += fmt.Sprintf(", %d not reproduced", x.Moved)
		}
		if x.Scale == "difference" {
			outcome += " (B − A)"
		}
		t.rows = append(t.rows, append(row, words(mean.number(float64(x.MeanA))), words(mean.number(float64(x.MeanB))),
			estimated(stat.Estimate{Value: float64(x.Value), Interval: stat.Interval{Lo: float64(x.Lo), Hi: float64(x.Hi)}}),
			number(float64(x.P)), words(how), words(outcome)))
	}
	if len(t.rows) > 0 {
		t.notes = append(t.notes, fmt.Sprintf("A, B: means over trials. change: B/A of geometric means, or B − A where said, with its 95%% interval. "+
			"p: of no change, corrected for %s (Holm); changed: p ≤ %g.", plural(len(c.Changes), "comparison"), c.Level))
	}
	if c.Irreproducible() > 0 {
		t.notes = append(t.notes, "not reproduced: trials of the same seed and versions that differ by more than rounding errors, more of them than codes flipped by such errors explain.")
	}
	return t
}

// comparisonLines says in sentences what the tables leave out: how many claims and
// metrics did not change, what could not be compared, and what one side lacks.
func comparisonLines(c compare.Comparison) []string {
	var lines []string
	names := namesOf(c)
	if len(c.Claims) > 0 {
		same := 0
		for _, x := range c.Claims {
			if !x.Worse() && !x.Better() {
				same++
			}
		}
		lines = append(lines, fmt.Sprintf("Claims: %d in both, %d with the same verdict, %d worse, %d better.", len(c.Claims), same, c.ClaimsWorse(), len(c.Claims)-same-c.ClaimsWorse()))
	}
	for _, only := range []struct {
		side   string
		claims []results.Claim
	}{{"A", c.ClaimsOnlyA}, {"B", c.ClaimsOnlyB}} {
		for _, claim := range only.claims {
			lines = append(lines, fmt.Sprintf("Claim only in %s (%s): %s.", only.side, claim.Verdict, claim.Statement))
		}
	}
	pairs := "none paired"
	paired := 0
	for _, x := range c.Changes {
		if x.Paired {
			paired++
		}
	}
	switch {
	case paired == len(c.Changes):
		pairs = "all paired by trial"
	case paired > 0:
		pairs = fmt.Sprintf("%d paired by trial", paired)
	}
	line := fmt.Sprintf("Cells: %d in both", c.Cells)
	if c.Cells > 0 && !c.A.Baseline && !c.B.Baseline {
		line += fmt.Sprintf(", %d of identical records", c.Identical)
	}
	lines = append(lines, line+".")
	if len(c.Changes) > 0 {
		var parts []string
		for _, o := range []struct{ outcome, words string }{
			{compare.Worse, "worse"}, {compare.Moved, "moved"}, {compare.Better, "better"}, {compare.Unmoved, "without a significant change"},
			{compare.Rounded, "equal within rounding"}, {compare.Identical, "equal bit by bit"}, {compare.Few, "of too few trials"}, {compare.Unknown, "not comparable"},
		} {
			if n := c.Count(o.outcome); n > 0 {
				parts = append(parts, fmt.Sprintf("%d %s", n, o.words))
			}
		}
		lines = append(lines, fmt.Sprintf("Comparisons: %d, %s: %s.", len(c.Changes), pairs, strings.Join(parts, ", ")))
	}
	if x, ok := largestUnmoved(c); ok {
		lines = append(lines, fmt.Sprintf("Largest change that is not significant: %s of %s, %s.", x.Metric, names.title(&x.Identity), bracket(float64(x.Value), float64(x.Lo), float64(x.Hi))))
	}
	why := map[string]int{}
	var order []string
	for _, x := range c.Changes {
		if x.Outcome == compare.Unknown || x.Outcome == compare.Few {
			if why[x.Note] == 0 {
				order = append(order, x.Note)
			}
			why[x.Note]++
		}
	}
	for _, note := range order {
		lines = append(lines, fmt.Sprintf("Not compared, %d: %s.", why[note], note))
	}
	if c.Fewer > 0 {
		lines = append(lines, fmt.Sprintf("Trials of A that B lacks in the same cells: %d.", c.Fewer))
	}
	for _, only := range []struct {
		side  string
		cells []results.Identity
	}{{"A", c.CellsOnlyA}, {"B", c.CellsOnlyB}} {
		if len(only.cells) > 0 {
			lines = append(lines, fmt.Sprintf("Cells only in %s, %d: %s.", only.side, len(only.cells), names.list(only.cells)))
		}
	}
	return lines
}

// largestUnmoved returns the largest change that is not significant, if there is
// one: changes of the same outcome come in descending order of their size.
func largestUnmoved(c compare.Comparison) (compare.Change, bool) {
	for _, x := range c.Changes {
		if x.Outcome == compare.Unmoved && !math.IsNaN(float64(x.Value)) {
			return x, true
		}
	}
	return compare.Change{}, false
}

// cellNames names the cells of a comparison by their method and by the columns
// that tell them apart.
type cellNames struct {
	naming
	shown []results.Column // the columns that tell the cells apart
}

// namesOf returns the names of all cells that a comparison shows, on either side.
func namesOf(c compare.Comparison) cellNames {
	ids := slices.Concat(c.CellsOnlyA, c.CellsOnlyB)
	for _, x := range c.Changes {
		ids = append(ids, x.Identity)
	}
	var all Run
	for i := range ids {
		ids[i].Seed = 0 // cells are matched across seeds
		all.Records = append(all.Records, results.Record{Identity: ids[i]})
	}
	shown := make([]*results.Identity, len(ids))
	for i := range ids {
		shown[i] = &ids[i]
	}
	return cellNames{namingOf(all), distinguishingColumns(shown)}
}

// title names a cell within a sentence.
func (n cellNames) title(id *results.Identity) string {
	if len(n.shown) == 0 {
		return n.label(id)
	}
	return n.label(id) + ", " + columnTitles(n.shown, id)
}

// maxNamedCells is the number of cells that a sentence names; it counts the others.
const maxNamedCells = 8

// list names the first cells of a list and counts the others.
func (n cellNames) list(ids []results.Identity) string {
	var parts []string
	for i, id := range ids {
		if i == maxNamedCells {
			parts = append(parts, fmt.Sprintf("and %d more", len(ids)-maxNamedCells))
			break
		}
		parts = append(parts, n.title(&id))
	}
	return strings.Join(parts, "; ")
}

// Regressions returns a line for everything in which B falls behind the baseline
// A: verdicts that got worse, claims and cells that are missing, and metrics that
// changed in either direction, were not reproduced or cannot be compared. If
// strict, it also reports missing trials and metrics with too few trials.
func Regressions(c compare.Comparison, strict bool) []string {
	var out []string
	names := namesOf(c)
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for _, x := range c.Claims {
		if x.Worse() {
			add("verdict %s → %s: %s (%s)", x.A.Verdict, x.B.Verdict, x.B.Statement, ClaimLine(x.B))
		}
	}
	for _, x := range c.ClaimsOnlyA {
		add("claim missing (%s): %s", x.Verdict, x.Statement)
	}
	if len(c.CellsOnlyA) > 0 {
		add("cells missing, %d: %s", len(c.CellsOnlyA), names.list(c.CellsOnlyA))
	}
	for _, x := range c.Changes {
		where := x.Metric + " of " + names.title(&x.Identity)
		switch {
		case x.Outcome == compare.Worse || x.Outcome == compare.Better || x.Outcome == compare.Moved:
			what := "B/A"
			if x.Scale == "difference" {
				what = "B − A"
			}
			add("%s %s: %s = %s, p = %.2g", where, x.Outcome, what, bracket(float64(x.Value), float64(x.Lo), float64(x.Hi)), float64(x.P))
		case x.Irreproducible:
			add("%s not reproduced: %d of %d trials differ by more than rounding, with the same seed and versions", where, x.Moved, x.Trials)
		case x.Outcome == compare.Unknown, strict && x.Outcome == compare.Few:
			add("%s %s: %s", where, x.Outcome, x.Note)
		}
	}
	if strict && c.Fewer > 0 {
		add("%d trials missing of cells that are there", c.Fewer)
	}
	return out
}
