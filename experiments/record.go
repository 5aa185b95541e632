// record.go turns what package sim measured into records.

package experiments

import (
	"spfq/internal/num"
	"spfq/results"
	"spfq/sim"
)

// newRecord is the record of a variant on an instance.
func newRecord(in sim.Instance, v Variant, r sim.Result) results.Record {
	rec := results.Record{Identity: identity(in, v), Measurement: r.Measurement, Tail: r.Tail, PerLayer: r.Layers}
	if r.Err != nil {
		rec.Error = r.Err.Error()
	}
	return rec
}

// newSearch is a search of which nothing is known yet.
func newSearch(in sim.Instance, v SearchVariant) results.Search {
	var s results.Search
	num.Blank(&s)
	s.Identity, s.Factor = identity(in, v.Variant), results.Num(v.Factor)
	return s
}

// failedSearch is a search that failed: its error, and nothing that looks
// measured.
func failedSearch(in sim.Instance, v SearchVariant, err error) results.Search {
	s := newSearch(in, v)
	s.Error = err.Error()
	return s
}
