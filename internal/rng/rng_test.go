package rng

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// chiSquared tests counts over equally likely cells. The statistic of k cells has k−1
// degrees of freedom. The seed is fixed, and of all seeds a correct generator fails the
// two-sided test at p = 1e-4 with one in 10,000.
func chiSquared(t *testing.T, what string, counts []int, draws int) {
	t.Helper()
	want := float64(draws) / float64(len(counts))
	var x2 float64
	for _, c := range counts {
		d := float64(c) - want
		x2 += d * d / want
	}
	p := distuv.ChiSquared{K: float64(len(counts) - 1)}.CDF(x2)
	if p < 0.5e-4 || p > 1-0.5e-4 {
		t.Errorf("%s: chi-squared %.1f over %d cells, p = %.2g", what, x2, len(counts), p)
	}
}

func TestNormalDistribution(t *testing.T) {
	const draws, cells = 2_000_000, 1000
	counts := make([]int, cells)
	tail := 0
	k := New(1, "test")
	for i := range draws {
		x := k.Normal(i)
		u := 0.5 * math.Erfc(-x/math.Sqrt2)
		counts[min(int(u*cells), cells-1)]++
		if math.Abs(x) > zigR {
			tail++
		}
	}
	chiSquared(t, "normal", counts, draws)
	// The tail beyond R has code of its own. 516 draws are expected there, with a
	// standard deviation of 23, five of which are allowed.
	want := draws * math.Erfc(zigR/math.Sqrt2)
	if d := math.Abs(float64(tail) - want); d > 5*math.Sqrt(want) {
		t.Errorf("%d draws beyond %v, want %.0f", tail, zigR, want)
	}
}

func TestNormalAcrossStreams(t *testing.T) {
	// The draws of one t over many streams, and products of neighbouring draws,
	// must look as independent as those along a stream.
	const draws, cells = 1_000_000, 500
	counts := make([]int, cells)
	var cross, along float64
	k := New(2, "test")
	for i := range draws {
		a, b := k.Derive(i), k.Derive(i+1)
		x := a.Normal(7)
		counts[min(int(0.5*math.Erfc(-x/math.Sqrt2)*cells), cells-1)]++
		cross += x * b.Normal(7)
		along += x * a.Normal(8)
	}
	chiSquared(t, "normal across streams", counts, draws)
	// A sum of so many products of independent normal draws has their number as its
	// variance.
	for what, s := range map[string]float64{"neighbouring streams": cross, "neighbouring draws": along} {
		if math.Abs(s) > 4.5*math.Sqrt(draws) {
			t.Errorf("%s: sum of products %.0f, want |·| < %.0f", what, s, 4.5*math.Sqrt(draws))
		}
	}
}

func TestUniform(t *testing.T) {
	const draws, cells = 1_000_000, 997
	counts, pairs := make([]int, cells), make([]int, 32*32)
	k := New(3, "test")
	for i := range draws {
		u := k.Uniform(i)
		if u < 0 || u >= 1 {
			t.Fatalf("Uniform(%d) = %v, want [0, 1)", i, u)
		}
		if o := k.Open(i); o <= 0 || o >= 1 {
			t.Fatalf("Open(%d) = %v, want (0, 1)", i, o)
		}
		counts[int(u*cells)]++
		pairs[int(u*32)*32+int(k.Uniform(i+1)*32)]++
	}
	chiSquared(t, "uniform", counts, draws)
	chiSquared(t, "pairs of uniforms", pairs, draws)
}

func TestZigguratTables(t *testing.T) {
	// Every rectangle has the area V, the base has it with the tail, and the topmost
	// rectangle ends at 1.
	f := func(x float64) float64 { return math.Exp(-x * x / 2) }
	for i := 1; i < zigLayers; i++ {
		area := zigX[i] * (f(zigX[i+1]) - f(zigX[i]))
		if math.Abs(area-zigV) > 1e-14 { // x·f is rounded by 1e-16, which the 255 steps of the recursion amplify
			t.Errorf("rectangle %d has area %v, want %v", i, area, zigV)
		}
	}
	base := zigR*f(zigR) + math.Sqrt(math.Pi/2)*math.Erfc(zigR/math.Sqrt2)
	if math.Abs(base-zigV) > 1e-15 {
		t.Errorf("base area %v, want %v", base, zigV)
	}
}

// The chord decides as the density does, and it decides many points.
func TestInWedge(t *testing.T) {
	k := New(8, "test")
	byChord := 0
	for n := range 200_000 {
		i := k.Uint64(3*n) % (zigLayers - 1)
		i++
		x, u := zigX[i+1]+(zigX[i]-zigX[i+1])*k.Uniform(3*n+1), k.Uniform(3*n+2)
		want := zigF[i]+float64((zigF[i+1]-zigF[i])*u) < exp(-0.5*x*x)
		if inWedge(i, x, u) != want {
			t.Fatalf("rectangle %d, x = %v, u = %v: decided otherwise than by the density", i, x, u)
		}
		if s := (zigX[i] - x) / (zigX[i] - zigX[i+1]); (u > s) == (zigX[i+1] >= 1) {
			byChord++
		}
	}
	if byChord < 80_000 {
		t.Errorf("the chord can decide %d of 200,000 points only", byChord)
	}
}

func TestElementary(t *testing.T) {
	for i := range 200_000 {
		k := New(4, "test")
		x := -20 * k.Uniform(2*i)
		if g, w := exp(x), math.Exp(x); math.Abs(g-w) > 4*0x1p-52*w {
			t.Fatalf("exp(%v) = %v, want %v", x, g, w)
		}
		y := math.Ldexp(k.Open(2*i+1), -(i % 60))
		if g, w := log(y), math.Log(y); math.Abs(g-w) > 4*0x1p-52*math.Max(math.Abs(w), 0x1p-53) {
			t.Fatalf("log(%v) = %v, want %v", y, g, w)
		}
	}
}

// The streams are pinned: whatever changes a draw must raise Version.
func TestPinned(t *testing.T) {
	k := New(20230920, "weights").Derive(1, 2, 3)
	var h uint64
	var s float64
	for i := range 100_000 {
		h = mix(h ^ math.Float64bits(k.Normal(i)))
		s += k.Normal(i)
	}
	const want = 0xef7e429820eb67
	if h != want || Version != 1 {
		t.Errorf("100,000 normal draws of version %d hash to %#x (sum %v), want %#x", Version, h, s, uint64(want))
	}
}

// Streams of different seeds, purposes and numbers differ.
func TestStreamsDiffer(t *testing.T) {
	seen := map[Stream]string{}
	add := func(what string, s Stream) {
		if other, ok := seen[s]; ok {
			t.Errorf("%s and %s are one stream", what, other)
		}
		seen[s] = what
	}
	a := New(1, "a")
	add("a", a)
	add("b", New(1, "b"))
	add("a of seed 2", New(2, "a"))
	add("empty", a.Derive())
	add("1", a.Derive(1))
	add("1,0", a.Derive(1, 0))
	add("0,1", a.Derive(0, 1))
	add("1,2", a.Derive(1, 2))
	add("2,1", a.Derive(2, 1))
	add("1 then 2", a.Derive(1).Derive(2))
}

func TestPerm(t *testing.T) {
	// All 24 orders of four numbers are equally likely.
	counts := make([]int, 24)
	k := New(5, "test")
	const draws = 48_000
	for i := range draws {
		p := k.Derive(i).Perm(4)
		code, left := 0, []int{0, 1, 2, 3}
		for at, v := range p {
			for j, w := range left {
				if w == v {
					code = code*(4-at) + j
					left = append(left[:j], left[j+1:]...)
					break
				}
			}
		}
		if len(left) != 0 {
			t.Fatalf("%v is no permutation", p)
		}
		counts[code]++
	}
	chiSquared(t, "permutations", counts, draws)
}

func BenchmarkNormal(b *testing.B) {
	k := New(1, "bench")
	var s float64
	for i := range b.N {
		s += k.Normal(i)
	}
	sink = s
}

func BenchmarkUniform(b *testing.B) {
	k := New(1, "bench")
	var s float64
	for i := range b.N {
		s += k.Uniform(i)
	}
	sink = s
}

var sink float64
