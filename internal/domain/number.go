// number.go defines the domains of numbers and truth values.

package domain

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"regexp"
	"strconv"
)

// Bool is the truth values, written true or false; YAML's other spellings are refused.
var Bool = Of[bool]{Accepts{"true or false", Schema{"type": "boolean"}}, func(l Literal) (bool, error) {
	if l.Kind != Boolean || l.Text != "true" && l.Text != "false" {
		return false, wanted("true or false", l)
	}
	return l.Text == "true", nil
}}

var (
	wholePattern  = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	numberPattern = regexp.MustCompile(`^[-+]?(0|[1-9][0-9]*)?(\.[0-9]*)?([eE][-+]?[0-9]+)?$`)
)

// IsWhole reports whether a text is a whole number in plain decimal notation.
func IsWhole(text string) bool { return wholePattern.MatchString(text) }

// Whole is the whole numbers from lo to hi, in plain decimal notation.
func Whole(lo, hi int) Of[int] {
	want := fmt.Sprintf("a whole number from %d to %d", lo, hi)
	return Of[int]{Accepts{want, Schema{"type": "integer", "minimum": lo, "maximum": hi}}, func(l Literal) (int, error) {
		v, err := strconv.Atoi(l.Text)
		if err != nil || l.Quoted || !IsWhole(l.Text) || v < lo || v > hi {
			return 0, wanted(want, l)
		}
		return v, nil
	}}
}

// Seed is the whole numbers from 0 to 2⁶⁴ − 1.
var Seed = Of[uint64]{
	Accepts{fmt.Sprintf("a whole number from 0 to %d", uint64(math.MaxUint64)), Schema{"type": "integer", "minimum": 0, "maximum": uint64(math.MaxUint64)}},
	func(l Literal) (uint64, error) {
		v, err := strconv.ParseUint(l.Text, 10, 64)
		if err != nil || l.Quoted || !IsWhole(l.Text) {
			return 0, wanted(fmt.Sprintf("a whole number from 0 to %d", uint64(math.MaxUint64)), l)
		}
		return v, nil
	}}

// Real is the finite decimal numbers within limits. The limits are keywords of JSON
// Schema (minimum, exclusiveMinimum, maximum, exclusiveMaximum) with float64 values. want
// describes the numbers.
func Real(want string, limits Schema) Of[float64] {
	accepted := Schema{"type": "number"}
	maps.Copy(accepted, limits)
	return Of[float64]{Accepts{want, accepted}, func(l Literal) (float64, error) {
		v, err := l.Decimal()
		if err != nil || math.IsInf(v, 0) || !within(v, limits) {
			return 0, wanted(want, l)
		}
		return v, nil
	}}
}

// Positive is the limits of the positive numbers, Fraction the limits of the numbers
// between 0 and 1, both excluded.
var (
	Positive = Schema{"exclusiveMinimum": 0.0}
	Fraction = Schema{"exclusiveMinimum": 0.0, "exclusiveMaximum": 1.0}
)

// within reports whether v is within limits.
func within(v float64, limits Schema) bool {
	for keyword, limit := range limits {
		l := limit.(float64)
		ok := map[string]bool{"minimum": v >= l, "exclusiveMinimum": v > l, "maximum": v <= l, "exclusiveMaximum": v < l}[keyword]
		if !ok {
			return false
		}
	}
	return true
}

// Limit is the values of the ends of ranges: numbers and both infinities.
var Limit = Of[float64]{
	Accepts{"a number, inf or -inf", Schema{"anyOf": []Schema{{"type": "number"}, {"enum": []string{"inf", "-inf"}}}}},
	func(l Literal) (float64, error) {
		v, err := l.Decimal()
		if err != nil {
			return 0, wanted("a number, inf or -inf", l)
		}
		return v, nil
	}}

// Or is the values of a domain and one more word, which stands for the given value. want
// describes the whole.
func Or[T any](d Of[T], word string, value T, want string) Of[T] {
	return Of[T]{Accepts{want, Schema{"anyOf": []Schema{d.Schema, {"enum": []string{word}}}}}, func(l Literal) (T, error) {
		if l.Text == word {
			return value, nil
		}
		v, err := d.Read(l)
		if err != nil {
			var none T
			return none, wanted(want, l)
		}
		return v, nil
	}}
}

// Decimal reads an unquoted decimal number, or an infinity written with or without YAML's
// dot, as inf or -.inf.
func (l Literal) Decimal() (float64, error) {
	switch s := l.Text; {
	case l.Quoted:
		return 0, errors.New("quoted")
	case s == "inf" || s == "+inf" || s == ".inf" || s == "+.inf":
		return math.Inf(1), nil
	case s == "-inf" || s == "-.inf":
		return math.Inf(-1), nil
	case !numberPattern.MatchString(s):
		return 0, errors.New("not a decimal number")
	}
	return strconv.ParseFloat(l.Text, 64)
}
