// distribution.go draws weights. They have unit variance, unless they are constant.

package sim

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"spfq/internal/rng"
)

// Distribution is how weights are distributed.
type Distribution struct {
	Kind      string  // gaussian, uniform, laplace, student, low-discrepancy, tied or constant
	Parameter float64 // student: degrees of freedom ν > 2; constant: the weight
}

// distributions lists in messages the names that ParseDistribution reads.
const distributions = "gaussian, uniform, laplace, student-NU (as student-5), low-discrepancy, tied or constant-W (as constant-0.1)"

// ParseDistribution reads gaussian, uniform, laplace, student-NU (with NU > 2 degrees of
// freedom, so that there is a variance), low-discrepancy, tied (Gaussian, the same for
// all neurons of a layer) or constant-W (all weights are W). Any other name is an error
// that lists these.
func ParseDistribution(s string) (Distribution, error) {
	switch s {
	case "gaussian", "uniform", "laplace", "low-discrepancy", "tied":
		return Distribution{Kind: s}, nil
	}
	if nu, ok := strings.CutPrefix(s, "student-"); ok {
		if v, err := strconv.ParseFloat(nu, 64); err == nil && v > 2 && v <= 1000 {
			return Distribution{Kind: "student", Parameter: v}, nil
		}
		return Distribution{}, fmt.Errorf("weights %q: want student-NU with 2 < NU <= 1000, as student-5", s)
	}
	if w, ok := strings.CutPrefix(s, "constant-"); ok {
		if v, err := strconv.ParseFloat(w, 64); err == nil && v > 0 && v <= 1e6 {
			return Distribution{Kind: "constant", Parameter: v}, nil
		}
		return Distribution{}, fmt.Errorf("weights %q: want constant-W with 0 < W <= 1e6, as constant-0.1", s)
	}
	return Distribution{}, fmt.Errorf("weights %q: want %s", s, distributions)
}

// String is the inverse of ParseDistribution.
func (d Distribution) String() string {
	if d.Kind == "student" || d.Kind == "constant" {
		return d.Kind + "-" + strconv.FormatFloat(d.Parameter, 'g', -1, 64)
	}
	return d.Kind
}

// weightStreams draws the weights of some neurons.
type weightStreams struct {
	streams      []rng.Stream
	slope, shift []float64 // low-discrepancy only: each neuron's irrational number, and its random shift
}

// streams returns the streams of cols neurons from the first on, of the layer
// whose stream is given.
func (d Distribution) streams(layer rng.Stream, first, cols int) weightStreams {
	s := weightStreams{streams: make([]rng.Stream, cols)}
	for j := range s.streams {
		if s.streams[j] = layer; d.Kind != "tied" {
			s.streams[j] = layer.Derive(first + j)
		}
	}
	if d.Kind == "low-discrepancy" {
		s.slope, s.shift = make([]float64, cols), make([]float64, cols)
		for j, stream := range s.streams {
			_, s.slope[j] = math.Modf(math.Sqrt(float64(prime(first + j))))
			s.shift[j] = stream.Uniform(0)
		}
	}
	return s
}

// row draws the weights of input t for the neurons of the streams s, one entry of row
// each.
func (d Distribution) row(t int, s weightStreams, row []float64) {
	switch d.Kind {
	case "gaussian":
		rng.Normals(row, s.streams, t)
	case "tied": // all streams are the layer's
		w := s.streams[0].Normal(t)
		for j := range row {
			row[j] = w
		}
	case "constant":
		for j := range row {
			row[j] = d.Parameter
		}
	case "uniform": // on [-√3, √3]
		for j := range row {
			row[j] = 2 * math.Sqrt(3) * (s.streams[j].Open(t) - 0.5)
		}
	case "laplace": // density ∝ exp(-√2|w|), by its quantile function
		for j := range row {
			u := s.streams[j].Open(t) - 0.5
			row[j] = math.Copysign(math.Log(1-2*math.Abs(u))/math.Sqrt2, u)
		}
	case "student": // Bailey's polar form (Math. Comp. 62, 1994), scaled by its standard deviation
		nu := d.Parameter
		scale := math.Sqrt((nu - 2) / nu)
		for j := range row {
			stream := s.streams[j]
			r := math.Sqrt(nu * math.Expm1(-2/nu*math.Log(stream.Open(2*t))))
			row[j] = scale * r * math.Cos(2*math.Pi*stream.Open(2*t+1))
		}
	case "low-discrepancy":
		// This is the Kronecker sequence of square roots of primes (Richtmyer, 1951),
		// shifted at random (Cranley and Patterson, 1976). Point t has a coordinate for
		// each neuron, which the quantile function of N(0, 1) takes to a weight. It is
		// moved to an odd multiple of 2^-53, which is neither 0 nor 1.
		for j := range row {
			_, u := math.Modf(s.shift[j] + float64(t+1)*s.slope[j])
			u = (math.Floor(u*0x1p52) + 0.5) * 0x1p-52
			row[j] = math.Sqrt2 * math.Erfinv(2*u-1)
		}
	default:
		panic("sim: no distribution " + d.Kind)
	}
}
