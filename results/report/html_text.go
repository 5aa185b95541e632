// html_text.go turns the labels of figures into HTML and SVG.

package report

import (
	"fmt"
	"html/template"
	"strings"
)

// segments splits a label in the notation of typesetter into plain text, subscripts
// and superscripts, and calls each on them in order. kind is 0 for plain text, '_'
// for a subscript and '^' for a superscript.
func segments(label string, each func(kind byte, text string)) {
	for label != "" {
		i := strings.IndexAny(label, "_^")
		if i < 0 {
			each(0, label)
			return
		}
		end := strings.IndexByte(label[i:], '}')
		if !strings.HasPrefix(label[i+1:], "{") || end < 0 {
			each(0, label[:i+1])
			label = label[i+1:]
			continue
		}
		if i > 0 {
			each(0, label[:i])
		}
		each(label[i], label[i+2:i+end])
		label = label[i+end+1:]
	}
}

// htmlLabel is a label as HTML.
func htmlLabel(label string) template.HTML {
	var b strings.Builder
	segments(label, func(kind byte, text string) {
		text = template.HTMLEscapeString(text)
		switch kind {
		case '_':
			text = "<sub>" + text + "</sub>"
		case '^':
			text = "<sup>" + text + "</sup>"
		}
		b.WriteString(text)
	})
	return template.HTML(b.String())
}

// plainLabel is a label without the marks of its scripts, for places that take
// plain text only.
func plainLabel(label string) string {
	var b strings.Builder
	segments(label, func(_ byte, text string) { b.WriteString(text) })
	return b.String()
}

// svgLabel is a label as the inside of an SVG text element. A script is shifted by
// dy, and the text after it is shifted back, since not every browser knows
// baseline-shift.
func svgLabel(label string) string {
	var b strings.Builder
	back := 0.0 // shift back to the baseline, in em of the size of scripts
	segments(label, func(kind byte, text string) {
		text = template.HTMLEscapeString(text)
		shift := map[byte]float64{'_': 0.3, '^': -0.5}[kind]
		switch {
		case kind != 0:
			fmt.Fprintf(&b, `<tspan class="script" dy="%sem">%s</tspan>`, short(shift+back), text)
			back = -shift
		case back != 0:
			fmt.Fprintf(&b, `<tspan dy="%sem">%s</tspan>`, short(back*svgScript), text)
			back = 0
		default:
			b.WriteString(text)
		}
	})
	return b.String()
}

// svgScript is the size of scripts as a fraction of that of the text, as in the
// style sheet.
const svgScript = 0.75
