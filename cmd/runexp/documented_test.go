package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"spfq/sim/bench"
)

// placeholders are the arguments that the test puts in the place of a synopsis'
// placeholders.
var placeholders = map[string]string{
	"CONFIG": "configs/ci.yaml", "DIR": "results/runs/ci", "A": "results/runs/before", "B": "results/runs/after",
	"KIND": "power_law", "SHELL": "bash",
}

// incomplete has the flags that a command needs but its synopses leave out.
var incomplete = map[string][]string{"dump": {"--method", "spfq", "--out", "instance", "--set", "network.width=16", "--set", "alphabet.bits=inf"},
	"merge": {"--out", "results/runs/merged"}}

// Every command that README and the documents show runs without an error, in a folder
// that holds the configs and runs they name, on networks small enough for a test. The
// commands of the tutorial are left to TestTutorial.
func TestDocumentedCommandsRun(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every command there is")
	}
	var lines [][]string
	for _, path := range documents(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(path) != "tutorial.md" {
			lines = append(lines, shown(t, string(text))...)
		}
	}
	configs, err := filepath.Glob("../../configs/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, from := range configs {
		text, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(dir, "configs", filepath.Base(from))
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	small := []string{"--set", "network.width=[16, 32]", "--set", "trials=2"}
	run := func(args ...string) int {
		t.Helper()
		var says strings.Builder
		code := execute(context.Background(), args, io.Discard, &says)
		if !slices.Contains([]int{exitSupported, exitRefuted, exitInconclusive}, code) {
			t.Errorf("runexp %s: exit %d: %s", strings.Join(args, " "), code, says.String())
		}
		return code
	}
	for _, name := range []string{"before", "after", "ci"} {
		run(append([]string{"configs/ci.yaml", "--quiet", "--out", "results/runs/" + name}, small...)...)
	}
	ran := map[string]int{}
	for _, args := range lines {
		root := rootCommand(nil, io.Discard, io.Discard)
		cmd, _, err := root.Find(args)
		if err != nil {
			t.Errorf("runexp %s: %v", strings.Join(args, " "), err)
			continue
		}
		name := cmd.Name()
		if len(args) == 1 && cmd != root && cmd.Args != nil && cmd.Args(cmd, nil) == nil && !slices.Contains([]string{"bench", "methods", "claims", "schema", "help", "completion"}, name) {
			continue // only the name of a command that needs arguments, in a sentence
		}
		synopsis := false
		args = slices.Clone(args)
		for i, a := range args {
			if p, ok := placeholders[a]; ok {
				args[i], synopsis = p, true
			}
		}
		if synopsis {
			args = append(args, incomplete[name]...)
		}
		switch {
		case name == "bench": // at full size it takes half a minute
			if err := runBench(io.Discard, []bench.Product{{M: 8, N: 8, K: 8}}, []bench.Layer{{Samples: 2, Inputs: 16, Neurons: 16}}, 1); err != nil {
				t.Error(err)
			}
		case cmd == root && slices.Contains(args, "network.width"), name == "dump" && synopsis:
			run(args...)
		case cmd == root, name == "plan":
			run(append(args, small...)...)
		default:
			run(args...)
		}
		ran[name]++
	}
	for _, c := range rootCommand(nil, io.Discard, io.Discard).Commands() {
		if ran[c.Name()] == 0 && !slices.Contains([]string{"completion", "help", "summary"}, c.Name()) {
			t.Errorf("README and the documents show no line of runexp %s that runs", c.Name())
		}
	}
}

// Every make target that a document names is in the Makefile.
func TestDocumentedTargets(t *testing.T) {
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, path := range documents(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile("(?m)(?:^    |^\\$ |`)make ([a-z][a-z -]*?)(?:`|  |$)").FindAllStringSubmatch(string(text), -1) {
			for _, target := range strings.Fields(m[1]) {
				named++
				if !regexp.MustCompile(`(?m)^` + target + `:`).Match(makefile) {
					t.Errorf("%s: make %s: the Makefile has no such target", path, target)
				}
			}
		}
	}
	if named < 8 {
		t.Errorf("%d targets named, want at least 8", named)
	}
}
