// plan.go lists what a config asks to be run: cells with their variants and
// searches.

package experiments

import (
	"iter"
	"math"
	"slices"

	"go.yaml.in/yaml/v3"

	"spfq/quant"
	"spfq/results"
	"spfq/sim"
)

// Plan is everything that a config asks to be run.
type Plan struct {
	Config   *Config
	Cells    []Cell
	Variants []Variant       // all that run in some cell
	Searches []SearchVariant // likewise

	grid *grid
	keys keyTexts
}

// Cell is a network and a data set, and what runs on each instance drawn of
// them. A trial of it is one instance, drawn once for all its variants.
type Cell struct {
	sim.Instance                 // with Seed set; Trial is set when run
	Variants     []Variant       // in the order of Plan.Variants, shared between cells: read only
	Searches     []SearchVariant // likewise: searches for the bits that a variant needs

	variants, searches []int // their numbers in the plan
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

// newPlan spans the grid of a config and narrows it by its sweep. It notes
// combinations that cannot be, a grid too large to be meant, and what of the
// sweep or the claims does not fit it.
func newPlan(d *decoder, root *yaml.Node, c *Config) *Plan {
	g, err := c.grid(c.Sweep.zip())
	if err != nil {
		d.fail(root, "", "%v", err)
		return nil
	}
	if c.Sweep != nil {
		if g = c.Sweep.apply(d, child(root, "sweep"), g); len(d.problems) > 0 {
			return nil
		}
	}
	p := &Plan{Config: c, Variants: g.variants, grid: g}
	p.fillCells()
	p.keys = p.keyTexts()
	p.checkClaims(d, root)
	return p
}

// fillCells gives each cell its variants and searches. Cells that run the same
// share one list.
func (p *Plan) fillCells() {
	certified := p.certified()
	var claims []searchClaim
	claims, p.Searches = p.searchClaims()
	type lists struct {
		variants           []Variant
		searches           []SearchVariant
		variantNo, numbers []int
	}
	shared := map[string]*lists{}
	what := make([]byte, len(p.Variants)+len(p.Searches))
	p.Cells = make([]Cell, 0, len(p.grid.cells))
	for c, in := range p.grid.cells {
		clear(what)
		for v := range p.Variants {
			if !p.grid.has(c, v) {
				continue
			}
			what[v] = 1
			if certified(c, v) {
				what[v] = 2
			}
			for _, claim := range claims {
				if s := claim.search[v]; s >= 0 && claim.cells[c] {
					what[len(p.Variants)+s] = 1
				}
			}
		}
		l := shared[string(what)]
		if l == nil {
			l = &lists{}
			for i, w := range what {
				switch {
				case w == 0:
				case i < len(p.Variants):
					v := p.Variants[i]
					v.Certify = w == 2
					l.variants, l.variantNo = append(l.variants, v), append(l.variantNo, i)
				default:
					s := i - len(p.Variants)
					l.searches, l.numbers = append(l.searches, p.Searches[s]), append(l.numbers, s)
				}
			}
			shared[string(what)] = l
		}
		p.Cells = append(p.Cells, Cell{Instance: in, Variants: l.variants, Searches: l.searches, variants: l.variantNo, searches: l.numbers})
	}
}

// identity returns the identity of a variant's record on an instance.
func identity(in sim.Instance, v Variant) results.Identity {
	id := cellIdentity(in)
	id.setVariant(v)
	return results.Identity(id)
}

// partIdentity is an identity in the making.
type partIdentity results.Identity

// cellIdentity fills in what an instance determines.
func cellIdentity(in sim.Instance) partIdentity {
	id := partIdentity{
		Width: slices.Max(in.Widths[:in.Layers()]), Widths: string(newShape(in.Widths)), Layers: in.Layers(),
		Weights: in.Weights.String(), Biases: in.Biases, Activation: string(in.Activation),
		Source: string(in.Source), Dimension: in.Dimension, Noise: results.Missing,
		Samples: in.Samples, TestSamples: in.Data.Test,
		Trial: in.Trial, Seed: in.Seed,
	}
	if in.Source == sim.Subspace {
		id.Noise = results.Num(in.Noise)
	}
	return id
}

// setVariant fills in what a variant determines: the columns that
// variantColumns lists.
func (id *partIdentity) setVariant(v Variant) {
	id.Method, id.Align, id.Feedback = v.Method, v.Variant.Method.Align.String(), v.Variant.Method.Feedback
	id.Rounding, id.Order = string(v.Variant.Method.Rounding), string(v.Variant.Method.Order)
	id.Step, id.C, id.Quantile = results.Num(v.Alphabet.Step), results.Missing, results.Missing
	id.Bits, id.Levels, id.K = results.Num(v.Bits), string(v.Levels), v.Alphabet.K
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
}

// variantColumns are the columns of an identity that its variant determines;
// the others its instance does.
var variantColumns = map[string]bool{
	"method": true, "align": true, "feedback": true, "rounding": true, "order": true, "step": true, "C": true,
	"quantile": true, "bits": true, "levels": true, "K": true, "activation_bits": true,
}

// Task is one trial of one cell: the unit of work and of resuming.
type Task struct{ Cell, Trial int }

// Tasks lists all tasks, cell by cell.
func (p *Plan) Tasks() iter.Seq[Task] {
	return func(yield func(Task) bool) {
		for c := range p.Cells {
			for t := range p.Config.Trials {
				if !yield(Task{c, t}) {
					return
				}
			}
		}
	}
}

// TaskCount is the number of tasks.
func (p *Plan) TaskCount() int { return len(p.Cells) * p.Config.Trials }

// Instance returns the instance of a task.
func (p *Plan) Instance(t Task) sim.Instance {
	in := p.Cells[t.Cell].Instance
	in.Trial = t.Trial
	return in
}

// searchCost estimates the work of a search: about five evaluations.
func searchCost(in sim.Instance, s SearchVariant) float64 {
	return 5 * sim.Cost(in, s.Variant.Variant)
}

// cost estimates the work of running some of the variants and searches of a
// cell on one instance, in operations: what decides which tasks go first and
// how far a run is.
func (c *Cell) cost(variants, searches []int) float64 {
	if len(variants)+len(searches) == 0 {
		return 0
	}
	sum := 0.0
	for _, v := range variants {
		sum += sim.Cost(c.Instance, c.Variants[v].Variant)
	}
	for _, s := range searches {
		sum += searchCost(c.Instance, c.Searches[s])
	}
	if len(variants) > 0 {
		sum += sim.DrawCost(c.Instance)
	}
	return sum
}
