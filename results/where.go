// where.go selects identities by their columns.

package results

import (
	"strings"
)

// Where selects the identities that satisfy all of its conditions.
type Where []Condition

// Condition demands that a column have one of the values, which are texts as in the CSV
// files.
type Condition struct {
	Column string
	Values []string
}

// On returns the condition that a column have one of the values given in a config. A
// text that a value had in an earlier format stands for its present one.
func On(column string, values ...string) Condition {
	c := Condition{Column: column}
	for _, v := range values {
		c.Values = append(c.Values, AxisOf(column).current(v))
	}
	return c
}

// Map returns the conditions as claims.json has them: a text, or a list of texts,
// for each column.
func (w Where) Map() map[string]any {
	m := map[string]any{}
	for _, c := range w {
		if len(c.Values) == 1 {
			m[c.Column] = c.Values[0]
		} else {
			m[c.Column] = c.Values
		}
	}
	return m
}

func (w Where) String() string {
	parts := make([]string, len(w))
	for i, c := range w {
		parts[i] = c.Column + " = " + strings.Join(c.Values, " or ")
	}
	return strings.Join(parts, ", ")
}

// Match reports whether an identity satisfies all conditions.
func (w Where) Match(id *Identity) bool { return w.Matcher()(id) }

// Matcher returns what reports whether an identity satisfies all conditions, in time
// that does not grow with the number of their values.
func (w Where) Matcher() func(id *Identity) bool {
	columns, taken := make([]Column, len(w)), make([]map[string]bool, len(w))
	for i, c := range w {
		columns[i], taken[i] = AxisOf(c.Column).lookup(), make(map[string]bool, len(c.Values))
		for _, v := range c.Values {
			taken[i][v] = true
		}
	}
	return func(id *Identity) bool {
		for i, c := range columns {
			if !taken[i][c.Text(id)] {
				return false
			}
		}
		return true
	}
}

// Text returns the text of a column as in the CSV files; it panics if there is no such
// column.
func (id *Identity) Text(column string) string { return AxisOf(column).lookup().Text(id) }
