// terminal.go escapes what goes to a terminal or into the log of a CI system.

package display

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Terminal is Graphic for a text that is printed: besides, nothing in it is obeyed by
// a CI system that reads the log. Those are lines that begin with :: (GitHub), two
// number signs anywhere (##[ and ##vso[ on Azure and GitHub, ##teamcity[), and lines
// that begin with ---, +++, ~~~ or ^^^ (Buildkite). One character of each is written
// as an escape. What Terminal returned it leaves as it is.
func Terminal(s string) string {
	var b strings.Builder
	w := Writer{W: &b}
	w.Write([]byte(s)) // a strings.Builder takes everything
	w.Flush()
	return b.String()
}

// Writer passes on what is written to it as Terminal would have it, wherever the
// writes begin and end.
type Writer struct {
	W io.Writer

	started bool   // whether the line has a character that is no space
	run     int    // how many of its characters, from the first, are the same
	last    rune   // the one before, 0 after a line break and after an escape
	cut     []byte // the beginning of a character whose rest is still to come
}

// Write implements io.Writer.
func (w *Writer) Write(p []byte) (int, error) {
	data := p
	if len(w.cut) > 0 {
		data = append(w.cut, p...)
		w.cut = nil
	}
	var b strings.Builder
	for len(data) > 0 {
		if !utf8.FullRune(data) {
			w.cut = append([]byte(nil), data...)
			break
		}
		r, size := utf8.DecodeRune(data)
		if text := w.next(r); r == utf8.RuneError && size == 1 {
			b.WriteString(Line(string(data[:1])))
		} else {
			b.WriteString(text)
		}
		data = data[size:]
	}
	if _, err := io.WriteString(w.W, b.String()); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Flush writes the beginning of a character whose rest never came.
func (w *Writer) Flush() error {
	if len(w.cut) == 0 {
		return nil
	}
	_, err := io.WriteString(w.W, Line(string(w.cut)))
	w.cut = nil
	return err
}

// next returns what is written for the next character.
func (w *Writer) next(r rune) string {
	last := w.last
	w.last = r
	switch {
	case r == '\n':
		w.started, w.run, w.last = false, 0, 0
		return "\n"
	case r == '\t':
		return "\t"
	case hidden(r):
		w.started, w.run, w.last = true, 0, 0
		return escaped(r)
	case !w.started && unicode.IsSpace(r):
		return string(r)
	}
	first := !w.started
	w.started = true
	switch {
	case first:
		w.run = 1
	case w.run > 0 && r == last:
		w.run++
	default:
		w.run = 0
	}
	if first && r == ':' || r == '#' && last == '#' || w.run == 3 && strings.ContainsRune("-+~^", r) {
		w.run, w.last = 0, 0
		return escaped(r)
	}
	return string(r)
}
