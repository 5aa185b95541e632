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
	Omitted     int    // number of rows beyond maxRows, which only the CSV file has
	Empty       string // why there are no rows
	Files       []string
}

// A colView is the head of a column. Doc says what the column means; it is empty
// for columns that are none of the records'.
type colView struct {
	Name, Doc string
	Right     bool // aligned to the right
}

// A valueView is what the page shows of a value of a table. Numbers are sorted by
// Key, which is "" for a missing value, and other values by their text.
type valueView struct {
	Text    string
	Numeric bool
	Key     string

	Badge   bool          // whether it is a verdict, shown as a badge
	Notes   []string      // shown below the text
	Picture template.HTML // shown in place of the text, if there is one
}

// view prepares a table for the page.
func (t table) view() tableView {
	v := tableView{Name: t.name, Title: t.title, Notes: t.notes, Empty: t.empty}
	t.limit() // tables that have no files were not limited when made
	v.Omitted = t.omitted
	cols, rows := t.printed()
	for _, c := range cols {
		v.Cols = append(v.Cols, colView{Name: c.name, Right: c.right})
	}
	shown := 0 // index among the columns in print
	v.Rows = make([][]valueView, len(rows))
	for i, c := range t.cols {
		if c.show == csvOnly {
			continue
		}
		v.Cols[shown].Doc = columnDoc(c.name)
		for r := range rows {
			out := valueView{Text: rows[r][shown]}
			if val := t.rows[r][i]; val.numeric {
				out.Numeric = true
				out.Key = sortKey(val.est.Value)
			}
			v.Rows[r] = append(v.Rows[r], out)
		}
		shown++
	}
	return v
}

// sortKey is a number as JavaScript reads it, "" for NaN.
func sortKey(x float64) string {
	switch {
	case math.IsNaN(x):
		return ""
	case math.IsInf(x, 0):
		return fmt.Sprintf("%sInfinity", map[bool]string{true: "-"}[x < 0])
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// columnDoc says what a column of records, layers, searches or claims means; it is
// empty for other columns.
func columnDoc(name string) string {
	for _, row := range []any{&results.Record{}, &results.Layer{}, &results.Search{}, &results.Claim{}} {
		if c, ok := results.Lookup(row, name); ok {
			return c.Doc
		}
	}
	return ""
}
