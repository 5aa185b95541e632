package experiments

import (
	"testing"

	"spfq/results"
)

// Coverage counts a trial when all its records and searches are there, failed or
// not, whatever columns are missing from its identity.
func TestCoverage(t *testing.T) {
	p := mustParse(t, `name: c
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
	all := func() *Measured {
		return measure(p, func(r *results.Record) {
			if r.Method == "rtn" {
				r.Error = "failed"
			}
		}, func(s *results.Search) { s.NeededK = 1 })
	}
	counts := func(m *Measured) (done []int) {
		for i, c := range m.Coverage() {
			if c.Planned != 2 {
				t.Errorf("cell %d: %d trials planned, want 2", i, c.Planned)
			}
			if in := p.Cells[i]; c.Width != in.Widths[0] || c.Source != string(in.Source) || c.Method != "" || c.Trial != 0 || c.Noise.IsMissing() != (in.Noise == 0) {
				t.Errorf("cell %d is %+v, want that of %+v", i, c.Identity, in)
			}
			done = append(done, c.Done)
		}
		return done
	}
	for name, c := range map[string]struct {
		spoil func(*Measured)
		first int // trials that the first cell has
	}{
		"whole":         {func(*Measured) {}, 2},
		"nothing":       {func(m *Measured) { m.Records, m.Searches = nil, nil }, 0},
		"half a search": {func(m *Measured) { m.Searches[0].NeededK = 0 }, 1},
		"no record":     {func(m *Measured) { m.Records = m.Records[1:] }, 1},
		"no search":     {func(m *Measured) { m.Searches = m.Searches[1:] }, 1},
		"other factor":  {func(m *Measured) { m.Searches[0].Factor = 2 }, 1},
		"twice":         {func(m *Measured) { m.Records = append(m.Records, m.Records[0]) }, 2},
	} {
		m := all()
		c.spoil(m)
		done := counts(m)
		if len(done) != 4 || done[0] != c.first {
			t.Errorf("%s: %v trials, want %d of the first of 4 cells", name, done, c.first)
		}
		for _, d := range done[1:] {
			if name != "nothing" && d != 2 {
				t.Errorf("%s: %v trials, want all of the other cells", name, done)
			}
		}
	}
}
