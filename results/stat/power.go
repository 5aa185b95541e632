// power.go estimates the exponent of a power law.

package stat

import (
	"fmt"
	"math"
)

// Power is the power law y = Prefactor·x^Exponent·(log x)^b with b known.
type Power struct {
	Exponent  Estimate // its warnings are those of the whole fit
	Prefactor Estimate // in units of y, geometric mean over trials; if b = 0 it is y extrapolated to x = 1
	Curvature Estimate // coefficient of (log x)² in log y; 0 for a power law
}

// PowerLaw estimates the exponent a of y ~ c·x^a·(log x)^logPower from a sweep:
// it is the Slope of log y - logPower·log log x on log x, with natural logarithms,
// and has the intervals, warnings and errors of Slope. logPower is the known power
// of the logarithm, 0 for a plain power law. If it is not 0, every x must exceed 1.
//
// The curvature tells whether a power law fits: along the points, the local
// exponent changes by twice the curvature for each factor e of x.
//
// There is one more warning, for points whose x lie within a factor 4, over which
// powers of x and of log x look alike; and one more error, for x or y that are not
// positive.
func PowerLaw(points []Point, confidence, logPower float64) (Power, error) {
	if !finite(logPower) {
		return Power{}, fmt.Errorf("stat: power %v of the logarithm: want a finite number, 0 for none", logPower)
	}
	// Checked before logarithms are taken, so that errors show the numbers given.
	if err := checkPoints(points, 2); err != nil {
		return Power{}, err
	}
	checkTrials(points)
	logs := make([]Point, len(points))
	least, most := math.Inf(1), 0.0
	for i, p := range points {
		if p.X <= 0 {
			return Power{}, fmt.Errorf("stat: point at x = %v: want x > 0, for its logarithm is taken", p.X)
		}
		least, most = min(least, p.X), max(most, p.X)
		logs[i] = Point{X: math.Log(p.X), Y: make([]float64, len(p.Y))}
		correction := 0.0
		if logPower != 0 {
			if p.X <= 1 {
				return Power{}, fmt.Errorf("stat: point at x = %v with a power of log x: want x > 1, for log log x is taken", p.X)
			}
			correction = logPower * math.Log(logs[i].X)
		}
		for t, y := range p.Y {
			if y <= 0 {
				return Power{}, fmt.Errorf("stat: y = %v at x = %v, trial %d: want y > 0, for its logarithm is taken, or NaN for a missing trial", y, p.X, t)
			}
			logs[i].Y[t] = math.Log(y) - correction
		}
	}
	line, err := Slope(logs, confidence)
	if err != nil {
		return Power{}, err
	}
	p := Power{Exponent: line.Slope, Prefactor: line.Intercept.exp(), Curvature: line.Curvature}
	of := "log y"
	if logPower != 0 {
		of = fmt.Sprintf("log y - %g·log log x", logPower)
	}
	p.Exponent.Method = fmt.Sprintf("mean of the per-trial least-squares slopes of %s on log x, Student t interval over trials", of)
	p.Prefactor.Method = fmt.Sprintf("geometric mean of the per-trial prefactors, from the least-squares lines of %s on log x, Student t interval over trials", of)
	p.Curvature.Method = fmt.Sprintf("mean of the per-trial least-squares coefficients of (log x)² in %s, Student t interval over trials", of)
	if most/least < 4 {
		p.Exponent.warn("x spans only a factor %.3g: an exponent takes a factor 4 or more", most/least)
	}
	return p, nil
}
