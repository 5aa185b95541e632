// number.go formats numbers and intervals for readers.

package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"spfq/results"
	"spfq/results/stat"
)

// missing stands for a value that was not measured.
const missing = "–"

// A notation says how the numbers of a column are written: either all of them with
// an exponent or none, so that they can be compared down the column.
type notation struct{ scientific bool }

// notationOf chooses the notation of a column from the sizes of its values, as size
// returns them. It is scientific if any value would have three zeros after the
// point before its first digit, or more than five digits before the point.
func notationOf(sizes []float64) notation {
	for _, x := range sizes {
		if x > 0 && x < 1e-3 || x >= 1e5 && !math.IsInf(x, 0) {
			return notation{scientific: true}
		}
	}
	return notation{}
}

// size is the absolute value of an estimate, or the half-width of its interval if
// that is finite and larger: an estimate of almost 0 is written in the unit of its
// uncertainty.
func size(e stat.Estimate) float64 {
	if half := halfWidth(e); half > math.Abs(e.Value) && !math.IsInf(half, 0) {
		return half
	}
	return math.Abs(e.Value)
}

// halfWidth is half the width of the interval of an estimate.
func halfWidth(e stat.Estimate) float64 { return (e.Interval.Hi - e.Interval.Lo) / 2 }

// number writes x to three significant digits. Integers are written in full unless
// the notation is scientific.
func (n notation) number(x float64) string {
	switch {
	case math.IsNaN(x):
		return missing
	case math.IsInf(x, 0):
		return results.Num(x).String()
	case x == 0, !n.scientific && x == math.Trunc(x):
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	exp, unit := n.unit(x)
	return decimal(x/unit, digits(x/unit, 0)) + n.exponent(exp)
}

// plusMinus writes a mean and the half-width of its interval, or the mean alone if
// there is no finite interval.
func (n notation) plusMinus(e stat.Estimate) string {
	half := halfWidth(e)
	if math.IsNaN(half) || math.IsInf(half, 0) || math.IsNaN(e.Value) {
		return n.number(e.Value)
	}
	exp, unit := n.unit(size(e))
	d := digits(e.Value/unit, half/unit)
	return n.times(decimal(e.Value/unit, d)+" ± "+decimal(half/unit, d), exp)
}

// bracket writes an estimate with the ends of its interval, in a notation chosen
// for these three numbers, or the estimate alone if it has no interval.
func bracket(x, lo, hi float64) string {
	if math.IsNaN(x) || math.IsNaN(lo) && math.IsNaN(hi) {
		return notationOf([]float64{math.Abs(x)}).number(x)
	}
	largest := math.Abs(x)
	for _, end := range []float64{lo, hi} {
		if end = math.Abs(end); end > largest && !math.IsInf(end, 0) {
			largest = end
		}
	}
	n := notationOf([]float64{largest})
	exp, unit := n.unit(largest)
	d := digits(x/unit, 0)
	if half := (hi - lo) / 2 / unit; half > 0 && !math.IsInf(half, 0) {
		d = min(max(0, 1-magnitude(half)), 6) // enough decimals to compare the ends with what a claim demands
	}
	return n.times(fmt.Sprintf("%s [%s, %s]", decimal(x/unit, d), decimal(lo/unit, d), decimal(hi/unit, d)), exp)
}

// times writes several numbers, given in units of 10^exp, before this power.
func (n notation) times(numbers string, exp int) string {
	if !n.scientific {
		return numbers
	}
	return "(" + numbers + ")" + n.exponent(exp)
}

// unit returns the power of ten in units of which x is written: 10^exp and 1 unless
// the notation is scientific.
func (n notation) unit(x float64) (exp int, unit float64) {
	if !n.scientific || x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, 1
	}
	exp = max(magnitude(x), -323) // the least power of ten that is a float64
	return exp, math.Pow10(exp)
}

// exponent writes the factor 10^exp, as e and exp; it is empty unless the notation
// is scientific.
func (n notation) exponent(exp int) string {
	if !n.scientific {
		return ""
	}
	return "e" + strconv.Itoa(exp)
}

// decimal writes x with d decimals.
func decimal(x float64, d int) string {
	switch {
	case math.IsNaN(x):
		return missing
	case math.IsInf(x, 0):
		return results.Num(x).String()
	}
	s := strconv.FormatFloat(x, 'f', d, 64)
	if strings.Trim(s, "-0.") == "" { // no -0
		s = strings.TrimPrefix(s, "-")
	}
	return s
}

// digits is the number of decimals with which x is written, six at most. It is the
// number that shows three significant digits of x. If the interval of x has a
// positive half-width, it is then raised or lowered to a number that shows one or
// two significant digits of the half-width.
func digits(x, half float64) int {
	d := 0
	if x != 0 && !math.IsNaN(x) && !math.IsInf(x, 0) {
		d = 2 - magnitude(x)
	}
	if half > 0 && !math.IsInf(half, 0) {
		d = min(max(d, -magnitude(half)), 1-magnitude(half))
	}
	return min(max(0, d), 6)
}

// magnitude is the exponent of the power of ten in x, after x is rounded to three
// significant digits.
func magnitude(x float64) int {
	_, exp, _ := strings.Cut(strconv.FormatFloat(x, 'e', 2, 64), "e")
	e, _ := strconv.Atoi(exp)
	return e
}
