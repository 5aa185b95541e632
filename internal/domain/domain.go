// domain.go defines domains and the literals that they read.

package domain

import (
	"fmt"
	"strconv"
	"strings"
)

// Schema is a JSON Schema, or a part of one: its keywords with their values.
type Schema map[string]any

// Words lists the words that a schema enumerates, also in the alternatives of anyOf.
func (s Schema) Words() []string {
	words, _ := s["enum"].([]string)
	alternatives, _ := s["anyOf"].([]Schema)
	for _, a := range alternatives {
		words = append(words, a.Words()...)
	}
	return words
}

// Accepts describes a set of values.
type Accepts struct {
	Want   string // in words, as "a positive number"
	Schema Schema
}

// Of is a domain of values of type T.
type Of[T any] struct {
	Accepts
	// Read returns the value that a literal stands for; its error says what is
	// wanted and what there is.
	Read func(Literal) (T, error)
}

// Literal is a scalar as it is written in a config.
type Literal struct {
	Text   string
	Quoted bool
	Kind   Kind // the type that its notation gives it
}

// Kind is the type that the notation of a literal gives it.
type Kind int

// The kinds of literals.
const (
	Text    Kind = iota // a string
	Null                // nothing at all, or null
	Boolean             // a truth value in any of YAML's spellings
	Number              // an integer or a floating-point number
)

// maxShown bounds how much of a literal messages show, in bytes.
const maxShown = 200

// String returns the literal as messages show it: only its beginning if it is long.
func (l Literal) String() string {
	switch {
	case l.Kind == Null:
		return "nothing"
	case len(l.Text) > maxShown:
		return fmt.Sprintf("a text of %d bytes that begins with %q", len(l.Text), strings.ToValidUTF8(l.Text[:maxShown], ""))
	}
	return strconv.Quote(l.Text)
}

// Canonical turns a domain into the domain of the canonical texts of its values: each
// value has one canonical text, whatever notation it was read from.
func Canonical[T any](d Of[T], format func(T) string) Of[string] {
	return Of[string]{d.Accepts, func(l Literal) (string, error) {
		v, err := d.Read(l)
		if err != nil {
			return "", err
		}
		return format(v), nil
	}}
}

// Alternatives lists names for a sentence: "a, b or c".
func Alternatives(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// wanted returns the error for a literal that is not in a domain.
func wanted(want string, have Literal) error { return fmt.Errorf("want %s, have %s", want, have) }
