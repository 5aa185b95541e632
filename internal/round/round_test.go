package round

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"spfq/internal/kernel"
	"spfq/internal/rng"
)

// problem is rows to round, drawn at random, in slices with room around them.
type problem struct {
	step, limit float64
	stochastic  bool
	keys        []rng.Key
	rows        *Rows
	guarded     [][]float64 // every slice that is written, with its guards
}

const guard = -1234.5

// slice returns n numbers between guards.
func (p *problem) slice(n int, fill func() float64) []float64 {
	s := make([]float64, n+2*lanes)
	for i := range s {
		s[i] = guard
	}
	p.guarded = append(p.guarded, s)
	s = s[lanes : lanes+n : lanes+n]
	for i := range s {
		s[i] = fill()
	}
	return s
}

// newProblem draws count rows of n neurons. Some weights lie on levels and half
// way between, are huge, or no numbers at all.
func newProblem(seed uint64, n, count int, stochastic, finite, fractions bool) *problem {
	r := rand.New(rand.NewPCG(seed, 1))
	p := &problem{step: []float64{0.25, 0.3, 1e-3}[r.IntN(3)], limit: math.Inf(1), stochastic: stochastic, rows: &Rows{}}
	if finite {
		p.limit = float64(1 + r.IntN(5))
	}
	weight := func() float64 {
		switch r.IntN(40) {
		case 0:
			return p.step * float64(r.IntN(9)-4)
		case 1:
			return p.step * (float64(r.IntN(9)-4) + 0.5)
		case 2:
			return r.NormFloat64() * 1e300
		case 3:
			return []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 5e-324}[r.IntN(5)]
		}
		return r.NormFloat64()
	}
	key := rng.New(seed, "test")
	for j := range n {
		p.keys = append(p.keys, key.Derive(j))
	}
	p.rows.CStep, p.rows.GramStep = n+r.IntN(5), count+r.IntN(5)
	p.rows.C = p.slice((count-1)*p.rows.CStep+n, func() float64 { return 3 * r.NormFloat64() })
	p.rows.Gram = p.slice((count-1)*p.rows.GramStep+count, r.NormFloat64)
	p.rows.Inv = p.slice(count, func() float64 { return float64(r.IntN(4)) * r.Float64() })
	for t := range count {
		p.rows.T = append(p.rows.T, r.IntN(1<<20))
		p.rows.W[t] = p.slice(n, weight)
		p.rows.Q[t] = p.slice(n, func() float64 { return 7 })
		if fractions {
			p.rows.F[t] = p.slice(n, func() float64 { return 8 })
		}
	}
	return p
}

// run rounds a fresh copy of the problem with a kernel.
func (p problem) run(k kernel.Kernel, draw func() *problem) (*problem, *Rounder) {
	q := draw()
	r := newRounder(q.step, q.limit, q.stochastic, q.keys, k)
	r.Rows(q.rows)
	return q, r
}

// same compares bits, any NaN equal to any other.
func same(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || math.IsNaN(a) && math.IsNaN(b)
}

// The kernels agree with the portable code in every bit of everything that is
// written, and write nothing else, for any number of neurons and rows.
func TestKernelsAgree(t *testing.T) {
	for _, k := range kernel.Supported() {
		seed := uint64(0)
		for n := 1; n <= 75; n++ {
			for _, count := range []int{1, 2, 7, 8, MaxRows} {
				for choice := range 8 {
					seed++
					draw := func() *problem {
						return newProblem(seed, n, count, choice&1 > 0, choice&2 > 0, choice&4 > 0)
					}
					want, wr := problem{}.run(kernel.Generic, draw)
					got, gr := problem{}.run(k, draw)
					for i := range want.guarded {
						for j, w := range want.guarded[i] {
							if g := got.guarded[i][j]; !same(g, w) {
								t.Fatalf("%s, %d neurons, %d rows, choice %b: number %d of slice %d is %v, portable %v", k, n, count, choice, j, i, g, w)
							}
						}
					}
					if gr.MaxV() != wr.MaxV() || gr.Saturated() != wr.Saturated() {
						t.Fatalf("%s, %d neurons, %d rows, choice %b: largest %v, %d clipped; portable %v, %d",
							k, n, count, choice, gr.MaxV(), gr.Saturated(), wr.MaxV(), wr.Saturated())
					}
					for i, s := range got.guarded {
						for j := range lanes {
							if s[j] != guard || s[len(s)-1-j] != guard {
								t.Fatalf("%s, %d neurons, %d rows: wrote outside slice %d", k, n, count, i)
							}
						}
					}
				}
			}
		}
	}
}

// The portable code does what the package comment says, in exact arithmetic up
// to the roundings that it names, on rows without special numbers.
func TestPortableIsAsWritten(t *testing.T) {
	fma := func(x, y, z float64) float64 {
		p := new(big.Float).SetPrec(2200).Mul(big.NewFloat(x), big.NewFloat(y))
		v, _ := p.Add(p, big.NewFloat(z)).Float64()
		return v
	}
	const n, count = 5, 9
	for seed := range uint64(40) {
		draw := func() *problem {
			p := newProblem(seed, n, count, seed&1 > 0, seed&2 > 0, true)
			for t := range count {
				for j, w := range p.rows.W[t] {
					if math.IsNaN(w) || math.Abs(w) > 1e10 {
						p.rows.W[t][j] = 0.125
					}
				}
			}
			return p
		}
		in := draw()
		got, r := problem{}.run(kernel.Generic, draw)
		clipped, most := int64(0), 0.0
		for j := range n {
			var e [count]float64
			for row, number := range in.rows.T {
				c := in.rows.C[row*in.rows.CStep+j]
				for s := range row {
					c = fma(in.rows.Gram[row*in.rows.GramStep+s], e[s], c)
				}
				w := in.rows.W[row][j]
				y := fma(c, in.rows.Inv[row], w) / in.step
				k := math.Floor(y)
				f := y - k
				if up := in.keys[j].Uniform(number) < f; in.stochastic && up || !in.stochastic && f >= 0.5 {
					k++
				}
				if math.Abs(k) > in.limit {
					k = math.Copysign(in.limit, k)
					clipped++
				}
				e[row] = w - k*in.step
				most = max(most, math.Abs(y))
				q, ft, et := got.rows.Q[row][j], got.rows.F[row][j], got.rows.C[row*in.rows.CStep+j]
				if q != k*in.step || ft != f || et != e[row] {
					t.Fatalf("row %d of neuron %d: q %v, f %v, e %v, want %v, %v, %v", row, j, q, ft, et, k*in.step, f, e[row])
				}
			}
		}
		if r.Saturated() != clipped || r.MaxV() != most {
			t.Errorf("%d clipped, largest %v; want %d, %v", r.Saturated(), r.MaxV(), clipped, most)
		}
	}
}

func TestMisfitsPanic(t *testing.T) {
	for name, spoil := range map[string]func(*Rows){
		"short c":         func(r *Rows) { r.C = r.C[:len(r.C)-1] },
		"short inverses":  func(r *Rows) { r.Inv = r.Inv[:1] },
		"short gram":      func(r *Rows) { r.Gram = r.Gram[:r.GramStep] },
		"short weights":   func(r *Rows) { r.W[1] = r.W[1][1:] },
		"short codes":     func(r *Rows) { r.Q[2] = nil },
		"short fractions": func(r *Rows) { r.F[2] = nil },
		"too many rows":   func(r *Rows) { r.T = slices.Repeat(r.T, MaxRows) },
		"overlapping c":   func(r *Rows) { r.CStep = 3 },
	} {
		p := newProblem(1, 9, 3, true, true, true)
		spoil(p.rows)
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			newRounder(p.step, p.limit, true, p.keys, kernel.Supported()[0]).Rows(p.rows)
		}()
	}
}

func BenchmarkRows(b *testing.B) {
	for _, k := range kernel.Supported() {
		for _, stochastic := range []bool{true, false} {
			for _, count := range []int{1, 8, 16} {
				b.Run(fmt.Sprintf("%s/stochastic=%v/rows=%d", k, stochastic, count), func(b *testing.B) {
					const n = 96
					p := newProblem(1, n, count, stochastic, true, false)
					for t := range count {
						for j := range n {
							p.rows.W[t][j] = rng.New(uint64(t), "w").Normal(j)
						}
					}
					for i := range p.rows.Gram {
						p.rows.Gram[i] *= 1e-3 // keeps the errors from growing
					}
					r := newRounder(p.step, p.limit, stochastic, p.keys, k)
					b.ReportAllocs()
					for b.Loop() {
						r.Rows(p.rows)
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n*count), "ns/weight")
				})
			}
		}
	}
}
