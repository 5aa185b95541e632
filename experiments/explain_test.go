package experiments

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"spfq/experiments/claim"
	"spfq/experiments/config"
	"spfq/quant"
)

// Every kind of claim is explained, in order, and its example can be judged as
// it stands.
func TestEveryKindIsExplained(t *testing.T) {
	var explained []string
	for _, c := range config.Claims() {
		explained = append(explained, c.Kind)
		if c.Claims == "" || c.Statistics == "" || c.Verdict == "" || len(c.Keys) < 2 {
			t.Errorf("%s is not explained in full: %+v", c.Kind, c)
		}
		p, err := Parse(c.Kind, []byte(explainable+"claims:\n  - "+exactly(c)+"\n"), nil)
		if err != nil {
			t.Errorf("%s: the example is refused: %v", c.Kind, err)
		} else if got := claim.BaseOf(p.Spec.Claims[0]).Kind; got != c.Kind {
			t.Errorf("%s: the example is of kind %s", c.Kind, got)
		}
	}
	if !slices.Equal(explained, claim.Kinds()) || len(slices.Compact(slices.Sorted(slices.Values(explained)))) != len(explained) {
		t.Errorf("kinds %v are explained, and there are %v", explained, claim.Kinds())
	}
}

// exactly is the example, about exact alignments where it leaves them open:
// explainable has others too.
func exactly(c config.ClaimText) string {
	if strings.Contains(c.Example, "align") {
		return c.Example
	}
	return strings.ReplaceAll(c.Example, "method: spfq", "method: spfq, align: exact")
}

func TestEveryMethodIsExplained(t *testing.T) {
	if have, want := slices.Sorted(maps.Keys(methodTexts)), slices.Sorted(slices.Values(quant.Names())); !slices.Equal(have, want) {
		t.Errorf("methods %v are explained, and there are %v", have, want)
	}
	for _, m := range Methods() {
		for part, text := range map[string]string{"what": m.What, "cost": m.Cost, "guarantee": m.Guarantee, "when": m.When, "source": m.Source} {
			if text == "" {
				t.Errorf("%s: %s is not told", m.Name, part)
			}
		}
		p := mustParse(t, explainable, "methods=[{name: "+m.Name+", "+m.Choices+"}]")
		if got := p.Variants[0].Sim.Method; got != mustNamed(m.Name) {
			t.Errorf("%s stands for %+v, and is said to stand for %s", m.Name, got, m.Choices)
		}
	}
}
