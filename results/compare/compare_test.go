// compare_test.go changes one thing in a run at a time and checks that a comparison
// reports it, and that it reports nothing where nothing changed.

package compare

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"spfq/results"
	"spfq/sim"
)

var inf = results.Num(math.Inf(1))

// run is a summary of spfq and rtn at three widths. The errors of trials are
// lognormal, drawn from the seed; their logarithms have standard deviation 0.1, as
// with networks of this size.
func run(seed uint64, trials int) Summary { return sweep(seed, trials, []int{64, 128, 256}) }

// sweep is a run at given widths.
func sweep(seed uint64, trials int, widths []int) Summary {
	return Summarize("run", manifest(seed), records(seed, trials, widths), nil, []string{"rel_sq_error"})
}

func manifest(seed uint64) results.Manifest {
	end := time.Unix(0, 0).UTC()
	return results.Manifest{Name: "tiny", ConfigHash: "0123abcd", Seed: seed, Versions: results.Versions{Algorithm: 1, Streams: 1}, Kernel: "generic", End: &end}
}

func records(seed uint64, trials int, widths []int) []results.Record {
	r := rand.New(rand.NewPCG(seed, 1))
	var out []results.Record
	for _, method := range []string{"spfq", "rtn"} {
		for _, width := range widths {
			for trial := range trials {
				e := 0.3 / float64(width) * math.Exp(0.1*r.NormFloat64())
				rec := results.Record{
					Identity: results.Identity{
						Variant: results.Variant{Method: method, Align: "none", Feedback: method == "spfq", Bits: inf, ActivationBits: inf,
							C: results.Unset, Quantile: results.Unset, Step: 0.25},
						Setting: results.Setting{Noise: results.Unset, Width: width, Layers: 2, Samples: 16},
						Draw:    results.Draw{Trial: trial, Seed: seed}},
					Measurement: sim.Measurement{RelSqError: results.Num(e), RelError: results.Num(math.Sqrt(e)), TestRelError: results.Missing,
						MaxV: results.Num(15 * math.Exp(0.1*r.NormFloat64())), BitsPerWeight: inf, Operations: results.Count(width) * 1000,
						WeightCount: 2 * results.Count(width*width)},
				}
				for l := 1; l <= 2; l++ {
					rec.PerLayer = append(rec.PerLayer, results.Layer{Layer: l, Inputs: width, Neurons: width, Step: 0.25, MaxV: 15, MaxAligned: 4, Kappa: 2})
				}
				out = append(out, rec)
			}
		}
	}
	return out
}

// edited is a run after f was applied to its records of spfq at a width.
func edited(seed uint64, trials, width int, f func(*results.Record)) Summary {
	rs := records(seed, trials, []int{64, 128, 256})
	for i := range rs {
		if rs[i].Method == "spfq" && rs[i].Width == width {
			f(&rs[i])
		}
	}
	return Summarize("run", manifest(seed), rs, nil, []string{"rel_sq_error"})
}

// wantOutcomes checks how many changes of a comparison have each outcome.
func wantOutcomes(t *testing.T, what string, c Comparison, want map[string]int) {
	t.Helper()
	for _, o := range outcomes {
		if got := c.Count(o); got != want[o] {
			t.Errorf("%s: %d cells %s, want %d: %+v", what, got, o, want[o], c.Changes)
		}
	}
}

func TestIdentical(t *testing.T) {
	c := Compare(run(1, 8), edited(1, 8, 128, func(r *results.Record) { r.Seconds = 7; r.PerLayer[0].Seconds = 3 }), 0.05)
	wantOutcomes(t, "the same", c, map[string]int{Identical: 6})
	if c.Identical != 6 || c.Cells != 6 || len(c.Warnings) != 0 || c.Irreproducible() != 0 {
		t.Errorf("%+v", c)
	}
	// One bit of a column that is no metric of the comparison changed.
	c = Compare(run(1, 8), edited(1, 8, 128, func(r *results.Record) {
		r.PerLayer[1].MaxV = results.Num(math.Nextafter(float64(r.PerLayer[1].MaxV), 99))
	}), 0.05)
	wantOutcomes(t, "another column", c, map[string]int{Identical: 6})
	if c.Identical != 5 {
		t.Errorf("%d cells of identical records, want 5", c.Identical)
	}
}

// Differences within the tolerance are no change, even where all have one sign, which
// a t test would find significant. Differences of a hundred times it are a change.
func TestRounding(t *testing.T) {
	scale := func(f float64) Summary {
		return edited(1, 8, 128, func(r *results.Record) { r.RelSqError *= results.Num(1 + f*tolerance("rel_sq_error", r)) })
	}
	c := Compare(run(1, 8), scale(0.9), 0.05)
	wantOutcomes(t, "rounding", c, map[string]int{Identical: 5, Rounded: 1})
	c = Compare(run(1, 8), scale(100), 0.05)
	wantOutcomes(t, "more than rounding", c, map[string]int{Identical: 5, Worse: 1})
	if c.Irreproducible() != 1 || !c.Changes[0].Irreproducible || c.Changes[0].Moved != 8 {
		t.Errorf("%+v", c.Changes[0])
	}
	if tol := tolerance("rel_sq_error", &results.Record{Identity: results.Identity{Setting: results.Setting{Width: 2048, Layers: 3, Samples: 32}}, Measurement: sim.Measurement{RelError: 0.01, TestRelError: results.Missing}}); tol < 1e-8 || tol > 1e-7 {
		t.Errorf("tolerance %g, the comment says about 10⁻⁸", tol)
	}
}

// An error larger or smaller by 5% in one cell is found, though errors of trials
// spread by 10%.
func TestMovedMean(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for _, c := range []struct {
		factor  float64
		outcome string
	}{{1.05, Worse}, {1 / 1.05, Better}} {
		now := edited(1, 16, 128, func(rec *results.Record) {
			rec.RelSqError *= results.Num(c.factor * math.Exp(0.02*r.NormFloat64()))
		})
		got := Compare(run(1, 16), now, 0.001)
		wantOutcomes(t, c.outcome, got, map[string]int{Identical: 5, c.outcome: 1})
		x := got.Changes[0]
		if x.Width != 128 || !x.Paired || x.Trials != 16 || x.Scale != "ratio" || !(float64(x.Lo) < c.factor && c.factor < float64(x.Hi)) || !x.Irreproducible {
			t.Errorf("factor %v: %+v", c.factor, x)
		}
	}
	// A change of a property of the draws is neither better nor worse.
	old, now := records(1, 6, []int{64}), records(1, 6, []int{64})
	for i := range now {
		old[i].OutputSqNorm, now[i].OutputSqNorm = 1, results.Num(2+0.01*float64(i))
	}
	a := Summarize("a", manifest(1), old, nil, []string{"output_sq_norm"})
	b := Summarize("b", manifest(1), now, nil, []string{"output_sq_norm"})
	wantOutcomes(t, "norms", Compare(a, b, 0.05), map[string]int{Moved: 2})
}

// Values that are drawn anew around the same mean, under the same seed and versions,
// are not reproduced. A single trial that moved is no alarm where the probability
// of flipped codes is large.
func TestIrreproducible(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	anew := func(rec *results.Record) { rec.RelSqError *= results.Num(math.Exp(0.02 * r.NormFloat64())) }
	c := Compare(run(1, 16), edited(1, 16, 64, anew), 0.001)
	if c.Irreproducible() != 1 || c.Count(Worse)+c.Count(Better) != 0 {
		t.Errorf("%+v", c.Changes)
	}
	later := edited(1, 16, 64, anew)
	later.Run.Algorithm = 2
	if c := Compare(run(1, 16), later, 0.001); c.Irreproducible() != 0 || !strings.Contains(strings.Join(c.Warnings, "\n"), "versions of the algorithm differ: 1 and 2") {
		t.Errorf("another version may move: %+v", c)
	}
	wide := []int{4096}
	one := func(rs []results.Record) Summary {
		return Summarize("run", manifest(1), rs, nil, []string{"rel_sq_error"})
	}
	rs := records(1, 16, wide)
	rs[3].RelSqError *= 1.01
	if c := Compare(one(records(1, 16, wide)), one(rs), 0.001); c.Irreproducible() != 0 || c.Changes[0].Moved != 1 {
		t.Errorf("one flip among %v expected is an alarm: %+v", c.Changes[0].expected, c.Changes[0])
	}
}

// The probability of so many events that tooMany is true is at most the significance
// level, by the exact binomial distribution.
func TestTooMany(t *testing.T) {
	for _, n := range []int{5, 50} {
		for _, p := range []float64{1e-6, 0.01, 0.2} {
			for _, alpha := range []float64{0.05, 1e-4} {
				k := 0
				for k <= n && !tooMany(k, float64(n)*p, alpha) {
					k++
				}
				tail, pmf := 0.0, math.Pow(1-p, float64(n)) // probabilities of k or more, and of i events
				for i := range n + 1 {
					if i >= k {
						tail += pmf
					}
					pmf *= float64(n-i) / float64(i+1) * p / (1 - p)
				}
				if tail > alpha*(1+1e-9) {
					t.Errorf("n = %d, p = %v: %d are too many with probability %v, significance level %v", n, p, k, tail, alpha)
				}
			}
		}
	}
	if tooMany(0, 0, 0.05) || !tooMany(1, 0, 0.05) || tooMany(3, math.NaN(), 0.05) {
		t.Error("none, the impossible, the unknown")
	}
}

func TestOtherSeeds(t *testing.T) {
	c := Compare(run(1, 8), run(2, 8), 0.05)
	if c.Changes[0].Paired || c.Changes[0].Trials != 16 || !strings.Contains(strings.Join(c.Warnings, "\n"), "seeds differ: 1 and 2") {
		t.Errorf("%+v", c)
	}
	// With other random streams, the same seed gives other draws.
	other := run(1, 8)
	other.Run.Streams = 2
	if c := Compare(run(1, 8), other, 0.05); c.Changes[0].Paired {
		t.Error("paired across versions of the random streams")
	}
	// A change much larger than the spread is found without pairs.
	c = Compare(run(1, 8), edited(2, 8, 128, func(r *results.Record) { r.RelSqError *= 2 }), 0.001)
	if c.Count(Worse) != 1 || c.Changes[0].Width != 128 {
		t.Errorf("%+v", c.Changes)
	}
}

// Reruns with fresh seeds raise an alarm as often as the significance level α says.
// By Holm's method six independent cells raise one with probability
// 1 − (1 − α/6)^6, which is 0.04899 for α = 0.05 and 0.0010 for α = 0.001, if Welch's
// test keeps its significance level. For equal numbers of trials and equal spreads
// it does so within a few percent, and is more often below than above. The number of
// alarms in n reruns is binomial. The bounds are 3.9 standard deviations on either
// side (two-sided probability 10⁻⁴); the lower one is reduced by a further third of
// the rate, since so far out in its tail the test is conservative.
func TestFalseAlarms(t *testing.T) {
	for _, c := range []struct {
		alpha float64
		n     int
	}{{0.05, 2000}, {0.001, 3000}} {
		alarms := 0
		for i := range uint64(c.n) {
			got := Compare(run(2*i, 8), run(2*i+1, 8), c.alpha)
			if got.Count(Worse)+got.Count(Better) > 0 {
				alarms++
			}
			if got.Irreproducible() > 0 {
				t.Fatal("irreproducible, of another seed")
			}
		}
		rate := 1 - math.Pow(1-c.alpha/6, 6)
		sd := math.Sqrt(rate * (1 - rate) / float64(c.n))
		got := float64(alarms) / float64(c.n)
		t.Logf("significance level %v: %d alarms in %d reruns, rate %.4f, expected %.4f ± %.4f", c.alpha, alarms, c.n, got, rate, 3.9*sd)
		if got > rate+3.9*sd || got < rate*2/3-3.9*sd {
			t.Errorf("significance level %v: %d alarms in %d reruns, want a rate of %.4f", c.alpha, alarms, c.n, rate)
		}
	}
}

// Paired trials of two versions of the algorithm raise an alarm as often as the
// significance level says. Student's test is exact here, so that the bounds are 3.9
// standard deviations on both sides.
func TestFalseAlarmsOfPairs(t *testing.T) {
	const n, alpha = 3000, 0.05
	r := rand.New(rand.NewPCG(5, 5))
	alarms := 0
	old := run(1, 8)
	for range n {
		rs := records(1, 8, []int{64, 128, 256})
		for i := range rs {
			rs[i].RelSqError *= results.Num(math.Exp(0.03 * r.NormFloat64()))
		}
		now := Summarize("run", manifest(1), rs, nil, []string{"rel_sq_error"})
		now.Run.Algorithm = 2
		if c := Compare(old, now, alpha); c.Count(Worse)+c.Count(Better) > 0 {
			alarms++
		}
	}
	rate := 1 - math.Pow(1-alpha/6, 6)
	got, sd := float64(alarms)/n, math.Sqrt(rate*(1-rate)/n)
	t.Logf("%d alarms in %d reruns, rate %.4f, expected %.4f ± %.4f", alarms, n, got, rate, 3.9*sd)
	if math.Abs(got-rate) > 3.9*sd {
		t.Errorf("%d alarms in %d reruns, want a rate of %.4f ± %.4f", alarms, n, rate, 3.9*sd)
	}
}

func TestMissingCellsAndTrials(t *testing.T) {
	c := Compare(run(1, 8), sweep(1, 6, []int{64, 512}), 0.05)
	if c.Cells != 2 || len(c.CellsOnlyA) != 4 || len(c.CellsOnlyB) != 2 || c.Fewer != 4 || c.CellsOnlyB[0].Width != 512 {
		t.Errorf("%d in both, %d and %d in one, %d trials fewer", c.Cells, len(c.CellsOnlyA), len(c.CellsOnlyB), c.Fewer)
	}
	if c.Changes[0].Trials != 6 || c.Identical != 0 {
		t.Errorf("an unfinished cell: %+v, %d identical", c.Changes[0], c.Identical)
	}
}

func TestNotComparable(t *testing.T) {
	for _, c := range []struct {
		name    string
		trials  int
		edit    func(*results.Record)
		outcome string
		note    string
	}{
		{"one trial", 1, func(r *results.Record) { r.RelSqError *= 1.5 }, Few, "single trial"},
		{"missing", 4, func(r *results.Record) { r.RelSqError = results.Missing }, Unknown, "not measured"},
		{"infinite", 4, func(r *results.Record) { r.RelSqError = inf }, Unknown, "not finite"},
		{"zero", 4, func(r *results.Record) { r.RelSqError = 0 }, Better, ""}, // compared by the difference
		{"no error at all", 4, func(r *results.Record) { r.RelSqError, r.RelError = 0, 0 }, Better, ""},
		{"failed", 4, func(r *results.Record) { r.Error = "no" }, Few, "no trial on one side"},
	} {
		got := Compare(run(1, c.trials), edited(1, c.trials, 64, c.edit), 0.05)
		i := slices.IndexFunc(got.Changes, func(x Change) bool { return x.Method == "spfq" && x.Width == 64 })
		if x := got.Changes[i]; x.Outcome != c.outcome || !strings.Contains(x.Note, c.note) {
			t.Errorf("%s: %+v", c.name, x)
		}
	}
	// Counts that were not made are not zeros.
	rs := records(1, 3, []int{64})
	counted := Summarize("a", manifest(1), rs, nil, []string{"operations"})
	none := slices.Clone(rs)
	for i := range none {
		none[i].Operations = results.NoCount
	}
	wantOutcomes(t, "counts on one side", Compare(counted, Summarize("b", manifest(1), none, nil, []string{"operations"}), 0.05), map[string]int{Unknown: 2})
	// Infinite values on both sides are equal.
	a := Summarize("a", manifest(1), records(1, 3, []int{64}), nil, []string{"bits_per_weight"})
	wantOutcomes(t, "infinite bits", Compare(a, a, 0.05), map[string]int{Identical: 2})
}

func claim(statement, verdict string) results.Claim {
	return results.Claim{Kind: "power_law", Statement: statement, Where: map[string]any{"method": "spfq", "bits": "inf"}, Verdict: verdict}
}

func TestVerdicts(t *testing.T) {
	a, b := run(1, 2), run(1, 2)
	s, i, r := results.Supported, results.Inconclusive, results.Refuted
	for n, c := range [][2]string{{s, s}, {s, i}, {s, r}, {i, r}, {i, i}, {i, s}, {r, i}, {r, s}, {r, r}} {
		name := string(rune('a' + n))
		a.Claims = append(a.Claims, claim(name, c[0]))
		b.Claims = slices.Insert(b.Claims, 0, claim(name, c[1])) // order does not matter
	}
	a.Claims = append(a.Claims, claim("only a", s))
	b.Claims = append(b.Claims, claim("only b", s))
	// Two claims that say the same are matched in their order.
	a.Claims = append(a.Claims, claim("twice", s), claim("twice", r))
	b.Claims = append(b.Claims, claim("twice", s), claim("twice", r))
	c := Compare(a, b, 0.05)
	var order string
	for _, x := range c.Claims[:6] {
		order += x.A.Statement
	}
	if c.ClaimsWorse() != 3 || order != "bcdfgh" || len(c.Claims) != 11 {
		t.Errorf("%d worse, order %s", c.ClaimsWorse(), order)
	}
	if len(c.ClaimsOnlyA) != 1 || c.ClaimsOnlyA[0].Statement != "only a" || len(c.ClaimsOnlyB) != 1 || c.ClaimsOnlyB[0].Statement != "only b" {
		t.Errorf("only in one: %+v, %+v", c.ClaimsOnlyA, c.ClaimsOnlyB)
	}
}

func TestWarnings(t *testing.T) {
	a, b := run(1, 2), run(1, 2)
	b.Run.Kernel, b.Run.ConfigHash, b.Run.End = "avx2", "99999999", nil
	b.Cells[0].Failed = 2
	all := strings.Join(Compare(a, b, 0.05).Warnings, "\n")
	for _, want := range []string{"kernels differ: generic and avx2", "configs differ: tiny-0123abcd and tiny-99999999", "run: the run is not finished", "2 trials of cells failed"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not among the warnings:\n%s", want, all)
		}
	}
}
