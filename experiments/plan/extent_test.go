// extent_test.go holds what is multiplied out against what is spanned, and has grids
// that are refused for their size before any of them is made.

package plan

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"spfq/experiments/config"
	"spfq/results"
)

// values writes n values of an axis: the numbers from first on, in a format.
func values(first, n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ","+format, first+i)
	}
	return "[" + b.String()[1:] + "]"
}

// parse reads a config without planning it.
func parse(t *testing.T, text string) *config.Document {
	t.Helper()
	doc, err := config.Parse("test.yaml", []byte(text), nil)
	if err != nil {
		t.Fatalf("%v\n%.2000s", err, text)
	}
	return doc
}

// What is counted is what is spanned: for random axes, those that have values for
// some values of others only, and groups of them that move together.
func TestExtentIsWhatIsSpanned(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	some := func(words ...string) string {
		r.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
		return "[" + strings.Join(words[:1+r.IntN(len(words))], ", ") + "]"
	}
	conditional, zipped := 0, 0
	for range 300 {
		source, step := some("gaussian", "uniform", "subspace"), some("0.1", "0.2", "data")
		text := fmt.Sprintf("name: x\ntrials: 1\nnetwork: {layers: %s, width: %s, weights: %s}\n", some("1", "2"), values(20, 1+r.IntN(3), "%d"), some("gaussian", "laplace"))
		text += "data: {source: " + source + ", samples: " + some("3", "4", "5")
		if strings.Contains(source, "subspace") {
			text += ", dimension: " + some("2", "3") + ", noise: " + some("0", "0.5", "0.7")
		}
		text += "}\nalphabet: {step: " + step
		bits := some("3", "4", "inf")
		if strings.Contains(step, "data") {
			text += ", C: " + some("1", "2", "3")
			bits = some("3", "4")
		}
		text += ", bits: " + bits + ", levels: " + some("signed", "paper") + "}\nmethods: [{name: spfq, align: " + some("none", "exact", "order-1") + "}, {name: rtn}]\n"
		a := parse(t, text).Spec.Axes
		// Groups of two axes of equal length, of those that there are.
		var zip [][]string
		paths := []string{"network.width", "data.samples", "data.source", "data.noise", "data.dimension", "alphabet.step", "alphabet.C", "alphabet.bits", "alphabet.levels", "methods.0.align"}
		r.Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
		for i := 0; i+1 < len(paths) && len(zip) < 3; i += 2 {
			if n := len(a.At(paths[i])); n > 1 && n == len(a.At(paths[i+1])) {
				zip = append(zip, paths[i:i+2])
				zipped++
			}
		}
		var spanned, variantsSpanned int
		settings(a, newWalker(zip), func(results.Identity) bool { spanned++; return true })
		variants(a, newWalker(zip), func(results.Identity) bool { variantsSpanned++; return true })
		if strings.Contains(text, "noise") || strings.Contains(text, "C:") {
			conditional++
		}
		if e := extentOf(a, zip); e.settings != uint64(spanned) || e.variants != uint64(variantsSpanned) {
			t.Fatalf("%d settings and %d variants are counted, %d and %d spanned, zipped %v:\n%s", e.settings, e.variants, spanned, variantsSpanned, zip, text)
		}
	}
	if conditional < 50 || zipped < 50 {
		t.Errorf("of the configs %d have conditional axes, and there are %d groups: the test shows nothing", conditional, zipped)
	}
}

// Grids that are too large are refused in a message that says which axes multiply to
// what and how much is meant, in the memory that their axes take.
func TestTooLarge(t *testing.T) {
	long := values(1, 1000, "%d")
	grid := func(layers, width, samples, alphabet, methods, sweep string) string {
		return "name: x\ntrials: 1\nnetwork: {layers: " + layers + ", width: " + width + "}\ndata: {samples: " + samples + ", test_samples: " + long +
			"}\nalphabet: {" + alphabet + "}\nmethods: " + methods + "\n" + sweep
	}
	include := func(text string, n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, text+",", 10_000+i)
		}
		return "sweep: {include: [" + b.String() + "]}\n"
	}
	const spfq = "[{name: spfq}]"
	for name, c := range map[string]struct{ text, want string }{
		"a million and a thousand": {grid("1", values(1, 1001, "%d"), "4", "step: 1", spfq, ""),
			"the axes span 1001000 settings and 1 variants (network.width 1001 × data.test_samples 1000), 1001000 cells, more than 1000000: want fewer values"},
		"settings times variants": {grid("1", "8", "4", "step: "+values(1, 600, "0.%03d")+", bits: [3, inf]", "[{name: rtn}, {name: spfq, align: [none, exact]}]", ""),
			"the axes span 1000 settings and 3600 variants (data.test_samples 1000 × methods 3 × alphabet.step 600 × alphabet.bits 2), 3600000 cells"},
		"more than an int64": {grid(long, long, long, "step: "+values(1, 1000, "0.%04d")+", activation_bits: "+values(2, 20, "%d")+", bits: "+values(2, 20, "%d")+", levels: [signed, paper]",
			"[{name: rtn, align: "+values(1, 1000, "order-%d")+", order: [natural, norm, weight]}, {name: spfq, align: "+values(1, 1000, "order-%d")+"}]", ""),
			"the axes span 1000000000000 settings and 3200000000 variants (network.layers 1000 × network.width 1000 × data.samples 1000 × data.test_samples 1000 × methods 4000 × alphabet.step 1000 × alphabet.bits 20 × alphabet.levels 2 × alphabet.activation_bits 20), far more than 1000000 cells"},
		"three groups that move together": {"name: x\ntrials: 1\nnetwork: {layers: " + long + ", width: " + long + ", weights: gaussian}\ndata: {samples: " + long + ", test_samples: " + long + "}\nalphabet: {step: " + values(1, 1000, "0.%04d") + "}\nmethods: [{name: rtn, align: " + values(1, 1000, "order-%d") + "}]\n" +
			"sweep: {zip: [[network.layers, alphabet.step], [network.width, data.test_samples], [data.samples, methods.0.align]]}\n",
			"the axes span far more than 1000000 settings and 1000000 variants (network.layers with alphabet.step 1000 × network.width with data.test_samples 1000"},
		"layers": {grid("[1, 1000]", values(1, 100, "%d"), "4", "step: 1", spfq, ""),
			"the axes span 200000 settings (network.layers 2 × network.width 100 × data.test_samples 1000) of up to 1001 sizes of layers, 200200000 sizes, more than 10000000"},
		"an inclusion": {grid("1", "8", "4", "step: 1", spfq, "sweep: {include: [{network.layers: 2}, {network.width: "+long+", data.samples: [5, 6]}]}\n"),
			"sweep.include[1]: the axes span 2000000 settings"},
		"inclusions": {grid("1", "8", "4", "step: 1", spfq, include("{network.width: [%d, 9]}", 600)),
			"sweep.include: the grid and 600 inclusions span 1201000 cells and 2402000 sizes of layers, more than 1000000 and 10000000"},
	} {
		doc := parse(t, c.text)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		p, err := New(doc.Spec, doc.Fail)
		runtime.ReadMemStats(&after)
		var bad *config.Error
		if p != nil || err != nil || !errors.As(doc.Err(), &bad) || len(bad.Problems) != 1 || !strings.Contains(doc.Err().Error(), c.want) {
			t.Errorf("%s: %v, %.600v\nwant %s", name, err, doc.Err(), c.want)
		}
		// A setting takes about 500 bytes, so that a million take 500 MB. The dimensions
		// of the axes of each of 601 grids take about 10 kB.
		if took := after.TotalAlloc - before.TotalAlloc; took > 64<<20 {
			t.Errorf("%s: refusing it takes %d MiB", name, took>>20)
		}
	}
}

// More conditions than can be held against a grid are refused, and as many as can are
// not.
func TestTooManyConditions(t *testing.T) {
	text := func(what string, n int) string {
		conditions := strings.Repeat(map[string]string{"claims": "{kind: power_law, metric: rel_sq_error, over: width, exponent: [-1, 0]},", "exclude": "{width: 7},"}[what], n)
		list := map[string]string{"claims": "claims: [" + conditions + "]\n", "exclude": "sweep: {exclude: [" + conditions + "]}\n"}[what]
		return "name: x\ntrials: 1\nnetwork: {layers: 1, width: " + values(1, 1000, "%d") + "}\ndata: {samples: " + values(1, 100, "%d") + "}\nalphabet: {step: 1}\nmethods: [{name: rtn}]\n" + list
	}
	for _, c := range []struct {
		what, want string
		n          int
	}{
		{"claims", "claims: 10001 claims about a grid of 100000 cells are 1000100000 comparisons, more than 1000000000", 10_001},
		{"exclude", "sweep.exclude: 10001 exclusions about a grid of 100000 cells are 1000100000 comparisons", 10_001},
		{"claims", "", 20},
		{"exclude", "", 1000},
	} {
		doc := parse(t, text(c.what, c.n))
		p, err := New(doc.Spec, doc.Fail)
		bad := doc.Err()
		if c.want == "" {
			if p == nil || err != nil || bad != nil {
				t.Errorf("%d of %s: %v, %v", c.n, c.what, err, bad)
			}
		} else if p != nil || bad == nil || !strings.Contains(bad.Error(), c.want) {
			t.Errorf("%d of %s: %.300v\nwant %s", c.n, c.what, bad, c.want)
		}
	}
}

// Of a condition's values that no cell has, the first twenty are told and the number
// of the others; what a column has instead is told as briefly.
func TestManyAbsentValues(t *testing.T) {
	for _, where := range []string{"sweep: {where: {width: %s}}\n", "sweep: {exclude: [{width: %s}]}\n", "claims: [{kind: power_law, metric: rel_sq_error, over: width, where: {width: %s}, exponent: [-1, 0]}]\n"} {
		doc := parse(t, "name: x\ntrials: 1\nnetwork: {layers: 1, width: "+values(1, 1000, "%d")+"}\ndata: {samples: 4}\nalphabet: {step: 1}\nmethods: [{name: rtn}]\n"+fmt.Sprintf(where, values(900, 100_000, "%d")))
		if _, err := New(doc.Spec, doc.Fail); err != nil {
			t.Fatal(err)
		}
		var bad *config.Error
		if !errors.As(doc.Err(), &bad) || len(bad.Problems) != 21 || len(doc.Err().Error()) > 20_000 ||
			!strings.Contains(doc.Err().Error(), "no record of this config has width = 1001; width is 1, 2, ") || !strings.Contains(doc.Err().Error(), " or one of 981 others") ||
			!strings.HasSuffix(bad.Problems[20].String(), "nor 99879 further values of this list") {
			t.Errorf("%s: %.3000v", where, doc.Err())
		}
	}
}

// A record of a plan of a million trials takes memory for the trials up to its own.
func TestSurveyOfManyTrials(t *testing.T) {
	doc := parse(t, "name: x\ntrials: 1000000\nnetwork: {layers: 1, width: "+values(8, 100, "%d")+"}\ndata: {samples: 4}\nalphabet: {step: 1}\nmethods: [{name: rtn}]\n")
	p, err := New(doc.Spec, doc.Fail)
	if err != nil {
		t.Fatal(err)
	}
	held := &results.Held{}
	for s := range p.Settings {
		for _, trial := range []int{0, 2} {
			at := Task{s, trial}
			held.Records = append(held.Records, results.Record{Identity: p.Identity(at, p.Settings[s].Variants[0]), Error: "failed", Provenance: results.Provenance{Key: p.RecordKey(at, 0)}})
		}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s := p.Survey(held, Versions)
	works, coverage := s.Works(RerunNone), s.Coverage()
	runtime.ReadMemStats(&after)
	for i, w := range works {
		if w.Tasks != 999_998 || coverage[i].Done != 2 || s.Seen(i) != 3 {
			t.Fatalf("setting %d: %d trials to run, %d done, the last of them %d; want 999998, 2 and 3", i, w.Tasks, coverage[i].Done, s.Seen(i))
		}
	}
	if got := fmt.Sprint(s.At(Task{5, 2}, 0).State, s.At(Task{5, 1}, 0).State, s.At(Task{5, 999_999}, 0).State); got != fmt.Sprint(StateFailed, StateNew, StateNew) {
		t.Errorf("states %s", got)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 8<<20 { // rows of all trials would take 800 MB
		t.Errorf("the survey takes %d MiB", took>>20)
	}
}
