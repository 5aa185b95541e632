// identity.go defines identities, which tell records apart. Their columns are in axes.go.

package results

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// Identity is everything that determines a record, except the versions of the
// algorithm and of the random streams, which the manifest names. Records with equal
// identities and versions hold equal numbers, timings aside. Identities and their
// parts can be compared by ==.
type Identity struct {
	Variant
	Setting
	Draw
}

// Cell is a setting with a variant. Trials are taken over a cell.
type Cell struct {
	Variant
	Setting
}

// Cell returns the identity without its draw.
func (id *Identity) Cell() Cell { return Cell{id.Variant, id.Setting} }

// Blank returns the identity in which nothing is set. Columns that may be without a value
// are without one, and columns that came with a later format have the value that all
// records had in effect before.
func Blank() Identity {
	var id Identity
	for i := range Axes {
		Axes[i].clear(&id)
	}
	return id
}

// Given is a number of at least 0 that a config gives, or Unset where it gives
// none. Unlike a Num it is never NaN, so that identities can be compared by ==.
type Given float64

// Unset is the Given of a column that has no value: null in JSON, empty in CSV.
const Unset Given = -1

// IsSet reports whether there is a number.
func (x Given) IsSet() bool { return x != Unset }

// Num returns the number, Missing if there is none.
func (x Given) Num() Num {
	if x == Unset {
		return Missing
	}
	return Num(x)
}

// String formats x as the CSV files do: "" if there is no number.
func (x Given) String() string { return x.Num().String() }

// MarshalJSON implements json.Marshaler.
func (x Given) MarshalJSON() ([]byte, error) { return x.Num().MarshalJSON() }

// UnmarshalJSON implements json.Unmarshaler.
func (x *Given) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*x = Unset
		return nil
	}
	var f float64
	if v, err := strconv.ParseFloat(string(b), 64); err == nil {
		f = v
	} else if err := json.Unmarshal(b, &f); err != nil {
		return err
	}
	if f < 0 {
		return fmt.Errorf("%s is below 0", b)
	}
	*x = Given(f)
	return nil
}
