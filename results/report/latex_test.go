// latex_test.go compiles the LaTeX form of tables, on machines that have pdflatex.

package report

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"spfq/results"
)

// compile compiles an article that holds the tables and loads only the package
// booktabs. It returns the errors and missing characters that LaTeX reports, and its
// log. Without LaTeX the test is skipped, or fails if CI is "true".
func compile(t *testing.T, tables []table) (complaints []string, log string) {
	t.Helper()
	path, err := exec.LookPath("pdflatex")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal("no pdflatex on this machine, which .ci/run installs")
	} else if err != nil {
		t.Skip("no pdflatex on this machine")
	}
	dir := t.TempDir()
	var doc bytes.Buffer
	doc.WriteString("\\documentclass{article}\n\\usepackage{booktabs}\n\\begin{document}\n")
	for _, tab := range tables {
		if err := tab.latex(&doc); err != nil {
			t.Fatal(err)
		}
		doc.WriteString("\\clearpage\n")
	}
	doc.WriteString("\\end{document}\n")
	if err := os.WriteFile(filepath.Join(dir, "tables.tex"), doc.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, "-interaction=nonstopmode", "-no-shell-escape", "tables.tex")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		complaints = append(complaints, err.Error())
	}
	for _, line := range regexp.MustCompile(`(?m)^!.*|^Missing character.*`).FindAll(out, -1) {
		complaints = append(complaints, string(line))
	}
	return complaints, string(out)
}

// Every table compiles, with every letter that latexText, latexMath and the
// documentation of columns have.
func TestTablesCompile(t *testing.T) {
	letters := smallRun()
	all := ""
	for _, commands := range []map[rune]string{latexText, latexMath} {
		for r := range commands {
			all += string(r)
		}
	}
	for _, row := range []any{&results.Record{}, &results.Layer{}} {
		for _, c := range results.Columns(row) {
			all += " " + c.Doc
		}
	}
	letters.Claims = []results.Claim{{Statement: "every letter, in an order of its own: " + all + " ü ß 漢", Verdict: results.Supported}}
	for name, run := range map[string]Run{"full": fullRun(), "small": smallRun(), "letters": letters} {
		if complaints, log := compile(t, tables(run, namingOf(run))); len(complaints) > 0 {
			t.Errorf("%s: %q in\n%s", name, complaints, log)
		}
	}
}

// compile reports tables that are broken.
func TestBrokenTablesAreSeen(t *testing.T) {
	for _, command := range []string{`\nosuchcommand`, `$`, `}`, `&&&&&&&&&&&&&&&&&`} {
		latexText['¶'] = command
		tab := table{name: "t", title: "t", cols: []col{{name: "a"}}, rows: [][]value{{words("¶")}}}
		complaints, _ := compile(t, []table{tab})
		delete(latexText, '¶')
		if len(complaints) == 0 {
			t.Errorf("%s compiles", command)
		}
	}
}

// FuzzLaTeX holds what any text becomes to what stands for itself in LaTeX: no
// character has a meaning there that the text did not.
func FuzzLaTeX(f *testing.F) {
	for _, s := range []string{"", "plain", `\input{x} $x$ 100% #1 & _ ^ ~ {`, "‖W̃‖²", "%\u0303", "\\\u0303{", "X\u0303\u0303", "é\u0303", "\u0303", "[2pt]", "*", "\x00\x1b\r\n", "\xff", "漢", "\u202e", "`'\"", "<|>", "\u00a0"} {
		f.Add(s)
	}
	var commands []string
	for _, c := range latexMath {
		commands = append(commands, regexp.QuoteMeta(c))
	}
	slices.SortFunc(commands, func(a, b string) int { return len(b) - len(a) })
	symbol := "(" + strings.Join(commands, "|") + ")"
	var texts []string
	for _, c := range latexText {
		texts = append(texts, regexp.QuoteMeta(c))
	}
	whole := regexp.MustCompile(`^(` + strings.Join(texts, "|") + `|\{\[\}U\+[0-9A-F]{4,6}\]|\$(` + symbol + `|\\tilde\{(` + symbol + `|[A-Za-z])\})+\$|[ !'()+,./0-9:;=?@A-Z\]` + "`" + `a-z-]|[\x{a0}-\x{17f}])*$`)
	f.Fuzz(func(t *testing.T, s string) {
		if out := escapeLaTeX(s); !whole.MatchString(out) {
			t.Errorf("%q becomes %q", s, out)
		}
	})
}
