// axes.go finds the ranges and the ticks of axes.

package report

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// room is left at either end of an axis, as a share of its length.
const room = 0.05

// ranges returns the ends of both axes: those of all curves and intervals of
// all panels, and some room. A reference does not count; it is clipped.
func (f figure) ranges() (xmin, xmax, ymin, ymax float64) {
	x, y := span{log: f.x.log}, span{log: f.y.log}
	for _, p := range f.panels {
		for _, c := range p.curves {
			if c.clipped {
				continue
			}
			for _, pt := range slices.Concat(c.points, c.line) {
				x.add(pt.x)
				y.add(pt.y)
			}
			for _, pt := range c.points {
				y.add(pt.hi)
				if f.y.log && pt.lo < pt.y/10 {
					y.add(pt.y / 10) // an interval down to 0 would have no end
				} else {
					y.add(pt.lo)
				}
			}
		}
	}
	xmin, xmax = x.ends()
	ymin, ymax = y.ends()
	return xmin, xmax, ymin, ymax
}

// A span is the range of some numbers on an axis.
type span struct {
	log    bool
	lo, hi float64
	any    bool
}

func (s *span) add(x float64) {
	if s.log {
		x = math.Log(x)
	}
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return
	}
	if !s.any {
		s.lo, s.hi, s.any = x, x, true
	}
	s.lo, s.hi = min(s.lo, x), max(s.hi, x)
}

func (s *span) ends() (lo, hi float64) {
	lo, hi = s.lo, s.hi
	if lo == hi {
		lo, hi = lo-1, hi+1
	}
	d := room * (hi - lo)
	lo, hi = lo-d, hi+d
	if s.log {
		return math.Exp(lo), math.Exp(hi)
	}
	return lo, hi
}

// scale returns how values come to lie on an axis, and what marks it: given
// values, if there are any.
func (a axis) scale() (plot.Normalizer, plot.Ticker) {
	switch {
	case a.log && len(a.ticks) > 0:
		return plot.LogScale{}, ticksAt(a.ticks, 0.13)
	case a.log:
		return plot.LogScale{}, plot.TickerFunc(decades)
	}
	return plot.LinearScale{}, steps(a.whole)
}

// ticksAt marks given values of an axis and labels those that keep a distance
// from the one before, a share of the length of a logarithmic axis.
func ticksAt(values []float64, distance float64) plot.TickerFunc {
	return func(lo, hi float64) []plot.Tick {
		var ticks []plot.Tick
		last := math.Inf(-1)
		for _, v := range values {
			at := math.Log(v/lo) / math.Log(hi/lo)
			t := plot.Tick{Value: v}
			if at-last >= distance {
				t.Label = strconv.FormatFloat(v, 'g', 4, 64)
				last = at
			}
			ticks = append(ticks, t)
		}
		return ticks
	}
}

// decades marks powers of ten, and between them 2 and 5 where there would be
// fewer than two labels.
func decades(lo, hi float64) []plot.Tick {
	first, last := int(math.Floor(math.Log10(lo))), int(math.Floor(math.Log10(hi)))
	inside := 0
	for e := first; e <= last; e++ {
		if v := math.Pow10(e); lo <= v && v <= hi {
			inside++
		}
	}
	every := 1 + (inside-1)/6
	var ticks []plot.Tick
	for e := first; e <= last; e++ {
		for m := 1; m <= 9; m++ {
			v := float64(m) * math.Pow10(e)
			if v < lo || v > hi {
				continue
			}
			t := plot.Tick{Value: v}
			switch power := "10^{" + minus(strconv.Itoa(e)) + "}"; {
			case m == 1 && (e-first)%every == 0:
				t.Label = power
			case inside < 2 && (m == 2 || m == 5):
				t.Label = strconv.Itoa(m) + "·" + power
			}
			ticks = append(ticks, t)
		}
	}
	return ticks
}

// steps marks the multiples of the smallest of 1, 2, 5, 10, … (times a power of
// ten) that leaves at most seven; of whole numbers only, if told so.
func steps(whole bool) plot.TickerFunc {
	return func(lo, hi float64) []plot.Tick {
		decade := math.Pow10(int(math.Floor(math.Log10(hi-lo))) - 1)
		step := decade
		for _, m := range []float64{1, 2, 5, 10, 20} {
			if step = m * decade; (hi-lo)/step <= 7 && (!whole || step >= 1) {
				break
			}
		}
		var ticks []plot.Tick
		for k := math.Ceil(lo / step); k*step <= hi; k++ {
			v := k*step + 0 // not -0
			ticks = append(ticks, plot.Tick{Value: v, Label: minus(strconv.FormatFloat(v, 'g', 4, 64))})
		}
		return ticks
	}
}

// minus writes the sign of a number as typography has it.
func minus(number string) string { return strings.ReplaceAll(number, "-", "−") }
