package experiments

import (
	"math"
	"strings"
	"testing"

	"spfq/internal/rng"
	"spfq/results"
)

// measure fills in a plan's records and searches by functions of the identity:
// what judging makes of known numbers.
func measure(p *Plan, record func(*results.Record), search func(*results.Search)) *Measured {
	m := &Measured{Plan: p}
	for _, t := range p.Tasks() {
		in := p.Instance(t)
		for _, v := range p.Variants {
			r := results.Record{Identity: identity(in, v)}
			for i := range in.Layers() {
				r.PerLayer = append(r.PerLayer, results.Layer{Layer: i + 1, Inputs: in.Widths[i], Neurons: in.Widths[i+1],
					Step: r.Step, MaxNorm: results.Num(in.Widths[i]), MaxNormQ: results.Num(in.Widths[i])})
			}
			record(&r)
			m.Records = append(m.Records, r)
		}
		for _, s := range p.Searches {
			r := results.Search{Identity: identity(in, s.Variant), Factor: results.Num(s.Factor)}
			search(&r)
			m.Searches = append(m.Searches, r)
		}
	}
	return m
}

func noise(id *results.Identity) float64 {
	return 0.05 * rng.New(1, "noise").Derive(id.Width, id.Trial).Normal(0)
}

// verdicts of the claims of small, and of what breaks them.
func TestClaimsSeeTheAlarm(t *testing.T) {
	good := func(r *results.Record) {
		r.RelSqError = results.Num(0.01 * math.Exp(noise(&r.Identity)))
		r.MaxColumnError = 0.1
	}
	goodSearch := func(s *results.Search) {
		s.NeededBits = results.Num(4.6 + noise(&s.Identity))
		s.FirstBits, s.FreeBits = 5, 6
	}
	for _, c := range []struct {
		name   string
		record func(*results.Record)
		search func(*results.Search)
		want   string // verdict of claim i
	}{
		{"all is well", good, goodSearch, "supported supported supported"},
		{"the error grows with the width", func(r *results.Record) {
			good(r)
			r.RelSqError *= results.Num(r.Width)
		}, goodSearch, "refuted supported supported"},
		{"the error is all noise", func(r *results.Record) {
			good(r)
			r.RelSqError = results.Num(math.Exp(40 * noise(&r.Identity)))
		}, goodSearch, "inconclusive supported supported"},
		{"errors beyond the bound", func(r *results.Record) {
			good(r)
			r.MaxColumnError = 1e6
		}, goodSearch, "supported refuted supported"},
		{"clipped everywhere", func(r *results.Record) {
			good(r)
			r.Saturated = 1
		}, goodSearch, "supported inconclusive supported"},
		{"not aligned", func(r *results.Record) {
			good(r)
			r.PerLayer[1].AlignResidual = 1e-3
		}, goodSearch, "supported inconclusive supported"},
		{"bits grow as log N", good, func(s *results.Search) {
			goodSearch(s)
			s.NeededBits += results.Num(math.Log(float64(s.Width)))
		}, "supported supported refuted"},
		{"every trial failed", func(r *results.Record) { *r = failed(r) }, func(s *results.Search) {
			s.NeededBits, s.FirstBits, s.FreeBits, s.Error = results.Missing, results.Missing, results.Missing, "broken"
		}, "inconclusive inconclusive inconclusive"},
	} {
		claims := measure(mustParse(t, small), c.record, c.search).Judge()
		var got []string
		for _, cl := range claims {
			got = append(got, cl.Verdict)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: verdicts %v, want %s\n%+v", c.name, got, c.want, claims)
		}
	}
}

func failed(r *results.Record) results.Record {
	return results.Record{Identity: r.Identity, RelSqError: results.Missing, MaxColumnError: results.Missing, Error: "broken"}
}

// A claim about several series judges each.
func TestClaimBySeries(t *testing.T) {
	p := mustParse(t, strings.Replace(small, "{method: rtn, bits: inf}", "{method: [rtn, gpfq]}", 1))
	claims := measure(p, func(r *results.Record) {
		r.RelSqError = 1
		if r.Method == "gpfq" && r.Bits == 4 {
			r.RelSqError = results.Num(1 / float64(r.Width))
		}
	}, func(*results.Search) {}).Judge()
	verdict := map[string]string{}
	for _, c := range claims {
		if c.Kind == "power_law" {
			verdict[c.Statement] = c.Verdict
		}
	}
	if len(verdict) != 4 {
		t.Fatalf("%d series, want 4: %v", len(verdict), verdict)
	}
	for s, v := range verdict {
		want := results.Supported
		if strings.Contains(s, "method = gpfq") && strings.Contains(s, "bits = 4") {
			want = results.Refuted
		}
		if v != want {
			t.Errorf("%s: %s, want %s", s, v, want)
		}
	}
}

// smallest finds a k that passes while k − 1 does not, whatever the guess.
func TestSmallest(t *testing.T) {
	for hi := 1; hi <= 40; hi++ {
		for answer := 1; answer <= hi; answer++ {
			for guess := -1; guess <= hi+3; guess++ {
				calls := 0
				got, err := smallest(guess, hi, func(k int) (bool, error) {
					if k < 1 || k >= hi && hi > 1 {
						t.Fatalf("asked for %d of [1, %d)", k, hi)
					}
					calls++
					return k >= answer, nil
				})
				if err != nil || got != answer || calls > 12 {
					t.Fatalf("hi %d, guess %d: %d after %d calls (%v), want %d", hi, guess, got, calls, err, answer)
				}
			}
		}
	}
}
