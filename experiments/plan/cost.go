// cost.go estimates what is to be run, in operations: what decides which tasks go
// first and how far a run is.

package plan

import (
	"spfq/quant"
	"spfq/sim"
)

// evaluations is how many networks a search quantizes, about.
const evaluations = 5

// Cost estimates the work of a search on an instance.
func (s Search) Cost(in sim.Instance) float64 { return evaluations * variantCost(in, s.Sim) }

// Cost estimates the work of a variant on an instance.
func (v Variant) Cost(in sim.Instance) float64 { return variantCost(in, v.Sim) }

// Cost estimates the work of running some of the variants and searches of a
// setting, by number, on one instance.
func (s *Setting) Cost(variants, searches []int) float64 {
	if len(variants)+len(searches) == 0 {
		return 0
	}
	sum := 0.0
	for _, v := range variants {
		sum += s.Variants[v].Cost(s.Instance)
	}
	for _, n := range searches {
		sum += s.Searches[n].Cost(s.Instance)
	}
	if len(variants) > 0 {
		sum += DrawCost(s.Instance)
	}
	return sum
}

// variantCost estimates the work of a variant on an instance, in operations.
func variantCost(in sim.Instance, v sim.Variant) float64 {
	m := float64(in.Samples)
	// Two forward products and the held-out one, then the method's own.
	ops := 4*m + 2*float64(in.Data.Test) + 100
	perInput := 0.0
	if v.Method.Feedback {
		ops += 4 * m
	}
	switch v.Method.Align.Kind {
	case quant.AlignExact:
		ops += 4 * m
		perInput += 4 * m * m
	case quant.AlignOrder:
		ops += 4 * m * float64(v.Method.Align.Passes)
	case quant.AlignLeastMax:
		ops += 300 * 4 * m // about 300 iterations
		perInput += 4 * m * m
	}
	if v.Certify {
		ops += 2*m + 50
		perInput += 16 * m * m
	}
	cost := ops * float64(in.WeightCount())
	for _, n := range in.Widths[:in.Layers()] {
		cost += perInput * float64(n)
	}
	return cost
}

// DrawCost estimates the work that all variants of an instance share.
func DrawCost(in sim.Instance) float64 {
	return (50 + 2*float64(in.Samples+in.Data.Test)) * float64(in.WeightCount())
}
