package experiments

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"spfq/experiments/plan"
	"spfq/experiments/plan/plantest"
	"spfq/internal/num"
	"spfq/internal/rng"
	"spfq/results"
)

// measure fills in a plan's records and searches by functions of the identity:
// what judging makes of known numbers.
func measure(e *Experiment, record func(*results.Record), search func(*results.Search)) *Measured {
	held := plantest.Measure(e.Plan, record, search)
	return &Measured{Plan: e, Records: held.Records, Searches: held.Searches, Versions: plan.Versions}
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
			r.PerLayer[0].Saturated = 1
		}, goodSearch, "supported inconclusive supported"},
		{"clips not counted", func(r *results.Record) {
			good(r)
			r.PerLayer[0].Saturated = results.NoCount
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
	rec := results.Record{Identity: r.Identity, Error: "broken"}
	num.Blank(&rec.Measurement)
	return rec
}

func TestFurtherKindsSeeTheAlarm(t *testing.T) {
	good := func(r *results.Record) {
		own := rng.New(2, r.Align).Derive(r.Width, r.Trial)
		scale := results.Num(math.Exp(0.02 * own.Normal(0)))
		r.RelSqError, r.TestRelSqError = scale/100, results.Num(math.Exp(0.02*own.Normal(1)))/50
		if r.Align == "exact" {
			r.RelSqError *= 2
		}
		for i := range r.PerLayer {
			l := &r.PerLayer[i]
			l.MaxU = results.Num(0.1*float64(r.Width)*float64(r.Width)/1024) * 0.25 * scale // the bound grows as width
			l.AlignResidual = results.Num(math.Pow(0.8, float64(max(1, passes(r.Align)))))
			l.ProxyRow, l.Observed = 1, 1
		}
		r.InputSqNorm, r.OutputSqNorm = 10, 10*results.Num(r.Width/2*r.Width)*scale
		r.Operations = results.Count(r.Width * r.Width)
		r.WeightCount = 2 * r.Operations
		// The tail of N(0, 2/3) at the thresholds.
		for _, x := range []float64{0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4} {
			r.Tail = append(r.Tail, int64(math.Round(float64(r.Width)*math.Erfc(x/math.Sqrt(4./3)))))
		}
	}
	broken := func(change func(*results.Record)) func(*results.Record) {
		return func(r *results.Record) {
			good(r)
			change(r)
		}
	}
	for _, c := range []struct {
		name   string
		kind   int // the claim that must change its verdict
		record func(*results.Record)
	}{
		{"all is well", -1, good},
		{"a bound divided by ten", 0, broken(func(r *results.Record) {
			for i := range r.PerLayer {
				r.PerLayer[i].MaxU *= 30
			}
		})},
		{"tightness does not move", 1, broken(func(r *results.Record) {
			for i := range r.PerLayer {
				r.PerLayer[i].MaxU /= results.Num(r.Width)
			}
		})},
		{"a norm that is twice as large", 2, broken(func(r *results.Record) { r.OutputSqNorm *= 2 })},
		{"feedback switched off", 3, broken(func(r *results.Record) {
			if r.Align == "exact" {
				r.RelSqError *= 10
			}
		})},
		{"nothing carries over", 4, broken(func(r *results.Record) { r.TestRelSqError *= 10 })},
		{"passes that add", 5, broken(func(r *results.Record) { r.PerLayer[1].AlignResidual = results.Num(passes(r.Align)) })},
		{"a tail above the sub-Gaussian", 6, broken(func(r *results.Record) { r.Tail[5] = 100 })},
		{"a tail that is too light for the Gaussian", 7, broken(func(r *results.Record) { r.Tail = make([]int64, 8) })},
		{"a cost that is quadratic", 8, broken(func(r *results.Record) { r.Operations *= results.Count(r.Width * r.Width) })},
	} {
		claims := measure(mustParse(t, manyKinds), c.record, func(*results.Search) {}).Judge()
		kind := -1
		last := ""
		for _, cl := range claims {
			if id := cl.Kind + cl.Theorem + cl.Demanded; id != last { // several series of one claim count as one
				kind, last = kind+1, id
			}
			want := results.Supported
			if kind == c.kind {
				want = results.Refuted
			}
			// A heavier tail than the sub-Gaussian is none of the Gaussian's either;
			// bounds that scale move both claims about tightness.
			if cl.Verdict != want && !(c.kind == 6 && kind == 7) && !(c.kind == 1 && kind == 0) {
				t.Errorf("%s: claim %d (%s) is %s, want %s: %v", c.name, kind, cl.Statement, cl.Verdict, want, cl.Notes)
			}
		}
		if kind != 8 {
			t.Fatalf("%d claims were told apart, want 9", kind+1)
		}
	}
}

func passes(align string) int {
	n := 0
	fmt.Sscanf(align, "order-%d", &n)
	return n
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
