package claim_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"spfq/experiments"
	"spfq/experiments/claim"
	"spfq/results"
)

// Every bound, divided by ten, is found violated in a real run, and is not as it
// is. The looser ones, of whole networks above all, are divided by more.
func TestBoundsDividedByTen(t *testing.T) {
	var text strings.Builder
	text.WriteString(`name: bounds
trials: 10
network: {layers: 2, width: [128, 256]}
data: {samples: 8}
alphabet: {step: 0.25}
methods: [{name: spfq, align: [exact, order-3]}]
claims:
`)
	names := claim.Theorems()
	for _, th := range names {
		align := "exact"
		if claim.NeedsOrderR(th.Name) {
			align = "order-3"
		}
		text.WriteString("  - {kind: bound, theorem: " + th.Name + ", where: {align: " + align + "}}\n")
	}
	e, err := experiments.Parse("bounds.yaml", []byte(text.String()), nil)
	if err != nil {
		t.Fatal(err)
	}
	m, claims, err := e.Execute(context.Background(), experiments.Execution{Dir: filepath.Join(t.TempDir(), "run"), Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range claims {
		if c.Verdict != results.Supported || c.Trials != 20 {
			t.Errorf("%s is %s on %d trials: %v", names[i].Name, c.Verdict, c.Trials, c.Notes)
		}
	}
	defer claim.DivideBounds(10, 1e5)()
	for i, c := range m.Judge() {
		if c.Verdict != results.Refuted {
			t.Errorf("%s, divided, is %s: %v", names[i].Name, c.Verdict, c.Notes)
		}
	}
}
