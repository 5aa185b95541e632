// survey.go finds out which of a plan's records and searches a folder holds, and so what
// is left to run.

package plan

import (
	"slices"

	"spfq/results"
)

// State says what a folder holds of a row: a variant, or a search, on a trial.
type State byte

// The states.
const (
	StateNew     State = iota // nothing, or a record that lacks numbers
	StateDone                 // the record or search that the plan asks for
	StateChanged              // a record of this identity with another key: it lacks the certificate, or was changed
	StateFailed               // a record or search that says why it failed
)

// Rerun says which of the rows that a folder holds are run again.
type Rerun string

// The choices; RerunFailed is the default.
const (
	RerunFailed Rerun = "failed" // rows that failed
	RerunNone   Rerun = "none"   // none
	RerunAll    Rerun = "all"    // all
)

// Runs reports whether a row of this state is run. Rows that are new or changed always
// are.
func (r Rerun) Runs(s State) bool {
	switch s {
	case StateDone:
		return r == RerunAll
	case StateFailed:
		return r != RerunNone
	}
	return true
}

// Row is the state of one variant or search on one trial. Unless the state is StateNew,
// Line is the index of its record or search in results.Held.
type Row struct {
	State State
	Line  int32
}

// Survey says what a folder holds of a plan. The slots of a setting are its variants,
// numbered from 0, and then its searches.
type Survey struct {
	Plan *Plan
	Rows [][][]Row // by setting, slot and trial; nothing of later trials, nor of the setting or slot where it is nil

	// KeepRecords and KeepSearches say which records and searches of the folder are
	// worth keeping: all except those that lack numbers and those that another one of
	// the same identity supersedes. A certified record is superseded by a certified one
	// only, since another config may ask for the certificate.
	KeepRecords, KeepSearches []bool
	Others                    int    // records and searches in the folder that belong to no row of the plan
	Foreign                   string // FILE:LINE of the first record or search whose key does not belong to its identity; "" if there is none
	// Stray is the place of the first such line that belongs to no row of the plan: no
	// trial that is run again takes its place.
	Stray string
}

// Survey sorts what a folder holds into the rows of the plan. versions are the versions
// of the sessions whose manifests the folder lacks.
func (p *Plan) Survey(held *results.Held, versions results.Versions) *Survey {
	s := &Survey{Plan: p, Rows: make([][][]Row, len(p.Settings)),
		KeepRecords: make([]bool, len(held.Records)), KeepSearches: make([]bool, len(held.Searches))}
	of := func(session string) results.Versions {
		if m, ok := held.Sessions[session]; ok {
			return m.Versions
		}
		return versions
	}
	find := p.finder()
	records, searches := others{}, others{}
	for i := range held.Records {
		r := &held.Records[i]
		at, ok := find.record(&r.Identity)
		if !ok {
			s.Others += records.note(s.KeepRecords, otherRow{Identity: r.Identity, key: r.Key}, i)
			if !r.HasKey(of(r.Manifest)) {
				s.noteStray(held.RecordAt, i)
			}
			continue
		}
		setting := &p.Settings[at.Setting]
		keys := p.keyer(at.Task, p.keys.variants[setting.variants[at.slot]], of(r.Manifest))
		st := StateChanged
		switch {
		case r.Key == keys.Record(true), r.Key == keys.Record(false) && !setting.Variants[at.slot].Sim.Certify:
			// A certified record has all that an uncertified one has.
			if st = StateDone; r.Error != "" {
				st = StateFailed
			} else if !r.Whole() {
				continue // the record lacks numbers that a whole one has
			}
		case r.Key != keys.Record(false):
			s.noteForeign(held.RecordAt, i)
		}
		before := s.At(at.Task, at.slot)
		s.note(s.KeepRecords, at, st, i)
		if st == StateDone && before.State == StateDone && r.Key == keys.Record(false) && held.Records[before.Line].Key != r.Key {
			s.KeepRecords[before.Line] = true // it is certified
		}
	}
	for i := range held.Searches {
		r := &held.Searches[i]
		at, ok := find.search(r)
		if !ok {
			s.Others += searches.note(s.KeepSearches, otherRow{Identity: r.Identity, key: r.Key}, i)
			if !r.HasKey(of(r.Manifest)) {
				s.noteStray(held.SearchAt, i)
			}
			continue
		}
		setting := &p.Settings[at.Setting]
		keys := p.keyer(at.Task, p.keys.searches[setting.searches[at.slot-len(setting.Variants)]], of(r.Manifest))
		st := StateChanged
		if r.Key == keys.Search(r.Factor) {
			if st = StateDone; r.Error != "" {
				st = StateFailed
			} else if !r.Whole() {
				continue // the search lacks the number that a whole one has
			}
		} else {
			s.noteForeign(held.SearchAt, i)
		}
		s.note(s.KeepSearches, at, st, i)
	}
	return s
}

// otherRow identifies a record or a search that belongs to no row of the plan. The key
// tells certified records from others, and searches by their factors.
type otherRow struct {
	results.Identity
	key string
}

// others has, for each such row, the index of its last record or search.
type others map[otherRow]int

// note marks the record or search at index line as one to keep, and an earlier one of the
// same row as one not to keep. It returns 1 if the row is new, else 0.
func (o others) note(keep []bool, row otherRow, line int) (added int) {
	before, ok := o[row]
	if ok {
		keep[before] = false
	}
	o[row], keep[line] = line, true
	if ok {
		return 0
	}
	return 1
}

// noteStray notes where the i-th record or search stands, which belongs to no row of the
// plan and whose key does not belong to its identity.
func (s *Survey) noteStray(at func(i int) string, i int) {
	s.noteForeign(at, i)
	if s.Stray == "" {
		s.Stray = at(i)
	}
}

// noteForeign notes where the i-th record or search stands, whose key does not belong to
// its identity, unless another one was noted before.
func (s *Survey) noteForeign(at func(i int) string, i int) {
	if s.Foreign == "" {
		s.Foreign = at(i)
	}
}

// note enters the record or search at index line, with its state, into its row. If a row
// has several, the last one counts; but one that is changed does not take the place of one
// that is done or failed.
func (s *Survey) note(keep []bool, at place, st State, line int) {
	setting := &s.Plan.Settings[at.Setting]
	if s.Rows[at.Setting] == nil {
		s.Rows[at.Setting] = make([][]Row, setting.Slots())
	}
	rows := &s.Rows[at.Setting][at.slot]
	if more := at.Trial + 1 - len(*rows); more > 0 {
		*rows = append(*rows, make([]Row, more)...)
	}
	have := &(*rows)[at.Trial]
	if st == StateChanged && (have.State == StateDone || have.State == StateFailed) {
		return
	}
	if have.State != StateNew {
		keep[have.Line] = false
	}
	*have = Row{st, int32(line)}
	keep[line] = true
}

// Slots is the number of variants and searches of a setting.
func (s *Setting) Slots() int { return len(s.Variants) + len(s.Searches) }

// At returns the row of a slot of the task's setting on the task's trial.
func (s *Survey) At(t Task, slot int) Row {
	if setting := s.Rows[t.Setting]; setting != nil && t.Trial < len(setting[slot]) {
		return setting[slot][t.Trial]
	}
	return Row{}
}

// Seen returns the number of trials of a setting up to the last one of which there is a
// row. The trials after it are all new, and so alike.
func (s *Survey) Seen(setting int) int {
	most := 0
	for _, rows := range s.Rows[setting] {
		most = max(most, len(rows))
	}
	return most
}

// Work is what is to be run of a task: some of the variants and searches of its setting,
// by their numbers in the setting.
type Work struct {
	Task
	Variants, Searches []int
}

// Empty reports whether nothing is to be run.
func (w Work) Empty() bool { return len(w.Variants)+len(w.Searches) == 0 }

// Cost estimates the work, in operations.
func (w Work) Cost(p *Plan) float64 { return p.Settings[w.Setting].Cost(w.Variants, w.Searches) }

// Work returns what is to be run of a task.
func (s *Survey) Work(t Task, rerun Rerun) Work {
	w := Work{Task: t}
	setting := &s.Plan.Settings[t.Setting]
	for slot := range setting.Slots() {
		switch {
		case !rerun.Runs(s.At(t, slot).State):
		case slot < len(setting.Variants):
			w.Variants = append(w.Variants, slot)
		default:
			w.Searches = append(w.Searches, slot-len(setting.Variants))
		}
	}
	return w
}

// SettingWork is what is to be run of a setting.
type SettingWork struct {
	Setting int
	Tasks   int     // number of tasks to run
	Most    float64 // highest cost of one of these tasks
	Total   float64 // cost of all these tasks
}

// Works sums up, for each setting, what is to be run of it.
func (s *Survey) Works(rerun Rerun) []SettingWork {
	out := make([]SettingWork, len(s.Plan.Settings))
	for i := range out {
		w := SettingWork{Setting: i}
		seen := s.Seen(i)
		for t := range seen {
			if one := s.Work(Task{i, t}, rerun); !one.Empty() {
				cost := one.Cost(s.Plan)
				w.Tasks, w.Most, w.Total = w.Tasks+1, max(w.Most, cost), w.Total+cost
			}
		}
		if rest := s.Plan.Spec.Trials - seen; rest > 0 {
			cost := s.Work(Task{i, seen}, rerun).Cost(s.Plan)
			w.Tasks, w.Most, w.Total = w.Tasks+rest, max(w.Most, cost), w.Total+float64(rest)*cost
		}
		out[i] = w
	}
	return out
}

// Superseded reports whether the folder holds records or searches that are not worth
// keeping.
func (s *Survey) Superseded() bool {
	return slices.Contains(s.KeepRecords, false) || slices.Contains(s.KeepSearches, false)
}

// Measured returns the rows that are done or failed, in the order of the plan:
// setting, variant, trial.
func (s *Survey) Measured(held *results.Held) (records []results.Record, searches []results.Search) {
	records, searches = make([]results.Record, 0, len(held.Records)), make([]results.Search, 0, len(held.Searches))
	for i, slots := range s.Rows {
		for slot, rows := range slots {
			for _, r := range rows {
				switch {
				case r.State != StateDone && r.State != StateFailed:
				case slot < len(s.Plan.Settings[i].Variants):
					records = append(records, held.Records[r.Line])
				default:
					searches = append(searches, held.Searches[r.Line])
				}
			}
		}
	}
	return records, searches
}

// place is a row of the plan, given by task and slot.
type place struct {
	Task
	slot int
}

// finder finds the places of records and searches, by the numbers of settings, variants
// and searches in the plan.
type finder struct {
	plan     *Plan
	settings map[results.Setting]int
	variants map[results.Variant]int
	searches map[searchOf]int
}

type searchOf struct {
	results.Variant
	factor float64
}

func (p *Plan) finder() *finder {
	f := &finder{p, make(map[results.Setting]int, len(p.Settings)), make(map[results.Variant]int, len(p.Variants)), map[searchOf]int{}}
	for s := range p.Settings {
		f.settings[p.Settings[s].Setting] = s
	}
	for v := range p.Variants {
		f.variants[p.Variants[v].Variant] = v
	}
	for i, s := range p.Searches {
		f.searches[searchOf{s.Variant.Variant, s.Factor}] = i
	}
	return f
}

// task finds the task of an identity; ok is false if the plan has no such task.
func (f *finder) task(id *results.Identity) (Task, bool) {
	s, ok := f.settings[id.Setting]
	return Task{s, id.Trial}, ok && id.Seed == f.plan.Spec.Seed && id.Trial >= 0 && id.Trial < f.plan.Spec.Trials
}

func (f *finder) record(id *results.Identity) (place, bool) {
	t, ok := f.task(id)
	v, known := f.variants[id.Variant]
	if !ok || !known {
		return place{}, false
	}
	slot, ok := slices.BinarySearch(f.plan.Settings[t.Setting].variants, v)
	return place{t, slot}, ok
}

func (f *finder) search(r *results.Search) (place, bool) {
	t, ok := f.task(&r.Identity)
	s, known := f.searches[searchOf{r.Variant, float64(r.Factor)}]
	if !ok || !known {
		return place{}, false
	}
	setting := &f.plan.Settings[t.Setting]
	slot, ok := slices.BinarySearch(setting.searches, s)
	return place{t, len(setting.Variants) + slot}, ok
}
