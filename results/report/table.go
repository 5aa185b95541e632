// table.go is a table before it is written in one of its forms: text, Markdown,
// CSV or LaTeX.

package report

import (
	"fmt"
	"io"
	"iter"
	"math"
	"slices"

	"spfq/results"
	"spfq/results/stat"
)

// A table is columns and rows, from which all its forms are written.
type table struct {
	name  string   // name of its files, without the extension
	title string   // what the table shows, in a phrase
	notes []string // sentences for the reader, such as which columns have one value
	cols  []col
	rows  [][]value // one value for each column
	empty string    // why there are no rows, if there are none

	// more has further rows, which only the CSV form has. They are made one at a time
	// as they are written, and each may reuse the memory of the one before.
	more    iter.Seq[[]value]
	omitted int // number of rows in more
}

// maxRows is the largest number of rows that the printed forms and the page have.
// The CSV form has all rows.
const maxRows = 2000

// further adds n rows that only the CSV form has; the other forms say how many
// they lack.
func (t *table) further(n int, rows iter.Seq[[]value]) {
	if n > 0 {
		t.more, t.omitted = rows, n
	}
}

// limit leaves the rows beyond the first maxRows to the CSV form.
func (t *table) limit() {
	if n := len(t.rows) - maxRows; n > 0 {
		t.further(n, slices.Values(t.rows[maxRows:]))
		t.rows = t.rows[:maxRows]
	}
}

// remarks are the notes below the printed forms: those of the table, and how many
// rows are left out.
func (t table) remarks() []string {
	if t.omitted == 0 {
		return t.notes
	}
	return append(slices.Clip(t.notes), fmt.Sprintf("%d more rows are in %s.csv.", t.omitted, t.name))
}

// A col is a column of a table.
type col struct {
	name string
	show show
	wrap int // largest number of characters in a line of printed text; 0 for no limit

	right bool // aligned to the right; the method printed sets it for columns of numbers
}

// show says in which forms of the table a column appears, and how.
type show int

const (
	everywhere   show = iota // as one column in all forms
	withInterval             // in print as x ± h, in CSV as three columns
	withEnds                 // in print as x [lo, hi], each row in its own notation; in CSV as three columns
	meanOnly                 // in print without the interval, in CSV as three columns
	csvOnly                  // in CSV as one column, not in print
)

// A value is a text, or a number that may have an interval.
type value struct {
	text    string
	numeric bool            // whether it is a number
	est     compactEstimate // the number, with its interval
}

// compactEstimate is what a table keeps of a stat.Estimate. Large tables have
// millions of them.
type compactEstimate struct {
	Value    float64
	Interval stat.Interval
}

func (e compactEstimate) estimate() stat.Estimate {
	return stat.Estimate{Value: e.Value, Interval: e.Interval}
}

// words is a text as a value.
func words(s string) value { return value{text: s} }

// number is a number without an interval as a value.
func number(x float64) value {
	return estimated(stat.Estimate{Value: x, Interval: stat.Interval{Lo: math.NaN(), Hi: math.NaN()}})
}

// estimated is an estimate as a value.
func estimated(e stat.Estimate) value {
	return value{numeric: true, est: compactEstimate{e.Value, e.Interval}}
}

// identityValue is the value of an identity column. The seed is treated as a text,
// since a float64 would not hold all its digits.
func identityValue(c results.Column, id *results.Identity) value {
	if x, ok := c.Number(id); ok && c.Name != "seed" {
		return number(x)
	}
	return words(c.Text(id))
}

// A form is a file format of tables.
type form struct {
	ext   string
	write func(table, io.Writer) error
}

// forms are the file formats of every table.
var forms = []form{{".txt", table.text}, {".md", table.markdown}, {".csv", table.csv}, {".tex", table.latex}}

// printed returns the columns of the printed forms and the text of each row in
// each of them.
func (t table) printed() (cols []col, rows [][]string) {
	rows = make([][]string, len(t.rows))
	for i, c := range t.cols {
		if c.show == csvOnly {
			continue
		}
		var sizes []float64
		for _, row := range t.rows {
			if row[i].numeric {
				c.right = true
				if c.show == withInterval {
					sizes = append(sizes, size(row[i].est.estimate()))
				} else {
					sizes = append(sizes, math.Abs(row[i].est.Value))
				}
			}
		}
		n := notationOf(sizes)
		for r, row := range t.rows {
			rows[r] = append(rows[r], n.value(row[i], c.show))
		}
		if c.show == withInterval {
			c.name += fmt.Sprintf(" ± %g%%", 100*confidence)
		}
		cols = append(cols, c)
	}
	return cols, rows
}

// value writes a value of a table for the printed forms.
func (n notation) value(v value, how show) string {
	switch {
	case v.numeric && how == withInterval:
		return n.plusMinus(v.est.estimate())
	case v.numeric && how == withEnds:
		return bracket(v.est.Value, v.est.Interval.Lo, v.est.Interval.Hi)
	case v.numeric:
		return n.number(v.est.Value)
	case v.text == "":
		return missing
	}
	return v.text
}

// threefold reports whether a column becomes three in CSV: the value and the two
// ends of its interval.
func (s show) threefold() bool { return s == withInterval || s == withEnds || s == meanOnly }
