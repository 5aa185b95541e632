// html_test.go reads report.html without a browser.

package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"html/template"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"spfq/results"
)

// unfinishedRun is smallRun with failures, missing trials, and everything that a
// page says about how a run was made.
func unfinishedRun() Run {
	run := smallRun()
	run.About = "Does the page show <b>all</b> there is?"
	run.Records[9].Error = `no "convergence" <script>alert(1)</script>`
	for i := range run.Records {
		if r := &run.Records[i]; r.Method == "rtn" && r.Width == 64 {
			r.TestRelSqError = results.Missing
		}
	}
	for i, width := range smallSweep.widths {
		c := results.Coverage{Identity: results.Identity{Setting: results.Setting{Width: width}}, Planned: 3, Done: 3 - i}
		run.Coverage = append(run.Coverage, c)
	}
	end, modified := time.Date(2024, 5, 6, 7, 9, 10, 0, time.UTC), true
	run.Command = "runexp small.yaml --set 'about=<b>'"
	run.Config = "name: small\nabout: Does the page show <b>all</b> there is?\n"
	run.Manifest = results.Manifest{
		ConfigHash: "0123abcd", Seed: 20230918, Versions: results.Versions{Algorithm: 1, Streams: 2}, Version: "v1.2.3", Revision: "abcdef", Modified: &modified,
		Go: "go1.26", Platform: "linux/amd64", Host: "host", Processor: "processor", Cores: 2, Kernel: "avx2", Workers: 2,
		Start: end.Add(-90 * time.Second), End: &end, Dependencies: map[string]string{"b.org/module": "v2", "a.org/module": "v1"},
	}
	run.Earlier = []results.Manifest{{Host: "other host", Revision: "fedcba", Start: end.Add(-time.Hour)}}
	return run
}

// pageOf returns the page that Write makes of a run.
func pageOf(t *testing.T, run Run) []byte {
	t.Helper()
	dir := t.TempDir()
	if _, err := Write(dir, run); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(dir, PageFile))
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// The golden page has … in place of the style and the script, which are files of
// this package.
func TestPageGolden(t *testing.T) {
	page := pageOf(t, unfinishedRun())
	for _, own := range []string{pageCSS, pageJS} {
		if bytes.Count(page, []byte(own)) != 1 {
			t.Error("the page does not hold its style and its script as they are")
		}
		page = bytes.Replace(page, []byte(own), []byte("…"), 1)
	}
	path := filepath.Join("testdata", PageFile)
	if *update {
		if err := os.WriteFile(path, page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(page, want) {
		t.Errorf("%s differs from what is written; run with -update and read the change", path)
	}
}

// The page of an unfinished run says everything about it, and that of a complete run
// mentions no failures and no missing trials.
func TestPageSaysAll(t *testing.T) {
	page := string(pageOf(t, unfinishedRun()))
	for _, want := range []string{
		"Does the page show &lt;b&gt;all&lt;/b&gt; there is?",
		"1 supported", "1 refuted", "2 inconclusive",
		"Unfinished: 6 of 9 trials are there. Some of N = 128 (2 of 3); N = 256 (1 of 3).",
		"2 of 72 records failed",
		"no &#34;convergence&#34; &lt;script&gt;alert(1)&lt;/script&gt;",
		"runexp small.yaml --set &#39;about=&lt;b&gt;&#39;",
		"avx2", "abcdef, modified", "a.org/module", "2024-05-06 07:07:40 UTC to 2024-05-06 07:09:10 UTC (1m30s)", "other host",
		"the ratio is that of T7",
		"figure error_vs_bits: fewer than two finite alphabets",
		`href="tables/results.csv"`, `href="figures/error_vs_width.pdf"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	whole := string(pageOf(t, fullRun()))
	for _, no := range []string{"Unfinished", "failed;", `id="failures"`, `id="missing"`} {
		if strings.Contains(whole, no) {
			t.Errorf("the page of a whole run says %q", no)
		}
	}
}

// No text of a run becomes markup, in whichever place of the page it stands.
func TestPageEscapes(t *testing.T) {
	run := unfinishedRun()
	evil := `x"'><script>alert(1)</script><img src=x onerror=alert(1)>` + "`</style></title>--><!--"
	run.Name, run.About, run.Command, run.Config = evil, evil, evil, evil
	run.Manifest.Host, run.Manifest.Dependencies = evil, map[string]string{evil: evil}
	for i := range run.Records {
		r := &run.Records[i]
		r.Method, r.Activation, r.Error = evil+r.Method, evil+fmt.Sprint(r.Trial), map[bool]string{true: evil}[i == 7]
	}
	for i := range run.Claims {
		c := &run.Claims[i]
		c.Statement, c.Quantity, c.Demanded, c.Verdict, c.Theorem, c.Metric, c.Notes = evil, evil, evil, evil, evil, evil, []string{evil}
	}
	run.Coverage[0].Weights = evil
	page := string(pageOf(t, run))
	if n := strings.Count(page, "<script>"); n != 1 {
		t.Errorf("%d scripts, want ours alone", n)
	}
	if n := strings.Count(page, "</style>"); n != 1 {
		t.Errorf("%d ends of a style, want one", n)
	}
	if strings.Contains(page, "<img") || !strings.Contains(page, "&lt;img src=x onerror=alert(1)&gt;") {
		t.Error("an image of a name is in the page, or the name is not")
	}
}

// The page of a large run stays small enough for a browser to show it at once.
func TestPageIsBounded(t *testing.T) {
	run := fullRun()
	if page := pageOf(t, run); len(page) > 1<<20 {
		t.Errorf("the page of 120 cells has %d bytes, want less than 1 MiB", len(page))
	}
	t1 := table{name: "many", cols: []col{{name: "a"}}}
	for i := range maxRows + 7 {
		t1.rows = append(t1.rows, []value{number(float64(i))})
	}
	if v := t1.view(); len(v.Rows) != maxRows || v.Omitted != 7 {
		t.Errorf("%d rows and %d omitted, want %d and 7", len(v.Rows), v.Omitted, maxRows)
	}
}

// Runs without records, and with numbers that are missing, infinite or equal, have a
// page with well-formed figures.
func TestPageOfDegenerateRuns(t *testing.T) {
	nan := results.Missing
	inf := results.Num(math.Inf(1))
	odd := unfinishedRun()
	odd.Claims = []results.Claim{
		{Verdict: results.Inconclusive, Estimate: nan, Lo: nan, Hi: nan, DemandLo: nan, DemandHi: nan, Constant: nan},
		{Verdict: results.Refuted, Estimate: 1, Lo: -inf, Hi: inf, DemandLo: -inf, DemandHi: inf, Constant: nan},
		{Verdict: results.Refuted, Estimate: inf, Lo: 1, Hi: inf, DemandLo: 1, DemandHi: 1, Constant: nan},
		{Verdict: results.Refuted, Estimate: 1, Lo: 1, Hi: 1, DemandLo: 1, DemandHi: 1, Constant: nan},
	}
	single := smallSweep
	single.trials = 1
	for name, run := range map[string]Run{"empty": {}, "odd": odd, "full": fullRun(), "one": {Records: synthetic(single).Records[:1]}} {
		if page := pageOf(t, run); !bytes.Contains(page, []byte("</html>")) {
			t.Errorf("%s: the page does not end", name)
		}
		var svgs []template.HTML
		figures, _ := figures(run, namingOf(run))
		for _, f := range figures {
			v := f.view(run)
			svgs = append(svgs, v.Panels...)
			for _, l := range v.Legend {
				svgs = append(svgs, l.Sample)
			}
		}
		for _, c := range run.Claims {
			svgs = append(svgs, claimSVG(c))
		}
		for _, svg := range svgs {
			for d := xml.NewDecoder(strings.NewReader(string(svg))); ; {
				if _, err := d.Token(); err == io.EOF {
					break
				} else if err != nil {
					t.Errorf("%s: %v in %.300s", name, err, svg)
					break
				}
			}
			if strings.Contains(string(svg), "NaN") || strings.Contains(string(svg), "Inf") {
				t.Errorf("%s: a coordinate that is no number in %.300s", name, svg)
			}
		}
	}
}

func TestLabelMarkup(t *testing.T) {
	for label, want := range map[string]struct{ html, svg, plain string }{
		"plain":         {"plain", "plain", "plain"},
		"a<b_{F}^{2} c": {"a&lt;b<sub>F</sub><sup>2</sup> c", `a&lt;b<tspan class="script" dy="0.3em">F</tspan><tspan class="script" dy="-0.8em">2</tspan><tspan dy="0.38em"> c</tspan>`, "a<bF2 c"},
		"10^{−4}":       {"10<sup>−4</sup>", `10<tspan class="script" dy="-0.5em">−4</tspan>`, "10−4"},
		"a_b^c}_{":      {"a_b^c}_{", "a_b^c}_{", "a_b^c}_{"},
	} {
		if got := string(htmlLabel(label)); got != want.html {
			t.Errorf("%q as HTML is %q, want %q", label, got, want.html)
		}
		if got := svgLabel(label); got != want.svg {
			t.Errorf("%q as SVG is %q, want %q", label, got, want.svg)
		}
		if got := plainLabel(label); got != want.plain {
			t.Errorf("%q as text is %q, want %q", label, got, want.plain)
		}
	}
}

// No label gives any markup other than subscripts and superscripts, and none loses
// text.
func FuzzLabelMarkup(f *testing.F) {
	for _, label := range []string{"", "Φ\u0303_{F}^{2}", "<b>_{<i>}", "_{", "^{}", "a_{b", "}_}^{&}"} {
		f.Add(label)
	}
	tags := regexp.MustCompile(`</?(sub|sup)>|<tspan( class="script")? dy="[-.0-9]+em">|</tspan>`)
	f.Fuzz(func(t *testing.T, label string) {
		want := template.HTMLEscapeString(plainLabel(label))
		for _, markup := range []string{string(htmlLabel(label)), svgLabel(label)} {
			if got := tags.ReplaceAllString(markup, ""); got != want {
				t.Errorf("%q becomes %q, whose text is %q and not %q", label, markup, got, want)
			}
		}
	})
}

// Every colour of a curve has a class in the style sheet.
func TestInks(t *testing.T) {
	for c, name := range inks {
		if !strings.Contains(pageCSS, ".ink-"+name+" { color: var(--"+name+"); }") {
			t.Errorf("the style sheet has no class of %s (%v)", name, c)
		}
	}
	run := fullRun()
	for name, f := range figuresByName(t, run) {
		for _, p := range f.panels {
			for _, c := range p.curves {
				if inks[c.look.color] == "" {
					t.Errorf("%s: the colour of %q has no name", name, c.label)
				}
			}
		}
	}
}

// The table of values below a figure has a row for each of its points.
func TestFigureValues(t *testing.T) {
	run := fullRun()
	f := figuresByName(t, run)["error_vs_width"]
	values := f.values(run)
	points := 0
	for _, p := range f.panels {
		for _, c := range p.curves {
			points += len(c.points)
		}
	}
	if points == 0 || len(values.rows) != points {
		t.Errorf("%d values of %d points", len(values.rows), points)
	}
	first := f.panels[0].curves[0].points[0]
	row := values.rows[0]
	if row[0].text != "3 bits" || row[2].est.Value != 64 || row[3].est.Value != first.y || row[3].est.Interval.Lo != first.lo || row[4].est.Value != 16 {
		t.Errorf("the first row is %v, want the point %v", row, first)
	}
}
