// tail.go judges the tails of the distribution of errors.

package claim

import (
	"fmt"
	"math"

	"spfq/experiments/grid"
	"spfq/internal/domain"
	"spfq/quant"
	"spfq/results"
	"spfq/results/stat"
	"spfq/sim"
)

// tailClaim claims that the errors of the neurons have a tail no heavier than
// theory allows, at all of sim.TailThresholds at once.
type tailClaim struct {
	Base
	Reference string
}

// tailReferences give P(|z| > x) for errors z in units of the sub-Gaussian proxy.
// subgaussian is the bound of T1″. gaussian is the normal law with the variance that
// errors have if the rounded fractions are uniform, 2/3 of the proxy's (T8).
var tailReferences = map[string]func(x float64) float64{
	"subgaussian": func(x float64) float64 { return math.Min(1, 2*math.Exp(-x*x/2)) },
	"gaussian":    func(x float64) float64 { return math.Erfc(x / math.Sqrt(2*2./3)) },
}

func (c *tailClaim) keys() []Key {
	return []Key{scalar("reference", &c.Reference, domain.OneOf("gaussian", "subgaussian"), "subgaussian: not above 2·exp(−x²/2); gaussian: equal to that of the variance that uniform fractions have").must()}
}

func (c *tailClaim) needs() Need { return c.certify("certificate") }

func (c *tailClaim) check(g *grid.Grid, report Report) {
	checkTheorem(g, "certificate", c.Where, report)
	g.Each(c.Where, func(id *results.Identity) bool {
		kind := alignOf(id).Kind
		if id.Layers > 1 && kind != quant.AlignExact && kind != quant.AlignLeastMax {
			report("where", "the claim needs exact alignments, or networks of one layer")
			return false
		}
		return true
	})
}

func (c *tailClaim) judge(d *Data) []results.Claim {
	reference := tailReferences[c.Reference]
	var out []results.Claim
	for _, s := range d.records(c.Where, sweepAxes...) {
		r := c.result(fmt.Sprintf("tail of the neurons' errors against the %s one, %s", c.Reference, c.about(s.label)))
		r.Quantity, r.Demanded = "largest tail/reference", "band within the reference at every threshold"
		if c.Reference == "subgaussian" {
			r.Demanded = "band not above the reference at any threshold"
		}
		counts, total := make([]int64, len(sim.TailThresholds)), int64(0)
		for i := range s.records {
			rec := &s.records[i]
			if rec.Error == "" && rec.PerLayer[len(rec.PerLayer)-1].Saturated == 0 && len(rec.Tail) == len(counts) {
				for k, v := range rec.Tail {
					counts[k] += v
				}
				total += int64(rec.PerLayer[len(rec.PerLayer)-1].Neurons)
				r.Trials++
			}
		}
		// stat.TailBand takes one sample for each neuron. The records have only counts, so
		// each sample is placed between the two thresholds between which it was counted.
		var samples []float64
		for k := range counts {
			beyond := total
			if k > 0 {
				beyond = counts[k-1]
			}
			for range beyond - counts[k] {
				samples = append(samples, sim.TailThresholds[k]-0.1)
			}
		}
		for range counts[len(counts)-1] {
			samples = append(samples, sim.TailThresholds[len(counts)-1]+0.1)
		}
		band, err := stat.TailBand(samples, sim.TailThresholds, c.Confidence)
		if err != nil || total == 0 {
			r.Notes = append(r.Notes, "no neuron to count")
			out = append(out, r)
			continue
		}
		r.Verdict = results.Supported
		worst := -1.0
		for _, t := range band {
			want := reference(t.X)
			if t.Prob.Interval.Lo > want || c.Reference == "gaussian" && t.Prob.Interval.Hi < want {
				r.Verdict = results.Refuted
			}
			if f := t.Prob.Value / want; f > worst {
				worst = f
				r.Estimate, r.Lo, r.Hi = results.Num(f), results.Num(t.Prob.Interval.Lo/want), results.Num(t.Prob.Interval.Hi/want)
			}
			r.Notes = append(r.Notes, fmt.Sprintf("beyond %v: %s [%s, %s], reference %s", t.X,
				short(t.Prob.Value), short(t.Prob.Interval.Lo), short(t.Prob.Interval.Hi), short(want)))
		}
		r.Notes = append(r.Notes, fmt.Sprintf("%d neurons", total))
		out = append(out, r)
	}
	return out
}
