// coverage.go counts what a folder holds of its plan.

package experiments

import "spfq/results"

// Coverage counts for each cell of the plan, in its order, the trials that it
// asks for and those of which every record and search is there. One that failed
// counts: its records say why.
func (m *Measured) Coverage() []results.Coverage {
	held := m.Plan.survey(m.Records, m.Searches)
	cells := make([]results.Coverage, len(m.Plan.Cells))
	for c := range cells {
		id := &m.Plan.grid.cellIDs[c]
		cells[c] = results.Coverage{Identity: taskKey(id), Planned: m.Plan.Config.Trials}
		cells[c].Noise = id.Noise // which a key has otherwise where there is none
		if held.rows[c] == nil {
			continue
		}
		for t := range m.Plan.Config.Trials {
			whole := true
			for slot := range m.Plan.Cells[c].slots() {
				s := held.at(Task{c, t}, slot).state
				whole = whole && (s == stateDone || s == stateFailed)
			}
			if whole {
				cells[c].Done++
			}
		}
	}
	return cells
}
