package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const tinyConfig = `name: tiny
trials: 6
network: {layers: 2, width: [16, 32, 64]}
data: {samples: 4, test_samples: 3}
alphabet: {step: 0.25, bits: [4, inf]}
methods: [{name: spfq}, {name: rtn}]
claims:
  - {kind: power_law, metric: rel_sq_error, over: width, where: {method: rtn, bits: inf}, exponent: [-0.5, 0.5]}
`

// runexp runs the command in the working folder if that holds tiny.yaml, and
// otherwise in a new one that holds only the config, as tiny.yaml.
func runexp(t *testing.T, ctx context.Context, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	if _, err := os.Stat("tiny.yaml"); err != nil {
		t.Chdir(t.TempDir())
		if err := os.WriteFile("tiny.yaml", []byte(tinyConfig), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var out, errs bytes.Buffer
	code = execute(ctx, args, &out, &errs)
	return code, out.String(), errs.String()
}

func TestExitCodes(t *testing.T) {
	done := context.Background()
	stopped, stop := context.WithCancel(done)
	stop()
	wide := "claims.0.exponent=[-9, 9]"
	for _, c := range []struct {
		name string
		ctx  context.Context
		args []string
		code int
		says string // in stderr
	}{
		{"supported", done, []string{"tiny.yaml", "--quiet"}, 0, ""},
		{"refuted", done, []string{"tiny.yaml", "--quiet", "--set", "claims.0.exponent=[2, 3]"}, 1, "1 of 1 claims refuted"},
		{"inconclusive", done, []string{"tiny.yaml", "--quiet", "--set", "claims.0.exponent=[0, 0.001]"}, 4, "1 of 1 claims inconclusive"},
		{"one trial is inconclusive", done, []string{"tiny.yaml", "--quiet", "--out", "one", "--set", "trials=1"}, 4, "1 of 1 claims inconclusive"},
		{"no claims", done, []string{"tiny.yaml", "--quiet", "--set", "claims=[]"}, 0, ""},
		{"what was measured would be dropped", done, []string{"tiny.yaml", "--quiet", "--set", "trials=1"}, 2, "results/runs/tiny: holds 60 records that its own config asks for and this one does not, of 72"},
		{"failed", done, []string{"tiny.yaml", "--quiet", "--out", "failed", "--set", "claims=[]", "--set", "alphabet={step: [data, 0.25], C: 5e-324, bits: 31}"}, 3, "36 of 72 records failed"},
		{"all failed", done, []string{"tiny.yaml", "--quiet", "--out", "failed", "--set", "claims=[]", "--set", "alphabet={step: data, C: 5e-324, bits: 31}"}, 3, "layer 1: step from data"},
		{"interrupted", stopped, []string{"tiny.yaml", "--quiet", "--set", wide, "--out", "stopped"}, 130, "0 of 18 trials are done"},
		{"interrupted while all is run again", stopped, []string{"tiny.yaml", "--quiet", "--set", wide, "--rerun", "all"}, 130,
			"0 of 18 trials were run again and are kept in results/runs/tiny, beside the earlier records of the others; to run what is missing: runexp tiny.yaml --quiet --set 'claims.0.exponent=[-9, 9]'; to run all again, from the first: runexp tiny.yaml --quiet --set 'claims.0.exponent=[-9, 9]' --rerun all"},
		{"no config", done, nil, 2, "want one CONFIG"},
		{"an empty config", done, []string{""}, 2, "argument 1 is empty"},
		{"an empty folder", done, []string{"diff", "a", ""}, 2, "argument 2 is empty"},
		{"two configs", done, []string{"a.yaml", "b.yaml"}, 2, "want one CONFIG"},
		{"no such file", done, []string{"missing.yaml"}, 2, "missing.yaml: cannot be read"},
		{"no such flag", done, []string{"tiny.yaml", "--wrokers", "2"}, 2, "--wrokers"},
		{"workers", done, []string{"tiny.yaml", "--workers", "0"}, 2, "--workers 0: want 1"},
		{"bad value", done, []string{"tiny.yaml", "--set", "trials=0"}, 2, "--set trials=0: trials:"},
		{"folder of something else", done, []string{"tiny.yaml", "--out", "."}, 2, "holds files, but no run"},
		{"rerun what", done, []string{"tiny.yaml", "--rerun", "some"}, 2, "--rerun some: want none, failed or all"},
		{"fail fast", done, []string{"tiny.yaml", "--quiet", "--fail-fast", "--out", "fast", "--set", "claims=[]", "--set", "alphabet={step: data, C: 5e-324, bits: 31}"}, 3, "stopped at the first failure"},
		{"cannot be written", done, []string{"tiny.yaml", "--quiet", "--out", "/dev/null/run"}, 2, "/dev/null/run: not a directory: want a folder"},
		{"plan", done, []string{"plan", "tiny.yaml"}, 0, ""},
		{"plan of nothing", done, []string{"plan"}, 2, "plan: want one CONFIG, have 0"},
		{"plan in a folder of something else", done, []string{"plan", "tiny.yaml", "--out", "."}, 2, "holds files, but no run"},
		{"plan too large", done, []string{"plan", "tiny.yaml", "--out", "large", "--set", "network.width=[16, 1048576]", "--set", "data.samples=1048576"}, 2, "does not fit into memory"},
		{"run too large", done, []string{"tiny.yaml", "--set", "network.width=[16, 1048576]", "--set", "data.samples=1048576", "--out", "big"}, 2, "does not fit into memory"},
		{"sweep", done, []string{"tiny.yaml", "--quiet", "--out", "swept", "--set", "sweep.exclude=[{method: spfq, width: 64}]"}, 0, ""},
		{"dump from a sweep", done, []string{"dump", "tiny.yaml", "--set", "sweep.exclude=[{width: 64}]", "--method", "rtn", "--set", "network.width=16", "--set", "alphabet.bits=inf", "--out", "d2"}, 0, ""},
		{"dump without method", done, []string{"dump", "tiny.yaml", "--out", "d"}, 2, "--method NAME is missing"},
		{"dump without folder", done, []string{"dump", "tiny.yaml", "--method", "spfq"}, 2, "--out DIR is missing"},
		{"dump of many", done, []string{"dump", "tiny.yaml", "--method", "spfq", "--out", "d"}, 2, "choose one with --set"},
		{"dump of no method", done, []string{"dump", "tiny.yaml", "--method", "x", "--set", "network.width=16", "--out", "d"}, 2, "want one of the config's, spfq, rtn"},
		{"dump of no trial", done, []string{"dump", "tiny.yaml", "--method", "rtn", "--trial", "6", "--set", "network.width=16", "--out", "d"}, 2, "--trial 6: want 0 to 5"},
		{"dump", done, []string{"dump", "tiny.yaml", "--method", "rtn", "--trial", "5", "--set", "network.width=16", "--set", "alphabet.bits=inf", "--out", "d"}, 0, ""},
		{"help", done, []string{"--help"}, 0, ""},
	} {
		code, stdout, stderr := runexp(t, c.ctx, c.args...)
		if code != c.code || !strings.Contains(stderr, c.says) {
			t.Errorf("%s: exit %d, want %d; stderr %q, want %q in it\nstdout %s", c.name, code, c.code, stderr, c.says, stdout)
		}
		if c.says == "" && stderr != "" {
			t.Errorf("%s: stderr %q, want nothing", c.name, stderr)
		}
	}
}

// Ten mistakes give ten messages with lines, exit 2, and no folder.
func TestTenMistakes(t *testing.T) {
	code, _, _ := runexp(t, context.Background(), "--help")
	bad := `name: "bad name"
sede: 1
trials: many
network: {layers: 0, width: 8, activation: rleu}
data: {samples: 010}
alphabet: {step: -1, bits: [1]}
methods: [{name: spqf}]
claims: [{kind: power_low}]
`
	if err := os.WriteFile("bad.yaml", []byte(bad), 0o644); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := runexp(t, context.Background(), "bad.yaml")
	lines := regexp.MustCompile(`(?m)^bad\.yaml:\d+:\d+: \S+: .+$`).FindAllString(stderr, -1)
	if code != 2 || len(lines) != 10 || stdout != "" || !strings.Contains(stderr, "10 mistakes; nothing was run") {
		t.Errorf("exit %d, %d messages, want 2 and 10:\n%s", code, len(lines), stderr)
	}
	if _, err := os.Stat("results"); !os.IsNotExist(err) {
		t.Error("a folder was made")
	}
}

// A run leaves everything that the documentation lists, and says where.
func TestFolder(t *testing.T) {
	code, stdout, _ := runexp(t, context.Background(), "tiny.yaml")
	if code != 0 {
		t.Fatalf("exit %d:\n%s", code, stdout)
	}
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	dir := lines[len(lines)-1]
	if dir != "results/runs/tiny" {
		t.Fatalf("the last line is %q, want the folder", dir)
	}
	for _, f := range []string{"config.yaml", "manifest.json", "records.jsonl", "records.csv", "layers.csv", "claims.json",
		"report.html", "tables/results.txt", "tables/results.md", "tables/results.csv", "tables/results.tex", "tables/claims.tex",
		"figures/error_vs_width.svg", "figures/error_vs_width.png", "figures/error_vs_width.pdf"} {
		if info, err := os.Stat(filepath.Join(dir, f)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", f, err)
		}
	}
	if !strings.Contains(stdout, "supported") {
		t.Error("no verdict was printed")
	}
	// Run again, it finds all trials done, runs nothing and prints the same.
	code, again, stderr := runexp(t, context.Background(), "tiny.yaml")
	if code != 0 || again != stdout || !strings.Contains(stderr, "18 of 18 trials are there already") {
		t.Errorf("again: exit %d, %q, and\n%s\nwant\n%s", code, stderr, again, stdout)
	}
}

// A plan says what would run and why, and the memory and time it would take.
func TestPlan(t *testing.T) {
	says := func(args []string, want ...string) {
		t.Helper()
		code, stdout, stderr := runexp(t, context.Background(), append([]string{"plan", "tiny.yaml", "--workers", "2"}, args...)...)
		if code != 0 || stderr != "" {
			t.Errorf("exit %d: %s", code, stderr)
		}
		for _, w := range want {
			if !regexp.MustCompile(w).MatchString(stdout) {
				t.Errorf("plan %v says\n%swant %s in it", args, stdout, w)
			}
		}
	}
	says(nil, `(?m)^setting +network and data +variants and searches × trials$`, `(?m)^[0-9a-f]{16}  width 64 +4 × 6 new$`, `results/runs/tiny: 18 of 18 trials to run, 72 records`,
		`(?m)^memory: about \d+ MiB`, `(?m)^time: .* on 2 workers, a rough estimate from a measurement of`)
	if code, _, stderr := runexp(t, context.Background(), "tiny.yaml", "--quiet"); code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	says(nil, `0 of 18 trials to run, 0 records .*; of all records 72 done`, `(?m)^time: none`)
	says([]string{"--rerun", "all"}, `18 of 18 trials to run, 72 records .* 72 done \(--rerun all: those too\)`, `from the 72 records that are there`)
	says([]string{"--out", "results/runs/tiny", "--set", "methods=[{name: rtn}, {name: gpfq}]", "--set", "trials=7"},
		`width 16 +2 × 6 done, 2 × 1 new: rtn, none, bits 4; rtn, none, bits inf\n +2 × 7 new: gpfq, order-1, bits 4; gpfq`,
		`21 of 21 trials to run, 48 records .*; of all records 36 done, 48 new`, `kept, and left out: 36 records`)
	for seconds, want := range map[float64]string{0.2: "a second or less", 4.4: "about 4s", 100: "about 2m", 7300: "about 2h2m", 1e6: "about 12 days", 1e300: "about"} {
		if got := duration(seconds); !strings.HasPrefix(got, want) {
			t.Errorf("%v s are %s, want %s", seconds, got, want)
		}
	}
}

// A folder in which another config is run keeps no tables and figures of the config
// before.
func TestStaleFilesGo(t *testing.T) {
	for _, claims := range []string{"[{kind: bits_growth, where: {method: spfq}}]", "[]"} {
		if code, _, stderr := runexp(t, context.Background(), "tiny.yaml", "--quiet", "--out", "run", "--set", "claims="+claims); code != 0 && code != exitInconclusive && code != exitRefuted {
			t.Fatalf("exit %d: %s", code, stderr)
		}
		for _, f := range []string{"tables/bits.txt", "figures/bits_vs_width.svg"} {
			if _, err := os.Stat(filepath.Join("run", f)); os.IsNotExist(err) != (claims == "[]") {
				t.Errorf("claims %s: %s: %v", claims, f, err)
			}
		}
	}
}

func TestGoOn(t *testing.T) {
	for in, want := range map[string]string{"runexp a.yaml --rerun all --quiet": "runexp a.yaml --quiet", "runexp --rerun=all a": "runexp a",
		"runexp a --rerun none": "runexp a --rerun none"} {
		if got := strings.Join(goOn(strings.Fields(in)), " "); got != want {
			t.Errorf("%s goes on by %s, want %s", in, got, want)
		}
	}
}

// A summary has every claim of the runs, and its links to their figures are right
// wherever the summary is written.
func TestSummary(t *testing.T) {
	for _, out := range []string{"one", "two"} {
		if code, stdout, stderr := runexp(t, context.Background(), "tiny.yaml", "--quiet", "--out", out); code != 0 {
			t.Fatalf("exit %d: %s%s", code, stdout, stderr)
		}
	}
	elsewhere := filepath.Join(t.TempDir(), "summary")
	for _, out := range []string{"summary", elsewhere} {
		code, _, stderr := runexp(t, context.Background(), "summary", "one", "two", "--out", out)
		page, err := os.ReadFile(out + ".md")
		if code != 0 || err != nil {
			t.Fatalf("exit %d: %s, %v", code, stderr, err)
		}
		if !strings.Contains(string(page), "2 claims of 2 runs: 2 supported") {
			t.Errorf("the page says\n%s", page)
		}
		figure := regexp.MustCompile(`\]\((.*error_vs_width.png)\)`).FindStringSubmatch(string(page))
		if figure == nil {
			t.Fatal("the page shows no figure")
		}
		if _, err := os.Stat(filepath.Join(filepath.Dir(out), figure[1])); err != nil {
			t.Error(err)
		}
	}
	// What the records of a run lack is said, although its session ended.
	if err := os.Truncate("two/records.jsonl", 0); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := runexp(t, context.Background(), "summary", "one", "two", "--out", "rest")
	page, err := os.ReadFile("rest.md")
	if code != exitInconclusive || !strings.Contains(stderr, "two: the run is not finished, 18 of 18 trials are missing") || err != nil || !strings.Contains(string(page), "1 claims of 1 runs") {
		t.Errorf("without records: exit %d, %s, %v, %s", code, stderr, err, page)
	}
	if _, _, stderr := runexp(t, context.Background(), "diff", "one", "two"); !strings.Contains(stderr, "two: 18 of 18 trials are missing") {
		t.Errorf("diff without records: %s", stderr)
	}
	if code, _, stderr := runexp(t, context.Background(), "summary", "nowhere", "--out", "x"); code != 2 || !strings.Contains(stderr, "nowhere: holds no run") {
		t.Errorf("no run: exit %d, %s", code, stderr)
	}
}

func TestQuote(t *testing.T) {
	if got := quote([]string{"runexp", "a b", "it's", "x=[1, 2]", ""}); got != `runexp 'a b' 'it'\''s' 'x=[1, 2]' ''` {
		t.Errorf("quoted %s", got)
	}
}
