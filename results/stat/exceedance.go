// exceedance.go judges statements that may be violated with a small probability.

package stat

import (
	"fmt"
	"math"
	"sort"
)

// ViolationRate confronts the statement "violated with probability at most Eta"
// with the violations counted.
type ViolationRate struct {
	Rate    Estimate // probability of a violation, with its Clopper-Pearson interval
	Eta     float64  // probability of a violation that the statement allows
	PValue  float64  // exact one-sided p-value of the statement, which Holm takes; a small one refutes it
	Allowed int      // largest number of violations in this number of trials that does not refute the statement
	Verdict Verdict
}

// Exceedance judges the statement "a trial violates the bound with probability
// at most eta" by the violations counted in independent trials. The statement is
// Refuted if the exact binomial test rejects it at the significance level
// 1-confidence, Inconclusive without trials, and Supported otherwise.
//
// Supported thus means that the data agree with the statement, not that they
// prove it. For that the upper limit of the interval would have to be at most
// eta; a warning says so where it is above. Another warning says where the trials
// are so few that no number of violations could refute the statement.
//
// Errors: violations not between 0 and trials, eta outside [0, 1].
func Exceedance(violations, trials int, eta, confidence float64) (ViolationRate, error) {
	if err := checkConfidence(confidence); err != nil {
		return ViolationRate{}, err
	}
	if violations < 0 || violations > trials {
		return ViolationRate{}, fmt.Errorf("stat: %d violations in %d trials: want a number of violations from 0 to the number of trials", violations, trials)
	}
	if !(eta >= 0 && eta <= 1) {
		return ViolationRate{}, fmt.Errorf("stat: eta %v: want a probability from 0 to 1", eta)
	}
	significance := 1 - confidence
	v := ViolationRate{
		Rate:   clopperPearson(violations, trials, confidence),
		Eta:    eta,
		PValue: atLeast(violations, trials, eta),
		// More violations reject if fewer do, and no violation never rejects.
		Allowed: sort.Search(trials, func(k int) bool { return atLeast(k+1, trials, eta) <= significance }),
	}
	switch {
	case trials == 0:
		return v, nil
	case v.PValue <= significance:
		v.Verdict = Refuted
	default:
		v.Verdict = Supported
	}
	if v.Allowed == trials {
		v.Rate.warn("%d trials cannot refute a probability of at most %g: even violations in all of them would not be significant", trials, eta)
	}
	if hi := v.Rate.Interval.Hi; hi > eta {
		v.Rate.warn("upper limit %.3g exceeds %g: the data do not show that violations are that rare%s", hi, eta, enough(eta, significance))
	}
	return v, nil
}

// enough says how many trials n without a violation it takes for the upper limit,
// 1-(significance/2)^(1/n), to be at most eta.
func enough(eta, significance float64) string {
	if eta == 0 || eta == 1 {
		return ""
	}
	return fmt.Sprintf(" (which takes at least %.0f trials)", math.Ceil(math.Log(significance/2)/math.Log1p(-eta)))
}
