// random_config_test.go draws the configs of random_test.go: small, and of
// everything that a config can say.

package experiments_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"spfq/experiments"
)

// axis is a key of a config with its values, as YAML.
type axis struct {
	path   string // as network.width
	values []string
}

func (a axis) list() string { return "[" + strings.Join(a.values, ", ") + "]" }

// method is a method with the axes that it has of its own.
type method struct {
	name string
	axes []axis
}

func (m method) String() string {
	text := "{name: " + m.name
	for _, a := range m.axes {
		text += ", " + a.path + ": " + a.list()
	}
	return text + "}"
}

// condition is a column with the values that it may have, as a where takes it.
type condition struct {
	column string
	values []string
}

func (c condition) String() string {
	return "{" + c.column + ": [" + strings.Join(c.values, ", ") + "]}"
}

// holds reports whether a row of a CSV file satisfies the condition.
func (c condition) holds(row map[string]string) bool {
	return slices.Contains(c.values, row[c.column])
}

// inclusion is an axis with other values, and what is kept of the grid that they
// span; nil for all.
type inclusion struct {
	axis
	where *condition
}

// draw is a config that was drawn.
type draw struct {
	seed, trials   int
	axes           []axis
	methods        []method
	zip            []axis // one group; none if empty
	where, exclude *condition
	include        *inclusion
	claims         []string
}

func (d *draw) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "name: random\nseed: %d\ntrials: %d\n", d.seed, d.trials)
	for _, section := range []string{"network", "data", "alphabet"} {
		b.WriteString(section + ":\n")
		for _, a := range d.axes {
			if name, ok := strings.CutPrefix(a.path, section+"."); ok {
				fmt.Fprintf(&b, "  %s: %s\n", name, a.list())
			}
		}
	}
	fmt.Fprintf(&b, "methods: %s\n", methodList(d.methods))
	b.WriteString("sweep:" + d.sweep() + "\n")
	b.WriteString("claims:" + d.claimList() + "\n")
	return b.String()
}

// sweep writes the sweep, line by line.
func (d *draw) sweep() string {
	text := ""
	if len(d.zip) > 0 {
		text += "\n  zip: [[" + d.zip[0].path + ", " + d.zip[1].path + "]]"
	}
	if d.where != nil {
		text += "\n  where: " + d.where.String()
	}
	if d.exclude != nil {
		text += "\n  exclude: [" + d.exclude.String() + "]"
	}
	if d.include != nil {
		text += "\n  include: [{" + d.include.path + ": " + d.include.list()
		if d.include.where != nil {
			text += ", where: " + d.include.where.String()
		}
		text += "}]"
	}
	if text == "" {
		return " {}"
	}
	return text
}

func (d *draw) claimList() string {
	if len(d.claims) == 0 {
		return " []"
	}
	return "\n  - " + strings.Join(d.claims, "\n  - ")
}

func methodList(ms []method) string {
	var texts []string
	for _, m := range ms {
		texts = append(texts, m.String())
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// pools are the values that axes are drawn from.
var pools = map[string][]string{
	"network.layers":           {"1", "2", "3"},
	"network.width":            {"2", "3", "4", "5", "6", "8", "12"},
	"network.widths":           {"[3, 5]", "[6, 2, 4]", "[6, 4, 2]", "[4, 6, 2]", "[2, 7, 3, 5]", "[12, 3]", "[5, 1, 5]", "[2, 200]"}, // the last has two tiles of neurons
	"network.weights":          {"gaussian", "uniform", "laplace", "student-5", "student-3", "low-discrepancy", "tied", "constant-0.1", "constant-0.3"},
	"network.biases":           {"false", "true"},
	"network.activation":       {"relu", "leaky-relu", "tanh", "identity"},
	"data.source":              {"gaussian", "uniform", "subspace", "spiral"},
	"data.dimension":           {"1", "2", "3"},
	"data.noise":               {"0", "0.1", "1"},
	"data.samples":             {"1", "2", "3", "5", "8"},
	"data.test_samples":        {"0", "1", "3", "4"},
	"alphabet.step":            {"0.1", "0.25", "1", "data"},
	"alphabet.C":               {"0.5", "1.16", "5e-324"}, // the last is too small for any step
	"alphabet.quantile":        {"0.5", "0.9", "1"},
	"alphabet.bits":            {"1", "2", "3", "4", "8", "inf"},
	"alphabet.levels":          {"signed", "paper"},
	"alphabet.activation_bits": {"inf", "2", "4"},
	"align":                    {"none", "order-1", "order-3", "exact", "exact-max"},
	"feedback":                 {"true", "false"},
	"rounding":                 {"nearest", "stochastic"},
	"order":                    {"natural", "norm", "weight", "random"},
}

// choices are the axes of a method.
var choices = []string{"align", "feedback", "rounding", "order"}

// generator draws configs, and counts what it draws.
type generator struct {
	*rand.Rand
	seen tally
}

func (g *generator) chance(p float64) bool { return g.Float64() < p }

func pick[T any](g *generator, from []T) T { return from[g.IntN(len(from))] }

// some draws n of the values, in any order.
func (g *generator) some(values []string, n int) []string {
	values = slices.Clone(values)
	g.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
	return values[:min(n, len(values))]
}

// axis draws the values of an axis, mostly one.
func (g *generator) axis(path string, more float64) axis {
	n := 1
	for n < 3 && g.chance(more) {
		n++
	}
	return axis{path, g.some(pools[path], n)}
}

// maxTasks and maxRows bound the configs, so that hundreds run in seconds.
const maxTasks, maxRows = 32, 96

// config draws configs until the program accepts one of a small size.
func (g *generator) config(t *testing.T) *draw {
	t.Helper()
	for {
		d := g.draw()
		g.seen["config drawn"]++
		if !accepted(t, d.String()) {
			continue
		}
		for range 12 {
			claim := g.claim(d)
			g.seen["claim drawn"]++
			d.claims = append(d.claims, claim)
			if !accepted(t, d.String()) {
				d.claims = d.claims[:len(d.claims)-1]
				continue
			}
			g.seen["claim"]++
		}
		if tasks, rows := size(t, d.String()); tasks > maxTasks || rows > maxRows {
			g.seen["config drawn"]-- // refused by the test
			continue
		}
		g.seen["config"]++
		for what, has := range map[string]bool{"zip": d.zip != nil, "where": d.where != nil, "exclude": d.exclude != nil, "include": d.include != nil,
			"widths": d.find("network.widths") != nil, "subspace": d.find("data.dimension") != nil, "data-step": d.find("alphabet.C") != nil} {
			if has {
				g.seen[what]++
			}
		}
		return d
	}
}

// accepted reports whether the program accepts a config. It says of all that it
// refuses where it is.
func accepted(t *testing.T, config string, sets ...string) bool {
	t.Helper()
	_, err := experiments.Parse("random.yaml", []byte(config), sets)
	if err == nil {
		return true
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		if !strings.HasPrefix(line, "random.yaml:") && !strings.HasPrefix(line, "--set ") {
			t.Fatalf("--set %q: %v: %q does not say where, in\n%s", sets, err, line, config)
		}
	}
	return false
}

// size returns how many tasks and rows a config asks for.
func size(t *testing.T, config string) (tasks, rows int) {
	t.Helper()
	p, err := experiments.Parse("random.yaml", []byte(config), nil)
	if err != nil {
		t.Fatal(err)
	}
	v, err := p.Preview(t.Context(), experiments.Execution{Dir: t.TempDir(), Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	return v.Tasks, v.New
}

// draw draws a config without claims. Some are mistakes.
func (g *generator) draw() *draw {
	d := &draw{seed: g.IntN(4), trials: 1 + g.IntN(4)}
	add := func(path string, more float64) {
		d.axes = append(d.axes, g.axis(path, more))
	}
	if g.chance(0.3) {
		add("network.widths", 0.5)
	} else {
		add("network.layers", 0.2)
		add("network.width", 0.6)
	}
	for _, path := range []string{"network.weights", "network.biases", "network.activation", "data.source"} {
		if g.chance(0.5) {
			add(path, 0.2)
		}
	}
	if s := d.find("data.source"); s != nil && slices.Contains(s.values, "subspace") {
		add("data.dimension", 0.3)
		if g.chance(0.5) {
			add("data.noise", 0.3)
		}
	}
	add("data.samples", 0.2)
	if g.chance(0.6) {
		add("data.test_samples", 0.2)
	}
	add("alphabet.step", 0.3)
	if s := d.find("alphabet.step"); slices.Contains(s.values, "data") {
		add("alphabet.C", 0.5)
		if g.chance(0.7) {
			add("alphabet.quantile", 0.5)
		}
	}
	for _, path := range []string{"alphabet.bits", "alphabet.levels", "alphabet.activation_bits"} {
		if g.chance(0.5) || path == "alphabet.bits" && d.find("alphabet.C") != nil { // whose default is inf
			add(path, 0.3)
		}
	}
	for range 1 + g.IntN(3) {
		m := method{name: pick(g, []string{"spfq", "spfq", "spfq", "gpfq", "rtn", "stochastic"})}
		for _, name := range choices {
			if g.chance(0.2) {
				m.axes = append(m.axes, g.axis(name, 0.4))
			}
		}
		d.methods = append(d.methods, m)
	}
	if g.chance(0.7) {
		g.sweep(d)
	}
	return d
}

func (d *draw) find(path string) *axis {
	for i := range d.axes {
		if d.axes[i].path == path {
			return &d.axes[i]
		}
	}
	return nil
}

// all lists the axes of a draw with those of its methods, as a sweep names them.
func (d *draw) all() []axis {
	out := slices.Clone(d.axes)
	for i, m := range d.methods {
		for _, a := range m.axes {
			out = append(out, axis{fmt.Sprintf("methods.%d.%s", i, a.path), a.values})
		}
	}
	return out
}

// condition draws a condition that some of the config meet.
func (g *generator) condition(d *draw) condition {
	a := pick(g, d.axes)
	column := a.path[strings.LastIndexByte(a.path, '.')+1:]
	var values []string
	for _, v := range g.some(a.values, 1+g.IntN(2)) {
		values = append(values, strings.ReplaceAll(strings.Trim(v, "[]"), ", ", "-"))
	}
	if g.chance(0.3) || slices.Contains(values, "data") { // no column has that
		return condition{"method", []string{pick(g, d.methods).name}}
	}
	return condition{column, values}
}

// sweep draws how the axes combine.
func (g *generator) sweep(d *draw) {
	if g.chance(0.5) {
		var long []axis
		for _, a := range d.all() {
			if len(a.values) > 1 {
				long = append(long, a)
			}
		}
		g.Shuffle(len(long), func(i, j int) { long[i], long[j] = long[j], long[i] })
		for i := 1; i < len(long) && d.zip == nil; i++ {
			if len(long[i].values) == len(long[0].values) {
				d.zip = []axis{long[0], long[i]}
			}
		}
	}
	if g.chance(0.3) {
		c := g.condition(d)
		d.where = &c
	}
	if g.chance(0.4) {
		c := g.condition(d)
		d.exclude = &c
	}
	if g.chance(0.5) {
		path := pick(g, d.axes).path
		d.include = &inclusion{axis: g.axis(path, 0.2)}
		if g.chance(0.6) {
			c := g.condition(d)
			d.include.where = &c
		}
	}
}

// claim draws a claim about one method or all. Most do not fit.
func (g *generator) claim(d *draw) string {
	name := pick(g, d.methods).name
	where := "where: {method: " + name
	if g.chance(0.4) {
		if c := g.condition(d); c.column != "method" {
			where += ", " + strings.Trim(c.String(), "{}")
		}
	}
	where += "}"
	over := pick(g, []string{"width", "width", "samples", "step", "trial"})
	switch g.IntN(12) {
	case 0, 1, 2:
		return "{kind: bits_growth, factor: " + pick(g, []string{"1.05", "1.5"}) + ", " + where + "}"
	case 3, 4, 5:
		return "{kind: bound, theorem: " + pick(g, []string{"layer_data", "layer_data_column", "layer_observed", "certificate", "certificate_observed",
			"order_r", "one_layer", "full_network", "finite_alphabet", "gauss_network"}) + ", " + where + "}"
	case 6:
		return "{kind: power_law, metric: " + pick(g, []string{"rel_sq_error", "max_v"}) + ", over: " + over + ", exponent: [-1, 1], " + where + "}"
	case 7:
		return "{kind: cost, exponent: [0.9, 1.1], " + where + "}"
	case 8:
		return "{kind: generalizes, range: [0.1, 10], " + where + "}"
	case 9:
		return "{kind: ratio, metric: rel_sq_error, range: [0.1, 10], to: {method: " + pick(g, d.methods).name + "}, " + where + "}"
	case 10:
		return "{kind: tail, reference: subgaussian, " + where + "}"
	default:
		return "{kind: tightness, theorem: " + pick(g, []string{"one_layer_sharp", "certificate"}) + ", factor: [1, 1000], " + where + "}"
	}
}

// fitting returns changes to a config that the program accepts: those given, or
// those without claims, or without a sweep too; nil if it accepts none.
func fitting(t *testing.T, d *draw, sets []string) []string {
	t.Helper()
	for _, more := range [][]string{nil, {"claims=[]"}, {"claims=[]", "sweep={}"}} {
		if all := slices.Concat(sets, more); accepted(t, d.String(), all...) {
			return all
		}
	}
	return nil
}

// narrower draws changes that leave something of a config out.
func (g *generator) narrower(t *testing.T, d *draw) []string {
	for range 10 {
		var sets []string
		for _, a := range d.all() {
			if n := len(a.values); n > 1 && g.chance(0.5) {
				sets = append(sets, a.path+"="+axis{values: g.some(a.values, 1+g.IntN(n-1))}.list())
			}
		}
		if d.trials > 1 && g.chance(0.5) {
			sets = append(sets, fmt.Sprintf("trials=%d", 1+g.IntN(d.trials-1)))
		}
		if n := len(d.methods); n > 1 && g.chance(0.3) {
			first := g.IntN(n)
			sets = []string{"methods=" + methodList(d.methods[first:first+1])}
		}
		if n := len(d.claims); n > 0 && g.chance(0.6) {
			sets = append(sets, "claims=["+strings.Join(g.some(d.claims, g.IntN(n)), ", ")+"]")
		}
		if len(sets) > 0 {
			if sets = fitting(t, d, sets); sets != nil {
				return sets
			}
		}
	}
	return nil
}

// wider draws changes that ask for more trials, perhaps with more values of an
// axis.
func (g *generator) wider(t *testing.T, d *draw) []string {
	trials := []string{fmt.Sprintf("trials=%d", d.trials+1+g.IntN(2))}
	a := pick(g, d.axes)
	for _, v := range g.some(pools[a.path], 2) {
		if !slices.Contains(a.values, v) {
			if sets := fitting(t, d, append(trials, a.path+"="+axis{values: append(slices.Clone(a.values), v)}.list())); sets != nil {
				return sets
			}
		}
	}
	return trials
}

// sibling draws changes that give one axis, or the seed, another value: what is
// drawn, or how it is quantized, differs in that alone.
func (g *generator) sibling(t *testing.T, d *draw) []string {
	for range 10 {
		var paths []string
		for path := range pools {
			if strings.Contains(path, ".") {
				paths = append(paths, path)
			}
		}
		for i := range d.methods {
			for _, name := range choices {
				paths = append(paths, fmt.Sprintf("methods.%d.%s", i, name))
			}
		}
		slices.Sort(paths) // maps have no order
		path := pick(g, append(paths, "seed"))
		if path == "seed" {
			return []string{fmt.Sprintf("seed=%d", d.seed+1)}
		}
		pool, ok := pools[path]
		if !ok {
			pool = pools[path[strings.LastIndexByte(path, '.')+1:]]
		}
		if sets := fitting(t, d, []string{path + "=" + pick(g, pool)}); sets != nil {
			return sets
		}
	}
	return nil
}
