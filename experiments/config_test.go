package experiments

import (
	"bytes"
	_ "embed"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"spfq/experiments/config"
	"spfq/experiments/config/schematest"
)

// Sample configs, which tests of the packages below read too.
var (
	//go:embed testdata/small.yaml
	small string // runs in a fraction of a second
	//go:embed testdata/everyKey.yaml
	everyKey string // uses every key there is
	//go:embed testdata/swept.yaml
	swept string // small without claims, with many axes for sweeps
	//go:embed testdata/manyKinds.yaml
	manyKinds string // has a claim of each kind that small has not, about one layer or two
	//go:embed testdata/explainable.yaml
	explainable string // has what the examples of all kinds are about
)

func mustParse(t *testing.T, text string, sets ...string) *Experiment {
	t.Helper()
	p, err := Parse("test.yaml", []byte(text), sets)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// problems returns the messages that a config gets.
func problems(t *testing.T, text string, sets ...string) []string {
	t.Helper()
	_, err := Parse("test.yaml", []byte(text), sets)
	var bad *config.Error
	if err == nil {
		return nil
	}
	if !errors.As(err, &bad) {
		t.Fatalf("error %v is no *config.Error", err)
	}
	var out []string
	for _, p := range bad.Problems {
		out = append(out, p.String())
	}
	return out
}

// A resolved config reads back to itself: nothing is lost and nothing drifts.
func TestResolvedReadsBack(t *testing.T) {
	texts := map[string][]byte{"small": []byte(small)}
	files, err := filepath.Glob("../configs/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no configs: %v", err)
	}
	for _, f := range files {
		if texts[f], err = os.ReadFile(f); err != nil {
			t.Fatal(err)
		}
	}
	texts["every key"] = []byte(everyKey)
	for name, text := range texts {
		p, err := Parse(name, text, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		once := p.Spec.YAML()
		again, err := Parse(name+", resolved", once, nil)
		if err != nil {
			t.Errorf("%s: its resolved form is refused:\n%v\n%s", name, err, once)
			continue
		}
		if twice := again.Spec.YAML(); !bytes.Equal(once, twice) {
			t.Errorf("%s resolves to\n%s\nand that to\n%s", name, once, twice)
		}
		if again.Spec.Hash() != p.Spec.Hash() || len(again.Variants) != len(p.Variants) || len(again.Settings) != len(p.Settings) {
			t.Errorf("%s: the resolved config is another run", name)
		}
	}
}

// mistake is a config with a mistake.
type mistake struct {
	name, text string
	sets       []string
	want       []string // the start of each message
}

func mistakes() []mistake {
	replace := func(old, new string) string {
		if !strings.Contains(small, old) {
			panic("no " + old)
		}
		return strings.Replace(small, old, new, 1)
	}
	return []mistake{
		{name: "empty", text: "", want: []string{"test.yaml: the file is empty"}},
		{name: "comment only", text: "# nothing\n", want: []string{"test.yaml: the file is empty"}},
		{name: "a list", text: "- 1\n", want: []string{"test.yaml:1:1: want a mapping"}},
		{name: "two documents", text: small + "---\nname: other\n", want: []string{"test.yaml:15:1: the file holds more than one"}},
		{name: "no YAML", text: "name: [1\n", want: []string{"test.yaml:1:1: not YAML: did not find"}},
		{name: "unknown key", text: replace("seed:", "sede:"), want: []string{`test.yaml:2:1: sede: no such key; did you mean "seed"?`}},
		{name: "given twice", text: small + "seed: 9\n", want: []string{"test.yaml:15:1: seed: given twice, first on line 2"}},
		{name: "missing", text: replace("trials: 4\n", ""), want: []string{"test.yaml:1:1: trials: missing"}},
		{name: "octal", text: replace("samples: 4", "samples: 010"), want: []string{"test.yaml:5:35: data.samples: want a whole number"}},
		{name: "quoted number", text: replace("trials: 4", `trials: "4"`), want: []string{"test.yaml:3:9: trials: want a whole number"}},
		{name: "not a number", text: replace("step: 0.25", "step: .nan"), want: []string{"test.yaml:6:18: alphabet.step: want a positive number"}},
		{name: "infinite step", text: replace("step: 0.25", "step: inf"), want: []string{"test.yaml:6:18: alphabet.step: want a positive number"}},
		{name: "nothing", text: replace("step: 0.25", "step: "), want: []string{"test.yaml:6:18: alphabet.step: want a positive number, or data for a step from the data, have nothing"}},
		{name: "one bit", text: replace("bits: [4, inf]", "bits: 1"), want: []string{"test.yaml:6:11: alphabet.bits: 1 bits with signed levels: want 2"}},
		{name: "step from data, infinite", text: replace("step: 0.25", "step: data"), want: []string{"test.yaml:6:11: alphabet.bits: the infinite alphabet has no K"}},
		{name: "C without data", text: replace("step: 0.25", "step: 0.25, C: 2"), want: []string{"test.yaml:6:11: alphabet.C: only a step from the data"}},
		{name: "dimension without subspace", text: replace("samples: 4", "samples: 4, dimension: 2"), want: []string{"test.yaml:5:7: data.dimension: only data of source subspace"}},
		{name: "subspace without dimension", text: replace("source: gaussian", "source: subspace"), want: []string{"test.yaml:5:7: data.dimension: missing: data of source subspace need the dimension of the subspace"}},
		{name: "dimension too large", text: replace("source: gaussian", "source: subspace, dimension: 17"), want: []string{"test.yaml:5:37: data.dimension: a subspace of dimension 17 does not fit"}},
		{name: "empty axis", text: replace("width: [16, 32, 64]", "width: []"), want: []string{"test.yaml:4:29: network.width: an empty list"}},
		{name: "axis value twice", text: replace("[16, 32, 64]", "[16, 32, 16]"), want: []string{"test.yaml:4:38: network.width[2]: 16 is in the list twice"}},
		{name: "list of lists", text: replace("[16, 32, 64]", "[16, [32]]"), want: []string{"test.yaml:4:34: network.width[1]: want one value, have a list"}},
		{name: "widths and width", text: replace("layers: 2,", "layers: 2, widths: [3, 4],"), want: []string{"test.yaml:4:10: network.widths: given beside"}},
		{name: "layers alone", text: replace("width: [16, 32, 64], ", ""), want: []string{"test.yaml:4:10: network.width: missing"}},
		{name: "one size", text: replace("layers: 2, width: [16, 32, 64]", "widths: [3]"), want: []string{"test.yaml:4:19: network.widths: want a list of the sizes"}},
		{name: "methods no list", text: replace("methods:\n", "methods: spfq\nx:\n"), want: []string{"test.yaml:7:10: methods: want a list", "test.yaml:8:1: x: no such key"}},
		{name: "method twice", text: replace("- {name: gpfq}", "- {name: rtn}"), want: []string{"test.yaml:8:3: methods: rtn with align none, feedback false, rounding nearest, order natural is listed twice"}},
		{name: "method unknown", text: replace("name: gpfq", "name: gpqf"), want: []string{`test.yaml:9:12: methods[1].name: want spfq, gpfq, rtn or stochastic, have "gpqf"; did you mean "gpfq"?`}},
		{name: "claim without kind", text: replace("{kind: bound, ", "{"), want: []string{"test.yaml:13:5: claims[1].kind: missing"}},
		{name: "claim matches nothing", text: replace("method: rtn, bits: inf", "method: rtn, bits: 5"), want: []string{"test.yaml:12:65: claims[0].where: no record of this config has method = rtn, bits = 5; bits is 4 or inf"}},
		{name: "claim matches less than it says", text: replace("method: rtn, bits: inf", "method: [rtn, stochastic], bits: inf"), want: []string{"test.yaml:12:74: claims[0].where.method: no record of this config has method = stochastic; method is spfq, gpfq or rtn"}},
		{name: "claim about a word misspelt", text: replace("method: rtn, bits: inf", "method: rnt"), want: []string{`test.yaml:12:65: claims[0].where: no record of this config has method = rnt; method is spfq, gpfq or rtn; did you mean "rtn"?`}},
		{name: "claim over widths that share no series", text: replace("layers: 2, width: [16, 32, 64]", "widths: [[16, 8, 4], [16, 8, 8], [32, 8, 8]]"), want: []string{
			"test.yaml:12:51: claims[0].over: width has one value in each series", "test.yaml:14:5: claims[2]: growth with the width needs at least two widths in a series"}},
		{name: "claim over one value", text: replace("over: width", "over: samples"), want: []string{"test.yaml:12:51: claims[0].over: samples has one value"}},
		{name: "claim over infinity", text: replace("over: width", "over: bits"), want: []string{"test.yaml:12:51: claims[0].over: bits is inf"}},
		{name: "bound of another method", text: replace("{method: spfq, align: exact, bits: inf}", "{method: gpfq}"), want: []string{"test.yaml:13:49: claims[1].where: theorem full_network is about stochastic"}},
		{name: "bound without exact alignment", text: replace("{method: spfq, align: exact, bits: inf}", "{method: spfq}"), want: []string{"test.yaml:13:49: claims[1].where: theorem full_network needs an exact alignment"}},
		{name: "bits growth of bits", text: replace("{method: spfq, align: exact}, factor", "{method: spfq, bits: 4}, factor"), want: []string{"test.yaml:14:53: claims[2].where.bits: the claim searches over K itself"}},
		{name: "factor", text: replace("factor: 1.5", "factor: 1"), want: []string{"test.yaml:14:70: claims[2].factor: want a number above 1"}},
		{name: "set, no value", text: small, sets: []string{"trials"}, want: []string{"--set trials: want key.path=value"}},
		{name: "set, wrong value", text: small, sets: []string{"trials=0"}, want: []string{"--set trials=0: trials: want a whole number"}},
		{name: "set, wrong key", text: small, sets: []string{"network.witdh=3"}, want: []string{`--set network.witdh=3: network.witdh: no such key; did you mean "width"?`}},
		{name: "set below a value", text: small, sets: []string{"trials.x=3"}, want: []string{`--set trials.x=3: trials.x: trials holds "4"`}},
		{name: "set, no item", text: small, sets: []string{"methods.9.name=rtn"}, want: []string{"--set methods.9.name=rtn: methods.9: want the number of a list item, 0 to 2"}},
	}
}

// Every mistake gets one message that names its place, all of them at once.
func TestMistakes(t *testing.T) {
	for _, c := range mistakes() {
		got := problems(t, c.text, c.sets...)
		ok := len(got) == len(c.want)
		for i := range min(len(got), len(c.want)) {
			ok = ok && strings.HasPrefix(got[i], c.want[i])
		}
		if !ok {
			t.Errorf("%s: messages\n  %s\nwant ones that begin with\n  %s", c.name, strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
		}
	}
}

func FuzzParse(f *testing.F) {
	schema := schematest.Compile(f, config.Schema())
	f.Add([]byte(small), "trials=3")
	f.Add([]byte(everyKey), "methods.0.align=[exact, none]")
	f.Add([]byte(swept+"sweep: {zip: [[network.width, data.samples]], where: {method: spfq}, exclude: [{bits: 3}], include: [{alphabet.step: [0.5], data.source: gaussian}]}\n"), "sweep.include.0={methods.1.order: [norm, random]}")
	f.Add([]byte(swept+"sweep: {include: [{network.widths: [[3, 4]]}]}\n"), "sweep={}")
	f.Add([]byte("a: &x [*x]\n"), "a.b=*x")
	f.Add([]byte("a: &a [1, 1]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"+small), "network.width=[8, &w [*w]]")
	f.Add([]byte(swept+"sweep: {exclude: [&w {bits: [3, 4]}, *w], include: [{network.width: 1048576}]}\n"), "trials=1000000")
	f.Add([]byte("{? [a]: b, <<: {c: d}}"), "=")
	f.Fuzz(func(t *testing.T, data []byte, set string) {
		p, err := Parse("fuzz.yaml", data, []string{set})
		if err == nil && p == nil {
			t.Fatal("neither a plan nor an error")
		}
		if err != nil {
			return
		}
		if _, err := Parse("again.yaml", p.Spec.YAML(), nil); err != nil {
			t.Fatalf("the resolved config is refused: %v\n%s", err, p.Spec.YAML())
		}
		if err := schema.Validate(schematest.Plain(t, p.Spec.YAML())); err != nil {
			t.Fatalf("the schema refuses the resolved config: %v\n%s", err, p.Spec.YAML())
		}
	})
}
