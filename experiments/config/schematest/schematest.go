// Package schematest lets tests hold configs against their JSON Schema as an
// editor does, by a validator that is not ours.
package schematest

import (
	"bytes"
	"math"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// Compile makes a validator of a schema, which it checks against the schema of
// schemas.
func Compile(t testing.TB, schema []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("config.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("config.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Plain returns a YAML document as an editor's validator sees it. JSON has no
// infinity; to an editor .inf is a number above all others.
func Plain(t testing.TB, text []byte) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return finite(v)
}

func finite(v any) any {
	switch v := v.(type) {
	case float64:
		if math.IsInf(v, 0) {
			return math.Copysign(math.MaxFloat64, v)
		}
	case []any:
		for i := range v {
			v[i] = finite(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = finite(v[k])
		}
	}
	return v
}
