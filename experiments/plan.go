// plan.go spans the grid of a config: cells, variants and searches.

package experiments

import (
	"fmt"
	"math"
	"slices"

	"spfq/quant"
	"spfq/results"
	"spfq/sim"
)

// Plan is everything that a config asks to be run.
type Plan struct {
	Config   *Config
	Cells    []sim.Instance // with Seed set; Trial is set when run
	Variants []Variant
	Searches []SearchVariant // searches for the bits that a variant needs
}

// Variant is a method with its alphabet, and its name in the config.
type Variant struct {
	sim.Variant
	Method string
	Bits   int // as asked for; 0 for the infinite alphabet
	Levels quant.Levels
}

// SearchVariant is a variant of infinite alphabet, for which the smallest K is
// searched whose error is within a factor of its own.
type SearchVariant struct {
	Variant
	Factor float64
}

// NewPlan spans the grid of a config. A combination that cannot be, or a grid
// too large to be meant, is an error.
func NewPlan(c *Config) (*Plan, error) {
	p := &Plan{Config: c}
	cells := len(c.Network.Width)*len(c.Network.Layers) + len(c.Network.Widths)
	for _, n := range []int{len(c.Network.Weights), len(c.Network.Biases), len(c.Network.Activation),
		len(c.Data.Source), max(1, len(c.Data.Dimension)), max(1, len(c.Data.Noise)), len(c.Data.Samples), len(c.Data.TestSamples)} {
		if cells *= n; cells > maxCells {
			return nil, fmt.Errorf("the network and data axes span more than %d cells", maxCells)
		}
	}
	for _, shape := range c.shapes() {
		for _, w := range c.Network.Weights {
			for _, b := range c.Network.Biases {
				for _, a := range c.Network.Activation {
					net := sim.Network{Widths: shape, Weights: w.Distribution, Biases: b, Activation: a}
					for _, data := range c.dataSets() {
						if data.Dimension > shape[0] {
							return nil, fmt.Errorf("data.dimension: a subspace of dimension %d does not fit into the %d inputs of the network %s", data.Dimension, shape[0], newShape(shape))
						}
						p.Cells = append(p.Cells, sim.Instance{Network: net, Data: data, Seed: c.Seed})
					}
				}
			}
		}
	}
	for _, m := range c.Methods {
		for _, method := range m.methods() {
			for _, rule := range c.Alphabet.rules() {
				v := rule
				v.Method, v.Variant.Method = m.Name, method
				if slices.Contains(p.Variants, v) {
					return nil, fmt.Errorf("methods: %s with alignment %s, feedback %v, %s rounding and %s order is listed twice", m.Name, method.Align, method.Feedback, method.Rounding, method.Order)
				}
				p.Variants = append(p.Variants, v)
			}
		}
	}
	if len(p.Variants)*len(p.Cells) > maxCells {
		return nil, fmt.Errorf("the axes span %d cells of %d variants, more than %d in all", len(p.Cells), len(p.Variants), maxCells)
	}
	p.certify()
	p.Searches = p.searches()
	return p, nil
}

// shapes lists the sizes N_0, …, N_L of the networks.
func (c *Config) shapes() [][]int {
	var out [][]int
	for _, s := range c.Network.Widths {
		out = append(out, s.widths())
	}
	for _, l := range c.Network.Layers {
		for _, w := range c.Network.Width {
			out = append(out, slices.Repeat([]int{w}, l+1))
		}
	}
	return out
}

// dataSets spans the data axes. Dimension and noise matter to subspaces only.
func (c *Config) dataSets() []sim.Data {
	var out []sim.Data
	for _, s := range c.Data.Source {
		dims, noises := []int{0}, []float64{0}
		if s == sim.Subspace {
			dims, noises = c.Data.Dimension, c.Data.Noise
		}
		for _, dim := range dims {
			for _, noise := range noises {
				for _, m := range c.Data.Samples {
					for _, test := range c.Data.TestSamples {
						out = append(out, sim.Data{Source: s, Dimension: dim, Noise: noise, Samples: m, Test: test})
					}
				}
			}
		}
	}
	return out
}

// methods spans the axes of a method.
func (m MethodConfig) methods() []quant.Method {
	var out []quant.Method
	for _, a := range m.Align {
		for _, f := range m.Feedback {
			for _, r := range m.Rounding {
				for _, o := range m.Order {
					out = append(out, quant.Method{Align: a.Align, Feedback: f, Rounding: r, Order: o})
				}
			}
		}
	}
	return out
}

// rules spans the axes of the alphabet. The levels matter to finite alphabets
// only, C and the quantile to steps from the data.
func (c AlphabetConfig) rules() []Variant {
	var out []Variant
	for _, s := range c.Step {
		cs, quantiles := []float64{0}, []float64{0}
		if s == 0 {
			cs, quantiles = c.C, c.Quantile
		}
		for _, cc := range cs {
			for _, q := range quantiles {
				for _, b := range c.Bits {
					levels := []quant.Levels{""}
					if b != 0 {
						levels = c.Levels
					}
					for _, l := range levels {
						v := Variant{Bits: int(b), Levels: l}
						v.Alphabet = sim.AlphabetRule{Step: float64(s), C: cc, Quantile: q}
						if b != 0 {
							k, err := l.K(int(b))
							if err != nil {
								panic("experiments: unchecked bits: " + err.Error())
							}
							v.Alphabet.K = k
						}
						for _, a := range c.ActivationBits {
							v.ActivationBits = int(a)
							out = append(out, v)
						}
					}
				}
			}
		}
	}
	return out
}

// identity returns the identity of a variant's record on an instance.
func identity(in sim.Instance, v Variant) results.Identity {
	id := results.Identity{
		Method: v.Method, Align: v.Variant.Method.Align.String(), Feedback: v.Variant.Method.Feedback,
		Rounding: string(v.Variant.Method.Rounding), Order: string(v.Variant.Method.Order),
		Step: results.Num(v.Alphabet.Step), C: results.Missing, Quantile: results.Missing,
		Bits: results.Num(v.Bits), Levels: string(v.Levels), K: v.Alphabet.K,
		Width: slices.Max(in.Widths[:in.Layers()]), Widths: string(newShape(in.Widths)), Layers: in.Layers(),
		Weights: in.Weights.String(), Biases: in.Biases, Activation: string(in.Activation),
		Source: string(in.Source), Dimension: in.Dimension, Noise: results.Missing,
		Samples: in.Samples, TestSamples: in.Data.Test,
		Trial: in.Trial, Seed: in.Seed,
	}
	if v.Bits == 0 {
		id.Bits = results.Num(math.Inf(1))
	}
	id.ActivationBits = results.Num(v.ActivationBits)
	if v.ActivationBits == 0 {
		id.ActivationBits = results.Num(math.Inf(1))
	}
	if v.Alphabet.Step == 0 {
		id.Step, id.C, id.Quantile = results.Missing, results.Num(v.Alphabet.C), results.Num(v.Alphabet.Quantile)
	}
	if in.Source == sim.Subspace {
		id.Noise = results.Num(in.Noise)
	}
	return id
}

// Task is one trial of one cell: the unit of work and of resuming.
type Task struct{ Cell, Trial int }

// Tasks lists all tasks, cell by cell.
func (p *Plan) Tasks() []Task {
	var out []Task
	for c := range p.Cells {
		for t := range p.Config.Trials {
			out = append(out, Task{c, t})
		}
	}
	return out
}

// Instance returns the instance of a task.
func (p *Plan) Instance(t Task) sim.Instance {
	in := p.Cells[t.Cell]
	in.Trial = t.Trial
	return in
}

// Cost estimates the work of a task, in operations: what decides which tasks
// go first and how far a run is.
func (p *Plan) Cost(t Task) float64 {
	in := p.Cells[t.Cell]
	weights := float64(in.WeightCount())
	perWeight := func(v sim.Variant) float64 {
		// Two forward products and the held-out one, then the method's own.
		ops := 4*float64(in.Samples) + 2*float64(in.Data.Test) + 100
		if v.Method.Feedback {
			ops += 4 * float64(in.Samples)
		}
		switch v.Method.Align.Kind {
		case quant.AlignExact:
			ops += 4 * float64(in.Samples)
		case quant.AlignOrder:
			ops += 4 * float64(in.Samples) * float64(v.Method.Align.Passes)
		case quant.AlignLeastMax:
			ops += 300 * 4 * float64(in.Samples) // about 300 iterations
		}
		return ops
	}
	var sum float64
	for _, v := range p.Variants {
		sum += perWeight(v.Variant)
	}
	for _, s := range p.Searches {
		sum += 5 * perWeight(s.Variant.Variant) // about 5 evaluations
	}
	return weights * sum
}
