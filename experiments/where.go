// where.go selects records by the columns of their identity.

package experiments

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"spfq/results"
)

// Where selects records: each condition must hold.
type Where []Condition

// Condition demands that a column have one of the values, in the text form of
// the CSV files.
type Condition struct {
	Column string
	Values []string
}

// MarshalYAML writes the conditions as a mapping in one line.
func (w Where) MarshalYAML() (any, error) {
	n := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	scalar := func(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: s} }
	for _, c := range w {
		value := scalar(c.Values[0])
		if len(c.Values) > 1 {
			value = &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
			for _, v := range c.Values {
				value.Content = append(value.Content, scalar(v))
			}
		}
		n.Content = append(n.Content, scalar(c.Column), value)
	}
	return n, nil
}

// Map returns the conditions as claims.json has them.
func (w Where) Map() map[string]any {
	m := map[string]any{}
	for _, c := range w {
		if len(c.Values) == 1 {
			m[c.Column] = c.Values[0]
		} else {
			m[c.Column] = c.Values
		}
	}
	return m
}

func (w Where) String() string {
	parts := make([]string, len(w))
	for i, c := range w {
		parts[i] = c.Column + " = " + strings.Join(c.Values, " or ")
	}
	return strings.Join(parts, ", ")
}

// Match reports whether an identity satisfies all conditions.
func (w Where) Match(id *results.Identity) bool {
	for _, c := range w {
		if !slices.Contains(c.Values, identityText(id, c.Column)) {
			return false
		}
	}
	return true
}

// identityText returns the text form of a column of an identity.
func identityText(id *results.Identity, column string) string {
	c, ok := results.Lookup(id, column)
	if !ok {
		panic("experiments: no identity column " + column)
	}
	return c.Text(id)
}

// instead ends a message about conditions that no record meets: for each that
// not even one value meets, the values that the column has.
func instead(w Where, values func(column string) []string) string {
	var out strings.Builder
	for _, c := range w {
		have := values(c.Column)
		if slices.ContainsFunc(c.Values, func(v string) bool { return slices.Contains(have, v) }) {
			continue
		}
		shown := slices.Clone(have)
		for i, v := range shown {
			shown[i] = cmp.Or(v, "empty")
		}
		fmt.Fprintf(&out, "; %s is %s", c.Column, alternatives(shown))
		if col, _ := results.Lookup(results.Identity{}, c.Column); !col.Numeric() {
			out.WriteString(nearest(c.Values[0], have))
		}
	}
	return out.String()
}

// decodeWhere reads a mapping of identity columns to values or lists of them.
func decodeWhere(d *decoder, name string, dst *Where) field {
	return field{name: name, about: about{accepts: whereAccepts}, read: func(n *yaml.Node, key string) {
		var fields []field
		for _, c := range results.Columns(results.Identity{}) {
			fields = append(fields, field{name: c.Name, read: func(n *yaml.Node, key string) {
				cond := Condition{Column: c.Name}
				for _, it := range items(d, n, key) {
					if it.node.Kind != yaml.ScalarNode {
						d.fail(it.node, it.key, "want one value, have %s", kindName(it.node))
						continue
					}
					text := it.node.Value
					if v, err := decimal(it.node); err == nil && !wholePattern.MatchString(text) { // whole numbers stay as they are
						text = results.Num(v).String()
					}
					cond.Values = append(cond.Values, text)
				}
				*dst = append(*dst, cond)
			}})
		}
		d.object(n, key, fields...)
	}}
}
