// alphabet.go defines alphabets: their levels, bits and step.

package quant

import (
	"fmt"
	"math"
	"slices"
)

// Alphabet is the set of levels kδ of integers k: all of them (A_∞) where K = 0, else
// those with |k| <= K (A_K).
type Alphabet struct {
	Step float64 // δ > 0
	K    int     // 0 for the infinite alphabet
}

// Bits returns log2(2K+1), the bits that a level takes, and +Inf for A_∞.
func (a Alphabet) Bits() float64 {
	if a.K == 0 {
		return math.Inf(1)
	}
	return math.Log2(float64(2*a.K + 1))
}

// limit returns the largest |k|, +Inf for A_∞.
func (a Alphabet) limit() float64 {
	if a.K == 0 {
		return math.Inf(1)
	}
	return float64(a.K)
}

func (a Alphabet) check() {
	if !(a.Step > 0) || math.IsInf(a.Step, 0) || a.K < 0 {
		panic(fmt.Sprintf("quant: alphabet of step %v and K %d", a.Step, a.K))
	}
}

// Levels is the rule by which a number of bits b becomes a number of levels.
type Levels string

const (
	// Signed has K = 2^(b-1) − 1, hence 2^b − 1 levels, which fit into b bits. It
	// needs b >= 2.
	Signed Levels = "signed"
	// Paper has K = 2^(b-1), as the authors' code has, hence 2^b + 1 levels, which
	// take more than b bits. It needs b >= 1.
	Paper Levels = "paper"
)

// MaxBits is the largest number of bits of a finite alphabet.
const MaxBits = 31

// K returns the K of b bits. A number of bits that the rule does not serve is an
// error.
func (l Levels) K(b int) (int, error) {
	least, off := 2, 1
	if l == Paper {
		least, off = 1, 0
	}
	if b < least || b > MaxBits {
		return 0, fmt.Errorf("%d bits with %s levels: want %d to %d, or inf", b, l, least, MaxBits)
	}
	return 1<<(b-1) - off, nil
}

// StepFromData returns δ = C·rad/K, the authors' rule, where rad is the mean over the
// neurons of a layer of the p-quantile of |w̃| (AbsQuantile). A step that is not
// positive and finite is an error.
func StepFromData(c, rad float64, k int) (float64, error) {
	step := c * rad / float64(k)
	if !(step > 0) || math.IsInf(step, 0) {
		return 0, fmt.Errorf("step from data δ = C·rad/K = %v·%v/%d = %v is not positive and finite: are all weights zero?", c, rad, k, step)
	}
	return step, nil
}

// AbsQuantile returns the p-quantile of |w|, 0 < p <= 1, interpolated linearly
// between order statistics at the position p(N−1), as torch.quantile and NumPy do by
// default. It overwrites work, which is as long as w.
func AbsQuantile(p float64, w, work []float64) float64 {
	for i, x := range w {
		work[i] = math.Abs(x)
	}
	if p == 1 {
		return slices.Max(work)
	}
	slices.Sort(work)
	pos := p * float64(len(work)-1)
	i := int(pos)
	if i+1 == len(work) {
		return work[i]
	}
	return work[i] + (pos-float64(i))*(work[i+1]-work[i])
}
