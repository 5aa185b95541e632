// figure.go is a figure before it is drawn, and the files it is drawn into.

package report

import (
	"io"
	"math"
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

// A figure is a grid of panels that share their axes, and a legend below.
type figure struct {
	name   string // of its files
	x, y   axis
	panels []panel
	notes  string // head of the legend's columns of notes
	remark string // a sentence below the legend
}

// An axis carries its label, in lines, and its scale.
type axis struct {
	label []string
	log   bool
	ticks []float64 // where the ticks of a logarithmic x axis are
	whole bool      // a linear axis of whole numbers
}

// A panel is one diagram.
type panel struct {
	title  string
	curves []curve
}

// A curve is drawn through its points with its look. Curves of one label share
// a line of the legend, in which each panel may add a note of its own.
type curve struct {
	label  string
	look   look
	note   string
	points []point
	line   []point // what is drawn as a line: a fit, or the points again

	clipped bool // a reference, which does not stretch the axes
}

// A point has an interval where lo and hi are not NaN.
type point struct {
	x, y, lo, hi float64
	trials       int // that it is the mean over
}

// estimatePoint is the point of an estimate.
func estimatePoint(x float64, e stat.Estimate) point {
	return point{x: x, y: e.Value, lo: e.Interval.Lo, hi: e.Interval.Hi, trials: e.N}
}

func (pt point) estimate() stat.Estimate {
	return stat.Estimate{Value: pt.y, Interval: stat.Interval{Lo: pt.lo, Hi: pt.hi}, N: pt.trials}
}

// A canvasFormat is a file format of figures.
type canvasFormat struct {
	ext    string
	canvas func(w, h vg.Length) vg.CanvasWriterTo
}

const dpi = 300

var canvases = []canvasFormat{
	{".svg", func(w, h vg.Length) vg.CanvasWriterTo { return vgsvg.New(w, h) }},
	{".png", func(w, h vg.Length) vg.CanvasWriterTo {
		return vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(w, h), vgimg.UseDPI(dpi))}
	}},
	{".pdf", func(w, h vg.Length) vg.CanvasWriterTo { return vgpdf.New(w, h) }},
}

// A PDF is dated, and gonum has no way to say how: the dates come from the
// defaults of the library below it. They are pinned, so that the same records
// give the same file.
func init() {
	fpdf.SetDefaultCreationDate(time.Unix(0, 0).UTC())
	fpdf.SetDefaultModificationDate(time.Unix(0, 0).UTC())
	fpdf.SetDefaultCatalogSort(true)
}

// write draws the figure and writes it in a format.
func (f figure) write(w io.Writer, format canvasFormat) error {
	l := f.layout()
	c := format.canvas(l.width, l.height)
	f.draw(draw.New(c), l)
	_, err := c.WriteTo(w)
	return err
}

// clean drops the points that the figure's axes cannot show, and returns how
// many it dropped. Intervals that reach below a logarithmic axis are cut there
// when drawn.
func (f *figure) clean() (dropped int) {
	off := func(x float64, log bool) bool { return math.IsNaN(x) || math.IsInf(x, 0) || log && x <= 0 }
	hidden := func(pt point) bool { return off(pt.x, f.x.log) || off(pt.y, f.y.log) }
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
