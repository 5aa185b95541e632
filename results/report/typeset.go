// typeset.go sets the text of figures as outlines, with the subscripts,
// superscripts and tildes that their labels need.

package report

import (
	"math"
	"strings"
	"unicode/utf8"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// typesetter is a text.Handler that fills the outlines of glyphs. Within text,
// _{…} is a subscript and ^{…} a superscript, which stands above a subscript just
// before it; a combining tilde goes over the letter before it. Outlines need no font
// where the figure is viewed, and no encoding; that of the PDF backend has no Greek
// letters.
type typesetter struct{ fonts *font.Cache }

// A placed glyph stands at the offset (x, y) from the start of the baseline, in font
// units of the text, at a size that is scale times that of the text.
type placed struct {
	glyph       sfnt.GlyphIndex
	x, y, scale float64
}

// Sizes and shifts of scripts, in fractions of the size of the text.
const (
	scriptScale = 0.7
	subShift    = -0.22
	superShift  = 0.42
)

// place lays txt out on a line and returns its glyphs and its width, in font
// units (units of them make an em).
func place(face font.Face, txt string) (glyphs []placed, width, units float64) {
	var buf sfnt.Buffer
	ppem := fixed.Int26_6(face.Face.UnitsPerEm())
	units = float64(ppem)
	scale, shift := 1.0, 0.0
	var previous sfnt.GlyphIndex
	start, reach := 0.0, 0.0 // where the last scripts, which stand one above the other, begin and end
	script := func(shiftBy float64) {
		if len(glyphs) == 0 || scale == 1 && reach != width {
			start, reach = width, width
		}
		width, scale, shift, previous, txt = start, scriptScale, shiftBy*units, 0, txt[2:]
	}
	for txt != "" {
		switch {
		case strings.HasPrefix(txt, "_{"):
			script(subShift)
			continue
		case strings.HasPrefix(txt, "^{"):
			script(superShift)
			continue
		case txt[0] == '}' && scale != 1:
			reach = max(reach, width)
			width, scale, shift, previous, txt = reach, 1, 0, 0, txt[1:]
			continue
		}
		r, size := utf8.DecodeRuneInString(txt)
		txt = txt[size:]
		if r == tilde && len(glyphs) > 0 {
			glyphs = append(glyphs, tildeOver(face, glyphs[len(glyphs)-1], width, units))
			continue
		}
		glyph, err := face.Face.GlyphIndex(&buf, r)
		must(err)
		if previous != 0 {
			if kern, err := face.Face.Kern(&buf, previous, glyph, ppem, 0); err == nil { // most pairs have none
				width += scale * float64(kern)
			}
		}
		glyphs = append(glyphs, placed{glyph, width, shift, scale})
		advance, err := face.Face.GlyphAdvance(&buf, glyph, ppem, 0)
		must(err)
		width += scale * float64(advance)
		previous = glyph
	}
	return glyphs, width, units
}

// must panics at an error in a font. The fonts are compiled in, so that an error
// means that one is broken.
func must(err error) {
	if err != nil {
		panic("report: " + err.Error())
	}
}

// tildeOver places a tilde centred over a letter that ends at x = end. units is the
// number of font units in an em.
func tildeOver(face font.Face, letter placed, end, units float64) placed {
	var buf sfnt.Buffer
	glyph, err := face.Face.GlyphIndex(&buf, '˜') // the spacing tilde: no font places a combining one by itself
	must(err)
	letterBox, tildeBox := outline(face, letter.glyph).Bounds(), outline(face, glyph).Bounds()
	middle := (letter.x + end) / 2
	tildeMiddle := letter.scale * float64(tildeBox.Min.X+tildeBox.Max.X) / 2
	top := letter.y - letter.scale*float64(letterBox.Min.Y) // y of outlines points down
	gap := 0.08 * units * letter.scale
	return placed{glyph, middle - tildeMiddle, top + gap + letter.scale*float64(tildeBox.Max.Y), letter.scale}
}

// outline loads the outline of a glyph, in font units, y pointing down.
func outline(face font.Face, glyph sfnt.GlyphIndex) sfnt.Segments {
	var buf sfnt.Buffer
	segments, err := face.Face.LoadGlyph(&buf, glyph, fixed.Int26_6(face.Face.UnitsPerEm()), nil)
	must(err)
	return segments
}

// Cache implements text.Handler.
func (t typesetter) Cache() *font.Cache { return t.fonts }

// Extents implements text.Handler.
func (t typesetter) Extents(fnt font.Font) font.Extents {
	face := t.fonts.Lookup(fnt, fnt.Size)
	return face.Extents()
}

// Lines implements text.Handler. A label is a single line.
func (t typesetter) Lines(txt string) []string { return []string{txt} }

// Box implements text.Handler.
func (t typesetter) Box(txt string, fnt font.Font) (width, height, depth vg.Length) {
	_, w, units := place(t.fonts.Lookup(fnt, fnt.Size), txt)
	e := t.Extents(fnt)
	return fnt.Size * vg.Length(w/units), e.Ascent, e.Descent
}

// Draw implements text.Handler. It puts the baseline where gonum's plain handler
// puts it, for which gonum lays out the axes.
func (t typesetter) Draw(c vg.Canvas, txt string, sty text.Style, pt vg.Point) {
	face := t.fonts.Lookup(sty.Font, sty.Font.Size)
	glyphs, width, units := place(face, txt)
	em := sty.Font.Size / vg.Length(units) // length of a font unit
	sin, cos := math.Sincos(sty.Rotation)
	left := vg.Length(sty.XAlign) * em * vg.Length(width)
	base := vg.Length(sty.YAlign)*sty.Height(txt) - face.Extents().Ascent + sty.Font.Size

	var path vg.Path
	for _, g := range glyphs {
		at := func(p fixed.Point26_6) vg.Point {
			x := left + em*vg.Length(g.x+g.scale*float64(p.X))
			y := base + em*vg.Length(g.y-g.scale*float64(p.Y))
			return pt.Add(vg.Point{X: x*vg.Length(cos) - y*vg.Length(sin), Y: x*vg.Length(sin) + y*vg.Length(cos)})
		}
		segments := outline(face, g.glyph)
		for i, s := range segments {
			switch s.Op {
			case sfnt.SegmentOpMoveTo:
				if i > 0 {
					path.Close()
				}
				path.Move(at(s.Args[0]))
			case sfnt.SegmentOpLineTo:
				path.Line(at(s.Args[0]))
			case sfnt.SegmentOpQuadTo:
				path.QuadTo(at(s.Args[0]), at(s.Args[1]))
			case sfnt.SegmentOpCubeTo:
				path.CubeTo(at(s.Args[0]), at(s.Args[1]), at(s.Args[2]))
			}
		}
		if len(segments) > 0 { // a space has none
			path.Close()
		}
	}
	if len(path) > 0 {
		c.SetColor(sty.Color)
		c.Fill(path)
	}
}
