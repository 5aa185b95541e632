package domain

import (
	"math"
	"testing"
)

// Every limit of a number is kept from both sides.
func TestWithinLimits(t *testing.T) {
	for _, c := range []struct {
		limits Schema
		v      float64
		want   bool
	}{
		{nil, -1e300, true}, {Positive, 0, false}, {Positive, math.SmallestNonzeroFloat64, true}, {Fraction, 1, false}, {Fraction, 0.5, true},
		{Schema{"minimum": 0.0}, 0, true}, {Schema{"minimum": 0.0}, -0.1, false}, {Schema{"maximum": 1.0}, 1, true}, {Schema{"maximum": 1.0}, 1.1, false},
	} {
		if within(c.v, c.limits) != c.want {
			t.Errorf("%v within %v: want %v", c.v, c.limits, c.want)
		}
	}
}

// A literal is read, or refused with what is wanted and what there is.
func TestReadsLiterals(t *testing.T) {
	number := func(text string) Literal { return Literal{Text: text, Kind: Number} }
	anyOf := func(d Of[string], l Literal) (any, error) { return d.Read(l) }
	for _, c := range []struct {
		name string
		read func() (any, error)
		want any // the value, or the error's text
	}{
		{"a whole number", func() (any, error) { return Whole(1, 9).Read(number("9")) }, 9},
		{"beyond the limit", func() (any, error) { return Whole(1, 9).Read(number("10")) }, `want a whole number from 1 to 9, have "10"`},
		{"octal", func() (any, error) { return Whole(1, 9).Read(number("010")) }, `want a whole number from 1 to 9, have "010"`},
		{"quoted", func() (any, error) { return Whole(1, 9).Read(Literal{Text: "4", Quoted: true}) }, `want a whole number from 1 to 9, have "4"`},
		{"the largest seed", func() (any, error) { return Seed.Read(number("18446744073709551615")) }, uint64(math.MaxUint64)},
		{"an infinite limit", func() (any, error) { return Limit.Read(Literal{Text: "-inf"}) }, math.Inf(-1)},
		{"not a number", func() (any, error) { return Limit.Read(number(".nan")) }, `want a number, inf or -inf, have ".nan"`},
		{"nothing", func() (any, error) { return Real("a number", nil).Read(Literal{Kind: Null}) }, "want a number, have nothing"},
		{"another spelling of true", func() (any, error) { return Bool.Read(Literal{Text: "yes", Kind: Boolean}) }, `want true or false, have "yes"`},
		{"a number for a text", func() (any, error) { return anyOf(Any, number("4")) }, `want text, have "4"`},
		{"one of the words", func() (any, error) { return anyOf(OneOf("left", "right"), Literal{Text: "left"}) }, "left"},
		{"a word misspelt", func() (any, error) { return anyOf(OneOf("left", "right"), Literal{Text: "rihgt"}) }, `want left or right, have "rihgt"; did you mean "right"?`},
		{"a word beside numbers", func() (any, error) { return Or(Whole(1, 9), "inf", 0, "1 to 9 or inf").Read(Literal{Text: "inf"}) }, 0},
		{"neither", func() (any, error) { return Or(Whole(1, 9), "inf", 0, "1 to 9 or inf").Read(number("10")) }, `want 1 to 9 or inf, have "10"`},
	} {
		got, err := c.read()
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s: read as %v, want %v", c.name, got, c.want)
		}
	}
}

// A message names the candidate that is near, and none that is not.
func TestDidYouMean(t *testing.T) {
	names := []string{"width", "widths", "weights"}
	for text, want := range map[string]string{
		"widths": `; did you mean "width"?`, // what was written is no suggestion
		"witdh":  `; did you mean "width"?`, "WIDTHS": `; did you mean "widths"?`, "": "", "activation": "",
	} {
		if got := DidYouMean(text, names); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
