// claim_bits.go judges how the bits that a method needs grow with the width.

package experiments

import (
	"fmt"
	"math"

	"go.yaml.in/yaml/v3"

	"spfq/results"
	"spfq/results/stat"
)

// bitsGrowth claims that the bits log2(2K+1) of the smallest K whose error is
// within a factor of the infinite alphabet's grow with N no faster than
// ½ log2 log N.
type bitsGrowth struct {
	ClaimBase `yaml:",inline"`
	Factor    float64 `yaml:"factor"`
}

func (c *bitsGrowth) fields(d *decoder) []field {
	return []field{scalar(d, "factor", &c.Factor, number("a number above 1", schema{"exclusiveMinimum": 1.0})).doc("how many times the infinite alphabet's relative squared error is allowed")}
}

func (c *bitsGrowth) check(d *decoder, n *yaml.Node, key string, p *Plan) {
	where := child(n, "where")
	for _, cond := range c.Where {
		switch cond.Column {
		case "bits", "K", "levels":
			d.fail(where, join(key, "where."+cond.Column), "the claim searches over K itself: leave %s out", cond.Column)
			return
		}
	}
	ok := p.each(c.Where, func(id *results.Identity, v Variant) bool {
		switch {
		case v.Alphabet.Step == 0:
			d.fail(n, join(key, "where"), "the claim compares with the infinite alphabet, which needs a given step, and records with a step from the data are among those it is about")
		case id.Width < 3:
			d.fail(n, key, "½ log2 log N needs N ≥ 3, and there is a width of %d", id.Width)
		default:
			return true
		}
		return false
	})
	if ok && p.mostValues(c.Where, "width") < 2 {
		d.fail(n, key, "growth with the width needs at least two widths, and this config has one%s", leaveOut)
	}
}

// searchClaim is what a claim needs searched: in which cells, and for each
// variant the number of its search, −1 where it needs none.
type searchClaim struct {
	cells  []bool
	search []int
}

// searchClaims lists what the claims need searched, and the searches, each once.
func (p *Plan) searchClaims() (claims []searchClaim, searches []SearchVariant) {
	number := map[SearchVariant]int{}
	for _, claim := range p.Config.Claims {
		b, ok := claim.(*bitsGrowth)
		if !ok {
			continue
		}
		cells, variants := p.grid.match(b.Where)
		matched := make([]bool, len(variants)) // in some cell
		for _, v := range p.grid.pairs(b.Where) {
			matched[v] = true
		}
		c := searchClaim{cells: cells, search: make([]int, len(variants))}
		for i, v := range p.Variants {
			c.search[i] = -1
			if !matched[i] || v.Alphabet.Step == 0 {
				continue
			}
			v.Bits, v.Levels, v.Alphabet.K = 0, "", 0
			s := SearchVariant{v, b.Factor}
			if _, ok := number[s]; !ok {
				number[s] = len(searches)
				searches = append(searches, s)
			}
			c.search[i] = number[s]
		}
		claims = append(claims, c)
	}
	return claims, searches
}

// halfLogLog is ½ log2 log N.
func halfLogLog(n float64) float64 { return 0.5 * math.Log2(math.Log(n)) }

func (c *bitsGrowth) judge(m *Measured) []results.Claim {
	var mine []results.Search
	for _, s := range matching(m.Searches, c.Where, searchIdentity) {
		if s.Factor == results.Num(c.Factor) {
			mine = append(mine, s)
		}
	}
	var out []results.Claim
	for _, s := range split(mine, searchIdentity, m.Plan.along("width")...) {
		r := c.result(fmt.Sprintf("bits within a factor %v of the infinite alphabet's error grow as b·½ log2 log N, %s", c.Factor, c.about(s.label)))
		r.Over, r.Metric, r.Quantity = "width", "needed_bits", "b"
		r.Demanded = "b ≤ 1"
		fit := func(y func(*results.Search) results.Num) (stat.Line, error) {
			return stat.Slope(levels(s.records, m.Plan.Config.Trials,
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
		growth, err := stat.CompareGrowth(levels(s.records, m.Plan.Config.Trials,
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
