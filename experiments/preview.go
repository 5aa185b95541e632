// preview.go says what a run would do, and why, without running it.

package experiments

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"spfq/results"
)

// Preview is what a run of a plan in a folder would do.
type Preview struct {
	Dir     string
	Workers int
	Cells   []CellPreview
	Tally           // of all rows: variants and searches, on each trial
	Tasks   int     // trials of cells
	ToRun   int     // of those, with a row to run
	Rows    int     // rows to run
	Others  int     // records in the folder that the plan does not ask for
	Refused error   // why a run would be refused, if it would
	Memory  int64   // bytes that the run takes at its peak
	Machine int64   // bytes that there are; 0 if unknown
	Seconds float64 // that the run takes, an estimate; NaN if there is none, or nothing to run
	Basis   string  // of the estimate
}

// Tally counts rows by what the folder holds of them.
type Tally struct{ New, Done, Changed, Failed int }

func (t *Tally) add(s state) {
	switch s {
	case stateNew:
		t.New++
	case stateDone:
		t.Done++
	case stateChanged:
		t.Changed++
	case stateFailed:
		t.Failed++
	}
}

// CellPreview is what a run would do of a cell.
type CellPreview struct {
	Key    string // hash of what determines the cell's instances, trial aside
	Label  string
	Groups []GroupPreview
}

// GroupPreview is variants and searches of a cell of which the folder holds as
// many trials.
type GroupPreview struct {
	Label string // which variants, "" if all
	Slots int
	Tally // of the trials of one of them
}

// Preview looks at a folder and says what Execute would do there. It writes
// nothing. It estimates the time from the records of the folder or, where there
// are none, by quantizing a small network for about a second.
func (p *Plan) Preview(ctx context.Context, ex Execution) (*Preview, error) {
	v := &Preview{Dir: ex.Dir, Workers: ex.Workers, Machine: machineMemory()}
	fresh, err := checkFolder(ex.Dir)
	if err != nil {
		return nil, err
	}
	var records []results.Record
	var searches []results.Search
	if !fresh {
		if records, err = results.ReadRecords(ex.Dir); err != nil {
			return nil, &UsageError{err.Error()}
		}
		if searches, err = results.ReadSearches(ex.Dir); err != nil {
			return nil, &UsageError{err.Error()}
		}
		v.Refused = p.checkVersions(ex.Dir)
	}
	s := p.survey(records, searches)
	v.Others, v.Tasks = s.others, p.TaskCount()
	v.describe(s, ex.Rerun)
	works := s.works(ex.Rerun)
	for _, w := range works {
		v.ToRun += w.tasks
	}
	v.Memory = p.memory(s, ex.Rerun, ex.Workers)
	if v.Refused == nil {
		v.Refused = p.checkMemory(s, ex)
	}
	v.Seconds = float64(results.Missing)
	if v.ToRun == 0 || v.Refused != nil {
		return v, nil
	}
	r, ok := s.known(records, searches)
	v.Basis = fmt.Sprintf("from the %d records that are there", v.Done)
	if !ok {
		var took time.Duration
		r, took, ok = p.measure(ctx, works)
		v.Basis = fmt.Sprintf("from a measurement of %s on a small network", took.Round(time.Millisecond))
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	if ok {
		v.Seconds = s.time(r, ex.Rerun) / atOnce(ex.Workers)
	}
	return v, nil
}

// describe fills in the cells and counts rows.
func (v *Preview) describe(s *survey, rerun Rerun) {
	p := s.plan
	cellColumns, variantColumns := differing(p.grid.cellIDs, "seed", "trial"), differing(p.grid.variantIDs)
	if len(cellColumns) == 0 {
		cellColumns = []string{"width", "samples"}
	}
	variants := make([]string, len(p.Variants))
	for i := range variants {
		if variants[i] = label(&p.grid.variantIDs[i], variantColumns); variants[i] == "" {
			variants[i] = p.Variants[i].Method
		}
	}
	for c := range p.Cells {
		cell := &p.Cells[c]
		out := CellPreview{Key: p.cellKey(c), Label: label(&p.grid.cellIDs[c], cellColumns)}
		labels := map[Tally][]string{}
		var order []Tally
		for slot := range cell.slots() {
			var t Tally
			if s.rows[c] == nil || s.rows[c][slot] == nil {
				t.New = p.Config.Trials
			} else {
				for _, r := range s.rows[c][slot] {
					t.add(r.state)
				}
			}
			if labels[t] == nil {
				order = append(order, t)
			}
			name := ""
			if slot < len(cell.Variants) {
				name = variants[cell.variants[slot]]
			} else {
				search := cell.Searches[slot-len(cell.Variants)]
				name = fmt.Sprintf("bits needed by %s within %v", search.Method, search.Factor)
			}
			labels[t] = append(labels[t], name)
			v.New, v.Done, v.Changed, v.Failed = v.New+t.New, v.Done+t.Done, v.Changed+t.Changed, v.Failed+t.Failed
		}
		for _, t := range order {
			g := GroupPreview{Slots: len(labels[t]), Tally: t}
			if len(order) > 1 {
				g.Label = strings.Join(labels[t], "; ")
			}
			out.Groups = append(out.Groups, g)
		}
		v.Cells = append(v.Cells, out)
	}
	for st, count := range map[state]int{stateNew: v.New, stateDone: v.Done, stateChanged: v.Changed, stateFailed: v.Failed} {
		if rerun.runs(st) {
			v.Rows += count
		}
	}
}

// differing lists the columns that take more than one value, but for those that
// are left out or that others say too.
func differing(ids []results.Identity, leaveOut ...string) []string {
	differ := map[string]bool{}
	columns := results.Columns(results.Identity{})
	for _, c := range columns {
		if slices.Contains(leaveOut, c.Name) {
			continue
		}
		first := c.Text(&ids[0])
		differ[c.Name] = slices.ContainsFunc(ids, func(id results.Identity) bool { return c.Text(&id) != first })
	}
	var out []string
	for _, c := range columns {
		if differ[c.Name] && !slices.ContainsFunc(impliedBy[c.Name], func(by string) bool { return differ[by] }) {
			out = append(out, c.Name)
		}
	}
	return out
}

// label names an identity by some of its columns.
func label(id *results.Identity, columns []string) string {
	var parts []string
	for _, name := range columns {
		text := identityText(id, name)
		switch {
		case text == "":
		case name == "method" || name == "align":
			parts = append(parts, text)
		default:
			parts = append(parts, name+" "+text)
		}
	}
	return strings.Join(parts, ", ")
}
