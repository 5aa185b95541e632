// legend.go lays the legend out below the panels, where it hides nothing: a
// table with a line a label and, where curves carry notes, a column a panel.

package report

import (
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A legend is a list of texts and samples with their places, from its top left
// corner down.
type legend struct {
	items []legendItem
	down  vg.Length // its height
}

type legendItem struct {
	x, y   vg.Length // y counts down to the baseline
	text   string
	sample *curve // a line and a marker in place of a text
}

func (l legend) height() vg.Length { return l.down }

// legend arranges the labels of a figure within a width.
func (f figure) legend(width vg.Length) legend {
	var labels []string
	first := map[string]*curve{}
	notes := map[string][]string{} // label -> note of each panel
	noted := false
	for p := range f.panels {
		for i := range f.panels[p].curves {
			c := &f.panels[p].curves[i]
			if c.label == "" {
				continue
			}
			if first[c.label] == nil {
				first[c.label] = c
				labels = append(labels, c.label)
				notes[c.label] = make([]string, len(f.panels))
			}
			if len(first[c.label].line) == 0 {
				first[c.label] = c // the first one was empty, and would be no sample
			}
			notes[c.label][p] = c.note
			noted = noted || c.note != ""
		}
	}
	sty := style(smallSize)
	em := smallSize
	labelWidth := vg.Length(0)
	for _, label := range labels {
		labelWidth = max(labelWidth, sampleSize+em/2+sty.Width(label)+2*em)
	}

	var l legend
	put := func(x vg.Length, text string) { l.items = append(l.items, legendItem{x: x, y: l.down, text: text}) }
	entry := func(x vg.Length, label string) {
		l.items = append(l.items, legendItem{x: x, y: l.down, sample: first[label]})
		put(x+sampleSize+em/2, label)
	}
	if !noted {
		columns := max(1, min(len(labels), int(width/labelWidth)))
		for i, label := range labels {
			if i%columns == 0 {
				l.down += lineHeight
			}
			entry(vg.Length(i%columns)*labelWidth, label)
		}
	} else {
		noteWidth := vg.Length(0)
		for p := range f.panels {
			noteWidth = max(noteWidth, sty.Width(f.panels[p].title))
			for _, label := range labels {
				noteWidth = max(noteWidth, sty.Width(notes[label][p]))
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
			for _, label := range labels {
				l.down += lineHeight
				entry(0, label)
				for p := from; p < to; p++ {
					put(labelWidth+vg.Length(p-from)*noteWidth, notes[label][p])
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
	l.down += 3 // for descenders
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
