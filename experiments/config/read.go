// read.go reads configs from a file or from memory, applies --set changes and fills in
// every default.

package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"spfq/experiments/claim"
	"spfq/internal/domain"
	"spfq/quant"
	"spfq/results"
)

// maxTrials is the largest number of trials of a setting; a larger one is taken for a
// mistake.
const maxTrials = 1_000_000

// parseName is the domain of the names of configs, which also name folders.
var parseName = domain.Matching("a name of at most 100 letters, digits, and the characters _ - . that begins with a letter or digit", regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$`))

// Load reads the config in a file, with key.path=value changes applied. All that
// is wrong with it comes as one *Error.
func Load(path string, sets []string) (*Document, error) {
	data, err := Read(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, data, sets)
}

// Read reads the text of the config in a file. The error is an *Error.
func Read(path string) ([]byte, error) {
	data, err := readFile(path)
	if err != nil {
		meant := ""
		if errors.Is(err, fs.ErrNotExist) { // else this is the file
			others, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*.y*ml"))
			meant = domain.DidYouMean(path, others)
		}
		return nil, &Error{[]Problem{{Where: path, Text: "cannot be read: " + results.Cause(err).Error() + meant}}}
	}
	return data, nil
}

// maxBytes is the largest length of a config in bytes.
const maxBytes = 4 << 20

// readFile reads a regular file, or a pipe below /dev or /proc, where shells put what
// they hand over (as in runexp <(command)). Other pipes are refused, because reading one
// could wait for a writer for ever.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	handed := info.Mode().Type() == fs.ModeNamedPipe && (strings.HasPrefix(path, "/dev/") || strings.HasPrefix(path, "/proc/"))
	if !info.Mode().IsRegular() && !handed {
		return nil, errors.New("it is no regular file: want a YAML file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err == nil && len(data) > maxBytes {
		err = fmt.Errorf("it has more than %d MiB: want a config", maxBytes>>20)
	}
	return data, err
}

// Parse is Load for a config in memory; file names it in messages.
func Parse(file string, data []byte, sets []string) (*Document, error) {
	d := &decoder{file: file, sets: sets}
	s, root := d.read(data)
	// If axes have mistakes, a sweep of them would have mistakes for the same reason.
	if len(d.problems) == 0 && s.Sweep != nil {
		s.Sweep.resolve(d, root, s)
	}
	if len(d.problems) == 0 {
		d.checkResolved(s)
	}
	if err := d.err(); err != nil {
		return nil, err
	}
	return &Document{Spec: s, decoder: d, root: root}, nil
}

// read reads a config and returns it with the root of its YAML. Both are nil if the
// document is no mapping.
func (d *decoder) read(data []byte) (*Spec, *yaml.Node) {
	root := d.parse(data)
	if root == nil {
		return nil, nil
	}
	s := &Spec{Seed: 1, Axes: newAxes()}
	d.object(root, "", slices.Concat([]field{
		scalar(d, "name", &s.Name, parseName).must().doc("names the run's folder"),
		scalar(d, "about", &s.About, domain.Any).doc("what the config asks, in a sentence"),
		scalar(d, "seed", &s.Seed, domain.Seed).doc("with the sizes and the trial it determines every draw"),
		scalar(d, "trials", &s.Trials, domain.Whole(1, maxTrials)).must().doc("number of trials of each setting, each with draws of its own"),
	}, d.axes(&s.Axes), []field{
		field{name: "sweep", read: func(n *yaml.Node, key string) { s.Sweep = decodeSweep(d, n, key) }}.doc("how the axes combine, if not all with all"),
		field{name: "claims", read: func(n *yaml.Node, key string) { s.Claims = d.claims(n, key) }}.doc("what is claimed; each is judged by the records"),
	})...)
	return s, root
}

// newAxes returns axes without values.
func newAxes() Axes { return Axes{Values: map[string][]string{}} }

// axes returns the fields of the mappings that hold axes, which span the grid.
func (d *decoder) axes(a *Axes) []field {
	section := func(name, doc string, check func(n *yaml.Node, key string)) field {
		return field{name: name, required: true, read: func(n *yaml.Node, key string) {
			d.section(n, key, a.Values)
			check(n, key)
		}}.doc(doc)
	}
	return []field{
		section("network", "the networks: sizes, weights, biases, activation", d.checkNetwork),
		section("data", "the data: source, calibration and held-out samples", func(*yaml.Node, string) {}),
		section("alphabet", "the alphabets of the quantized weights, and of activations", func(n *yaml.Node, key string) { d.checkAlphabet(n, key, a) }),
		field{name: methodsKey, required: true, read: func(n *yaml.Node, key string) { a.Methods = d.methods(n, key) }}.doc("the methods to compare, all on the same draws"),
	}
}

// section reads the axes of a section into values and fills in their defaults.
func (d *decoder) section(n *yaml.Node, key string, values map[string][]string) {
	rows := axesOf(key)
	var fields []field
	for _, row := range rows {
		f := axis(d, row, values)
		f.required = row.Required
		fields = append(fields, f)
	}
	d.object(n, key, fields...)
	for _, row := range rows {
		if row.Default != "" && values[row.Path] == nil && (row.Only == nil || !row.Only.Refuse) {
			values[row.Path] = []string{row.Default}
		}
	}
	for _, row := range rows { // after the defaults, since conditions are on axes of the same section
		if only := row.Only; only != nil && only.Refuse {
			d.conditional(n, key, row, values)
		}
	}
}

// conditional checks an axis that is allowed only if another axis takes a certain value.
// It fills in the default if the condition is met and the key is not given.
func (d *decoder) conditional(n *yaml.Node, key string, row *results.Axis, values map[string][]string) {
	of := values[results.AxisOf(row.Only.Column).Path]
	given, met := hasKey(n, row.Name()), slices.Contains(of, row.Only.Text)
	switch {
	case given && !met && len(of) > 0:
		d.fail(n, join(key, row.Name()), "only %s one: leave it out or say %s", row.Only.Why, row.Only.Phrase)
	case !given && met && row.Default == "":
		need := strings.NewReplacer(" have", " need", " has", " needs").Replace(row.Only.Why)
		what, _, _ := strings.Cut(row.Key, ";")
		d.fail(n, join(key, row.Name()), "missing: %s the %s", need, what)
	case met && values[row.Path] == nil:
		values[row.Path] = []string{row.Default}
	}
}

// checkNetwork notes a problem unless the sizes of networks are given in exactly one of
// two ways: as widths, or as layers and width.
func (d *decoder) checkNetwork(n *yaml.Node, key string) {
	has := func(name string) bool { return hasKey(n, name) }
	switch {
	case has("widths") && (has("width") || has("layers")):
		d.fail(n, join(key, "widths"), "given beside width or layers: give either widths, the sizes N_0 to N_L, or layers and width")
	case !has("widths") && n.Kind == yaml.MappingNode:
		for _, name := range []string{"layers", "width"} {
			if !has(name) {
				d.fail(n, join(key, name), "missing: give layers and width, or widths")
			}
		}
	}
}

// checkAlphabet notes a problem for each number of bits that does not fit the step or the
// levels.
func (d *decoder) checkAlphabet(n *yaml.Node, key string, a *Axes) {
	fromData := slices.Contains(a.At("alphabet.step"), results.FromData)
	for _, b := range a.At("alphabet.bits") {
		id := results.Blank()
		results.AxisOf("bits").Set(&id, b)
		if math.IsInf(float64(id.Bits), 1) {
			if fromData {
				d.fail(n, join(key, "bits"), "the infinite alphabet has no K to take a step from the data by, δ = C·rad/K: give its step, or finite bits")
			}
			continue
		}
		for _, levels := range a.At("alphabet.levels") {
			if _, err := quant.Levels(levels).K(int(id.Bits)); err != nil {
				d.fail(n, join(key, "bits"), "%v", err)
			}
		}
	}
}

// hasKey reports whether a mapping has a key.
func hasKey(n *yaml.Node, name string) bool {
	return n.Kind == yaml.MappingNode &&
		slices.ContainsFunc(everyOther(n.Content), func(k *yaml.Node) bool { return k.Value == name })
}

// methods reads the list of methods and returns for each the values of its axes, by key
// path. An axis that is not given gets the value that the method's name stands for.
func (d *decoder) methods(n *yaml.Node, key string) (out []map[string][]string) {
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		d.fail(n, key, "want a list of methods, as [{name: spfq}], have %s", kindName(n))
		return nil
	}
	for _, it := range items(d, n, key) {
		values := map[string][]string{}
		var name string
		var fields []field
		for _, row := range axesOf(methodsKey) {
			f := axis(d, row, values)
			if row.Path == methodName {
				f = scalar(d, row.Name(), &name, row.Values).doc(row.Key)
			}
			f.required = row.Required
			fields = append(fields, f)
		}
		d.object(it.node, it.key, fields...)
		values[methodName] = []string{name}
		if method, ok := quant.Named(name); ok {
			for _, row := range axesOf(methodsKey) {
				if row.Preset != nil && values[row.Path] == nil {
					values[row.Path] = []string{row.Preset(method)}
				}
			}
		}
		out = append(out, values)
	}
	return out
}

// claims reads the list of claims.
func (d *decoder) claims(n *yaml.Node, key string) (out []claim.Claim) {
	if n.Kind != yaml.SequenceNode {
		d.fail(n, key, "want a list of claims, have %s", kindName(n))
		return nil
	}
	for i, node := range n.Content {
		node, at := resolve(node), fmt.Sprintf("%s[%d]", key, i)
		if node.Kind != yaml.MappingNode {
			d.fail(node, at, "want a mapping of keys to values, have %s", kindName(node))
			continue
		}
		if !hasKey(node, "kind") {
			d.fail(node, join(at, "kind"), "missing: want %s", claim.KindNames().Want)
			continue
		}
		kind, ok := value(d, child(node, "kind"), join(at, "kind"), claim.KindNames())
		if !ok {
			continue
		}
		c := claim.New(kind)
		claim.BaseOf(c).Line = max(0, node.Line)
		var fields []field
		for _, k := range claim.Keys(c) {
			fields = append(fields, claimField(d, k))
		}
		d.object(node, at, fields...)
		out = append(out, c)
	}
	return out
}

// claimField makes the field of a claim's key.
func claimField(d *decoder, k claim.Key) field {
	f := field{name: k.Name, about: aboutClaimKey(k)}
	switch {
	case k.Where != nil:
		f = where(d, k.Name, k.Where).doc(k.Doc)
	case k.Range != nil:
		f = rangeOf(d, k)
	default:
		f.read = func(n *yaml.Node, key string) {
			value(d, n, key, domain.Of[struct{}]{Accepts: k.Accepts, Read: func(l domain.Literal) (struct{}, error) { return struct{}{}, k.Read(l) }})
		}
	}
	f.required = k.Required
	return f
}
