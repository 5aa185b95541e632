package main

import (
	"context"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"spfq/experiments"
	"spfq/experiments/config"
)

// complete returns the words that completion offers to the shell, without their
// descriptions.
func complete(t *testing.T, args ...string) []string {
	t.Helper()
	code, stdout, stderr := runexp(t, context.Background(), append([]string{"__complete"}, args...)...)
	if code != 0 {
		t.Fatalf("%v: exit %d: %s", args, code, stderr)
	}
	var out []string
	for line := range strings.Lines(stdout) {
		if word, _, _ := strings.Cut(strings.TrimSpace(line), "\t"); !strings.HasPrefix(word, ":") {
			out = append(out, word)
		}
	}
	return out
}

func TestCompletion(t *testing.T) {
	for _, c := range []struct {
		name    string
		args    []string
		has     []string
		without []string
	}{
		{"configs and commands", []string{""}, []string{"tiny.yaml", "sub/", "validate", "claims"}, []string{"notes.txt", ".hidden/"}},
		{"a config by its beginning", []string{"ti"}, []string{"tiny.yaml"}, []string{"sub/"}},
		{"below a folder", []string{"sub/"}, []string{"sub/other.yml"}, []string{"tiny.yaml"}},
		{"one config is enough", []string{"tiny.yaml", ""}, nil, []string{"tiny.yaml"}},
		{"many to validate", []string{"validate", "tiny.yaml", ""}, []string{"sub/"}, nil},
		{"methods", []string{"dump", "--method", ""}, []string{"spfq", "gpfq", "rtn", "stochastic"}, []string{"tiny.yaml"}},
		{"metrics", []string{"diff", "--metric", ""}, []string{"rel_sq_error", "operations"}, []string{"width", "error"}},
		{"kinds", []string{"claims", ""}, []string{"power_law", "tail", "one_layer"}, []string{"tiny.yaml"}},
		{"keys", []string{"--set", ""}, []string{"trials=", "network.width=", "methods.0.align="}, []string{"methods.1.align=", "claims.0.exponent="}},
		{"keys of this config", []string{"tiny.yaml", "--set", ""}, []string{"methods.1.align=", "claims.0.exponent="}, []string{"methods.2.align=", "claims.0.theorem=", "claims.1.kind="}},
		{"keys by their beginning", []string{"--set", "network.w"}, []string{"network.width=", "network.weights="}, []string{"network.layers="}},
		{"words of a key", []string{"--set", "network.activation="}, []string{"network.activation=relu", "network.activation=tanh"}, []string{"trials="}},
		{"columns", []string{"tiny.yaml", "--set", "claims.0.metric="}, []string{"claims.0.metric=rel_sq_error"}, []string{"claims.0.metric=width_"}},
		{"flags", []string{"--"}, []string{"--set", "--workers", "--quiet"}, nil},
		{"shells", []string{"completion", ""}, []string{"bash", "zsh", "fish"}, nil},
		{"help", []string{"help", "va"}, []string{"validate"}, nil},
	} {
		if code, _, _ := runexp(t, context.Background(), "--help"); code != 0 {
			t.Fatal("no help")
		}
		for _, dir := range []string{"sub", ".hidden"} {
			if err := os.MkdirAll(dir, 0o777); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range []string{"notes.txt", "sub/other.yml"} {
			if err := os.WriteFile(f, nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got := complete(t, c.args...)
		for _, w := range c.has {
			if !slices.Contains(got, w) {
				t.Errorf("%s: %q is not offered: %q", c.name, w, got)
			}
		}
		for _, w := range c.without {
			if slices.Contains(got, w) {
				t.Errorf("%s: %q is offered", c.name, w)
			}
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish"} {
		if code, stdout, _ := runexp(t, context.Background(), "completion", shell); code != 0 || !strings.Contains(stdout, "__complete") {
			t.Errorf("completion %s: exit %d, %d bytes", shell, code, len(stdout))
		}
	}
}

// Every path that completion offers for --set is a config key.
func TestSetPathsAreKeys(t *testing.T) {
	plan, err := experiments.Parse("tiny.yaml", []byte(tinyConfig), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range config.SetPaths(plan.Spec) {
		_, err := experiments.Parse("tiny.yaml", []byte(tinyConfig), []string{k.Path + "=\x01"})
		if err != nil && strings.Contains(err.Error(), "no such key") {
			t.Errorf("%s: %v", k.Path, err)
		}
	}
}

func TestValidate(t *testing.T) {
	code, stdout, stderr := runexp(t, context.Background(), "validate", "tiny.yaml")
	if code != 0 || stdout != "tiny.yaml: ok: 3 settings, 4 variants, 6 trials\n" || stderr != "" {
		t.Errorf("exit %d, %q, %q", code, stdout, stderr)
	}
	for name, text := range map[string]string{"one.yaml": "name: a b\nsede: 1\n", "two.yaml": strings.Replace(tinyConfig, "rtn}", "rnt}", 1)} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	code, stdout, stderr = runexp(t, context.Background(), "validate", "one.yaml", "tiny.yaml", "two.yaml", "tyny.yaml")
	for _, want := range []string{"one.yaml:1:7: name: want a name", `one.yaml:2:1: sede: no such key; did you mean "seed"?`, "one.yaml:1:1: trials: missing",
		"two.yaml:6:32: methods[1].name: want spfq, ", `have "rnt"; did you mean "rtn"?`,
		`tyny.yaml: cannot be read: no such file or directory; did you mean "tiny.yaml"?`, "3 of 4 configs cannot be run"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("%q is not in\n%s", want, stderr)
		}
	}
	if code != 2 || !strings.HasPrefix(stdout, "tiny.yaml: ok") {
		t.Errorf("exit %d, %q", code, stdout)
	}
	if _, err := os.Stat("results"); !os.IsNotExist(err) {
		t.Error("something was written")
	}
}

// The message about a misspelt command, flag or word names the one that was meant.
func TestMeant(t *testing.T) {
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"vaildate", "tiny.yaml"}, `did you mean "validate"?`},
		{[]string{"sumary"}, `did you mean "summary"?`},
		{[]string{"tiny.yaml", "--wrokers", "2"}, `unknown flag: --wrokers; did you mean "--workers"?`},
		{[]string{"dump", "tiny.yaml", "--trail", "2"}, `unknown flag: --trail; did you mean "--trial"?`},
		{[]string{"dump", "tiny.yaml", "--method", "spqf", "--set", "network.width=16", "--out", "d"}, `did you mean "spfq"?`},
		{[]string{"tiny.yaml", "--workers", "two"}, "--workers two: want a whole number"},
		{[]string{"claims", "one_lyer"}, `did you mean "one_layer"?`},
		{[]string{"claims", "power-law"}, `did you mean "power_law"?`},
		{[]string{"help", "dmup"}, `did you mean "dump"?`},
		{[]string{"tiny.yml"}, `did you mean "tiny.yaml"?`},
		{[]string{"completion", "bsh"}, `want bash, fish, powershell or zsh, have bsh; did you mean "bash"?`},
		{[]string{"methods", "spfq"}, "takes no arguments"},
		{[]string{"schema", "x"}, "takes no arguments"},
		{[]string{"bench", "x"}, `unknown command "x" for "runexp bench"`},
		{[]string{"validate"}, "want CONFIG..., have none"},
		{[]string{"tiny.yaml", "--set", "netwrok.width=3"}, `did you mean "network"?`},
		{[]string{"tiny.yaml", "--set", "network.activation=rleu"}, `did you mean "relu"?`},
		{[]string{"tiny.yaml", "--set", "methods.0.align=exat"}, `did you mean "exact"?`},
		{[]string{"tiny.yaml", "--set", "claims.0.kind=power_low"}, `did you mean "power_law"?`},
		{[]string{"tiny.yaml", "--set", "claims.0.where={mehtod: rtn}"}, `did you mean "method"?`},
		{[]string{"tiny.yaml", "--set", "claims.0.metric=rel_sq_eror"}, `did you mean "rel_sq_error"?`},
		{[]string{"tiny.yaml", "--set", "claims=[{kind: bound, theorem: one_lyer}]"}, `did you mean "one_layer"?`},
	} {
		code, stdout, stderr := runexp(t, context.Background(), c.args...)
		if code != 2 || !strings.Contains(stderr, c.says) || stdout != "" {
			t.Errorf("%v: exit %d, %q, want 2 and %q", c.args, code, stderr, c.says)
		}
	}
}

// Methods, claims and theorems are explained, and no line is wider than lineWidth
// except that of an example.
func TestExplanations(t *testing.T) {
	for _, c := range []struct{ args, has []string }{
		{[]string{"methods"}, []string{"spfq", "gpfq", "rtn", "stochastic", "stands for  align: exact", "order-R"}},
		{[]string{"claims"}, []string{"power_law", "tail", "full_network_sharp", "T3-Gauss", "Holm"}},
		{[]string{"claims", "order_r"}, []string{"T2 with T1′", "needs  stochastic path following"}},
		{[]string{"claims", "cost", "bound"}, []string{"default [0.98, 1.02]", "- {kind: cost", "binomial", "default 0.99", "required"}},
	} {
		code, stdout, stderr := runexp(t, context.Background(), c.args...)
		if code != 0 || stderr != "" {
			t.Errorf("%v: exit %d, %s", c.args, code, stderr)
		}
		for _, want := range c.has {
			if !strings.Contains(stdout, want) {
				t.Errorf("%v: %q is not told in\n%s", c.args, want, stdout)
			}
		}
		for line := range strings.Lines(stdout) {
			if n := columns(strings.TrimRight(line, "\n")); n > lineWidth && !strings.HasPrefix(line, "example") {
				t.Errorf("%v: a line of %d columns: %s", c.args, n, line)
			}
		}
	}
}

func TestSchemaCommand(t *testing.T) {
	code, stdout, _ := runexp(t, context.Background(), "schema")
	if code != 0 || !json.Valid([]byte(stdout)) || stdout != string(config.Schema()) {
		t.Errorf("exit %d, %d bytes", code, len(stdout))
	}
}

func TestWrap(t *testing.T) {
	if got := wrap("X̃W̃ a  bc\ndef g", 5); !slices.Equal(got, []string{"X̃W̃ a", "bc", "def g"}) {
		t.Errorf("%q", got)
	}
	if got := wrap("longer than five", 5); !slices.Equal(got, []string{"longer", "than", "five"}) {
		t.Errorf("%q", got)
	}
}

// Every command has a short and a long description, those that take a config have
// an example, and README.md mentions all of them.
func TestHelpIsComplete(t *testing.T) {
	root := rootCommand(nil, nil, nil)
	for _, c := range append(root.Commands(), root) {
		if c.Short == "" || c.Long == "" || strings.Contains(c.Use, "CONFIG") && c.Example == "" {
			t.Errorf("%s: short %q, long of %d bytes, example %q", c.Name(), c.Short, len(c.Long), c.Example)
		}
		if c != root && c.GroupID == "" && c.Name() != "help" {
			t.Errorf("%s is in no group of help.go", c.Name())
		}
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range root.Commands() {
		if c.Name() != "help" && !regexp.MustCompile("`(runexp )?"+c.Name()+"[` ]").Match(readme) {
			t.Errorf("README.md does not tell of runexp %s", c.Name())
		}
	}
	for _, word := range []string{"RUNEXP_KERNEL", "results/runs/NAME/", "Exit codes", "130"} {
		if _, stdout, _ := runexp(t, context.Background(), "--help"); !strings.Contains(stdout, word) {
			t.Errorf("--help does not tell of %s", word)
		}
	}
}
