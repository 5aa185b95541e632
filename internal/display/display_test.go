package display

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// hostile are texts that do something in one of the places where text is shown.
var hostile = []string{
	"", "plain", "x̃ ∝ N^½ — 日本語 👩‍🔬", "\x1b[31mred\x1b[0m\x07", "a\r\n::error::b", "  ::stop-commands::t", "\u00a0\u3000::add-mask::x",
	"##[error]x", "a ##vso[task.complete]", "##teamcity[x]", "#####[x", "::", ":", "--- x", "+++\n~~~\n^^^ y", "a\u2028::b\u2029c", "\u202edlrow\u2066", "\x9b1m\xff\xc3",
	"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "'=1", "'", "\r=1", "<b>&\"'", "]]>", "&#27;", "**b** `c` [l](u) ![i](j) ~~s~~ $x$ | y", "# h", "1. x", "12) x", "- x",
	"> q", "===", "    code", "a\n===\nb", "<!--", "\\", "\\n", "$(x)", "\x00", "\ufeff::x", "&copy;", "*", "_a_", "^^^", "\U000e0001tag", "::\n::\n", "http://a.b/c_d",
}

// obeyed matches what a CI system obeys in a log.
var obeyed = regexp.MustCompile(`(?m)^[\s\p{Z}]*::|##\w*\[|^(---|\+\+\+|~~~|\^\^\^)`)

// printable reports whether a text has no character that is not seen as itself.
func printable(s, kept string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsGraphic(r) && r != '\u200c' && r != '\u200d' && !strings.ContainsRune(kept, r)
	}) < 0
}

func add(f *testing.F) {
	for _, s := range hostile {
		f.Add(s, 3)
	}
}

// What Terminal returns has nothing that a terminal or a CI system obeys, stays as it
// is when it is escaped again, and is what a Writer makes of the text however it is
// cut. A text without anything of the kind stays as it is.
func FuzzTerminal(f *testing.F) {
	add(f)
	f.Fuzz(func(t *testing.T, s string, at int) {
		out := Terminal(s)
		if !printable(out, "\n\t") || obeyed.MatchString(out) {
			t.Errorf("%q is shown as %q", s, out)
		}
		if again := Terminal(out); again != out {
			t.Errorf("%q is shown as %q, and that as %q", s, out, again)
		}
		if printable(s, "\n\t") && !regexp.MustCompile(`(?m)^[\s\p{Z}]*:|##|^[\s\p{Z}]*(---|\+\+\+|~~~|\^\^\^)`).MatchString(s) && out != s {
			t.Errorf("%q is harmless, and shown as %q", s, out)
		}
		var b bytes.Buffer
		w := Writer{W: &b}
		cut := min(max(at, 0), len(s))
		for _, part := range []string{s[:cut], s[cut:]} {
			if n, err := w.Write([]byte(part)); n != len(part) || err != nil {
				t.Errorf("wrote %d of %d, %v", n, len(part), err)
			}
		}
		w.Flush()
		if b.String() != out {
			t.Errorf("%q cut at %d is shown as %q, want %q", s, cut, b.String(), out)
		}
	})
}

func FuzzLine(f *testing.F) {
	add(f)
	f.Fuzz(func(t *testing.T, s string, _ int) {
		if out := Line(s); !printable(out, "") || printable(s, "") && out != s {
			t.Errorf("%q is shown as %q", s, out)
		}
		if out := Graphic(s); !printable(out, "\n\t") || printable(s, "\n\t") && out != s {
			t.Errorf("%q is shown as %q", s, out)
		}
	})
}

// A parser of Markdown gives the text back, as a paragraph, a heading, an item and a
// cell, and finds no markup in it.
func FuzzMarkdown(f *testing.F) {
	add(f)
	parser := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList)).Parser()
	f.Fuzz(func(t *testing.T, s string, _ int) {
		out := Markdown(s)
		want := strings.TrimFunc(Line(strings.ReplaceAll(s, "\n", " ")), unicode.IsSpace)
		if !printable(out, "") || obeyed.MatchString(out) {
			t.Errorf("%q becomes %q", s, out)
		}
		for _, frame := range []string{"T", "## T", "- T", "x\n\nT\n\ny", "| a | b |\n| --- | --- |\n| T | c |"} {
			source := []byte(strings.Replace(frame, "T", out, 1))
			var got strings.Builder
			read := map[string]string{"T": want, "## T": want, "- T": want}
			err := ast.Walk(parser.Parse(text.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
				switch n := n.(type) {
				case *ast.Text:
					if entering {
						got.Write(resolved(n.Segment.Value(source)))
					}
				case *ast.Document, *ast.Paragraph, *ast.TextBlock, *ast.Heading, *ast.List, *ast.ListItem:
				default:
					if !strings.HasPrefix(n.Kind().String(), "Table") {
						t.Errorf("%q becomes %q, which has a %s in %q", s, out, n.Kind(), frame)
					}
				}
				return ast.WalkContinue, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if w, ok := read[frame]; ok && got.String() != w || !ok && !strings.Contains(got.String(), want) {
				t.Errorf("%q becomes %q, which is read as %q in %q, want %q", s, out, got.String(), frame, want)
			}
		}
	})
}

// resolved takes the backslashes off the text of a node, as a renderer does.
func resolved(b []byte) []byte {
	return regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])").ReplaceAll(b, []byte("$1"))
}

// A text in CSV begins with nothing that a spreadsheet runs, and comes back when one
// leading apostrophe is taken off.
func FuzzCSV(f *testing.F) {
	add(f)
	f.Fuzz(func(t *testing.T, s string, _ int) {
		out := CSV(s)
		if !printable(out, "") || regexp.MustCompile(`^[\s\p{Z}]*[=+\-@＝＋－＠]`).MatchString(out) {
			t.Errorf("%q becomes %q", s, out)
		}
		if back := strings.TrimPrefix(out, "'"); back != Line(s) {
			t.Errorf("%q becomes %q and comes back as %q", s, out, back)
		}
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Write([]string{out, "x"})
		w.Flush()
		if row, err := csv.NewReader(&b).Read(); err != nil || row[0] != out {
			t.Errorf("%q is read from CSV as %q, %v", out, row, err)
		}
	})
}

// XML and HTML can hold what Graphic returns: a reader gives it back.
func FuzzMarkup(f *testing.F) {
	add(f)
	f.Fuzz(func(t *testing.T, s string, _ int) {
		want := Graphic(s)
		var b bytes.Buffer
		if err := xml.EscapeText(&b, []byte(want)); err != nil {
			t.Fatal(err)
		}
		var got struct {
			Text string `xml:",chardata"`
		}
		if err := xml.Unmarshal([]byte("<a>"+b.String()+"</a>"), &got); err != nil || got.Text != want {
			t.Errorf("%q is %q in XML, read as %q, %v", want, b.String(), got.Text, err)
		}
		if got := html.UnescapeString(html.EscapeString(want)); got != want {
			t.Errorf("%q is read from HTML as %q", want, got)
		}
	})
}
