// schema.go writes the JSON Schema of a config, by which editors complete and check
// configs. Keys, values and defaults are those of the decoder (keys.go). How the keys of
// one mapping depend on each other is said here a second time, after read.go and the
// claims; tests compare the two.

package config

import (
	"bytes"
	"encoding/json"
	"strings"

	"spfq/experiments/claim"
	"spfq/internal/domain"
	"spfq/results"
	"spfq/sim"
)

// Schema returns the JSON Schema (draft 2020-12) of a config. It uses no keyword that
// draft 7 lacks, except $defs, to which a $ref leads in either draft. So editors that
// know only draft 7 can use it, too.
func Schema() []byte {
	var root section
	objects := map[string]domain.Schema{}
	var claims []domain.Schema
	for _, s := range mappings() {
		switch name, _, isItem := strings.Cut(s.path, "["); {
		case s.path == "":
			root = s
		case name == "claims":
			claims = append(claims, s.schema())
		case isItem:
			objects[name] = domain.Schema{"type": "array", "items": s.schema(), "minItems": 1}
		default:
			objects[name] = s.schema()
		}
	}
	objects["claims"] = claimsSchema(claims)
	top := root.schema()
	properties := top["properties"].(domain.Schema)
	for name, object := range objects {
		object["description"] = properties[name].(domain.Schema)["description"]
		properties[name] = object
	}
	properties["sweep"] = sweepSchema()
	top["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	top["$defs"] = domain.Schema{"where": whereSchema()}
	top["title"] = "runexp config"
	top["description"] = "An experiment: networks, data, alphabets, methods and claims about them."

	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(top); err != nil {
		panic("config: " + err.Error())
	}
	return b.Bytes()
}

// schema returns the schema of a mapping.
func (s section) schema() domain.Schema {
	properties, required := domain.Schema{}, []string{}
	for _, f := range s.fields {
		properties[f.name] = f.property()
		if f.required {
			required = append(required, f.name)
		}
	}
	out := domain.Schema{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
	for keyword, v := range dependences[s.path] {
		out[keyword] = v
	}
	return out
}

// property returns the schema of a key's value.
func (f field) property() domain.Schema {
	out := domain.Schema{}
	switch {
	case f.axis:
		out["anyOf"] = valueOrList(f.Schema)
	default:
		for keyword, v := range f.Schema {
			out[keyword] = v
		}
	}
	out["description"] = sentence(f.text, f.hint())
	if v, ok := f.standing(); ok {
		out["default"] = v
	}
	return out
}

// hint says what values the key takes, whether a list of them spans an axis, and which
// configs have the default.
func (f field) hint() string {
	if f.Want == "" {
		return ""
	}
	hint := "takes " + f.Want
	if f.axis {
		hint += "; a list spans an axis"
	}
	if f.only != "" {
		hint += "; default " + strings.TrimSpace(f.only)
	}
	return hint
}

// sentence makes a sentence of each phrase that is not empty.
func sentence(phrases ...string) string {
	var out []string
	for _, p := range phrases {
		if p != "" {
			out = append(out, strings.ToUpper(p[:1])+p[1:]+".")
		}
	}
	return strings.Join(out, " ")
}

// valueOrList returns the schemas of one value and of a list of different values.
func valueOrList(one domain.Schema) []domain.Schema {
	return []domain.Schema{one, {"type": "array", "items": one, "minItems": 1, "uniqueItems": true}}
}

// has is the schema of a mapping in which key has the value, or a list that contains it.
func has(key, value string) domain.Schema {
	is := domain.Schema{"const": value}
	return domain.Schema{"required": []string{key}, "properties": domain.Schema{
		key: domain.Schema{"anyOf": []domain.Schema{is, {"type": "array", "contains": is}}}}}
}

// without is the schema of a mapping that has none of the keys.
func without(keys ...string) domain.Schema {
	properties := domain.Schema{}
	for _, k := range keys {
		properties[k] = false
	}
	return domain.Schema{"properties": properties}
}

// dependences says how the keys of a mapping depend on each other, by the path of the
// mapping: what conditional, checkNetwork and checkAlphabet in read.go check, as far as a
// schema can express it.
var dependences = map[string]domain.Schema{
	"network": {"oneOf": []domain.Schema{
		{"required": []string{"layers", "width"}, "properties": domain.Schema{"widths": false}},
		{"required": []string{"widths"}, "properties": domain.Schema{"layers": false, "width": false}},
	}},
	"data": onlyWhere("source", string(sim.Subspace), domain.Schema{}),
	"alphabet": onlyWhere("step", results.FromData, domain.Schema{"required": []string{"bits"}, "properties": domain.Schema{
		"bits": domain.Schema{"anyOf": valueOrList(domain.Schema{"type": "integer"})}}}),
}

// onlyWhere is the schema of a mapping of which the table of axes says that some keys
// are refused unless a column has a value. Where the column has it, then holds, and the
// keys that have no default are required.
func onlyWhere(column, value string, then domain.Schema) domain.Schema {
	var keys []string
	for i := range results.Axes {
		row := &results.Axes[i]
		if o := row.Only; o == nil || !o.Refuse || o.Column != column || o.Text != value {
			continue
		}
		if keys = append(keys, row.Name()); row.Default == "" {
			required, _ := then["required"].([]string)
			then["required"] = append(required, row.Name())
		}
	}
	return domain.Schema{"if": has(results.AxisOf(column).Name(), value), "then": then, "else": without(keys...)}
}

// tightnessDependences is the same for claims of the kind tightness, whose check method
// (package claim) has it in code.
var tightnessDependences = []domain.Schema{
	{"required": []string{"factor"}, "properties": domain.Schema{"over": false, "exponent": false}},
	{"required": []string{"over", "exponent"}, "properties": domain.Schema{"factor": false}},
}

// claimsSchema is the schema of a list of claims. kinds are the schemas of the kinds, in
// the order of claimNames.
func claimsSchema(kinds []domain.Schema) domain.Schema {
	var names, branches []domain.Schema
	for i, kind := range claimNames() {
		object := kinds[i]
		object["properties"].(domain.Schema)["kind"] = domain.Schema{"const": kind}
		if kind == "tightness" {
			object["oneOf"] = tightnessDependences
		}
		names = append(names, domain.Schema{"const": kind, "description": claim.Explain(kind).Claims})
		branches = append(branches, domain.Schema{
			"if":   domain.Schema{"required": []string{"kind"}, "properties": domain.Schema{"kind": domain.Schema{"const": kind}}},
			"then": object,
		})
	}
	return domain.Schema{"type": "array", "items": domain.Schema{
		"type": "object", "required": []string{"kind"},
		"properties": domain.Schema{"kind": domain.Schema{"oneOf": names, "description": "What kind of claim it is."}},
		"allOf":      branches,
	}}
}

// sweepSchema is the schema of a sweep. The key path of an axis of a method has the
// number of the method, as in methods.0.align.
func sweepSchema() domain.Schema {
	var axes, choices []string
	include, ofMethods := domain.Schema{}, domain.Schema{}
	for _, s := range mappings() {
		list, _, isItem := strings.Cut(s.path, "[")
		for _, f := range s.fields {
			switch {
			case !f.axis:
			case isItem:
				choices = append(choices, f.name)
				ofMethods["^"+list+`\.[0-9]+\.`+f.name+"$"] = f.property()
			default:
				axes = append(axes, join(s.path, f.name))
				include[join(s.path, f.name)] = f.property()
			}
		}
	}
	axis := domain.Schema{"anyOf": []domain.Schema{{"enum": axes}, {"type": "string", "pattern": `^methods\.[0-9]+\.(` + strings.Join(choices, "|") + ")$"}}}
	where := func(description string) domain.Schema {
		return domain.Schema{"description": description, "$ref": claim.ConditionsAccept.Schema["$ref"]}
	}
	include["where"] = where("Keep only what matches.")
	list := func(description string, items domain.Schema) domain.Schema {
		return domain.Schema{"description": description, "type": "array", "items": items, "minItems": 1}
	}
	return domain.Schema{
		"description": "How the axes combine: the whole grid, unless said otherwise.",
		"type":        "object", "additionalProperties": false,
		"properties": domain.Schema{
			"zip":     list("Groups of axes that move together: lists of equal length.", domain.Schema{"type": "array", "items": axis, "minItems": 2, "uniqueItems": true}),
			"where":   where("Keep only what matches: columns of the identity, as in claims."),
			"exclude": list("Leave out whatever matches any of these.", claim.ConditionsAccept.Schema),
			"include": list("More, beside the grid and not narrowed by where or exclude: each spans a grid of its own, with the other axes as in the config.",
				domain.Schema{"type": "object", "properties": include, "patternProperties": ofMethods, "additionalProperties": false}),
		},
	}
}
