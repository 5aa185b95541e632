package claim

import (
	"os"
	"strings"
	"testing"
)

// Every theorem that a claim can name is one of docs/theory.md.
func TestEveryTheoremIsExplained(t *testing.T) {
	theory, err := os.ReadFile("../../docs/theory.md")
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
