// resolved.go writes a Spec as YAML, with every default filled in.

package config

import (
	"bytes"

	"go.yaml.in/yaml/v3"

	"spfq/experiments/claim"
	"spfq/results"
)

// YAML returns the resolved config. Reading it gives an equal Spec.
func (s *Spec) YAML() []byte {
	root := &mapping{}
	root.add("name", encode(s.Name))
	if s.About != "" {
		root.add("about", encode(s.About))
	}
	root.add("seed", encode(s.Seed))
	root.add("trials", encode(s.Trials))
	for _, section := range sections {
		root.add(section, axesNode(axesOf(section), s.Values))
	}
	methods := &yaml.Node{Kind: yaml.SequenceNode}
	for _, m := range s.Methods {
		methods.Content = append(methods.Content, axesNode(axesOf(methodsKey), m))
	}
	root.add(methodsKey, methods)
	if s.Sweep != nil {
		root.add("sweep", s.Sweep.node())
	}
	if len(s.Claims) > 0 {
		claims := &yaml.Node{Kind: yaml.SequenceNode}
		for _, c := range s.Claims {
			claims.Content = append(claims.Content, claimNode(c))
		}
		root.add("claims", claims)
	}
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(root.node()); err != nil {
		panic("config: " + err.Error())
	}
	return b.Bytes()
}

// mapping collects the keys and values of a YAML mapping.
type mapping struct {
	content []*yaml.Node
	style   yaml.Style
}

func (m *mapping) add(key string, value *yaml.Node) {
	m.content = append(m.content, text(key), value)
}

func (m *mapping) node() *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Style: m.style, Content: m.content}
}

// text returns a scalar that is written as s stands.
func text(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: s} }

// encode returns a value as the YAML library encodes it, with a list in one line.
func encode(v any) *yaml.Node {
	n := &yaml.Node{}
	if err := n.Encode(v); err != nil {
		panic("config: " + err.Error())
	}
	if n.Kind == yaml.SequenceNode {
		n.Style = yaml.FlowStyle
	}
	return n
}

// axesNode returns a mapping of the axes that have values.
func axesNode(rows []*results.Axis, values map[string][]string) *yaml.Node {
	m := &mapping{}
	for _, row := range rows {
		if v := values[row.Path]; len(v) > 0 {
			m.add(row.Name(), valuesNode(row, v))
		}
	}
	return m.node()
}

// valuesNode returns the values of an axis: one value as it is, several as a list.
func valuesNode(row *results.Axis, values []string) *yaml.Node {
	one := text
	if row.Column == "widths" {
		one = func(s string) *yaml.Node { return encode(results.ParseSizes(s)) }
	}
	if len(values) == 1 {
		return one(values[0])
	}
	list := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, v := range values {
		list.Content = append(list.Content, one(v))
	}
	return list
}

// whereNode returns conditions as a mapping in one line.
func whereNode(w results.Where) *yaml.Node {
	m := &mapping{style: yaml.FlowStyle}
	for _, c := range w {
		value := text(c.Values[0])
		if len(c.Values) > 1 {
			value = &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
			for _, v := range c.Values {
				value.Content = append(value.Content, text(v))
			}
		}
		m.add(c.Column, value)
	}
	return m.node()
}

// claimNode returns a mapping of the keys of a claim that have a value.
func claimNode(c claim.Claim) *yaml.Node {
	m := &mapping{}
	for _, k := range claim.Keys(c) {
		switch v := k.Value().(type) {
		case nil:
		case results.Where:
			m.add(k.Name, whereNode(v))
		default:
			m.add(k.Name, encode(v))
		}
	}
	return m.node()
}

// node returns the sweep as a mapping.
func (s *Sweep) node() *yaml.Node {
	m := &mapping{}
	list := func(name string, n int, item func(i int) *yaml.Node) {
		out := &yaml.Node{Kind: yaml.SequenceNode}
		for i := range n {
			out.Content = append(out.Content, item(i))
		}
		if n > 0 {
			m.add(name, out)
		}
	}
	list("zip", len(s.Zip), func(i int) *yaml.Node { return encode(s.Zip[i]) })
	if len(s.Where) > 0 {
		m.add("where", whereNode(s.Where))
	}
	list("exclude", len(s.Exclude), func(i int) *yaml.Node { return whereNode(s.Exclude[i]) })
	list("include", len(s.Include), func(i int) *yaml.Node { return s.Include[i].node() })
	return m.node()
}

// node returns what the inclusion sets, and its conditions, as a mapping in one line.
func (in *Inclusion) node() *yaml.Node {
	m := &mapping{style: yaml.FlowStyle}
	for _, path := range in.Set {
		row, values := in.find(path)
		axis, _ := results.AxisAt(row)
		m.add(path, valuesNode(axis, values[row]))
	}
	if len(in.Where) > 0 {
		m.add("where", whereNode(in.Where))
	}
	return m.node()
}
