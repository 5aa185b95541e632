package claim_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"spfq/experiments/claim"
	"spfq/experiments/plan"
	"spfq/experiments/plan/plantest"
)

// What claims need measured beyond what every record has, each by itself, and what
// the plan certifies and searches for all of them.
func TestNeeds(t *testing.T) {
	for _, c := range []struct {
		sample string
		claims string // kind: certificate or search, and where; of claims that need any
		plan   string // width method/align/bits of what is certified and searched
	}{
		{"small", "bits_growth: factor 1.5 where method = spfq, align = exact",
			"search 16 spfq/exact/inf within 1.5, search 32 spfq/exact/inf within 1.5, search 64 spfq/exact/inf within 1.5"},
		{"manyKinds", "tail: certificate where align = exact; tail: certificate where align = exact",
			"certificate 512 spfq/exact/inf, certificate 1024 spfq/exact/inf"},
	} {
		text, err := os.ReadFile("../testdata/" + c.sample + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		p := plantest.Parse(t, string(text))
		var claims, planned []string
		for _, one := range p.Spec.Claims {
			need, kind := claim.Needs(one), claim.BaseOf(one).Kind
			if need.Certify {
				claims = append(claims, fmt.Sprintf("%s: certificate where %s", kind, need.Where))
			}
			if need.Factor != 0 {
				claims = append(claims, fmt.Sprintf("%s: factor %v where %s", kind, need.Factor, need.Where))
			}
		}
		for _, s := range p.Settings {
			name := func(v plan.Variant) string {
				return fmt.Sprintf("%d %s/%s/%s", s.Width, v.Method, v.Align, v.Bits)
			}
			for _, v := range s.Variants {
				if v.Sim.Certify {
					planned = append(planned, "certificate "+name(v))
				}
			}
			for _, search := range s.Searches {
				planned = append(planned, fmt.Sprintf("search %s within %v", name(search.Variant), search.Factor))
			}
		}
		if got := strings.Join(claims, "; "); got != c.claims {
			t.Errorf("%s: claims need\n%s\nwant\n%s", c.sample, got, c.claims)
		}
		if got := strings.Join(planned, ", "); got != c.plan {
			t.Errorf("%s: planned is\n%s\nwant\n%s", c.sample, got, c.plan)
		}
	}
}
