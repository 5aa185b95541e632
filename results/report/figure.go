// figure.go is a figure before it is drawn, and the files it is drawn into.

package report

import (
	"io"
	"slices"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"

	"spfq/results/stat"
)

// A figure is a grid of panels that share their axes, with a legend below.
type figure struct {
	name   string // name of its files, without the extension
	x, y   axis
	panels []panel
	notes  string // heading of the legend's columns of notes
	remark string // sentences below the legend
}

// An axis has a label and a scale.
type axis struct {
	label []string  // the lines of the label
	log   bool      // whether the axis is logarithmic
	ticks []float64 // values with ticks on a logarithmic axis, ascending; none for powers of ten
	whole bool      // whether a linear axis has ticks at whole numbers only
}

// A panel is one diagram.
type panel struct {
	title  string
	curves []curve
}

// A curve is points and a line, drawn with one look. Curves with the same label
// share a line of the legend, in which the curve of each panel may have a note.
type curve struct {
	label  string
	look   look
	note   string
	points []point
	line   []point // corners of the line: a fit, or the points again

	clipped bool // whether it is a reference, which is cut at the frame and does not extend the axes
}

// A point has an interval from lo to hi, unless these are NaN.
type point struct {
	x, y, lo, hi float64
	trials       int // number of trials that y is the mean over
}

// estimatePoint is the point of an estimate at x.
func estimatePoint(x float64, e stat.Estimate) point {
	return point{x: x, y: e.Value, lo: e.Interval.Lo, hi: e.Interval.Hi, trials: e.N}
}

// estimate returns the y of a point with its interval.
func (pt point) estimate() stat.Estimate {
	return stat.Estimate{Value: pt.y, Interval: stat.Interval{Lo: pt.lo, Hi: pt.hi}, N: pt.trials}
}

// A canvasFormat is a file format of figures.
type canvasFormat struct {
	ext    string                                 // extension of the file's name
	canvas func(w, h vg.Length) vg.CanvasWriterTo // makes a canvas of width w and height h
}

// dpi is the resolution of PNG files, in dots per inch.
const dpi = 300

// canvases are the file formats of every figure.
var canvases = []canvasFormat{
	{".svg", func(w, h vg.Length) vg.CanvasWriterTo { return vgsvg.New(w, h) }},
	{".png", func(w, h vg.Length) vg.CanvasWriterTo {
		return vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(w, h), vgimg.UseDPI(dpi))}
	}},
	{".pdf", func(w, h vg.Length) vg.CanvasWriterTo { return vgpdf.New(w, h) }},
}

// A PDF file carries a date, which gonum takes from the defaults of fpdf, the
// library below it. These defaults are pinned, and the catalog is sorted, so that
// the same records give the same file.
func init() {
	fpdf.SetDefaultCreationDate(time.Unix(0, 0).UTC())
	fpdf.SetDefaultModificationDate(time.Unix(0, 0).UTC())
	fpdf.SetDefaultCatalogSort(true)
}

// write draws the figure and writes it in a file format.
func (f figure) write(w io.Writer, format canvasFormat) error {
	l := f.layout()
	c := format.canvas(l.width, l.height)
	f.draw(draw.New(c), l)
	_, err := c.WriteTo(w)
	return err
}

// clean drops the points that have no place on the figure's axes and returns how
// many it dropped. Intervals that reach beyond an axis stay as they are and are cut
// when drawn.
func (f *figure) clean() (dropped int) {
	hidden := func(pt point) bool { return !hasPlace(pt.x, f.x.log) || !hasPlace(pt.y, f.y.log) }
	for _, p := range f.panels {
		for i := range p.curves {
			c := &p.curves[i]
			n := len(c.points)
			c.points = slices.DeleteFunc(slices.Clone(c.points), hidden)
			c.line = slices.DeleteFunc(slices.Clone(c.line), hidden)
			dropped += n - len(c.points)
		}
	}
	return dropped
}
