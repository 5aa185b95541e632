// config.go defines what a config says, with its defaults.

package experiments

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

	"spfq/quant"
	"spfq/sim"
)

// Config is a resolved config: every default filled in. Marshalled as YAML it
// reads back to itself.
type Config struct {
	Name     string         `yaml:"name"`
	About    string         `yaml:"about,omitempty"`
	Seed     uint64         `yaml:"seed"`
	Trials   int            `yaml:"trials"`
	Network  NetworkConfig  `yaml:"network"`
	Data     DataConfig     `yaml:"data"`
	Alphabet AlphabetConfig `yaml:"alphabet"`
	Methods  []MethodConfig `yaml:"methods"`
	Sweep    *SweepConfig   `yaml:"sweep,omitempty"`
	Claims   []Claim        `yaml:"claims,omitempty"`
}

// Axis is the values that a key takes: one, or a list that spans an axis.
type Axis[T any] []T

// MarshalYAML implements yaml.Marshaler: a single value is written as such.
func (a Axis[T]) MarshalYAML() (any, error) {
	if len(a) == 1 {
		return a[0], nil
	}
	n := &yaml.Node{}
	if err := n.Encode([]T(a)); err != nil {
		return nil, err
	}
	n.Style = yaml.FlowStyle
	return n, nil
}

// NetworkConfig describes networks: Layers layers of equal Width, or of the
// given Widths N_0, …, N_L.
type NetworkConfig struct {
	Layers     Axis[int]            `yaml:"layers,omitempty"`
	Width      Axis[int]            `yaml:"width,omitempty"`
	Widths     Axis[shape]          `yaml:"widths,omitempty"`
	Weights    Axis[distribution]   `yaml:"weights"`
	Biases     Axis[bool]           `yaml:"biases"`
	Activation Axis[sim.Activation] `yaml:"activation"`
}

// DataConfig describes data.
type DataConfig struct {
	Source      Axis[sim.Source] `yaml:"source"`
	Dimension   Axis[int]        `yaml:"dimension,omitempty"`
	Noise       Axis[float64]    `yaml:"noise,omitempty"`
	Samples     Axis[int]        `yaml:"samples"`
	TestSamples Axis[int]        `yaml:"test_samples"`
}

// AlphabetConfig describes alphabets.
type AlphabetConfig struct {
	Step     Axis[step]         `yaml:"step"`
	C        Axis[float64]      `yaml:"C,omitempty"`
	Quantile Axis[float64]      `yaml:"quantile,omitempty"`
	Bits     Axis[bits]         `yaml:"bits"`
	Levels   Axis[quant.Levels] `yaml:"levels"`
	// ActivationBits of hidden activations in the quantized network.
	ActivationBits Axis[bits] `yaml:"activation_bits"`
}

// MethodConfig is a method: a name stands for choices, each of which can be
// given otherwise.
type MethodConfig struct {
	Name     string               `yaml:"name"`
	Align    Axis[alignment]      `yaml:"align"`
	Feedback Axis[bool]           `yaml:"feedback"`
	Rounding Axis[quant.Rounding] `yaml:"rounding"`
	Order    Axis[quant.Order]    `yaml:"order"`
}

// The limits of what a config may ask for: sizes that no machine holds are
// mistakes.
const (
	maxWidth   = 1 << 20
	maxLayers  = 1000
	maxSamples = 1 << 20
	maxTrials  = 1_000_000
	maxCells   = 1_000_000
)

// Defaults of keys that only some configs have.
const (
	defaultNoise    = 0.0
	defaultC        = 1.16
	defaultQuantile = 1.0
)

// shape is a list of sizes N_0, …, N_L, kept as text so that it compares.
type shape string

func newShape(widths []int) shape {
	return shape(strings.Trim(strings.ReplaceAll(fmt.Sprint(widths), " ", "-"), "[]"))
}

// shapeAccepts is one list of sizes; decodeShapes reads it, or a list of those.
var shapeAccepts = accepts{"the sizes [N_0, …, N_L]", schema{
	"type": "array", "items": whole(1, maxWidth).schema, "minItems": 2, "maxItems": maxLayers + 1}}

func (s shape) widths() []int {
	var out []int
	for f := range strings.SplitSeq(string(s), "-") {
		var n int
		fmt.Sscan(f, &n)
		out = append(out, n)
	}
	return out
}

// MarshalYAML writes the shape as a list of sizes.
func (s shape) MarshalYAML() (any, error) {
	n := &yaml.Node{}
	err := n.Encode(s.widths())
	n.Style = yaml.FlowStyle
	return n, err
}

// distribution and alignment are written as their names.
type (
	distribution struct{ sim.Distribution }
	alignment    struct{ quant.Align }
)

func (d distribution) MarshalYAML() (any, error) { return d.String(), nil }
func (a alignment) MarshalYAML() (any, error)    { return a.String(), nil }

// step is δ, 0 where it comes from the data.
type step float64

const fromData = "data"

func (s step) MarshalYAML() (any, error) {
	if s == 0 {
		return fromData, nil
	}
	return float64(s), nil
}

var (
	givenStep = number("a positive number, or "+fromData+" for a step from the data", positive)
	parseStep = parser[step]{
		accepts{givenStep.want, schema{"anyOf": []schema{givenStep.schema, {"enum": []string{fromData}}}}},
		func(n *yaml.Node) (step, error) {
			if n.Value == fromData {
				return 0, nil
			}
			v, err := givenStep.read(n)
			return step(v), err
		}}
)

// bits is a number of bits, 0 for the infinite alphabet.
type bits int

func (b bits) MarshalYAML() (any, error) {
	if b == 0 {
		return "inf", nil
	}
	return int(b), nil
}

var (
	parseBits           = bitsFrom(1)
	parseActivationBits = bitsFrom(2)
)

// bitsFrom reads a number of bits, at least so many, or inf.
func bitsFrom(least int) parser[bits] {
	finite := whole(least, quant.MaxBits)
	want := fmt.Sprintf("a whole number of bits from %d to %d, or inf", least, quant.MaxBits)
	return parser[bits]{accepts{want, schema{"anyOf": []schema{finite.schema, {"enum": []string{"inf"}}}}},
		func(n *yaml.Node) (bits, error) {
			if v, err := decimal(n); err == nil && math.IsInf(v, 1) {
				return 0, nil
			}
			v, err := finite.read(n)
			if err != nil {
				return 0, fmt.Errorf("want %s, have %s", want, kindName(n))
			}
			return bits(v), nil
		}}
}

var namePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$`)

var parseName = parser[string]{
	accepts{"a name of letters, digits, _, - and .", schema{"type": "string", "pattern": namePattern.String()}},
	func(n *yaml.Node) (string, error) {
		if n.Tag != "!!str" && namePattern.MatchString(n.Value) {
			return "", fmt.Errorf("want text, have %s: quote it, %q", n.Value, n.Value)
		}
		if !namePattern.MatchString(n.Value) {
			return "", fmt.Errorf("want a name of letters, digits, _, - and ., have %s", kindName(n))
		}
		return n.Value, nil
	}}

// Load reads the config in a file, with key.path=value changes applied, and
// plans it. All that is wrong with it comes as one *ConfigError.
func Load(path string, sets []string) (*Plan, error) {
	data, err := readConfig(path)
	if err != nil {
		others, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*.y*ml"))
		return nil, &ConfigError{[]Problem{{Where: path, Text: "cannot be read: " + cause(err) + nearest(path, others)}}}
	}
	return Parse(path, data, sets)
}

// maxConfig bounds a config, in bytes.
const maxConfig = 4 << 20

// readConfig reads a file or, from /dev or /proc where shells put what they hand
// over, a pipe: elsewhere a pipe would be waited for, perhaps for ever.
func readConfig(path string) ([]byte, error) {
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
	data, err := io.ReadAll(io.LimitReader(f, maxConfig+1))
	if err == nil && len(data) > maxConfig {
		err = fmt.Errorf("it has more than %d MiB: want a config", maxConfig>>20)
	}
	return data, err
}

// cause returns an error's text without the operation and path around it.
func cause(err error) string {
	if p, ok := err.(*os.PathError); ok {
		return p.Err.Error()
	}
	return err.Error()
}

// Parse is Load for a config in memory; file names it in messages.
func Parse(file string, data []byte, sets []string) (*Plan, error) {
	d := &decoder{file: file, sets: sets}
	return d.plan(data)
}

// read reads a config, and returns its root too; nil if there is none.
func (d *decoder) read(data []byte) (*Config, *yaml.Node) {
	root := d.parse(data)
	if root == nil {
		return nil, nil
	}
	c := newConfig()
	d.object(root, "", slices.Concat([]field{
		scalar(d, "name", &c.Name, parseName).must().doc("names the run's folder"),
		scalar(d, "about", &c.About, text).doc("what the config asks, in a sentence"),
		scalar(d, "seed", &c.Seed, seed).doc("with the sizes and the trial it determines every draw"),
		scalar(d, "trials", &c.Trials, whole(1, maxTrials)).must().doc("number of trials of each cell, each with draws of its own"),
	}, c.axes(d), []field{
		field{name: "sweep", read: func(n *yaml.Node, key string) { c.Sweep = decodeSweep(d, n, key) }}.doc("how the axes combine, if not all with all"),
		field{name: "claims", read: func(n *yaml.Node, key string) { c.decodeClaims(d, n, key) }}.doc("what is claimed; each is judged by the records"),
	})...)
	return c, root
}

// plan reads a config and plans it.
func (d *decoder) plan(data []byte) (*Plan, error) {
	c, root := d.read(data)
	// Axes that are wrong would span a grid that is wrong: one thing at a time.
	if len(d.problems) == 0 && c.Sweep != nil {
		c.Sweep.resolve(d, root, c)
	}
	var p *Plan
	if len(d.problems) == 0 {
		p = newPlan(d, root, c)
	}
	return p, d.err()
}

// newConfig returns a config of the defaults.
func newConfig() *Config {
	return &Config{
		Seed: 1,
		Network: NetworkConfig{
			Weights:    Axis[distribution]{{sim.Distribution{Kind: "gaussian"}}},
			Biases:     Axis[bool]{false},
			Activation: Axis[sim.Activation]{sim.ReLU},
		},
		Data:     DataConfig{Source: Axis[sim.Source]{sim.Gaussian}, TestSamples: Axis[int]{0}},
		Alphabet: AlphabetConfig{Bits: Axis[bits]{0}, Levels: Axis[quant.Levels]{quant.Signed}, ActivationBits: Axis[bits]{0}},
	}
}

// axes are the fields that span the grid.
func (c *Config) axes(d *decoder) []field {
	return []field{
		field{name: "network", required: true, read: func(n *yaml.Node, key string) { c.Network.decode(d, n, key) }}.doc("the networks: sizes, weights, biases, activation"),
		field{name: "data", required: true, read: func(n *yaml.Node, key string) { c.Data.decode(d, n, key) }}.doc("the data: source, calibration and held-out samples"),
		field{name: "alphabet", required: true, read: func(n *yaml.Node, key string) { c.Alphabet.decode(d, n, key) }}.doc("the alphabets of the quantized weights, and of activations"),
		field{name: "methods", required: true, read: func(n *yaml.Node, key string) { c.decodeMethods(d, n, key) }}.doc("the methods to compare, all on the same draws"),
	}
}

func (c *NetworkConfig) decode(d *decoder, n *yaml.Node, key string) {
	d.object(n, key,
		axis(d, "layers", &c.Layers, whole(1, maxLayers)).doc("number of layers L; required with width"),
		axis(d, "width", &c.Width, whole(1, maxWidth)).doc("width N: all layers have N inputs and N neurons; required with layers"),
		field{name: "widths", read: func(n *yaml.Node, key string) { c.Widths = decodeShapes(d, n, key) }, about: about{accepts: shapeAccepts, axis: true}}.doc("sizes of each layer, instead of layers and width"),
		axis(d, "weights", &c.Weights, word(func(s string) (distribution, error) {
			v, err := sim.ParseDistribution(s)
			return distribution{v}, err
		}, "gaussian", "uniform", "laplace", "student-NU", "low-discrepancy", "tied", "constant-W")).doc("distribution of the weights, of variance 1; student-NU has NU > 2 degrees of freedom, as student-5; tied: Gaussian, the same for all neurons of a layer; constant-W: all equal to W > 0, as constant-0.1"),
		axis(d, "biases", &c.Biases, boolean).doc("whether layers have N(0, 1) biases, kept in full precision"),
		axis(d, "activation", &c.Activation, word(sim.ParseActivation, "relu", "leaky-relu", "tanh", "identity")).doc("activation of the hidden layers; leaky-relu has slope 0.01 below 0; the last layer is linear"),
	)
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

func hasKey(n *yaml.Node, name string) bool {
	return n.Kind == yaml.MappingNode &&
		slices.ContainsFunc(everyOther(n.Content), func(k *yaml.Node) bool { return k.Value == name })
}

// decodeShapes reads one list of sizes or a list of those.
func decodeShapes(d *decoder, n *yaml.Node, key string) Axis[shape] {
	one := func(n *yaml.Node, key string) (shape, bool) {
		if n.Kind != yaml.SequenceNode || len(n.Content) < 2 || len(n.Content) > maxLayers+1 {
			d.fail(n, key, "want a list of the sizes N_0 to N_L, at least two, have %s", kindName(n))
			return "", false
		}
		var widths []int
		for i, c := range n.Content {
			if w, ok := value(d, resolve(c), fmt.Sprintf("%s[%d]", key, i), whole(1, maxWidth)); ok {
				widths = append(widths, w)
			}
		}
		return newShape(widths), len(widths) == len(n.Content)
	}
	nested := n.Kind == yaml.SequenceNode && len(n.Content) > 0 && resolve(n.Content[0]).Kind == yaml.SequenceNode
	list := []item{{n, key}}
	if nested {
		list = items(d, n, key)
	}
	var out Axis[shape]
	for _, it := range list {
		s, ok := one(it.node, it.key)
		if ok && slices.Contains(out, s) {
			d.fail(it.node, it.key, "%s is in the list twice: the values of an axis must differ", s)
		} else if ok {
			out = append(out, s)
		}
	}
	return out
}

func (c *DataConfig) decode(d *decoder, n *yaml.Node, key string) {
	d.object(n, key,
		axis(d, "source", &c.Source, word(sim.ParseSource, "gaussian", "uniform", "subspace", "spiral")).doc("distribution of the samples: gaussian, uniform (both of variance 1), near a random subspace, or a spiral: columns of X that are adversarial to nearest rounding"),
		axis(d, "dimension", &c.Dimension, whole(1, maxWidth)).doc("dimension of the subspace; required with source: subspace, and only there"),
		axis(d, "noise", &c.Noise, number("a number, at least 0", schema{"minimum": 0.0})).when("with source: subspace", defaultNoise).doc("standard deviation of the noise on each coordinate of data near a subspace, whose coordinates have variance 1"),
		axis(d, "samples", &c.Samples, whole(1, maxSamples)).must().doc("calibration samples m"),
		axis(d, "test_samples", &c.TestSamples, whole(0, maxSamples)).doc("held-out samples, of the same source, never shown to a method"),
	)
	subspace := slices.Contains(c.Source, sim.Subspace)
	for _, name := range []string{"dimension", "noise"} {
		if !subspace && hasKey(n, name) {
			d.fail(n, join(key, name), "only data of source subspace have one: leave it out or say source: subspace")
		}
	}
	if subspace && !hasKey(n, "dimension") {
		d.fail(n, join(key, "dimension"), "missing: data of source subspace need the dimension of the subspace")
	}
	if subspace && len(c.Noise) == 0 {
		c.Noise = Axis[float64]{defaultNoise}
	}
}

func (c *AlphabetConfig) decode(d *decoder, n *yaml.Node, key string) {
	unit := number("a number above 0 and at most 1", schema{"exclusiveMinimum": 0.0, "maximum": 1.0})
	d.object(n, key,
		axis(d, "step", &c.Step, parseStep).must().doc("step δ; data: δ = C·rad/K, rad the mean over a layer's neurons of the p-quantile of |w̃|, which needs finite bits"),
		axis(d, "C", &c.C, number("a positive number", positive)).when("with step: data", defaultC).doc("C of a step from the data"),
		axis(d, "quantile", &c.Quantile, unit).when("with step: data", defaultQuantile).doc("p of a step from the data"),
		axis(d, "bits", &c.Bits, parseBits).doc("bits b a weight; inf is the infinite alphabet δZ"),
		axis(d, "levels", &c.Levels, oneOf(quant.Signed, quant.Paper)).doc("levels kδ, |k| ≤ K, of b bits: signed has K = 2^(b−1) − 1, hence 2^b − 1 levels, which fit b bits (b ≥ 2); paper has K = 2^(b−1), hence 2^b + 1 levels, as the authors' code"),
		axis(d, "activation_bits", &c.ActivationBits, parseActivationBits).doc("bits a of the hidden activations of the quantized network, rounded to nearest on uniform levels up to the layer's largest calibration activation (2^a levels from 0 for non-negative activations, 2^a − 1 about 0 else); inf rounds none"),
	)
	data := slices.Contains(c.Step, 0)
	for _, name := range []string{"C", "quantile"} {
		if !data && len(c.Step) > 0 && hasKey(n, name) {
			d.fail(n, join(key, name), "only a step from the data has one: leave it out or say step: data")
		}
	}
	if data {
		if len(c.C) == 0 {
			c.C = Axis[float64]{defaultC}
		}
		if len(c.Quantile) == 0 {
			c.Quantile = Axis[float64]{defaultQuantile}
		}
	}
	for _, b := range c.Bits {
		if b == 0 && data {
			d.fail(n, join(key, "bits"), "the infinite alphabet has no K to take a step from the data by, δ = C·rad/K: give its step, or finite bits")
		}
		for _, l := range c.Levels {
			if _, err := l.K(int(b)); b != 0 && err != nil {
				d.fail(n, join(key, "bits"), "%v", err)
			}
		}
	}
}

func (c *Config) decodeMethods(d *decoder, n *yaml.Node, key string) {
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		d.fail(n, key, "want a list of methods, as [{name: spfq}], have %s", kindName(n))
		return
	}
	for _, it := range items(d, n, key) {
		var m MethodConfig
		var chosen quant.Method
		if hasKey(it.node, "name") {
			for i := 0; i < len(it.node.Content); i += 2 {
				if it.node.Content[i].Value == "name" {
					chosen, _ = quant.Named(resolve(it.node.Content[i+1]).Value)
				}
			}
		}
		m.Align, m.Feedback = Axis[alignment]{{chosen.Align}}, Axis[bool]{chosen.Feedback}
		m.Rounding, m.Order = Axis[quant.Rounding]{chosen.Rounding}, Axis[quant.Order]{chosen.Order}
		d.object(it.node, it.key,
			scalar(d, "name", &m.Name, oneOf(quant.Names()...)).must().doc("stands for the four choices below (runexp methods), each of which can be given otherwise"),
			axis(d, "align", &m.Align, word(func(s string) (alignment, error) {
				v, err := quant.ParseAlign(s)
				return alignment{v}, err
			}, "none", "order-R", "exact", "exact-max")).when("by name", nil).doc("how W̃ with X̃W̃ ≈ XW is found: order-R by R passes of coordinate descent, as order-1; exact with least change (least squares where X̃ has not rank m: see rank and align_residual); exact-max with least maximum, to within a certified gap of 0.1% (see least_max_gap)"),
			axis(d, "feedback", &m.Feedback, boolean).when("by name", nil).doc("whether the error so far is fed back along the path"),
			axis(d, "rounding", &m.Rounding, oneOf(quant.Nearest, quant.Stochastic)).when("by name", nil).doc("to the nearest level, ties up, or to one of the two levels around at random without bias"),
			axis(d, "order", &m.Order, oneOf(quant.Natural, quant.ByNorm, quant.ByWeight, quant.Random)).when("by name", nil).doc("order in which the columns are visited: as they come; descending ‖X̃_t‖; descending |w_t|, each neuron its own; one random order a layer"),
		)
		c.Methods = append(c.Methods, m)
	}
}
