// html_table.go prepares tables for the page.

package report

import (
	"fmt"
	"html/template"
	"math"
	"strconv"

	"spfq/results"
)

// A tableView is what the page shows of a table.
type tableView struct {
	Name, Title string
	Notes       []string
	Cols        []colView
	Rows        [][]valueView
	Omitted     int    // rows beyond maxRows, which the CSV file has
	Empty       string // why there are no rows
	Files       []string
}

// A colView is the head of a column. Doc says what it means, where that is known.
type colView struct {
	Name, Doc string
	Right     bool
}

// A valueView is a cell. Cells of numbers are sorted by Key, which is "" for a
// missing value; others by their text.
type valueView struct {
	Text    string
	Numeric bool
	Key     string

	Badge   bool          // a verdict
	Notes   []string      // below the text
	Picture template.HTML // in place of the text
}

func (t table) view() tableView {
	v := tableView{Name: t.name, Title: t.title, Notes: t.notes, Empty: t.empty}
	t.limit() // of those that are on the page alone
	v.Omitted = t.omitted
	cols, rows := t.printed()
	for _, c := range cols {
		v.Cols = append(v.Cols, colView{Name: c.name, Right: c.right})
	}
	shown := 0 // column in print
	v.Rows = make([][]valueView, len(rows))
	for i, c := range t.cols {
		if c.show == csvOnly {
			continue
		}
		v.Cols[shown].Doc = columnDoc(c.name)
		for r := range rows {
			cell := valueView{Text: rows[r][shown]}
			if val := t.rows[r][i]; val.numeric {
				cell.Numeric = true
				cell.Key = sortKey(val.est.Value)
			}
			v.Rows[r] = append(v.Rows[r], cell)
		}
		shown++
	}
	return v
}

// sortKey is a number as JavaScript reads it.
func sortKey(x float64) string {
	switch {
	case math.IsNaN(x):
		return ""
	case math.IsInf(x, 0):
		return fmt.Sprintf("%sInfinity", map[bool]string{true: "-"}[x < 0])
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// columnDoc is what a column means, where it is one of the records.
func columnDoc(name string) string {
	for _, row := range []any{&results.Record{}, &results.Layer{}, &results.Search{}, &results.Claim{}} {
		if c, ok := results.Lookup(row, name); ok {
			return c.Doc
		}
	}
	return ""
}
