package plan_test

import (
	"slices"
	"testing"

	"spfq/experiments/plan"
	"spfq/experiments/plan/plantest"
	"spfq/results"
)

// A certified record is kept beside a later one that is not, whether the plan asks for
// both, for neither, or for the certificate, which the later one then does not replace.
func TestCertifiedRecordsAreKept(t *testing.T) {
	parse := func(width, claims string) *plan.Plan {
		return plantest.Parse(t, "name: c\ntrials: 2\nnetwork: {layers: 1, width: "+width+"}\ndata: {samples: 4}\nalphabet: {step: 0.25}\n"+
			"methods: [{name: spfq}]\nclaims: ["+claims+"]\n")
	}
	measure := func(p *plan.Plan) *results.Held {
		return plantest.Measure(p, func(*results.Record) {}, func(*results.Search) {})
	}
	with, without, other := parse("8", "{kind: bound, theorem: layer_data}"), parse("8", ""), parse("16", "")
	certified, plain := measure(with).Records, measure(without).Records
	if len(certified) != 2 || certified[0].Key == plain[0].Key {
		t.Fatalf("%d records, with keys %s and %s", len(certified), certified[0].Key, plain[0].Key)
	}
	for _, c := range []struct {
		name    string
		plan    *plan.Plan
		records []results.Record
		keep    []bool
	}{
		{"asked for without", without, slices.Concat(certified, plain), []bool{true, true, true, true}},
		{"not asked for", other, slices.Concat(certified, plain), []bool{true, true, true, true}},
		{"asked for with", with, slices.Concat(certified, plain), []bool{true, true, false, false}},
		{"asked for without, certified last", without, slices.Concat(plain, certified), []bool{false, false, true, true}},
		{"certified twice", other, slices.Concat(certified, certified), []bool{false, false, true, true}},
	} {
		if got := c.plan.Survey(&results.Held{Records: c.records}, plan.Versions).KeepRecords; !slices.Equal(got, c.keep) {
			t.Errorf("%s: kept are %v, want %v", c.name, got, c.keep)
		}
	}
}
