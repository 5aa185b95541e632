// html_figure.go draws figures for the page: a small SVG for each panel, so that
// the panels flow with the width of the screen. Their text is text and not
// outlines, their colours follow the theme, and the values of a point show when
// the pointer is near it.

package report

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// A figureView is what the page shows of a figure.
type figureView struct {
	Name   string
	Title  string          // for a heading
	Y      template.HTML   // label of the y axis
	Panels []template.HTML // an SVG each
	Legend []legendView
	Heads  []template.HTML // titles of the panels above the legend's notes; none without notes
	Notes  template.HTML   // what the notes are, in words
	Remark template.HTML
	Values tableView // the points as numbers
	Files  []string
}

// A legendView is a line of the legend as the page shows it.
type legendView struct {
	Sample template.HTML // SVG
	Label  template.HTML
	Notes  []template.HTML // one for each panel
}

// view prepares a figure for the page.
func (f figure) view(run Run) figureView {
	v := figureView{
		Name: f.name, Title: f.title(),
		Y: htmlLabel(strings.Join(f.y.label, ", ")), Notes: htmlLabel(f.notes), Remark: htmlLabel(f.remark),
	}
	for _, p := range f.panels {
		v.Panels = append(v.Panels, f.panelSVG(p))
	}
	entries, noted := f.entries()
	for _, e := range entries {
		l := legendView{Sample: sampleSVG(*e.sample), Label: htmlLabel(e.label)}
		if noted {
			for _, note := range e.notes {
				l.Notes = append(l.Notes, htmlLabel(note))
			}
		}
		v.Legend = append(v.Legend, l)
	}
	if noted {
		for _, p := range f.panels {
			v.Heads = append(v.Heads, htmlLabel(p.title))
		}
	}
	v.Values = f.values(run).view()
	for _, c := range canvases {
		v.Files = append(v.Files, "figures/"+f.name+c.ext)
	}
	return v
}

// values is the points of the figure as a table, its text alternative.
func (f figure) values(run Run) table {
	t := table{name: f.name + "_values", title: caption(run, "values of "+f.name)}
	titled := len(f.panels) > 1 || f.panels[0].title != ""
	if titled {
		t.cols = append(t.cols, col{name: "panel"})
	}
	t.cols = append(t.cols, col{name: "curve"}, col{name: plainLabel(f.x.label[0])}, col{name: plainLabel(f.y.label[0]), show: withEnds}, col{name: "trials"})
	for _, p := range f.panels {
		for _, c := range p.curves {
			for _, pt := range c.points {
				var row []value
				if titled {
					row = append(row, words(plainLabel(p.title)))
				}
				t.rows = append(t.rows, append(row, words(plainLabel(c.label)), number(pt.x), estimated(pt.estimate()), number(float64(pt.trials))))
			}
		}
	}
	return t
}

// title says what is drawn against what, without formulas and without what stands
// in parentheses.
func (f figure) title() string {
	var y []string
	for _, line := range f.y.label {
		if !strings.Contains(line, "‖") {
			y = append(y, line)
		}
	}
	return plainLabel(capital(strings.Join(y, " ")) + " against " + f.x.name())
}

// name is the label of an axis up to its first parenthesis or comma.
func (a axis) name() string {
	name, _, _ := strings.Cut(a.label[0], " (")
	name, _, _ = strings.Cut(name, ",")
	return name
}

// capital gives a phrase a capital letter, unless it begins with the name of a
// column.
func capital(s string) string {
	if word, _, _ := strings.Cut(s, " "); strings.Contains(word, "_") {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// A frame is the size of a panel's SVG and the margins around its axes, in the
// units of the view box, which are CSS pixels where the panel is shown at this
// size.
type frame struct{ width, height, left, right, top, bottom float64 }

// frame is the frame of the figure's panels; a single panel is larger.
func (f figure) frame() frame {
	fr := frame{width: 290, height: 230, left: 42, right: 8, top: 22, bottom: 38}
	if len(f.panels) == 1 {
		fr.width, fr.height = 440, 290
	}
	return fr
}

// panelSVG draws a panel as an SVG element.
func (f figure) panelSVG(p panel) template.HTML {
	fr := f.frame()
	xmin, xmax, ymin, ymax := f.ranges()
	xs, xt := f.x.scale()
	ys, yt := f.y.scale()
	right, bottom := fr.width-fr.right, fr.height-fr.bottom
	x := func(v float64) float64 { return fr.left + onPage(xs.Normalize(xmin, xmax, v))*(right-fr.left) }
	y := func(v float64) float64 { return bottom - onPage(ys.Normalize(ymin, ymax, v))*(bottom-fr.top) }

	var b strings.Builder
	name := strings.TrimPrefix(plainLabel(p.title+": "+f.y.label[0]+" against "+f.x.label[0]), ": ")
	fmt.Fprintf(&b, `<svg class="panel" viewBox="0 0 %s %s" role="img" aria-label="%s">`, short(fr.width), short(fr.height),
		template.HTMLEscapeString(fmt.Sprintf("%s; %s. The values are in the table below the figure.", name, curveNames(p))))
	fmt.Fprintf(&b, `<text class="title" x="%s" y="14">%s</text>`, short((fr.left+right)/2), svgLabel(p.title))

	// Grid, ticks and labels.
	for _, t := range ticksWithin(xt, xmin, xmax) {
		at := short(x(t.Value))
		if !t.IsMinor() {
			fmt.Fprintf(&b, `<path class="grid" d="M%s %sV%s"/><text class="x" x="%s" y="%s">%s</text>`, at, short(fr.top), short(bottom), at, short(bottom+14), svgLabel(t.Label))
		}
		fmt.Fprintf(&b, `<path class="tick" d="M%s %sv%s"/>`, at, short(bottom), tickLength(t))
	}
	for _, t := range ticksWithin(yt, ymin, ymax) {
		at := short(y(t.Value))
		if !t.IsMinor() {
			fmt.Fprintf(&b, `<path class="grid" d="M%s %sH%s"/><text class="y" x="%s" y="%s">%s</text>`, short(fr.left), at, short(right), short(fr.left-5), short(y(t.Value)+3.5), svgLabel(t.Label))
		}
		fmt.Fprintf(&b, `<path class="tick" d="M%s %sh-%s"/>`, short(fr.left), at, tickLength(t))
	}
	fmt.Fprintf(&b, `<text class="label" x="%s" y="%s">%s</text>`, short((fr.left+right)/2), short(fr.height-6), svgLabel(f.x.label[0]))

	// The lines are in an inner svg element, which clips them to the axes.
	fmt.Fprintf(&b, `<svg x="%s" y="%s" width="%s" height="%s" viewBox="%[1]s %[2]s %[3]s %[4]s">`, short(fr.left), short(fr.top), short(right-fr.left), short(bottom-fr.top))
	for _, c := range p.curves {
		if len(c.line) < 2 {
			continue
		}
		var d strings.Builder
		for i, pt := range c.line {
			d.WriteString(map[bool]string{true: "M", false: "L"}[i == 0] + short(x(pt.x)) + " " + short(y(pt.y)))
		}
		fmt.Fprintf(&b, `<path class="line %s"%s d="%s"/>`, ink(c.look), dashArray(c.look), d.String())
	}
	b.WriteString("</svg>")
	fmt.Fprintf(&b, `<path class="tick" d="M%s %sV%sH%s"/>`, short(fr.left), short(fr.top), short(bottom), short(right))

	// Points have their intervals and values with them. Hollow markers come first,
	// so that a solid one at the same place shows inside.
	for _, hollow := range []bool{true, false} {
		for _, c := range p.curves {
			if c.look.marker.hollow != hollow {
				continue
			}
			for _, pt := range c.points {
				fmt.Fprintf(&b, `<g class="point %s" transform="translate(%s %s)"><title>%s</title>`, ink(c.look), short(x(pt.x)), short(y(pt.y)), template.HTMLEscapeString(f.tip(p, c, pt)))
				if !math.IsNaN(pt.lo) && !math.IsNaN(pt.hi) {
					lo, hi := y(within(pt.lo, ymin, ymax))-y(pt.y), y(within(pt.hi, ymin, ymax))-y(pt.y)
					bar := fmt.Sprintf("M0 %sV%sM-2.5 %sh5", short(lo), short(hi), short(hi))
					if pt.lo >= ymin { // no cap where the interval goes on below the axis
						bar += fmt.Sprintf("M-2.5 %sh5", short(lo))
					}
					fmt.Fprintf(&b, `<path class="bar" d="%s"/>`, bar)
				}
				b.WriteString(c.look.marker.svg() + "</g>")
			}
		}
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

// tip is the text that the page shows for a point, in three lines: its curve and
// panel; its x and number of trials; its value with the interval.
func (f figure) tip(p panel, c curve, pt point) string {
	trials := fmt.Sprintf("%d trials", pt.trials)
	if pt.trials == 1 {
		trials = "1 trial"
	}
	e := pt.estimate()
	lines := []string{
		plainLabel(titled(c.label, p.title)),
		plainLabel(f.x.name()) + " = " + strconv.FormatFloat(pt.x, 'g', 4, 64) + ", " + trials,
		bracket(e.Value, e.Interval.Lo, e.Interval.Hi),
	}
	return strings.Join(lines, "\n")
}

// curveNames names the curves of a panel that have points.
func curveNames(p panel) string {
	var names []string
	for _, c := range p.curves {
		if len(c.points) > 0 {
			names = append(names, plainLabel(c.label))
		}
	}
	if len(names) == 0 {
		return "no points"
	}
	return "curves " + strings.Join(names, ", ")
}

// ticksWithin returns the ticks from lo to hi.
func ticksWithin(t plot.Ticker, lo, hi float64) []plot.Tick {
	var in []plot.Tick
	for _, tick := range t.Ticks(lo, hi) {
		if lo <= tick.Value && tick.Value <= hi {
			in = append(in, tick)
		}
	}
	return in
}

// tickLength is the length of a tick mark, in units of the view box.
func tickLength(t plot.Tick) string {
	if t.IsMinor() {
		return "2"
	}
	return "4"
}

// sampleSVG draws the line and the marker of a curve for the legend.
func sampleSVG(c curve) template.HTML {
	line, mark := "", ""
	if len(c.line) > 0 {
		line = fmt.Sprintf(`<path class="line"%s d="M0 0H30"/>`, dashArray(c.look))
	}
	if len(c.points) > 0 {
		mark = `<g class="point" transform="translate(15 0)">` + c.look.marker.svg() + "</g>"
	}
	return template.HTML(fmt.Sprintf(`<svg class="sample %s" viewBox="0 -7 30 14" aria-hidden="true">%s%s</svg>`, ink(c.look), line, mark))
}

// ink is the class that the style sheet has for the colour of a look.
func ink(l look) string { return "ink-" + inks[l.color] }

// dashArray is the SVG attribute of a look's dashes, after a space; empty for a
// solid line.
func dashArray(l look) string {
	if len(l.dashes) == 0 {
		return ""
	}
	parts := make([]string, len(l.dashes))
	for i, d := range l.dashes {
		parts[i] = short(float64(d))
	}
	return ` stroke-dasharray="` + strings.Join(parts, " ") + `"`
}

// svg is the marker as an SVG path around the origin.
func (m marker) svg() string {
	path, open := m.outline(vg.Point{})
	var d strings.Builder
	for _, c := range path {
		at := short(float64(c.Pos.X)) + " " + short(-float64(c.Pos.Y)) // y points down in SVG
		switch c.Type {
		case vg.MoveComp:
			d.WriteString("M" + at)
		case vg.LineComp:
			d.WriteString("L" + at)
		case vg.ArcComp: // the only arc is the whole circle of a disc, begun at its right
			r := short(float64(c.Radius))
			fmt.Fprintf(&d, "a%s %s 0 1 0 -%s 0a%s %s 0 1 0 %s 0", r, r, short(2*float64(c.Radius)), r, r, short(2*float64(c.Radius)))
		case vg.CloseComp:
			d.WriteString("Z")
		}
	}
	class := "solid"
	switch {
	case open:
		class = "stroke"
	case m.hollow:
		class = "hollow"
	}
	return `<path class="` + class + `" d="` + d.String() + `"/>`
}

// short writes a coordinate with at most two decimals.
func short(x float64) string {
	return strconv.FormatFloat(math.Round(100*x)/100+0, 'f', -1, 64) // + 0 turns -0 into 0
}
