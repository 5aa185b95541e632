// helpers_test.go holds what the tests share: checks of closeness, of coverage,
// of warnings and of errors.

package stat

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

// near fails unless got is within tol·max(1, |want|) of want.
func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if got == want {
		return
	}
	if !(math.Abs(got-want) <= tol*max(1, math.Abs(want))) {
		t.Errorf("%s = %.17g, want %.17g within %g", what, got, want, tol)
	}
}

// critical is the standard normal quantile of a two-sided probability of 10^-4.
// With other seeds, a correct interval would fail one in 10,000 checks that allow
// this many standard deviations. There are a few dozen such checks in this package.
const critical = 3.8906

// band returns how far the share of n independent simulations in which an interval
// of coverage c contains the true value may be from c: critical times the binomial
// standard deviation √(c(1-c)/n). The normal approximation is good enough, as
// n·(1-c) is 20 or more wherever it is used.
func band(coverage float64, n int) float64 {
	return critical * math.Sqrt(coverage*(1-coverage)/float64(n))
}

// covers checks that an interval of exact coverage contained the true value in as
// many of n simulations as it should.
func covers(t *testing.T, what string, hits, n int, coverage float64) {
	t.Helper()
	got, b := float64(hits)/float64(n), band(coverage, n)
	t.Logf("%s: covers %.4f, nominal %.3f ± %.4f", what, got, coverage, b)
	if math.Abs(got-coverage) > b {
		t.Errorf("%s: covers %.4f of %d times, want %.3f ± %.4f", what, got, n, coverage, b)
	}
}

func (i Interval) has(x float64) int {
	if i.Lo <= x && x <= i.Hi {
		return 1
	}
	return 0
}

func warned(e Estimate, words string) bool {
	return strings.Contains(strings.Join(e.Warnings, "\n"), words)
}

// complains fails unless err says all of words.
func complains(t *testing.T, err error, words ...string) {
	t.Helper()
	for _, w := range words {
		if err == nil || !strings.Contains(err.Error(), w) {
			t.Errorf("error %v, want one that says %q", err, w)
		}
	}
}

// panics fails unless f panics with a string that says words.
func panics(t *testing.T, words string, f func()) {
	t.Helper()
	defer func() {
		s, _ := recover().(string)
		if !strings.HasPrefix(s, "stat: ") || !strings.Contains(s, words) {
			t.Errorf("panic %q, want one of this package that says %q", s, words)
		}
	}()
	f()
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// choose is the binomial coefficient in floating point, by its literal product.
func choose(n, k int) float64 {
	c := 1.0
	for i := 1; i <= k; i++ {
		c *= float64(n-k+i) / float64(i)
	}
	return c
}

// pmf is the binomial probability, by its literal formula.
func pmf(k, n int, p float64) float64 {
	return choose(n, k) * math.Pow(p, float64(k)) * math.Pow(1-p, float64(n-k))
}
