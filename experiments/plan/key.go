// key.go gives the records and searches of a plan their keys, and makes sure that no two
// have the same key.

package plan

import (
	"fmt"

	"spfq/internal/rng"
	"spfq/results"
)

// AlgorithmVersion is raised by any change that moves a result by more than
// the order of a summation. Runs of different versions are never mixed.
const AlgorithmVersion = 1

// Versions are the versions of this program.
var Versions = results.Versions{Algorithm: AlgorithmVersion, Streams: rng.Version}

// keyTexts are the texts that the settings, variants and searches of a plan contribute to
// record keys, each in the order of the plan.
type keyTexts struct{ settings, variants, searches []string }

// keyTexts makes the texts of the plan's settings, variants and searches.
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

// checkKeys returns an error if two settings, variants or searches have the same key. The
// records of one would then be taken for those of the other, and be lost.
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

// keyer returns the keyer of a task's records of a variant, which is given by its text.
func (p *Plan) keyer(t Task, variant string, v results.Versions) results.Keyer {
	return results.Keyer{Setting: p.keys.settings[t.Setting], Variant: variant,
		Draw: results.Draw{Trial: t.Trial, Seed: p.Spec.Seed}, Versions: v}
}

// SettingKey returns a hash that names the s-th setting to readers.
func (p *Plan) SettingKey(s int) string { return p.keyer(Task{Setting: s}, "", Versions).SettingKey() }

// RecordKey returns the key of the record of a variant on a task. The variant is given by
// its number in the task's setting.
func (p *Plan) RecordKey(t Task, variant int) string {
	s := &p.Settings[t.Setting]
	return p.keyer(t, p.keys.variants[s.variants[variant]], Versions).Record(s.Variants[variant].Sim.Certify)
}

// SearchKey returns the key of a search on a task. The search is given by its number in
// the task's setting.
func (p *Plan) SearchKey(t Task, search int) string {
	n := p.Settings[t.Setting].searches[search]
	return p.keyer(t, p.keys.searches[n], Versions).Search(results.Num(p.Searches[n].Factor))
}
