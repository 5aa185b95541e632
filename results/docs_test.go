package results

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/columns.md anew")

// docs/columns.md says what the doc tags say.
func TestColumnsDocument(t *testing.T) {
	var b strings.Builder
	b.WriteString(`# Columns

Written from the code by ` + "`go test ./results -update`" + `; do not edit.

An empty cell is a value that was not measured; ` + "`inf`" + ` stands for the infinite
alphabet. Φ is the original network, Φ̃ the quantized one; see docs/theory.md for
the notation.
`)
	for _, table := range []struct {
		title string
		rows  any
	}{
		{"Identity: the first columns of every file", Identity{}},
		{"records.csv: a variant on a trial", Record{}},
		{"layers.csv: a layer of it", Layer{}},
		{"searches.csv: a search for the bits that a variant needs", Search{}},
	} {
		fmt.Fprintf(&b, "\n## %s\n\n| column | meaning |\n|---|---|\n", table.title)
		shown := map[string]bool{}
		if _, ok := table.rows.(Identity); !ok {
			for _, c := range Columns(Identity{}) {
				shown[c.Name] = true
			}
		}
		for _, c := range Columns(table.rows) {
			if !shown[c.Name] {
				fmt.Fprintf(&b, "| `%s` | %s |\n", c.Name, strings.ReplaceAll(c.Doc, "|", `\|`))
			}
		}
	}
	const path = "../docs/columns.md"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(path); err != nil || string(have) != b.String() {
		t.Errorf("%s is stale (%v): run go test ./results -update, and read the change", path, err)
	}
}
