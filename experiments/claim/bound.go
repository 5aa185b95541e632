// bound.go judges bounds: whether measured errors stay below the right-hand side of a
// theorem as often as it says.

package claim

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"spfq/experiments/grid"
	"spfq/internal/domain"
	"spfq/quant"
	"spfq/results"
	"spfq/results/stat"
	"spfq/sim"
)

// boundClaim claims that a theorem's bound holds with probability at least
// Confidence in each trial.
type boundClaim struct {
	Base
	Theorem string
}

// testLevel is the confidence with which a bound must be found violated too often for the
// claim to be refuted. It is close to 1, since CI judges many such claims.
const testLevel = 0.999

func (c *boundClaim) keys() []Key {
	return []Key{scalar("theorem", &c.Theorem, domain.OneOf(theoremNames()...), "the theorem whose bound it is").must()}
}

func (c *boundClaim) check(g *grid.Grid, report Report) {
	checkTheorem(g, c.Theorem, c.Where, report)
}

func (c *boundClaim) needs() Need { return c.certify(c.Theorem) }

// checkTheorem reports a cell to which a theorem does not apply.
func checkTheorem(g *grid.Grid, name string, where results.Where, report Report) {
	th := theorems[name]
	g.Each(where, func(id *results.Identity) bool {
		kind := alignOf(id).Kind
		switch {
		case !id.Feedback || id.Rounding != string(quant.Stochastic):
			report("where", "theorem %s is about stochastic path following, and %s with %s rounding is among the records", name, id.Method, id.Rounding)
		case th.exact && kind != quant.AlignExact && kind != quant.AlignLeastMax:
			report("where", "theorem %s needs an exact alignment, and %s is among the records", name, id.Align)
		case th.exact && !math.IsInf(float64(id.ActivationBits), 1):
			report("where", "theorem %s needs activations that are not rounded, and %s activation bits are among the records", name, id.ActivationBits)
		case th.orderR && kind != quant.AlignOrder:
			report("where", "theorem %s is about alignments order-R, and %s is among the records", name, id.Align)
		case th.gaussian && (id.Weights != "gaussian" || id.Biases || id.Activation != string(sim.ReLU) || !id.Step.IsSet()):
			report("where", "theorem %s is about Gaussian weights without biases, ReLU and given steps", name)
		case th.certify && id.Order == string(quant.ByWeight):
			report("where", "theorem %s needs an order of the columns that all neurons share, and the order weight is among the records", name)
		default:
			return true
		}
		return false
	})
}

// certify returns what a claim about a theorem needs measured.
func (b *Base) certify(theorem string) Need {
	return Need{Where: b.Where, Certify: theorems[theorem].certify}
}

// alignOf returns the alignment of a variant.
func alignOf(id *results.Identity) quant.Align {
	a, err := quant.ParseAlign(id.Align)
	if err != nil {
		panic("claim: " + err.Error())
	}
	return a
}

// held is a record with the value that a theorem bounds and with its bound.
type held struct {
	record          *results.Record
	measured, bound float64
}

// hold compares records with the theorem's bound. Records that do not meet its assumptions
// are left out, and notes count them by reason.
func (t theorem) hold(records []results.Record, eta float64) (out []held, notes []string) {
	left := map[string]int{}
	for i := range records {
		r := &records[i]
		if r.Error != "" {
			left["the trial failed"]++
			continue
		}
		if why := t.violatesAssumption(r); why != "" {
			left[why]++
			continue
		}
		measured, limit, err := t.bound(r, eta)
		if err == nil && (math.IsNaN(measured) || math.IsNaN(limit)) {
			err = errNotMeasured
		}
		if err != nil {
			left[err.Error()]++
			continue
		}
		out = append(out, held{r, measured, limit})
	}
	for _, why := range slices.Sorted(maps.Keys(left)) {
		notes = append(notes, fmt.Sprintf("%d of %d records left out: %s", left[why], len(records), why))
	}
	return out, notes
}

// eta returns the failure probability 1 − confidence, rounded so that 0.99 gives 0.01 and
// not 0.010000000000000009.
func eta(confidence float64) float64 { return math.Round((1-confidence)*1e12) / 1e12 }

func (c *boundClaim) judge(d *Data) []results.Claim {
	th, eta := theorems[c.Theorem], eta(c.Confidence)
	var out []results.Claim
	for _, s := range d.records(c.Where, sweepAxes...) {
		r := c.result(fmt.Sprintf("%s, holds with probability ≥ %v: %s", th.about, c.Confidence, c.about(s.label)))
		r.Theorem, r.Over, r.Quantity = c.Theorem, "width", "share of trials beyond the bound"
		violations, largest := 0, 0.0
		all, notes := th.hold(s.records, eta)
		for _, h := range all {
			violated := h.measured > h.bound
			if violated {
				violations++
			}
			if h.bound > 0 {
				largest = math.Max(largest, h.measured/h.bound)
			}
			r.Bounds = append(r.Bounds, results.Bound{Identity: h.record.Identity,
				Measured: results.Num(h.measured), Bound: results.Num(h.bound), Violated: violated})
		}
		r.Trials, r.Notes = len(all), notes
		rate, err := stat.Exceedance(violations, len(all), eta, testLevel)
		if err != nil {
			r.Notes = append(r.Notes, err.Error())
		} else {
			r.Estimate, r.Lo, r.Hi = results.Num(rate.Rate.Value), results.Num(rate.Rate.Interval.Lo), results.Num(rate.Rate.Interval.Hi)
			r.Confidence, r.DemandLo, r.DemandHi = testLevel, 0, results.Num(eta)
			r.Demanded = fmt.Sprintf("rate ≤ %s: at most %d of %d trials", short(eta), rate.Allowed, len(all))
			r.Verdict, r.PRefuted = rate.Verdict.String(), results.Num(rate.PValue)
			r.Notes = append(r.Notes, fmt.Sprintf("%d of %d beyond the bound; largest measured/bound %s", violations, len(all), short(largest)))
			r.Notes = append(r.Notes, rate.Rate.Warnings...)
		}
		out = append(out, r)
	}
	return out
}
