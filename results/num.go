// num.go names the types of the measured numbers of records.

package results

import "spfq/internal/num"

// Num is a measured number, Count a number of things that were counted. Either may be
// missing.
type (
	Num   = num.Num
	Count = num.Count
)

// Missing is the value of a quantity that was not measured.
var Missing = num.Missing

// NoCount is the count of things that were not counted.
const NoCount = num.NoCount

// ParseNum is the inverse of Num.String.
func ParseNum(s string) (Num, error) { return num.Parse(s) }
