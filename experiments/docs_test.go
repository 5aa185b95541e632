package experiments

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"spfq/experiments/claim"
	"spfq/experiments/config"
	"spfq/experiments/config/schematest"
)

// block matches a part of docs/config.md that is written from the code.
var block = regexp.MustCompile(`(?s)<!-- (keys|methods|claims|theorems)(?:: ?([a-z]*))? -->\n.*?<!-- end -->`)

// The tables of docs/config.md say what the code says.
func TestConfigDocument(t *testing.T) {
	const path = "../docs/config.md"
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	want := block.ReplaceAllStringFunc(string(have), func(old string) string {
		m := block.FindStringSubmatch(old)
		head, _, _ := strings.Cut(old, "\n")
		shown[m[1]+m[2]] = true
		generate := map[string]func(string) string{"keys": keyTable, "methods": methodTable, "claims": claimSections, "theorems": theoremTable}[m[1]]
		return head + "\n\n" + strings.TrimSpace(generate(m[2])) + "\n\n<!-- end -->"
	})
	fresh(t, path, []byte(want))
	for _, part := range []string{"keys", "keysnetwork", "keysdata", "keysalphabet", "keysmethods", "keysclaims", "methods", "claims", "theorems"} {
		if !shown[part] {
			t.Errorf("%s has no block of %s", path, part)
		}
	}
}

// tableRow writes a row of a Markdown table.
func tableRow(cells ...string) string {
	for i := range cells {
		cells[i] = strings.ReplaceAll(cells[i], "|", `\|`)
	}
	return "| " + strings.Join(cells, " | ") + " |\n"
}

// keyTable is the table of the keys below a path; of claims, those of all kinds.
func keyTable(below string) string {
	var b strings.Builder
	b.WriteString("| key | value | default | meaning |\n|---|---|---|---|\n")
	for _, k := range config.Keys() {
		name, under := strings.CutPrefix(k.Path, below+".")
		switch {
		case below == "" && !strings.Contains(k.Path, "."):
			name, under = k.Path, true
		case below == "claims":
			under = under && k.Kind == claim.Kinds()[0] && (name == "kind" || name == "where" || name == "confidence")
		}
		if !under {
			continue
		}
		if below == "claims" && name == "confidence" {
			k.Default = "0.95 unless said"
		}
		b.WriteString(keyRow(name, k))
	}
	return b.String()
}

func keyRow(name string, k config.Key) string {
	value := inCode(k.Want, k.Words)
	if k.Want == "" {
		value = "see below"
	}
	if k.Axis {
		value += "; **axis**"
	}
	standing := ""
	switch {
	case k.Required:
		standing = "required"
	case k.Default == "0.95 unless said":
		standing = k.Default
	case k.Default != "":
		standing = "`" + k.Default + "`"
	}
	return tableRow("`"+name+"`", value, strings.TrimSpace(standing+" "+k.Only), k.Doc)
}

// inCode sets the words of a value in code type, where the words are all there
// is to say.
func inCode(want string, words []string) string {
	if strings.HasPrefix(want, "a ") || len(words) == 0 {
		return want
	}
	parts := strings.Split(strings.Replace(want, " or ", ", ", 1), ", ")
	for i := range parts {
		parts[i] = "`" + parts[i] + "`"
	}
	return strings.Join(parts, ", ")
}

func methodTable(string) string {
	var b strings.Builder
	b.WriteString("| `name` | `align` | `feedback` | `rounding` | `order` |\n|---|---|---|---|---|\n")
	for _, m := range Methods() {
		cells := []string{"`" + m.Name + "`"}
		for _, choice := range strings.Split(m.Choices, ", ") {
			_, value, _ := strings.Cut(choice, ": ")
			cells = append(cells, "`"+value+"`")
		}
		b.WriteString(tableRow(cells...))
	}
	return b.String()
}

func claimSections(string) string {
	var b strings.Builder
	for _, c := range config.Claims() {
		fmt.Fprintf(&b, "\n### %s\n\n%s\n\n| key | value | default | meaning |\n|---|---|---|---|\n", c.Kind, c.Claims)
		for _, k := range c.Keys {
			if name := strings.TrimPrefix(k.Path, "claims."); name == "theorem" && len(k.Words) > 2 {
				k.Want, k.Words = "a name from [Theorems](#theorems)", nil
				b.WriteString(keyRow(name, k))
			} else {
				b.WriteString(keyRow(name, k))
			}
		}
		fmt.Fprintf(&b, "\n*Statistics.* %s *Verdict.* %s\n\n```yaml\n- %s\n```\n", c.Statistics, c.Verdict, c.Example)
	}
	return b.String()
}

func theoremTable(string) string {
	var b strings.Builder
	b.WriteString("| `theorem` | bounds | needs |\n|---|---|---|\n")
	for _, th := range claim.Theorems() {
		b.WriteString(tableRow("`"+th.Name+"`", th.About, strings.Join(th.Needs, "; ")))
	}
	return b.String()
}

// Configs shown in documents can be run, and sweeps are what the schema takes.
func TestConfigsInDocuments(t *testing.T) {
	files, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	s, configs, sweeps := schematest.Compile(t, config.Schema()), 0, 0
	for _, path := range append(files, "../README.md") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(text, -1) {
			switch shown := string(m[1]); {
			case strings.HasPrefix(shown, "name:"):
				configs++
				if _, err := Parse(path, m[1], nil); err != nil {
					t.Errorf("%s shows a config that is refused: %v", path, err)
				}
			case strings.HasPrefix(shown, "sweep:"):
				sweeps++
				if err := s.Validate(schematest.Plain(t, []byte(small+shown))); err != nil {
					t.Errorf("%s shows a sweep that is refused: %v", path, err)
				}
			}
		}
	}
	if configs < 1 || sweeps < 1 {
		t.Errorf("%d configs and %d sweeps in documents, want at least 1 each", configs, sweeps)
	}
}

// CITATION.cff has what version 1.2.0 of the format demands, and cites the paper.
func TestCitation(t *testing.T) {
	data, err := os.ReadFile("../CITATION.cff")
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		Version    string              `yaml:"cff-version"`
		Message    string              `yaml:"message"`
		Title      string              `yaml:"title"`
		Authors    []map[string]string `yaml:"authors"`
		References []struct {
			Type    string              `yaml:"type"`
			Title   string              `yaml:"title"`
			Authors []map[string]string `yaml:"authors"`
			URL     string              `yaml:"url"`
		} `yaml:"references"`
	}
	if err := yaml.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	if c.Version != "1.2.0" || c.Message == "" || c.Title == "" || len(c.Authors) != 1 || c.Authors[0]["name"] == "" {
		t.Errorf("read as %+v", c)
	}
	if len(c.References) != 1 || c.References[0].Type == "" || c.References[0].Title == "" || len(c.References[0].Authors) != 2 || !strings.Contains(c.References[0].URL, "2309.10975") {
		t.Errorf("the paper is read as %+v", c.References)
	}
}
