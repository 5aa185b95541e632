// tail.go estimates tail probabilities at several thresholds at once.

package stat

import "fmt"

// Tail is the probability that |u| exceeds a threshold.
type Tail struct {
	X    float64  // the threshold, in units of u
	Prob Estimate // its Confidence is that of this threshold alone
}

// TailBand estimates P(|u| > x) at each threshold x from independent samples of
// u. All intervals together contain the true probabilities with probability at
// least confidence, whatever the distribution of u: they are Clopper-Pearson
// intervals, each with confidence 1-(1-confidence)/m for m thresholds (Bonferroni).
// The samples contradict a reference tail, such as 2(1-Φ(x)) of the Gaussian, if it
// is outside the band at any threshold. They contradict an upper bound on the tail,
// such as 2·exp(-x²/2) for a sub-Gaussian u, if it is below the band at any
// threshold.
//
// The thresholds must be chosen before seeing the samples, for instance as
// quantiles of the reference. Samples from one trial are rarely independent: give
// one sample a trial, or know that the band assumes independent samples.
//
// Errors: samples that are not finite, no threshold, thresholds that are
// repeated, negative or not finite.
func TailBand(samples, thresholds []float64, confidence float64) ([]Tail, error) {
	if err := checkConfidence(confidence); err != nil {
		return nil, err
	}
	if err := checkFinite(samples); err != nil {
		return nil, err
	}
	if len(thresholds) == 0 {
		return nil, fmt.Errorf("stat: no threshold: want at least one")
	}
	seen := make(map[float64]bool, len(thresholds))
	band := make([]Tail, len(thresholds))
	for i, x := range thresholds {
		if !finite(x) || x < 0 {
			return nil, fmt.Errorf("stat: threshold %v: want a finite number, 0 or more", x)
		}
		if seen[x] {
			return nil, fmt.Errorf("stat: threshold %v is repeated: want each once, for each widens the band", x)
		}
		seen[x] = true
		exceeding := 0
		for _, u := range samples {
			if u > x || u < -x {
				exceeding++
			}
		}
		band[i] = Tail{x, clopperPearson(exceeding, len(samples), 1-(1-confidence)/float64(len(thresholds)))}
	}
	return band, nil
}
