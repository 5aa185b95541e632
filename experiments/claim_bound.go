// claim_bound.go judges bounds: whether measured errors stay below the
// right-hand side of a theorem, as often as it says.

package experiments

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"go.yaml.in/yaml/v3"

	"spfq/quant"
	"spfq/quant/bound"
	"spfq/results"
	"spfq/results/stat"
)

// boundClaim claims that a theorem's bound holds with probability at least
// Confidence in each trial.
type boundClaim struct {
	ClaimBase `yaml:",inline"`
	Theorem   string `yaml:"theorem"`
}

// testLevel is the confidence at which a bound must be found violated too often
// to be refuted. It is strict, as a CI runs many of these.
const testLevel = 0.999

// theorem is a bound that records can be held against.
type theorem struct {
	about string
	exact bool // whether it needs an exact alignment
	bound func(r *results.Record, eta float64) (measured, bound float64, err error)
}

// theorems by name.
var theorems = map[string]theorem{
	"one_layer": {
		"T1: max|X̃W̃ − X̃Q| of each layer, the paper's constant", false,
		func(r *results.Record, eta float64) (float64, float64, error) {
			return oneLayer(bound.Convex, r, eta)
		}},
	"one_layer_sharp": {
		"T1′: max|X̃W̃ − X̃Q| of each layer, Hoeffding's constant", false,
		func(r *results.Record, eta float64) (float64, float64, error) {
			return oneLayer(bound.Hoeffding, r, eta)
		}},
	"full_network": {
		"T3: largest column norm of Φ(X) − Φ̃(X), the paper's constant", true,
		func(r *results.Record, eta float64) (float64, float64, error) {
			return fullNetwork(bound.Convex, r, eta)
		}},
	"full_network_sharp": {
		"T3: largest column norm of Φ(X) − Φ̃(X), Hoeffding's constant", true,
		func(r *results.Record, eta float64) (float64, float64, error) {
			return fullNetwork(bound.Hoeffding, r, eta)
		}},
}

// oneLayer returns the layer of a record that comes nearest to its bound. The
// layers share η.
func oneLayer(c bound.Constant, r *results.Record, eta float64) (measured, limit float64, err error) {
	worst := -1.0
	for _, l := range r.PerLayer {
		b, err := bound.OneLayer(c, float64(l.Step), float64(l.MaxNormQ), r.Samples, l.Neurons, eta/float64(len(r.PerLayer)))
		if err != nil {
			return 0, 0, err
		}
		ratio := 0.0
		if u := float64(l.MaxU); u > 0 {
			ratio = u / b
		}
		if ratio > worst {
			worst, measured, limit = ratio, float64(l.MaxU), b
		}
	}
	return measured, limit, nil
}

func fullNetwork(c bound.Constant, r *results.Record, eta float64) (measured, limit float64, err error) {
	var layers []bound.Layer
	for _, l := range r.PerLayer {
		layers = append(layers, bound.Layer{Step: float64(l.Step), Neurons: l.Neurons, MaxNorm: float64(l.MaxNorm)})
	}
	bounds, err := bound.FullNetwork(c, layers, r.Samples, eta)
	if err != nil {
		return 0, 0, err
	}
	return float64(r.MaxColumnError), bounds[len(bounds)-1], nil
}

func (c *boundClaim) fields(d *decoder) []field {
	return []field{scalar(d, "theorem", &c.Theorem, oneOf(slices.Sorted(maps.Keys(theorems))...)).must()}
}

// check refuses methods that the theorem says nothing about.
func (c *boundClaim) check(d *decoder, n *yaml.Node, key string, p *Plan) {
	th := theorems[c.Theorem]
	for _, v := range p.Variants {
		for _, cell := range p.Cells {
			id := identity(cell, v)
			if !c.Where.Match(&id) {
				continue
			}
			kind := v.Variant.Method.Align.Kind
			switch {
			case !v.Variant.Method.Feedback || v.Variant.Method.Rounding != quant.Stochastic:
				d.fail(n, join(key, "where"), "theorem %s is about stochastic path following, and %s with %s rounding is among the records", c.Theorem, v.Method, v.Variant.Method.Rounding)
				return
			case th.exact && kind != quant.AlignExact && kind != quant.AlignLeastMax:
				d.fail(n, join(key, "where"), "theorem %s needs an exact alignment, and %s is among the records", c.Theorem, v.Variant.Method.Align)
				return
			}
		}
	}
}

// maxResidual is the relative alignment residual up to which an alignment is
// exact: far above rounding errors, far below any quantization error.
const maxResidual = 1e-8

// violatesAssumption says which assumption of the theorem a record does not
// meet, or "".
func (t theorem) violatesAssumption(r *results.Record) string {
	if r.Saturated > 0 {
		return "weights were clipped"
	}
	for _, l := range r.PerLayer {
		if t.exact && float64(l.AlignResidual) > maxResidual {
			return "the alignment is not exact (X̃ has not rank m)"
		}
	}
	return ""
}

func (c *boundClaim) judge(m *Measured) []results.Claim {
	th := theorems[c.Theorem]
	eta := math.Round((1-c.Confidence)*1e12) / 1e12 // 0.01, not 0.010000000000000009
	var out []results.Claim
	for _, s := range split(matching(m.Records, c.Where, recordIdentity), recordIdentity, "width", "widths", "layers", "samples") {
		r := c.result(fmt.Sprintf("%s, holds with probability ≥ %v: %s", th.about, c.Confidence, c.about(s.label)))
		r.Theorem, r.Over, r.Quantity = c.Theorem, "width", "share of trials beyond the bound"
		violations, largest := 0, 0.0
		left := map[string]int{}
		for i := range s.records {
			rec := &s.records[i]
			if rec.Error != "" {
				left["the trial failed"]++
				continue
			}
			if why := th.violatesAssumption(rec); why != "" {
				left[why]++
				continue
			}
			measured, limit, err := th.bound(rec, eta)
			if err != nil {
				left[err.Error()]++
				continue
			}
			violated := measured > limit
			if violated {
				violations++
			}
			if limit > 0 {
				largest = math.Max(largest, measured/limit)
			}
			r.Bounds = append(r.Bounds, results.Bound{Identity: rec.Identity,
				Measured: results.Num(measured), Bound: results.Num(limit), Violated: violated})
		}
		r.Trials = len(r.Bounds)
		for _, why := range slices.Sorted(maps.Keys(left)) {
			r.Notes = append(r.Notes, fmt.Sprintf("%d of %d records left out: %s", left[why], len(s.records), why))
		}
		rate, err := stat.Exceedance(violations, len(r.Bounds), eta, testLevel)
		if err != nil {
			r.Notes = append(r.Notes, err.Error())
		} else {
			r.Estimate, r.Lo, r.Hi = results.Num(rate.Rate.Value), results.Num(rate.Rate.Interval.Lo), results.Num(rate.Rate.Interval.Hi)
			r.Confidence, r.DemandLo, r.DemandHi = testLevel, 0, results.Num(eta)
			r.Demanded = fmt.Sprintf("rate ≤ %s: at most %d of %d trials", short(eta), rate.Allowed, len(r.Bounds))
			r.Verdict = rate.Verdict.String()
			r.Notes = append(r.Notes, fmt.Sprintf("%d of %d beyond the bound; largest measured/bound %s", violations, len(r.Bounds), short(largest)))
			r.Notes = append(r.Notes, rate.Rate.Warnings...)
		}
		out = append(out, r)
	}
	return out
}
