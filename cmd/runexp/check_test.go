// check_test.go changes runs in every way that diff, check and baselines must
// notice.

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"spfq/experiments"
	"spfq/results"
	"spfq/results/compare"
)

// made runs the tiny config into a folder. Its claim has a range so wide that any
// seed supports it, unless args say otherwise.
func made(t *testing.T, dir string, args ...string) {
	t.Helper()
	if code, _, stderr := runexp(t, context.Background(), append([]string{"tiny.yaml", "--quiet", "--out", dir, "--set", "claims.0.exponent=[-9, 9]"}, args...)...); code != 0 && code != 1 && code != 4 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
}

// broken copies a run and edits its records. Records for which edit returns false
// are left out.
func broken(t *testing.T, from, to string, edit func(*results.Record) bool) {
	t.Helper()
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	records, err := readRecords(from)
	if err != nil {
		t.Fatal(err)
	}
	var kept []results.Record
	for _, r := range records {
		if edit(&r) {
			r.RelError, r.TestRelError = results.Num(math.Sqrt(float64(r.RelSqError))), results.Num(math.Sqrt(float64(r.TestRelSqError)))
			kept = append(kept, r)
		}
	}
	var b bytes.Buffer
	if err := results.EncodeLines(&b, kept); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(to, results.RecordsFile), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// cell tells whether a record is of the given method with the infinite alphabet at
// the given width, which is one cell of the tiny config.
func cell(r *results.Record, method string, width int) bool {
	return r.Method == method && r.Width == width && r.K == 0
}

// step is a command with the exit code and the messages that it should have.
type step struct {
	name string
	args string
	code int
	says []string // texts that it must print, to either stream
}

func (s step) run(t *testing.T) (stdout string) {
	t.Helper()
	code, stdout, stderr := runexp(t, context.Background(), strings.Fields(s.args)...)
	if code != s.code {
		t.Errorf("%s: %s: exit %d, want %d:\n%s%s", s.name, s.args, code, s.code, stdout, stderr)
	}
	for _, want := range s.says {
		if !strings.Contains(stdout+stderr, want) {
			t.Errorf("%s: %s does not say %q:\n%s%s", s.name, s.args, want, stdout, stderr)
		}
	}
	return stdout
}

func TestCheck(t *testing.T) {
	made(t, "good")
	made(t, "refuted", "--set", "claims.0.exponent=[2, 3]")
	made(t, "unsure", "--set", "claims.0.exponent=[0, 0.001]")
	made(t, "silent", "--set", "claims=[]")
	broken(t, "good", "failed", func(r *results.Record) bool {
		if cell(r, "spfq", 32) && r.Trial == 2 {
			r.Error = "an error"
		}
		return true
	})
	broken(t, "good", "unfinished", func(r *results.Record) bool { return r.Trial < 5 })
	broken(t, "good", "empty", func(r *results.Record) bool { return false })
	before, err := os.ReadFile("good/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []step{
		{"good", "check good", 0, []string{"supported", "rel_sq_error ∝ width^a"}},
		{"good", "check good --strict", 0, nil},
		{"refuted", "check refuted", 1, []string{"1 of 1 claims refuted"}},
		{"refuted", "check refuted --strict", 1, nil},
		{"inconclusive", "check unsure", 4, []string{"1 of 1 claims inconclusive"}},
		{"inconclusive", "check unsure --strict", 1, []string{"1 of 1 claims inconclusive"}},
		{"failed", "check failed", 3, []string{"1 of 72 records failed"}},
		{"failed", "check failed --strict", 1, []string{"1 of 72 records failed"}},
		{"unfinished", "check unfinished", 0, []string{"3 of 18 trials are missing"}},
		{"unfinished", "check unfinished --strict", 1, []string{"3 of 18 trials are missing"}},
		{"empty", "check empty", 4, []string{"nothing was measured"}},
		{"empty", "check empty --strict", 1, nil},
		{"no claims", "check silent --strict", 0, []string{"tiny has no claims"}},
		{"no folder", "check", 2, []string{"want one DIR"}},
		{"no run", "check nowhere", 2, []string{"nowhere: holds no run"}},
		{"no baseline", "check good --baseline nowhere.json", 2, []string{"nowhere.json"}},
		{"no baseline of it", "check good --baseline tiny.yaml", 2, []string{"tiny.yaml: not a baseline", "line 1"}},
		{"nowhere to write", "check good --junit tiny.yaml/x.xml", 3, []string{"tiny.yaml"}},
	} {
		s.run(t)
	}
	if after, err := os.ReadFile("good/manifest.json"); err != nil || !bytes.Equal(before, after) {
		t.Errorf("check changed the run (%v)", err)
	}
}

func TestBaseline(t *testing.T) {
	made(t, "good")
	made(t, "again", "--workers", "1")
	made(t, "seed", "--set", "seed=77")
	made(t, "refuted", "--set", "claims.0.exponent=[2, 3]")
	made(t, "unclaimed", "--set", "claims=[]")
	made(t, "narrow", "--set", "network.width=[16, 32]")
	copies := map[string]func(*results.Record) bool{
		"moved": func(r *results.Record) bool { r.RelSqError = scaled(r, cell(r, "spfq", 32), 1.05); return true },
		"one": func(r *results.Record) bool {
			r.RelSqError = scaled(r, cell(r, "spfq", 32) && r.Trial == 3, 1.05)
			return true
		},
		"rounded": func(r *results.Record) bool { r.RelSqError = scaled(r, cell(r, "spfq", 32), 1+1e-14); return true },
		"gone":    func(r *results.Record) bool { return !cell(r, "rtn", 64) },
		"nan": func(r *results.Record) bool {
			if cell(r, "rtn", 64) {
				r.MaxV = results.Missing
			}
			return true
		},
		"fewer": func(r *results.Record) bool { return r.Trial != 4 },
		"failed": func(r *results.Record) bool {
			if cell(r, "spfq", 32) && r.Trial == 2 {
				r.Error = "an error"
			}
			return true
		},
	}
	for name, edit := range copies {
		broken(t, "good", name, edit)
	}
	for _, s := range []step{
		{"bless", "baseline good", 0, []string{"baselines/tiny.json"}},
		{"itself", "check good --strict --baseline baselines/tiny.json", 0, []string{"60 equal bit by bit", "blessed on"}},
		{"any workers", "check again --strict --baseline baselines/tiny.json", 0, []string{"60 equal bit by bit"}},
		{"another seed", "check seed --strict --baseline baselines/tiny.json", 0, []string{"seeds differ: 1 and 77", "none paired"}},
		{"rounding", "check rounded --strict --baseline baselines/tiny.json", 0, []string{"1 equal within rounding"}},
		{"a moved mean", "check moved --baseline baselines/tiny.json", 1, []string{"rel_sq_error of spfq, infinite alphabet, N = 32 worse: B/A = 1.05"}},
		{"a moved trial", "check one --baseline baselines/tiny.json", 1, []string{"N = 32 not reproduced: 1 of 6 trials"}},
		{"a flipped verdict", "check refuted --baseline baselines/tiny.json", 1, []string{"verdict supported → refuted"}},
		{"a missing claim", "check unclaimed --baseline baselines/tiny.json", 1, []string{"claim missing (supported)"}},
		{"missing cells", "check narrow --baseline baselines/tiny.json", 1, []string{"cells missing, 4: spfq, 4 bits, N = 64; "}},
		{"a missing cell", "check gone --baseline baselines/tiny.json", 1, []string{"cells missing, 1: rtn, infinite alphabet, N = 64"}},
		{"a lost metric", "check nan --baseline baselines/tiny.json", 1, []string{"max_v of rtn, infinite alphabet, N = 64"}},
		{"fewer trials", "check fewer --baseline baselines/tiny.json", 0, []string{"Trials of A that B lacks in the same cells: 12"}},
		{"fewer trials", "check fewer --strict --baseline baselines/tiny.json", 1, []string{"12 trials missing of cells that are there"}},
		{"a failing run is not blessed", "baseline failed", 2, []string{"failed: 1 of 72 records failed", "a baseline needs a whole run"}},
		{"nor one that is not whole", "baseline fewer", 2, []string{"fewer: 3 of 18 trials are missing", "a baseline needs a whole run"}},
		{"no run", "baseline nowhere", 2, []string{"nowhere: holds no run"}},
		{"no folder", "baseline", 2, []string{"want one DIR"}},
		{"elsewhere", "baseline good --out elsewhere.json", 0, []string{"elsewhere.json"}},
	} {
		s.run(t)
	}
	a, errA := os.ReadFile("baselines/tiny.json")
	b, errB := os.ReadFile("elsewhere.json")
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("the same run gives two baselines (%v, %v)", errA, errB)
	}
	for _, want := range []string{`"processor"`, `"command"`, `"config_hash"`, `"algorithm_version"`, `"kernel"`} {
		if !bytes.Contains(a, []byte(want)) {
			t.Errorf("the baseline has no %s", want)
		}
	}
}

func scaled(r *results.Record, yes bool, factor float64) results.Num {
	if yes {
		return r.RelSqError * results.Num(factor)
	}
	return r.RelSqError
}

// Comparing runs that have nothing in common, or hold nothing, is a usage error and
// not a comparison without changes.
func TestDiffOfNothing(t *testing.T) {
	made(t, "one")
	made(t, "two", "--set", "network.width=[8, 24]", "--set", "claims=[]")
	made(t, "none")
	if err := os.Truncate("none/records.jsonl", 0); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ a, b, says string }{
		{"one", "two", "one and two have no cell and no claim in common: nothing was compared"},
		{"one", "none", "none: no record is there that its config asks for"},
		{"none", "one", "none: no record is there that its config asks for"},
	} {
		if code, _, stderr := runexp(t, context.Background(), "diff", c.a, c.b); code != exitUsage || !strings.Contains(stderr, c.says) {
			t.Errorf("diff %s %s: exit %d, %s, want %d, %s", c.a, c.b, code, stderr, exitUsage, c.says)
		}
	}
}

func TestDiff(t *testing.T) {
	made(t, "good")
	made(t, "again")
	made(t, "seed", "--set", "seed=77")
	made(t, "refuted", "--set", "claims.0.exponent=[2, 3]")
	broken(t, "good", "moved", func(r *results.Record) bool { r.RelSqError = scaled(r, cell(r, "spfq", 32), 1.05); return true })
	broken(t, "good", "unfinished", func(r *results.Record) bool { return r.Trial < 3 && r.Width < 64 })
	manifest, _, err := results.ReadManifest("unfinished")
	manifest.End = nil
	if err == nil {
		err = results.WriteJSON("unfinished/manifest.json", manifest)
	}
	if err == nil {
		err = os.Remove("unfinished/claims.json")
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []step{
		{"the same", "diff good again --strict", 0, []string{"12 in both, 12 of identical records", "12 equal bit by bit"}},
		{"another seed", "diff good seed --strict", 0, []string{"seeds differ", "none paired"}},
		{"moved", "diff good moved", 0, []string{"1.05 [1.05, 1.05]", "worse, 6 not"}},
		{"moved", "diff good moved --strict", 1, []string{"1 cells got significantly worse, 1 were not reproduced"}},
		{"moved for the better", "diff moved good", 0, []string{"better, 6 not"}},
		{"another metric", "diff good moved --strict --metric test_rel_sq_error", 0, []string{"12 equal bit by bit"}},
		{"a flip", "diff good refuted", 1, []string{"supported →", "the verdict of 1 of 1 claims got worse"}},
		{"a flip for the better", "diff refuted good", 0, []string{"refuted →"}},
		{"unfinished", "check unfinished", 0, []string{"12 of 18 trials are missing"}},
		{"unfinished", "diff good unfinished --strict", 0, []string{"unfinished: the run is not finished", "Trials of A that B lacks in the same cells: 24", "Cells only in A, 4: "}},
		{"files", "diff good moved --json d/d.json --markdown d/d.md", 0, nil},
		{"no metric", "diff good again --metric rel_sqerror", 2, []string{`no metric "rel_sqerror"; did you mean "rel_sq_error"?`}},
		{"identity", "diff good again --metric width", 2, []string{`no metric "width"`}},
		{"one run", "diff good", 2, []string{"want two folders of runs, have 1"}},
		{"no run", "diff good nowhere", 2, []string{"nowhere: holds no run"}},
	} {
		s.run(t)
	}
	var c struct { // of d/d.json
		Changes []struct {
			Width   int     `json:"width"`
			Outcome string  `json:"outcome"`
			Change  float64 `json:"change"`
		} `json:"changes"`
		OnlyA []any `json:"cells_only_a"`
	}
	data, err := os.ReadFile("d/d.json")
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	if err != nil || len(c.Changes) != 12 || c.Changes[0].Width != 32 || c.Changes[0].Outcome != "worse" || c.OnlyA == nil {
		t.Errorf("the JSON form: %v, %+v", err, c)
	}
	if page, err := os.ReadFile("d/d.md"); err != nil || !strings.Contains(string(page), "| spfq") {
		t.Errorf("the Markdown form: %v\n%s", err, page)
	}
}

// Runs that differ in nothing but the seed raise no more alarms than the significance
// level of 0.05 allows. The number of alarms in n comparisons is then at most
// binomial, and more than 8 of 40 have the probability 1.3·10⁻⁴. (It is less, since
// the metrics of a cell depend on each other and operations do not vary: 7 alarms in
// 400 comparisons were measured.)
func TestRerunsOfOtherSeeds(t *testing.T) {
	if testing.Short() {
		t.Skip("runs many processes or runs, which the race detector makes slow")
	}
	runexp(t, context.Background(), "--help") // for tiny.yaml
	const n, most = 40, 8
	alarms := 0
	for i := range n {
		var pair [2]compare.Summary
		for j := range pair {
			p, err := experiments.Load("tiny.yaml", []string{"claims=[]", "trials=8", fmt.Sprintf("seed=%d", 2*i+j)})
			if err != nil {
				t.Fatal(err)
			}
			dir := fmt.Sprintf("%d-%d", i, j)
			if _, _, err := p.Execute(context.Background(), experiments.Execution{Dir: dir, Workers: 2}); err != nil {
				t.Fatal(err)
			}
			if pair[j], _, err = readRun(dir, compare.BlessedMetrics); err != nil {
				t.Fatal(err)
			}
		}
		c := compare.Compare(pair[0], pair[1], 0.05)
		if c.Count(compare.Worse)+c.Count(compare.Better)+c.Irreproducible() > 0 {
			alarms++
		}
	}
	t.Logf("%d alarms of %d", alarms, n)
	if alarms > most {
		t.Errorf("%d of %d reruns of other seeds raise an alarm, at a significance level of 0.05", alarms, n)
	}
}

// A run and a check leave the same JUnit file of the claims.
func TestJUnitFiles(t *testing.T) {
	for _, c := range []struct {
		exponent          string
		strict            string
		failures, skipped string
	}{{"[2, 3]", "", "1", "0"}, {"[0, 0.001]", "", "0", "1"}, {"[-9, 9]", "", "0", "0"}, {"[0, 0.001]", "--strict", "1", "0"}} {
		run := []string{"tiny.yaml", "--quiet", "--out", "r" + c.exponent, "--set", "claims.0.exponent=" + c.exponent, "--junit", "run.xml"}
		runexp(t, context.Background(), run...)
		check := []string{"check", "r" + c.exponent, "--junit", "check.xml"}
		if c.strict != "" {
			check = append(check, c.strict)
		}
		runexp(t, context.Background(), check...)
		for _, file := range []string{"run.xml", "check.xml"} {
			var got struct {
				Suites []struct {
					Failures string     `xml:"failures,attr"`
					Skipped  string     `xml:"skipped,attr"`
					Cases    []struct{} `xml:"testcase"`
				} `xml:"testsuite"`
			}
			data, err := os.ReadFile(file)
			if err == nil {
				err = xml.Unmarshal(data, &got)
			}
			if err != nil || len(got.Suites) != 2 {
				t.Fatalf("%s: %v: %s", file, err, data)
			}
			failures, skipped := c.failures, c.skipped
			if c.strict != "" && file == "run.xml" { // a run is never strict
				failures, skipped = "0", "1"
			}
			if s := got.Suites[0]; len(s.Cases) != 1 || s.Failures != failures || s.Skipped != skipped {
				t.Errorf("%s of %s %s: %+v", file, c.exponent, c.strict, s)
			}
		}
	}
}

func TestGitHub(t *testing.T) {
	made(t, "good")
	step{"bless", "baseline good", 0, nil}.run(t)
	t.Setenv("GITHUB_ACTIONS", "true")
	t.Setenv("GITHUB_STEP_SUMMARY", "summary.md")
	os.WriteFile("summary.md", []byte("before\n"), 0o644)

	// In the config the claim is on line 8, which --set leaves where it is.
	_, stdout, stderr := runexp(t, context.Background(), "tiny.yaml", "--quiet", "--out", "refuted", "--set", "claims.0.exponent=[2, 3]")
	if want := "::error file=tiny.yaml,line=8,title=claim 1 is refuted::rel_sq_error ∝ width^a, method = rtn, bits = inf: refuted: a is "; !strings.Contains(stderr, want) || stdout != "refuted\n" {
		t.Errorf("annotations of a refuted claim:\n%s\nwant %s\n%s", stderr, want, stdout)
	}
	for _, s := range []step{
		{"inconclusive", "tiny.yaml --quiet --out unsure --set trials=1", 4, []string{"::warning file=tiny.yaml,line=8,title=claim 1 is inconclusive::"}},
		{"inconclusive", "check unsure --strict", 1, []string{"::error file=unsure/config.yaml,line=", "title=claim 1 is inconclusive::"}},
		{"regressed", "check refuted --baseline baselines/tiny.json", 1, []string{"::error file=refuted/config.yaml,title=not as in baselines/tiny.json::verdict supported → refuted: "}},
	} {
		s.run(t)
	}
	if _, _, stderr := runexp(t, context.Background(), "check", "good"); strings.Contains(stderr, "::") {
		t.Errorf("annotations of a good run: %s", stderr)
	}
	page, err := os.ReadFile("summary.md")
	if err != nil || !strings.HasPrefix(string(page), "before\n### tiny\n") || strings.Count(string(page), "### tiny") != 5 || !strings.Contains(string(page), "supported → refuted") {
		t.Errorf("the summary (%v):\n%s", err, page)
	}
	t.Setenv("GITHUB_STEP_SUMMARY", "tiny.yaml/summary.md")
	step{"nowhere to write", "check good", 3, []string{"GITHUB_STEP_SUMMARY"}}.run(t)
	t.Setenv("GITHUB_STEP_SUMMARY", "")
	t.Setenv("GITHUB_ACTIONS", "")
	if _, _, stderr := runexp(t, context.Background(), "check", "refuted"); strings.Contains(stderr, "::") {
		t.Errorf("annotations where there is no GitHub: %s", stderr)
	}
}

// Text that would end a workflow command or start another is escaped.
func TestEscape(t *testing.T) {
	if got := escapeData("100%\r\n::error::x"); got != "100%25%0D%0A::error::x" {
		t.Errorf("data %q", got)
	}
	if got := escapeProperty("C:\\a,b%\n"); got != "C%3A\\a%2Cb%25%0A" {
		t.Errorf("property %q", got)
	}
}
