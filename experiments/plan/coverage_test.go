package plan_test

import (
	"testing"

	"spfq/experiments/plan"
	"spfq/experiments/plan/plantest"
	"spfq/results"
)

// Coverage counts a trial when all its records and searches are there, failed or
// not, whatever columns are missing from its identity.
func TestCoverage(t *testing.T) {
	p := plantest.Parse(t, `name: c
trials: 2
network: {layers: 1, width: [8, 16]}
data: {source: [gaussian, subspace], dimension: 4, noise: 0.1, samples: 4}
alphabet: {step: 0.25, bits: [3, inf]}
methods: [{name: spfq}, {name: rtn}]
claims: [{kind: bits_growth, where: {method: spfq}}]
`)
	if len(p.Searches) == 0 {
		t.Fatal("the plan has no searches")
	}
	all := func() *results.Held {
		return plantest.Measure(p, func(r *results.Record) {
			if r.Method == "rtn" {
				r.Error = "failed"
			}
		}, func(s *results.Search) { s.NeededK = 1 })
	}
	counts := func(held *results.Held) (done []int) {
		for i, c := range p.Survey(held, plan.Versions).Coverage() {
			if c.Planned != 2 {
				t.Errorf("setting %d: %d trials planned, want 2", i, c.Planned)
			}
			if in := p.Settings[i].Instance; c.Width != in.Widths[0] || c.Source != string(in.Source) || c.Method != "" || c.Trial != 0 || c.Noise.IsSet() != (in.Noise != 0) {
				t.Errorf("setting %d is %+v, want that of %+v", i, c.Identity, in)
			}
			done = append(done, c.Done)
		}
		return done
	}
	for name, c := range map[string]struct {
		spoil func(*results.Held)
		first int // trials that the first setting has
	}{
		"whole":         {func(*results.Held) {}, 2},
		"nothing":       {func(h *results.Held) { h.Records, h.Searches = nil, nil }, 0},
		"half a search": {func(h *results.Held) { h.Searches[0].NeededK = 0 }, 1},
		"no record":     {func(h *results.Held) { h.Records = h.Records[1:] }, 1},
		"no search":     {func(h *results.Held) { h.Searches = h.Searches[1:] }, 1},
		"other factor":  {func(h *results.Held) { h.Searches[0].Factor = 2 }, 1},
		"twice":         {func(h *results.Held) { h.Records = append(h.Records, h.Records[0]) }, 2},
	} {
		held := all()
		c.spoil(held)
		done := counts(held)
		if len(done) != 4 || done[0] != c.first {
			t.Errorf("%s: %v trials, want %d of the first of 4 settings", name, done, c.first)
		}
		for _, d := range done[1:] {
			if name != "nothing" && d != 2 {
				t.Errorf("%s: %v trials, want all of the other settings", name, done)
			}
		}
	}
}
