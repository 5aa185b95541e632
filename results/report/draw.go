// draw.go lays figures out and draws them on a canvas of gonum, for files.

package report

import (
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sizes at which figures are printed, in points. A figure of several panels is as
// wide as the text of an article; one of a single panel is narrower.
const (
	fontSize   = vg.Length(9)
	smallSize  = vg.Length(8) // of tick labels and the legend
	fullWidth  = vg.Length(468)
	oneWidth   = vg.Length(350)
	margin     = vg.Length(4)
	gap        = vg.Length(10) // between the parts of a figure
	lineHeight = vg.Length(12)
	sampleSize = vg.Length(26)  // length of a line in the legend
	markerSize = vg.Length(2.7) // radius of a disc
)

// style is the style of a figure's text of a given size.
func style(size vg.Length) text.Style {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
	return text.Style{Color: color.Black, Font: f, Handler: typesetter{font.DefaultCache}}
}

// write puts a line of text with its baseline at a point.
func write(c draw.Canvas, sty text.Style, at vg.Point, txt string) {
	e := sty.FontExtents() // typesetter draws the baseline this far below the point it is given: ascent − size
	at.Y += e.Ascent - sty.Font.Size
	c.FillText(sty, at, txt)
}

// A layout is what has to be known of a figure before its canvas can be made: its
// size in points, the grid of its panels, and its legend.
type layout struct {
	width, height vg.Length
	rows, columns int
	legend        legend
}

// layout arranges the panels, three in a row, or two if there are four.
func (f figure) layout() layout {
	l := layout{columns: min(len(f.panels), 3), width: fullWidth}
	panel := map[int]vg.Length{1: 200, 2: 165, 3: 145} // its height, by the number of columns
	if len(f.panels) == 4 {
		l.columns = 2
	}
	if len(f.panels) == 1 {
		l.width = oneWidth
	}
	l.rows = (len(f.panels) + l.columns - 1) / l.columns
	l.legend = f.legend(l.width - 2*margin)
	l.height = 2*margin + panel[l.columns]*vg.Length(l.rows) + gap + lineHeight + l.legend.height()
	return l
}

// draw draws the panels, the axis labels and the legend, from the top down.
func (f figure) draw(c draw.Canvas, l layout) {
	c.SetColor(color.White)
	c.Fill(c.Rectangle.Path())
	c = draw.Crop(c, margin, -margin, margin, -margin)

	foot := l.legend.height() + gap + lineHeight
	side := vg.Length(len(f.y.label))*lineHeight + 2
	area := draw.Crop(c, side, 0, foot, 0)
	plots := make([][]*plot.Plot, l.rows)
	for r := range plots {
		plots[r] = make([]*plot.Plot, l.columns)
		for i := range plots[r] {
			if k := r*l.columns + i; k < len(f.panels) {
				plots[r][i] = f.plot(f.panels[k].curves)
			}
		}
	}
	tiles := draw.Tiles{Rows: l.rows, Cols: l.columns, PadX: gap, PadY: gap}
	canvases := plot.Align(plots, tiles, area)
	sty := style(fontSize)
	sty.XAlign = text.XCenter
	var left, right vg.Length // ends of the frames of all panels, between which the x label is centred
	for k, pn := range f.panels {
		p, pc := plots[k/l.columns][k%l.columns], canvases[k/l.columns][k%l.columns]
		p.Draw(pc)
		frame := p.DataCanvas(pc)
		write(c, sty, vg.Point{X: frame.Center().X, Y: frame.Max.Y + 5}, pn.title)
		if k == 0 {
			left = frame.Min.X
		}
		right = max(right, frame.Max.X)
	}
	write(c, sty, vg.Point{X: (left + right) / 2, Y: c.Min.Y + l.legend.height() + gap + 2}, f.x.label[0])
	sty.Rotation = math.Pi / 2
	for i, line := range f.y.label {
		x := c.Min.X + fontSize + vg.Length(i)*lineHeight
		c.FillText(sty, vg.Point{X: x, Y: area.Center().Y}, line)
	}
	l.legend.draw(c)
}

// plot sets up one panel, with the axes that all panels share.
func (f figure) plot(curves []curve) *plot.Plot {
	p := plot.New()
	if slices.ContainsFunc(f.panels, func(p panel) bool { return p.title != "" }) {
		p.Title.Text = " " // keeps room for the title, which draw writes: gonum would centre it on frame and tick labels
		p.Title.TextStyle = style(fontSize)
		p.Title.Padding = 4
	}
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		x, y := a.Tick.Label.XAlign, a.Tick.Label.YAlign
		a.Tick.Label = style(smallSize)
		a.Tick.Label.XAlign, a.Tick.Label.YAlign = x, y
		a.Tick.Length = 4
		a.Padding = 0
		a.Label.TextStyle = style(smallSize)
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = f.ranges()
	p.X.Scale, p.X.Tick.Marker = f.x.scale()
	p.Y.Scale, p.Y.Tick.Marker = f.y.scale()
	p.Add(diagram{curves})
	return p
}

// A diagram draws the curves of a panel on a grid, within a frame.
type diagram struct{ curves []curve }

// Plot implements plot.Plotter.
func (d diagram) Plot(c draw.Canvas, p *plot.Plot) {
	hair := draw.LineStyle{Color: pale, Width: 0.5}
	for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		if x := c.X(p.X.Norm(t.Value)); !t.IsMinor() && c.ContainsX(x) {
			c.StrokeLine2(hair, x, c.Min.Y, x, c.Max.Y)
		}
	}
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if y := c.Y(p.Y.Norm(t.Value)); !t.IsMinor() && c.ContainsY(y) {
			c.StrokeLine2(hair, c.Min.X, y, c.Max.X, y)
		}
	}
	at := func(x, y float64) vg.Point {
		return vg.Point{X: c.X(onPage(p.X.Norm(x))), Y: c.Y(onPage(p.Y.Norm(y)))}
	}
	for _, v := range d.curves {
		line := make([]vg.Point, len(v.line))
		for i, pt := range v.line {
			line[i] = at(pt.x, pt.y)
		}
		c.StrokeLines(draw.LineStyle{Color: v.look.color, Width: 0.9, Dashes: v.look.dashes}, c.ClipLinesXY(line)...)
	}
	for _, v := range d.curves { // points and their bars lie above all lines
		bar := draw.LineStyle{Color: v.look.color, Width: 0.9}
		for _, pt := range v.points {
			if !math.IsNaN(pt.lo) && !math.IsNaN(pt.hi) {
				const cap = 2
				lo, hi := at(pt.x, within(pt.lo, p.Y.Min, p.Y.Max)), at(pt.x, within(pt.hi, p.Y.Min, p.Y.Max))
				c.StrokeLine2(bar, lo.X, lo.Y, hi.X, hi.Y)
				c.StrokeLine2(bar, hi.X-cap, hi.Y, hi.X+cap, hi.Y)
				if pt.lo >= p.Y.Min { // no cap where the interval goes on below the axis
					c.StrokeLine2(bar, lo.X-cap, lo.Y, lo.X+cap, lo.Y)
				}
			}
		}
	}
	for _, hollow := range []bool{true, false} { // hollow markers come first, so that a solid one at the same place shows inside
		for _, v := range d.curves {
			for _, pt := range v.points {
				if v.look.marker.hollow == hollow {
					v.look.marker.draw(c, at(pt.x, pt.y), v.look.color)
				}
			}
		}
	}
	c.StrokeLines(draw.LineStyle{Color: color.Black, Width: 0.5}, []vg.Point{
		c.Min, {X: c.Max.X, Y: c.Min.Y}, c.Max, {X: c.Min.X, Y: c.Max.Y}, c.Min,
	})
}
