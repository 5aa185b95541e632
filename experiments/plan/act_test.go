package plan

import (
	"os"
	"reflect"
	"slices"
	"testing"

	"spfq/experiments/config"
	"spfq/results"
)

// reported are the columns that are there to be read, compared and claimed about
// alone, and what acts in their place.
var reported = map[string]string{
	"layers": "widths", "width": "widths", // sizes of the network, which widths lists
	"method": "align, feedback, rounding and order", // for which the name stands
	"bits":   "K", "levels": "K",                    // the number of levels
}

// The infinite alphabet has no value in any column that only finite ones have.
func TestInfinite(t *testing.T) {
	row := results.AxisOf("activation_bits")
	defer func() { row.Only = nil }()
	row.Only = &results.Only{Column: "bits", Text: "inf", Not: true}
	id := results.Blank()
	for column, value := range map[string]string{"step": "0.5", "bits": "4", "levels": "paper", "activation_bits": "8"} {
		results.AxisOf(column).Set(&id, value)
	}
	id.Derive()
	want := results.Blank()
	results.AxisOf("step").Set(&want, "0.5")
	results.AxisOf("bits").Set(&want, "inf")
	if got := infinite(id.Variant); got != want.Variant {
		t.Errorf("of %+v the variant with the infinite alphabet is\n%+v, want\n%+v", id.Variant, got, want.Variant)
	}
}

// Each column acts: settings and draws that differ in one are drawn otherwise, and
// variants that differ in one quantize otherwise, but for the columns reported. Those
// do not act.
func TestEachColumnActs(t *testing.T) {
	text, err := os.ReadFile("../testdata/everyKey.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := config.Parse("everyKey.yaml", text, []string{"network.biases=[true, false]", "data.test_samples=[0, 2]", "alphabet.C=[1.16, 2]", "claims=[]"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(doc.Spec, doc.Fail)
	if err != nil || doc.Err() != nil {
		t.Fatal(err, doc.Err())
	}
	acts := func(id results.Identity) any {
		return []any{instance(&id.Setting, id.Draw), variant(&id.Variant)}
	}
	// Identities of all settings and of all variants, each with some of the others.
	var ids []results.Identity
	for i := range max(len(p.Settings), len(p.Variants)) {
		ids = append(ids, results.Identity{Setting: p.Settings[i%len(p.Settings)].Setting, Variant: p.Variants[i%len(p.Variants)].Variant,
			Draw: results.Draw{Trial: i % 2, Seed: uint64(i/2) % 2}})
	}
	for i := range results.Axes {
		row := &results.Axes[i]
		var values []string
		for k := range ids {
			if v := row.Get(&ids[k]); !slices.Contains(values, v) && row.Only.Holds(&ids[k]) {
				values = append(values, v)
			}
		}
		changes, without := 0, reported[row.Column] != ""
		for _, id := range ids {
			if !row.Only.Holds(&id) {
				continue
			}
			for _, v := range values {
				other := id
				if row.Set(&other, v); other == id {
					continue
				}
				changes++
				if same := reflect.DeepEqual(acts(id), acts(other)); same != without {
					t.Fatalf("%s = %s in place of %s: what is drawn and how it is quantized is the same: %v, want %v\n%+v", row.Column, v, row.Get(&id), same, without, id)
				}
			}
		}
		if changes == 0 {
			t.Errorf("%s was not changed", row.Column)
		}
	}
}
