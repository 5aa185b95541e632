// table.go is a table before it takes a form.

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

// A table has one list of rows for all its forms.
type table struct {
	name  string   // of its files
	title string   // a phrase
	notes []string // what a reader needs to know: what is fixed, what failed
	cols  []col
	rows  [][]value
	empty string // why there are no rows, if there are none

	// Rows behind the others that only the CSV form has; made as they are written,
	// each in the place of the one before.
	more    iter.Seq[[]value]
	omitted int // how many
}

// maxRows is how many rows of a table are in print and on the page. Its CSV form
// has all.
const maxRows = 2000

// further has n rows more in CSV, and says so in print.
func (t *table) further(n int, rows iter.Seq[[]value]) {
	if n > 0 {
		t.more, t.omitted = rows, n
	}
}

// limit leaves the rows behind the first maxRows to CSV.
func (t *table) limit() {
	if n := len(t.rows) - maxRows; n > 0 {
		t.further(n, slices.Values(t.rows[maxRows:]))
		t.rows = t.rows[:maxRows]
	}
}

// remarks are the notes of the printed forms.
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
	wrap int // printed text is broken into lines of so many characters; 0 for never

	right bool // aligned to the right; printed sets it for numbers
}

// show says in which forms of the table a column appears, and how.
type show int

const (
	everywhere   show = iota
	withInterval      // in print as x ± h, in CSV as three columns
	withEnds          // in print as x [lo, hi], each row in its own notation; in CSV as three columns
	meanOnly          // in print without the interval, in CSV as three columns
	csvOnly
)

// A value is a text, or a number that may have an interval.
type value struct {
	text    string
	numeric bool
	est     shown
}

// shown is what a table has of an estimate, of which large tables have millions.
type shown struct {
	Value    float64
	Interval stat.Interval
}

func (s shown) estimate() stat.Estimate { return stat.Estimate{Value: s.Value, Interval: s.Interval} }

func words(s string) value { return value{text: s} }

func number(x float64) value {
	return estimated(stat.Estimate{Value: x, Interval: stat.Interval{Lo: math.NaN(), Hi: math.NaN()}})
}

func estimated(e stat.Estimate) value { return value{numeric: true, est: shown{e.Value, e.Interval}} }

// identityValue is the value of an identity column. A seed is a name, too long
// for a float64.
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

var forms = []form{{".txt", table.text}, {".md", table.markdown}, {".csv", table.csv}, {".tex", table.latex}}

// printed returns the columns and texts that the printed forms show.
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

// value writes a value of a table in print.
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

// threefold reports whether a column is three in CSV.
func (s show) threefold() bool { return s == withInterval || s == withEnds || s == meanOnly }
