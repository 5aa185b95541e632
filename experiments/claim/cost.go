// cost.go judges how the cost of a method grows.

package claim

import (
	"fmt"

	"spfq/experiments/grid"
	"spfq/internal/domain"
	"spfq/results"
)

// cost claims that operations, or seconds, grow with the number of weights as a
// power whose exponent lies in a range.
type cost struct {
	Base
	Metric   string
	Exponent Range
}

func (c *cost) keys() []Key {
	return []Key{
		scalar("metric", &c.Metric, domain.OneOf("operations", "seconds"), "what it costs"),
		rangeOf("exponent", &c.Exponent, "range of the power of the number of weights"),
	}
}

func (c *cost) check(g *grid.Grid, report Report) {
	checkAxis(g, c.Where, "width", report)
}

func (c *cost) judge(d *Data) []results.Claim {
	var out []results.Claim
	for _, s := range d.records(c.Where, "width") {
		r := c.result(fmt.Sprintf("%s ∝ weights^a, %s", c.Metric, c.about(s.label)))
		r.Metric, r.Over, r.Quantity, r.Demanded = c.Metric, "weight_count", "a", demand("a", c.Exponent)
		fitPower(&r, s.records, d.Trials, "weight_count", c.Metric, c.Exponent, c.Confidence, 0)
		out = append(out, r)
	}
	return out
}
