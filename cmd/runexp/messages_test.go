// messages_test.go holds messages to what they should say, and exit codes to whether
// it could be said.

package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"spfq/results"
)

func TestMessages(t *testing.T) {
	runexp(t, context.Background(), "--help")
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	os.Mkdir("folder.yaml", 0o755)
	write("long.yaml", strings.Replace(tinyConfig, "name: tiny", "name: "+strings.Repeat("x", 101), 1))
	write("dash.yaml", strings.Replace(tinyConfig, "name: tiny", "name: -tiny", 1))
	write("merge.yaml", strings.Replace(tinyConfig, "data: {samples: 4, test_samples: 3}", "data:\n  <<: {samples: 4}\n  test_samples: 3", 1))
	write("deep.yaml", tinyConfig+"sweep: {include: [{<<: {network.width: 128}}], exclude: [{<<: {width: 16}}]}\n")
	merge := "merge keys are not supported: write the keys out here"
	name := "want a name of at most 100 letters, digits, and the characters _ - . that begins with a letter or digit"
	for _, c := range []struct {
		args string
		says []string
		not  string
	}{
		{"validate folder.yaml", []string{"folder.yaml: cannot be read: it is no regular file"}, "did you mean"},
		{"validate ./folder.yaml", []string{"cannot be read"}, "did you mean"},
		{"validate long.yaml dash.yaml", []string{"long.yaml:1:7: name: " + name, "dash.yaml:1:7: name: " + name}, ""},
		{"validate merge.yaml", []string{"merge.yaml:5:3: data.<<: " + merge}, "no such key"},
		{"validate deep.yaml", []string{"sweep.exclude[0].<<: " + merge}, "no such"},
		{"validate tiny.yaml --set claims=[] --set claims.0.kind=bound", []string{"claims is an empty list, which has no items to change: give the whole list"}, "0 to -1"},
		{"validate tiny.yaml --set claims.1.kind=bound", []string{"want the number of a list item, 0 to 0"}, ""},
		{"plan tiny.yaml --set trials=1000000 --set network.width=[16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48]",
			[]string{"does not fit into memory", "the records alone take ", ": choose fewer trials, settings or variants"}, "smaller networks"},
		{"plan tiny.yaml --set network.width=[16,1048576] --set data.samples=1048576", []string{"a trial takes ", ": choose smaller networks, fewer samples or fewer variants"}, "fewer trials"},
	} {
		code, stdout, stderr := runexp(t, context.Background(), strings.Fields(c.args)...)
		if code != exitUsage {
			t.Errorf("%s: exit %d, want 2: %s", c.args, code, stdout)
		}
		for _, want := range c.says {
			if !strings.Contains(stderr, want) {
				t.Errorf("%s says\n%swant %q", c.args, stderr, want)
			}
		}
		if c.not != "" && strings.Contains(stderr, c.not) {
			t.Errorf("%s says\n%swithout %q", c.args, stderr, c.not)
		}
	}
}

// What is printed by --version is in every manifest.
func TestVersion(t *testing.T) {
	code, stdout, stderr := runexp(t, context.Background(), "--version")
	if code != 0 || stderr != "" {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	made(t, "run")
	m, _, err := results.ReadManifest("run")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"runexp " + m.Version, "revision " + m.Revision, m.Go + " " + m.Platform} {
		if !strings.Contains(stdout, want) {
			t.Errorf("says %q, want %q", stdout, want)
		}
	}
}

// full refuses everything that is written to it.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// A command whose output cannot be printed ends with 3 and says why.
func TestNothingPrinted(t *testing.T) {
	made(t, "run")
	for _, args := range []string{"plan tiny.yaml", "validate tiny.yaml", "methods", "claims", "claims bound", "schema", "--help", "help", "help plan", "plan --help", "--version",
		"completion bash", "completion fish", "check run", "diff run run", "report run", "summary run --out s", "baseline run", "tiny.yaml --out run", "tiny.yaml --out other --quiet",
		"__complete validate tiny"} {
		var stderr bytes.Buffer
		code := execute(context.Background(), strings.Fields(args), full{}, &stderr)
		if code != exitFailed || !strings.Contains(stderr.String(), "no space left on device") {
			t.Errorf("%s: exit %d, %q", args, code, &stderr)
		}
	}
	// A mistake in usage stays one.
	if code := execute(context.Background(), []string{"plan"}, full{}, new(bytes.Buffer)); code != exitUsage {
		t.Errorf("exit %d, want 2", code)
	}
}

// A shell goes on with a space after the only name of a command, and without after
// the only folder.
func TestCompletionSpaces(t *testing.T) {
	runexp(t, context.Background(), "--help")
	os.Mkdir("zoo", 0o755)
	for prefix, want := range map[string]string{"val": ":4\n", "zo": ":6\n", "tin": ":4\n", "schem": ":4\n"} {
		if _, stdout, _ := runexp(t, context.Background(), "__complete", prefix); !strings.HasSuffix(stdout, want) {
			t.Errorf("%s: %q, want the directive %q", prefix, stdout, want)
		}
	}
}

// A report beside a run at work prints what is there, and changes nothing.
func TestLook(t *testing.T) {
	made(t, "run")
	lines := strings.SplitAfter(folder(t, "run")["records.jsonl"], "\n")
	if err := os.WriteFile("run/records.jsonl", []byte(strings.Join(lines[:len(lines)/2], "")+"{\"cut off"), 0o644); err != nil {
		t.Fatal(err)
	}
	lock, err := results.LockFolder("run")
	if err != nil {
		t.Fatal(err)
	}
	before := folder(t, "run")
	code, stdout, stderr := runexp(t, context.Background(), "report", "run")
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	if code != 0 || !strings.Contains(stderr, "run: another process is at work in this folder") || !strings.Contains(stdout, "of 18 trials are there") ||
		!strings.Contains(stdout, "tiny: errors, means over trials") || !strings.Contains(stdout, "tiny: claims") {
		t.Errorf("exit %d: %s%s", code, stderr, stdout)
	}
	for name, text := range folder(t, "run") {
		if before[name] != text {
			t.Errorf("%s was changed", name)
		}
	}
}

// Without the stamp of a version control the manifest does not say that the source is
// unmodified.
func TestModified(t *testing.T) {
	made(t, "run")
	text := folder(t, "run")["manifest.json"]
	m, _, err := results.ReadManifest("run")
	if err != nil {
		t.Fatal(err)
	}
	if known := m.Revision != "unknown"; known == (m.Modified == nil) || !known && !strings.Contains(text, `"modified": null`) {
		t.Errorf("revision %s, modified %v", m.Revision, m.Modified)
	}
	// Older manifests have true or false.
	yes, no := true, false
	for want, value := range map[string]*bool{"abc, modified": &yes, "abc": &no, "abc, modified: unknown": nil} {
		m.Revision, m.Modified = "abc", value
		m.Seal()
		if err := results.WriteJSON(filepath.Join("run", "manifest.json"), m); err != nil {
			t.Fatal(err)
		}
		m, ok, err := results.ReadManifest("run")
		if err != nil || !ok || m.Source() != want {
			t.Errorf("modified %v: %v, %s, want %s", value, err, m.Source(), want)
		}
	}
}

// A command line with characters that are not seen is printed so that a shell reads
// it back.
func TestQuoteHidden(t *testing.T) {
	if got := quote([]string{"a\nb", "it's \x1b[1m\\", "\u202e", "x"}); got != `$'a\012b' $'it\'s \033[1m\\' $'\342\200\256' x` {
		t.Errorf("quoted %s", got)
	}
}
