// keys.go describes the config keys of claims: what each means, what values it takes, and
// what stores them in the claim.

package claim

import (
	"fmt"
	"slices"
	"strings"

	"spfq/internal/domain"
	"spfq/results"
)

// Key is a config key of a claim. Exactly one of Read, Range and Where is set.
type Key struct {
	Name string
	Doc  string // what it means: a phrase
	domain.Accepts
	Required bool

	Read  func(domain.Literal) error // stores one value
	Range *Range                     // where a range goes
	Where *results.Where             // where conditions go

	// Value returns the value that the claim has now, which is the default before
	// the key is read, and nil if it has none. It is a string, a float64, a
	// [2]float64 or a results.Where.
	Value func() any
}

// Range is a range [Lo, Hi], whose ends may be infinite. Given is false if it has neither
// been read from a config nor a default.
type Range struct {
	Lo, Hi float64
	Given  bool
}

// scalar returns a key that takes one value of a domain and stores it in dst, which holds
// the default before.
func scalar[T any](name string, dst *T, d domain.Of[T], doc string) Key {
	return Key{Name: name, Doc: doc, Accepts: d.Accepts,
		Read: func(l domain.Literal) error {
			v, err := d.Read(l)
			if err == nil {
				*dst = v
			}
			return err
		},
		Value: func() any {
			if v := any(*dst); v != "" {
				return v
			}
			return nil
		}}
}

var rangeAccepts = domain.Accepts{Want: "a range [least, largest], whose ends may be infinite",
	Schema: domain.Schema{"type": "array", "items": domain.Limit.Schema, "minItems": 2, "maxItems": 2}}

// rangeOf returns a key that takes a range and stores it in dst, which holds the default
// before.
func rangeOf(name string, dst *Range, doc string) Key {
	return Key{Name: name, Doc: doc, Accepts: rangeAccepts, Range: dst, Value: func() any {
		if !dst.Given {
			return nil
		}
		return [2]float64{dst.Lo, dst.Hi}
	}}
}

// ConditionsAccept describes the values of a key that takes conditions: mappings from
// columns of the identity to values.
var ConditionsAccept = domain.Accepts{Want: "a mapping from columns of the identity to a value or a list of values", Schema: domain.Schema{"$ref": "#/$defs/where"}}

// conditions returns a key that takes conditions on the columns of the identity.
func conditions(name string, dst *results.Where, doc string) Key {
	return Key{Name: name, Doc: doc, Accepts: ConditionsAccept, Where: dst, Value: func() any {
		if len(*dst) == 0 {
			return nil
		}
		return *dst
	}}
}

// must returns the key as one that every claim of its kind must have.
func (k Key) must() Key {
	k.Required = true
	return k
}

// numericColumn is the domain of the names of row's columns of numbers; what says in
// messages what such a column is to the claim, as metric or axis.
func numericColumn(row any, what string) domain.Of[string] {
	var names []string
	for _, c := range results.Columns(row) {
		if c.Numeric() {
			names = append(names, c.Name)
		}
	}
	return domain.Of[string]{Accepts: domain.Accepts{Want: "a numeric " + what, Schema: domain.Schema{"enum": names}},
		Read: func(l domain.Literal) (string, error) {
			if !slices.Contains(names, l.Text) {
				return "", fmt.Errorf("no numeric %s %s%s (numeric: %s)", what, l, domain.DidYouMean(l.Text, names), strings.Join(names, ", "))
			}
			return l.Text, nil
		}}
}
