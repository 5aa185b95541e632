// key.go gives the records of a plan their keys, and sees to it that no two share
// one.

package plan

import (
	"fmt"

	"spfq/internal/rng"
	"spfq/results"
)

// AlgorithmVersion is raised by any change that moves a result by more than
// the order of a summation. Runs of different versions are never mixed.
const AlgorithmVersion = 1

// Versions are those of this program.
var Versions = results.Versions{Algorithm: AlgorithmVersion, Streams: rng.Version}

// keyTexts are what the parts of a plan's identities contribute to record keys.
type keyTexts struct{ settings, variants, searches []string }

func (p *Plan) keyTexts() keyTexts {
	var t keyTexts
	for _, id := range p.Grid.SettingIDs() {
		t.settings = append(t.settings, results.KeyText(id, results.OfSetting))
	}
	for _, id := range p.Grid.VariantIDs() {
		t.variants = append(t.variants, results.KeyText(id, results.OfVariant))
	}
	for _, s := range p.Searches {
		t.searches = append(t.searches, results.KeyText(&results.Identity{Variant: s.Variant.Variant}, results.OfVariant))
	}
	return t
}

// checkKeys refuses two settings, variants or searches that their keys do not tell
// apart: the records of one would be taken for those of the other, and be lost.
func (p *Plan) checkKeys() error {
	searches := make([]string, len(p.Searches)) // one variant is searched within several factors
	for i, s := range p.Searches {
		searches[i] = fmt.Sprint(p.keys.searches[i], s.Factor)
	}
	for _, part := range []struct {
		name  string
		texts []string
		show  func(i int) any
	}{
		{"settings", p.keys.settings, func(i int) any { return p.Settings[i].Setting }},
		{"variants", p.keys.variants, func(i int) any { return p.Variants[i].Variant }},
		{"searches", searches, func(i int) any { return p.Searches[i].Variant.Variant }},
	} {
		seen := map[string]int{}
		for i, text := range part.texts {
			if first, ok := seen[text]; ok {
				return fmt.Errorf("internal error: two %s have one record key, %+v and %+v: nothing is run, since the records of one would be taken for those of the other",
					part.name, part.show(first), part.show(i))
			}
			seen[text] = i
		}
	}
	return nil
}

// keyer returns what makes the keys of a task's records of a variant, given by the
// text of that.
func (p *Plan) keyer(t Task, variant string, v results.Versions) results.Keyer {
	return results.Keyer{Setting: p.keys.settings[t.Setting], Variant: variant,
		Draw: results.Draw{Trial: t.Trial, Seed: p.Spec.Seed}, Versions: v}
}

// SettingKey is the key of a setting, for reading.
func (p *Plan) SettingKey(s int) string { return p.keyer(Task{Setting: s}, "", Versions).SettingKey() }

// RecordKey is the key of the record of a setting's variant, by its number there,
// on a task.
func (p *Plan) RecordKey(t Task, variant int) string {
	s := &p.Settings[t.Setting]
	return p.keyer(t, p.keys.variants[s.variants[variant]], Versions).Record(s.Variants[variant].Sim.Certify)
}

// SearchKey is the key of the outcome of a setting's search, by its number there,
// on a task.
func (p *Plan) SearchKey(t Task, search int) string {
	n := p.Settings[t.Setting].searches[search]
	return p.keyer(t, p.keys.searches[n], Versions).Search(results.Num(p.Searches[n].Factor))
}
