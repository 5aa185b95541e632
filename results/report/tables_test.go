// tables_test.go compares tables with golden files and with numbers computed from
// the records.

package report

import (
	"bytes"
	"encoding/csv"
	"flag"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"spfq/results"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// smallSweep is small enough to be read as a golden file.
var smallSweep = sweep{
	methods: []string{"spfq/exact", "spfq/order-1", "rtn/none"},
	widths:  []int{64, 128, 256},
	bits:    []float64{4, math.Inf(1)},
	layers:  2,
	trials:  3,
}

// smallRun has a failed trial, and a name that every format has to escape.
func smallRun() Run {
	run := withClaims(withSearches(synthetic(smallSweep), smallSweep))
	run.Name = "50% of a|b & c_d #1 $x {y} ~z ^w <v> \\u"
	r := &run.Records[4]
	*r = results.Record{Identity: r.Identity, Error: "no convergence"}
	return run
}

func TestTablesGolden(t *testing.T) {
	run := smallRun()
	for _, tab := range tables(run, namingOf(run)) {
		for _, f := range forms {
			var b bytes.Buffer
			if err := f.write(tab, &b); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", tab.name+f.ext)
			if *update {
				if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(b.Bytes(), want) {
				t.Errorf("%s differs from what is written; run with -update and read the change.\n%s", path, b.Bytes())
			}
		}
	}
}

// readCSV returns the rows of a table's CSV form, each as a map from column name to
// text.
func readCSV(t *testing.T, tab table) []map[string]string {
	t.Helper()
	var b bytes.Buffer
	if err := tab.csv(&b); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, head := range lines[0] {
			if _, twice := row[head]; twice {
				t.Fatalf("%s.csv has two columns %q", tab.name, head)
			}
			row[head] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// studentT975 is the 97.5% quantile of Student's t at n - 1 degrees of freedom,
// from printed tables.
var studentT975 = map[int]float64{2: 12.7062, 3: 4.30265, 16: 2.13145}

// wantMean checks a mean and its interval in a CSV row against those of the samples,
// computed here. The tolerance of the ends is 10⁻⁵ times the half-width, since the
// printed t quantiles have 6 digits; that of the mean allows for rounding errors.
func wantMean(t *testing.T, row map[string]string, name string, samples []float64) {
	t.Helper()
	n := float64(len(samples))
	sum, squares := 0.0, 0.0
	for _, x := range samples {
		sum += x
	}
	for _, x := range samples {
		squares += (x - sum/n) * (x - sum/n)
	}
	half := studentT975[len(samples)] * math.Sqrt(squares/(n-1)/n)
	for suffix, want := range map[string]float64{"": sum / n, "_lo": sum/n - half, "_hi": sum/n + half} {
		got, err := strconv.ParseFloat(row[name+suffix], 64)
		if err != nil {
			t.Errorf("%s%s of %s, width %s: %v", name, suffix, row["variant"], row["width"], err)
			continue
		}
		if math.Abs(got-want) > 1e-14*math.Abs(sum/n)+1e-5*half {
			t.Errorf("%s%s of %s, bits %s, width %s is %v, want %v", name, suffix, row["variant"], row["bits"], row["width"], got, want)
		}
	}
}

func TestResultsLiterally(t *testing.T) {
	run := smallRun()
	rows := readCSV(t, resultsTable(run, namingOf(run), recordCells(run.Records)))
	if len(rows) != 3*3*2 {
		t.Fatalf("%d rows, want one for each of 3 variants, 3 widths and 2 alphabets", len(rows))
	}
	for _, row := range rows {
		var errors, roots, most, test, share []float64
		failed := 0
		for _, r := range run.Records {
			if r.Method != row["method"] || r.Align != row["align"] || strconv.Itoa(r.Width) != row["width"] || r.Bits.String() != row["bits"] {
				continue
			}
			if r.Error != "" {
				failed++
				continue
			}
			errors = append(errors, float64(r.RelSqError))
			roots = append(roots, float64(r.RelError))
			most = append(most, float64(r.MaxError))
			test = append(test, float64(r.TestRelSqError))
			share = append(share, float64(r.Saturated)/float64(r.WeightCount))
			if row["bits_per_weight"] != r.BitsPerWeight.String() {
				t.Errorf("bits_per_weight %s, want %v", row["bits_per_weight"], r.BitsPerWeight)
			}
		}
		if row["trials"] != strconv.Itoa(len(errors)) || row["failed"] != strconv.Itoa(failed) || len(errors)+failed != 3 {
			t.Errorf("%s of %s trials and %s failed, want %d and %d", row["variant"], row["trials"], row["failed"], len(errors), failed)
		}
		wantMean(t, row, "rel_sq_error", errors)
		wantMean(t, row, "rel_error", roots)
		wantMean(t, row, "max_error", most)
		wantMean(t, row, "test_rel_sq_error", test)
		wantMean(t, row, "saturated_share", share)
	}
}

// A count that was not made leaves its cell without a value, as a number does; it is not
// a zero among the trials.
func TestMissingCountsInTables(t *testing.T) {
	run := smallRun()
	for i := range run.Records {
		r := &run.Records[i]
		r.Saturated = results.NoCount
		for l := range r.PerLayer {
			r.PerLayer[l].Saturated, r.PerLayer[l].Dead = results.NoCount, results.NoCount
		}
	}
	for i := range run.Searches {
		run.Searches[i].NeededK = results.NoCount
	}
	n, cells := namingOf(run), recordCells(run.Records)
	for _, c := range []struct {
		table   table
		columns []string
	}{
		{resultsTable(run, n, cells), []string{"saturated_share"}},
		{layersTable(run, n, layerCells(cells)), []string{"layer_saturated", "layer_dead"}},
		{bitsTable(run, n), []string{"needed_K"}},
	} {
		for _, row := range readCSV(t, c.table) {
			for _, name := range c.columns {
				if text, ok := row[name]; !ok || text != "" {
					t.Errorf("table %s: %s is %q, want an empty cell", c.table.name, name, text)
				}
			}
		}
	}
}

func TestLayersLiterally(t *testing.T) {
	run := smallRun()
	rows := readCSV(t, layersTable(run, namingOf(run), layerCells(recordCells(run.Records))))
	if len(rows) != 3*3*2*2 {
		t.Fatalf("%d rows, want one a layer and cell", len(rows))
	}
	for _, row := range rows {
		samples := map[string][]float64{}
		for _, r := range run.Records {
			if r.Method != row["method"] || r.Align != row["align"] || strconv.Itoa(r.Width) != row["width"] || r.Bits.String() != row["bits"] {
				continue
			}
			for _, l := range r.PerLayer {
				if strconv.Itoa(l.Layer) != row["layer"] {
					continue
				}
				for name, x := range map[string]float64{
					"align_residual": float64(l.AlignResidual), "quant_error": float64(l.QuantError), "layer_max_v": float64(l.MaxV),
					"layer_saturated": float64(l.Saturated), "layer_dead": float64(l.Dead), "kappa": float64(l.Kappa), "max_aligned": float64(l.MaxAligned),
				} {
					samples[name] = append(samples[name], x)
				}
			}
		}
		for name, xs := range samples {
			wantMean(t, row, name, xs)
		}
	}
}

func TestBitsLiterally(t *testing.T) {
	run := smallRun()
	rows := readCSV(t, bitsTable(run, namingOf(run)))
	if len(rows) != 2*3 {
		t.Fatalf("%d rows, want one for each of 2 variants and 3 widths", len(rows))
	}
	for _, row := range rows {
		var levels, needed, first, free []float64
		for _, s := range run.Searches {
			if s.Method == row["method"] && strconv.Itoa(s.Width) == row["width"] {
				levels = append(levels, float64(s.NeededK))
				needed = append(needed, float64(s.NeededBits))
				first = append(first, float64(s.FirstBits))
				free = append(free, float64(s.FreeBits))
			}
		}
		wantMean(t, row, "needed_K", levels)
		wantMean(t, row, "needed_bits", needed)
		wantMean(t, row, "first_free_bits", first)
		wantMean(t, row, "free_bits", free)
		width, _ := strconv.ParseFloat(row["width"], 64)
		if want := results.Num(0.5 * math.Log2(math.Log(width))).String(); row["half_log2_ln_N"] != want {
			t.Errorf("half_log2_ln_N %s, want %s", row["half_log2_ln_N"], want)
		}
	}
}

// Exponents are means over trials of least-squares slopes, computed here.
func TestExponentsLiterally(t *testing.T) {
	run := synthetic(smallSweep)
	for _, row := range readCSV(t, exponentsTable(run, namingOf(run), recordCells(run.Records))) {
		var slopes, constants []float64
		for trial := range smallSweep.trials {
			var n, sx, sy, sxx, sxy float64
			for _, r := range run.Records {
				label := r.Method
				if r.Method == "spfq" {
					label += ", " + r.Align
				}
				if label != row["variant"] || r.Bits.String() != row["bits"] || r.Trial != trial {
					continue
				}
				x, y := math.Log(float64(r.Width)), math.Log(float64(r.RelSqError))
				n, sx, sy, sxx, sxy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y
			}
			slope := (n*sxy - sx*sy) / (n*sxx - sx*sx)
			slopes = append(slopes, slope)
			constants = append(constants, (sy-slope*sx)/n)
		}
		wantMean(t, row, "exponent", slopes)
		constant, _ := strconv.ParseFloat(row["constant"], 64)
		if want := math.Exp((constants[0] + constants[1] + constants[2]) / 3); math.Abs(constant/want-1) > 1e-12 {
			t.Errorf("constant %v, want %v", constant, want)
		}
	}
}

func TestClaimsInFull(t *testing.T) {
	run := smallRun()
	rows := readCSV(t, claimsTable(run))
	for i, c := range run.Claims {
		for name, want := range map[string]string{
			"#": strconv.Itoa(i + 1), "statement": c.Statement, "quantity": c.Quantity, "demanded": c.Demanded, "verdict": c.Verdict,
			"estimate": c.Estimate.String(), "estimate_lo": c.Lo.String(), "estimate_hi": c.Hi.String(), "theorem": c.Theorem,
			"demand_lo": c.DemandLo.String(), "demand_hi": c.DemandHi.String(), "trials": strconv.Itoa(c.Trials), "constant": c.Constant.String(),
			"notes": strings.Join(c.Notes, "; "),
		} {
			if rows[i][name] != want {
				t.Errorf("claim %d: %s is %q, want %q", i+1, name, rows[i][name], want)
			}
		}
	}
}

// The CSV form has every identity column but the trial.
func TestNothingHidden(t *testing.T) {
	run := smallRun()
	n := namingOf(run)
	for _, tab := range []table{resultsTable(run, n, recordCells(run.Records)), layersTable(run, n, layerCells(recordCells(run.Records))), bitsTable(run, n)} {
		row := readCSV(t, tab)[0]
		for _, c := range results.Columns(&results.Identity{}) {
			if _, ok := row[c.Name]; !ok && c.Name != "trial" {
				t.Errorf("%s.csv has no column %s", tab.name, c.Name)
			}
		}
	}
	notes := strings.Join(resultsTable(run, n, recordCells(run.Records)).notes, "\n")
	for _, want := range []string{
		"spfq, order-1 (alignment order-1, feedback, stochastic rounding, natural order)",
		"samples 32", "seed 20230918", "activation relu",
		"Determined by the columns shown: step, C, quantile, levels, K, widths.",
		"1 of 54 trials failed",
	} {
		if !strings.Contains(notes, want) {
			t.Errorf("the notes of the results do not say %q:\n%s", want, notes)
		}
	}
}

// nasty has the characters that some form of a table has to escape.
const nasty = "a|b & 50% c_d #1 $x {y} ~z ^w <v> \\u `k` *s* [l] ‖W̃‖² ≤ ½ λ⁻² “q” – 漢"

func TestMarkdownEscapes(t *testing.T) {
	tab := table{title: nasty, notes: []string{nasty}, cols: []col{{name: nasty}, {name: "n"}}, rows: [][]value{{words(nasty), number(1)}}}
	var b bytes.Buffer
	if err := tab.markdown(&b); err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(b.String(), "\n") {
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|:") {
			continue
		}
		// As a reader of Markdown does, split the line at bars without a backslash and
		// drop the backslashes.
		var fields []string
		field := ""
		for i := 1; i < len(line); i++ {
			switch {
			case line[i] == '\\':
				i++
				field += line[i : i+1]
			case line[i] == '|':
				fields = append(fields, strings.TrimSpace(field))
				field = ""
			default:
				field += line[i : i+1]
			}
		}
		if len(fields) != 2 || fields[0] != nasty {
			t.Errorf("reads back as %d fields, the first %q; want 2, the first %q", len(fields), fields[0], nasty)
		}
	}
}

func TestLaTeXEscapes(t *testing.T) {
	for s, want := range map[string]string{
		"a_b & 50% #1 $x {y}": `a\_b \& 50\% \#1 \$x \{y\}`,
		`\ ~ ^ < > |`:         `\textbackslash{} \textasciitilde{} \textasciicircum{} $<$ $>$ $|$`,
		"‖W̃‖²":               `$\|\tilde{W}\|{}^2$`,
		"‖Φ(X) − Φ̃(X)‖":      `$\|\Phi$(X) $-$ $\tilde{\Phi}$(X)$\|$`,
		"½ log2 ln N":         `$\frac12$ log2 ln N`,
		"café":                "café",
		"漢\x01":               "{[}U+6F22]{[}U+0001]",
		"[2pt] *":             `{[}2pt] {*}`,
		"$‖$":                 `\$$\|$\$`,
	} {
		if got := escapeLaTeX(s); got != want {
			t.Errorf("%q is escaped as %s, want %s", s, got, want)
		}
	}
	for s, want := range map[string]string{
		"(1.55 ± 0.03)e-2":    `$(1.55 \pm 0.03)\cdot 10^{-2}$`,
		"-0.98 [-1.02, -inf]": `$-0.98 [-1.02, -\infty]$`,
		missing:               "--",
	} {
		if got := latexNumber(s); got != want {
			t.Errorf("%q is set as %s, want %s", s, got, want)
		}
	}
}

// In the LaTeX form braces and dollars are balanced, and every row has an entry for
// every column.
func TestLaTeXIsWellFormed(t *testing.T) {
	run := smallRun()
	run.Claims[0].Statement = nasty
	for _, tab := range tables(run, namingOf(run)) {
		var b bytes.Buffer
		if err := tab.latex(&b); err != nil {
			t.Fatal(err)
		}
		s := strings.NewReplacer(`\\`, "", `\{`, "", `\}`, "", `\$`, "", `\&`, "", `\%`, "").Replace(b.String())
		depth := 0
		for _, r := range s {
			switch r {
			case '{':
				depth++
			case '}':
				depth--
			}
			if depth < 0 || r > 0x17f {
				t.Fatalf("%s: unbalanced brace or letter %q", tab.name, r)
			}
		}
		if depth != 0 || strings.Count(s, "$")%2 != 0 || strings.Contains(s, "%") {
			t.Errorf("%s: braces end at depth %d, %d dollars", tab.name, depth, strings.Count(s, "$"))
		}
		cols, _ := tab.printed()
		for _, line := range strings.Split(s, "\n") {
			if strings.Contains(line, " & ") && strings.Count(line, " & ") != len(cols)-1 {
				t.Errorf("%s: %d columns, want %d: %s", tab.name, strings.Count(line, " & ")+1, len(cols), line)
			}
		}
	}
}

// A table longer than a page is continued in further floats, and no row is lost.
func TestLongLaTeX(t *testing.T) {
	tab := table{name: "long", title: "long", cols: []col{{name: "k"}}}
	for k := range 2*rowsPerFloat + 1 {
		tab.rows = append(tab.rows, []value{number(float64(k))})
	}
	var b bytes.Buffer
	if err := tab.latex(&b); err != nil {
		t.Fatal(err)
	}
	s := b.String()
	if strings.Count(s, `\begin{table}`) != 3 || strings.Count(s, "(continued)") != 2 || strings.Count(s, `\label`) != 1 {
		t.Errorf("want three floats, two of them continued, and one label:\n%s", s)
	}
	for k := range tab.rows {
		if !strings.Contains(s, "\n$"+strconv.Itoa(k)+"$ ") {
			t.Errorf("row %d is lost", k)
		}
	}
}

// The table of claims fits a console of 120 columns. The results of the full sweep
// may take up to 135.
func TestPrintWidth(t *testing.T) {
	var b bytes.Buffer
	if err := Print(&b, fullRun()); err != nil {
		t.Fatal(err)
	}
	_, claims, _ := strings.Cut(b.String(), "gaussian_sweep: claims")
	if claims == "" {
		t.Fatal("no claims were printed")
	}
	for _, line := range strings.Split(claims, "\n") {
		if n := len([]rune(line)); n > consoleWidth {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	for _, line := range strings.Split(b.String(), "\n") {
		if n := len([]rune(line)); n > 135 {
			t.Errorf("%d columns: %s", n, line)
		}
		if strings.HasSuffix(line, " ") {
			t.Errorf("trailing space: %q", line)
		}
	}
}

func TestNotation(t *testing.T) {
	plain, powers := notation{}, notation{scientific: true}
	for _, c := range []struct{ got, want string }{
		{plain.number(0.0155), "0.0155"},
		{plain.number(12.375), "12.4"},
		{plain.number(2048), "2048"},
		{plain.number(math.NaN()), missing},
		{plain.number(math.Inf(1)), "inf"},
		{powers.number(0.0155), "1.55e-2"},
		{powers.number(9.999e-4), "1.00e-3"},
		{powers.number(0), "0"},
		{plain.plusMinus(estimateOf(4.687, 0.031)), "4.69 ± 0.03"},
		{plain.plusMinus(estimateOf(-0.0006, 0.0208)), "-0.001 ± 0.021"},
		{powers.plusMinus(estimateOf(1.553e-2, 3.1e-4)), "(1.55 ± 0.03)e-2"},
		{plain.plusMinus(estimateOf(3, 0)), "3.00 ± 0.00"},
		{plain.plusMinus(estimateOf(3, math.NaN())), "3"},
		{bracket(-0.983, -1.021, -0.945), "-0.983 [-1.021, -0.945]"},
		{bracket(0, 0, 2.1e-4), "(0.0 [0.0, 2.1])e-4"},
		{bracket(0.5, math.Inf(-1), math.Inf(1)), "0.500 [-inf, inf]"},
		{bracket(math.NaN(), math.NaN(), math.NaN()), missing},
		{decimal(-0.001, 2), "0.00"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		s    string
		n    int
		want string
	}{
		{"one two three", 7, "one two/three"},
		{"‖X̃‖ two", 4, "‖X̃‖/two"},
		{"unbreakable", 4, "unbreakable"},
		{"a\nb c", 0, "a/b c"},
		{"", 5, ""},
	} {
		if got := strings.Join(wrap(c.s, c.n), "/"); got != c.want {
			t.Errorf("wrap(%q, %d) = %q, want %q", c.s, c.n, got, c.want)
		}
	}
}

// No text in a table, its title or its notes is obeyed by a terminal or a CI system
// that shows the table as text, or makes more than text of its other forms.
func TestHostileTable(t *testing.T) {
	const evil = "\x1b[31m\n::error::x\n##[error]y\u202e\n=1+1 <b>"
	tab := table{title: evil, notes: []string{evil}, cols: []col{{name: "statement"}, {name: "other", wrap: 5}}, rows: [][]value{{words(evil), words(evil)}, {words("=1"), words("'")}}}
	for form, want := range map[string]string{
		".txt": "\\x3a:error::x", ".md": `\\x1b\[31m ::error::x \#\#\[error\]y\\u202e =1+1 \<b\>`,
		".csv": "'=1,''\n",
	} {
		var b bytes.Buffer
		for _, f := range forms {
			if f.ext == form {
				if err := f.write(tab, &b); err != nil {
					t.Fatal(err)
				}
			}
		}
		out := b.String()
		if !strings.Contains(out, want) || strings.ContainsAny(out, "\x1b\u202e") || regexp.MustCompile(`(?m)^\s*::`).MatchString(out) || strings.Contains(out, "##[") && form != ".csv" {
			t.Errorf("%s:\n%s\nwant %q in it", form, out, want)
		}
	}
}
