package quant

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"spfq/internal/rng"
)

var (
	orders    = []Order{Natural, ByNorm, ByWeight, Random}
	roundings = []Rounding{Nearest, Stochastic}
	alphabets = []Alphabet{{Step: 0.25}, {Step: 0.3, K: 3}, {Step: 1, K: 1}}
	forms     = []Form{Direct, Gram}
)

// Layer and the literal recursion give the same codes from the same W̃, whatever the
// shape, the order, the alphabet, the form and the blocks.
func TestFollowAgreesWithLiteral(t *testing.T) {
	for _, p := range problems() {
		for _, o := range orders {
			for _, r := range roundings {
				for _, a := range alphabets {
					m := Method{Feedback: true, Rounding: r, Order: o}
					var want, v Matrix
					for _, form := range forms {
						for _, block := range []int{0, 1, 13} {
							got := quantize(t, p, m, a, Options{Block: block, Form: form}, 16)
							if want.Rows == 0 {
								want, v = LiteralFollow(p.xt, got.wt, a, r, orderOf(p, o), testStream)
							}
							sameCodes(t, fmt.Sprint(o, r, a, form, block), p, got.wt, got.q, want, v, a, r, orderOf(p, o))
						}
					}
				}
			}
		}
	}
}

// sameCodes sees a single code that is wrong.
func TestSameCodesSeesAWrongCode(t *testing.T) {
	p := problems()[2]
	a := Alphabet{Step: 0.25}
	m := Method{Feedback: true, Rounding: Stochastic, Order: Natural}
	got := quantize(t, p, m, a, Options{}, 16)
	want, v := LiteralFollow(p.xt, got.wt, a, Stochastic, orderOf(p, Natural), testStream)
	got.q.Data[5] += a.Step
	var inner testing.T
	done := make(chan bool)
	go func() {
		defer close(done)
		sameCodes(&inner, "broken", p, got.wt, got.q, want, v, a, Stochastic, orderOf(p, Natural))
	}()
	<-done
	if !inner.Failed() {
		t.Error("a wrong code went unseen")
	}
}

// Without feedback each weight is rounded by itself, and the codes are the same to the
// last bit.
func TestMemorylessAgreesWithLiteral(t *testing.T) {
	for _, p := range problems() {
		for _, r := range roundings {
			for _, a := range alphabets {
				got := quantize(t, p, Method{Rounding: r, Order: Natural}, a, Options{}, 5)
				for j := range p.w.Cols {
					for c := range p.w.Rows {
						want := LiteralRound(at(p.w, c, j), a, r, testStream.Derive(j).Uniform(c))
						if g := at(got.q, c, j); g != want {
							t.Fatalf("%s, %s: weight %d of neuron %d is %v, want %v", p.name, r, c, j, g, want)
						}
					}
				}
			}
		}
	}
}

// Alignments of order r agree with the literal passes. The two differ by the rounding
// errors of sums of at most m + N products, carried along r passes of N projections,
// which do not expand them. The factor 100 stands for the constants and for
// |w̃| ‖X̃_t‖/‖X̃_s‖, which is at most about 30 here.
func TestOrderRAgreesWithLiteral(t *testing.T) {
	for _, p := range problems() {
		for _, o := range orders {
			for _, r := range []int{1, 2, 5} {
				m := Method{Align: Align{Kind: AlignOrder, Passes: r}, Rounding: Nearest, Order: o}
				want := LiteralAlign(p.x, p.xt, p.w, r, orderOf(p, o))
				tol := 100 * float64(r*(p.x.Rows+p.x.Cols)) * 0x1p-53 * max(1, maxAbs(want))
				for _, form := range forms {
					got := quantize(t, p, m, alphabets[0], Options{Block: 11, Form: form}, 4)
					near(t, fmt.Sprintf("%s, %s, order %d, %s", p.name, o, r, form), got.wt, want, tol)
				}
			}
		}
	}
}

func maxAbs(a Matrix) float64 {
	var most float64
	for i := range a.Rows {
		for _, v := range Row(a, i) {
			most = max(most, math.Abs(v))
		}
	}
	return most
}

// SPFQ with order 1 and nearest rounding, in two phases, gives the codes of GPFQ in the
// one phase of its authors. Beside the rounding errors that sameCodes allows there are
// those of w̃, which TestOrderRAgreesWithLiteral bounds. They are 1e-12 or less here, so
// that none of these 10,000 weights should lie that near to a tie, and with these fixed
// seeds none does.
func TestGPFQIsOrderOneNearest(t *testing.T) {
	gpfq, _ := Named("gpfq")
	spfq, _ := Named("spfq")
	spfq.Align, spfq.Rounding = Align{Kind: AlignOrder, Passes: 1}, Nearest
	if gpfq != spfq {
		t.Fatalf("gpfq is %+v, want %+v", gpfq, spfq)
	}
	for _, p := range problems() {
		for _, a := range alphabets {
			got := quantize(t, p, gpfq, a, Options{}, 16)
			want, _ := LiteralGPFQ(p.x, p.xt, p.w, a)
			for i := range want.Data {
				if got.q.Data[i] != want.Data[i] {
					t.Errorf("%s, %v: code %d is %v, want %v", p.name, a, i, got.q.Data[i], want.Data[i])
					break
				}
			}
		}
	}
}

// T2: the residual after r passes is (P_N ⋯ P_1)^(r-1) times that after one, where P_t
// projects off X̃_t, and no pass makes it longer.
func TestOrderRContracts(t *testing.T) {
	for _, p := range problems() {
		if &p.x.Data[0] == &p.xt.Data[0] {
			continue
		}
		m := p.x.Rows
		res := func(r int) Matrix {
			got := quantize(t, p, Method{Align: Align{Kind: AlignOrder, Passes: r}, Rounding: Nearest, Order: Natural}, alphabets[0], Options{}, 64)
			return residual(p.x, p.w, p.xt, got.wt)
		}
		want := res(1)
		scale := norm(want)
		for r := 2; r <= 6; r++ {
			for j := range want.Cols {
				for c := range p.xt.Cols {
					var inner, norm2 float64
					for k := range m {
						inner += at(want, k, j) * at(p.xt, k, c)
						norm2 += at(p.xt, k, c) * at(p.xt, k, c)
					}
					if norm2 == 0 {
						continue
					}
					for k := range m {
						want.Data[k*want.Stride+j] -= inner / norm2 * at(p.xt, k, c)
					}
				}
			}
			got := res(r)
			// The rounding errors are those of Xw and X̃w̃, sums of N products of size |x||w|.
			tol := 100 * float64(r*(m+p.x.Cols)) * 0x1p-53 * norm(p.x) * norm(p.w)
			near(t, fmt.Sprintf("%s, residual of order %d", p.name, r), got, want, tol)
			if now := norm(got); now > scale+tol {
				t.Errorf("%s: residual grew from %v to %v in pass %d", p.name, scale, now, r)
			} else {
				scale = now
			}
		}
	}
}

// The exact alignment solves X̃w̃ = Xw wherever X̃ has rank m, leaves the residual of
// least squares elsewhere, and of all solutions is the one that changes w least.
func TestExactAlignment(t *testing.T) {
	for _, form := range forms {
		for _, p := range problems() {
			checkExactAlignment(t, p, form)
		}
	}
}

func checkExactAlignment(t *testing.T, p problem, form Form) {
	got := quantize(t, p, Method{Align: Align{Kind: AlignExact}, Rounding: Nearest, Order: Natural}, alphabets[0], Options{Form: form}, 8)
	if &p.x.Data[0] == &p.xt.Data[0] {
		near(t, p.name, got.wt, p.w, 0)
		return
	}
	res := residual(p.x, p.w, p.xt, got.wt)
	var xt mat.Dense
	xt.SetRawMatrix(p.xt)
	var svd mat.SVD
	if !svd.Factorize(&xt, mat.SVDFull) {
		t.Fatal("no singular value decomposition")
	}
	values := svd.Values(nil)
	rank := 0
	for rank < len(values) && values[rank] > 1e-12*values[0] {
		rank++
	}
	if got.layer.Rank != rank {
		t.Errorf("%s: rank %d, want %d", p.name, got.layer.Rank, rank)
	}
	condition := 1.0
	if rank > 0 {
		condition = values[0] / values[rank-1]
	}
	// Least squares that are backward stable have a relative error of
	// condition·(m+N)·ε; 10 stands for the constants.
	tol := 10 * condition * float64(p.x.Rows+p.x.Cols) * 0x1p-53 * norm(p.x) * norm(p.w)
	var u, v mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	for j := range p.w.Cols {
		for i := range rank { // the residual is orthogonal to the range of X̃
			var s float64
			for k := range p.x.Rows {
				s += u.At(k, i) * at(res, k, j)
			}
			if math.Abs(s) > tol {
				t.Errorf("%s: residual of neuron %d has %v left along singular vector %d", p.name, j, s, i)
			}
		}
		for i := rank; i < p.x.Cols; i++ { // the change is orthogonal to the kernel of X̃
			var s float64
			for c := range p.x.Cols {
				s += v.At(c, i) * (at(got.wt, c, j) - at(p.w, c, j))
			}
			if math.Abs(s) > tol*max(1, 1/values[0]) {
				t.Errorf("%s: neuron %d changes by %v along kernel vector %d", p.name, j, s, i)
			}
		}
	}
}

// biasedPoints rounds each of 60 points z many times and counts those whose mean is
// off. Of n draws at z, the number that go up is binomial with the fraction f of z/δ. So
// a mean is further than 5 standard errors of √(f(1-f)/n)δ from z with probability 6e-7.
// The sum of n terms has a rounding error of nε.
func biasedPoints(t *testing.T, rounding Rounding) int {
	const n, step, eps = 40_000, 0.3, 0x1p-53
	x := gaussian("x", 1, 1)
	biased := 0
	for i := range 60 {
		z := 2 * rng.New(1, "z").Normal(i)
		if i == 0 {
			z = 2 * step // a level stays what it is
		}
		w := NewMatrix(1, n)
		for j := range w.Data {
			w.Data[j] = z
		}
		got := quantize(t, problem{"stocq", x, x, w}, Method{Rounding: rounding, Order: Natural}, Alphabet{Step: step}, Options{}, 512)
		var mean float64
		for _, q := range got.q.Data {
			if math.Abs(q-z) >= step {
				t.Fatalf("z = %v went to %v, further than a step", z, q)
			}
			mean += q / n
		}
		f := z/step - math.Floor(z/step)
		if math.Abs(mean-z) > 5*math.Sqrt(f*(1-f)/n)*step+n*eps*math.Abs(z) {
			biased++
		}
	}
	return biased
}

func TestStocQIsUnbiased(t *testing.T) {
	if got := biasedPoints(t, Stochastic); got != 0 {
		t.Errorf("%d of 60 points have a mean that is off", got)
	}
	// Nearest rounding, which is biased at all points but the level, is seen to be.
	if got := biasedPoints(t, Nearest); got < 55 {
		t.Errorf("nearest rounding is found biased at %d of 60 points only", got)
	}
}

// Tiles change no bit, and inputs are left alone.
func TestTilesAndInputs(t *testing.T) {
	for i, p := range problems() {
		for _, m := range everyMethod() {
			if m.Align.Kind == AlignLeastMax {
				continue // it stops when the worst neuron of a tile is good enough
			}
			x, xt, w := clone(p.x), clone(p.xt), clone(p.w)
			form := forms[i%2]
			a := quantize(t, p, m, alphabets[1], Options{Form: form}, 64)
			b := quantize(t, p, m, alphabets[1], Options{Form: form}, 3)
			near(t, p.name+": W̃ by tiles", a.wt, b.wt, 0)
			near(t, p.name+": Q by tiles", a.q, b.q, 0)
			if a.tally != b.tally {
				t.Errorf("%s: tallies %+v and %+v by tiles", p.name, a.tally, b.tally)
			}
			near(t, "X", p.x, x, 0)
			near(t, "X̃", p.xt, xt, 0)
			near(t, "W", p.w, w, 0)
		}
	}
}

// everyMethod lists all combinations of alignment, feedback and rounding, in the natural
// order.
func everyMethod() []Method {
	var ms []Method
	for _, al := range []Align{{}, {Kind: AlignOrder, Passes: 1}, {Kind: AlignOrder, Passes: 3}, {Kind: AlignExact}, {Kind: AlignLeastMax}} {
		for _, fb := range []bool{false, true} {
			for _, r := range roundings {
				ms = append(ms, Method{al, fb, r, Natural})
			}
		}
	}
	return ms
}

// Scaling W and δ by a power of two scales W̃ and Q by it and changes nothing else, since
// powers of two commute with every rounding.
func TestScaling(t *testing.T) {
	for _, p := range problems() {
		for _, m := range everyMethod() {
			a := Alphabet{Step: 0.25, K: 5}
			base := quantize(t, p, m, a, Options{}, 64)
			big := problem{p.name + " scaled", p.x, p.xt, clone(p.w)}
			for i := range big.w.Data {
				big.w.Data[i] *= 8
			}
			got := quantize(t, big, m, Alphabet{Step: 2, K: 5}, Options{}, 64)
			for i := range got.q.Data {
				got.q.Data[i] /= 8
				got.wt.Data[i] /= 8
			}
			near(t, big.name+": W̃", got.wt, base.wt, 0)
			near(t, big.name+": Q", got.q, base.q, 0)
		}
	}
}

// Reflecting the samples changes inner products by rounding errors only, so that the
// literal recursion on reflected samples gives the same codes. The reflected X̃ is itself
// rounded, which may double the distances that sameCodes allows; with these fixed seeds
// no draw falls even within the single ones.
func TestReflection(t *testing.T) {
	for _, p := range problems() {
		h := gaussian("reflection", p.x.Rows, 1)
		n2 := norm(h) * norm(h)
		reflect := func(a Matrix) Matrix {
			out := clone(a)
			for c := range a.Cols {
				var s float64
				for k := range a.Rows {
					s += h.Data[k] * at(a, k, c)
				}
				for k := range a.Rows {
					out.Data[k*out.Stride+c] -= 2 * s / n2 * h.Data[k]
				}
			}
			return out
		}
		turned := problem{p.name + " reflected", reflect(p.x), reflect(p.xt), p.w}
		m := Method{Feedback: true, Rounding: Stochastic, Order: Natural}
		got := quantize(t, p, m, alphabets[0], Options{}, 64)
		want, v := LiteralFollow(turned.xt, got.wt, alphabets[0], Stochastic, orderOf(p, Natural), testStream)
		sameCodes(t, "reflection", turned, got.wt, got.q, want, v, alphabets[0], Stochastic, orderOf(p, Natural))
	}
}

// X̃W̃ − X̃Q is Σ_t (w̃_t − q_t) X̃_t, the u that the recursion carries.
func TestErrorIsU(t *testing.T) {
	p := problems()[3]
	a := Alphabet{Step: 0.25}
	got := quantize(t, p, Method{Feedback: true, Rounding: Stochastic, Order: Natural}, a, Options{}, 64)
	direct := residual(p.xt, got.wt, p.xt, got.q)
	u := NewMatrix(direct.Rows, direct.Cols)
	for j := range u.Cols {
		for c := range p.xt.Cols {
			for k := range u.Rows {
				u.Data[k*u.Stride+j] += (at(got.wt, c, j) - at(got.q, c, j)) * at(p.xt, k, c)
			}
		}
	}
	near(t, "u", direct, u, 10*float64(p.xt.Cols)*0x1p-53*norm(p.xt)*norm(got.wt))
}

// Numbers outside the range of float64 are errors.
func TestRefusesWhatIsNotFinite(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), 1e200} {
		x := gaussian("x", 3, 4)
		xt := clone(x)
		xt.Data[5] = bad
		if _, err := NewLayer(x, xt, Method{Rounding: Nearest, Order: Natural}, Options{}); err == nil {
			t.Errorf("an entry of %v was taken", bad)
		}
	}
}

func TestShapesPanic(t *testing.T) {
	for name, f := range map[string]func(){
		"X and X̃":   func() { NewLayer(NewMatrix(2, 3), NewMatrix(3, 2), Method{}, Options{}) },
		"empty":      func() { NewLayer(NewMatrix(0, 3), NewMatrix(0, 3), Method{}, Options{}) },
		"product":    func() { Mul(NewMatrix(2, 2), NewMatrix(2, 3), NewMatrix(2, 2), 0) },
		"step zero":  func() { Alphabet{}.check() },
		"K below 0":  func() { Alphabet{Step: 1, K: -1}.check() },
		"infinite δ": func() { Alphabet{Step: math.Inf(1)}.check() },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}
