package experiments

import (
	"bytes"
	"flag"
	"os"
	"slices"
	"testing"

	"spfq/experiments/config"
	"spfq/experiments/config/schematest"
)

var update = flag.Bool("update", false, "write docs/config.schema.json and the tables of docs/config.md anew")

const schemaFile = "../docs/config.schema.json"

// docs/config.schema.json is what runexp schema prints.
func TestSchemaFile(t *testing.T) {
	fresh(t, schemaFile, config.Schema())
}

// fresh checks that a generated file is as it would be generated now.
func fresh(t *testing.T, path string, want []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(path); err != nil || !bytes.Equal(have, want) {
		t.Errorf("%s is stale (%v): run go test ./experiments -update, and read the change", path, err)
	}
}

// blind lists the mistakes that no schema can see: those of YAML's notation, and
// those that only the plan shows.
var blind = []string{
	"two documents", "no YAML", "given twice", "octal", "not a number", // of the notation
	"one bit", // is one too few for signed levels only
	"dimension too large", "method twice", "claim matches nothing", "claim matches less than it says", "claim about a word misspelt", "claim over one value", "claim over widths that share no series",
	"claim over infinity", "bound of another method", "bound without exact alignment", "bits growth of bits", // of the plan
}

// The schema refuses every mistake of TestMistakes that it can see.
func TestSchemaSeesMistakes(t *testing.T) {
	s := schematest.Compile(t, config.Schema())
	seen := 0
	for _, c := range mistakes() {
		if len(c.sets) > 0 || slices.Contains([]string{"two documents", "no YAML", "given twice", "not a number"}, c.name) {
			continue // not to be put to a validator
		}
		err := s.Validate(schematest.Plain(t, []byte(c.text)))
		switch expected := !slices.Contains(blind, c.name); {
		case expected && err == nil:
			t.Errorf("%s: the schema takes it", c.name)
		case !expected && err != nil:
			t.Errorf("%s: the schema sees it: it is no longer blind to it", c.name)
		case expected:
			seen++
		}
	}
	if seen < 22 {
		t.Errorf("%d mistakes were put to the schema, want at least 22", seen)
	}
}
