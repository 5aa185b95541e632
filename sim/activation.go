// activation.go applies the activation of the hidden layers.

package sim

import (
	"fmt"
	"math"
)

// Activation is a function φ with φ(0) = 0 and Lipschitz constant 1.
type Activation string

const (
	ReLU      Activation = "relu"
	LeakyReLU Activation = "leaky-relu" // slope 0.01 below 0
	Tanh      Activation = "tanh"
	Identity  Activation = "identity"
)

// ParseActivation reads an activation by name.
func ParseActivation(s string) (Activation, error) {
	switch Activation(s) {
	case ReLU, LeakyReLU, Tanh, Identity:
		return Activation(s), nil
	}
	return "", fmt.Errorf("activation %q: want relu, leaky-relu, tanh or identity", s)
}

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
