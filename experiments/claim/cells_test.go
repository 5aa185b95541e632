package claim

import (
	"fmt"
	"slices"
	"testing"

	"spfq/results"
	"spfq/results/stat"
)

// A claim about a thousand cells has notes on some, and counts the others.
func TestFewNotes(t *testing.T) {
	var cells []cellEstimate
	for i := range 1000 {
		cells = append(cells, cellEstimate{fmt.Sprint("cell ", i), stat.Estimate{Value: 1, Interval: stat.Interval{Lo: 1, Hi: 1}, Confidence: 0.95, N: 3, Warnings: []string{"a warning"}}})
	}
	var r results.Claim
	judgeCells(&r, cells, 0, 2)
	if n := len(r.Notes); n != maxNotes+2 || r.Notes[0] != "cell 0: a warning" || r.Notes[maxNotes] != "980 more notes on cells" {
		t.Errorf("%d notes: %q", n, r.Notes)
	}
	if short := []string{"a", "b"}; !slices.Equal(few(short), short) {
		t.Error("a short list is cut")
	}
}
