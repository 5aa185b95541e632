package experiments

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"spfq/quant"
)

// explainable has what the examples of all kinds are about.
const explainable = `name: explainable
trials: 2
network: {layers: 2, width: [16, 32]}
data: {samples: 4, test_samples: 4}
alphabet: {step: 0.25, bits: [4, inf]}
methods: [{name: spfq, align: [exact, order-1, order-4]}, {name: gpfq}, {name: rtn}]
`

// Every kind of claim is explained, in order, and its example can be judged as
// it stands.
func TestEveryKindIsExplained(t *testing.T) {
	if have, want := slices.Sorted(maps.Keys(claimTexts)), claimNames(); !slices.Equal(have, want) {
		t.Errorf("kinds %v are explained, and there are %v", have, want)
	}
	if have := slices.Sorted(slices.Values(claimOrder)); !slices.Equal(have, claimNames()) {
		t.Errorf("kinds %v are in order, and there are %v", have, claimNames())
	}
	for _, c := range Claims() {
		if c.Claims == "" || c.Statistics == "" || c.Verdict == "" || len(c.Keys) < 2 {
			t.Errorf("%s is not explained in full: %+v", c.Kind, c)
		}
		p, err := Parse(c.Kind, []byte(explainable+"claims:\n  - "+exactly(c)+"\n"), nil)
		if err != nil {
			t.Errorf("%s: the example is refused: %v", c.Kind, err)
		} else if got := p.Config.Claims[0].base().Kind; got != c.Kind {
			t.Errorf("%s: the example is of kind %s", c.Kind, got)
		}
	}
}

// exactly is the example, about exact alignments where it leaves them open:
// explainable has others too.
func exactly(c ClaimText) string {
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
		if got := p.Variants[0].Variant.Method; got != mustNamed(m.Name) {
			t.Errorf("%s stands for %+v, and is said to stand for %s", m.Name, got, m.Choices)
		}
	}
}

// Every theorem that a claim can name is one of docs/theory.md.
func TestEveryTheoremIsExplained(t *testing.T) {
	theory, err := os.ReadFile("../docs/theory.md")
	if err != nil {
		t.Fatal(err)
	}
	if have := Theorems(); len(have) != len(theorems) {
		t.Errorf("%d theorems are explained, and there are %d", len(have), len(theorems))
	}
	for _, th := range Theorems() {
		name, _, ok := strings.Cut(th.About, ":")
		first := strings.Fields(name)[0]
		if !ok || !strings.Contains(string(theory), "["+first+"]") && !strings.Contains(string(theory), "["+first+", ") && !strings.Contains(string(theory), ", "+first+"]") {
			t.Errorf("%s: %q begins with no statement of docs/theory.md", th.Name, th.About)
		}
	}
}
