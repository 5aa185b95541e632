// where.go selects identities by their columns.

package results

import (
	"slices"
	"strings"
)

// Where selects identities: each condition must hold.
type Where []Condition

// Condition demands that a column have one of the values, in the text form of
// the CSV files.
type Condition struct {
	Column string
	Values []string
}

// On returns the condition that a value given by somebody stands for, whatever
// format it is from.
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
func (w Where) Match(id *Identity) bool {
	for _, c := range w {
		if !slices.Contains(c.Values, id.Text(c.Column)) {
			return false
		}
	}
	return true
}

// Split divides the conditions into those on the variant and those on all else:
// an identity satisfies w if it satisfies both.
func (w Where) Split() (ofVariant, rest Where) {
	for _, c := range w {
		if AxisOf(c.Column).Part() == OfVariant {
			ofVariant = append(ofVariant, c)
		} else {
			rest = append(rest, c)
		}
	}
	return ofVariant, rest
}

// Text returns the text form of a column, which the identity must have.
func (id *Identity) Text(column string) string { return AxisOf(column).lookup().Text(id) }
