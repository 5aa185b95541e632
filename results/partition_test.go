// partition_test.go holds which columns tell identities apart, which change together, and
// what follows from them.

package results

import (
	"strings"
	"testing"
)

// variants returns an identity for each line of "COLUMN=TEXT …", which sets these columns
// of a blank identity as configs do.
func variants(lines ...string) (out []*Identity) {
	for _, line := range lines {
		id := Blank()
		for pair := range strings.FieldsSeq(line) {
			column, text, _ := strings.Cut(pair, "=")
			AxisOf(column).Set(&id, text)
		}
		id.Derive()
		out = append(out, &id)
	}
	return out
}

// Identities are told apart by the columns in which they differ, except those that follow
// from these, by the table, and do here.
func TestDistinguishing(t *testing.T) {
	for _, c := range []struct{ name, lines, want string }{
		{"levels that follow from bits", "bits=3 levels=signed; bits=inf", "bits"},
		{"levels that do not", "bits=3 levels=signed; bits=3 levels=paper; bits=inf", "bits levels"},
		{"of bits alike", "bits=3 levels=signed; bits=3 levels=paper", "levels"},
		{"roundings that follow from the method", "method=spfq rounding=stochastic; method=rtn rounding=nearest", "method"},
		{"roundings that do not", "method=spfq rounding=stochastic; method=spfq rounding=nearest; method=rtn rounding=nearest", "method rounding"},
		{"choices that no method determines", "method=spfq align=exact order=norm; method=rtn align=none order=natural", "method align order"},
		{"widths that follow from width and layers", "width=4 layers=1; width=4 layers=2; width=8 layers=1", "width layers"},
		{"widths that do not", "widths=4-8-4; widths=4-4-4; widths=8-4-4", "width widths"},
	} {
		var got []string
		for _, a := range Distinguishing(variants(strings.Split(c.lines, "; ")...)) {
			got = append(got, a.Name)
		}
		if have := strings.Join(got, " "); have != c.want {
			t.Errorf("%s: told apart by %s, want %s", c.name, have, c.want)
		}
	}
}

// Along a column change what it follows from, and what follows from it here.
func TestAlongFollows(t *testing.T) {
	for _, c := range []struct{ name, lines, column, want string }{
		{"K is that of bits and levels", "bits=3 levels=signed; bits=4 levels=signed; bits=3 levels=paper; bits=4 levels=paper", "bits", "bits K"},
		{"levels follow", "bits=3 levels=signed; bits=4 levels=signed; bits=inf", "bits", "bits levels K"},
		{"K along levels", "bits=3 levels=signed; bits=4 levels=signed; bits=3 levels=paper; bits=4 levels=paper", "levels", "levels bits K"},
		{"what K follows from", "bits=3 levels=signed; bits=4 levels=paper", "K", "K bits levels"},
		{"widths follow", "width=4 layers=1; width=4 layers=2; width=8 layers=1", "width", "width widths"},
		{"widths that are not made by width and layers", "widths=4-8-4; widths=4-4-4; widths=8-4-4", "width", "width"},
		{"no rounding of a method", "method=spfq rounding=stochastic; method=spfq rounding=nearest", "method", "method feedback"},
	} {
		if got := strings.Join(Along(variants(strings.Split(c.lines, "; ")...), c.column), " "); got != c.want {
			t.Errorf("%s: along %s change %s, want %s", c.name, c.column, got, c.want)
		}
	}
}

// Along an axis that a sweep zips may change what it follows from, what follows from it, and
// what has a value only where it has a certain one.
func TestMoves(t *testing.T) {
	for column, want := range map[string]string{
		"width": "width widths", "widths": "widths width layers", "bits": "bits levels K", "step": "step C quantile", "source": "source dimension noise", "samples": "samples",
	} {
		if got := strings.Join(AxisOf(column).Moves(), " "); got != want {
			t.Errorf("with %s move %s, want %s", column, got, want)
		}
	}
}

// Of a list of sizes, the width is the largest number of inputs: the last size is none.
func TestDerivedWidth(t *testing.T) {
	if id := variants("widths=4-8-16")[0]; id.Width != 8 || id.Layers != 2 {
		t.Errorf("width %d, %d layers, want 8 and 2", id.Width, id.Layers)
	}
}

// A blank identity has in a later column the value that all records had before it.
func TestBlankHasBefore(t *testing.T) {
	changed(t, "order", func(a *Axis) { a.Added, a.Before = Format, "norm" })
	if id := Blank(); id.Order != "norm" || id.Rounding != "" {
		t.Errorf("order %q and rounding %q, want norm and none", id.Order, id.Rounding)
	}
}
