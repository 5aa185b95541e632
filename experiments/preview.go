// preview.go says what a run would do without running it.

package experiments

import (
	"context"
	"fmt"
	"strings"
	"time"

	"spfq/experiments/plan"
	"spfq/results"
)

// Preview is what a run of a plan in a folder would do.
type Preview struct {
	Dir      string
	Workers  int
	Settings []SettingPreview
	Tally            // the states of all rows; a row is a variant or a search on one trial
	Tasks    int     // number of tasks of the plan
	ToRun    int     // number of tasks in which a row is to be run
	Rows     int     // number of rows to run
	Others   int     // records in the folder that belong to no setting or variant of the plan
	Refused  error   // why the run would be refused; nil if it would not
	Memory   int64   // bytes that the run takes at its peak
	Machine  int64   // bytes of memory that it may use; 0 if unknown
	Seconds  float64 // estimate of the time that the run takes; NaN if there is no estimate or nothing to run
	Basis    string  // what the estimate rests on
}

// Tally counts rows by their state in the folder.
type Tally struct{ New, Done, Changed, Failed int }

// add counts a row.
func (t *Tally) add(s plan.State) {
	switch s {
	case plan.StateNew:
		t.New++
	case plan.StateDone:
		t.Done++
	case plan.StateChanged:
		t.Changed++
	case plan.StateFailed:
		t.Failed++
	}
}

// SettingPreview is what a run would do of a setting.
type SettingPreview struct {
	Key    string // hash of what determines the setting's instances, except the trial
	Label  string // the columns in which the settings of the plan differ, with their values
	Groups []GroupPreview
}

// GroupPreview is the variants and searches of a setting that have the same tally of
// trials.
type GroupPreview struct {
	Label string // names the variants and searches; "" if they are all of the setting's
	Slots int    // their number
	Tally        // the states of the trials of each one of them
}

// Preview looks at a folder and says what Execute would do there. It writes
// nothing. It estimates the time from the records of the folder or, if there are none,
// by quantizing a small network, which takes about a second.
func (e *Experiment) Preview(ctx context.Context, ex Execution) (*Preview, error) {
	v := &Preview{Dir: ex.Dir, Workers: ex.Workers, Machine: machineMemory()}
	fresh, err := checkFolder(ex.Dir)
	if err != nil {
		return nil, err
	}
	held := &results.Held{}
	versions := plan.Versions
	if !fresh {
		manifest, err := readManifest(ex.Dir)
		if err != nil {
			return nil, err
		}
		if held, err = results.Read(ex.Dir); err != nil {
			return nil, &UsageError{err}
		}
		versions = manifest.Versions
		if v.Refused = checkVersions(ex.Dir, held); v.Refused == nil {
			v.Refused = e.checkDropped(ex, held)
		}
	}
	s := e.Survey(held, versions)
	if s.Stray != "" {
		return nil, &UsageError{results.KeyError(s.Stray)}
	}
	v.Others, v.Tasks = s.Others, e.TaskCount()
	v.describe(s, ex.Rerun)
	works := s.Works(ex.Rerun)
	for _, w := range works {
		v.ToRun += w.Tasks
	}
	v.Memory = e.memory(s, ex.Rerun, ex.Workers)
	if v.Refused == nil {
		v.Refused = e.checkMemory(s, ex)
	}
	v.Seconds = float64(results.Missing)
	if v.ToRun == 0 || v.Refused != nil {
		return v, nil
	}
	r, ok := known(s, held)
	v.Basis = fmt.Sprintf("from the %d records that are there", v.Done)
	if !ok {
		var took time.Duration
		r, took, ok = e.measure(ctx, works)
		v.Basis = fmt.Sprintf("from a measurement of %s on a small network", took.Round(time.Millisecond))
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	if ok {
		v.Seconds = timeLeft(s, r, ex.Rerun) / atOnce(ex.Workers)
	}
	return v, nil
}

// describe fills in the settings and counts rows.
func (v *Preview) describe(s *plan.Survey, rerun plan.Rerun) {
	p := s.Plan
	settingIDs, variantIDs := p.Grid.SettingIDs(), p.Grid.VariantIDs()
	settingColumns, variantColumns := results.Distinguishing(settingIDs), results.Distinguishing(variantIDs)
	if len(settingColumns) == 0 {
		settingColumns = columns("width", "samples")
	}
	variants := make([]string, len(p.Variants))
	for i := range variants {
		if variants[i] = label(variantIDs[i], variantColumns); variants[i] == "" {
			variants[i] = p.Variants[i].Method
		}
	}
	number := map[results.Variant]int{}
	for i := range p.Variants {
		number[p.Variants[i].Variant] = i
	}
	for i := range p.Settings {
		setting := &p.Settings[i]
		out := SettingPreview{Key: p.SettingKey(i), Label: label(settingIDs[i], settingColumns)}
		labels := map[Tally][]string{}
		var order []Tally
		for slot := range setting.Slots() {
			t := Tally{New: p.Spec.Trials}
			if s.Rows[i] != nil {
				t.New -= len(s.Rows[i][slot])
				for _, r := range s.Rows[i][slot] {
					t.add(r.State)
				}
			}
			if labels[t] == nil {
				order = append(order, t)
			}
			name := ""
			if slot < len(setting.Variants) {
				name = variants[number[setting.Variants[slot].Variant]]
			} else {
				search := setting.Searches[slot-len(setting.Variants)]
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
		v.Settings = append(v.Settings, out)
	}
	for st, count := range map[plan.State]int{plan.StateNew: v.New, plan.StateDone: v.Done, plan.StateChanged: v.Changed, plan.StateFailed: v.Failed} {
		if rerun.Runs(st) {
			v.Rows += count
		}
	}
}

// columns returns the columns of the identity with the given names.
func columns(names ...string) (out []results.Column) {
	for _, name := range names {
		c, _ := results.Lookup(results.Identity{}, name)
		out = append(out, c)
	}
	return out
}

// label names an identity by some of its columns.
func label(id *results.Identity, columns []results.Column) string {
	var parts []string
	for _, c := range columns {
		switch text := c.Text(id); {
		case text == "":
		case c.Name == "method" || c.Name == "align":
			parts = append(parts, text)
		default:
			parts = append(parts, c.Name+" "+text)
		}
	}
	return strings.Join(parts, ", ")
}
