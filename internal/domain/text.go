// text.go defines the domains of texts and words.

package domain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Any is any text. Unquoted numbers and truth values are not texts.
var Any = Of[string]{Accepts{"text", Schema{"type": "string"}}, func(l Literal) (string, error) {
	if l.Kind != Text {
		return "", wanted("text", l)
	}
	return l.Text, nil
}}

// Matching is the texts that match a pattern, which must be anchored at both ends. want
// describes them.
func Matching(want string, pattern *regexp.Regexp) Of[string] {
	return Of[string]{Accepts{want, Schema{"type": "string", "pattern": pattern.String()}}, func(l Literal) (string, error) {
		switch fits := pattern.MatchString(l.Text); {
		case fits && l.Kind != Text:
			return "", fmt.Errorf("want text, have %s: quote it, %q", l.Text, l.Text)
		case !fits:
			return "", wanted(want, l)
		}
		return l.Text, nil
	}}
}

// Words is the texts that a function such as quant.ParseAlign parses. forms describes
// them: each form is a word, or a word that ends in a placeholder of capital letters, as
// order-R.
func Words[T any](parse func(string) (T, error), forms ...string) Of[T] {
	return Of[T]{Accepts{Alternatives(forms), formSchema(forms)}, func(l Literal) (T, error) {
		v, err := parse(l.Text)
		if err == nil && l.Kind != Text {
			err = wanted("text", l)
		}
		if err != nil {
			err = fmt.Errorf("%w%s", err, DidYouMean(l.Text, forms))
		}
		return v, err
	}}
}

// formSchema returns the schema of texts of the given forms. The placeholder R stands for
// a whole number from 1 on, any other placeholder for a positive number.
func formSchema(forms []string) Schema {
	var words []string
	var alternatives []Schema
	for _, form := range forms {
		stem := strings.TrimRight(form, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
		switch form[len(stem):] {
		case "":
			words = append(words, form)
		case "R":
			alternatives = append(alternatives, Schema{"type": "string", "pattern": "^" + stem + "[1-9][0-9]*$"})
		default:
			alternatives = append(alternatives, Schema{"type": "string", "pattern": "^" + stem + `[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?$`})
		}
	}
	if alternatives == nil {
		return Schema{"enum": words}
	}
	return Schema{"anyOf": append([]Schema{{"enum": words}}, alternatives...)}
}

// OneOf is one of the given words.
func OneOf[T ~string](allowed ...T) Of[T] {
	var names []string
	for _, a := range allowed {
		names = append(names, string(a))
	}
	return Of[T]{Accepts{Alternatives(names), Schema{"enum": names}}, func(l Literal) (T, error) {
		if slices.Contains(names, l.Text) {
			return T(l.Text), nil
		}
		return "", fmt.Errorf("want %s, have %s%s", Alternatives(names), l, DidYouMean(l.Text, names))
	}}
}

// DidYouMean returns the end of a message about s, which names the candidate that is
// nearest to s. It returns "" if none is
// near; s itself is not, since something is wrong with it.
func DidYouMean(s string, candidates []string) string {
	best, least, lower := "", len(s)/3+2, strings.ToLower(s)
	for _, c := range candidates {
		other := strings.ToLower(c)
		if max(len(lower)-len(other), len(other)-len(lower)) >= least { // and so is the distance
			continue
		}
		if d := editDistance(lower, other); d < least && c != s {
			best, least = c, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// editDistance returns the least number of insertions, deletions and substitutions of bytes
// that turn a into b (Levenshtein's distance).
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			next := min(row[j+1], row[j]) + 1
			if a[i] == b[j] {
				next = min(next, diagonal)
			} else {
				next = min(next, diagonal+1)
			}
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
