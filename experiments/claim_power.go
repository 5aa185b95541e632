// claim_power.go judges power laws: the exponent of a metric along an axis.

package experiments

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"spfq/results"
	"spfq/results/stat"
)

// powerLaw claims that metric ~ c·over^a·(log over)^log_power with a in a range.
type powerLaw struct {
	ClaimBase `yaml:",inline"`
	Metric    string     `yaml:"metric"`
	Over      string     `yaml:"over"`
	Exponent  [2]float64 `yaml:"exponent,flow"`
	LogPower  float64    `yaml:"log_power"`
}

func (c *powerLaw) fields(d *decoder) []field {
	return []field{
		scalar(d, "metric", &c.Metric, numericColumn(results.Record{}, "metric")).must().doc("column of the records"),
		scalar(d, "over", &c.Over, numericColumn(results.Identity{}, "axis")).must().doc("column of the identity that the metric is a power of"),
		rangeOf(d, "exponent", &c.Exponent).must().doc("range in which a must lie"),
		scalar(d, "log_power", &c.LogPower, number("a finite number", nil)).doc("known power of the logarithm beside it"),
	}
}

// numericColumn reads the name of a column of numbers.
func numericColumn(row any, what string) parser[string] {
	var names []string
	for _, c := range results.Columns(row) {
		if c.Numeric() {
			names = append(names, c.Name)
		}
	}
	return parser[string]{accepts{"a numeric " + what, schema{"enum": names}}, func(n *yaml.Node) (string, error) {
		if !slices.Contains(names, n.Value) {
			return "", fmt.Errorf("no numeric %s %s%s (numeric: %s)", what, kindName(n), nearest(n.Value, names), strings.Join(names, ", "))
		}
		return n.Value, nil
	}}
}

func (c *powerLaw) check(d *decoder, n *yaml.Node, key string, p *Plan) {
	checkAxis(d, n, key, p, c.Where, c.Over)
}

// checkAxis refuses an axis along which no power law can be fitted.
func checkAxis(d *decoder, n *yaml.Node, key string, p *Plan, where Where, over string) {
	at := child(n, "over")
	if at == nil {
		at = n
	}
	col, _ := results.Lookup(results.Identity{}, over)
	ok := p.each(where, func(id *results.Identity, _ Variant) bool {
		x, _ := col.Number(id)
		if !(x > 0) || math.IsInf(x, 0) {
			d.fail(at, join(key, "over"), "%s is %s in this config: a power law needs positive, finite values", over, col.Text(id))
			return false
		}
		return true
	})
	if ok && p.mostValues(where, over) < 2 {
		d.fail(at, join(key, "over"), "%s has one value among the records it is about: a power law needs at least two%s", over, leaveOut)
	}
}

func (c *powerLaw) judge(m *Measured) []results.Claim {
	var out []results.Claim
	for _, s := range split(matching(m.Records, c.Where, recordIdentity), recordIdentity, m.Plan.along(c.Over)...) {
		law := fmt.Sprintf("%s ∝ %s^a", c.Metric, c.Over)
		if c.LogPower != 0 {
			law += fmt.Sprintf("·(log %s)^%v", c.Over, c.LogPower)
		}
		r := c.result(law + ", " + c.about(s.label))
		r.Metric, r.Over, r.Quantity = c.Metric, c.Over, "a"
		r.Demanded = demand("a", c.Exponent)
		fitPower(&r, s.records, m.Plan.Config.Trials, c.Over, c.Metric, c.Exponent, c.Confidence, c.LogPower)
		out = append(out, r)
	}
	return out
}

// fitPower fits a power law of metric along the column over, trial by trial,
// and judges its exponent.
func fitPower(r *results.Claim, records []results.Record, trials int, over, metric string, exponent [2]float64, confidence, logPower float64) {
	number := func(name string) func(*results.Record) float64 {
		col, _ := results.Lookup(results.Record{}, name)
		return func(r *results.Record) float64 {
			v, _ := col.Number(r)
			return v
		}
	}
	metricOf := number(metric)
	fit, err := stat.PowerLaw(levels(records, trials, number(over),
		func(r *results.Record) int { return r.Trial },
		func(r *results.Record) float64 {
			if r.Error != "" {
				return math.NaN() // the number of its weights is known, and no outcome
			}
			return metricOf(r)
		}), confidence, logPower)
	if err != nil {
		r.Notes = append(r.Notes, err.Error())
		return
	}
	estimate(r, fit.Exponent, exponent[0], exponent[1])
	r.Trials, r.Constant = fit.Exponent.N, results.Num(fit.Prefactor.Value)
}

// short formats a number for reading.
func short(v float64) string { return fmt.Sprintf("%.4g", v) }
