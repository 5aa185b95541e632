// style.go fixes how methods look: one colour and one marker for each, in every
// figure of every run.

package report

import (
	"hash/fnv"
	"image/color"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"spfq/results"
)

// A look is how a curve is drawn.
type look struct {
	color  color.Color
	marker marker
	dashes []vg.Length
}

// The palette of Okabe and Ito (2008), which the colour-blind can tell apart. Its
// yellow, too pale for lines on white, is left out.
var (
	black      = color.RGBA{0, 0, 0, 255}
	orange     = color.RGBA{230, 159, 0, 255}
	sky        = color.RGBA{86, 180, 233, 255}
	green      = color.RGBA{0, 158, 115, 255}
	blue       = color.RGBA{0, 114, 178, 255}
	vermillion = color.RGBA{213, 94, 0, 255}
	purple     = color.RGBA{204, 121, 167, 255}
	grey       = color.RGBA{130, 130, 130, 255} // for references
	pale       = color.RGBA{225, 225, 225, 255} // for grids
)

// inks names the colours of curves for the style sheet of the page, which replaces
// some of them by other shades on a dark ground.
var inks = map[color.Color]string{
	black: "black", orange: "orange", sky: "sky", green: "green", blue: "blue", vermillion: "vermillion", purple: "purple", grey: "grey",
}

// Dash patterns: lengths of dashes and gaps in turn, in points.
var (
	dashed   = []vg.Length{5, 2.5}
	dotted   = []vg.Length{1.2, 2}
	dashDot  = []vg.Length{5, 2, 1.2, 2}
	longDash = []vg.Length{9, 3}
)

// lookOf is the look of a method. The alignments of spfq share its colour and have
// markers of their own. The look of a method unknown here is chosen by a hash of
// its name, so that it is the same in every run.
func lookOf(id *results.Identity) look {
	switch id.Method {
	case "spfq":
		switch id.Align {
		case "exact":
			return look{vermillion, marker{shape: disc, hollow: true}, nil}
		case "exact-max":
			return look{vermillion, marker{shape: square, hollow: true}, dashDot}
		case "none":
			return look{vermillion, marker{shape: cross}, dotted}
		case "order-1":
			return look{vermillion, marker{shape: diamond}, nil}
		}
		return look{vermillion, marker{shape: pentagon}, dashed} // order-2 and above
	case "gpfq":
		return look{blue, marker{shape: triangle}, nil}
	case "stochastic":
		return look{purple, marker{shape: invertedTriangle}, nil}
	case "rtn":
		return look{black, marker{shape: square}, nil}
	}
	h := fnv.New32a()
	h.Write([]byte(id.Method))
	i := int(h.Sum32() % 9)
	return look{[]color.Color{green, orange, sky}[i/3], marker{shape: []shape{plus, pentagon, disc}[i%3]}, nil}
}

// looks gives every label of a run its look. Where labels would share a look, as
// those of one method with several orders of the columns would, all but the first
// get other markers and dashes, as long as there are unused ones.
func (n naming) looks() map[string]look {
	dashes := [][]vg.Length{dashed, dotted, dashDot, longDash}
	looks := map[string]look{}
	for _, label := range n.labels {
		l := lookOf(n.of[label])
		same := func(other look) bool { return other.color == l.color && other.marker == l.marker }
		for i := 0; slices.ContainsFunc(slices.Collect(maps.Values(looks)), same) && i < 2*int(shapes); i++ {
			l.marker, l.dashes = marker{shape(i / 2), i%2 == 1}, dashes[i%len(dashes)]
		}
		looks[label] = l
	}
	return looks
}

// A marker is the shape of a point. Hollow ones are white inside, so that lines
// do not cross them.
type marker struct {
	shape  shape
	hollow bool
}

// A shape is the outline of a marker.
type shape int

const (
	disc shape = iota
	square
	triangle
	invertedTriangle
	diamond
	pentagon
	plus
	cross
	shapes // number of shapes
)

// strokeWidth is the width of the strokes of a plus or cross, in points.
const strokeWidth = 1.4

// outline is the path of the marker around a point. All shapes have about the same
// area. Hollow markers are larger, so that they show around a solid one at the same
// place. open tells that the path encloses nothing, as that of a plus.
func (m marker) outline(at vg.Point) (path vg.Path, open bool) {
	r := markerSize
	if m.hollow {
		r *= 1.2
	}
	polygon := func(corners int, turn float64, r vg.Length) {
		for i := range corners {
			sin, cos := math.Sincos(turn + float64(i)*2*math.Pi/float64(corners))
			p := at.Add(vg.Point{X: r * vg.Length(cos), Y: r * vg.Length(sin)})
			if i == 0 {
				path.Move(p)
			} else {
				path.Line(p)
			}
		}
	}
	switch m.shape {
	case plus, cross:
		for i := range 2 {
			turn := float64(i) * math.Pi / 2
			if m.shape == cross {
				turn += math.Pi / 4
			}
			polygon(2, turn, 1.2*r)
		}
		return path, true
	case disc:
		path.Move(vg.Point{X: at.X + r, Y: at.Y})
		path.Arc(at, r, 0, 2*math.Pi)
	case square:
		polygon(4, math.Pi/4, 1.25*r)
	case diamond:
		polygon(4, 0, 1.3*r)
	case triangle:
		polygon(3, math.Pi/2, 1.4*r)
	case invertedTriangle:
		polygon(3, -math.Pi/2, 1.4*r)
	case pentagon:
		polygon(5, math.Pi/2, 1.15*r)
	}
	path.Close()
	return path, false
}

// draw draws the marker at a point.
func (m marker) draw(c draw.Canvas, at vg.Point, ink color.Color) {
	path, open := m.outline(at)
	switch {
	case open:
		c.SetLineStyle(draw.LineStyle{Color: ink, Width: strokeWidth})
		c.Stroke(path)
	case m.hollow:
		c.SetColor(color.White)
		c.Fill(path)
		c.SetLineStyle(draw.LineStyle{Color: ink, Width: 1})
		c.Stroke(path)
	default:
		c.SetColor(ink)
		c.Fill(path)
	}
}
