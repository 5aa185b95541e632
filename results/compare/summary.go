// summary.go reduces a run to what a comparison needs of it.

package compare

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"spfq/results"
	"spfq/results/stat"
)

// Summary is a run, reduced: what it was, its claims, and some metrics of its
// cells. A baseline is a Summary in a file.
type Summary struct {
	Source string           `json:"-"` // folder or file it comes from
	Run    results.Manifest `json:"run"`
	Claims []results.Claim  `json:"claims"` // without the bounds of single records
	Cells  []Cell           `json:"cells"`
}

// Cell is one variant on one network and data set.
type Cell struct {
	results.Identity          // Trial is 0
	Trials           []int    `json:"trials"` // numbers of those that did not fail, ascending
	Failed           int      `json:"failed"`
	Metrics          []Metric `json:"metrics"`

	records []*results.Record // of Trials; nil if read from a baseline
}

// Metric is one metric of a cell.
type Metric struct {
	Name   string        `json:"name"`
	Mean   results.Num   `json:"mean"` // over Values; missing if one is, or is infinite
	Lo     results.Num   `json:"lo"`   // ends of its 95% interval, missing for a single trial
	Hi     results.Num   `json:"hi"`
	Values []results.Num `json:"values"` // of the cell's Trials
}

// confidence of the intervals shown.
const confidence = 0.95

// BlessedMetrics are the metrics that a baseline holds.
var BlessedMetrics = []string{"rel_sq_error", "max_column_error", "test_rel_sq_error", "max_v", "operations"}

// Summarize reduces a run to the given metrics, numeric columns of a record. Of
// two records of the same trial the first counts.
func Summarize(source string, run results.Manifest, records []results.Record, claims []results.Claim, metrics []string) Summary {
	run.Diff = ""
	s := Summary{Source: source, Run: run, Claims: slices.Clone(claims)}
	for i := range s.Claims {
		s.Claims[i].Bounds = nil
	}
	index := map[string]int{}
	for i := range records {
		r := &records[i]
		k := cellText(&r.Identity)
		at, ok := index[k]
		if !ok {
			at = len(s.Cells)
			index[k] = at
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

// estimate fills in the mean and its interval.
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

// cellColumns are the columns by which cells of two runs are matched.
var cellColumns = slices.DeleteFunc(results.Columns(results.Identity{}), func(c results.Column) bool {
	return c.Name == "trial" || c.Name == "seed"
})

func cellText(id *results.Identity) string {
	texts := make([]string, len(cellColumns))
	for i, c := range cellColumns {
		texts[i] = c.Text(id)
	}
	return strings.Join(texts, "\x00")
}

func floats(values []results.Num) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = float64(v)
	}
	return out
}
