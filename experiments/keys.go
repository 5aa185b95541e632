// keys.go describes the keys of a config, for its schema, documents, messages
// and completion. What it tells of a key is what the decoder reads it by.

package experiments

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"spfq/results"
)

// schema is a JSON Schema, or some keywords of one.
type schema map[string]any

// accepts says what values a key takes: in words, and as a JSON Schema.
type accepts struct {
	want   string
	schema schema
}

// about is what is to be said of a key beside its name.
type about struct {
	accepts
	axis     bool   // a list of values spans an axis
	text     string // what the key means
	fallback any    // what it is unless given
	only     string // where the fallback is for some configs only: which
}

// doc says what the key means: a phrase.
func (f field) doc(text string) field {
	f.text = text
	return f
}

// when says that the fallback is for some configs only; nil if it is no one
// value.
func (f field) when(only string, fallback any) field {
	f.only, f.fallback = only, fallback
	return f
}

// formSchema is a schema of words and of words that end in a placeholder of
// capitals: R is a whole number, others any positive number.
func formSchema(forms []string) schema {
	var words []string
	var alternatives []schema
	for _, form := range forms {
		stem := strings.TrimRight(form, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
		switch form[len(stem):] {
		case "":
			words = append(words, form)
		case "R":
			alternatives = append(alternatives, schema{"type": "string", "pattern": "^" + stem + "[1-9][0-9]*$"})
		default:
			alternatives = append(alternatives, schema{"type": "string", "pattern": "^" + stem + `[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?$`})
		}
	}
	if alternatives == nil {
		return schema{"enum": words}
	}
	return schema{"anyOf": append([]schema{{"enum": words}}, alternatives...)}
}

// whereAccepts is a mapping from columns of the identity to values.
var whereAccepts = accepts{"a mapping from columns of the identity to a value or a list of values", schema{"$ref": "#/$defs/where"}}

// whereSchema is the schema that whereAccepts refers to. A column named as a key
// offers the words of the key, and takes any value.
func whereSchema(keys []Key) schema {
	properties := schema{}
	for _, c := range results.Columns(results.Identity{}) {
		scalar := "string"
		switch _, isBool := c.Value(&results.Identity{}).(bool); {
		case isBool:
			scalar = "boolean"
		case c.Numeric():
			scalar = "number"
		}
		one := []schema{{"type": scalar}}
		if scalar == "number" {
			one = append(one, schema{"type": "string"}) // inf, and empty
		}
		for _, k := range keys {
			_, name, _ := strings.Cut(k.Path, ".")
			if k.Path == "methods.name" {
				name = "method"
			}
			if name == c.Name && k.Kind == "" && len(k.Words) > 0 {
				one = append([]schema{{"enum": k.Words}}, one...)
			}
		}
		value := schema{"anyOf": one}
		properties[c.Name] = schema{"description": sentence(c.Doc), "anyOf": []schema{value, {"type": "array", "items": value, "minItems": 1}}}
	}
	return schema{"type": "object", "properties": properties, "additionalProperties": false}
}

// section is a mapping of a config and the keys that it takes.
type section struct {
	path   string // as network, methods[0], claims[3]; empty for the config itself
	fields []field
}

// skeleton has every mapping that a config can have, and a claim of each kind.
func skeleton() string {
	var b strings.Builder
	b.WriteString("network: {}\ndata: {}\nalphabet: {}\nmethods: [{}]\nclaims:\n")
	for _, kind := range claimNames() {
		fmt.Fprintf(&b, "  - {kind: %s}\n", kind)
	}
	return b.String()
}

func claimNames() []string { return slices.Sorted(maps.Keys(claimKinds)) }

// sections lists the mappings of a config: what the decoder asks for when it
// reads the skeleton.
func sections() []section {
	var out []section
	d := &decoder{file: "skeleton", tell: func(key string, fields []field) { out = append(out, section{key, fields}) }}
	d.read([]byte(skeleton())) // which lacks what is required: its problems do not matter
	return out
}

// Key is a key of a config.
type Key struct {
	Path     string   // as network.width, methods.name, claims.exponent
	Kind     string   // of the claim that it is a key of; empty for other keys
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
	for _, s := range sections() {
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
			k := Key{Path: join(path, f.name), Kind: kind, Doc: f.text, Want: f.want, Words: f.schema.words(),
				Axis: f.axis, Required: f.required, Only: f.only}
			if v, ok := f.standing(); ok {
				k.Default = oneLine(v)
			}
			out = append(out, k)
		}
	}
	return out
}

// words lists the words that a schema allows.
func (s schema) words() []string {
	words, _ := s["enum"].([]string)
	alternatives, _ := s["anyOf"].([]schema)
	for _, a := range alternatives {
		words = append(words, a.words()...)
	}
	return words
}

// standing returns what the key is unless given, as YAML decodes it; ok is false
// if there is no such value.
func (f field) standing() (value any, ok bool) {
	if f.required || f.fallback == nil {
		return nil, false
	}
	text, err := yaml.Marshal(f.fallback)
	if err != nil {
		panic("experiments: " + err.Error())
	}
	if err := yaml.Unmarshal(text, &value); err != nil {
		panic("experiments: " + err.Error())
	}
	if list, isList := value.([]any); value == "" || isList && len(list) == 0 {
		return nil, false
	}
	return value, true
}

func oneLine(v any) string {
	n := &yaml.Node{}
	if err := n.Encode(v); err != nil {
		panic("experiments: " + err.Error())
	}
	n.Style = yaml.FlowStyle
	text, err := yaml.Marshal(n)
	if err != nil {
		panic("experiments: " + err.Error())
	}
	return strings.TrimSpace(string(text))
}

// SetPaths lists the keys of a config as --set takes them, items of lists by
// their number: methods.0.align. Without a config, there is one method and no
// claim.
func SetPaths(c *Config) []Key {
	methods, claims := 1, []Claim(nil)
	if c != nil {
		methods, claims = len(c.Methods), c.Claims
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
			for i, claim := range claims {
				if claim.base().Kind == k.Kind {
					item(k, i)
				}
			}
		case strings.HasPrefix(k.Path, "methods."):
			for i := range methods {
				item(k, i)
			}
		default:
			out = append(out, k)
		}
	}
	return out
}
