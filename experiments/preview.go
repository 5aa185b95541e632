// preview.go says what a run would do, and why, without running it.

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
	Tally            // of all rows: variants and searches, on each trial
	Tasks    int     // trials of settings
	ToRun    int     // of those, with a row to run
	Rows     int     // rows to run
	Others   int     // records in the folder that the plan does not ask for
	Refused  error   // why a run would be refused, if it would
	Memory   int64   // bytes that the run takes at its peak
	Machine  int64   // bytes that there are; 0 if unknown
	Seconds  float64 // that the run takes, an estimate; NaN if there is none, or nothing to run
	Basis    string  // of the estimate
}

// Tally counts rows by what the folder holds of them.
type Tally struct{ New, Done, Changed, Failed int }

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
	Key    string // hash of what determines the setting's instances, trial aside
	Label  string
	Groups []GroupPreview
}

// GroupPreview is variants and searches of a setting of which the folder holds as
// many trials.
type GroupPreview struct {
	Label string // which variants, "" if all
	Slots int
	Tally // of the trials of one of them
}

// Preview looks at a folder and says what Execute would do there. It writes
// nothing. It estimates the time from the records of the folder or, where there
// are none, by quantizing a small network for about a second.
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
		v.Refused = checkVersions(ex.Dir, held)
	}
	s := e.Survey(held, versions)
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

// columns returns columns of the identity by name.
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
