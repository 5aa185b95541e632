package experiments

import (
	"path/filepath"
	"strings"
	"testing"

	"spfq/results"
)

// What each claim watches, broken in a real run, is seen: the claim that was
// supported is refuted.
func TestBrokenMethodsAreRefuted(t *testing.T) {
	const config = `name: broken
trials: 60
network: {layers: 1, width: [64, 128, 256], weights: WEIGHTS}
data: {samples: 8, test_samples: 32, source: SOURCE}
alphabet: {step: 0.25}
methods:
  - {name: spfq}
  - {name: rtn}
claims:
  - CLAIM
`
	for _, c := range []struct {
		name, weights, source, claim string
		sets                         []string
	}{
		{"feedback switched off", "gaussian", "gaussian",
			"{kind: power_law, metric: rel_sq_error, over: width, where: {method: spfq}, exponent: [-1.2, -0.8]}",
			[]string{"methods.0.feedback=false"}},
		{"feedback switched off, compared", "gaussian", "gaussian",
			"{kind: ratio, metric: rel_sq_error, where: {method: rtn}, to: {method: spfq}, range: [2, inf]}",
			[]string{"methods.0.feedback=false"}},
		{"a biased rounding", "tied", "gaussian",
			"{kind: power_law, metric: bias, over: width, where: {method: spfq}, exponent: [-1.4, -0.6]}",
			[]string{"methods.0.rounding=nearest"}},
		{"an alphabet too small", "gaussian", "gaussian",
			"{kind: ratio, metric: rel_sq_error, where: {method: spfq}, to: {method: rtn}, range: [0, 0.6]}",
			[]string{"alphabet.bits=2", "alphabet.step=0.05"}},
		{"data that fill all dimensions", "gaussian", "{subspace, dimension: 2}",
			"{kind: generalizes, where: {method: spfq}, range: [0, 3]}",
			[]string{"data={source: gaussian, samples: 8, test_samples: 32}"}},
	} {
		text := strings.NewReplacer("WEIGHTS", c.weights, "CLAIM", c.claim).Replace(config)
		text = strings.Replace(text, "SOURCE", strings.Trim(c.source, "{}"), 1)
		verdict := func(sets ...string) results.Claim {
			_, claims := mustExecute(t, mustParse(t, text, sets...), filepath.Join(t.TempDir(), "run"), 2)
			return claims[0]
		}
		if got := verdict(); got.Verdict != results.Supported {
			t.Errorf("%s: before it is broken the claim is %s (%v [%v, %v]; %v)", c.name, got.Verdict, got.Estimate, got.Lo, got.Hi, got.Notes)
		}
		if got := verdict(c.sets...); got.Verdict != results.Refuted {
			t.Errorf("%s: the claim is %s (%v [%v, %v]; %v), want refuted", c.name, got.Verdict, got.Estimate, got.Lo, got.Hi, got.Notes)
		}
	}
}
