// Package display makes text that users or files supply harmless where it is shown.
// There is one function for each kind of place: Terminal and Writer for terminals
// and the logs of CI systems, where JUnit XML may go too, Markdown, CSV, and Graphic
// for HTML; the encoders of XML and HTML escape their markup. (Package report sets
// LaTeX, with its symbols.)
//
// A character that is not seen as itself is written as Go writes it in a string:
// \x1b, \u202e. A backslash stays as it is, so the text can be read but not always
// recovered from what is shown; records.jsonl and the other JSON files have every
// text as it is.
package display

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Graphic shows the characters of s that are not seen as themselves: control
// characters, line separators, marks that turn the direction of text, bytes that are
// no UTF-8. Line breaks and tabs stay.
func Graphic(s string) string {
	return shown(s, func(r rune) bool { return r == '\n' || r == '\t' })
}

// Line is Graphic for a text that has to stay on one line: it shows line breaks and
// tabs too.
func Line(s string) string { return shown(s, func(rune) bool { return false }) }

// shown writes every character of s that is neither graphic nor kept as an escape.
func shown(s string, keep func(rune) bool) string {
	if strings.IndexFunc(s, hidden) < 0 && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case hidden(r) && !keep(r):
			b.WriteString(escaped(r))
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

// hidden reports whether a character is not seen as itself. The joiner and the
// non-joiner, which many scripts are written with, are let through.
func hidden(r rune) bool {
	return !unicode.IsGraphic(r) && r != '\u200c' && r != '\u200d'
}

// escaped is a character as Go writes it in a string.
func escaped(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < 0x80:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// Markdown makes every character of s stand for itself in Markdown, in the dialect of
// GitHub, in a paragraph, a heading, an item of a list or a table. A line break
// becomes a space.
func Markdown(s string) string {
	s = Line(strings.ReplaceAll(s, "\n", " "))
	s = strings.TrimFunc(s, unicode.IsSpace) // four spaces would make it code
	return lineStart.ReplaceAllString(markdownEscapes.Replace(s), `$1\$2$3`)
}

// lineStart matches what makes a list, a rule, a heading or a command of a CI system
// at the start of a line.
var lineStart = regexp.MustCompile(`^([0-9]*)([-+=:^.)])( |$|[-+=:^])`)

var markdownEscapes = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "|", `\|`, "<", `\<`, ">", `\>`, "[", `\[`, "]", `\]`,
	"~", `\~`, "$", `\$`, "&", `\&`, "#", `\#`,
)

// CSV makes a text, of a column that has no numbers, harmless in a spreadsheet. One
// that a spreadsheet would run as a formula, since it begins with = + - @ or their
// wide forms, or with spaces and one of these, gets an apostrophe before it. So does
// one that begins with an apostrophe already: who takes one leading apostrophe off a
// text has it back.
// Control characters, a tab before a formula among them, are shown as Line shows
// them.
func CSV(s string) string {
	s = Line(s)
	if strings.HasPrefix(s, "'") || strings.IndexAny(strings.TrimLeftFunc(s, unicode.IsSpace), "=+-@＝＋－＠") == 0 {
		return "'" + s
	}
	return s
}
