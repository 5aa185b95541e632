// record.go makes records of what package sim measured.

package experiments

import (
	"spfq/experiments/plan"
	"spfq/internal/num"
	"spfq/results"
	"spfq/sim"
)

// newRecord returns the record of a variant on an instance, without its provenance.
func newRecord(in instance, v plan.Variant, r sim.Result) results.Record {
	rec := results.Record{Identity: in.identity(v), Measurement: r.Measurement, Tail: r.Tail, PerLayer: r.Layers}
	if r.Err != nil {
		rec.Error = r.Err.Error()
	}
	return rec
}

// newSearch returns a search in which nothing has been measured yet.
func newSearch(in instance, s plan.Search) results.Search {
	var out results.Search
	num.Blank(&out)
	out.Identity, out.Factor = in.identity(s.Variant), results.Num(s.Factor)
	return out
}

// failedSearch returns a search that failed. It has the error, and every number is
// missing.
func failedSearch(in instance, s plan.Search, err error) results.Search {
	out := newSearch(in, s)
	out.Error = err.Error()
	return out
}
