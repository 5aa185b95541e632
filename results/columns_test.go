package results

import (
	"fmt"
	"math"
	"testing"
)

func TestColumnsReadAsText(t *testing.T) {
	a := Identity{
		Variant: Variant{Method: "spfq", Feedback: true, Bits: Num(math.Inf(1)), Step: Unset, K: 3},
		Setting: Setting{Noise: Unset},
		Draw:    Draw{Seed: math.MaxUint64},
	}
	b := a
	b.Method, b.Feedback, b.Step, b.Seed = "rtn", false, 0, 1
	differ := map[string]bool{"method": true, "feedback": true, "step": true, "seed": true}
	for _, c := range Columns(&a) {
		if got, want := c.Text(&a), fmt.Sprint(c.Value(&a)); got != want {
			t.Errorf("%s: text %q, by its value %q", c.Name, got, want)
		}
		if c.Same(&a, &b) == differ[c.Name] {
			t.Errorf("%s: Same(%q, %q) = %v", c.Name, c.Text(&a), c.Text(&b), c.Same(&a, &b))
		}
	}
	c, _ := Lookup(&a, "seed")
	if n := testing.AllocsPerRun(10, func() { c.Number(&a); c.Same(&a, &b) }); n > 0 {
		t.Errorf("a number takes %v allocations", n)
	}
}

// A count that is missing is empty, no number, and other than 0.
func TestMissingCounts(t *testing.T) {
	a, b := Search{NeededK: NoCount}, Search{NeededK: 0}
	c, _ := Lookup(&a, "needed_K")
	if x, ok := c.Number(&a); c.Text(&a) != "" || !ok || !math.IsNaN(x) || !c.Numeric() || c.Same(&a, &b) || !c.Same(&a, &a) {
		t.Errorf("a missing count is %q, %v", c.Text(&a), x)
	}
	if x, ok := c.Number(&b); c.Text(&b) != "0" || !ok || x != 0 {
		t.Errorf("a count of 0 is %q, %v", c.Text(&b), x)
	}
}
