// activation.go applies and rounds the activations of the hidden layers.

package sim

import (
	"fmt"
	"math"

	"spfq/quant"
)

// Activation is a function φ with φ(0) = 0 and Lipschitz constant 1.
type Activation string

const (
	ReLU      Activation = "relu"
	LeakyReLU Activation = "leaky-relu" // of slope leakySlope below 0
	Tanh      Activation = "tanh"
	Identity  Activation = "identity"
)

// ParseActivation reads an activation by name. Any other name is an error that lists
// them.
func ParseActivation(s string) (Activation, error) {
	switch Activation(s) {
	case ReLU, LeakyReLU, Tanh, Identity:
		return Activation(s), nil
	}
	return "", fmt.Errorf("activation %q: want relu, leaky-relu, tanh or identity", s)
}

// leakySlope is the slope of LeakyReLU below 0.
const leakySlope = 0.01

// apply replaces each entry y of row by φ(y).
func (a Activation) apply(row []float64) {
	switch a {
	case ReLU:
		for j, y := range row {
			row[j] = max(y, 0)
		}
	case LeakyReLU:
		for j, y := range row {
			row[j] = max(y, leakySlope*y)
		}
	case Tanh:
		for j, y := range row {
			row[j] = math.Tanh(y)
		}
	case Identity:
	default:
		panic("sim: no activation " + string(a))
	}
}

// roundActivations rounds the activations of a layer on the calibration samples, x
// (m×N), and on the held-out ones, test (t×N), to the nearest of uniform levels that
// reach the largest activation of x. There are 2^bits levels from 0 on where no
// activation of x is negative, else 2^bits − 1 levels symmetric about 0. Entries of test
// beyond the last level are clipped to it.
func roundActivations(x, test quant.Matrix, bits int) {
	most, least := 0.0, 0.0
	for k := range x.Rows {
		for _, v := range quant.Row(x, k) {
			most, least = max(most, math.Abs(v)), min(least, v)
		}
	}
	if most == 0 {
		return
	}
	levels, lowest := float64(uint64(1)<<bits-1), 0.0
	if least < 0 {
		levels = float64(uint64(1)<<(bits-1) - 1)
		lowest = -levels
	}
	step := most / levels
	for _, a := range []quant.Matrix{x, test} {
		for k := range a.Rows {
			row := quant.Row(a, k)
			for j, v := range row {
				row[j] = step * min(max(math.Floor(v/step+0.5), lowest), levels)
			}
		}
	}
}
