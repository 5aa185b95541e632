package experiments

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"spfq/results"
)

// Claims written one at a time are in the file as written at once.
func TestClaimsAsOneList(t *testing.T) {
	claim := results.Claim{Kind: "bound", Statement: "a < b & c\n", Where: map[string]any{"bits": "inf", "method": []string{"spfq", "gpfq"}},
		Estimate: results.Missing, Notes: []string{"ρ ≤ 1"}, Bounds: []results.Bound{{Measured: 0.5, Bound: 1}, {Bound: results.Missing, Violated: true}}}
	for n := range 4 {
		claims := make([]results.Claim, n)
		for i := range claims {
			claims[i] = claim
		}
		path := filepath.Join(t.TempDir(), results.ClaimsFile)
		if err := results.WriteJSON(path, claims); err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if err := writeClaims(&got, claims); err != nil {
			t.Fatal(err)
		}
		if got.String() != string(want) {
			t.Errorf("%d claims: %q, want %q", n, got.String(), want)
		}
	}
}
