// summary.go reduces a run to what a comparison needs of it.

package compare

import (
	"cmp"
	"math"
	"slices"

	"spfq/results"
	"spfq/results/stat"
)

// Summary is what a comparison needs of a run: its manifest, its claims, and some
// metrics of its cells. A baseline is a Summary in a file.
type Summary struct {
	Source string           `json:"-"` // folder or file that it was read from
	Run    results.Manifest `json:"run"`
	Claims []results.Claim  `json:"claims"` // without Bounds, the values of single records
	Cells  []Cell           `json:"cells"`
}

// Cell is one setting with one variant, and what was measured of it.
type Cell struct {
	results.Identity          // identity of its first record, with Trial set to 0
	Trials           []int    `json:"trials"` // numbers of the trials that did not fail, ascending
	Failed           int      `json:"failed"` // number of trials that failed
	Metrics          []Metric `json:"metrics"`

	records []*results.Record // the record of each of Trials; nil if the cell was read from a baseline
}

// Metric is one metric of a cell.
type Metric struct {
	Name   string        `json:"name"`
	Mean   results.Num   `json:"mean"` // mean of Values; missing if one of them is missing or infinite, or there are none
	Lo     results.Num   `json:"lo"`   // Lo and Hi are the ends of the mean's 95% interval, missing for a single trial
	Hi     results.Num   `json:"hi"`
	Values []results.Num `json:"values"` // value in each of the cell's Trials
}

// confidence is that of the intervals of means and changes.
const confidence = 0.95

// BlessedMetrics are the metrics that a baseline holds.
var BlessedMetrics = []string{"rel_sq_error", "max_column_error", "test_rel_sq_error", "max_v", "operations"}

// Summarize reduces a run to its claims and to the given metrics, names of numeric
// columns of a record. It panics at any other name. Of two records of the same
// trial of a cell, the first counts.
func Summarize(source string, run results.Manifest, records []results.Record, claims []results.Claim, metrics []string) Summary {
	run.Diff = ""
	s := Summary{Source: source, Run: run, Claims: slices.Clone(claims)}
	for i := range s.Claims {
		s.Claims[i].Bounds = nil
	}
	index := map[results.Cell]int{} // index in s.Cells, by setting and variant
	for i := range records {
		r := &records[i]
		cell := r.Identity.Cell()
		at, ok := index[cell]
		if !ok {
			at = len(s.Cells)
			index[cell] = at
			s.Cells = append(s.Cells, Cell{Identity: r.Identity})
			s.Cells[at].Trial = 0
		}
		if c := &s.Cells[at]; r.Error != "" {
			c.Failed++
		} else if !slices.ContainsFunc(c.records, func(o *results.Record) bool { return o.Trial == r.Trial }) {
			c.records = append(c.records, r)
		}
	}
	for i := range s.Cells {
		c := &s.Cells[i]
		slices.SortFunc(c.records, func(a, b *results.Record) int { return cmp.Compare(a.Trial, b.Trial) })
		for _, r := range c.records {
			c.Trials = append(c.Trials, r.Trial)
		}
		for _, name := range metrics {
			column, ok := results.Lookup(results.Record{}, name)
			if !ok || !column.Numeric() {
				panic("compare: no numeric column " + name)
			}
			m := Metric{Name: name}
			for _, r := range c.records {
				v, _ := column.Number(r)
				m.Values = append(m.Values, results.Num(v))
			}
			m.estimate()
			c.Metrics = append(c.Metrics, m)
		}
	}
	return s
}

// estimate computes the mean and its interval from the values.
func (m *Metric) estimate() {
	m.Mean, m.Lo, m.Hi = results.Missing, results.Missing, results.Missing
	e, err := stat.Mean(floats(m.Values), confidence)
	if err != nil || e.N == 0 { // a value that is not finite, or none
		return
	}
	m.Mean = results.Num(e.Value)
	if !math.IsInf(e.Interval.Hi, 1) {
		m.Lo, m.Hi = results.Num(e.Interval.Lo), results.Num(e.Interval.Hi)
	}
}

// metric returns the metric of a name, nil if the cell has none.
func (c *Cell) metric(name string) *Metric {
	for i := range c.Metrics {
		if c.Metrics[i].Name == name {
			return &c.Metrics[i]
		}
	}
	return nil
}

func floats(values []results.Num) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = float64(v)
	}
	return out
}
