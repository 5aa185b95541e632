// record.go turns what package sim measured into records.

package experiments

import (
	"spfq/experiments/plan"
	"spfq/internal/num"
	"spfq/results"
	"spfq/sim"
)

// newRecord is the record of a variant on an instance.
func newRecord(in instance, v plan.Variant, r sim.Result) results.Record {
	rec := results.Record{Identity: in.identity(v), Measurement: r.Measurement, Tail: r.Tail, PerLayer: r.Layers}
	if r.Err != nil {
		rec.Error = r.Err.Error()
	}
	return rec
}

// newSearch is a search of which nothing is known yet.
func newSearch(in instance, s plan.Search) results.Search {
	var out results.Search
	num.Blank(&out)
	out.Identity, out.Factor = in.identity(s.Variant), results.Num(s.Factor)
	return out
}

// failedSearch is a search that failed: its error, and nothing that looks
// measured.
func failedSearch(in instance, s plan.Search, err error) results.Search {
	out := newSearch(in, s)
	out.Error = err.Error()
	return out
}
