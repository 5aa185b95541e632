// axes.go finds the ranges and the ticks of axes.

package report

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// room is the margin left at either end of an axis, as a fraction of the range
// of its values, or of their logarithms on a logarithmic axis.
const room = 0.05

// ranges returns the ends of both axes: the range of all points, lines and
// intervals of all panels, widened by room. Clipped curves, which are references,
// do not count.
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
					y.add(pt.y / 10) // cut long intervals: one that reaches 0 has no lower end here
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

// within is x, or the end of the range from lo to hi that it lies beyond.
func within(x, lo, hi float64) float64 { return min(max(x, lo), hi) }

// onPage cuts a place off, in lengths of an axis, that is very far beyond its ends: a
// canvas need not reckon with its digits, and a line to it is cut there anyway.
func onPage(place float64) float64 { return within(place, -1000, 1000) }

// A span is the range of some numbers on an axis.
type span struct {
	log    bool
	lo, hi float64 // the range; of the logarithms, if log
	any    bool    // whether a number has been added
}

// Axes end where float64s are still far from their limits, so that neither a width
// nor a ratio of two places overflows or vanishes.
const (
	farthest = 1e300  // largest absolute value that an axis has a place for
	nearest  = 1e-300 // smallest positive value that a logarithmic axis has a place for
	// The narrowest range of an axis, relative to its values: more digits are not told
	// apart, and between those ticks would be closer than float64s are.
	narrowest = 1e-9
)

// hasPlace reports whether a number has a place on an axis: it has none if it is NaN,
// infinite or, on a logarithmic axis, not positive, nor beyond the limits above.
func hasPlace(x float64, log bool) bool { return math.Abs(x) <= farthest && (!log || x >= nearest) }

// add extends the span to x, if that has a place on the axis.
func (s *span) add(x float64) {
	if !hasPlace(x, s.log) {
		return
	}
	if s.log {
		x = math.Log(x)
	}
	if !s.any {
		s.lo, s.hi, s.any = x, x, true
	}
	s.lo, s.hi = min(s.lo, x), max(s.hi, x)
}

// ends returns the ends of the span, widened by room. The span of a single number
// is first widened by 1 on either side, or by a factor e on a logarithmic axis. The
// ends are finite, and apart.
func (s *span) ends() (lo, hi float64) {
	lo, hi = s.lo, s.hi
	if lo == hi {
		lo, hi = lo-1, hi+1
	}
	d := room * (hi - lo)
	lo, hi = lo-d, hi+d
	if least := max(nearest, narrowest*max(math.Abs(lo), math.Abs(hi))); hi-lo < least {
		middle := lo + (hi-lo)/2
		lo, hi = middle-least, middle+least
	}
	if s.log {
		const end = 705 // e^705 is beyond farthest, and a float64, as is its inverse
		return math.Exp(max(lo, -end)), math.Exp(min(hi, end))
	}
	return lo, hi
}

// scale returns the scale of an axis and its tick marks. A logarithmic axis has
// ticks at the values given for it, or at powers of ten if none are given.
func (a axis) scale() (plot.Normalizer, plot.Ticker) {
	switch {
	case a.log && len(a.ticks) > 0:
		return plot.LogScale{}, ticksAt(a.ticks, 0.13)
	case a.log:
		return plot.LogScale{}, plot.TickerFunc(decades)
	}
	return plot.LinearScale{}, steps(a.whole)
}

// maxTicks is more than the ticks that an axis has, but for those at given values.
const maxTicks = 200

// ticksAt marks given ascending values of a logarithmic axis. It labels those
// that lie at least distance, a fraction of the length of the axis, from the
// label before.
func ticksAt(values []float64, distance float64) plot.TickerFunc {
	return func(lo, hi float64) []plot.Tick {
		var ticks []plot.Tick
		last := math.Inf(-1)
		for _, v := range values {
			if v < lo || v > hi {
				continue
			}
			at := (math.Log(v) - math.Log(lo)) / (math.Log(hi) - math.Log(lo))
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

// manyDecades is from how many powers of ten on an axis has ticks at labelled powers
// only.
const manyDecades = 20

// decades marks powers of ten and their multiples by 2 to 9 on a logarithmic
// axis. It labels the powers of ten: all of them up to 6, else every second, every
// third and so on. Where fewer than two powers lie in the range, it also labels
// their multiples by 2 and 5; where none of those does either, it marks steps.
func decades(lo, hi float64) []plot.Tick {
	first, last := int(math.Floor(math.Log10(lo))), int(math.Floor(math.Log10(hi)))
	inside := 0 // powers of ten in the range
	for e := first; e <= last; e++ {
		if v := math.Pow10(e); lo <= v && v <= hi {
			inside++
		}
	}
	every := 1 + (inside-1)/6 // every how many powers one is labelled
	var ticks []plot.Tick
	labels := 0
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
			case inside >= manyDecades:
				continue
			}
			if t.Label != "" {
				labels++
			}
			ticks = append(ticks, t)
		}
	}
	if labels == 0 {
		return steps(false)(lo, hi)
	}
	return ticks
}

// steps marks the multiples of a step on a linear axis. The step is 1, 2 or 5
// times a power of ten, the smallest that divides the range into at most seven
// parts; if whole is set, it is at least 1. Labels have four digits, or as many as
// tell neighbours apart.
func steps(whole bool) plot.TickerFunc {
	return func(lo, hi float64) []plot.Tick {
		decade := math.Pow10(int(math.Floor(math.Log10(hi-lo))) - 1)
		step := decade
		for _, m := range []float64{1, 2, 5, 10, 20} {
			if step = m * decade; (hi-lo)/step <= 7 && (!whole || step >= 1) {
				break
			}
		}
		figures := max(4, 2+magnitude(max(math.Abs(lo), math.Abs(hi)))-magnitude(step))
		var ticks []plot.Tick
		for k := math.Ceil(lo / step); k*step <= hi; k++ {
			v := k*step + 0 // + 0 turns -0 into 0
			ticks = append(ticks, plot.Tick{Value: v, Label: minus(strconv.FormatFloat(v, 'g', figures, 64))})
		}
		return ticks
	}
}

// minus replaces the hyphens of a number by minus signs.
func minus(number string) string { return strings.ReplaceAll(number, "-", "−") }
