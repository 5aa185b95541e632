// coverage.go counts the trials of a plan that a folder holds.

package plan

import "spfq/results"

// Coverage counts for each setting of the plan, in its order, the trials that the plan
// asks for, and those of which every record and search is there. A trial that failed
// counts as there, since its records say why.
func (s *Survey) Coverage() []results.Coverage {
	out := make([]results.Coverage, len(s.Plan.Settings))
	for i := range out {
		setting := &s.Plan.Settings[i]
		id := results.Blank()
		id.Setting, id.Seed = setting.Setting, s.Plan.Spec.Seed
		out[i] = results.Coverage{Identity: id, Planned: s.Plan.Spec.Trials}
		for t := range s.Seen(i) {
			whole := true
			for slot := range setting.Slots() {
				st := s.At(Task{i, t}, slot).State
				whole = whole && (st == StateDone || st == StateFailed)
			}
			if whole {
				out[i].Done++
			}
		}
	}
	return out
}
