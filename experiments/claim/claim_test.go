package claim

import (
	"testing"

	"spfq/results"
)

// Holm's correction can only take verdicts back.
func TestHolmTakesBack(t *testing.T) {
	claims := make([]results.Claim, 20)
	for i := range claims {
		claims[i] = results.Claim{Verdict: results.Supported, Confidence: 0.95, PSupported: 0.04, PRefuted: 1}
	}
	claims[0].PSupported = 1e-6
	correct(claims)
	if claims[0].Verdict != results.Supported || claims[1].Verdict != results.Inconclusive || claims[1].PSupported <= 0.05 {
		t.Errorf("corrected to %+v and %+v", claims[0], claims[1])
	}
}
