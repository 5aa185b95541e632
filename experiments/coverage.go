// coverage.go counts what a folder holds of its plan.

package experiments

import (
	"fmt"

	"spfq/results"
)

// Coverage counts for each cell of the plan, in its order, the trials that it
// asks for and those of which every record and search is there. One that failed
// counts: its records say why.
func (m *Measured) Coverage() []results.Coverage {
	have := map[string]bool{}
	for _, r := range m.Records {
		have[fmt.Sprint(r.Identity)] = true // as text: a missing Num is a NaN, which is no key
	}
	for _, s := range m.Searches {
		have[fmt.Sprint(s.Identity, s.Factor)] = true
	}
	whole := func(t Task) bool {
		in := m.Plan.Instance(t)
		for _, v := range m.Plan.Variants {
			if !have[fmt.Sprint(identity(in, v))] {
				return false
			}
		}
		for _, s := range m.Plan.Searches {
			if !have[fmt.Sprint(identity(in, s.Variant), results.Num(s.Factor))] {
				return false
			}
		}
		return true
	}

	cells := make([]results.Coverage, len(m.Plan.Cells))
	for _, t := range m.Plan.Tasks() {
		c := &cells[t.Cell]
		if c.Planned == 0 {
			id := identity(m.Plan.Cells[t.Cell], m.Plan.Variants[0])
			c.Identity = taskKey(&id)
			c.Noise = id.Noise // which a key has otherwise where there is none
		}
		c.Planned++
		if whole(t) {
			c.Done++
		}
	}
	return cells
}
