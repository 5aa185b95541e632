// claim_power.go judges power laws: the exponent of a metric along an axis.

package experiments

import (
	"fmt"
	"math"

	"go.yaml.in/yaml/v3"

	"spfq/results"
	"spfq/results/stat"
)

// powerLaw claims that metric ~ c·over^a with a in a range.
type powerLaw struct {
	ClaimBase `yaml:",inline"`
	Metric    string     `yaml:"metric"`
	Over      string     `yaml:"over"`
	Exponent  [2]float64 `yaml:"exponent,flow"`
}

func (c *powerLaw) fields(d *decoder) []field {
	return []field{
		scalar(d, "metric", &c.Metric, numericColumn(results.Record{}, "metric")).must(),
		scalar(d, "over", &c.Over, numericColumn(results.Identity{}, "axis")).must(),
		rangeOf(d, "exponent", &c.Exponent).must(),
	}
}

// numericColumn reads the name of a column of numbers.
func numericColumn(row any, what string) parser[string] {
	return func(n *yaml.Node) (string, error) {
		var names []string
		for _, c := range results.Columns(row) {
			if c.Numeric() {
				names = append(names, c.Name)
			}
		}
		s, err := oneOf(names...)(n)
		if err != nil {
			return "", fmt.Errorf("no numeric %s %s%s", what, kindName(n), nearest(n.Value, names))
		}
		return s, nil
	}
}

// alongWith lists the columns that change together with an axis.
func alongWith(over string) []string {
	out := []string{over}
	switch over {
	case "width", "layers":
		out = append(out, "widths")
	case "bits", "K":
		out = append(out, "bits", "K", "levels")
	}
	return out
}

func (c *powerLaw) check(d *decoder, n *yaml.Node, key string, p *Plan) {
	values := map[float64]bool{}
	for _, cell := range p.Cells {
		for _, v := range p.Variants {
			id := identity(cell, v)
			if c.Where.Match(&id) {
				col, _ := results.Lookup(id, c.Over)
				x, _ := col.Number(&id)
				values[x] = true
				if !(x > 0) || math.IsInf(x, 0) {
					d.fail(child(n, "over"), join(key, "over"), "%s is %s in this config: a power law needs positive, finite values", c.Over, col.Text(&id))
					return
				}
			}
		}
	}
	if len(values) < 2 && c.Over != "trial" {
		d.fail(child(n, "over"), join(key, "over"), "%s has one value among the records it is about: a power law needs at least two%s", c.Over, leaveOut)
	}
}

func (c *powerLaw) judge(m *Measured) []results.Claim {
	metric, _ := results.Lookup(results.Record{}, c.Metric)
	over, _ := results.Lookup(results.Record{}, c.Over)
	number := func(col results.Column) func(*results.Record) float64 {
		return func(r *results.Record) float64 {
			v, _ := col.Number(r)
			return v
		}
	}
	var out []results.Claim
	for _, s := range split(matching(m.Records, c.Where, recordIdentity), recordIdentity, alongWith(c.Over)...) {
		r := c.result(fmt.Sprintf("%s ∝ %s^a, %s", c.Metric, c.Over, c.about(s.label)))
		r.Metric, r.Over, r.Quantity = c.Metric, c.Over, "a"
		r.Demanded = fmt.Sprintf("%s ≤ a ≤ %s", short(c.Exponent[0]), short(c.Exponent[1]))
		fit, err := stat.PowerLaw(levels(s.records, m.Plan.Config.Trials, number(over),
			func(r *results.Record) int { return r.Trial }, number(metric)), c.Confidence, 0)
		if err != nil {
			r.Notes = append(r.Notes, err.Error())
		} else {
			estimate(&r, fit.Exponent, c.Exponent[0], c.Exponent[1])
			r.Trials, r.Constant = fit.Exponent.N, results.Num(fit.Prefactor.Value)
		}
		out = append(out, r)
	}
	return out
}

// short formats a number for reading.
func short(v float64) string { return fmt.Sprintf("%.4g", v) }
