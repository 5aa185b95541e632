// gaussian.go has the bounds and the expectations that hold when the weights are
// independent Gaussian numbers.

package bound

import (
	"errors"
	"fmt"
	"math"
)

// Rounding is how v_t is rounded.
type Rounding int

const (
	Stochastic Rounding = iota // to either neighbour, without bias
	Nearest                    // to the nearest level
)

// variance returns the variance, in units of δ², of the rounding error of a
// number whose fraction is uniform.
func (r Rounding) variance() float64 {
	if r == Nearest {
		return 1. / 12
	}
	return 1. / 6
}

// GaussianLayer bounds the largest entry of |X̃W − X̃Q| over m samples and n
// neurons with N = inputs independent N(0, 1) weights each, which are not
// aligned: T8 of docs/theory.md,
//
//	δ·ρ·√(2v·(log(2mn/η) + N log(1+ε))).
//
// The probability η is over the draw of the weights as well as the rounding. v is
// 1/6 for stochastic rounding and 1/12 for rounding to nearest. ε = ε(δ) bounds
// how far the density of a fraction is from 1; it is below 6e-9 for δ <= 1. row
// is ρ, which is Proxy.Row, or without feedback the largest row norm of X̃.
func GaussianLayer(r Rounding, step, row float64, inputs, m, n int, eta float64) (float64, error) {
	if err := errors.Join(layer(step, n, eta), count("samples m", m), count("inputs N", inputs), nonNegative("row norm ρ", row)); err != nil {
		return 0, err
	}
	return finite(step * row * math.Sqrt(2*r.variance()*(tailExponent(m, n, eta)+unevenness(step, inputs))))
}

// GaussianColumn bounds the largest column 2-norm of X̃W − X̃Q under the
// assumptions of GaussianLayer and with its v and ε: T8 of docs/theory.md,
//
//	√v·δ·(‖A‖_F + ‖A‖·√(2 log(n/η) + 2N log(1+ε))).
//
// frobenius is ‖A‖_F and spectral ‖A‖, as for DataColumn.
func GaussianColumn(r Rounding, step, frobenius, spectral float64, inputs, n int, eta float64) (float64, error) {
	if err := errors.Join(layer(step, n, eta), count("inputs N", inputs), norms(frobenius, spectral)); err != nil {
		return 0, err
	}
	tail := math.Sqrt(2 * (math.Log(float64(n)/eta) + unevenness(step, inputs)))
	return finite(step * math.Sqrt(r.variance()) * (frobenius + spectral*tail))
}

// unevenness returns N log(1+ε) for an ε such that the density of the fraction of
// (N(0,1) + constant)/δ lies between 1−ε and 1+ε. With c = 2π²/δ² any
// ε >= 2 Σ_{k≥1} e^(−ck²) will do; k² >= 1 + 3(k−1) bounds that sum by a geometric
// series.
func unevenness(step float64, inputs int) float64 {
	c := 2 * math.Pi * math.Pi / (step * step)
	return float64(inputs) * math.Log1p(2*math.Exp(-c)/-math.Expm1(-3*c))
}

// Expected returns the expected relative squared error of one layer with N =
// inputs Gaussian weights a neuron and Gaussian inputs X = X̃ of m samples: T7 of
// docs/theory.md. It is v·δ² without feedback and (m/N)(1 − (1−1/m)^N) times
// that with feedback, where v is as for GaussianLayer. SPFQ is Stochastic with
// feedback and GPFQ is Nearest with feedback; rounding each weight by itself, at
// random or to nearest, is without.
//
// The result is a ratio of expectations, and exact up to N·ε(δ). A step above 1,
// for which ε is not tiny, is an error.
func Expected(r Rounding, feedback bool, step float64, m, inputs int) (float64, error) {
	if err := errors.Join(positive("step δ", step), count("samples m", m), count("inputs N", inputs)); err != nil {
		return 0, err
	}
	if step > 1 {
		return 0, fmt.Errorf("step δ = %v: want at most 1, the standard deviation of the weights", step)
	}
	e := r.variance() * step * step
	if feedback {
		m, n := float64(m), float64(inputs)
		e *= -m / n * math.Expm1(n*math.Log1p(-1/m))
	}
	return e, nil
}

// GaussNetwork bounds the error of a network with independent N(0, 1) weights,
// ReLU on the hidden layers and no biases, before any weight is drawn: T3-Gauss
// of docs/theory.md. norm2 is ‖X‖_F² of the data and maxNorm the largest norm of
// a column of X. Layer i has the step steps[i] and neurons[i] neurons. Alignment
// must be exact.
//
// expected is E‖Φ(X)‖_F². relative bounds N_L·max_j ‖Φ(X)_j − Φ̃(X)_j‖²/expected,
// hence the squared error ‖Φ(X) − Φ̃(X)‖_F² relative to expected. It fails with
// probability at most eta over weights and rounding. With m, L and δ fixed and
// layers of width N it is O((m + log N)·log N/N).
func GaussNetwork(norm2, maxNorm float64, steps []float64, neurons []int, m int, eta float64) (expected, relative float64, err error) {
	err = errors.Join(positive("‖X‖_F²", norm2), positive("largest column norm of X", maxNorm), count("samples m", m), probability(eta))
	if err == nil && (len(steps) == 0 || len(steps) != len(neurons)) {
		err = fmt.Errorf("%d steps and %d layers: want as many, and at least 1", len(steps), len(neurons))
	}
	for i, n := range neurons {
		err = errors.Join(err, count(fmt.Sprintf("neurons of layer %d", i+1), n))
	}
	if err != nil {
		return 0, 0, err
	}
	last := len(neurons) - 1
	// The squared norm of a hidden layer's output, divided by its expectation, is a
	// martingale over the layers, whose variance at the last hidden layer is
	// e^spread − 1. By Kolmogorov's inequality all of them are below excess, except
	// with probability η/3.
	spread := 0.0
	for _, n := range neurons[:last] {
		spread += math.Log1p(5 / float64(n))
	}
	excess := 1 + math.Sqrt(3*math.Expm1(spread)/eta)
	layers := make([]Layer, len(neurons))
	expected = norm2
	for i, n := range neurons {
		layers[i] = Layer{Step: steps[i], Neurons: n, MaxNorm: maxNorm}
		// A bound on the largest column norm of the next layer's inputs. The bounds
		// of all layers together fail with probability at most η/3.
		maxNorm = math.Sqrt(excess*expected) * columnTail(1, 1, n*max(last, 1), eta/3)
		expected *= float64(n)
		if i < last {
			expected /= 2
		}
	}
	bounds, err := FullNetworkColumn(layers, m, eta/3)
	if err != nil {
		return 0, 0, err
	}
	e := bounds[last]
	if relative, err = finite(float64(neurons[last]) * e / expected * e); err != nil {
		return 0, 0, err
	}
	return expected, relative, nil
}
