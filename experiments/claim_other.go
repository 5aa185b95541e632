// claim_other.go judges the contraction of alignments, the tails of errors and
// the cost of a method.

package experiments

import (
	"fmt"
	"math"
	"slices"

	"go.yaml.in/yaml/v3"

	"spfq/quant"
	"spfq/results"
	"spfq/results/stat"
	"spfq/sim"
)

// contraction claims T2: in a layer, more passes of an alignment of order r
// never leave more residual, and each pass shrinks it by a factor in a range.
// It looks at layer 2, the first whose X̃ differs from X: up to there all
// orders make the same codes, so X̃ is the same for all.
type contraction struct {
	ClaimBase `yaml:",inline"`
	Factor    [2]float64 `yaml:"factor,flow"`
}

func (c *contraction) fields(d *decoder) []field {
	return []field{rangeOf(d, "factor", &c.Factor).doc("range of the factor by which a pass shrinks the residual")}
}

func (c *contraction) check(d *decoder, n *yaml.Node, key string, p *Plan) {
	passes := map[int]bool{}
	ok := p.each(c.Where, func(id *results.Identity, v Variant) bool {
		switch {
		case id.Layers < 2:
			d.fail(n, join(key, "where"), "the claim looks at layer 2, and networks of one layer are among the records")
		case v.Variant.Method.Align.Kind != quant.AlignOrder:
			d.fail(n, join(key, "where"), "the claim is about alignments order-R, and %s is among the records", v.Variant.Method.Align)
		case v.ActivationBits > 0:
			d.fail(n, join(key, "where"), "the claim needs activations that are not rounded")
		default:
			passes[v.Variant.Method.Align.Passes] = true
			return true
		}
		return false
	})
	if ok && len(passes) < 2 {
		d.fail(n, join(key, "where"), "the claim compares at least two orders, and one is among the records")
	}
}

func (c *contraction) judge(m *Measured) []results.Claim {
	var out []results.Claim
	for _, s := range split(matching(m.Records, c.Where, recordIdentity), recordIdentity, m.Plan.along("align", "width")...) {
		r := c.result("residual of layer 2 from pass to pass of the alignment, " + c.about(s.label))
		r.Quantity, r.Demanded = "factor a pass", demand("factor", c.Factor)+", and no pass adds"
		var cells []cellEstimate
		added, pairs, missing := 0, 0, 0
		for _, cell := range split(s.records, recordIdentity, "align") {
			var factors []float64
			byTrial := map[int][]*results.Record{}
			for i := range cell.records {
				if rec := &cell.records[i]; rec.Error == "" {
					byTrial[rec.Trial] = append(byTrial[rec.Trial], rec)
				}
			}
			for t := range m.Plan.Config.Trials {
				rs := byTrial[t]
				slices.SortFunc(rs, func(a, b *results.Record) int { return passesOf(a) - passesOf(b) })
				for i := 1; i < len(rs); i++ {
					pairs++
					// Rounding errors of the residual, a difference of sums of N products.
					if float64(rs[i].PerLayer[1].AlignResidual) > float64(rs[i-1].PerLayer[1].AlignResidual)*(1+1e-9)+1e-13 {
						added++
					}
				}
				if len(rs) > 1 {
					first, last := rs[0], rs[len(rs)-1]
					f := float64(last.PerLayer[1].AlignResidual) / float64(first.PerLayer[1].AlignResidual)
					factors = append(factors, math.Pow(f, 1/float64(passesOf(last)-passesOf(first))))
				}
			}
			e, err := stat.GeoMean(factors, c.Confidence)
			if err != nil {
				r.Notes = append(r.Notes, prefixed(cell.label, err.Error()))
				missing++
				continue
			}
			cells = append(cells, cellEstimate{cell.label, e})
		}
		judgeCells(&r, cells, c.Factor[0], c.Factor[1])
		if missing > 0 {
			unsupport(&r)
		}
		r.Notes = append(r.Notes, fmt.Sprintf("%d of %d further passes left more residual", added, pairs))
		if added > 0 { // T2 is no matter of probability
			r.Verdict, r.PRefuted = results.Refuted, 0
		}
		out = append(out, r)
	}
	return out
}

func passesOf(r *results.Record) int {
	a, err := quant.ParseAlign(r.Align)
	if err != nil {
		panic("experiments: " + err.Error())
	}
	return a.Passes
}

// tailClaim claims that the errors of the neurons have a tail no heavier than
// theory allows, at all of sim.TailThresholds at once.
type tailClaim struct {
	ClaimBase `yaml:",inline"`
	Reference string `yaml:"reference"`
}

// tailReferences give P(|z| > x) of errors z in units of the sub-Gaussian proxy:
// the bound of T1″, and the normal law of the variance that uniform fractions
// have, 2/3 of the proxy's (T8).
var tailReferences = map[string]func(x float64) float64{
	"subgaussian": func(x float64) float64 { return math.Min(1, 2*math.Exp(-x*x/2)) },
	"gaussian":    func(x float64) float64 { return math.Erfc(x / math.Sqrt(2*2./3)) },
}

func (c *tailClaim) fields(d *decoder) []field {
	return []field{scalar(d, "reference", &c.Reference, oneOf("gaussian", "subgaussian")).must().doc("subgaussian: not above 2·exp(−x²/2); gaussian: equal to that of the variance that uniform fractions have")}
}

func (c *tailClaim) certifies() string { return "certificate" }

func (c *tailClaim) check(d *decoder, n *yaml.Node, key string, p *Plan) {
	checkTheorem(d, n, key, p, "certificate", c.Where)
	p.each(c.Where, func(id *results.Identity, v Variant) bool {
		kind := v.Variant.Method.Align.Kind
		if id.Layers > 1 && kind != quant.AlignExact && kind != quant.AlignLeastMax {
			d.fail(n, join(key, "where"), "the claim needs exact alignments, or networks of one layer")
			return false
		}
		return true
	})
}

func (c *tailClaim) judge(m *Measured) []results.Claim {
	reference := tailReferences[c.Reference]
	var out []results.Claim
	for _, s := range split(matching(m.Records, c.Where, recordIdentity), recordIdentity, m.Plan.along(sweepAxes...)...) {
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
		// A sample for each neuron, between the thresholds that it lies between.
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

// cost claims that operations, or seconds, grow with the number of weights as a
// power whose exponent lies in a range.
type cost struct {
	ClaimBase `yaml:",inline"`
	Metric    string     `yaml:"metric"`
	Exponent  [2]float64 `yaml:"exponent,flow"`
}

func (c *cost) fields(d *decoder) []field {
	return []field{
		scalar(d, "metric", &c.Metric, oneOf("operations", "seconds")).doc("what it costs"),
		rangeOf(d, "exponent", &c.Exponent).doc("range of the power of the number of weights"),
	}
}

func (c *cost) check(d *decoder, n *yaml.Node, key string, p *Plan) {
	checkAxis(d, n, key, p, c.Where, "width")
}

func (c *cost) judge(m *Measured) []results.Claim {
	var out []results.Claim
	for _, s := range split(matching(m.Records, c.Where, recordIdentity), recordIdentity, m.Plan.along("width")...) {
		r := c.result(fmt.Sprintf("%s ∝ weights^a, %s", c.Metric, c.about(s.label)))
		r.Metric, r.Over, r.Quantity, r.Demanded = c.Metric, "weight_count", "a", demand("a", c.Exponent)
		fitPower(&r, s.records, m.Plan.Config.Trials, "weight_count", c.Metric, c.Exponent, c.Confidence, 0)
		out = append(out, r)
	}
	return out
}
