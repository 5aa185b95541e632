// keys.go describes the keys of a config for its schema, documents, messages and
// completion. All of it comes from the fields by which the decoder reads the keys.

package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"spfq/experiments/claim"
	"spfq/internal/domain"
	"spfq/results"
)

// about is what is said of a key beside its name.
type about struct {
	domain.Accepts
	axis     bool   // a list of values spans an axis
	text     string // what the key means
	fallback any    // its default; nil if there is none
	only     string // which configs have the default, if not all do
}

// doc sets what the key means, which is a phrase.
func (f field) doc(text string) field {
	f.text = text
	return f
}

// aboutAxis returns what is said of the key of an axis.
func aboutAxis(row *results.Axis) about {
	a := about{Accepts: row.Values.Accepts, axis: true, text: row.Key}
	if former := formerValues(row); len(former) > 0 {
		a.Schema = domain.Schema{"anyOf": []domain.Schema{a.Schema, {"enum": former}}}
	}
	if row.Path == methodName {
		a.axis = false
	}
	if row.Default != "" {
		a.fallback = notation{row.Default}
		if row.Only != nil && row.Only.Refuse {
			a.only = "with " + row.Only.Phrase
		}
	}
	if row.Preset != nil {
		a.only = "by name"
	}
	return a
}

// formerValues lists the values of an axis in earlier formats, which configs may still
// have. They are no words that completion offers.
func formerValues(row *results.Axis) (out []any) {
	for _, text := range slices.Sorted(maps.Keys(row.Formerly)) {
		var value any
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			panic("config: " + row.Column + ": " + err.Error())
		}
		out = append(out, value)
	}
	return out
}

// notation is a value that is written to YAML as its text stands.
type notation struct{ text string }

// MarshalYAML implements yaml.Marshaler.
func (v notation) MarshalYAML() (any, error) {
	return &yaml.Node{Kind: yaml.ScalarNode, Value: v.text}, nil
}

// aboutClaimKey returns what is said of a key of a claim.
func aboutClaimKey(k claim.Key) about {
	return about{Accepts: k.Accepts, text: k.Doc, fallback: k.Value()}
}

// whereSchema returns the schema of conditions. For a column it offers the words of the
// config key that spans the column, and accepts any value of the right type.
func whereSchema() domain.Schema {
	properties := domain.Schema{}
	for _, c := range results.Columns(results.Identity{}) {
		scalar := "string"
		switch _, isBool := c.Value(&results.Identity{}).(bool); {
		case isBool:
			scalar = "boolean"
		case c.Numeric():
			scalar = "number"
		}
		one := []domain.Schema{{"type": scalar}}
		if scalar == "number" {
			one = append(one, domain.Schema{"type": "string"}) // inf, and empty
		}
		if words := results.AxisOf(c.Name).Values.Schema.Words(); len(words) > 0 {
			one = append([]domain.Schema{{"enum": words}}, one...)
		}
		if former := formerValues(results.AxisOf(c.Name)); len(former) > 0 {
			one = append(one, domain.Schema{"enum": former})
		}
		value := domain.Schema{"anyOf": one}
		properties[c.Name] = domain.Schema{"description": sentence(c.Doc), "anyOf": []domain.Schema{value, {"type": "array", "items": value, "minItems": 1}}}
	}
	return domain.Schema{"type": "object", "properties": properties, "additionalProperties": false}
}

// section is a mapping of a config and the keys that it takes.
type section struct {
	path   string // as network, methods[0], claims[3]; empty for the config itself
	fields []field
}

// skeleton returns a config with every mapping that a config can have, and with a claim
// of each kind.
func skeleton() string {
	var b strings.Builder
	b.WriteString("network: {}\ndata: {}\nalphabet: {}\nmethods: [{}]\nclaims:\n")
	for _, kind := range claimNames() {
		fmt.Fprintf(&b, "  - {kind: %s}\n", kind)
	}
	return b.String()
}

// claimNames lists the kinds of claims in alphabetical order.
func claimNames() []string { return slices.Sorted(slices.Values(claim.Kinds())) }

// mappings lists the mappings of a config with their keys, as the decoder tells them when
// it reads the skeleton.
func mappings() []section {
	var out []section
	d := &decoder{file: "skeleton", tell: func(key string, fields []field) { out = append(out, section{key, fields}) }}
	d.read([]byte(skeleton())) // the skeleton lacks required keys, so its problems do not matter
	return out
}

// Key is a key of a config.
type Key struct {
	Path     string   // as network.width, methods.name, claims.exponent
	Kind     string   // kind of the claim that it is a key of; empty for other keys
	Doc      string   // what it means
	Want     string   // what values it takes, in words
	Words    []string // the words among those values
	Axis     bool     // whether a list of values spans an axis
	Required bool     // whether every config must have it
	Default  string   // as YAML; empty if there is none
	Only     string   // which configs have the default, if not all
}

// Keys lists the keys of a config, mapping by mapping; those of claims once for
// each kind.
func Keys() []Key {
	var out []Key
	kinds := claimNames()
	for _, s := range mappings() {
		path, kind := s.path, ""
		if name, index, ok := strings.Cut(s.path, "["); ok {
			path = name
			if name == "claims" {
				var i int
				fmt.Sscan(strings.TrimSuffix(index, "]"), &i)
				kind = kinds[i]
			}
		}
		for _, f := range s.fields {
			k := Key{Path: join(path, f.name), Kind: kind, Doc: f.text, Want: f.Want, Words: f.Schema.Words(),
				Axis: f.axis, Required: f.required, Only: f.only}
			if v, ok := f.standing(); ok {
				k.Default = oneLine(v)
			}
			out = append(out, k)
		}
	}
	return out
}

// standing returns the default of the key, as YAML decodes it; ok is false if the key has
// no default.
func (f field) standing() (value any, ok bool) {
	if f.required || f.fallback == nil {
		return nil, false
	}
	text, err := yaml.Marshal(f.fallback)
	if err != nil {
		panic("config: " + err.Error())
	}
	if err := yaml.Unmarshal(text, &value); err != nil {
		panic("config: " + err.Error())
	}
	if list, isList := value.([]any); value == "" || isList && len(list) == 0 {
		return nil, false
	}
	return value, true
}

// oneLine returns a value as YAML in one line.
func oneLine(v any) string {
	n := &yaml.Node{}
	if err := n.Encode(v); err != nil {
		panic("config: " + err.Error())
	}
	n.Style = yaml.FlowStyle
	text, err := yaml.Marshal(n)
	if err != nil {
		panic("config: " + err.Error())
	}
	return strings.TrimSpace(string(text))
}

// SetPaths lists the keys of a config as --set takes them, with the numbers of list
// items, as in methods.0.align. If s is nil, they are those of a config with one method
// and no claim.
func SetPaths(s *Spec) []Key {
	methods, claims := 1, []claim.Claim(nil)
	if s != nil {
		methods, claims = len(s.Methods), s.Claims
	}
	var out []Key
	item := func(k Key, i int) {
		list, key, _ := strings.Cut(k.Path, ".")
		k.Path = fmt.Sprintf("%s.%d.%s", list, i, key)
		out = append(out, k)
	}
	for _, k := range Keys() {
		switch {
		case k.Kind != "":
			for i, c := range claims {
				if claim.BaseOf(c).Kind == k.Kind {
					item(k, i)
				}
			}
		case strings.HasPrefix(k.Path, methodsKey+"."):
			for i := range methods {
				item(k, i)
			}
		default:
			out = append(out, k)
		}
	}
	return out
}

// ClaimText explains a kind of claim and its keys.
type ClaimText struct {
	Kind string
	claim.Text
	Keys []Key // its keys except kind and where, in order
}

// Claims explains all kinds of claims, the most used first.
func Claims() []ClaimText {
	keys := Keys()
	var out []ClaimText
	for _, kind := range claim.Kinds() {
		t := ClaimText{Kind: kind, Text: claim.Explain(kind)}
		for _, k := range keys {
			if k.Kind == kind && k.Path != "claims.kind" && k.Path != "claims.where" {
				t.Keys = append(t.Keys, k)
			}
		}
		out = append(out, t)
	}
	return out
}
