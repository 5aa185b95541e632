package results

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the columns of docs/results.md anew")

const document = "../docs/results.md"

// block matches a table of columns in the document.
var block = regexp.MustCompile(`(?s)<!-- columns: ([a-z]+) -->\n.*?<!-- end -->`)

// tables are the structs whose columns the document lists.
var tables = map[string]any{"identity": Identity{}, "record": Record{}, "layer": Layer{}, "search": Search{}, "claim": Claim{}, "bound": Bound{}}

// docs/results.md says what the doc tags say.
func TestColumnsDocument(t *testing.T) {
	have, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	want := block.ReplaceAllStringFunc(string(have), func(old string) string {
		name := block.FindStringSubmatch(old)[1]
		shown[name] = true
		return fmt.Sprintf("<!-- columns: %s -->\n\n%s\n<!-- end -->", name, columnTable(name))
	})
	if *update {
		if err := os.WriteFile(document, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		have = []byte(want)
	}
	if string(have) != want {
		t.Errorf("%s is stale: run go test ./results -update, and read the change", document)
	}
	for name := range tables {
		if !shown[name] {
			t.Errorf("%s has no table of columns: %s", document, name)
		}
	}
}

// columnTable lists the columns of a struct, those of its identity aside.
func columnTable(name string) string {
	var b strings.Builder
	b.WriteString("| column | meaning |\n|---|---|\n")
	for _, c := range Columns(tables[name]) {
		if _, ok := Lookup(Identity{}, c.Name); ok && name != "identity" && c.index[0] == 0 && len(c.index) > 1 {
			continue
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", c.Name, strings.ReplaceAll(c.Doc, "|", `\|`))
	}
	return b.String()
}

// Every column is explained, and every key of the manifest and of the claims is
// in the document.
func TestEveryKeyIsInTheDocument(t *testing.T) {
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	for name, table := range tables {
		for _, c := range Columns(table) {
			if c.Doc == "" {
				t.Errorf("%s.%s is not explained", name, c.Name)
			}
		}
	}
	for _, v := range []any{Manifest{}, Claim{}, Record{}, Stamp{}, FileStamp{}} {
		for _, f := range reflect.VisibleFields(reflect.TypeOf(v)) {
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); !f.Anonymous && name != "-" && !strings.Contains(string(text), "`"+name+"`") {
				t.Errorf("%T: %s does not tell of %q", v, document, name)
			}
		}
	}
}
