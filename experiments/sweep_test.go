package experiments

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"spfq/experiments/plan"
	"spfq/results"
)

// cells lists the cells of a plan by the given columns, each once, in order.
func cells(e *Experiment, columns ...string) string {
	var out []string
	for s := range e.Settings {
		for _, v := range e.Settings[s].Variants {
			id := e.Identity(plan.Task{Setting: s}, v)
			var texts []string
			for _, name := range columns {
				texts = append(texts, id.Text(name))
			}
			if text := strings.Join(texts, "/"); !slices.Contains(out, text) {
				out = append(out, text)
			}
		}
	}
	return strings.Join(out, " ")
}

func count(e *Experiment) (cells int) {
	for _, s := range e.Settings {
		cells += len(s.Variants)
	}
	return cells
}

// Each sweep leaves the cells it says, which also reads back from the resolved
// config.
func TestSweep(t *testing.T) {
	const settings, variants = 3 * 2 * 3 * 3, (3 + 1) * (2 + 2 + 1) // gaussian, or subspace of two dimensions
	for _, c := range []struct {
		name, sweep, columns, want string
		count                      int
	}{
		{"the grid", "{}", "width/samples", "8/3 8/4 8/5 16/3 16/4 16/5 32/3 32/4 32/5", settings * variants},
		{"network and data", "{zip: [[network.width, data.samples]]}", "width/samples", "8/3 16/4 32/5", settings / 3 * variants},
		{"settings and alphabet", "{zip: [[network.width, alphabet.bits]]}", "width/bits/levels", "8/3/signed 8/3/paper 16/4/signed 16/4/paper 32/inf/", 18 * 4 * 5},
		{"settings, alphabet and a method", "{zip: [[network.width, alphabet.bits, methods.0.align]]}", "width/bits/method/align",
			"8/3/spfq/exact 8/3/rtn/none 16/4/spfq/order-2 16/4/rtn/none 32/inf/spfq/none 32/inf/rtn/none", 18 * 2 * 5},
		{"two groups", "{zip: [[network.width, data.samples], [network.weights, data.source]]}", "width/weights/source/samples",
			"8/gaussian/gaussian/3 8/uniform/subspace/3 16/gaussian/gaussian/4 16/uniform/subspace/4 32/gaussian/gaussian/5 32/uniform/subspace/5", 9 * variants},
		{"an axis that does not matter", "{zip: [[data.source, data.dimension]]}", "source/dimension", "gaussian/0 subspace/3", 3 * 2 * 2 * 3 * variants},
		{"where", "{where: {method: spfq, width: [8, 32], bits: inf}}", "width/method/bits", "8/spfq/inf 32/spfq/inf", 36 * 3},
		{"exclude", "{where: {source: gaussian}, exclude: [{bits: 3, width: 32}, {method: rtn, width: [8, 16]}]}", "width/method/bits",
			"8/spfq/3 8/spfq/4 8/spfq/inf 16/spfq/3 16/spfq/4 16/spfq/inf 32/spfq/4 32/spfq/inf 32/rtn/4 32/rtn/inf", 6 * (15 + 15 + 12)},
		{"include", "{where: {width: 8, samples: 3, method: rtn, source: gaussian, weights: uniform}, include: [{network.width: [64, 128], alphabet.bits: 5, where: {method: spfq, align: exact, samples: 4, source: gaussian, weights: gaussian, levels: paper}}]}",
			"width/method/bits/samples", "8/rtn/3/3 8/rtn/4/3 8/rtn/inf/3 64/spfq/5/4 128/spfq/5/4", 5 + 2},
		{"include in a setting", "{where: {width: 8, samples: 3, method: rtn, source: gaussian, weights: uniform, bits: inf}, include: [{alphabet.bits: inf, where: {width: 8, weights: uniform, samples: 3, source: gaussian}}]}",
			"width/method/align/bits", "8/spfq/exact/inf 8/spfq/order-2/inf 8/spfq/none/inf 8/rtn/none/inf", 4},
		{"include on a zipped axis", "{zip: [[network.width, data.samples], [network.weights, alphabet.levels]], where: {method: rtn, bits: inf}, include: [{network.width: 64, where: {method: rtn, bits: 3, source: gaussian}}]}",
			"width/samples/weights/levels", "8/3/gaussian/ 8/3/uniform/ 16/4/gaussian/ 16/4/uniform/ 32/5/gaussian/ 32/5/uniform/ 64/3/gaussian/signed 64/4/gaussian/signed 64/5/gaussian/signed 64/3/uniform/paper 64/4/uniform/paper 64/5/uniform/paper", 18 + 6},
		{"include other sizes", "{where: {width: 8}, include: [{network.widths: [[6, 7, 8], [4, 5]], data.source: gaussian, methods.0.align: order-4, where: {method: spfq}}]}",
			"width/widths/align/method", "8/8-8-8/exact/spfq 8/8-8-8/order-2/spfq 8/8-8-8/none/spfq 8/8-8-8/none/rtn 7/6-7-8/order-4/spfq 4/4-5/order-4/spfq", 18*20 + 2*2*3*5},
	} {
		p, err := Parse("test.yaml", []byte(swept+"sweep: "+c.sweep+"\n"), nil)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		again, err := Parse("again.yaml", p.Spec.YAML(), nil)
		if err != nil {
			t.Errorf("%s: the resolved config is refused: %v\n%s", c.name, err, p.Spec.YAML())
			continue
		}
		if !bytes.Equal(again.Spec.YAML(), p.Spec.YAML()) {
			t.Errorf("%s: resolves to\n%s\nand that to\n%s", c.name, p.Spec.YAML(), again.Spec.YAML())
		}
		for _, p := range []*Experiment{p, again} {
			if got := cells(p, strings.Split(c.columns, "/")...); got != c.want || count(p) != c.count {
				t.Errorf("%s: %d cells\n%s\nwant %d\n%s", c.name, count(p), got, c.count, c.want)
			}
		}
	}
}

// A config whose sweep is left empty is the config without one.
func TestEmptySweep(t *testing.T) {
	a, b := mustParse(t, swept), mustParse(t, swept+"sweep: {where: {width: 8}}\n", "sweep={}")
	if a.Spec.Hash() != b.Spec.Hash() || strings.Contains(string(a.Spec.YAML()), "sweep:") {
		t.Errorf("an empty sweep is another config:\n%s", b.Spec.YAML())
	}
	c := mustParse(t, swept, "sweep.zip=[[network.width, data.samples]]", "sweep.where.method=rtn")
	if got := cells(c, "width", "samples", "method"); got != "8/3/rtn 16/4/rtn 32/5/rtn" {
		t.Errorf("--set sweep leaves %s", got)
	}
}

func TestSweepMistakes(t *testing.T) {
	for _, c := range []struct {
		name, sweep string
		sets        []string
		want        []string // the start of each message
	}{
		{name: "unknown key", sweep: "{zipp: []}", want: []string{`test.yaml:9:9: sweep.zipp: no such key; did you mean "zip"?`}},
		{name: "no list", sweep: "{zip: network.width}", want: []string{"test.yaml:9:14: sweep.zip: want a list of groups of axes"}},
		{name: "no group", sweep: "{zip: [network.width, data.samples]}", want: []string{
			"test.yaml:9:15: sweep.zip[0]: want a group of at least two axes", "test.yaml:9:30: sweep.zip[1]: want a group of at least two axes"}},
		{name: "one axis", sweep: "{zip: [[network.width]]}", want: []string{"test.yaml:9:15: sweep.zip[0]: want a group of at least two axes"}},
		{name: "unknown axis", sweep: "{zip: [[network.width, data.sample]]}", want: []string{`test.yaml:9:31: sweep.zip[0][1]: no axis "data.sample"; did you mean "data.samples"?`}},
		{name: "no axis of this config", sweep: "{zip: [[network.widths, data.samples]]}", want: []string{"test.yaml:9:16: sweep.zip[0]: this config has no network.widths"}},
		{name: "no such method", sweep: "{zip: [[network.width, methods.2.align]]}", want: []string{`test.yaml:9:31: sweep.zip[0][1]: no axis "methods.2.align"`}},
		{name: "no such method first", sweep: "{zip: [[methods.2.align, network.width]]}", want: []string{`test.yaml:9:16: sweep.zip[0][0]: no axis "methods.2.align"`}},
		{name: "unequal lengths", sweep: "{zip: [[network.width, network.weights]]}", want: []string{"test.yaml:9:15: sweep.zip[0]: axes that move together need equally many values: network.width has 3, network.weights has 2"}},
		{name: "unequal once narrowed", sweep: "{zip: [[network.width, data.samples]]}", sets: []string{"network.width=8"}, want: []string{"test.yaml:9:15: sweep.zip[0]: axes that move together need equally many values: network.width has 1, data.samples has 3 (--set sweep={}"}},
		{name: "zipped twice", sweep: "{zip: [[network.width, data.samples], [alphabet.bits, network.width]]}", want: []string{"test.yaml:9:62: sweep.zip[1]: network.width is zipped twice"}},
		{name: "where of no column", sweep: "{where: {mehtod: spfq}}", want: []string{`test.yaml:9:17: sweep.where.mehtod: no such key; did you mean "method"?`}},
		{name: "where that matches nothing", sweep: "{where: {width: 64}}", want: []string{"test.yaml:9:16: sweep.where: no record of this config has width = 64; width is 8, 16 or 32 (--set sweep={}"}},
		{name: "where that matches less", sweep: "{where: {width: [8, 64]}}", want: []string{"test.yaml:9:24: sweep.where.width: no record of this config has width = 64"}},
		{name: "where of a trial", sweep: "{where: {trial: 0}}", want: []string{"test.yaml:9:24: sweep.where.trial: trial is no axis"}},
		{name: "exclude no list", sweep: "{exclude: {bits: 3}}", want: []string{"test.yaml:9:18: sweep.exclude: want a list of conditions"}},
		{name: "exclude that matches nothing", sweep: "{exclude: [{bits: 3}, {bits: 5}]}", want: []string{"test.yaml:9:30: sweep.exclude[1]: no record of this config has bits = 5"}},
		{name: "exclude what where left out", sweep: "{where: {bits: 4}, exclude: [{bits: 3}]}", want: []string{"test.yaml:9:37: sweep.exclude[0]: no record of this config has bits = 3"}},
		{name: "nothing is left", sweep: "{exclude: [{method: [spfq, rtn]}]}", want: []string{"test.yaml:9:8: sweep: leaves nothing of the grid to run"}},
		{name: "include nothing new", sweep: "{include: [{network.width: 16}]}", want: []string{"test.yaml:9:19: sweep.include[0]: adds nothing"}},
		{name: "include no axis", sweep: "{include: [{where: {method: rtn}}]}", want: []string{"test.yaml:9:19: sweep.include[0]: sets no axis"}},
		{name: "include an unknown axis", sweep: "{include: [{network.withd: 16}]}", want: []string{`test.yaml:9:20: sweep.include[0].network.withd: no axis "network.withd"; did you mean "network.width"?`}},
		{name: "include a wrong value", sweep: "{include: [{network.width: [64, 0]}]}", want: []string{"test.yaml:9:40: sweep.include[0].network.width[1]: want a whole number"}},
		{name: "include what does not fit", sweep: "{include: [{alphabet.step: data}]}", want: []string{"test.yaml:9:19: sweep.include[0]: the config with this in it: alphabet.bits: the infinite alphabet has no K"}},
		{name: "include a subspace too large", sweep: "{include: [{data.dimension: 9}]}", want: []string{"test.yaml:9:19: sweep.include[0]: data.dimension: a subspace of dimension 9 does not fit"}},
		{name: "include with a where that matches nothing", sweep: "{include: [{network.width: 64, where: {method: gpfq}}]}", want: []string{"test.yaml:9:46: sweep.include[0].where: no record of this config has method = gpfq"}},
		{name: "include twice", sweep: "{include: [{network.width: 64, network.width: 65}]}", want: []string{"test.yaml:9:39: sweep.include[0].network.width: given twice"}},
		{name: "set", sweep: "{where: {width: 8}}", sets: []string{"sweep.where.width=9"}, want: []string{"test.yaml:9:16: sweep.where: no record of this config has width = 9"}},
		{name: "claim about what is left out", sweep: "{where: {method: rtn}}\nclaims: [{kind: generalizes, where: {method: spfq}, range: [0, 3]}]", want: []string{"test.yaml:10:37: claims[0].where: no record of this config has method = spfq"}},
		{name: "claim about values that are left out", sweep: "{exclude: [{width: 8, method: rtn}]}\nclaims: [{kind: cost, where: {method: rtn, width: [8, 16, 32]}}]", want: nil},
	} {
		got := problems(t, swept+"sweep: "+c.sweep+"\n", c.sets...)
		ok := len(got) == len(c.want)
		for i := range min(len(got), len(c.want)) {
			ok = ok && strings.HasPrefix(got[i], c.want[i])
		}
		if !ok {
			t.Errorf("%s: messages\n  %s\nwant ones that begin with\n  %s", c.name, strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
		}
	}
}

// What is narrowed away is neither run nor searched nor certified, and what is
// left has the records of the whole grid: variants of a setting share its draws.
func TestSweepRuns(t *testing.T) {
	const claims = "claims: [{kind: bits_growth, where: {method: gpfq}}, {kind: bound, theorem: layer_data, where: {method: spfq, align: exact, width: 64}}]\n"
	text := strings.Split(small, "claims:")[0] + claims
	whole, _ := mustExecute(t, mustParse(t, text), filepath.Join(t.TempDir(), "whole"), 2)
	p := mustParse(t, text, "sweep={exclude: [{width: 16, method: gpfq}], where: {bits: 4}}")
	part, _ := mustExecute(t, p, filepath.Join(t.TempDir(), "part"), 2)
	want := map[string]results.Record{}
	for _, r := range whole.Records {
		want[r.Key] = r
	}
	if len(part.Records) != (4+4+3)*4 || len(part.Searches) != 2*4 {
		t.Errorf("%d records and %d searches, want 44 and 8", len(part.Records), len(part.Searches))
	}
	for _, r := range part.Records {
		w, ok := want[r.Key]
		if !ok || w.RelSqError != r.RelSqError || w.Operations != r.Operations {
			t.Errorf("width %d, %s, trial %d: error %v, of the whole grid %v (%v)", r.Width, r.Method, r.Trial, r.RelSqError, w.RelSqError, ok)
		}
		if certified := !r.PerLayer[0].ProxyRow.IsMissing(); certified != (r.Width == 64 && r.Align == "exact") {
			t.Errorf("width %d, %s: certified is %v", r.Width, r.Align, certified)
		}
	}
}

// A claim looks along zipped axes together.
func TestClaimAlongZip(t *testing.T) {
	p := mustParse(t, `name: zipped
trials: 4
network: {layers: 1, width: [16, 32, 64]}
data: {samples: [2, 4, 8]}
alphabet: {step: [1, 0.5, 0.25]}
methods: [{name: rtn}]
sweep: {zip: [[network.width, data.samples, alphabet.step]]}
claims: [{kind: power_law, metric: rel_sq_error, over: width, exponent: [-2.1, -1.9]}]
`)
	claims := measure(p, func(r *results.Record) {
		r.RelSqError = r.Step.Num() * r.Step.Num() * results.Num(1+1e-6*noise(&r.Identity))
	}, nil).Judge()
	if len(claims) != 1 || claims[0].Verdict != results.Supported {
		t.Errorf("judged %+v, want one claim, supported", claims)
	}
}
