// Package plantest makes plans for tests, and records of them whose numbers the
// tests choose: nothing is drawn or quantized.
package plantest

import (
	"fmt"
	"strings"
	"testing"

	"spfq/experiments/config"
	"spfq/experiments/plan"
	"spfq/results"
)

// Parse plans a config with key.path=value changes applied.
func Parse(t testing.TB, text string, sets ...string) *plan.Plan {
	t.Helper()
	doc, err := config.Parse("test.yaml", []byte(text), sets)
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(doc.Spec, doc.Fail)
	if err == nil {
		err = doc.Err()
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Measure returns what a folder holds once a plan was run in it, in the order of
// the plan: records and searches with the keys that a run gives them, and with
// numbers that are functions of their identities.
func Measure(p *plan.Plan, record func(*results.Record), search func(*results.Search)) *results.Held {
	held := &results.Held{}
	for t := range p.Tasks() {
		in, setting := p.Instance(t), p.Settings[t.Setting]
		for i, v := range setting.Variants {
			r := results.Record{Identity: p.Identity(t, v), Provenance: results.Provenance{Key: p.RecordKey(t, i)}}
			for i := range in.Layers() {
				r.PerLayer = append(r.PerLayer, results.Layer{Layer: i + 1, Inputs: in.Widths[i], Neurons: in.Widths[i+1],
					Step: r.Step.Num(), MaxNorm: results.Num(in.Widths[i]), MaxNormQ: results.Num(in.Widths[i])})
			}
			record(&r)
			held.Records = append(held.Records, r)
		}
		for i, s := range setting.Searches {
			r := results.Search{Identity: p.Identity(t, s.Variant), Factor: results.Num(s.Factor), Provenance: results.Provenance{Key: p.SearchKey(t, i)}}
			search(&r)
			held.Searches = append(held.Searches, r)
		}
	}
	return held
}

// Large are configs of a million trials: of many settings, of many variants, and
// of long axes that move together.
var Large = map[string]string{
	"settings": "name: x\ntrials: 1000000\nnetwork: {layers: 1, width: " + list(1000, "%d") + "}\ndata: {samples: " + list(100, "%d") + "}\nalphabet: {step: 1}\nmethods: [{name: rtn}, {name: spfq}]\nsweep: {exclude: [{width: 7, method: rtn}]}\nclaims: [{kind: power_law, metric: rel_sq_error, over: width, where: {method: spfq}, exponent: [-2, 0]}, {kind: bound, theorem: layer_data, where: {method: spfq}}]\n",
	"variants": "name: x\ntrials: 1000000\nnetwork: {layers: 1, width: [8, 16]}\ndata: {samples: 4}\nalphabet: {step: " + list(400, "0.%03d") + ", bits: " + list(30, "%d") + ", levels: paper}\nmethods: [{name: rtn}, {name: spfq, align: [none, exact]}]\n",
	"zipped":   "name: x\ntrials: 1000000\nnetwork: {layers: 1, width: " + list(2000, "%d") + "}\ndata: {samples: " + list(2000, "%d") + ", test_samples: " + list(2000, "%d") + "}\nalphabet: {step: 1}\nmethods: [{name: rtn}]\nsweep: {zip: [[network.width, data.samples, data.test_samples]]}\n",
}

// list writes a list of n values, numbered from 1.
func list(n int, format string) string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf(format, i+1))
	}
	return "[" + strings.Join(out, ", ") + "]"
}
