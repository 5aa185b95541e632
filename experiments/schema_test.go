package experiments

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "write docs/config.schema.json and the tables of docs/config.md anew")

const schemaFile = "../docs/config.schema.json"

// docs/config.schema.json is what runexp schema prints.
func TestSchemaFile(t *testing.T) {
	fresh(t, schemaFile, Schema())
}

// fresh checks that a generated file is as it would be generated now.
func fresh(t *testing.T, path string, want []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(path); err != nil || !bytes.Equal(have, want) {
		t.Errorf("%s is stale (%v): run go test ./experiments -update, and read the change", path, err)
	}
}

func compileSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("config.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("config.schema.json") // checks it against the schema of schemas
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// plain returns a YAML document as an editor's validator sees it. JSON has no
// infinity; to an editor .inf is a number above all others.
func plain(t testing.TB, text []byte) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return finite(v)
}

func finite(v any) any {
	switch v := v.(type) {
	case float64:
		if math.IsInf(v, 0) {
			return math.Copysign(math.MaxFloat64, v)
		}
	case []any:
		for i := range v {
			v[i] = finite(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = finite(v[k])
		}
	}
	return v
}

// The schema takes every config there is, as written and resolved.
func TestSchemaTakesConfigs(t *testing.T) {
	s := compileSchema(t)
	texts := map[string][]byte{"small": []byte(small), "every key": []byte(everyKey), "many kinds": []byte(manyKinds)}
	files, err := filepath.Glob("../configs/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no configs: %v", err)
	}
	for _, f := range files {
		if texts[f], err = os.ReadFile(f); err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(texts[f], []byte("# yaml-language-server: $schema="+schemaFile+"\n")) {
			t.Errorf("%s does not name its schema in the first line", f)
		}
	}
	for name, text := range texts {
		if err := s.Validate(plain(t, text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if resolved := mustParse(t, string(text)).Config.YAML(); s.Validate(plain(t, resolved)) != nil {
			t.Errorf("%s, resolved: %v\n%s", name, s.Validate(plain(t, resolved)), resolved)
		}
	}
}

// blind lists the mistakes that no schema can see: those of YAML's notation, and
// those that only the plan shows.
var blind = []string{
	"two documents", "no YAML", "given twice", "octal", "not a number", // of the notation
	"one bit", // is one too few for signed levels only
	"dimension too large", "method twice", "claim matches nothing", "claim matches less than it says", "claim about a word misspelt", "claim over one value",
	"claim over infinity", "bound of another method", "bound without exact alignment", "bits growth of bits", // of the plan
}

// The schema refuses every mistake of TestMistakes that it can see.
func TestSchemaSeesMistakes(t *testing.T) {
	s := compileSchema(t)
	seen := 0
	for _, c := range mistakes() {
		if len(c.sets) > 0 || slices.Contains([]string{"two documents", "no YAML", "given twice", "not a number"}, c.name) {
			continue // not to be put to a validator
		}
		err := s.Validate(plain(t, []byte(c.text)))
		switch expected := !slices.Contains(blind, c.name); {
		case expected && err == nil:
			t.Errorf("%s: the schema takes it", c.name)
		case !expected && err != nil:
			t.Errorf("%s: the schema sees it: it is no longer blind to it", c.name)
		case expected:
			seen++
		}
	}
	if seen < 22 {
		t.Errorf("%d mistakes were put to the schema, want at least 22", seen)
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
var bases = []string{
	small, manyKinds, everyKey,
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

// Put to any value of any key, schema and decoder agree.
func TestSchemaAgreesWithDecoder(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of values, one after the other")
	}
	s := compileSchema(t)
	tried := map[string]bool{}
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
	for _, base := range bases {
		d := &decoder{file: "base.yaml"}
		d.tell = func(key string, fields []field) {
			for _, f := range fields {
				path := join(strings.Join(strings.FieldsFunc(key, func(r rune) bool { return strings.ContainsRune("[]0123456789", r) }), ""), f.name)
				if key == "sweep" { // described by hand, in sweepSchema
					if sweepSchema()["properties"].(schema)[f.name] == nil {
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
	for _, base := range bases {
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

// Every limit of a number is kept from both sides.
func TestWithinLimits(t *testing.T) {
	for _, c := range []struct {
		limits schema
		v      float64
		want   bool
	}{
		{nil, -1e300, true}, {positive, 0, false}, {positive, math.SmallestNonzeroFloat64, true}, {fraction, 1, false}, {fraction, 0.5, true},
		{schema{"minimum": 0.0}, 0, true}, {schema{"minimum": 0.0}, -0.1, false}, {schema{"maximum": 1.0}, 1, true}, {schema{"maximum": 1.0}, 1.1, false},
	} {
		if within(c.v, c.limits) != c.want {
			t.Errorf("%v within %v: want %v", c.v, c.limits, c.want)
		}
	}
}

// The schema takes sweeps, and sees mistakes in them.
func TestSchemaOfSweeps(t *testing.T) {
	s := compileSchema(t)
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
		if err := s.Validate(plain(t, []byte(small+"sweep: "+sweep+"\n"))); (err == nil) != ok {
			t.Errorf("%s: %v", sweep, err)
		}
	}
}
