// sweep.go narrows and widens the grid that the axes of a config span.

package experiments

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// SweepConfig says which pairs of a cell and a variant are run: of the grid, in
// which the axes of a group of Zip move together, those that match Where and
// none of Exclude; and those that Include adds.
type SweepConfig struct {
	Zip     []zipGroup  `yaml:"zip,omitempty"`
	Where   Where       `yaml:"where,omitempty"`
	Exclude []Where     `yaml:"exclude,omitempty"`
	Include []Inclusion `yaml:"include,omitempty"`
}

// zipGroup is the key paths of axes that move together.
type zipGroup []string

// MarshalYAML writes the group in one line.
func (g zipGroup) MarshalYAML() (any, error) {
	n := &yaml.Node{}
	err := n.Encode([]string(g))
	n.Style = yaml.FlowStyle
	return n, err
}

// zip returns the groups of axes that move together; none of a nil sweep.
func (s *SweepConfig) zip() [][]string {
	if s == nil {
		return nil
	}
	var out [][]string
	for _, g := range s.Zip {
		out = append(out, g)
	}
	return out
}

// leaveSweepOut ends messages about a sweep that a narrowed config leaves no
// room for.
const leaveSweepOut = " (--set sweep={} leaves the sweep out)"

// decodeSweep reads the form of a sweep; resolve reads what depends on the
// axes. An empty one is none.
func decodeSweep(d *decoder, n *yaml.Node, key string) *SweepConfig {
	s := &SweepConfig{}
	list := func(name, of string, read func(n *yaml.Node, key string)) field {
		return field{name: name, read: func(n *yaml.Node, key string) {
			if n.Kind != yaml.SequenceNode {
				d.fail(n, key, "want a list of %s, have %s", of, kindName(n))
				return
			}
			for _, it := range items(d, n, key) {
				read(it.node, it.key)
			}
		}}
	}
	d.object(n, key,
		list("zip", "groups of axes, as [[network.width, data.samples]]", func(n *yaml.Node, key string) {
			if n.Kind != yaml.SequenceNode || len(n.Content) < 2 {
				d.fail(n, key, "want a group of at least two axes, as [network.width, data.samples], have %s", kindName(n))
				return
			}
			var group zipGroup
			for _, it := range items(d, n, key) {
				path, _ := value(d, it.node, it.key, text)
				group = append(group, path)
			}
			s.Zip = append(s.Zip, group)
		}),
		decodeWhere(d, "where", &s.Where),
		list("exclude", "conditions, as [{bits: 3, width: 2048}]", func(n *yaml.Node, key string) {
			var w Where
			decodeWhere(d, "", &w).read(n, key)
			s.Exclude = append(s.Exclude, w)
		}),
		list("include", "mappings of axes to values, as [{network.width: 4096}]", func(n *yaml.Node, key string) {
			s.Include = append(s.Include, Inclusion{})
		}),
	)
	if n.Kind == yaml.MappingNode && len(n.Content) == 0 {
		return nil
	}
	return s
}

// axisNames lists the keys of a config's sections that can be axes.
var axisNames = map[string][]string{
	"network":  {"layers", "width", "widths", "weights", "biases", "activation"},
	"data":     {"source", "dimension", "noise", "samples", "test_samples"},
	"alphabet": {"step", "C", "quantile", "bits", "levels", "activation_bits"},
	"methods":  {"align", "feedback", "rounding", "order"},
}

// axisPaths lists the key paths of all axes that a config can have.
func (c *Config) axisPaths() []string {
	var out []string
	for _, section := range []string{"network", "data", "alphabet"} {
		for _, name := range axisNames[section] {
			out = append(out, section+"."+name)
		}
	}
	for i := range c.Methods {
		for _, name := range axisNames["methods"] {
			out = append(out, fmt.Sprintf("methods.%d.%s", i, name))
		}
	}
	return out
}

// at returns the values of an axis as they stand in the resolved config, nil
// where it has none.
func (c *Config) at(path string) *yaml.Node {
	n := &yaml.Node{}
	bare := Config{Network: c.Network, Data: c.Data, Alphabet: c.Alphabet, Methods: c.Methods}
	if err := n.Encode(&bare); err != nil {
		panic("experiments: " + err.Error())
	}
	return at(n, path)
}

// axisLength returns how many values an axis has.
func (c *Config) axisLength(path string) int {
	n := c.at(path)
	switch {
	case n == nil:
		return 0
	case n.Kind != yaml.SequenceNode:
		return 1
	case path == "network.widths":
		return len(c.Network.Widths) // one of them is a list too
	}
	return len(n.Content)
}

// resolve checks the axes that a sweep names and reads the configs of its
// inclusions.
func (s *SweepConfig) resolve(d *decoder, root *yaml.Node, c *Config) {
	node, paths := child(root, "sweep"), c.axisPaths()
	known := func(n *yaml.Node, key, path string) bool {
		if !slices.Contains(paths, path) {
			d.fail(n, key, "no axis %q%s (axes are network.*, data.*, alphabet.* and methods.I.*, I from 0)", path, nearest(path, paths))
			return false
		}
		return true
	}
	taken := map[string]bool{}
	for i, group := range s.Zip {
		n, key := resolve(child(node, "zip").Content[i]), fmt.Sprintf("sweep.zip[%d]", i)
		var lengths []string
		equal, ok := true, true
		for j, path := range group {
			node := resolve(n.Content[j])
			length := 0
			switch {
			case !known(node, fmt.Sprintf("%s[%d]", key, j), path):
			case taken[path]:
				d.fail(node, key, "%s is zipped twice: an axis moves with one group", path)
			default:
				if length = c.axisLength(path); length == 0 {
					d.fail(node, key, "this config has no %s", path)
				}
			}
			taken[path] = true
			ok = ok && length > 0
			equal = equal && ok && length == c.axisLength(group[0])
			lengths = append(lengths, fmt.Sprintf("%s has %d", path, length))
		}
		if ok && !equal {
			d.fail(n, key, "axes that move together need equally many values: %s%s", strings.Join(lengths, ", "), leaveSweepOut)
		}
	}
	for i := range s.Include {
		n, key := resolve(child(node, "include").Content[i]), fmt.Sprintf("sweep.include[%d]", i)
		s.Include[i].resolve(d, root, n, key, c, known)
	}
}

// apply narrows and widens the grid, and notes what of the sweep does not fit
// it.
func (s *SweepConfig) apply(d *decoder, node *yaml.Node, g *grid) *grid {
	fits := func(n *yaml.Node, key string, g *grid, w Where) bool {
		for _, c := range w {
			if c.Column == "trial" || c.Column == "seed" {
				d.fail(n, join(key, c.Column), "%s is no axis: a sweep narrows networks, data and variants", c.Column)
				return false
			}
		}
		if before := len(d.problems); !checkWhere(d, n, key, g, w, nil) {
			d.problems[before].Text += leaveSweepOut
			return false
		}
		return true
	}
	narrow := func(g *grid, w Where, to bool) {
		cells, variants := g.match(w)
		for c := range cells {
			for v := range variants {
				if at := c*len(variants) + v; (cells[c] && variants[v]) != to {
					g.keep[at] = false
				}
			}
		}
	}
	if w := child(node, "where"); w != nil && fits(w, "sweep.where", g, s.Where) {
		narrow(g, s.Where, true)
	}
	for i, w := range s.Exclude {
		fits(resolve(child(node, "exclude").Content[i]), fmt.Sprintf("sweep.exclude[%d]", i), g, w)
	}
	for _, w := range s.Exclude {
		narrow(g, w, false)
	}
	for i, in := range s.Include {
		n, key := resolve(child(node, "include").Content[i]), fmt.Sprintf("sweep.include[%d]", i)
		more, err := in.config.grid(in.zip(s.Zip))
		if err != nil {
			d.fail(n, key, "%v", err)
			continue
		}
		if w := child(n, "where"); w != nil {
			if !fits(w, join(key, "where"), more, in.Where) {
				continue
			}
			narrow(more, in.Where, true)
		}
		switch added, err := g.merge(more.compact()); {
		case err != nil:
			d.fail(n, key, "%v", err)
		case added == 0:
			d.fail(n, key, "adds nothing: all of it is in the grid already%s", leaveSweepOut)
		}
	}
	g = g.compact()
	if len(g.keep) == 0 && len(d.problems) == 0 {
		d.fail(node, "sweep", "leaves nothing of the grid to run%s", leaveSweepOut)
	}
	return g
}
