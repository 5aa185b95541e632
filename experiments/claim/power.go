// power.go judges power laws: the exponent of a metric along an axis.

package claim

import (
	"fmt"
	"math"

	"spfq/experiments/grid"
	"spfq/internal/domain"
	"spfq/results"
	"spfq/results/stat"
)

// powerLaw claims that metric ~ c·over^a·(log over)^log_power with a in a range.
type powerLaw struct {
	Base
	Metric   string
	Over     string
	Exponent Range
	LogPower float64
}

func (c *powerLaw) keys() []Key {
	return []Key{
		scalar("metric", &c.Metric, numericColumn(results.Record{}, "metric"), "column of the records").must(),
		scalar("over", &c.Over, numericColumn(results.Identity{}, "axis"), "column of the identity that the metric is a power of").must(),
		rangeOf("exponent", &c.Exponent, "range in which a must lie").must(),
		scalar("log_power", &c.LogPower, domain.Real("a finite number", nil), "known power of the logarithm beside it"),
	}
}

func (c *powerLaw) check(g *grid.Grid, report Report) {
	checkAxis(g, c.Where, c.Over, report)
}

// checkAxis reports an axis along which no power law can be fitted: one with a value that
// is not positive and finite, or with a single value.
func checkAxis(g *grid.Grid, where results.Where, over string, report Report) {
	col, _ := results.Lookup(results.Identity{}, over)
	ok := g.Each(where, func(id *results.Identity) bool {
		x, _ := col.Number(id)
		if !(x > 0) || math.IsInf(x, 0) {
			report("over", "%s is %s in this config: a power law needs positive, finite values", over, col.Text(id))
			return false
		}
		return true
	})
	if ok && g.MostValues(where, over) < 2 {
		report("over", "%s has one value in each series of the records it is about: a power law needs at least two%s", over, leaveOut)
	}
}

func (c *powerLaw) judge(d *Data) []results.Claim {
	var out []results.Claim
	for _, s := range d.records(c.Where, c.Over) {
		law := fmt.Sprintf("%s ∝ %s^a", c.Metric, c.Over)
		if c.LogPower != 0 {
			law += fmt.Sprintf("·(log %s)^%v", c.Over, c.LogPower)
		}
		r := c.result(law + ", " + c.about(s.label))
		r.Metric, r.Over, r.Quantity = c.Metric, c.Over, "a"
		r.Demanded = demand("a", c.Exponent)
		fitPower(&r, s.records, d.Trials, c.Over, c.Metric, c.Exponent, c.Confidence, c.LogPower)
		out = append(out, r)
	}
	return out
}

// fitPower fits a power law of metric along the column over, trial by trial,
// and judges its exponent.
func fitPower(r *results.Claim, records []results.Record, trials int, over, metric string, exponent Range, confidence, logPower float64) {
	number := func(name string) func(*results.Record) float64 {
		col, _ := results.Lookup(results.Record{}, name)
		return func(r *results.Record) float64 {
			v, _ := col.Number(r)
			return v
		}
	}
	metricOf := number(metric)
	fit, err := stat.PowerLaw(points(records, trials, number(over),
		func(r *results.Record) int { return r.Trial },
		func(r *results.Record) float64 {
			if r.Error != "" {
				return math.NaN() // a failed trial has no outcome, though its weight_count is known
			}
			return metricOf(r)
		}), confidence, logPower)
	if err != nil {
		r.Notes = append(r.Notes, err.Error())
		return
	}
	estimate(r, fit.Exponent, exponent.Lo, exponent.Hi)
	r.Trials, r.Constant = fit.Exponent.N, results.Num(fit.Prefactor.Value)
}
