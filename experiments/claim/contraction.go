// contraction.go judges the contraction of alignments of order r.

package claim

import (
	"fmt"
	"math"
	"slices"

	"spfq/experiments/grid"
	"spfq/quant"
	"spfq/results"
	"spfq/results/stat"
)

// contraction claims T2: in a layer, more passes of an alignment of order r
// never leave a larger residual, and each pass shrinks it by a factor in a range.
// It looks at layer 2, the first whose X̃ differs from X. In layer 1 all orders give the
// same codes, so that X̃ of layer 2 is the same for all of them.
type contraction struct {
	Base
	Factor Range
}

func (c *contraction) keys() []Key {
	return []Key{rangeOf("factor", &c.Factor, "range of the factor by which a pass shrinks the residual")}
}

func (c *contraction) check(g *grid.Grid, report Report) {
	passes := map[int]bool{}
	ok := g.Each(c.Where, func(id *results.Identity) bool {
		switch {
		case id.Layers < 2:
			report("where", "the claim looks at layer 2, and networks of one layer are among the records")
		case alignOf(id).Kind != quant.AlignOrder:
			report("where", "the claim is about alignments order-R, and %s is among the records", id.Align)
		case !math.IsInf(float64(id.ActivationBits), 1):
			report("where", "the claim needs activations that are not rounded")
		default:
			passes[alignOf(id).Passes] = true
			return true
		}
		return false
	})
	if ok && len(passes) < 2 {
		report("where", "the claim compares at least two orders, and one is among the records")
	}
}

func (c *contraction) judge(d *Data) []results.Claim {
	var out []results.Claim
	for _, s := range d.records(c.Where, "align", "width") {
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
			for t := range d.Trials {
				rs := byTrial[t]
				slices.SortFunc(rs, func(a, b *results.Record) int { return passesOf(a) - passesOf(b) })
				for i := 1; i < len(rs); i++ {
					pairs++
					// 1e-9 and 1e-13 allow for the rounding errors of the residual, which is
					// a difference of sums of N products.
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
		judgeCells(&r, cells, c.Factor.Lo, c.Factor.Hi)
		if missing > 0 {
			unsupport(&r)
		}
		r.Notes = append(r.Notes, fmt.Sprintf("%d of %d further passes left more residual", added, pairs))
		if added > 0 { // T2 holds for certain, so a single exception refutes it
			r.Verdict, r.PRefuted = results.Refuted, 0
		}
		out = append(out, r)
	}
	return out
}

// passesOf returns the order r of the record's alignment.
func passesOf(r *results.Record) int { return alignOf(&r.Identity).Passes }
