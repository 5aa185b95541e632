package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"spfq/results"
)

const mergedConfig = `name: merged
trials: 4
network: {layers: 2, width: [8, 16, 32]}
data: {samples: 4, test_samples: 3}
alphabet: {step: 0.25, bits: [4, inf]}
methods: [{name: spfq}, {name: rtn}]
claims:
  - {kind: bound, theorem: layer_data, where: {method: spfq, bits: inf}}
  - {kind: bits_growth, where: {method: spfq}, factor: 1.5}
  - {kind: power_law, metric: rel_sq_error, over: width, where: {method: rtn, bits: inf}, exponent: [-9, 9]}
`

// ran runs the config for merging into a folder.
func ran(t *testing.T, dir string, sets ...string) {
	t.Helper()
	runexp(t, context.Background(), "--help")
	if err := os.WriteFile("merged.yaml", []byte(mergedConfig), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"merged.yaml", "--quiet", "--out", dir}
	for _, s := range sets {
		args = append(args, "--set", s)
	}
	if code, _, stderr := runexp(t, context.Background(), args...); !slices.Contains([]int{exitSupported, exitRefuted, exitInconclusive}, code) {
		t.Fatalf("%v: exit %d: %s", args, code, stderr)
	}
}

// merge merges folders, which must succeed and say all of the texts. It returns what
// it says to the user.
func merge(t *testing.T, out string, dirs []string, texts ...string) string {
	t.Helper()
	code, _, stderr := runexp(t, context.Background(), append(append([]string{"merge"}, dirs...), "--out", out)...)
	if code != exitSupported {
		t.Fatalf("merge %v: exit %d: %s", dirs, code, stderr)
	}
	for _, want := range texts {
		if !strings.Contains(stderr, want) {
			t.Errorf("merge %v does not say %q: %s", dirs, want, stderr)
		}
	}
	return stderr
}

// linesOf are the lines of files, sorted.
func linesOf(t *testing.T, paths ...string) []string {
	t.Helper()
	var out []string
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out = slices.AppendSeq(out, strings.Lines(string(data)))
	}
	slices.Sort(out)
	return out
}

// The parts of a sweep, merged, are the whole of it: running its config on them runs
// nothing, and leaves the numbers and verdicts of a run of the whole. The folders that
// were merged stay as they are.
func TestMerge(t *testing.T) {
	if testing.Short() {
		t.Skip("runs many processes or runs, which the race detector makes slow")
	}
	ran(t, "whole")
	tables := []string{"records.csv", "layers.csv", "searches.csv"}
	for name, c := range map[string]struct {
		parts [2]string // how the config is changed
		more  [2]string
		texts []string
		all   bool // whether the config of one part asks for all
	}{
		"width": {[2]string{"network.width=[8, 16]", "network.width=[16, 32]"}, [2]string{}, []string{
			"20 of the records and searches are there more than once: one of each is kept",
			"the configs of the folders differ: out has that of a,",
			"out holds 20 records that its config does not ask for",
			"finds every record done: runexp CONFIG --out out"}, false},
		"method": {[2]string{"methods=[{name: rtn}]", "methods=[{name: spfq}]"}, [2]string{
			"claims=[{kind: power_law, metric: rel_sq_error, over: width, where: {method: rtn, bits: inf}, exponent: [-9, 9]}]",
			"claims=[{kind: bound, theorem: layer_data, where: {method: spfq, bits: inf}}, {kind: bits_growth, where: {method: spfq}, factor: 1.5}]"},
			[]string{"out has that of b,", "out holds 24 records that its config does not ask for"}, false},
		"trials":  {[2]string{"trials=2", "trials=4"}, [2]string{}, []string{"30 of the records and searches", "out has that of b,"}, true},
		"nothing": {[2]string{"trials=4", "trials=4"}, [2]string{}, []string{"60 of the records and searches"}, true},
	} {
		for _, dir := range []string{"a", "b", "out"} {
			os.RemoveAll(dir)
		}
		for i, dir := range []string{"a", "b"} {
			sets := []string{c.parts[i]}
			if c.more[i] != "" {
				sets = append(sets, c.more[i])
			}
			ran(t, dir, sets...)
			os.Remove(filepath.Join(dir, results.LockFile)) // as in a folder that was copied from elsewhere
		}
		a, b := times(t, "a"), times(t, "b")
		says := merge(t, "out", []string{"a", "b"}, c.texts...)
		if !untouched(a, times(t, "a")) || !untouched(b, times(t, "b")) {
			t.Errorf("%s: a folder that was merged was written to", name)
		}
		if differ := strings.Contains(says, "configs of the folders differ"); differ != (c.parts[0] != c.parts[1]) {
			t.Errorf("%s: it says %s", name, says)
		}
		if strings.Contains(says, "not ask for") == c.all || strings.Contains(says, "kernel") || strings.Contains(says, "format") {
			t.Errorf("%s: it says %s", name, says)
		}
		for _, file := range []string{"records.jsonl", "searches.jsonl"} {
			there := linesOf(t, "a/"+file, "b/"+file)
			for _, line := range linesOf(t, "out/"+file) {
				if !slices.Contains(there, line) {
					t.Errorf("%s: %s has a line that no part has: %.200s", name, file, line)
				}
			}
		}
		sessions, _ := os.ReadDir("out/sessions")
		before := linesOf(t, "out/records.jsonl", "out/searches.jsonl")
		if len(before) != 60 || c.parts[0] != c.parts[1] && len(sessions) != 2 {
			t.Errorf("%s: %d lines of %d sessions", name, len(before), len(sessions))
		}
		for i := range 2 { // as it is merged, and after a run
			if i > 0 {
				ran(t, "out")
			}
			for _, file := range tables {
				if (i > 0 || c.all) && reproducible(t, filepath.Join("out", file)) != reproducible(t, filepath.Join("whole", file)) {
					t.Errorf("%s: %s differs from that of the whole run", name, file)
				}
			}
			if i > 0 || c.all {
				if got, want := judgements(t, "out"), judgements(t, "whole"); len(want) != 3 || !slices.Equal(got, want) {
					t.Errorf("%s: judged\n%+v\nwant\n%+v", name, got, want)
				}
			}
		}
		if after := linesOf(t, "out/records.jsonl", "out/searches.jsonl"); !slices.Equal(after, before) {
			t.Errorf("%s: after a merge, something was run", name)
		}
	}
	for _, file := range []string{"report.html", "tables/results.txt", "tables/claims.tex", "figures/error_vs_width.svg", "whole.json"} {
		if !exists(filepath.Join("out", file)) {
			t.Errorf("out lacks %s", file)
		}
	}
}

// A merge is a session: its manifest has the command, the versions of the records and
// the name of the config. No record names it.
func TestMergeSession(t *testing.T) {
	made(t, "a", "--set", "network.width=[16, 32]")
	made(t, "b", "--set", "network.width=[32, 64]")
	merge(t, "out", []string{"a", "b"})
	m, _, err := results.ReadManifest("out")
	if err != nil {
		t.Fatal(err)
	}
	a, _, _ := results.ReadManifest("a")
	if !slices.Equal(m.Command, []string{"runexp", "merge", "a", "b", "--out", "out"}) || m.Name != "tiny" || m.Versions != a.Versions || m.ConfigHash != a.ConfigHash || m.End == nil {
		t.Errorf("the manifest is %+v", m)
	}
	if _, ok, _ := results.ReadSession("out", m.Hash); ok {
		t.Error("the session that made no record has a manifest among those that did")
	}
}

// One folder is copied: its files of lines in one, without a line that was cut off.
func TestMergeOneFolder(t *testing.T) {
	made(t, "a")
	data, err := os.ReadFile("a/records.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(data, []byte("\n"))
	more := bytes.Join(lines[5:10], nil)
	os.WriteFile("a/records-node.jsonl", more, 0o644)
	rest := slices.Concat(bytes.Join(lines[:5], nil), bytes.Join(lines[10:], nil))
	os.WriteFile("a/records.jsonl", append(rest, lines[0][:100]...), 0o644)
	merge(t, "out", []string{"a"}, "a/records.jsonl: its last line was cut off in writing: it is left out")
	if got, _ := os.ReadFile("out/records.jsonl"); string(got) != string(more)+string(rest) {
		t.Error("the lines are not those of the folder, file by file")
	}
	says(t, exitSupported, nil, "check", "out", "--strict")
}

// elsewhere copies a run, as if it had been made by a session of its own with a kernel.
func elsewhere(t *testing.T, from, to, kernel string, edit func(*results.Record)) {
	t.Helper()
	m, _, err := results.ReadManifest(from)
	if err != nil {
		t.Fatal(err)
	}
	before := m.Hash
	m.Kernel, m.Host = kernel, "elsewhere"
	m.Seal()
	broken(t, from, to, func(r *results.Record) bool {
		r.Manifest = m.Hash
		edit(r)
		return true
	})
	os.Remove(filepath.Join(to, results.SessionsFolder, before+".json"))
	if err := results.WriteSession(to, m); err != nil {
		t.Fatal(err)
	}
}

// Records of one key with other numbers are refused where kernels are alike, and said
// where they are not: the first is kept. A trial that failed gives way to one that did
// not.
func TestMergeDoubles(t *testing.T) {
	made(t, "a")
	m, _, err := results.ReadManifest("a")
	if err != nil {
		t.Fatal(err)
	}
	other := "generic"
	if m.Kernel == other {
		other = "avx2"
	}
	off := func(r *results.Record) {
		if cell(r, "rtn", 16) {
			r.RelSqError *= 2
		}
	}
	elsewhere(t, "a", "like", m.Kernel, off)
	elsewhere(t, "a", "unlike", other, off)
	elsewhere(t, "a", "equal", other, func(*results.Record) {})
	elsewhere(t, "a", "failed", m.Kernel, func(r *results.Record) {
		if off(r); r.RelSqError.IsMissing() || cell(r, "rtn", 16) {
			r.Error, r.PerLayer = "it failed", nil
		}
	})
	code, _, stderr := runexp(t, context.Background(), "merge", "a", "like", "--out", "out")
	if code != exitUsage || !strings.Contains(stderr, "a/records.jsonl:") || !strings.Contains(stderr, "like/records.jsonl:") || !strings.Contains(stderr, "differ by 0.5 relative, in rel_sq_error") || exists("out") {
		t.Errorf("like kernels: exit %d: %s", code, stderr)
	}
	const doubles = "72 of the records and searches are there more than once"
	merge(t, "out", []string{"a", "unlike"}, doubles, "6 of those have other numbers than the one kept", "by at most 0.5 relative, in rel_sq_error")
	if reproducible(t, "out/records.csv") != reproducible(t, "a/records.csv") {
		t.Error("the records kept are not the first")
	}
	if says := merge(t, "equal-out", []string{"a", "equal"}, doubles); strings.Contains(says, "other numbers") || strings.Contains(says, "unlike") {
		t.Errorf("records that are equal: %s", says)
	}
	merge(t, "failed-out", []string{"failed", "a"}, doubles)
	if reproducible(t, "failed-out/records.csv") != reproducible(t, "a/records.csv") {
		t.Error("trials that failed were kept before others")
	}

	made(t, "more", "--set", "trials=8")
	merge(t, "kernels", []string{"equal", "more"}, "records and searches of unlike kernels are joined", "72 of generic (")
}

// What cannot be merged is refused, with its place, and nothing is left.
func TestMergeRefuses(t *testing.T) {
	made(t, "a", "--set", "network.width=[16, 32]")
	made(t, "b", "--set", "network.width=[32, 64]")
	for _, dir := range []string{"edited", "newer", "keys", "held"} {
		if err := os.CopyFS(dir, os.DirFS("b")); err != nil {
			t.Fatal(err)
		}
	}
	data, _ := os.ReadFile("edited/records.jsonl")
	os.WriteFile("edited/records.jsonl", bytes.Replace(data, []byte(`"seed":1`), []byte(`"seed":2`), 1), 0o644)
	sessions, err := results.ReadSessions("newer")
	if err != nil || len(sessions) != 1 {
		t.Fatal(err, len(sessions))
	}
	later := sessions[0]
	later.Algorithm++
	later.Seal()
	os.Remove(filepath.Join("newer", results.SessionsFolder, sessions[0].Hash+".json"))
	if err := results.WriteSession("newer", later); err != nil {
		t.Fatal(err)
	}
	broken(t, "b", "keys", func(r *results.Record) bool { r.Trial += 6; return true })
	lock, err := results.LockFolder("held")
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	os.Symlink("a", "link")
	os.MkdirAll("full", 0o777)
	os.WriteFile("full/notes.txt", nil, 0o644)
	os.MkdirAll("a/empty", 0o777)
	os.Symlink("a/empty", "deep")
	stopped, stop := context.WithCancel(context.Background())
	stop()
	before, _ := os.ReadDir(".")
	for _, c := range []struct {
		name string
		ctx  context.Context
		args string
		code int
		says []string
	}{
		{"nothing", nil, "--out out", 2, []string{"merge: want DIR..."}},
		{"no out", nil, "a b", 2, []string{"merge: --out DIR is missing"}},
		{"no run", nil, "a nope --out out", 2, []string{"nope: holds no run"}},
		{"no run either", nil, "a full --out out", 2, []string{"full: holds no run"}},
		{"versions", nil, "a newer b --out out", 2, []string{"must not be mixed: a of 1 and ", "newer of 2 and ", "b of 1 and "}},
		{"an edited line", nil, "a edited --out out", 2, []string{"edited/records.jsonl:1: not a line that runexp wrote", "was changed after it was written"}},
		{"a key", nil, "a keys --out out", 2, []string{"keys/records.jsonl:1: the key is not that of the record"}},
		{"at work", nil, "a held --out out", 2, []string{"held: another process works in this folder", "wait for it"}},
		{"twice", nil, "a b ./a --out out", 2, []string{"a and ./a: the same folder is given twice"}},
		{"twice by a link", nil, "link b a --out out", 2, []string{"link and a: the same folder"}},
		{"a full folder", nil, "a b --out full", 2, []string{"--out full: holds files"}},
		{"into one", nil, "a b --out b", 2, []string{"--out b: holds files"}},
		{"within one", nil, "a b --out a/new/out", 2, []string{"--out a/new/out: it lies in ", "/a, the folder of a run"}},
		{"an empty folder within one", nil, "a b --out a/empty", 2, []string{"--out a/empty: it lies in ", "/a, the folder of a run"}},
		{"within one by a link", nil, "b a --out link/new", 2, []string{"--out link/new: it lies in ", "/a, the folder of a run"}},
		{"within one by a link into it", nil, "b a --out deep/new", 2, []string{"--out deep/new: it lies in ", "/a, the folder of a run"}},
		{"the folder one is in", nil, "a b --out .", 2, []string{"--out .: want a folder"}},
		{"below a file", nil, "a b --out full/notes.txt/out", 2, []string{"full/notes.txt/out: not a directory"}},
		{"interrupted", stopped, "a b --out out", exitInterrupted, []string{"interrupted: nothing was written to out"}},
	} {
		ctx := c.ctx
		if ctx == nil {
			ctx = context.Background()
		}
		code, stdout, stderr := runexp(t, ctx, append([]string{"merge"}, strings.Fields(c.args)...)...)
		if code != c.code || stdout != "" {
			t.Errorf("%s: exit %d, want %d: %s%s", c.name, code, c.code, stdout, stderr)
		}
		for _, want := range c.says {
			if !strings.Contains(stderr, want) {
				t.Errorf("%s: it says %s, want %q", c.name, stderr, want)
			}
		}
		if after, _ := os.ReadDir("."); len(after) != len(before) {
			t.Errorf("%s: it left something: %v", c.name, after)
		}
	}
}

// A merge that is interrupted when all records are written leaves nothing: until the
// folder is whole it has another name.
func TestMergeIsInterrupted(t *testing.T) {
	made(t, "a", "--set", "network.width=[16, 32]")
	made(t, "b", "--set", "network.width=[64, 128]")
	before, _ := os.ReadDir(".")
	ctx, stop := context.WithCancel(context.Background())
	stderr := &hook{do: func() { // it says which config it took, beside which the records are
		if exists("out") {
			t.Error("the folder is there before it is whole")
		}
		stop()
	}}
	if code := execute(ctx, []string{"merge", "a", "b", "--out", "out"}, &bytes.Buffer{}, stderr); code != exitInterrupted {
		t.Errorf("exit %d: %s", code, stderr)
	}
	if after, _ := os.ReadDir("."); len(after) != len(before) {
		t.Errorf("it left something: %v", after)
	}
}

// A link to an empty folder stays one: the folder is the one that is made.
func TestMergeIntoALinkedFolder(t *testing.T) {
	made(t, "a")
	if err := os.Mkdir("empty", 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("empty", "link"); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	if code, _, errs := runexp(t, context.Background(), "merge", "a", "--out", "link"); code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	if target, err := os.Readlink("link"); err != nil || target != "empty" || !exists("empty/records.jsonl") {
		t.Errorf("the link leads to %q (%v), where records are: %v", target, err, exists("empty/records.jsonl"))
	}
}

// Runs in record format 1 are merged with new ones, to the byte.
func TestMergeFormat1(t *testing.T) {
	old, config := copyOfRun(t, "format1")
	records := rows(t, old, "records.csv")
	runexp(t, context.Background(), "--help")
	says(t, exitFailed, nil, config, "--quiet", "--out", "new", "--set", "trials=3")
	merge(t, "out", []string{old, "new"}, "several formats", "24 of 1, 11 of 2", "out has that of new")
	if got := linesOf(t, "out/records.jsonl", "out/searches.jsonl"); len(got) != 35 {
		t.Errorf("%d lines", len(got))
	}
	after := rows(t, "out", "records.csv")
	for _, row := range records {
		if !holds(after, row) {
			t.Errorf("records.csv lacks %v", row)
		}
	}
	says(t, exitSupported, []string{"0 of 9 trials to run", "32 done, 1 failed before"}, "plan", config, "--out", "out", "--set", "trials=3", "--rerun", "none")
}

// A folder that was damaged is merged only where the damage does not matter to check,
// and its lines have their own keys: check leaves out what the config does not ask for.
func TestMergeDamage(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	runexp(t, context.Background(), "--help")
	text := strings.Replace(tinyConfig, "[-0.5, 0.5]", "[-9, 9]", 1) + "  - {kind: bits_growth, where: {method: spfq}, factor: 1e9}\n"
	if err := os.WriteFile("tiny.yaml", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	made(t, "good")
	made(t, "other", "--set", "seed=5", "--set", "claims=[{kind: cost, where: {method: rtn}}]")
	for _, c := range damages() {
		for _, dir := range []string{"copy", "out"} {
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.CopyFS("copy", os.DirFS("good")); err != nil {
			t.Fatal(err)
		}
		c.do(damaged{t, "copy"})
		code, _, stderr := runexp(t, context.Background(), "merge", "other", "copy", "--out", "out")
		check := strings.Fields(c.codes)[2]
		matters := check != "0" && check != "1" || strings.Contains(stderr, "the key is not that of the record")
		if strings.Contains(stderr, "internal error") || (code == 0) != exists("out/report.html") || (code == 0) == matters {
			t.Errorf("%s: merge ends with %d, check with %s: %s", c.name, code, check, stderr)
		}
	}
}
