// cost.go estimates the operations of what is to be run. They decide which tasks are run
// first, and measure how far a run has come.

package plan

import (
	"spfq/sim"
)

// evaluations is about the number of networks that a search quantizes.
const evaluations = 5

// Cost estimates the work of a search on an instance.
func (s Search) Cost(in sim.Instance) float64 { return evaluations * sim.Cost(in, s.Sim) }

// Cost estimates the work of a variant on an instance.
func (v Variant) Cost(in sim.Instance) float64 { return sim.Cost(in, v.Sim) }

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
		sum += sim.DrawCost(s.Instance)
	}
	return sum
}
