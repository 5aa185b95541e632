package config

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"spfq/experiments/config/schematest"
	"spfq/internal/domain"
	"spfq/results"
)

// sample returns a config of experiments/testdata.
func sample(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../testdata", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The schema takes every config there is, as written and resolved.
func TestSchemaTakesConfigs(t *testing.T) {
	s := schematest.Compile(t, Schema())
	texts := map[string][]byte{"small": []byte(sample(t, "small")), "every key": []byte(sample(t, "everyKey")), "many kinds": []byte(sample(t, "manyKinds"))}
	files, err := filepath.Glob("../../configs/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no configs: %v", err)
	}
	for _, f := range files {
		if texts[f], err = os.ReadFile(f); err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(texts[f], []byte("# yaml-language-server: $schema=../docs/config.schema.json\n")) {
			t.Errorf("%s does not name its schema in the first line", f)
		}
	}
	for name, text := range texts {
		if err := s.Validate(schematest.Plain(t, text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		doc, err := Parse(name, text, nil)
		if err != nil {
			t.Fatal(err)
		}
		if resolved := doc.Spec.YAML(); s.Validate(schematest.Plain(t, resolved)) != nil {
			t.Errorf("%s, resolved: %v\n%s", name, s.Validate(schematest.Plain(t, resolved)), resolved)
		}
	}
}

// Schema and decoder refuse each key that the table of axes allows only where another key
// has a certain value, if that one has another.
func TestSchemaKnowsConditions(t *testing.T) {
	s := schematest.Compile(t, Schema())
	base := []byte("name: a\ntrials: 1\nnetwork: {layers: 1, width: 4}\ndata: {samples: 2}\nalphabet: {step: 0.5, bits: 4}\nmethods: [{name: rtn}]\nclaims: []\n")
	refused := func(set string) (bySchema, byDecoder bool) {
		d := &decoder{file: "test.yaml", sets: []string{set}}
		var doc any
		if err := d.parse(base).Decode(&doc); err != nil {
			t.Fatal(err)
		}
		d = &decoder{file: "test.yaml", sets: d.sets}
		d.read(base)
		return s.Validate(doc) != nil, len(d.problems) > 0
	}
	if schema, decoder := refused("trials=2"); schema || decoder {
		t.Fatalf("without such a key: refused by the schema %v, by the decoder %v", schema, decoder)
	}
	for i := range results.Axes {
		row := &results.Axes[i]
		if row.Only == nil || !row.Only.Refuse {
			continue
		}
		value := row.Default
		if value == "" {
			value = "1"
		}
		if schema, decoder := refused(row.Path + "=" + value); !schema || !decoder {
			t.Errorf("%s: refused by the schema %v, by the decoder %v", row.Path, schema, decoder)
		}
	}
}

// What a value was called in earlier formats is understood by schema and decoder, as the
// value of an axis, in a list, in an include and in conditions.
func TestSchemaKnowsFormerValues(t *testing.T) {
	row := results.AxisOf("order")
	defer func() { row.Formerly = nil }()
	row.Formerly = map[string]string{"true": "natural", "descending": "norm"}
	text := []byte("name: a\ntrials: 1\nnetwork: {layers: 1, width: [4, 8]}\ndata: {samples: 2}\nalphabet: {step: 0.5}\n" +
		"methods: [{name: rtn, order: true}, {name: spfq, order: [true, descending, weight]}]\nclaims: []\n" +
		"sweep: {where: {order: [true, norm]}, include: [{network.width: 16, methods.0.order: descending}]}\n")
	if err := schematest.Compile(t, Schema()).Validate(schematest.Plain(t, text)); err != nil {
		t.Errorf("the schema: %v", err)
	}
	doc, err := Parse("test.yaml", text, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(doc.Spec.Axes.Methods[1]["methods.order"], doc.Spec.Sweep.Where), "[natural norm weight] order = natural or norm"; got != want {
		t.Errorf("read as %s, want %s", got, want)
	}
}

// probes are values of all kinds.
var probes = []string{
	"null", "true", "false", "0", "1", "2", "-1", "40", "1.5", "0.5", "0.99", "1e-3", "3e9", "3000000000", "''", "'4'", "x",
	"inf", "-inf", "data", "gaussian", "uniform", "subspace", "relu", "tanh", "student-5", "student-", "constant-0.1", "Student-5",
	"none", "order-3", "order-0", "order-R", "exact", "exact-max", "spfq", "rtn", "nearest", "stochastic", "natural", "random",
	"signed", "paper", "rel_sq_error", "max_error", "width", "method", "one_layer", "T7", "subgaussian", "operations", "power_law",
	"[]", "[1, 2]", "[4, 5]", "[4, inf]", "[1, 1]", "[0, 1]", "[-inf, inf]", "[0.1, 0.2]", "[1, 2, 3]", "[x, y]", "[true, false]", "[gaussian, uniform]",
	"[relu, relu]", "[exact, order-2]", "[[1, 2]]", "[[4, 4], [2, 2, 2]]", "[[]]", "[{}]", "[{name: spfq}]", "[{name: spfq, order: x}]",
	"[{kind: x}]", "{}", "{a: 1}", "{method: spfq}", "{method: [spfq, rtn]}", "{method: {}}", "{bits: []}", "{mehtod: spfq}", "[null]",
}

// bases have between them every key, and no mistake.
func bases(t *testing.T) []string {
	return []string{
		sample(t, "small"), sample(t, "manyKinds"), sample(t, "everyKey"),
		"name: a\nabout: b\nseed: 1\ntrials: 2\nnetwork: {layers: 2, width: 8, weights: gaussian, biases: false, activation: relu}\n" +
			"data: {source: subspace, dimension: 2, noise: 0.1, samples: 2, test_samples: 2}\nalphabet: {step: data, C: 1, quantile: 1, bits: 4, levels: paper, activation_bits: 8}\n" +
			"methods: [{name: spfq, align: exact, feedback: true, rounding: stochastic, order: norm}]\nsweep: {}\nclaims:\n" +
			"  - {kind: power_law, metric: rel_sq_error, over: width, exponent: [0, 1], log_power: 1, where: {method: spfq}, confidence: 0.9}\n" +
			"  - {kind: bound, theorem: one_layer, where: {method: spfq}, confidence: 0.9}\n" +
			"  - {kind: tightness, theorem: one_layer, factor: [1, 2], eta: 0.1, where: {method: spfq}, confidence: 0.9}\n" +
			"  - {kind: tightness, theorem: one_layer, over: width, exponent: [1, 2]}\n" +
			"  - {kind: ratio, metric: max_error, to: {method: spfq}, range: [0, 1], where: {method: spfq}, confidence: 0.9}\n" +
			"  - {kind: equals, theorem: T7, within: 0.1, where: {method: spfq}, confidence: 0.9}\n" +
			"  - {kind: bits_growth, factor: 2, where: {method: spfq}, confidence: 0.9}\n" +
			"  - {kind: generalizes, range: [0, 1], where: {method: spfq}, confidence: 0.9}\n" +
			"  - {kind: contraction, factor: [0, 1], where: {method: spfq}, confidence: 0.9}\n" +
			"  - {kind: tail, reference: gaussian, where: {method: spfq}, confidence: 0.9}\n" +
			"  - {kind: cost, metric: seconds, exponent: [0, 1], where: {method: spfq}, confidence: 0.9}\n",
	}
}

// Put to any value of any key, schema and decoder agree.
func TestSchemaAgreesWithDecoder(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of values, one after the other")
	}
	s := schematest.Compile(t, Schema())
	tried := map[string]bool{}
	bases := bases(t)
	for i, base := range bases {
		for _, path := range paths(t, base) {
			if i < len(bases)-1 && (tried[generic(path)] || strings.HasPrefix(path, "claims.")) {
				continue // once is enough, and the last base has every claim
			}
			for _, probe := range probes {
				d := &decoder{file: "probe.yaml", sets: []string{path + "=" + probe}}
				root := d.parse([]byte(base))
				var doc any
				if err := root.Decode(&doc); err != nil {
					t.Fatal(err)
				}
				d = &decoder{file: "probe.yaml", sets: d.sets}
				d.read([]byte(base))
				err := s.Validate(doc)
				if (err == nil) != (len(d.problems) == 0) && !decidedByPlan(path, probe) {
					t.Errorf("%s: %s: the schema says %v, the decoder %v", path, probe, err, d.problems)
				}
			}
			tried[generic(path)] = true
		}
	}
	for _, k := range Keys() {
		if !tried[k.Path] {
			t.Errorf("%s was not tried", k.Path)
		}
	}
}

// decidedByPlan lists where schema and decoder may differ: what the decoder
// leaves to the plan, and numbers that the schema has no words for.
func decidedByPlan(path, probe string) bool {
	switch {
	case probe == "3e9": // a whole number, but not in plain notation
		return true
	case strings.HasSuffix(path, ".kind"): // the keys of another kind
		return true
	case generic(path) == "alphabet.levels" || generic(path) == "alphabet.bits": // one bit fits paper levels only
		return true
	}
	return false
}

// generic is a path without the numbers of list items.
func generic(path string) string {
	var out []string
	for _, part := range strings.Split(path, ".") {
		if strings.Trim(part, "0123456789") != "" {
			out = append(out, part)
		}
	}
	return strings.Join(out, ".")
}

// paths lists the paths of all keys of a config that are not below a value.
func paths(t *testing.T, text string) []string {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	var out []string
	var walk func(n *yaml.Node, path string)
	walk = func(n *yaml.Node, path string) {
		for i := 0; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
			key := join(path, n.Content[i].Value)
			out = append(out, key)
			switch value := n.Content[i+1]; {
			case strings.HasSuffix(key, ".where") || strings.HasSuffix(key, ".to"):
			case value.Kind == yaml.MappingNode:
				walk(value, key)
			case value.Kind == yaml.SequenceNode:
				for j, item := range value.Content {
					walk(item, fmt.Sprintf("%s.%d", key, j))
				}
			}
		}
	}
	walk(&doc, "")
	walk(doc.Content[0], "")
	return out
}

// Every key is explained, and the decoder knows no mapping that the skeleton
// does not show.
func TestEveryKeyIsExplained(t *testing.T) {
	known := map[string][]string{}
	for _, k := range Keys() {
		if k.Doc == "" || k.Want == "" && strings.Contains(k.Path, ".") {
			t.Errorf("%s %s: doc %q, values %q", k.Path, k.Kind, k.Doc, k.Want)
		}
		known[k.Path] = append(known[k.Path], k.Kind)
	}
	for _, base := range bases(t) {
		d := &decoder{file: "base.yaml"}
		d.tell = func(key string, fields []field) {
			for _, f := range fields {
				path := join(strings.Join(strings.FieldsFunc(key, func(r rune) bool { return strings.ContainsRune("[]0123456789", r) }), ""), f.name)
				if key == "sweep" { // described by hand, in sweepSchema
					if sweepSchema()["properties"].(domain.Schema)[f.name] == nil {
						t.Errorf("%s is read and not in the schema", path)
					}
					continue
				}
				if !strings.Contains(path, ".where.") && !strings.Contains(path, ".to.") && known[path] == nil {
					t.Errorf("%s is read and not listed", path)
				}
			}
		}
		d.read([]byte(base))
	}
}

// A default is what the decoder fills in: given or left out, the config is the
// same.
func TestDefaultsAreTheDefaults(t *testing.T) {
	checked := 0
	for _, base := range bases(t) {
		for _, path := range paths(t, base) {
			var doc map[string]any
			if err := yaml.Unmarshal([]byte(base), &doc); err != nil {
				t.Fatal(err)
			}
			kind := strings.HasPrefix(path, "claims.")
			for _, k := range Keys() {
				if k.Path != generic(path) || k.Default == "" {
					continue
				}
				if kind {
					var i int
					fmt.Sscanf(path, "claims.%d.", &i)
					if doc["claims"].([]any)[i].(map[string]any)["kind"] != k.Kind {
						continue
					}
				}
				given := &decoder{file: "given", sets: []string{path + "=" + k.Default}}
				with, _ := given.read([]byte(base))
				if len(given.problems) > 0 { // the default is for other configs than this
					continue
				}
				left, _ := (&decoder{file: "left out"}).read(leaveKeyOut(t, base, path))
				if with.Hash() != left.Hash() {
					t.Errorf("%s: %s is not what is filled in: %v", path, k.Default, given.problems)
				}
				checked++
			}
		}
	}
	if checked < 30 {
		t.Errorf("%d defaults checked, want at least 30", checked)
	}
}

// leaveKeyOut returns a config without the key at a path.
func leaveKeyOut(t *testing.T, text, path string) []byte {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	at, keys := doc.Content[0], strings.Split(path, ".")
	for _, key := range keys[:len(keys)-1] {
		if i, err := strconv.Atoi(key); err == nil {
			at = at.Content[i]
		} else {
			at = child(at, key)
		}
	}
	i := 2 * slices.IndexFunc(everyOther(at.Content), func(n *yaml.Node) bool { return n.Value == keys[len(keys)-1] })
	at.Content = slices.Delete(at.Content, i, i+2)
	out, err := yaml.Marshal(&doc)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The schema takes sweeps, and sees mistakes in them.
func TestSchemaOfSweeps(t *testing.T) {
	s := schematest.Compile(t, Schema())
	small := sample(t, "small")
	for sweep, ok := range map[string]bool{
		"{}": true,
		"{zip: [[network.width, data.samples], [alphabet.bits, methods.0.align]]}":                                       true,
		"{where: {method: [spfq, gpfq]}, exclude: [{bits: 3, width: 2048}]}":                                             true,
		"{include: [{network.width: 4096, alphabet.bits: inf, methods.1.order: [norm, random], where: {method: spfq}}]}": true,
		"[]": false, "{zap: []}": false, "{zip: []}": false, "{zip: [[network.width]]}": false, "{zip: [network.width, data.samples]}": false,
		"{zip: [[network.width, network.witdh]]}": false, "{zip: [[network.width, methods.0.name]]}": false,
		"{where: {mehtod: spfq}}": false, "{exclude: {bits: 3}}": false, "{include: [{width: 3}]}": false,
		"{include: [{network.width: 0}]}": false, "{include: [{methods.0.order: nrom}]}": false,
	} {
		if err := s.Validate(schematest.Plain(t, []byte(small+"sweep: "+sweep+"\n"))); (err == nil) != ok {
			t.Errorf("%s: %v", sweep, err)
		}
	}
}
