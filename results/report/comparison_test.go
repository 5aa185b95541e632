// comparison_test.go compares two synthetic runs that differ in everything that a
// comparison reports, and reads JUnit XML back.

package report

import (
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"spfq/results"
	"spfq/results/compare"
)

// twoRuns returns a run and a later one. In the later one, with the infinite
// alphabet, the error of spfq at N = 64 is larger by 5%; that of gpfq is smaller by
// 3% at N = 64, moved within rounding errors at N = 128, and missing in one trial at
// N = 256; that of rtn at N = 64 is larger by 1% in two trials. rtn at N = 256 is
// missing, and at N = 512 new. Three verdicts changed, and a claim is missing.
func twoRuns() (a, b compare.Summary) {
	s := sweep{methods: []string{"spfq/exact", "gpfq/order-1", "rtn/none"}, widths: []int{64, 128, 256}, bits: []float64{4, math.Inf(1)}, layers: 2, trials: 6}
	end := time.Unix(0, 0)
	manifest := results.Manifest{Name: "sweep", ConfigHash: "00c0ffee", Seed: 20230918, Versions: results.Versions{Algorithm: 1, Streams: 1}, Kernel: "avx2", Processor: "a processor", End: &end}
	old := withClaims(synthetic(s))
	now := withClaims(synthetic(s))
	old.Claims = append(old.Claims, results.Claim{Kind: "ratio", Statement: "only the first says so", Verdict: results.Supported})
	now.Claims[0].Verdict, now.Claims[1].Verdict, now.Claims[2].Verdict = results.Inconclusive, results.Supported, results.Refuted
	now.Claims[0].Lo, now.Claims[0].Demanded = -1.3, "between −1.2 and −0.8"

	r := rand.New(rand.NewPCG(7, 7))
	now.Records = slices.DeleteFunc(now.Records, func(r results.Record) bool { return r.Method == "rtn" && r.Width == 256 })
	for trial := range s.trials {
		now.Records = append(now.Records, s.record(r, "rtn/none", 512, 4, trial))
	}
	for i := range now.Records {
		rec := &now.Records[i]
		if !math.IsInf(float64(rec.Bits), 1) {
			continue
		}
		switch {
		case rec.Method == "spfq" && rec.Width == 64:
			rec.RelSqError *= results.Num(1.05 * math.Exp(0.01*r.NormFloat64()))
		case rec.Method == "gpfq" && rec.Width == 64:
			rec.RelSqError *= results.Num(0.97 * math.Exp(0.005*r.NormFloat64()))
		case rec.Method == "gpfq" && rec.Width == 128:
			rec.RelSqError *= 1 + 1e-12
		case rec.Method == "gpfq" && rec.Width == 256 && rec.Trial == 3:
			rec.RelSqError = results.Missing
		case rec.Method == "rtn" && rec.Width == 64 && rec.Trial < 2:
			rec.RelSqError *= 1.01
		}
	}
	a = compare.Summarize("results/runs/before", manifest, old.Records, old.Claims, []string{"rel_sq_error"})
	manifest.Kernel = "generic"
	b = compare.Summarize("results/runs/after", manifest, now.Records, now.Claims, []string{"rel_sq_error"})
	return a, b
}

// golden compares got with a golden file, which -update rewrites.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s differs from what is written (%v); run with -update and read the change.\n%s", path, err, got)
	}
}

func TestComparisonGolden(t *testing.T) {
	a, b := twoRuns()
	for name, write := range map[string]func(io.Writer, compare.Comparison) error{"comparison.txt": PrintComparison, "comparison.md": ComparisonMarkdown} {
		var out bytes.Buffer
		if err := write(&out, compare.Compare(a, b, 0.05)); err != nil {
			t.Fatal(err)
		}
		golden(t, name, out.Bytes())
		if name != "comparison.txt" {
			continue
		}
		for line := range strings.Lines(out.String()) {
			if n := len([]rune(strings.TrimSpace(line))); n > consoleWidth {
				t.Errorf("%d columns, more than %d: %s", n, consoleWidth, line)
			}
		}
	}
}

func TestRegressions(t *testing.T) {
	a, b := twoRuns()
	golden(t, "regressions.txt", []byte(strings.Join(Regressions(compare.Compare(a, b, 0.001), true), "\n")+"\n"))
	if got := Regressions(compare.Compare(a, a, 0.001), true); len(got) != 0 {
		t.Errorf("of a run behind itself: %q", got)
	}
	// A missing trial is a regression only if strict.
	b.Cells, b.Claims = slices.Clone(a.Cells), a.Claims
	c := &b.Cells[0]
	c.Trials, c.Metrics = c.Trials[:5], slices.Clone(c.Metrics)
	c.Metrics[0].Values = c.Metrics[0].Values[:5]
	if lax, strict := Regressions(compare.Compare(a, b, 0.001), false), Regressions(compare.Compare(a, b, 0.001), true); len(lax) != 0 || len(strict) != 1 {
		t.Errorf("a missing trial: %q, strict %q", lax, strict)
	}
}

// read has the counts that a CI system reads in JUnit XML.
type read struct {
	Tests, Failures, Errors, Skipped int
}

// readSuites has the elements and attributes that a CI system reads in JUnit XML.
type readSuites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Skipped  int      `xml:"skipped,attr"`
	Suites   []struct {
		Name      string `xml:"name,attr"`
		Tests     int    `xml:"tests,attr"`
		Failures  int    `xml:"failures,attr"`
		Errors    int    `xml:"errors,attr"`
		Skipped   int    `xml:"skipped,attr"`
		Timestamp string `xml:"timestamp,attr"`
		Cases     []struct {
			Class   string      `xml:"classname,attr"`
			Name    string      `xml:"name,attr"`
			Time    string      `xml:"time,attr"`
			Failure *readResult `xml:"failure"`
			Error   *readResult `xml:"error"`
			Skipped *readResult `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

type readResult struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit XML is read back: every claim is a case with a name of its own, the counts
// are those of the cases, and characters that XML forbids are replaced.
func TestJUnit(t *testing.T) {
	claims := withClaims(synthetic(smallSweep)).Claims
	manifest := results.Manifest{Name: `a "run" <&>`, Host: "host", Start: time.Date(2024, 2, 3, 4, 5, 6, 7, time.FixedZone("", 3600))}
	for _, strict := range []bool{false, true} {
		suites := []Suite{ClaimsSuite(manifest, claims, strict), {Name: "more", Cases: []Case{
			{Class: "c", Name: "good"}, {Class: "c", Name: "broken", Error: "a \x00 in it", Text: "two\nlines]]>"}}}}
		var b bytes.Buffer
		if err := JUnit(&b, suites); err != nil {
			t.Fatal(err)
		}
		var got readSuites
		dec := xml.NewDecoder(&b)
		if err := dec.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if _, err := dec.Token(); err != nil && err != io.EOF {
			t.Errorf("after the end: %v", err)
		}
		want := read{Tests: 6, Failures: 1, Errors: 1, Skipped: 2}
		if strict {
			want = read{Tests: 6, Failures: 3, Errors: 1}
		}
		if all := (read{got.Tests, got.Failures, got.Errors, got.Skipped}); all != want {
			t.Errorf("strict %v: counts %+v, want %+v", strict, all, want)
		}
		var sum read
		seen := map[string]bool{}
		for _, s := range got.Suites {
			var have read
			for _, c := range s.Cases {
				have.Tests++
				if c.Failure != nil {
					have.Failures++
				}
				if c.Error != nil {
					have.Errors++
				}
				if c.Skipped != nil {
					have.Skipped++
				}
				if c.Class == "" || c.Name == "" || c.Time == "" || seen[c.Class+c.Name] {
					t.Errorf("a case without class, name or time, or twice: %+v", c)
				}
				seen[c.Class+c.Name] = true
			}
			if said := (read{s.Tests, s.Failures, s.Errors, s.Skipped}); said != have {
				t.Errorf("suite %s says %+v and has %+v", s.Name, said, have)
			}
			sum.Tests += have.Tests
		}
		claimsSuite := got.Suites[0]
		if claimsSuite.Name != manifest.Name || len(claimsSuite.Cases) != len(claims) || claimsSuite.Timestamp != "2024-02-03T03:05:06" {
			t.Errorf("the suite of claims: %+v", claimsSuite)
		}
		if f := claimsSuite.Cases[1].Failure; f == nil || f.Message != "refuted: ratio of errors is 2.010 [1.970, 2.050] (95%), demanded at most 0.5" || !strings.Contains(f.Text, "the ratio is that of T7") {
			t.Errorf("a refuted claim: %+v", f)
		}
		if e := got.Suites[1].Cases[1].Error; e == nil || e.Message != `a \x00 in it` || e.Text != "two\nlines]]>" {
			t.Errorf("odd characters: %+v", e)
		}
	}
}
