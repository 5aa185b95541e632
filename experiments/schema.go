// schema.go writes the JSON Schema of a config, from which editors complete and
// check it. Keys, values and defaults are the decoder's (keys.go); only how keys
// of one mapping depend on each other is said here again, and tests hold the two
// against each other.

package experiments

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Schema returns the JSON Schema (draft 2020-12) of a config. It uses no keyword
// that draft 7 has not, for editors that read no later one.
func Schema() []byte {
	var root section
	objects := map[string]schema{}
	var claims []schema
	for _, s := range sections() {
		switch name, _, isItem := strings.Cut(s.path, "["); {
		case s.path == "":
			root = s
		case name == "claims":
			claims = append(claims, s.schema())
		case isItem:
			objects[name] = schema{"type": "array", "items": s.schema(), "minItems": 1}
		default:
			objects[name] = s.schema()
		}
	}
	objects["claims"] = claimsSchema(claims)
	top := root.schema()
	properties := top["properties"].(schema)
	for name, object := range objects {
		object["description"] = properties[name].(schema)["description"]
		properties[name] = object
	}
	properties["sweep"] = sweepSchema()
	top["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	top["$defs"] = schema{"where": whereSchema(Keys())}
	top["title"] = "runexp config"
	top["description"] = "An experiment: networks, data, alphabets, methods and claims about them."

	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(top); err != nil {
		panic("experiments: " + err.Error())
	}
	return b.Bytes()
}

// schema returns the schema of a mapping.
func (s section) schema() schema {
	properties, required := schema{}, []string{}
	for _, f := range s.fields {
		properties[f.name] = f.property()
		if f.required {
			required = append(required, f.name)
		}
	}
	out := schema{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
	for keyword, v := range dependences[s.path] {
		out[keyword] = v
	}
	return out
}

// property returns the schema of a key's value.
func (f field) property() schema {
	out := schema{}
	switch {
	case f.axis:
		out["anyOf"] = valueOrList(f.schema)
	default:
		for keyword, v := range f.schema {
			out[keyword] = v
		}
	}
	out["description"] = sentence(f.text, f.hint())
	if v, ok := f.standing(); ok {
		out["default"] = v
	}
	return out
}

// hint says what values the key takes and what it is unless given.
func (f field) hint() string {
	if f.want == "" {
		return ""
	}
	hint := "takes " + f.want
	if f.axis {
		hint += "; a list spans an axis"
	}
	if f.only != "" {
		hint += "; default " + strings.TrimSpace(f.only)
	}
	return hint
}

// sentence makes sentences of phrases.
func sentence(phrases ...string) string {
	var out []string
	for _, p := range phrases {
		if p != "" {
			out = append(out, strings.ToUpper(p[:1])+p[1:]+".")
		}
	}
	return strings.Join(out, " ")
}

// valueOrList is one value, or a list of different ones.
func valueOrList(one schema) []schema {
	return []schema{one, {"type": "array", "items": one, "minItems": 1, "uniqueItems": true}}
}

// has is a mapping whose key is the value, or a list that holds it.
func has(key, value string) schema {
	is := schema{"const": value}
	return schema{"required": []string{key}, "properties": schema{
		key: schema{"anyOf": []schema{is, {"type": "array", "contains": is}}}}}
}

// without is a mapping that has none of the keys.
func without(keys ...string) schema {
	properties := schema{}
	for _, k := range keys {
		properties[k] = false
	}
	return schema{"properties": properties}
}

// dependences says how keys of one mapping depend on each other, by its path:
// what the decode methods in config.go check, as far as a schema can say it.
var dependences = map[string]schema{
	"network": {"oneOf": []schema{
		{"required": []string{"layers", "width"}, "properties": schema{"widths": false}},
		{"required": []string{"widths"}, "properties": schema{"layers": false, "width": false}},
	}},
	"data": {
		"if":   has("source", "subspace"),
		"then": schema{"required": []string{"dimension"}},
		"else": without("dimension", "noise"),
	},
	"alphabet": {
		"if": has("step", fromData),
		"then": schema{"required": []string{"bits"}, "properties": schema{
			"bits": schema{"anyOf": valueOrList(schema{"type": "integer"})}}},
		"else": without("C", "quantile"),
	},
}

// tightnessDependences is the same for claims of tightness (their check).
var tightnessDependences = []schema{
	{"required": []string{"factor"}, "properties": schema{"over": false, "exponent": false}},
	{"required": []string{"over", "exponent"}, "properties": schema{"factor": false}},
}

// claimsSchema is a list of claims; each kind, in the order of claimNames, has a
// schema of its own.
func claimsSchema(kinds []schema) schema {
	var names, branches []schema
	for i, kind := range claimNames() {
		object := kinds[i]
		object["properties"].(schema)["kind"] = schema{"const": kind}
		if kind == "tightness" {
			object["oneOf"] = tightnessDependences
		}
		names = append(names, schema{"const": kind, "description": claimTexts[kind].Claims})
		branches = append(branches, schema{
			"if":   schema{"required": []string{"kind"}, "properties": schema{"kind": schema{"const": kind}}},
			"then": object,
		})
	}
	return schema{"type": "array", "items": schema{
		"type": "object", "required": []string{"kind"},
		"properties": schema{"kind": schema{"oneOf": names, "description": "What kind of claim it is."}},
		"allOf":      branches,
	}}
}

// sweepSchema is how the axes combine. Axes of methods are named by the number
// of their method, as methods.0.align.
func sweepSchema() schema {
	var axes, choices []string
	include, ofMethods := schema{}, schema{}
	for _, s := range sections() {
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
	axis := schema{"anyOf": []schema{{"enum": axes}, {"type": "string", "pattern": `^methods\.[0-9]+\.(` + strings.Join(choices, "|") + ")$"}}}
	where := func(description string) schema {
		return schema{"description": description, "$ref": whereAccepts.schema["$ref"]}
	}
	include["where"] = where("Keep only what matches.")
	list := func(description string, items schema) schema {
		return schema{"description": description, "type": "array", "items": items, "minItems": 1}
	}
	return schema{
		"description": "How the axes combine: the whole grid, unless said otherwise.",
		"type":        "object", "additionalProperties": false,
		"properties": schema{
			"zip":     list("Groups of axes that move together: lists of equal length.", schema{"type": "array", "items": axis, "minItems": 2, "uniqueItems": true}),
			"where":   where("Keep only what matches: columns of the identity, as in claims."),
			"exclude": list("Leave out whatever matches any of these.", whereAccepts.schema),
			"include": list("More, beside the grid and not narrowed by where or exclude: each spans a grid of its own, with the other axes as in the config.",
				schema{"type": "object", "properties": include, "patternProperties": ofMethods, "additionalProperties": false}),
		},
	}
}
