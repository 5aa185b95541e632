// legend.go lays out the legend. It stands below the panels, where it hides no
// data, and has one line for each label and, if curves have notes, one column of
// notes for each panel.

package report

import (
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A legend is a list of texts and samples of curves with their places.
type legend struct {
	items []legendItem
	down  vg.Length // height of the legend; while it is laid out, of the lines so far
}

// A legendItem is a text, or a sample of a curve, at a place relative to the top
// left corner of the legend.
type legendItem struct {
	x, y   vg.Length // y is the distance of the baseline below the top
	text   string
	sample *curve // the curve whose line and marker are drawn in place of a text; nil for a text
}

func (l legend) height() vg.Length { return l.down }

// An entry is a line of the legend: a label, a curve of that label, whose look is
// shown, and the note of each panel, which may be empty.
type entry struct {
	label  string
	sample *curve
	notes  []string
}

// entries lists the labels of a figure in order of appearance. noted tells whether
// any curve has a note.
func (f figure) entries() (all []entry, noted bool) {
	at := map[string]int{} // index in all
	for p := range f.panels {
		for i := range f.panels[p].curves {
			c := &f.panels[p].curves[i]
			if c.label == "" {
				continue
			}
			k, ok := at[c.label]
			if !ok {
				k = len(all)
				at[c.label] = k
				all = append(all, entry{label: c.label, sample: c, notes: make([]string, len(f.panels))})
			}
			if len(all[k].sample.line) == 0 {
				all[k].sample = c // the curve before has no line to show
			}
			all[k].notes[p] = c.note
			noted = noted || c.note != ""
		}
	}
	return all, noted
}

// legend arranges the labels, notes and remark of a figure within a width.
func (f figure) legend(width vg.Length) legend {
	entries, noted := f.entries()
	sty := style(smallSize)
	em := smallSize
	labelWidth := vg.Length(0)
	for _, e := range entries {
		labelWidth = max(labelWidth, sampleSize+em/2+sty.Width(e.label)+2*em)
	}

	var l legend
	put := func(x vg.Length, text string) { l.items = append(l.items, legendItem{x: x, y: l.down, text: text}) }
	show := func(x vg.Length, e entry) {
		l.items = append(l.items, legendItem{x: x, y: l.down, sample: e.sample})
		put(x+sampleSize+em/2, e.label)
	}
	if !noted {
		columns := max(1, min(len(entries), int(width/labelWidth)))
		for i, e := range entries {
			if i%columns == 0 {
				l.down += lineHeight
			}
			show(vg.Length(i%columns)*labelWidth, e)
		}
	} else {
		noteWidth := vg.Length(0)
		for p := range f.panels {
			noteWidth = max(noteWidth, sty.Width(f.panels[p].title))
			for _, e := range entries {
				noteWidth = max(noteWidth, sty.Width(e.notes[p]))
			}
		}
		noteWidth += 1.5 * em
		perBlock := max(1, int((width-labelWidth)/noteWidth))
		for from := 0; from < len(f.panels); from += perBlock {
			to := min(from+perBlock, len(f.panels))
			l.down += lineHeight
			put(labelWidth, f.notes)
			if len(f.panels) > 1 {
				l.down += lineHeight
				for p := from; p < to; p++ {
					put(labelWidth+vg.Length(p-from)*noteWidth, f.panels[p].title)
				}
			}
			for _, e := range entries {
				l.down += lineHeight
				show(0, e)
				for p := from; p < to; p++ {
					put(labelWidth+vg.Length(p-from)*noteWidth, e.notes[p])
				}
			}
		}
	}
	l.down += 2
	line := ""
	for _, word := range strings.Fields(f.remark) {
		if longer := strings.TrimSpace(line + " " + word); sty.Width(longer) <= width {
			line = longer
			continue
		}
		l.down += lineHeight
		put(0, line)
		line = word
	}
	l.down += lineHeight
	put(0, line)
	l.down += 3 // room for descenders
	return l
}

// draw draws the legend at the bottom left of a canvas.
func (l legend) draw(c draw.Canvas) {
	sty := style(smallSize)
	for _, item := range l.items {
		at := vg.Point{X: c.Min.X + item.x, Y: c.Min.Y + l.down - item.y}
		if item.sample == nil {
			write(c, sty, at, item.text)
			continue
		}
		s := item.sample
		y := at.Y + smallSize/3
		if len(s.line) > 0 {
			c.StrokeLine2(draw.LineStyle{Color: s.look.color, Width: 0.9, Dashes: s.look.dashes}, at.X, y, at.X+sampleSize, y)
		}
		if len(s.points) > 0 {
			s.look.marker.draw(c, vg.Point{X: at.X + sampleSize/2, Y: y}, s.look.color)
		}
	}
}
