package experiments

import "testing"

// smallest finds a k that passes while k − 1 does not, whatever the guess.
func TestSmallest(t *testing.T) {
	for hi := 1; hi <= 40; hi++ {
		for answer := 1; answer <= hi; answer++ {
			for guess := -1; guess <= hi+3; guess++ {
				calls := 0
				got, err := smallest(guess, hi, func(k int) (bool, error) {
					if k < 1 || k >= hi && hi > 1 {
						t.Fatalf("asked for %d of [1, %d)", k, hi)
					}
					calls++
					return k >= answer, nil
				})
				if err != nil || got != answer || calls > 12 {
					t.Fatalf("hi %d, guess %d: %d after %d calls (%v), want %d", hi, guess, got, calls, err, answer)
				}
			}
		}
	}
}
