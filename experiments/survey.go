// survey.go finds out what a folder holds of a plan, and so what is left to run.

package experiments

import (
	"fmt"
	"slices"

	"spfq/results"
)

// state is what a folder holds of a variant, or of a search, on a trial.
type state byte

const (
	stateNew     state = iota // nothing
	stateDone                 // what was asked for
	stateChanged              // a record that is not what is asked for: one without a certificate, or of other versions
	stateFailed               // a record that says why it failed
)

// Rerun says which of the trials that a folder holds are run again.
type Rerun string

const (
	RerunFailed Rerun = "failed" // those that failed; the default
	RerunNone   Rerun = "none"
	RerunAll    Rerun = "all"
)

// runs reports whether a row of this state is run.
func (r Rerun) runs(s state) bool {
	switch s {
	case stateDone:
		return r == RerunAll
	case stateFailed:
		return r != RerunNone
	}
	return true
}

// row is the state of one variant or search on one trial, and the number of the
// line that holds it.
type row struct {
	state state
	line  int32
}

// survey is what a folder holds of a plan. A slot of a cell is one of its
// variants or, numbered on from those, of its searches.
type survey struct {
	plan *Plan
	rows [][][]row // by cell, slot and trial; nil where there is nothing of the cell or slot
	// Lines that are worth keeping: those of the plan, the last of each row, and
	// all that are of other cells, variants, seeds or trials.
	records, searches []bool
	others            int    // of those, of other cells and so on
	foreign           string // FILE:LINE of the first whose key no session of this plan gives it; "" if there is none
}

// survey sorts lines of a folder, in their order, into the rows of the plan.
func (p *Plan) survey(records []results.Record, searches []results.Search) *survey {
	s := &survey{plan: p, rows: make([][][]row, len(p.Cells)),
		records: make([]bool, len(records)), searches: make([]bool, len(searches))}
	find := p.finder()
	for i := range records {
		r := &records[i]
		at, ok := find.record(&r.Identity)
		if !ok {
			s.records[i] = true
			s.others++
			continue
		}
		cell := &p.Cells[at.Cell]
		v := cell.variants[at.slot]
		st := stateChanged
		switch {
		case r.Key == p.recordKey(at.Task, v, true), r.Key == p.recordKey(at.Task, v, false) && !cell.Variants[at.slot].Certify:
			// A certified record has all that an uncertified one has.
			if st = stateDone; r.Error != "" {
				st = stateFailed
			} else if len(r.PerLayer) != r.Layers || r.RelSqError.IsMissing() {
				continue // half a record
			}
		case r.Key != p.recordKey(at.Task, v, false):
			s.noteForeign(results.RecordsFile, i)
		}
		s.note(s.records, at, st, i)
	}
	for i := range searches {
		r := &searches[i]
		at, ok := find.search(r)
		if !ok {
			s.searches[i] = true
			s.others++
			continue
		}
		st := stateChanged
		if r.Key == p.searchKey(at.Task, p.Cells[at.Cell].searches[at.slot-len(p.Cells[at.Cell].variants)]) {
			if st = stateDone; r.Error != "" {
				st = stateFailed
			} else if r.NeededK.IsMissing() || r.NeededK < 1 {
				continue // half a search
			}
		} else {
			s.noteForeign(results.SearchesFile, i)
		}
		s.note(s.searches, at, st, i)
	}
	return s
}

// noteForeign notes where a line has a key that is not its own.
func (s *survey) noteForeign(file string, line int) {
	if s.foreign == "" {
		s.foreign = fmt.Sprintf("%s:%d", file, line+1)
	}
}

// note enters a line. The last line of a row counts, but none that is changed
// takes the place of one that is not.
func (s *survey) note(keep []bool, at place, st state, line int) {
	cell, trials := &s.plan.Cells[at.Cell], s.plan.Config.Trials
	if s.rows[at.Cell] == nil {
		s.rows[at.Cell] = make([][]row, cell.slots())
	}
	rows := &s.rows[at.Cell][at.slot]
	if *rows == nil {
		*rows = make([]row, trials)
	}
	have := &(*rows)[at.Trial]
	if st == stateChanged && (have.state == stateDone || have.state == stateFailed) {
		return
	}
	if have.state != stateNew {
		keep[have.line] = false
	}
	*have = row{st, int32(line)}
	keep[line] = true
}

// slots is the number of variants and searches of a cell.
func (c *Cell) slots() int { return len(c.Variants) + len(c.Searches) }

// at returns the row of a slot on a task.
func (s *survey) at(t Task, slot int) row {
	if cell := s.rows[t.Cell]; cell != nil && cell[slot] != nil {
		return cell[slot][t.Trial]
	}
	return row{}
}

// work is what is to be run of a task: some of the variants and searches of its
// cell, by number there.
type work struct {
	Task
	variants, searches []int
}

func (w work) empty() bool { return len(w.variants)+len(w.searches) == 0 }

func (w work) cost(p *Plan) float64 { return p.Cells[w.Cell].cost(w.variants, w.searches) }

// work returns what is to be run of a task.
func (s *survey) work(t Task, rerun Rerun) work {
	w := work{Task: t}
	cell := &s.plan.Cells[t.Cell]
	for slot := range cell.slots() {
		switch {
		case !rerun.runs(s.at(t, slot).state):
		case slot < len(cell.Variants):
			w.variants = append(w.variants, slot)
		default:
			w.searches = append(w.searches, slot-len(cell.Variants))
		}
	}
	return w
}

// cellWork is what is to be run of a cell.
type cellWork struct {
	cell  int
	tasks int     // to run
	most  float64 // cost of the dearest task
	total float64 // cost of all
}

// works sums up, for each cell, what is to be run of it.
func (s *survey) works(rerun Rerun) []cellWork {
	out := make([]cellWork, len(s.plan.Cells))
	for c := range out {
		w := cellWork{cell: c}
		if s.rows[c] == nil { // all trials are alike
			w.tasks, w.most = s.plan.Config.Trials, s.work(Task{c, 0}, rerun).cost(s.plan)
			w.total = w.most * float64(w.tasks)
		} else {
			for t := range s.plan.Config.Trials {
				if one := s.work(Task{c, t}, rerun); !one.empty() {
					cost := one.cost(s.plan)
					w.tasks, w.most, w.total = w.tasks+1, max(w.most, cost), w.total+cost
				}
			}
		}
		out[c] = w
	}
	return out
}

// superseded reports whether there are lines that are not worth keeping.
func (s *survey) superseded() bool {
	return slices.Contains(s.records, false) || slices.Contains(s.searches, false)
}

// measured returns the rows that are done or failed, in the order of the plan:
// cell, variant, trial.
func (s *survey) measured(records []results.Record, searches []results.Search) *Measured {
	m := &Measured{Plan: s.plan, Records: make([]results.Record, 0, len(records)), Searches: make([]results.Search, 0, len(searches))}
	for c, slots := range s.rows {
		for slot, rows := range slots {
			for _, r := range rows {
				switch {
				case r.state != stateDone && r.state != stateFailed:
				case slot < len(s.plan.Cells[c].Variants):
					m.Records = append(m.Records, records[r.line])
				default:
					m.Searches = append(m.Searches, searches[r.line])
				}
			}
		}
	}
	return m
}

// place is a slot on a task.
type place struct {
	Task
	slot int
}

// finder finds the places of records.
type finder struct {
	plan     *Plan
	cells    map[results.Identity]int
	variants map[results.Identity]int
	searches map[searchIdentityKey]int
}

type searchIdentityKey struct {
	results.Identity
	factor results.Num
}

func (p *Plan) finder() *finder {
	f := &finder{p, make(map[results.Identity]int, len(p.Cells)), make(map[results.Identity]int, len(p.Variants)), map[searchIdentityKey]int{}}
	for c := range p.grid.cellIDs {
		f.cells[taskKey(&p.grid.cellIDs[c])] = c
	}
	for v := range p.grid.variantIDs {
		f.variants[variantKey(&p.grid.variantIDs[v])] = v
	}
	for i, s := range p.Searches {
		var id partIdentity
		id.setVariant(s.Variant)
		f.searches[searchIdentityKey{variantKey((*results.Identity)(&id)), results.Num(s.Factor)}] = i
	}
	return f
}

// task finds the cell and trial of an identity.
func (f *finder) task(id *results.Identity) (Task, bool) {
	key := taskKey(id)
	key.Trial = 0
	c, ok := f.cells[key]
	return Task{c, id.Trial}, ok && id.Trial >= 0 && id.Trial < f.plan.Config.Trials
}

func (f *finder) record(id *results.Identity) (place, bool) {
	t, ok := f.task(id)
	v, known := f.variants[variantKey(id)]
	if !ok || !known {
		return place{}, false
	}
	slot, ok := slices.BinarySearch(f.plan.Cells[t.Cell].variants, v)
	return place{t, slot}, ok
}

func (f *finder) search(r *results.Search) (place, bool) {
	t, ok := f.task(&r.Identity)
	s, known := f.searches[searchIdentityKey{variantKey(&r.Identity), r.Factor}]
	if !ok || !known {
		return place{}, false
	}
	cell := &f.plan.Cells[t.Cell]
	slot, ok := slices.BinarySearch(cell.searches, s)
	return place{t, len(cell.Variants) + slot}, ok
}

// taskKey is the part of an identity that tells tasks apart.
func taskKey(id *results.Identity) results.Identity {
	key := results.Identity{
		Width: id.Width, Widths: id.Widths, Layers: id.Layers, Weights: id.Weights, Biases: id.Biases,
		Activation: id.Activation, Source: id.Source, Dimension: id.Dimension, Noise: id.Noise,
		Samples: id.Samples, TestSamples: id.TestSamples, Trial: id.Trial, Seed: id.Seed,
	}
	if key.Noise.IsMissing() {
		key.Noise = -1 // NaN is no key: it differs from itself
	}
	return key
}

// variantKey is the part of an identity that tells variants apart.
func variantKey(id *results.Identity) results.Identity {
	key := results.Identity{
		Method: id.Method, Align: id.Align, Feedback: id.Feedback, Rounding: id.Rounding, Order: id.Order,
		Step: id.Step, C: id.C, Quantile: id.Quantile, Bits: id.Bits, Levels: id.Levels, K: id.K, ActivationBits: id.ActivationBits,
	}
	for _, n := range []*results.Num{&key.Step, &key.C, &key.Quantile} {
		if n.IsMissing() {
			*n = -1
		}
	}
	return key
}
