// kinds.go has the table of the kinds of claims, with the texts that explain each.

package claim

import (
	"slices"

	"spfq/internal/domain"
)

// Text explains a kind of claim.
type Text struct {
	Claims     string // what is claimed, in a sentence
	Statistics string // how it is estimated
	Verdict    string // when it is supported, when refuted
	Example    string // a line of a config
	// Confidence says what the key confidence means, if that is not the confidence of
	// the interval; otherwise it is empty.
	Confidence string
}

// confidence says what the key confidence means.
func (t Text) confidence() string {
	if t.Confidence != "" {
		return t.Confidence
	}
	return "confidence of the interval; verdicts may err with probability 1 − confidence"
}

const (
	withinRange = "Supported if the interval lies inside the demanded range, refuted if outside, else inconclusive."
	everyCell   = "Supported if the interval of every cell lies inside the range, refuted if that of one lies outside, at a significance level shared by the cells; else inconclusive."
)

// kind is a row of the table.
type kind struct {
	name string
	new  func() Claim // returns a claim of the kind with its defaults
	Text
}

// kinds is the table, the most used kinds first.
var kinds []kind

func init() { // and not where it is declared, since the claims in it ask for the names of all kinds
	kinds = []kind{
		{
			name: "power_law",
			new:  func() Claim { return &powerLaw{Base: Base{Confidence: 0.95}} },
			Text: Text{
				Claims:     "A metric is a power of an axis: metric ~ c·over^a·(log over)^log_power with a in exponent.",
				Statistics: "The slope of log metric against log over, trial by trial; Student's t over the trials' slopes.",
				Verdict:    withinRange,
				Example:    "{kind: power_law, metric: rel_sq_error, over: width, where: {method: spfq, bits: inf}, exponent: [-1.15, -0.85]}",
			},
		},
		{
			name: "bound",
			new:  func() Claim { return &boundClaim{Base: Base{Confidence: 0.99}} },
			Text: Text{
				Claims:     "A theorem's bound holds in a trial with probability at least confidence. Records that do not meet its assumptions are left out and counted.",
				Statistics: "The number of trials in which the measured value exceeds the bound; exact binomial (Clopper and Pearson) interval.",
				Verdict:    "Refuted if the exact binomial test at significance level 0.001 finds more violations than 1 − confidence allows, else supported; inconclusive without a record.",
				Example:    "{kind: bound, theorem: full_network, where: {method: spfq, bits: inf}}",
				Confidence: "probability with which the bound is claimed to hold in a trial",
			},
		},
		{
			name: "tightness",
			new:  func() Claim { return &tightness{Base: Base{Confidence: 0.95}, Eta: 0.01} },
			Text: Text{
				Claims:     "A theorem's bound is so many times the measured value: bound/measured lies in factor in every cell, or moves as over^a with a in exponent.",
				Statistics: "Geometric mean of bound/measured over the trials of a cell, or its power of the axis, trial by trial; Student's t on logarithms.",
				Verdict:    everyCell + " With over and exponent: as for power_law.",
				Example:    "{kind: tightness, theorem: one_layer_sharp, where: {method: spfq, bits: inf}, factor: [1, 100]}",
			},
		},
		{
			name: "ratio",
			new:  func() Claim { return &ratioClaim{Base: Base{Confidence: 0.95}} },
			Text: Text{
				Claims:     "A metric over that of another variant on the same instance lies in range, in every cell.",
				Statistics: "Geometric mean of the paired ratios over the trials of a cell; studentized bootstrap, seeded by the config.",
				Verdict:    everyCell,
				Example:    "{kind: ratio, metric: rel_sq_error, where: {method: gpfq, bits: inf}, to: {method: spfq, bits: inf}, range: [0.3, 1.2]}",
			},
		},
		{
			name: "equals",
			new:  func() Claim { return &equals{Base: Base{Confidence: 0.95}} },
			Text: Text{
				Claims:     "A mean is what a theorem expects, in every cell.",
				Statistics: "Mean of measured/expected over the trials of a cell; Student's t.",
				Verdict:    everyCell + " The range is 1 ± within.",
				Example:    "{kind: equals, theorem: T3-Gauss, where: {method: spfq, bits: inf}, within: 0.5}",
			},
		},
		{
			name: "bits_growth",
			new:  func() Claim { return &bitsGrowth{Base: Base{Confidence: 0.95}, Factor: 1.05} },
			Text: Text{
				Claims:     "The bits log2(2K+1) of the smallest K whose error is within factor of the infinite alphabet's grow with the width no faster than ½ log2 log N.",
				Statistics: "Slope b of those bits against ½ log2 log N, trial by trial; Student's t. Akaike weights of constant, log log and log growth beside it.",
				Verdict:    "Supported if the interval of b lies below 1, refuted if above, else inconclusive.",
				Example:    "{kind: bits_growth, where: {method: spfq}, factor: 1.05}",
			},
		},
		{
			name: "generalizes",
			new:  func() Claim { return &generalizes{Base: Base{Confidence: 0.95}} },
			Text: Text{
				Claims:     "The relative squared error on held-out samples over that on calibration samples lies in range, in every cell.",
				Statistics: "Geometric mean of the paired ratios over the trials of a cell; studentized bootstrap, seeded by the config.",
				Verdict:    everyCell,
				Example:    "{kind: generalizes, where: {method: rtn, bits: inf}, range: [0.5, 2]}",
			},
		},
		{
			name: "contraction",
			new:  func() Claim { return &contraction{Base: Base{Confidence: 0.95}, Factor: Range{0, 1, true}} },
			Text: Text{
				Claims:     "T2: no further pass of an alignment of order r leaves more residual in layer 2, the first with X̃ ≠ X, and a pass shrinks it by a factor in factor.",
				Statistics: "Geometric mean over trials of the factor a pass, from the least to the largest order; Student's t on logarithms.",
				Verdict:    everyCell + " Refuted by a single pass that adds.",
				Example:    "{kind: contraction, where: {align: [order-1, order-4], bits: inf}, factor: [0, 1]}",
			},
		},
		{
			name: "tail",
			new:  func() Claim { return &tailClaim{Base: Base{Confidence: 0.99}} },
			Text: Text{
				Claims:     "The last layer's errors, in units of the proxy of T1″, have no heavier tail than the reference at 0.5, 1, …, 4 at once.",
				Statistics: "Share of neurons beyond each threshold, all trials together; exact binomial intervals, simultaneous over the thresholds.",
				Verdict:    "Supported if no interval lies above the reference (for gaussian: if every one holds it), else refuted.",
				Example:    "{kind: tail, where: {method: spfq, align: exact, bits: inf}, reference: subgaussian}",
				Confidence: "simultaneous confidence of the intervals",
			},
		},
		{
			name: "cost",
			new: func() Claim {
				return &cost{Base: Base{Confidence: 0.95}, Metric: "operations", Exponent: Range{0.98, 1.02, true}}
			},
			Text: Text{
				Claims:     "Operations, or seconds, grow with the number of weights as a power with exponent in exponent.",
				Statistics: "As for power_law, over the number of weights.",
				Verdict:    withinRange,
				Example:    "{kind: cost, where: {method: gpfq}, metric: operations, exponent: [0.9, 1.1]}",
			},
		},
	}
}

// Kinds lists the names of the kinds, the most used first.
func Kinds() []string {
	var out []string
	for _, k := range kinds {
		out = append(out, k.name)
	}
	return out
}

// names lists the names of the kinds in alphabetical order, for messages.
func names() []string { return slices.Sorted(slices.Values(Kinds())) }

// find returns the row of a kind; it panics if there is no such kind.
func find(name string) *kind {
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.name == name })
	if i < 0 {
		panic("claim: no kind " + name)
	}
	return &kinds[i]
}

// Explain returns the texts that explain a kind.
func Explain(name string) Text { return find(name).Text }

// KindNames is the domain of the names of kinds.
func KindNames() domain.Of[string] { return domain.OneOf(names()...) }

// New returns a claim of a kind, with its defaults.
func New(name string) Claim {
	c := find(name).new()
	c.base().Kind = name
	return c
}
