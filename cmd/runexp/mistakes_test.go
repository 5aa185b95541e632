package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// configMistakes are mistakes that a config can have, with what the message about
// each must say.
var configMistakes = []struct {
	old, put string // put takes the place of old in the tiny config; if old is "", put is the whole config
	line     int    // the line that the message names; 0 for the file as a whole
	says     string // a part of the message
}{
	// not YAML, or not a config
	{"", "", 0, "the file is empty"},
	{"", "# nothing\n", 0, "the file is empty"},
	{"", "\x00\x01\xff", 0, "not YAML"},
	{"", "- 1\n- 2\n", 1, "want a mapping"},
	{"", "just text\n", 1, "want a mapping"},
	{"", "null\n", 1, "want a mapping"},
	{"", "{}\n", 1, "name: missing"},
	{"", tinyConfig + "---\n" + tinyConfig, 9, "more than one YAML document"},
	{"name: tiny", "name: [tiny", 1, "not YAML"},
	{"trials: 6", "\ttrials: 6", 2, "not YAML"},
	{"trials: 6", "trials: 6: 7", 2, "not YAML"},
	{"trials: 6", "trials: *six", 0, "not YAML: unknown anchor 'six'"},
	{"trials: 6", `trials: "six`, 2, "not YAML"},
	// keys
	{"trials: 6", "trails: 6", 2, `trails: no such key; did you mean "trials"?`},
	{"trials: 6\n", "trials: 6\ntrials: 7\n", 3, "trials: given twice"},
	{"trials: 6\n", "", 1, "trials: missing"},
	{"name: tiny\n", "", 1, "name: missing"},
	{"network: {layers: 2, width: [16, 32, 64]}\n", "", 1, "network: missing"},
	{"data: {samples: 4, test_samples: 3}\n", "", 1, "data: missing"},
	{"alphabet: {step: 0.25, bits: [4, inf]}\n", "", 1, "alphabet: missing"},
	{"methods: [{name: spfq}, {name: rtn}]\n", "", 1, "methods: missing"},
	{"layers: 2, ", "", 3, "network.layers: missing"},
	{", width: [16, 32, 64]", "", 3, "network.width: missing"},
	{"samples: 4, ", "", 4, "data.samples: missing"},
	{"step: 0.25, ", "", 5, "alphabet.step: missing"},
	{"name: tiny", "{name: tiny}: 1\nname: tiny", 1, "key"},
	// values
	{"name: tiny", "name: two words", 1, "name: want a name"},
	{"name: tiny", "name: 12", 1, "name: want text"},
	{"name: tiny", "name: a/b", 1, "name: want a name"},
	{"trials: 6", "trials: 0", 2, "trials: want a whole number"},
	{"trials: 6", "trials: -1", 2, "trials: want a whole number"},
	{"trials: 6", "trials: 1.5", 2, "trials: want a whole number"},
	{"trials: 6", "trials: 06", 2, "trials: want a whole number"},
	{"trials: 6", "trials: 0x10", 2, "trials: want a whole number"},
	{"trials: 6", `trials: "6"`, 2, "trials: want a whole number"},
	{"trials: 6", "trials: many", 2, "trials: want a whole number"},
	{"trials: 6", "trials: [6]", 2, "trials: want one value, have a list"},
	{"trials: 6", "trials:", 2, "trials: want a whole number"},
	{"trials: 6", "trials: 99999999999999999999", 2, "trials: want a whole number"},
	{"trials: 6", "trials: 6\nseed: -1", 3, "seed: want"},
	{"trials: 6", "trials: 6\nseed: 18446744073709551616", 3, "seed: want"},
	{"trials: 6", "trials: 6\nabout: {a: b}", 3, "about: want one value, have a mapping"},
	{"layers: 2", "layers: 0", 3, "network.layers: want a whole number"},
	{"[16, 32, 64]", "[16, 32, 16]", 3, "network.width"},
	{"[16, 32, 64]", "[]", 3, "network.width"},
	{"[16, 32, 64]", "[16, [32]]", 3, "network.width[1]: want one value, have a list"},
	{"[16, 32, 64]", "{a: 1}", 3, "network.width: want"},
	{"layers: 2", "layers: 2, widths: [[4, 4]]", 3, "network"},
	{"layers: 2", "layers: 2, activation: rleu", 3, `did you mean "relu"?`},
	{"layers: 2", "layers: 2, weights: student-1", 3, `network.weights: weights "student-1": want student-NU`},
	{"layers: 2", "layers: 2, biases: yes please", 3, "network.biases: want"},
	{"network: {layers: 2, width: [16, 32, 64]}", "network: 3", 3, "network: want a mapping"},
	{"samples: 4,", "samples: 4, source: gausian,", 4, `did you mean "gaussian"?`},
	{"samples: 4,", "samples: 4, source: subspace, dimension: 99,", 4, "data.dimension: a subspace of dimension 99 does not fit"},
	{"samples: 4,", "samples: 4, source: subspace,", 4, "data.dimension: missing"},
	{"samples: 4,", "samples: 4, noise: 0.1,", 4, "data.noise"},
	{"test_samples: 3", "test_samples: -3", 4, "data.test_samples: want a whole number"},
	{"step: 0.25", "step: 0", 5, "alphabet.step: want a positive number"},
	{"step: 0.25", "step: -0.25", 5, "alphabet.step: want a positive number"},
	{"step: 0.25", "step: .nan", 5, "alphabet.step: want a positive number"},
	{"step: 0.25", "step: inf", 5, "alphabet.step: want a positive number"},
	{"step: 0.25", "step: 1e999", 5, "alphabet.step: want a positive number"},
	{"step: 0.25", "step: data", 5, "the infinite alphabet has no K"},
	{"step: 0.25", "step: 0.25, C: 2", 5, "alphabet.C"},
	{"bits: [4, inf]", "bits: 1", 5, "want 2"},
	{"bits: [4, inf]", "bits: 99", 5, "alphabet.bits: want"},
	{"bits: [4, inf]", "bits: four", 5, "alphabet.bits: want"},
	{"bits: [4, inf]", "bits: 4, levels: odd", 5, "alphabet.levels: want"},
	// methods
	{"[{name: spfq}, {name: rtn}]", "spfq", 6, "methods: want a list"},
	{"[{name: spfq}, {name: rtn}]", "[]", 6, "methods"},
	{"[{name: spfq}, {name: rtn}]", "[spfq]", 6, "methods[0]: want a mapping"},
	{"{name: rtn}", "{name: rnt}", 6, `did you mean "rtn"?`},
	{"{name: rtn}", "{name: spfq}", 6, "listed twice"},
	{"{name: rtn}", "{name: rtn, align: order-0}", 6, `methods[1].align: alignment "order-0": want order-R`},
	{"{name: rtn}", "{name: rtn, rounding: up}", 6, "methods[1].rounding: want"},
	{"{name: rtn}", "{align: none}", 6, "methods[1].name: missing"},
	// claims
	{"kind: power_law", "kind: power_low", 8, `did you mean "power_law"?`},
	{"kind: power_law, ", "", 8, "claims[0].kind: missing"},
	{"metric: rel_sq_error", "metric: rel_sqr_error", 8, `did you mean "rel_sq_error"?`},
	{"over: width", "over: samples", 8, "claims[0].over: samples has one value"},
	{"over: width", "over: weather", 8, "claims[0].over"},
	{"method: rtn, bits: inf", "method: gpfq", 8, "no record of this config has method = gpfq"},
	{"method: rtn, bits: inf", "mehtod: rtn", 8, `did you mean "method"?`},
	{"[-0.5, 0.5]", "[0.5, -0.5]", 8, "claims[0].exponent: range [0.5, -0.5] is empty"},
	{"[-0.5, 0.5]", "[0.5]", 8, "claims[0].exponent: want"},
	{"exponent: [-0.5, 0.5]", "exponent: [-1, 1], confidence: 2", 8, "claims[0].confidence: want"},
	{", exponent: [-0.5, 0.5]", "", 8, "claims[0].exponent: missing"},
	// sweeps
	{"claims:", "sweep: {zip: [[network.width, data.samples]]}\nclaims:", 7, "axes that move together need equally many values"},
	{"claims:", "sweep: {where: {width: 65}}\nclaims:", 7, "no record of this config has width = 65"},
	{"claims:", "sweep: {excluded: []}\nclaims:", 7, `did you mean "exclude"?`},
	{"claims:", "sweep: {include: [{network.width: 16}]}\nclaims:", 7, "adds nothing"},
}

// Every mistake in a config is refused by every command that reads one, with
// exit code 2 and a message that names file, line and column; nothing is run.
func TestConfigMistakes(t *testing.T) {
	runexp(t, context.Background(), "--help")
	seen := map[string]bool{}
	for _, c := range configMistakes {
		text := c.put
		if c.old != "" {
			if !strings.Contains(tinyConfig, c.old) {
				t.Fatalf("the config has no %s", c.old)
			}
			text = strings.Replace(tinyConfig, c.old, c.put, 1)
		}
		if seen[text] {
			t.Errorf("%q for %q is there twice", c.put, c.old)
		}
		seen[text] = true
		if err := os.WriteFile("bad.yaml", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		place := `bad\.yaml: `
		if c.line > 0 {
			place = fmt.Sprintf(`bad\.yaml:%d:\d+: `, c.line)
		}
		for _, args := range [][]string{{"bad.yaml"}, {"validate", "bad.yaml"}, {"plan", "bad.yaml"}} {
			code, stdout, stderr := runexp(t, context.Background(), args...)
			said := regexp.MustCompile(`(?m)^` + place + `.*` + regexp.QuoteMeta(c.says))
			if code != exitUsage || stdout != "" || !said.MatchString(stderr) || strings.Contains(stderr, "internal error") {
				t.Errorf("%q for %q: %v: exit %d, %s%swant line %d, %s", c.put, c.old, args, code, stdout, stderr, c.line, c.says)
				break
			}
		}
	}
	if len(seen) < 60 {
		t.Errorf("%d mistakes, want at least 60", len(seen))
	}
	if exists("results") {
		t.Error("a folder was made")
	}
}
