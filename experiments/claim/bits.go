// bits.go judges how the bits that a method needs grow with the width.

package claim

import (
	"fmt"
	"math"
	"slices"

	"spfq/experiments/grid"
	"spfq/internal/domain"
	"spfq/results"
	"spfq/results/stat"
)

// bitsGrowth claims that the bits log2(2K+1) of the smallest K whose error is
// within a factor of the infinite alphabet's grow with N no faster than
// ½ log2 log N.
type bitsGrowth struct {
	Base
	Factor float64
}

func (c *bitsGrowth) keys() []Key {
	return []Key{scalar("factor", &c.Factor, domain.Real("a number above 1", domain.Schema{"exclusiveMinimum": 1.0}), "how many times the infinite alphabet's relative squared error is allowed")}
}

func (c *bitsGrowth) check(g *grid.Grid, report Report) {
	for _, cond := range c.Where {
		if slices.Contains(results.AxisOf("bits").Moves(), cond.Column) {
			report("where."+cond.Column, "the claim searches over K itself: leave %s out", cond.Column)
			return
		}
	}
	ok := g.Each(c.Where, func(id *results.Identity) bool {
		switch {
		case !id.Step.IsSet():
			report("where", "the claim compares with the infinite alphabet, which needs a given step, and records with a step from the data are among those it is about")
		case id.Width < 3:
			report("", "½ log2 log N needs N ≥ 3, and there is a width of %d", id.Width)
		default:
			return true
		}
		return false
	})
	if ok && g.MostValues(c.Where, "width") < 2 {
		report("", "growth with the width needs at least two widths in a series, and each series of this config has one%s", leaveOut)
	}
}

// needs asks for a search for each of the claim's variants, with the infinite alphabet of
// the variant's step.
func (c *bitsGrowth) needs() Need { return Need{Where: c.Where, Factor: c.Factor} }

// halfLogLog is ½ log2 log N.
func halfLogLog(n float64) float64 { return 0.5 * math.Log2(math.Log(n)) }

func (c *bitsGrowth) judge(d *Data) []results.Claim {
	var mine []results.Search
	for _, s := range matching(d.Searches, c.Where, searchIdentity) {
		if s.Factor == results.Num(c.Factor) {
			mine = append(mine, s)
		}
	}
	var out []results.Claim
	for _, s := range split(mine, searchIdentity, d.Grid.Along("width")...) {
		r := c.result(fmt.Sprintf("bits within a factor %v of the infinite alphabet's error grow as b·½ log2 log N, %s", c.Factor, c.about(s.label)))
		r.Over, r.Metric, r.Quantity = "width", "needed_bits", "b"
		r.Demanded = "b ≤ 1"
		fit := func(y func(*results.Search) results.Num) (stat.Line, error) {
			return stat.Slope(points(s.records, d.Trials,
				func(s *results.Search) float64 { return halfLogLog(float64(s.Width)) },
				func(s *results.Search) int { return s.Trial },
				func(s *results.Search) float64 { return float64(y(s)) }), c.Confidence)
		}
		line, err := fit(func(s *results.Search) results.Num { return s.NeededBits })
		if err != nil {
			r.Notes = append(r.Notes, err.Error())
			out = append(out, r)
			continue
		}
		estimate(&r, line.Slope, math.Inf(-1), 1)
		r.Trials = line.Slope.N
		for _, other := range []struct {
			name string
			y    func(*results.Search) results.Num
		}{
			{"without saturation in the first layer", func(s *results.Search) results.Num { return s.FirstBits }},
			{"without saturation in any layer", func(s *results.Search) results.Num { return s.FreeBits }},
		} {
			if line, err := fit(other.y); err == nil {
				r.Notes = append(r.Notes, fmt.Sprintf("bits %s: b = %s [%s, %s]", other.name,
					short(line.Slope.Value), short(line.Slope.Interval.Lo), short(line.Slope.Interval.Hi)))
			}
		}
		growth, err := stat.CompareGrowth(points(s.records, d.Trials,
			func(s *results.Search) float64 { return float64(s.Width) },
			func(s *results.Search) int { return s.Trial },
			func(s *results.Search) float64 { return float64(s.NeededBits) }))
		if err == nil && !math.IsNaN(growth.Constant.Weight) {
			r.Notes = append(r.Notes, fmt.Sprintf("Akaike weights of constant, log log N, log N: %s, %s, %s",
				short(growth.Constant.Weight), short(growth.LogLog.Weight), short(growth.Log.Weight)))
		}
		out = append(out, r)
	}
	return out
}
