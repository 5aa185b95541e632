// round.go has the entry point, its checks, and the portable code.

package round

import (
	"fmt"
	"math"

	"spfq/internal/kernel"
	"spfq/internal/rng"
)

// MaxRows is the most rows that go through at once.
const MaxRows = 16

// lanes is the most numbers in a vector register.
const lanes = 8

// Rounder rounds the weights of some neurons of a layer, row after row, and
// counts what happens. It is not safe for concurrent use.
type Rounder struct {
	step, limit float64
	stochastic  bool
	streams     []rng.Stream
	kernel      kernel.Kernel

	// One entry a lane of a vector. The totals do not depend on the lanes.
	maxV      [lanes]float64
	saturated [lanes]int64
}

// New returns a rounder to the levels kδ, |k| <= limit (which may be infinite),
// for as many neurons as there are streams. It keeps the slice of streams.
func New(step, limit float64, stochastic bool, streams []rng.Stream) *Rounder {
	return newRounder(step, limit, stochastic, streams, kernel.Must())
}

func newRounder(step, limit float64, stochastic bool, streams []rng.Stream, k kernel.Kernel) *Rounder {
	return &Rounder{step: step, limit: limit, stochastic: stochastic, streams: streams, kernel: k}
}

// MaxV returns the largest |v|/δ so far, before rounding. NaN does not count.
func (r *Rounder) MaxV() float64 {
	most := 0.0
	for _, v := range r.maxV {
		most = max(most, v)
	}
	return most
}

// Saturated returns how many weights were clipped so far.
func (r *Rounder) Saturated() int64 {
	var sum int64
	for _, n := range r.saturated {
		sum += n
	}
	return sum
}

// Rows is a run of at most MaxRows rows and what they need, for n neurons.
type Rows struct {
	T        []int // weight numbers, which draws depend on
	W, Q     [MaxRows][]float64
	F        [MaxRows][]float64 // receives the fractions f; F[0] is nil if they are not wanted
	C        []float64          // row t of c begins at C[t·CStep]; receives e
	CStep    int
	Gram     []float64 // ⟨X̃_t, X̃_s⟩ of rows s < t is at Gram[t·GramStep+s]
	GramStep int
	Inv      []float64 // 1/‖X̃_t‖²
}

// Rows rounds rows. The slices of one call must not overlap. It panics if they do
// not fit the neurons.
func (r *Rounder) Rows(rows *Rows) {
	n, count := len(r.streams), len(rows.T)
	if n == 0 || count == 0 {
		return
	}
	fits := count <= MaxRows && len(rows.Inv) >= count && rows.CStep >= n && len(rows.C) >= (count-1)*rows.CStep+n &&
		(count == 1 || rows.GramStep >= count-1 && len(rows.Gram) >= (count-1)*rows.GramStep+count-1)
	for t := 0; fits && t < count; t++ {
		fits = len(rows.W[t]) == n && len(rows.Q[t]) == n && (rows.F[0] == nil || len(rows.F[t]) == n)
	}
	if !fits {
		panic(fmt.Sprintf("round: %d rows of %d neurons do not fit their slices", count, n))
	}
	from := 0
	if r.kernel != kernel.Generic {
		from = r.vectors(rows)
	}
	if from < n {
		r.portable(rows, from)
	}
}

// belowHalf is the largest number below ½, so that f > belowHalf means f >= ½.
var belowHalf = math.Nextafter(0.5, 0)

// portable rounds the neurons from the given one on.
func (r *Rounder) portable(rows *Rows, from int) {
	n := len(r.streams)
	for t, number := range rows.T {
		c := rows.C[t*rows.CStep:][from:n]
		for s := range t {
			g := rows.Gram[t*rows.GramStep+s]
			e := rows.C[s*rows.CStep:][from:n][:len(c)]
			for j := range c {
				c[j] = math.FMA(g, e[j], c[j])
			}
		}
		w, q := rows.W[t][from:][:len(c)], rows.Q[t][from:][:len(c)]
		for j := range c {
			y := math.FMA(c[j], rows.Inv[t], w[j]) / r.step
			k := math.Floor(y)
			f := y - k
			if rows.F[0] != nil {
				rows.F[t][from+j] = f
			}
			h := belowHalf
			if r.stochastic {
				h = r.streams[from+j].Uniform(number)
			}
			// The comparison is made by the sign bit, since a branch on a fair coin
			// is mispredicted every other time.
			k += float64(int64(math.Float64bits(h-f) >> 63))
			if y = math.Abs(y); y > r.maxV[0] {
				r.maxV[0] = y
			}
			if k > r.limit || k < -r.limit {
				k = math.Copysign(r.limit, k)
				r.saturated[0]++
			}
			level := float64(k * r.step) // the conversion has it rounded before it is subtracted
			q[j] = level
			c[j] = w[j] - level
		}
	}
}
