// hostile_test.go runs configs whose texts do something to terminals, CI systems,
// pages and spreadsheets, if they are let.

package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"

	"spfq/internal/display"
	"spfq/results"
)

// evil has a line for each kind of place that text goes to.
const evil = "=cmd|' /C calc'!A1\r\n::error file=a,line=1::b\n  ::stop-commands::t\n##[error]x ##vso[task.x]\n\x1b[31mred\x1b]0;title\x07\x00\u202eevil\u2028::add-mask::x\n<script>alert(1)</script>&amp;\n# heading\n| a | **b** [l](javascript:x) ![i](x) `c`\n\\input{x} $x$ 100% \u009b1m"

// obeyed matches what a terminal or a CI system obeys. GitHub obeys the commands that
// runexp means: those are taken away before.
var obeyed = regexp.MustCompile(`(?m)^[\s\p{Z}]*::|##\w*\[`)

// harmless holds what is shown to the rules of a log.
func harmless(t *testing.T, what, text string) {
	t.Helper()
	own := regexp.MustCompile(`(?m)^::(error|warning) file=[^:]*::.*$`).ReplaceAllString(text, "")
	if m := obeyed.FindString(own); m != "" {
		t.Errorf("%s: %q is obeyed in\n%.2000s", what, m, own)
	}
	for _, r := range text {
		if !unicode.IsGraphic(r) && r != '\n' && r != '\t' {
			t.Errorf("%s: the character %U in\n%.2000q", what, r, text)
			break
		}
	}
}

// hostileRun runs a config with evil text wherever text can be, in a folder with an
// evil name, and edits its manifest and records as somebody else may have.
func hostileRun(t *testing.T) (config, dir string) {
	t.Helper()
	runexp(t, context.Background(), "--help") // makes the working folder
	config, dir = "::error::\x1b[1m)(.yaml", "=run\n::error::\x1b[1m](x)"
	text := strings.Replace(tinyConfig, "trials: 6", "trials: 6\nabout: "+strconv.QuoteToASCII(evil), 1)
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Skip("no such file names here: ", err)
	}
	code, stdout, stderr := runexp(t, context.Background(), config, "--out", dir, "--set", "claims.0={kind: power_law, metric: rel_sq_error, over: width, where: {method: rtn, step: 0.25}, exponent: [2, 3]}", "--set", "alphabet={step: [data, 0.25], C: 5e-324, bits: 31}")
	if code != exitFailed {
		t.Fatalf("exit %d: %s%s", code, stdout, stderr)
	}
	harmless(t, "run", stdout+stderr)
	return config, dir
}

func TestHostileText(t *testing.T) {
	t.Setenv("GITHUB_ACTIONS", "true")
	t.Setenv("GITHUB_STEP_SUMMARY", "step.md")
	config, dir := hostileRun(t)
	broken(t, dir, "edited", func(r *results.Record) bool {
		if r.Error != "" {
			r.Error = evil
		}
		return true
	})
	manifest, _, err := results.ReadManifest("edited")
	if err != nil {
		t.Fatal(err)
	}
	manifest.Host, manifest.OS, manifest.Processor, manifest.Version, manifest.Revision = evil, evil, evil, evil, evil
	manifest.Dependencies = map[string]string{evil: evil}
	manifest.Seal()
	if err := results.WriteSession("edited", manifest); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{config, "--out", dir},
		{config, "--out", dir, "--set", evil},
		{config, "--out", dir, "--set", "trials=" + evil},
		{"plan", config, "--out", dir},
		{"validate", config, evil},
		{"report", dir}, {"report", "edited"}, {"report", evil},
		{"check", dir, "--junit", "check.xml"}, {"check", "edited", "--junit", "edited.xml"}, {"check", "edited", "--junit", evil + "/"},
		{"diff", dir, "edited", "--markdown", "diff.md", "--json", "diff.json"},
		{"diff", dir, "edited", "--metric", evil},
		{"summary", dir, "edited", "--out", "summary"},
		{"baseline", "edited"}, {"dump", config, "--method", evil, "--out", evil},
		{evil}, {"--" + evil}, {"help", evil}, {"claims", evil}, {"completion", evil},
	} {
		code, stdout, stderr := runexp(t, context.Background(), args...)
		harmless(t, fmt.Sprintf("%q", args), stdout+stderr)
		if strings.Contains(stderr, "internal error") {
			t.Errorf("%q: %s", args, stderr)
		}
		if args[0] == "summary" && code != 0 || args[0] == "report" && args[1] != evil && code != 0 {
			t.Errorf("%q: exit %d, %s", args, code, stderr)
		}
	}
	for _, path := range []string{"step.md", "summary.md", "diff.md"} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
		}
		harmless(t, path, string(data))
		var page bytes.Buffer
		if err := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithUnsafe())).Convert(data, &page); err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"<script", ">heading<", `"javascript:`, "<strong>b<", "<code>", `src="x"`} {
			if strings.Contains(page.String(), bad) {
				t.Errorf("%s has %q", path, bad)
			}
		}
	}
	for _, path := range []string{"check.xml", "edited.xml"} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		harmless(t, path, string(data))
		if err := xml.Unmarshal(data, new(struct{})); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	for name, text := range folder(t, "edited") {
		switch filepath.Ext(name) {
		case ".txt", ".tex", ".md":
			harmless(t, name, text)
		case ".csv":
			harmless(t, name, strings.ReplaceAll(text, "##", "")) // who prints data to a log of Azure is not protected
			rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			for _, row := range rows {
				for _, field := range row {
					if strings.HasPrefix(field, "=") || strings.HasPrefix(field, "@") {
						t.Errorf("%s has %q", name, field)
					}
				}
			}
		case ".html":
			text = text[strings.Index(text, "<body>"):strings.LastIndex(text, "<script>")]
			for _, r := range text {
				if !unicode.IsGraphic(r) && r != '\n' && r != '\t' {
					t.Errorf("%s: the character %U", name, r)
				}
			}
			if strings.Contains(text, "<script") || !strings.Contains(text, "&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;") {
				t.Errorf("%s: markup of a text", name)
			}
		}
	}
	if csv := folder(t, "edited")["records.csv"]; !strings.Contains(csv, "'=cmd|") || !strings.Contains(csv, display.Line(evil)) {
		t.Error("records.csv lacks the errors")
	}
	held, err := results.Read("edited")
	if err != nil || !bytes.ContainsFunc([]byte(held.Records[0].Method), unicode.IsLetter) {
		t.Fatal(err)
	}
	kept := false
	for _, r := range held.Records {
		kept = kept || r.Error == evil
	}
	if !kept {
		t.Error("records.jsonl lacks the text as it is")
	}
}

// What a shell reads is printed as it is, and a schema has nothing that is escaped.
func TestScriptsAreRaw(t *testing.T) {
	for _, args := range [][]string{{"completion", "bash"}, {"completion", "zsh"}, {"completion", "fish"}, {"completion", "powershell"}} {
		_, stdout, _ := runexp(t, context.Background(), args...)
		if !strings.Contains(stdout, "##") && args[1] == "bash" {
			t.Errorf("%v: number signs are escaped", args)
		}
		if strings.Contains(stdout, `\x23`) || strings.Contains(stdout, `\x3a`) {
			t.Errorf("%v is escaped", args)
		}
	}
	for _, args := range [][]string{{"schema"}, {"methods"}, {"claims"}, {"--help"}} {
		if _, stdout, _ := runexp(t, context.Background(), args...); display.Terminal(stdout) != stdout || strings.Contains(stdout, `\x`) {
			t.Errorf("%v has characters that are escaped", args)
		}
	}
}
