// series.go groups records into the series for which a claim is judged.

package claim

import (
	"math"
	"slices"
	"strings"

	"spfq/results"
	"spfq/results/stat"
)

// series is records that differ only in the trial and in the columns that change along
// the claim's axis.
type series[R any] struct {
	label   string // what sets it apart from the other series of the claim
	records []R
}

// split groups records by all columns of their identity except the trial and the given
// columns, and labels the groups by the columns in which they differ.
func split[R any](records []R, id func(*R) *results.Identity, along ...string) []series[R] {
	var columns []results.Column
	for _, c := range results.Columns(results.Identity{}) {
		if c.Name != "trial" && !slices.Contains(along, c.Name) {
			columns = append(columns, c)
		}
	}
	ids := make([]*results.Identity, len(records))
	for i := range records {
		ids[i] = id(&records[i])
	}
	groups := results.PartitionBy(ids, columns...)
	out := make([]series[R], len(groups.First))
	if len(out) == 1 {
		out[0].records = records // do not copy the records of large runs without need
		return out
	}
	for i, k := range groups.Of {
		out[k].records = append(out[k].records, records[i])
	}
	firsts := make([]*results.Identity, len(out))
	for k, i := range groups.First {
		firsts[k] = ids[i]
	}
	for _, c := range results.Distinguishing(firsts, append([]string{"trial"}, along...)...) {
		for k := range out {
			out[k].label = strings.TrimPrefix(out[k].label+", "+c.Name+" = "+c.Text(firsts[k]), ", ")
		}
	}
	return out
}

// matching returns the records that satisfy the conditions. It may return the list that it
// was given, and so may split in a series; neither must be changed.
func matching[R any](records []R, w results.Where, id func(*R) *results.Identity) []R {
	if len(w) == 0 {
		return records
	}
	var out []R
	matches := w.Matcher()
	for i := range records {
		if matches(id(&records[i])) {
			out = append(out, records[i])
		}
	}
	return out
}

func recordIdentity(r *results.Record) *results.Identity { return &r.Identity }
func searchIdentity(s *results.Search) *results.Identity { return &s.Identity }

// records returns the series of the records that satisfy the conditions. In a series the
// given columns, and those that change together with them, may differ.
func (d *Data) records(w results.Where, along ...string) []series[results.Record] {
	return split(matching(d.Records, w, recordIdentity), recordIdentity, d.Grid.Along(along...)...)
}

// points arranges values by x and trial. It returns a point for each x, in ascending
// order, with a value y for each trial: NaN if the trial is missing, or if several records
// have the same x and trial.
func points[R any](records []R, trials int, x func(*R) float64, trial func(*R) int, y func(*R) float64) []stat.Point {
	var out []stat.Point
	index := map[float64]int{}
	taken := map[[2]int]bool{}
	for i := range records {
		r := &records[i]
		at, ok := index[x(r)]
		if !ok {
			at = len(out)
			index[x(r)] = at
			missing := make([]float64, trials)
			for t := range missing {
				missing[t] = math.NaN()
			}
			out = append(out, stat.Point{X: x(r), Y: missing})
		}
		if taken[[2]int{at, trial(r)}] {
			out[at].Y[trial(r)] = math.NaN() // there are two values for one x and trial, of which neither counts
			continue
		}
		taken[[2]int{at, trial(r)}] = true
		out[at].Y[trial(r)] = y(r)
	}
	slices.SortFunc(out, func(a, b stat.Point) int {
		if a.X < b.X {
			return -1
		}
		return 1
	})
	return out
}
