// axes_test.go draws figures of values that no run measures: at the limits of
// float64s, infinite, all equal, or closer than a float64 tells apart.

package report

import (
	"bytes"
	"encoding/binary"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"spfq/results"
)

// endsInTime ends the tests if the function that it returns is not called within a
// minute, a thousand times what is needed: only a hang takes as long.
func endsInTime() (ended func() bool) {
	return time.AfterFunc(time.Minute, func() { panic("the test has not ended after a minute") }).Stop
}

// oddFigure is a figure of points with the values as coordinates and ends of
// intervals, on axes of the kinds given, with a line and a reference.
func oddFigure(xlog, ylog, whole, given bool, values []float64) figure {
	f := figure{name: "odd", x: axis{label: []string{"x"}, log: xlog, whole: whole}, y: axis{label: []string{"y"}, log: ylog}}
	c, reference := curve{label: "c"}, curve{clipped: true}
	for i := 0; i+3 < len(values); i += 4 {
		pt := point{x: values[i], y: values[i+1], lo: values[i+2], hi: values[i+3], trials: 2}
		c.points = append(c.points, pt)
		reference.line = append(reference.line, point{x: pt.x, y: pt.hi})
		if f.x.ticks = append(f.x.ticks, pt.x); !given {
			f.x.ticks = nil
		}
	}
	f.x.ticks = distinct(f.x.ticks)
	c.line = c.points
	f.panels = []panel{{title: "p", curves: []curve{c, reference}}}
	return f
}

var notANumber = regexp.MustCompile(`NaN|Inf|\d{16}`)

// checkFigure demands of a figure that its axes have finite ends, that their ticks
// lie within them, ascend, are few and, where there are none at given values, some,
// and that what is drawn has places.
func checkFigure(t *testing.T, f figure) {
	t.Helper()
	f.clean()
	if !f.drawable() {
		return
	}
	xmin, xmax, ymin, ymax := f.ranges()
	for _, a := range []struct {
		name   string
		of     axis
		lo, hi float64
	}{{"x", f.x, xmin, xmax}, {"y", f.y, ymin, ymax}} {
		if !(a.lo < a.hi) || math.IsInf(a.hi-a.lo, 0) || a.of.log && !(a.lo > 0) {
			t.Fatalf("axis %s from %v to %v", a.name, a.lo, a.hi)
		}
		scale, ticker := a.of.scale()
		if lo, hi := scale.Normalize(a.lo, a.hi, a.lo), scale.Normalize(a.lo, a.hi, a.hi); lo != 0 || math.Abs(hi-1) > 1e-9 {
			t.Fatalf("axis %s from %v to %v: its ends are at %v and %v", a.name, a.lo, a.hi, lo, hi)
		}
		ticks := ticker.Ticks(a.lo, a.hi)
		limit, given := maxTicks, a.of.log && len(a.of.ticks) > 0
		if given {
			limit = len(a.of.ticks)
		} else if len(ticks) == 0 {
			t.Fatalf("axis %s from %v to %v has no ticks", a.name, a.lo, a.hi)
		}
		if len(ticks) > limit {
			t.Fatalf("axis %s from %v to %v has %d ticks, want at most %d", a.name, a.lo, a.hi, len(ticks), limit)
		}
		var labels []string
		for i, tick := range ticksWithin(ticker, a.lo, a.hi) {
			if i > 0 && !(tick.Value > ticks[i-1].Value) {
				t.Fatalf("axis %s from %v to %v: ticks at %v, then %v", a.name, a.lo, a.hi, ticks[i-1].Value, tick.Value)
			}
			if !tick.IsMinor() {
				labels = append(labels, tick.Label)
			}
		}
		if n := len(ticksWithin(ticker, a.lo, a.hi)); n != len(ticks) {
			t.Fatalf("axis %s from %v to %v: %d of %d ticks lie beyond it", a.name, a.lo, a.hi, len(ticks)-n, len(ticks))
		}
		if slices.Sort(labels); !given && len(slices.Compact(slices.Clone(labels))) != len(labels) {
			t.Fatalf("axis %s from %v to %v: two ticks have one label: %v", a.name, a.lo, a.hi, labels)
		}
	}
	svg := string(f.panelSVG(f.panels[0]))
	svg = regexp.MustCompile(`<title>[^<]*</title>`).ReplaceAllString(svg, "") // which has the values
	if bad := notANumber.FindString(svg); bad != "" {
		t.Fatalf("the page's figure has %s:\n%s", bad, svg)
	}
	l := f.layout()
	c := vgsvg.New(l.width, l.height)
	f.draw(draw.New(c), l)
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	if bad := regexp.MustCompile(`NaN|Inf`).FindString(b.String()); bad != "" {
		t.Fatalf("the file's figure has %s", bad)
	}
}

// odd are values that axes have no place for, or hardly.
var odd = []float64{0, math.Copysign(0, -1), 5e-324, -5e-324, 1e-310, 1e-300, 1, 1 + 0x1p-52, 1.5, -1, 255, 256, 1e15, 1e15 + 1, 1e16, 1e17, 1e299, farthest, -farthest,
	math.Nextafter(farthest, math.Inf(1)), 1e308, -1e308, math.MaxFloat64, -math.MaxFloat64, math.Inf(1), math.Inf(-1), math.NaN()}

// Any two values, and any one, have axes on which they can be drawn.
func TestOddAxes(t *testing.T) {
	defer endsInTime()()
	for _, kind := range []struct{ xlog, ylog, whole, given bool }{{}, {xlog: true, ylog: true}, {ylog: true, whole: true}, {xlog: true, given: true}} {
		for _, a := range odd {
			for _, b := range odd {
				checkFigure(t, oddFigure(kind.xlog, kind.ylog, kind.whole, kind.given, []float64{a, b, a, b, b, a, math.Inf(-1), math.Inf(1)}))
				checkFigure(t, oddFigure(kind.xlog, kind.ylog, kind.whole, kind.given, []float64{a, b, b, a}))
			}
		}
	}
}

// Figures of any values are drawn: no hang, no panic, ticks within the axes.
func FuzzFigureAxes(f *testing.F) {
	seed := func(kind byte, values ...float64) {
		data := []byte{kind}
		for _, v := range values {
			data = binary.LittleEndian.AppendUint64(data, math.Float64bits(v))
		}
		f.Add(data)
	}
	for kind := range byte(16) {
		seed(kind, odd...)
		seed(kind, 64, 1e300, 1e300, math.Inf(1), 128, 1e-3, 1e-4, 1e-2)
		seed(kind, 1, 5e-324, 0, 5e-324)
	}
	// A reference far outside an axis of 10^-76.
	seed(2, 6e116, -2.5e232, 1.4e-76, 1.4e-76, 5.7e-250, 1.4e-76, 1.4e-76, 1.4e-76, 2.5e-293, 1.4e-76, 1.4e-76, 1.4e-76)
	f.Fuzz(func(t *testing.T, data []byte) {
		defer endsInTime()()
		if len(data) == 0 || len(data) > 8*4*100 {
			return
		}
		var values []float64
		for rest := data[1:]; len(rest) >= 8; rest = rest[8:] {
			values = append(values, math.Float64frombits(binary.LittleEndian.Uint64(rest)))
		}
		kind := data[0]
		checkFigure(t, oddFigure(kind&1 > 0, kind&2 > 0, kind&4 > 0, kind&8 > 0, values))
	})
}

// A report of records with odd numbers, one of them among others or all of them, is
// written in full, and none of its tables has a number of hundreds of digits.
func TestReportsOfOddNumbers(t *testing.T) {
	defer endsInTime()()
	for _, v := range []float64{1e300, -1e300, 1e308, 5e-324, 0, math.Inf(1), math.Inf(-1), math.NaN()} {
		for _, all := range []bool{false, true} {
			s := smallSweep
			run := withSearches(synthetic(s), s)
			for i := range run.Records {
				if r := &run.Records[i]; all || i == 0 {
					x := results.Num(v)
					r.RelSqError, r.RelError, r.TestRelSqError, r.MaxV, r.MaxColumnError = x, x, x, x, x
					for l := range r.PerLayer {
						r.PerLayer[l].QuantError, r.PerLayer[l].AlignResidual = x, x
					}
				}
			}
			for i := range run.Searches {
				if all || i == 0 {
					run.Searches[i].NeededBits = results.Num(v)
				}
			}
			run = withClaims(run)
			dir := t.TempDir()
			out, err := Write(dir, run)
			if err != nil || len(out.Files) == 0 {
				t.Fatalf("%v: %v", v, err)
			}
			var text bytes.Buffer
			if err := Print(&text, run); err != nil {
				t.Fatal(err)
			}
			if long := regexp.MustCompile(`\d{40}`).FindString(text.String()); long != "" {
				t.Errorf("%v: a table has the number %s", v, long)
			}
			if files, _ := filepath.Glob(filepath.Join(dir, "figures", "*.png")); len(files) == 0 && !all {
				t.Errorf("%v in one record: no figure was drawn", v)
			}
		}
	}
}

// Numbers at the limits are written in a few digits, and as what they are.
func TestOddNumbers(t *testing.T) {
	for _, v := range odd {
		for _, text := range []string{notation{true}.number(v), bracket(v, v, v), bracket(v, math.Inf(-1), v), bracket(0, v, 1)} {
			if len(text) > 60 || strings.Contains(text, "NaN") {
				t.Errorf("%v is written %q", v, text)
			}
		}
	}
	for _, c := range []struct{ got, want string }{
		{notation{true}.number(1.5e308), "1.50e308"},
		{notation{true}.number(5e-324), "0.500e-323"},
		{notation{true}.number(-2e-310), "-2.00e-310"},
	} {
		if c.got != c.want {
			t.Errorf("%s, want %s", c.got, c.want)
		}
	}
}
