// axes.go has the columns that tell records apart, and the table of everything that is
// said of them. A new column is a field and a row here, and the code in which its value
// acts (experiments/plan/act.go, sim, quant).

package results

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"spfq/internal/domain"
	"spfq/quant"
	"spfq/sim"
)

// Variant says how a drawn network is quantized: a method with its alphabet, and
// the bits of activations.
type Variant struct {
	Method   string `json:"method"`
	Align    string `json:"align"`
	Feedback bool   `json:"feedback"`
	Rounding string `json:"rounding"`
	Order    string `json:"order"`

	Step     Given  `json:"step"`
	C        Given  `json:"C"`
	Quantile Given  `json:"quantile"`
	Bits     Num    `json:"bits"`
	Levels   string `json:"levels"`
	K        int    `json:"K"`

	ActivationBits Num `json:"activation_bits"`
}

// Setting says which networks and data sets are drawn.
type Setting struct {
	Width       int    `json:"width"`
	Widths      string `json:"widths"`
	Layers      int    `json:"layers"`
	Weights     string `json:"weights"`
	Biases      bool   `json:"biases"`
	Activation  string `json:"activation"`
	Source      string `json:"source"`
	Dimension   int    `json:"dimension"`
	Noise       Given  `json:"noise"`
	Samples     int    `json:"samples"`
	TestSamples int    `json:"test_samples"`
}

// Draw says which of the draws of a setting a record is of.
type Draw struct {
	Trial int    `json:"trial"`
	Seed  uint64 `json:"seed"`
}

// Axis is a column of the identity, with everything that is said of it. Configs,
// record keys, comparison, conditions, series, the JSON Schema, CSV files, documents
// and completion all go by its row of the table Axes.
type Axis struct {
	Column string // its name in records, CSV files and `where`
	Path   string // the config key that spans it, as network.width; "" if it follows from others
	Doc    string // what the column means

	// The config key, where there is one.
	Key      string                    // what the key means
	Values   domain.Of[string]         // the values that it takes, in canonical text
	Default  string                    // the value that a config fills in; "" if there is none
	Preset   func(quant.Method) string // the value that a method's name stands for
	Required bool                      // whether every config must give it
	Blank    string                    // what a config says where the column has no value, as data for the step

	// Only is the condition under which the column has a value; nil if it always
	// has one.
	Only *Only
	// Follows are the columns that determine this one as a rule. Where they do,
	// labels leave this one out, and in a series along one of them it may change.
	Follows []string

	// Added is the record format with which the column came. Before is the present
	// text of the value that all records had in effect before that; the value never
	// changes, whatever the default becomes. It is also what the column has where Only
	// is not met. Record keys leave out a column that is at Before. Both are zero for
	// the columns of format 1, which are part of every key.
	Added  int
	Before string
	// Formerly maps the texts that values had in earlier formats to the texts that
	// they have now. Former texts are still understood in lines, configs and
	// conditions; record keys keep them.
	Formerly map[string]string
}

// Only is the condition that a column has a certain text, or that it has any other
// text.
type Only struct {
	Column string
	Text   string // as configs write it
	Not    bool   // whether the condition is that the text is any other
	// Refuse says that a config which gives the key is refused if no value of
	// Column meets the condition. Otherwise the key has no effect there.
	Refuse bool
	Why    string // subject and verb of a message about that: "data of source subspace have"
	Phrase string // what a config must say to meet the condition: "source: subspace"
}

// Limits of what a config may ask for. Larger sizes fit into no machine and are
// taken for mistakes.
const (
	MaxWidth   = 1 << 20
	MaxLayers  = 1000
	MaxSamples = 1 << 20
)

// FromData is the word of a config for a step from the data.
const FromData = "data"

// Axes is the table. The columns of a setting come first, then those of a variant,
// each in the order in which a plan nests them, the last one moving fastest; then come
// the columns of the draw.
var Axes = []Axis{
	{
		Column: "layers", Path: "network.layers", Doc: "number of layers L",
		Key: "number of layers L; required with width", Values: wholeNumber(1, MaxLayers),
	},
	{
		Column: "width", Path: "network.width", Doc: "largest number of inputs N of a layer",
		Key: "width N: all layers have N inputs and N neurons; required with layers", Values: wholeNumber(1, MaxWidth),
	},
	{
		Column: "widths", Path: "network.widths", Doc: "sizes N_0-N_1-…-N_L of the network", Follows: []string{"width", "layers"},
		Key: "sizes of each layer, instead of layers and width", Values: sizes,
	},
	{
		Column: "weights", Path: "network.weights", Doc: "distribution of the weights",
		Key:     "distribution of the weights, of variance 1; student-NU has NU > 2 degrees of freedom, as student-5; tied: Gaussian, the same for all neurons of a layer; constant-W: all equal to W > 0, as constant-0.1",
		Values:  domain.Canonical(domain.Words(sim.ParseDistribution, "gaussian", "uniform", "laplace", "student-NU", "low-discrepancy", "tied", "constant-W"), sim.Distribution.String),
		Default: "gaussian",
	},
	{
		Column: "biases", Path: "network.biases", Doc: "whether layers have (full-precision) biases",
		Key: "whether layers have N(0, 1) biases, kept in full precision", Values: domain.Canonical(domain.Bool, strconv.FormatBool), Default: "false",
	},
	{
		Column: "activation", Path: "network.activation", Doc: "activation of the hidden layers; the last layer is linear",
		Key:     "activation of the hidden layers; leaky-relu has slope 0.01 below 0; the last layer is linear",
		Values:  words(sim.ParseActivation, "relu", "leaky-relu", "tanh", "identity"),
		Default: string(sim.ReLU),
	},
	{
		Column: "source", Path: "data.source", Doc: "distribution of the data",
		Key:     "distribution of the samples: gaussian, uniform (both of variance 1), near a random subspace, or a spiral: columns of X that are adversarial to nearest rounding",
		Values:  words(sim.ParseSource, "gaussian", "uniform", "subspace", "spiral"),
		Default: string(sim.Gaussian),
	},
	{
		Column: "dimension", Path: "data.dimension", Doc: "dimension d of the subspace the data lie near; 0 where there is none",
		Key: "dimension of the subspace; required with source: subspace, and only there", Values: wholeNumber(1, MaxWidth),
		Only: onlySubspace,
	},
	{
		Column: "noise", Path: "data.noise", Doc: "standard deviation of the noise off the subspace, relative to a coordinate's; empty where there is none",
		Key:    "standard deviation of the noise on each coordinate of data near a subspace, whose coordinates have variance 1",
		Values: real("a number, at least 0", domain.Schema{"minimum": 0.0}), Default: "0",
		Only: onlySubspace,
	},
	{
		Column: "samples", Path: "data.samples", Doc: "calibration samples m",
		Key: "calibration samples m", Values: wholeNumber(1, MaxSamples), Required: true,
	},
	{
		Column: "test_samples", Path: "data.test_samples", Doc: "held-out samples, never shown to a method",
		Key: "held-out samples, of the same source, never shown to a method", Values: wholeNumber(0, MaxSamples), Default: "0",
	},

	{
		Column: "method", Path: "methods.name", Doc: "method as named in the config: spfq, gpfq, rtn, stochastic",
		Key: "stands for the four choices below (runexp methods), each of which can be given otherwise", Values: domain.OneOf(quant.Names()...), Required: true,
	},
	{
		Column: "align", Path: "methods.align", Doc: "alignment: none, order-R, exact (least change), exact-max (least maximum)",
		Key:    "how W̃ with X̃W̃ ≈ XW is found: order-R by R passes of coordinate descent, as order-1; exact with least change (least squares where X̃ has not rank m: see rank and align_residual); exact-max with least maximum, to within a certified gap of 0.1% (see least_max_gap)",
		Values: domain.Canonical(domain.Words(quant.ParseAlign, "none", "order-R", "exact", "exact-max"), quant.Align.String),
		Preset: func(m quant.Method) string { return m.Align.String() },
	},
	{
		Column: "feedback", Path: "methods.feedback", Doc: "whether the error is fed back along the path", Follows: []string{"method"},
		Key: "whether the error so far is fed back along the path", Values: domain.Canonical(domain.Bool, strconv.FormatBool),
		Preset: func(m quant.Method) string { return strconv.FormatBool(m.Feedback) },
	},
	{
		Column: "rounding", Path: "methods.rounding", Doc: "nearest or stochastic", Follows: []string{"method"},
		Key:    "to the nearest level, ties up, or to one of the two levels around at random without bias",
		Values: domain.OneOf(string(quant.Nearest), string(quant.Stochastic)),
		Preset: func(m quant.Method) string { return string(m.Rounding) },
	},
	{
		Column: "order", Path: "methods.order", Doc: "order of the columns: natural, norm, weight, random",
		Key:    "order in which the columns are visited: as they come; descending ‖X̃_t‖; descending |w_t|, each neuron its own; one random order a layer",
		Values: domain.OneOf(string(quant.Natural), string(quant.ByNorm), string(quant.ByWeight), string(quant.Random)),
		Preset: func(m quant.Method) string { return string(m.Order) },
	},
	{
		Column: "step", Path: "alphabet.step", Doc: "step δ of the alphabet; empty when it is chosen per layer from the data",
		Key:    "step δ; data: δ = C·rad/K, rad the mean over a layer's neurons of the p-quantile of |w̃|, which needs finite bits",
		Values: steps, Required: true, Blank: FromData,
	},
	{
		Column: "C", Path: "alphabet.C", Doc: "constant C of the step from data, δ = C·rad/K; empty when the step is given",
		Key: "C of a step from the data", Values: real("a positive number", domain.Positive), Default: "1.16",
		Only: onlyFromData,
	},
	{
		Column: "quantile", Path: "alphabet.quantile", Doc: "quantile p of |w| in rad; empty when the step is given",
		Key: "p of a step from the data", Values: real("a number above 0 and at most 1", domain.Schema{"exclusiveMinimum": 0.0, "maximum": 1.0}), Default: "1",
		Only: onlyFromData,
	},
	{
		Column: "bits", Path: "alphabet.bits", Doc: "bits b a weight as asked for; inf for the infinite alphabet",
		Key: "bits b a weight; inf is the infinite alphabet δZ", Values: bits(1), Default: "inf",
	},
	{
		Column: "levels", Path: "alphabet.levels", Doc: "how bits become levels: signed (K = 2^(b-1) - 1) or paper (K = 2^(b-1)); empty for the infinite alphabet", Follows: []string{"bits"},
		Key:    "levels kδ, |k| ≤ K, of b bits: signed has K = 2^(b−1) − 1, hence 2^b − 1 levels, which fit b bits (b ≥ 2); paper has K = 2^(b−1), hence 2^b + 1 levels, as the authors' code",
		Values: domain.OneOf(string(quant.Signed), string(quant.Paper)), Default: string(quant.Signed),
		Only: &Only{Column: "bits", Text: "inf", Not: true},
	},
	{
		Column: "K", Doc: "levels kδ, |k| <= K; 0 for the infinite alphabet", Follows: []string{"bits", "levels"},
	},
	{
		Column: "activation_bits", Path: "alphabet.activation_bits", Doc: "bits of the hidden activations of the quantized network; inf where they are not rounded",
		Key:    "bits a of the hidden activations of the quantized network, rounded to nearest on uniform levels up to the layer's largest calibration activation (2^a levels from 0 for non-negative activations, 2^a − 1 about 0 else); inf rounds none",
		Values: bits(2), Default: "inf",
	},

	{Column: "trial", Doc: "trial number, from 0"},
	{
		Column: "seed", Doc: "seed of the run; with the sizes and the trial it determines every draw",
	},
}

// Conditions, each of which is that of two columns.
var (
	onlySubspace = &Only{Column: "source", Text: string(sim.Subspace), Refuse: true, Why: "data of source subspace have", Phrase: "source: subspace"}
	onlyFromData = &Only{Column: "step", Text: FromData, Refuse: true, Why: "a step from the data has", Phrase: "step: data"}
)

// The functions below make the domains of the table.

// wholeNumber is the whole numbers from lo to hi.
func wholeNumber(lo, hi int) domain.Of[string] {
	return domain.Canonical(domain.Whole(lo, hi), strconv.Itoa)
}

// real is the finite numbers within limits, which want describes.
func real(want string, limits domain.Schema) domain.Of[string] {
	return domain.Canonical(domain.Real(want, limits), formatFloat)
}

func formatFloat(v float64) string { return Num(v + 0).String() } // −0 is 0

// words is the words that parse reads; forms lists them for messages.
func words[T ~string](parse func(string) (T, error), forms ...string) domain.Of[string] {
	return domain.Canonical(domain.Words(parse, forms...), func(v T) string { return string(v) })
}

// steps is the positive numbers and the word FromData.
var steps = domain.Canonical(
	domain.Or(domain.Real("", domain.Positive), FromData, 0, "a positive number, or "+FromData+" for a step from the data"),
	func(v float64) string {
		if v == 0 {
			return FromData
		}
		return formatFloat(v)
	})

// bits is the numbers of bits from least on, and inf.
func bits(least int) domain.Of[string] {
	finite := domain.Whole(least, quant.MaxBits)
	d := domain.Or(finite, "inf", 0, fmt.Sprintf("a whole number of bits from %d to %d, or inf", least, quant.MaxBits))
	return domain.Of[string]{Accepts: d.Accepts, Read: func(l domain.Literal) (string, error) {
		if v, err := l.Decimal(); err == nil && math.IsInf(v, 1) {
			return "inf", nil // in any of its notations
		}
		v, err := d.Read(l)
		return strconv.Itoa(v), err
	}}
}

// sizes is the sizes of one network, which configs write as a list [N_0, …, N_L] and
// the column as N_0-N_1-…-N_L. It has no Read, since the value is no scalar: package
// config reads the list.
var sizes = domain.Of[string]{Accepts: domain.Accepts{Want: "the sizes [N_0, …, N_L]", Schema: domain.Schema{
	"type": "array", "items": Size.Schema, "minItems": 2, "maxItems": MaxLayers + 1}}}

// Size is the domain of one size of a network.
var Size = domain.Whole(1, MaxWidth)

// FormatSizes returns the text of a network's sizes in the column widths.
func FormatSizes(widths []int) string {
	texts := make([]string, len(widths))
	for i, w := range widths {
		texts[i] = strconv.Itoa(w)
	}
	return strings.Join(texts, "-")
}

// ParseSizes is the inverse of FormatSizes. A text that FormatSizes cannot have
// written is a mistake of the program and panics.
func ParseSizes(text string) []int {
	var out []int
	for part := range strings.SplitSeq(text, "-") {
		n, err := strconv.Atoi(part)
		if err != nil {
			panic("results: sizes " + text + ": " + err.Error())
		}
		out = append(out, n)
	}
	return out
}

// Part is the part of an identity that a column belongs to.
type Part int

// The parts, in the order of Identity's fields.
const (
	OfVariant Part = iota
	OfSetting
	OfDraw
)

// Part returns the part of the identity whose struct has the column's field.
func (a *Axis) Part() Part { return a.lookup().part() }

// lookup returns the column of the struct Identity.
func (a *Axis) lookup() Column {
	c, ok := Lookup(Identity{}, a.Column)
	if !ok {
		panic("results: the identity has no column " + a.Column)
	}
	return c
}

// part returns the part that a column of the struct Identity belongs to.
func (c Column) part() Part { return Part(c.index[0]) }

// AxisOf returns the row of a column of the identity, and panics if there is no such
// column.
func AxisOf(column string) *Axis {
	if i := slices.IndexFunc(Axes, func(a Axis) bool { return a.Column == column }); i >= 0 {
		return &Axes[i]
	}
	panic("results: no axis " + column)
}

// AxisAt returns the row of the config key at a path such as network.width; ok is
// false if no axis has it.
func AxisAt(path string) (*Axis, bool) {
	i := slices.IndexFunc(Axes, func(a Axis) bool { return path != "" && a.Path == path })
	if i < 0 {
		return nil, false
	}
	return &Axes[i], true
}

// Name returns the axis's config key without its section, as width.
func (a *Axis) Name() string { return a.Path[strings.LastIndexByte(a.Path, '.')+1:] }

// Section returns the mapping of a config that the axis's key stands in, as network.
func (a *Axis) Section() string { return a.Path[:strings.LastIndexByte(a.Path, '.')] }

// MethodColumns lists the columns that make a method: its name and its four choices.
func MethodColumns() []Column {
	var out []Column
	for i := range Axes {
		if a := &Axes[i]; a.Path != "" && a.Section() == "methods" {
			out = append(out, a.lookup())
		}
	}
	return out
}

// Moves lists the columns that may change along the axis: its own, those from which
// it follows, those that follow from it, and those that have a value only while it has
// a certain one.
func (a *Axis) Moves() []string {
	out := append([]string{a.Column}, a.Follows...)
	for _, other := range Axes {
		if slices.Contains(other.Follows, a.Column) || other.Only != nil && other.Only.Column == a.Column {
			out = append(out, other.Column)
		}
	}
	return out
}

// Set gives the column of an identity a value in canonical text.
func (a *Axis) Set(id *Identity, text string) { a.lookup().set(id, text, a.Blank) }

// Get returns the value of the column as configs write it, which is Blank where the
// column has none.
func (a *Axis) Get(id *Identity) string {
	text := a.lookup().Text(id)
	if text == "" {
		return a.Blank
	}
	return text
}

// clear gives the column of an identity the value that it has in a blank one.
func (a *Axis) clear(id *Identity) {
	switch c := a.lookup(); {
	case a.Added > 0:
		a.Set(id, a.Before)
	case c.kind == given:
		c.set(id, a.Blank, a.Blank)
	default:
		c.field(id).SetZero()
	}
}

// Holds reports whether an identity meets the condition. A nil condition is always
// met.
func (o *Only) Holds(id *Identity) bool {
	return o == nil || (AxisOf(o.Column).Get(id) == o.Text) != o.Not
}

// Derive clears the columns whose condition is not met, and fills in those that no config
// key spans or that were left out: widths from width and layers, or width and layers from
// widths; K from bits and levels.
func (id *Identity) Derive() {
	for i := range Axes {
		if a := &Axes[i]; !a.Only.Holds(id) {
			a.clear(id)
		}
	}
	if id.Widths == "" && id.Layers > 0 {
		id.Widths = FormatSizes(slices.Repeat([]int{id.Width}, id.Layers+1))
	} else if id.Layers == 0 && id.Widths != "" {
		widths := ParseSizes(id.Widths)
		id.Layers = len(widths) - 1
		id.Width = slices.Max(widths[:id.Layers])
	}
	if id.K = 0; id.Levels != "" {
		k, err := quant.Levels(id.Levels).K(int(id.Bits))
		if err != nil {
			panic("results: unchecked bits: " + err.Error())
		}
		id.K = k
	}
}

// current returns the text that a value has now, given the text that it has now or
// had in an earlier format.
func (a *Axis) current(text string) string {
	if now, ok := a.Formerly[text]; ok {
		return now
	}
	return text
}

// former returns the text that a value has in record keys: the first that it had.
func (a *Axis) former(text string) string {
	for was, now := range a.Formerly {
		if now == text {
			return was
		}
	}
	return text
}
