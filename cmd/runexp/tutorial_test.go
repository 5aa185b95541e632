package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// typed is a command of a document with the lines of output shown for it.
type typed struct {
	command string
	shown   []string
}

// console matches a code block that shows commands and their output.
var console = regexp.MustCompile("(?s)```console\n(.*?)```")

// commandsOf lists the commands of a document's console blocks. A command may
// end in a here-document.
func commandsOf(text string) []typed {
	var out []typed
	for _, block := range console.FindAllStringSubmatch(text, -1) {
		here := false
		for line := range strings.Lines(block[1]) {
			line = strings.TrimSuffix(line, "\n")
			command, prompt := strings.CutPrefix(line, "$ ")
			switch {
			case here:
				out[len(out)-1].command += "\n" + line
				here = line != "EOF"
			case prompt:
				out = append(out, typed{command: command})
				here = strings.HasSuffix(command, "<<'EOF'")
			default:
				out[len(out)-1].shown = append(out[len(out)-1].shown, line)
			}
		}
	}
	return out
}

// absent compares the lines shown with the output, in order, and returns the first
// line shown that the output lacks, or "". The output must not go on after the lines
// shown. An ellipsis stands for the rest of a line, or on a line of its own for any
// lines; any number of spaces equals one.
func absent(shown []string, output string) string {
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	lines := strings.Split(strings.TrimSuffix(output, "\n"), "\n")
	at, skip := 0, false
	for _, want := range shown {
		if want == "…" {
			skip = true
			continue
		}
		beginning, open := strings.CutSuffix(want, "…")
		fits := func(line string) bool {
			return squeeze(line) == squeeze(want) || open && strings.HasPrefix(squeeze(line), squeeze(beginning))
		}
		for skip && at < len(lines) && !fits(lines[at]) {
			at++
		}
		if at == len(lines) || !fits(lines[at]) {
			return want
		}
		at, skip = at+1, false
	}
	if !skip && at < len(lines) && output != "" {
		return "the end of the output, before: " + lines[at]
	}
	return ""
}

// The commands of docs/tutorial.md run in order, and their output is what the
// tutorial shows.
func TestTutorial(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program of its own")
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash here, which the tutorial is written for")
	}
	text, err := os.ReadFile(docs + "tutorial.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	bin := filepath.Join(dir, "bin")
	all := commandsOf(string(text))
	// One shell runs all commands and prints a mark before each. The clone of the
	// tutorial is this one, but the program is built into a temporary folder, and the
	// commands from mkdir on run in another.
	const mark = "@@@ "
	var script bytes.Buffer
	for i, c := range all {
		fmt.Fprintf(&script, "code=$?; echo '%s%d'\n", mark, i)
		if strings.HasPrefix(c.command, "mkdir ") {
			fmt.Fprintf(&script, "cd '%s'\n", dir)
		}
		fmt.Fprintf(&script, "(exit $code)\n%s\n", c.command)
	}
	cmd := exec.CommandContext(within(t), bash)
	cmd.Dir = "../.."
	cmd.Env = append(os.Environ(), "MAKEFLAGS=BIN="+filepath.Join(bin, "runexp"), "PATH="+bin+":"+os.Getenv("PATH"), "LC_ALL=C.UTF-8")
	cmd.Stdin = &script
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	outputs := strings.Split(string(out), mark)[1:]
	if len(outputs) != len(all) {
		t.Fatalf("%d outputs of %d commands:\n%s", len(outputs), len(all), out)
	}
	for i, c := range all {
		_, output, _ := strings.Cut(outputs[i], "\n")
		if strings.HasPrefix(c.command, "make ") {
			continue // prints what it runs
		}
		if missing := absent(c.shown, output); missing != "" {
			t.Errorf("$ %s\nthe tutorial shows\n%s\nthe output is\n%s", c.command, missing, output)
		}
	}
	if len(all) < 15 {
		t.Errorf("%d commands in the tutorial, want at least 15", len(all))
	}
}

// The comparison of lines shown with the output can fail.
func TestAbsent(t *testing.T) {
	const output = "0\na b\nc\n"
	for _, c := range []struct{ shown, want string }{
		{"0\na  b\nc", ""}, {"…\nc", ""}, {"…\na…\n…", ""}, {"…", ""}, {"0\n…\nc", ""},
		{"0\na b", "the end of the output, before: c"}, {"a b\nc", "a b"}, {"…\nc\na b", "a b"}, {"…\na", "a"}, {"…\na b c", "a b c"}, {"…\nb…", "b…"},
	} {
		if got := absent(strings.Split(c.shown, "\n"), output); got != c.want {
			t.Errorf("%q: %q, want %q", c.shown, got, c.want)
		}
	}
	if got := absent(nil, "x\n"); got == "" {
		t.Error("output that is not shown is not seen")
	}
}
