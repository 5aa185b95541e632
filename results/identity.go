// identity.go defines what tells records apart: the variant, the setting and the
// draw. Every field is a column, which has a row in the table of axes.go.

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

// Variant says how a drawn network is quantized: a method with its alphabet, and
// the bits of activations.
type Variant struct {
	Method   string `json:"method"`
	Align    string `json:"align"`
	Feedback bool   `json:"feedback"`
	Rounding string `json:"rounding"`
	Order    string `json:"order"`

	Step     Given  `json:"step"`
	C        Given  `json:"C"`
	Quantile Given  `json:"quantile"`
	Bits     Num    `json:"bits"`
	Levels   string `json:"levels"`
	K        int    `json:"K"`

	ActivationBits Num `json:"activation_bits"`
}

// Setting says which networks and data sets are drawn.
type Setting struct {
	Width       int    `json:"width"`
	Widths      string `json:"widths"`
	Layers      int    `json:"layers"`
	Weights     string `json:"weights"`
	Biases      bool   `json:"biases"`
	Activation  string `json:"activation"`
	Source      string `json:"source"`
	Dimension   int    `json:"dimension"`
	Noise       Given  `json:"noise"`
	Samples     int    `json:"samples"`
	TestSamples int    `json:"test_samples"`
}

// Draw says which of the draws of a setting a record is of.
type Draw struct {
	Trial int    `json:"trial"`
	Seed  uint64 `json:"seed"`
}

// Cell is a setting with a variant. Trials are taken over a cell.
type Cell struct {
	Variant
	Setting
}

// Cell returns the identity without its draw.
func (id *Identity) Cell() Cell { return Cell{id.Variant, id.Setting} }

// Blank returns the identity in which every column that may be without a value is
// without one, and every other column is zero.
func Blank() Identity {
	return Identity{Variant: Variant{Step: Unset, C: Unset, Quantile: Unset}, Setting: Setting{Noise: Unset}}
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
