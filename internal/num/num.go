// Package num has the types of measured numbers, which may be missing.
//
// Num is a float64, and Count a number of things. A value of either type that was not
// measured is null in JSON and empty in CSV, so that it is never mistaken for 0.
package num

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Num is a float64 that can be written to JSON and read back whatever its value: NaN,
// which stands for missing, is null, and the infinities are the strings "inf" and "-inf".
// Finite values are written in the shortest form that reads back to the same bits.
type Num float64

// Missing is the value of a quantity that was not measured.
var Missing = Num(math.NaN())

// IsMissing reports whether the value was not measured.
func (x Num) IsMissing() bool { return math.IsNaN(float64(x)) }

// String formats x as the CSV files do: "" for a missing value.
func (x Num) String() string {
	switch f := float64(x); {
	case math.IsNaN(f):
		return ""
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	default:
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
}

// Parse is the inverse of Num.String. It also reads YAML's spellings of the infinities.
func Parse(s string) (Num, error) {
	switch strings.ToLower(s) {
	case "":
		return Missing, nil
	case "inf", "+inf", ".inf":
		return Num(math.Inf(1)), nil
	case "-inf", "-.inf":
		return Num(math.Inf(-1)), nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, fmt.Errorf("%q is not a number: want a decimal number, inf or -inf", s)
	}
	return Num(f), nil
}

// MarshalJSON implements json.Marshaler.
func (x Num) MarshalJSON() ([]byte, error) {
	f := float64(x)
	if math.IsNaN(f) {
		return []byte("null"), nil
	}
	if math.IsInf(f, 0) {
		return json.Marshal(x.String())
	}
	return json.Marshal(f)
}

// UnmarshalJSON implements json.Unmarshaler.
func (x *Num) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*x = Missing
		return nil
	}
	if len(b) > 0 && b[0] == '"' {
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		v, err := Parse(s)
		*x = v
		return err
	}
	// The JSON decoder passes valid JSON, so that what begins like a number is a number.
	// It is parsed here, because decoding it a second time would take most of the time of
	// reading a line.
	if len(b) > 0 && (b[0] == '-' || '0' <= b[0] && b[0] <= '9') {
		if f, err := strconv.ParseFloat(string(b), 64); err == nil && !math.IsInf(f, 0) {
			*x = Num(f)
			return nil
		}
	}
	var f float64
	err := json.Unmarshal(b, &f)
	*x = Num(f)
	return err
}
