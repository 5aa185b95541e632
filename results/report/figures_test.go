// figures_test.go compares the figures of synthetic runs with numbers computed from
// the records, and looks into their files.

package report

import (
	"bytes"
	"encoding/xml"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"

	"spfq/results"
)

// figuresByName returns the figures of a run by name.
func figuresByName(t *testing.T, run Run) map[string]figure {
	t.Helper()
	all, _ := figures(run, namingOf(run))
	byName := map[string]figure{}
	for _, f := range all {
		byName[f.name] = f
	}
	return byName
}

// titles lists the titles of a figure's panels.
func titles(f figure) []string {
	var ts []string
	for _, p := range f.panels {
		ts = append(ts, p.title)
	}
	return ts
}

// findCurve returns the first curve of a panel with a label.
func findCurve(t *testing.T, p panel, label string) curve {
	t.Helper()
	for _, c := range p.curves {
		if c.label == label {
			return c
		}
	}
	t.Fatalf("no curve %q in panel %q", label, p.title)
	return curve{}
}

func TestErrorFigure(t *testing.T) {
	run := fullRun()
	f := figuresByName(t, run)["error_vs_width"]
	if got := titles(f); !slices.Equal(got, []string{"3 bits", "4 bits", "5 bits", "infinite alphabet"}) {
		t.Errorf("panels %q", got)
	}
	for p, bits := range fullSweep.bits {
		c := findCurve(t, f.panels[p], "gpfq")
		for i, width := range fullSweep.widths {
			sum := 0.0
			for _, r := range run.Records {
				if r.Method == "gpfq" && r.Width == width && float64(r.Bits) == bits {
					sum += float64(r.RelSqError)
				}
			}
			if pt := c.points[i]; pt.x != float64(width) || math.Abs(pt.y/(sum/16)-1) > 1e-14 || !(pt.lo < pt.y && pt.y < pt.hi) {
				t.Errorf("%g bits, width %d: point %v, want y = %v", bits, width, pt, sum/16)
			}
		}
		// The line is the power law that the legend notes: its slope is the exponent.
		slope := func(c curve) float64 {
			a, b := c.line[0], c.line[len(c.line)-1]
			return math.Log(b.y/a.y) / math.Log(b.x/a.x)
		}
		if note := strings.Split(c.note, " ")[0]; note != minus(decimal(slope(c), 2)) {
			t.Errorf("exponent %s in the legend, slope %v of the line", note, slope(c))
		}
		if r := findCurve(t, f.panels[p], "slope −1"); math.Abs(slope(r)+1) > 1e-12 || r.line[0].y >= c.points[0].y {
			t.Errorf("the reference %v is not a line of slope -1 below the data", r.line)
		}
	}
}

func TestErrorOverOtherAxes(t *testing.T) {
	s := smallSweep
	s.widths, s.bits = []int{128}, []float64{math.Inf(1)}
	base := synthetic(s)
	vary := func(set func(*results.Record, int)) Run {
		var run Run
		for k := range 4 {
			for _, r := range base.Records {
				set(&r, k)
				run.Records = append(run.Records, r)
			}
		}
		return run
	}
	f := figuresByName(t, vary(func(r *results.Record, k int) { r.Samples = 8 << k }))["error_vs_samples"]
	if len(f.panels) != 1 || !f.x.log || !slices.Equal(f.x.ticks, []float64{8, 16, 32, 64}) {
		t.Errorf("over samples: %d panels, log %v, ticks %v", len(f.panels), f.x.log, f.x.ticks)
	}
	for _, c := range f.panels[0].curves {
		if c.label == "slope −1" {
			t.Error("a reference of slope -1 over samples")
		}
	}
	f = figuresByName(t, vary(func(r *results.Record, k int) { r.Layers = 1 + k }))["error_vs_layers"]
	if len(f.panels) != 1 || f.x.log || !f.x.whole {
		t.Errorf("over layers: %d panels, log %v", len(f.panels), f.x.log)
	}
	f = figuresByName(t, vary(func(r *results.Record, k int) { r.Noise = results.Given(k) / 10 }))["error_vs_noise"]
	if len(f.panels) != 1 || f.x.log {
		t.Errorf("over noise, which starts at 0: %d panels, log %v", len(f.panels), f.x.log)
	}
	// A column that does not hold numbers makes panels, not an axis.
	all, skipped := figures(vary(func(r *results.Record, k int) { r.Activation = []string{"relu", "tanh", "gelu", "id"}[k] }), namingOf(base))
	for _, f := range all {
		if f.name != "layer_error" {
			t.Errorf("figure %s, though no numeric setting varies", f.name)
		}
	}
	if !strings.Contains(strings.Join(skipped, "\n"), "neither the width nor another numeric setting varies") {
		t.Errorf("skipped %q", skipped)
	}
}

func TestErrorBitsFigure(t *testing.T) {
	f := figuresByName(t, fullRun())["error_vs_bits"]
	if got := titles(f); !slices.Equal(got, []string{"N = 64", "N = 128", "N = 256", "N = 512", "N = 1024", "N = 2048"}) {
		t.Errorf("panels %q", got)
	}
	for _, p := range f.panels {
		c := findCurve(t, p, "rtn")
		for i, k := range []float64{3, 7, 15} { // K of 3, 4, 5 bits, signed
			if c.points[i].x != math.Log2(2*k+1) {
				t.Errorf("point %d at %v bits, want log2(%v)", i, c.points[i].x, 2*k+1)
			}
		}
		horizontal := 0 // lines of the infinite alphabet
		for _, c := range p.curves {
			if c.label == "" && len(c.line) == 2 && c.line[0].y == c.line[1].y {
				horizontal++
			}
		}
		if horizontal != len(fullSweep.methods) {
			t.Errorf("%d horizontal lines of the infinite alphabet, want one for each method", horizontal)
		}
	}
}

func TestBitsFigure(t *testing.T) {
	f := figuresByName(t, fullRun())["bits_vs_width"]
	if got := titles(f); !slices.Equal(got, []string{"spfq, order-1", "gpfq"}) {
		t.Errorf("panels %q", got)
	}
	references := 0
	for _, c := range f.panels[0].curves {
		if c.label != "½ log_{2} ln N + const" {
			continue
		}
		references++
		last := c.line[len(c.line)-1]
		want := 0.5 * math.Log2(math.Log(2048)/math.Log(64))
		if math.Abs(last.y-c.line[0].y-want) > 1e-12 {
			t.Errorf("the reference grows by %v, want %v", last.y-c.line[0].y, want)
		}
	}
	if references != 3 {
		t.Errorf("%d references, want one a curve", references)
	}
}

func TestBoundFigure(t *testing.T) {
	run := fullRun()
	run.Claims[2].Bounds[3].Violated = true
	f := figuresByName(t, run)["bound_vs_width"]
	if got := titles(f); !slices.Equal(got, []string{"T1", "T1′"}) {
		t.Errorf("panels %q", got)
	}
	var notes []string
	for _, c := range f.panels[0].curves {
		notes = append(notes, c.note)
	}
	if !slices.Contains(notes, "1 of 96") || !slices.Contains(notes, "0 of 96") {
		t.Errorf("notes %q do not count one violation in 96 trials", notes)
	}
	// The bars show the range over trials.
	c := findCurve(t, f.panels[0], "spfq, exact")
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, b := range run.Claims[2].Bounds {
		if b.Align == "exact" && b.Width == 64 {
			lo, hi = min(lo, float64(b.Measured)), max(hi, float64(b.Measured))
		}
	}
	if pt := c.points[0]; pt.lo != lo || pt.hi != hi {
		t.Errorf("range %v to %v, want %v to %v", pt.lo, pt.hi, lo, hi)
	}
}

func TestTooManyPanels(t *testing.T) {
	s := smallSweep
	s.methods, s.trials = s.methods[:1], 1
	var run Run
	for k := range maxPanels + 1 {
		for _, r := range synthetic(s).Records {
			r.Samples = 8 + k
			run.Records = append(run.Records, r)
		}
	}
	_, skipped := figures(run, namingOf(run))
	if !strings.Contains(strings.Join(skipped, "\n"), "error_vs_width: 38 panels are more than can be read") {
		t.Errorf("skipped %q", skipped)
	}
}

// The legend stays below the panels and within the figure, in type of at least
// 8 points.
func TestLegendHidesNothing(t *testing.T) {
	if fontSize < 8 || smallSize < 8 {
		t.Error("type smaller than 8 points")
	}
	for name, f := range figuresByName(t, fullRun()) {
		l := f.layout()
		for _, item := range l.legend.items {
			right := item.x + sampleSize
			if item.sample == nil {
				right = item.x + style(smallSize).Width(item.text)
			}
			if item.x < 0 || right > l.width-2*margin {
				t.Errorf("%s: %q reaches from %v to %v in a legend of width %v", name, item.text, item.x, right, l.width-2*margin)
			}
			if item.y <= 0 || item.y >= l.legend.height() {
				t.Errorf("%s: %q at %v in a legend of height %v", name, item.text, item.y, l.legend.height())
			}
		}
	}
}

// PNG files decode, at the size and resolution meant, and their panels show the
// curves in their colours.
func TestPNG(t *testing.T) {
	for name, f := range figuresByName(t, smallRun()) {
		var b bytes.Buffer
		if err := f.write(&b, canvases[1]); err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(&b)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		l := f.layout()
		dots := func(x vg.Length) int { return int(x.Dots(dpi) + 0.5) }
		size := img.Bounds()
		if size.Dx() != dots(l.width) || size.Dy() != dots(l.height) {
			t.Errorf("%s is %v, want %d x %d", name, size, dots(l.width), dots(l.height))
		}
		top := image.Rect(0, 0, size.Dx(), dots(l.height-margin-l.legend.height()-gap-lineHeight))
		seen := map[color.RGBA]int{}
		for y := top.Min.Y; y < top.Max.Y; y++ {
			for x := top.Min.X; x < top.Max.X; x++ {
				r, g, b, a := img.At(x, y).RGBA()
				seen[color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), uint8(a >> 8)}]++
			}
		}
		for _, p := range f.panels {
			for _, c := range p.curves {
				// A marker alone covers π·2.7² pt² at 300 dpi: 400 dots. Half of
				// them may be mixed with the ground by antialiasing.
				if want := c.look.color.(color.RGBA); len(c.points) > 0 && seen[want] < 200*len(c.points)/2 {
					t.Errorf("%s: %d dots of %s, in colour %v", name, seen[want], c.label, want)
				}
			}
		}
	}
}

// SVG files are well-formed and have no text that would need a font. PDF files have
// the pinned date and embed no fonts.
func TestVectorFormats(t *testing.T) {
	for name, f := range figuresByName(t, smallRun()) {
		var svg, pdf bytes.Buffer
		if err := f.write(&svg, canvases[0]); err != nil {
			t.Fatal(err)
		}
		if err := f.write(&pdf, canvases[2]); err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(svg.Bytes(), []byte("<text")) {
			t.Errorf("%s.svg has text, want outlines", name)
		}
		paths := 0
		for d := xml.NewDecoder(&svg); ; {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s.svg: %v", name, err)
			}
			if e, ok := token.(xml.StartElement); ok && e.Name.Local == "path" {
				paths++
			}
		}
		if paths < 50 {
			t.Errorf("%s.svg has %d paths", name, paths)
		}
		if s := pdf.String(); !strings.HasPrefix(s, "%PDF-") || !strings.Contains(s, "/CreationDate (D:19700101000000)") || strings.Contains(s, "/FontFile") {
			t.Errorf("%s.pdf is no PDF without fonts of the pinned date", name)
		}
	}
}

// A method looks the same in every run, and no two methods of a run look the same.
func TestLooks(t *testing.T) {
	full, small := namingOf(fullRun()).looks(), namingOf(smallRun()).looks()
	for _, label := range []string{"spfq, exact", "spfq, order-1", "rtn"} {
		if a, b := full[label], small[label]; a.color != b.color || a.marker != b.marker {
			t.Errorf("%s looks different in two runs", label)
		}
	}
	var run Run
	s := smallSweep
	for _, method := range []string{"spfq/none", "spfq/order-1", "spfq/order-4", "spfq/exact", "spfq/exact-max", "gpfq/order-1", "rtn/none", "stochastic/none", "optq/none"} {
		for _, order := range []string{"natural", "norm", "weight", "random"} {
			r := results.Record{Identity: s.identity(method, 64, 4, 0)}
			r.Order = order
			run.Records = append(run.Records, r)
		}
	}
	n := namingOf(run)
	if len(n.labels) != len(run.Records) {
		t.Fatalf("%d labels of %d variants: %q", len(n.labels), len(run.Records), n.labels)
	}
	type seen struct {
		color  color.Color
		marker marker
	}
	taken := map[seen]string{}
	for label, l := range n.looks() {
		look := seen{l.color, l.marker}
		// spfq with five alignments in four orders has more labels than its colour has markers.
		if other, ok := taken[look]; ok && !strings.HasPrefix(label, "spfq") {
			t.Errorf("%q looks like %q", label, other)
		}
		taken[look] = label
	}
}

func TestLabels(t *testing.T) {
	run := fullRun()
	if got := namingOf(run).labels; !slices.Equal(got, []string{"spfq, exact", "spfq, order-1", "gpfq", "stochastic", "rtn"}) {
		t.Errorf("labels %q", got)
	}
	one := results.Record{Identity: fullSweep.identity("spfq/none", 64, 3, 0)}
	other := one
	other.Feedback = false
	if got := namingOf(Run{Records: []results.Record{one, other}}).labels; !slices.Equal(got, []string{"spfq, no feedback", "spfq, feedback"}) {
		t.Errorf("labels %q", got)
	}
}

// The columns that tell cells apart leave out those that follow from others.
func TestDistinguishingColumns(t *testing.T) {
	ids := identities(recordCells(fullRun().Records))
	names := func(given ...string) (names []string) {
		for _, c := range distinguishingColumns(ids, given...) {
			names = append(names, c.Name)
		}
		return names
	}
	if got := names(); !slices.Equal(got, []string{"bits", "width"}) {
		t.Errorf("columns %q: step, K and widths follow from bits and width", got)
	}
	if got := names("width"); !slices.Equal(got, []string{"bits"}) {
		t.Errorf("columns %q beside the width", got)
	}
	ids[0].Step = 0.125 // no longer a function of the bits
	if got := names(); !slices.Contains(got, "step") {
		t.Errorf("columns %q leave out the step, in which two cells differ", got)
	}
}

func TestTicks(t *testing.T) {
	show := func(ticks []string) string { return strings.Join(ticks, " ") }
	labels := func(lo, hi float64, f func(lo, hi float64) (all []string)) string { return show(f(lo, hi)) }
	log := func(lo, hi float64) (all []string) {
		for _, tick := range decades(lo, hi) {
			if !tick.IsMinor() {
				all = append(all, tick.Label)
			}
		}
		return all
	}
	linear := func(whole bool) func(lo, hi float64) []string {
		return func(lo, hi float64) (all []string) {
			for _, tick := range steps(whole)(lo, hi) {
				all = append(all, tick.Label)
			}
			return all
		}
	}
	for _, c := range []struct{ got, want string }{
		{labels(5e-5, 0.2, log), "10^{−4} 10^{−3} 10^{−2} 10^{−1}"},
		{labels(1.5e-3, 8e-3, log), "2·10^{−3} 5·10^{−3}"},
		{labels(0.9, 6, log), "10^{0} 2·10^{0} 5·10^{0}"},
		{labels(4.4, 7.8, linear(false)), "4.5 5 5.5 6 6.5 7 7.5"},
		{labels(-0.11, 0.16, linear(false)), "−0.1 −0.05 0 0.05 0.1 0.15"},
		{labels(0.9, 3.1, linear(true)), "1 2 3"},
		{labels(0.5, 40.5, linear(true)), "10 20 30 40"},
	} {
		if c.got != c.want {
			t.Errorf("ticks %s, want %s", c.got, c.want)
		}
	}
	crowded := ticksAt([]float64{64, 66, 68, 128}, 0.13)(60, 130)
	if crowded[0].Label != "64" || !crowded[1].IsMinor() || !crowded[2].IsMinor() || crowded[3].Label != "128" {
		t.Errorf("ticks too close to read are labelled: %v", crowded)
	}
}

// Every letter of the labels is in the font. A letter that is missing there would
// show as an empty box.
func TestGlyphs(t *testing.T) {
	face := font.DefaultCache.Lookup(style(fontSize).Font, fontSize)
	texts := append([]string{"±−·½˜ ₂′η0123456789"}, errorLabel...)
	for _, label := range axisLabels {
		texts = append(texts, label)
	}
	for _, f := range figuresByName(t, fullRun()) {
		texts = append(texts, f.x.label...)
		texts = append(texts, f.y.label...)
		texts = append(texts, f.remark, f.notes)
		for _, p := range f.panels {
			texts = append(texts, p.title)
			for _, c := range p.curves {
				texts = append(texts, c.label, c.note)
			}
		}
	}
	for _, row := range []any{&results.Record{}, &results.Layer{}} {
		for _, c := range results.Columns(row) {
			texts = append(texts, c.Doc) // remarks quote them
		}
	}
	for _, txt := range texts {
		for _, r := range txt {
			if glyph, err := face.Face.GlyphIndex(nil, r); err != nil || glyph == 0 {
				t.Errorf("the font has no %q (%U), in %q", r, r, txt)
			}
		}
	}
}

func TestTypeset(t *testing.T) {
	face := font.DefaultCache.Lookup(style(fontSize).Font, fontSize)
	width := func(txt string) float64 {
		_, w, _ := place(face, txt)
		return w
	}
	close := func(a, b float64) bool { return math.Abs(a-b) < 1e-6 } // font units; an em has 2048
	if !close(width("N_{F}"), width("N")+scriptScale*width("F")) {
		t.Error("a subscript is not as wide as its letter at its size")
	}
	if !close(width("N_{F}^{22}"), width("N")+scriptScale*width("22")) {
		t.Error("a superscript does not stand above the subscript before it")
	}
	if !close(width("N_{F} ^{2}"), width("N ")+scriptScale*width("F2")) {
		t.Error("a superscript stands above a subscript that is not just before it")
	}
	if !close(width("Φ\u0303"), width("Φ")) || width("}") == 0 {
		t.Error("a tilde takes room, or a brace outside of scripts does not")
	}
	glyphs, _, units := place(face, "Φ\u0303")
	letter, mark := outline(face, glyphs[0].glyph).Bounds(), outline(face, glyphs[1].glyph).Bounds()
	top, bottom := -float64(letter.Min.Y), glyphs[1].y-float64(mark.Max.Y)
	if !(bottom > top && bottom < top+0.2*units) {
		t.Errorf("the tilde begins at %v over a letter that ends at %v", bottom, top)
	}
}
