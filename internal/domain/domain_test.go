package domain

import "testing"

// What was written is no suggestion, even if it is among the candidates.
func TestDidYouMean(t *testing.T) {
	candidates := []string{"width", "widths", "layers"}
	for s, want := range map[string]string{"widht": `; did you mean "width"?`, "width": `; did you mean "widths"?`, "layers": "", "Layers": `; did you mean "layers"?`, "zebra": ""} {
		if got := DidYouMean(s, candidates); got != want {
			t.Errorf("%s: %q, want %q", s, got, want)
		}
	}
}
