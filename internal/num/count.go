// count.go defines counts, which may be missing.

package num

import (
	"fmt"
	"strconv"
)

// Count is a number of things, at least 0, or NoCount where they were not counted.
// In JSON a missing count is null.
type Count int64

// NoCount is the count of things that were not counted.
const NoCount Count = -1

// IsMissing reports whether nothing was counted.
func (n Count) IsMissing() bool { return n < 0 }

// Float returns the count as a float64, NaN where it is missing.
func (n Count) Float() float64 {
	if n.IsMissing() {
		return float64(Missing)
	}
	return float64(n)
}

// String formats n as the CSV files do: "" for a missing count.
func (n Count) String() string {
	if n.IsMissing() {
		return ""
	}
	return strconv.FormatInt(int64(n), 10)
}

// MarshalJSON implements json.Marshaler.
func (n Count) MarshalJSON() ([]byte, error) {
	if n.IsMissing() {
		return []byte("null"), nil
	}
	return strconv.AppendInt(nil, int64(n), 10), nil
}

// UnmarshalJSON implements json.Unmarshaler. A number that is no count, negative
// or not whole, is an error.
func (n *Count) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*n = NoCount
		return nil
	}
	v, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil || v < 0 {
		return fmt.Errorf("%s is no count: want a whole number from 0 on, or null", b)
	}
	*n = Count(v)
	return nil
}
