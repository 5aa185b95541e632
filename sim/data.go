// data.go draws samples.

package sim

import (
	"fmt"
	"math"

	"spfq/internal/rng"
	"spfq/quant"
)

// Source is how samples are distributed. Coordinates have mean 0 and, the noise and the
// spiral aside, variance 1.
type Source string

const (
	Gaussian Source = "gaussian" // independent N(0, 1)
	Uniform  Source = "uniform"  // independent, uniform on [-√3, √3]
	Subspace Source = "subspace" // on a random d-dimensional subspace, plus noise
	// Spiral has columns of X that are adversarial to rounding to nearest: column t is a
	// unit vector orthogonal to the sum of those before it. These sums are the spiral of
	// Theodorus in a random plane of R^m.
	Spiral Source = "spiral"
)

// ParseSource reads a source by name. Any other name is an error that lists them.
func ParseSource(s string) (Source, error) {
	switch Source(s) {
	case Gaussian, Uniform, Subspace, Spiral:
		return Source(s), nil
	}
	return "", fmt.Errorf("source %q: want gaussian, uniform, subspace or spiral", s)
}

// Data is a data set.
type Data struct {
	Source    Source
	Dimension int     // d of Subspace, at least 1
	Noise     float64 // standard deviation of the noise on each coordinate, Subspace only
	Samples   int     // calibration samples m, at least 1
	Test      int     // held-out samples, may be 0
}

// draw returns count samples of n coordinates, a row for each. Sample k is a function of
// stream and k, so that fewer samples are the first of more; the spiral, whose plane
// depends on their number, is the exception. base draws what all samples of an instance
// share, the subspace.
func (d Data) draw(stream, base rng.Stream, count, n int) quant.Matrix {
	x := quant.NewMatrix(count, n)
	switch d.Source {
	case Gaussian:
		for k := range count {
			sample := stream.Derive(k)
			for t, row := 0, quant.Row(x, k); t < n; t++ {
				row[t] = sample.Normal(t)
			}
		}
	case Uniform:
		for k := range count {
			sample := stream.Derive(k)
			for t, row := 0, quant.Row(x, k); t < n; t++ {
				row[t] = 2 * math.Sqrt(3) * (sample.Open(t) - 0.5)
			}
		}
	case Subspace: // zA + noise with z ~ N(0, I_d) and A (d×n) of entries N(0, 1/d)
		z, a := quant.NewMatrix(count, d.Dimension), quant.NewMatrix(d.Dimension, n)
		scale := 1 / math.Sqrt(float64(d.Dimension))
		for i := range d.Dimension {
			axis := base.Derive(i)
			for t, row := 0, quant.Row(a, i); t < n; t++ {
				row[t] = scale * axis.Normal(t)
			}
		}
		for k := range count {
			sample := stream.Derive(k)
			for t, row := 0, quant.Row(x, k); t < n; t++ {
				row[t] = d.Noise * sample.Normal(t)
			}
			for i, row := 0, quant.Row(z, k); i < d.Dimension; i++ {
				row[i] = sample.Normal(n + i)
			}
		}
		quant.Mul(x, z, a, 1)
	case Spiral:
		spiral(x, stream)
	default:
		panic("sim: no source " + string(d.Source))
	}
	return x
}

// spiral fills the columns of x: column t is s turned by a right angle over ‖s‖, where s
// is the sum of the columns before it, in the plane of two orthonormal vectors drawn
// from stream. With one sample there is no plane, and every column is 1.
func spiral(x quant.Matrix, stream rng.Stream) {
	m := x.Rows
	if m < 2 {
		for k := range m {
			for t, row := 0, quant.Row(x, k); t < len(row); t++ {
				row[t] = 1
			}
		}
		return
	}
	a, b := make([]float64, m), make([]float64, m)
	var aa, ab, bb float64
	for k := range m {
		a[k], b[k] = stream.Derive(k).Normal(0), stream.Derive(k).Normal(1)
		aa, ab = aa+a[k]*a[k], ab+a[k]*b[k]
	}
	for k := range m {
		b[k] -= ab / aa * a[k]
		bb += b[k] * b[k]
	}
	var s [2]float64
	for t := range x.Cols {
		c := [2]float64{1, 0}
		if n := math.Hypot(s[0], s[1]); n > 0 {
			c = [2]float64{-s[1] / n, s[0] / n}
		}
		s[0], s[1] = s[0]+c[0], s[1]+c[1]
		for k := range m {
			quant.Row(x, k)[t] = c[0]*a[k]/math.Sqrt(aa) + c[1]*b[k]/math.Sqrt(bb)
		}
	}
}
