//go:build unix

package round

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"testing"
	"unsafe"

	"spfq/internal/guard"
	"spfq/internal/kernel"
	"spfq/internal/rng"
)

// problem is rows to round, drawn at random. Every slice lies between pages that
// can be neither read nor written.
type problem struct {
	step, limit float64
	stochastic  bool
	streams     []rng.Stream
	rows        *Rows
	slices      [][]float64 // every slice of rows, to compare
}

// options are the kind of problem to draw.
type options struct {
	neurons, rows                 int
	stochastic, finite, fractions bool
	atEnd                         bool // whether slices lie against the page after them, or the one before
	seed                          uint64
}

// draw draws a problem. Some of the weights lie on levels or half way between two, are
// huge, infinite or NaN.
func (o options) draw(t testing.TB) *problem {
	n, count := o.neurons, o.rows
	r := rand.New(rand.NewPCG(o.seed, 1))
	p := &problem{step: []float64{0.25, 0.3, 1e-3}[r.IntN(3)], limit: math.Inf(1), stochastic: o.stochastic, rows: &Rows{}}
	slice := func(n int, fill func() float64) []float64 {
		s := guard.New(t, n, o.atEnd).X
		for i := range s {
			s[i] = fill()
		}
		p.slices = append(p.slices, s)
		return s
	}
	if o.finite {
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
	all := rng.New(o.seed, "test")
	p.streams = unsafe.Slice((*rng.Stream)(unsafe.Pointer(&guard.New(t, n, o.atEnd).X[0])), n)
	for j := range p.streams {
		p.streams[j] = all.Derive(j)
	}
	p.rows.CStep, p.rows.GramStep = n+r.IntN(5), count+r.IntN(5)
	p.rows.C = slice((count-1)*p.rows.CStep+n, func() float64 { return 3 * r.NormFloat64() })
	p.rows.Gram = slice((count-1)*p.rows.GramStep+count, r.NormFloat64)
	p.rows.Inv = slice(count, func() float64 { return float64(r.IntN(4)) * r.Float64() })
	for t := range count {
		p.rows.T = append(p.rows.T, r.IntN(1<<20))
		p.rows.W[t] = slice(n, weight)
		p.rows.Q[t] = slice(n, func() float64 { return 7 })
		if o.fractions {
			p.rows.F[t] = slice(n, func() float64 { return 8 })
		}
	}
	return p
}

// round rounds the problem with a kernel.
func (p *problem) round(k kernel.Kernel) *Rounder {
	r := newRounder(p.step, p.limit, p.stochastic, p.streams, k)
	r.Rows(p.rows)
	return r
}

// same reports whether two numbers have the same bits, where any NaN equals any other.
func same(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || math.IsNaN(a) && math.IsNaN(b)
}

// agree fails unless a kernel and the portable code do the same in every bit of
// everything that they could write.
func (o options) agree(t testing.TB, k kernel.Kernel) {
	t.Helper()
	defer func() {
		if v := recover(); v != nil {
			t.Fatalf("%s, %+v: %v", k, o, v)
		}
	}()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	want, got := o.draw(t), o.draw(t)
	wr, gr := want.round(kernel.Generic), got.round(k)
	for i := range want.slices {
		for j, w := range want.slices[i] {
			if g := got.slices[i][j]; !same(g, w) {
				t.Fatalf("%s, %+v: number %d of slice %d is %v, portable %v", k, o, j, i, g, w)
			}
		}
	}
	if gr.MaxV() != wr.MaxV() || gr.Saturated() != wr.Saturated() {
		t.Fatalf("%s, %+v: largest %v, %d clipped; portable %v, %d", k, o, gr.MaxV(), gr.Saturated(), wr.MaxV(), wr.Saturated())
	}
}

// The kernels agree with the portable code, and touch no memory but their slices, for any
// number of neurons and rows.
func TestKernelsAgree(t *testing.T) {
	for _, k := range kernel.Supported() {
		for _, n := range []int{1, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 31, 32, 33, 37, 64, 75} {
			t.Run(fmt.Sprintf("%s/%d", k, n), func(t *testing.T) { // a subtest, which unmaps its pages at its end
				for _, count := range []int{1, 2, 8, MaxRows} {
					for choice := range 16 {
						options{n, count, choice&1 > 0, choice&2 > 0, choice&4 > 0, choice&8 > 0, uint64(100*n + count)}.agree(t, k)
					}
				}
			})
		}
	}
}

func FuzzKernelsAgree(f *testing.F) {
	f.Add(uint16(480), uint8(8), uint8(1), uint64(1))
	f.Add(uint16(33), uint8(15), uint8(14), uint64(2))
	f.Fuzz(func(t *testing.T, n uint16, count, choice uint8, seed uint64) {
		for _, k := range kernel.Supported() {
			options{1 + int(n%600), 1 + int(count%MaxRows), choice&1 > 0, choice&2 > 0, choice&4 > 0, choice&8 > 0, seed}.agree(t, k)
		}
	})
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
			p := options{neurons: n, rows: count, stochastic: seed&1 > 0, finite: seed&2 > 0, fractions: true, seed: seed}.draw(t)
			for t := range count {
				for j, w := range p.rows.W[t] {
					if math.IsNaN(w) || math.Abs(w) > 1e10 {
						p.rows.W[t][j] = 0.125
					}
				}
			}
			return p
		}
		in, got := draw(), draw()
		r := got.round(kernel.Generic)
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
				if up := in.streams[j].Uniform(number) < f; in.stochastic && up || !in.stochastic && f >= 0.5 {
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
		"gram backwards":  func(r *Rows) { r.GramStep = -1_000_000 },
	} {
		p := options{neurons: 9, rows: 3, stochastic: true, finite: true, fractions: true}.draw(t)
		spoil(p.rows)
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			newRounder(p.step, p.limit, true, p.streams, kernel.Supported()[0]).Rows(p.rows)
		}()
	}
}

func BenchmarkRows(b *testing.B) {
	for _, k := range kernel.Supported() {
		for _, stochastic := range []bool{true, false} {
			for _, count := range []int{1, 8, 16} {
				b.Run(fmt.Sprintf("%s/stochastic=%v/rows=%d", k, stochastic, count), func(b *testing.B) {
					const n = 96
					p := options{neurons: n, rows: count, stochastic: stochastic, finite: true}.draw(b)
					for t := range count {
						for j := range n {
							p.rows.W[t][j] = rng.New(uint64(t), "w").Normal(j)
						}
					}
					for i := range p.rows.Gram {
						p.rows.Gram[i] *= 1e-3 // keeps the errors from growing
					}
					r := newRounder(p.step, p.limit, stochastic, p.streams, k)
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
