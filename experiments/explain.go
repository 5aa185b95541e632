// explain.go explains methods, kinds of claims and theorems to readers: what
// runexp methods, runexp claims, the schema and docs/config.md say of them.

package experiments

import (
	"maps"
	"slices"

	"spfq/quant"
)

// MethodText explains a method.
type MethodText struct {
	Name      string
	Choices   string // that the name stands for
	What      string
	Cost      string // operations, for N inputs, n neurons and m samples
	Guarantee string
	When      string // to use it
	Source    string
}

// methodTexts explain the methods of quant.Names.
var methodTexts = map[string]MethodText{
	"spfq": {
		What:      "Stochastic path following: each weight, plus the error so far projected on its column, is rounded at random to one of the two levels around it, without bias.",
		Cost:      "4mNn to follow the path, 4mNn to align exactly beside a factorization of X̃ (O(m²N))",
		Guarantee: "T1 to T4: errors of a layer grow as the logarithm of its size, whatever the data; relative squared errors of Gaussian networks fall as 1/N",
		When:      "an error bound is wanted that holds for any data, or errors that average out over neurons",
		Source:    "Zhang and Saab, arXiv 2309.10975",
	},
	"gpfq": {
		What:      "Greedy path following: the same path, each value rounded to the nearest level.",
		Cost:      "4mNn to follow the path, 4mNn for its one pass of alignment",
		Guarantee: "none for data chosen against it (configs/adversarial.yaml); on random data about half of SPFQ's squared error",
		When:      "data are benign and the mean error matters more than a bound",
		Source:    "Zhang, Zhou and Saab, arXiv 2201.11113",
	},
	"rtn": {
		What:      "Rounding to nearest: each weight by itself (memoryless scalar quantization).",
		Cost:      "Nn",
		Guarantee: "each weight errs by at most δ/2; relative errors do not fall with the width",
		When:      "a baseline, or no calibration data are at hand",
		Source:    "folklore",
	},
	"stochastic": {
		What:      "Memoryless stochastic rounding: each weight by itself to one of the two levels around it, without bias.",
		Cost:      "Nn",
		Guarantee: "no bias; twice the squared error of rounding to nearest where weights are spread evenly between levels",
		When:      "a baseline that tells the effect of feedback from that of random rounding",
		Source:    "folklore",
	},
}

// Methods explains all methods.
func Methods() []MethodText {
	var out []MethodText
	for _, name := range quant.Names() {
		m, t := mustNamed(name), methodTexts[name]
		t.Name = name
		t.Choices = "align: " + m.Align.String() + ", feedback: " + oneLine(m.Feedback) + ", rounding: " + string(m.Rounding) + ", order: " + string(m.Order)
		out = append(out, t)
	}
	return out
}

func mustNamed(name string) quant.Method {
	m, ok := quant.Named(name)
	if !ok {
		panic("experiments: no method " + name)
	}
	return m
}

// ClaimText explains a kind of claim.
type ClaimText struct {
	Kind       string
	Claims     string // what is claimed, in a sentence
	Statistics string // how it is estimated
	Verdict    string // when it is supported, when refuted
	Example    string // a line of a config
	// Confidence is what the key confidence means; by default the confidence of
	// the interval.
	Confidence string
	Keys       []Key // beside kind, where and confidence, in order
}

func (t ClaimText) confidence() string {
	if t.Confidence != "" {
		return t.Confidence
	}
	return "confidence of the interval; verdicts may err with probability 1 − confidence"
}

const (
	withinRange = "Supported if the interval lies inside the demanded range, refuted if outside, else inconclusive."
	everyCell   = "Supported if the interval of every cell lies inside the range, refuted if that of one lies outside, at a level shared by the cells; else inconclusive."
)

// claimTexts explain the kinds of claimKinds.
var claimTexts = map[string]ClaimText{
	"power_law": {
		Claims:     "A metric is a power of an axis: metric ~ c·over^a·(log over)^log_power with a in exponent.",
		Statistics: "The slope of log metric against log over, trial by trial; Student's t over the trials' slopes.",
		Verdict:    withinRange,
		Example:    "{kind: power_law, metric: rel_sq_error, over: width, where: {method: spfq, bits: inf}, exponent: [-1.15, -0.85]}",
	},
	"bound": {
		Claims:     "A theorem's bound holds in a trial with probability at least confidence. Records that do not meet its assumptions are left out and counted.",
		Statistics: "The number of trials in which the measured value exceeds the bound; exact binomial (Clopper and Pearson) interval.",
		Verdict:    "Refuted if the exact binomial test at level 0.001 finds more violations than 1 − confidence allows, else supported; inconclusive without a record.",
		Example:    "{kind: bound, theorem: full_network, where: {method: spfq, bits: inf}}",
		Confidence: "probability with which the bound is claimed to hold in a trial",
	},
	"tightness": {
		Claims:     "A theorem's bound is so many times the measured value: bound/measured lies in factor in every cell, or moves as over^a with a in exponent.",
		Statistics: "Geometric mean of bound/measured over the trials of a cell, or its power of the axis, trial by trial; Student's t on logarithms.",
		Verdict:    everyCell + " With over and exponent: as for power_law.",
		Example:    "{kind: tightness, theorem: one_layer_sharp, where: {method: spfq, bits: inf}, factor: [1, 100]}",
	},
	"bits_growth": {
		Claims:     "The bits log2(2K+1) of the smallest K whose error is within factor of the infinite alphabet's grow with the width no faster than ½ log2 log N.",
		Statistics: "Slope b of those bits against ½ log2 log N, trial by trial; Student's t. Akaike weights of constant, log log and log growth beside it.",
		Verdict:    "Supported if the interval of b lies below 1, refuted if above, else inconclusive.",
		Example:    "{kind: bits_growth, where: {method: spfq}, factor: 1.05}",
	},
	"equals": {
		Claims:     "A mean is what a theorem expects, in every cell.",
		Statistics: "Mean of measured/expected over the trials of a cell; Student's t.",
		Verdict:    everyCell + " The range is 1 ± within.",
		Example:    "{kind: equals, theorem: T3-Gauss, where: {method: spfq, bits: inf}, within: 0.5}",
	},
	"ratio": {
		Claims:     "A metric over that of another variant on the same instance lies in range, in every cell.",
		Statistics: "Geometric mean of the paired ratios over the trials of a cell; studentized bootstrap, seeded by the config.",
		Verdict:    everyCell,
		Example:    "{kind: ratio, metric: rel_sq_error, where: {method: gpfq, bits: inf}, to: {method: spfq, bits: inf}, range: [0.3, 1.2]}",
	},
	"generalizes": {
		Claims:     "The relative squared error on held-out samples over that on calibration samples lies in range, in every cell.",
		Statistics: "Geometric mean of the paired ratios over the trials of a cell; studentized bootstrap, seeded by the config.",
		Verdict:    everyCell,
		Example:    "{kind: generalizes, where: {method: rtn, bits: inf}, range: [0.5, 2]}",
	},
	"contraction": {
		Claims:     "T2: no further pass of an alignment of order r leaves more residual in layer 2, the first with X̃ ≠ X, and a pass shrinks it by a factor in factor.",
		Statistics: "Geometric mean over trials of the factor a pass, from the least to the largest order; Student's t on logarithms.",
		Verdict:    everyCell + " Refuted by a single pass that adds.",
		Example:    "{kind: contraction, where: {align: [order-1, order-4], bits: inf}, factor: [0, 1]}",
	},
	"tail": {
		Claims:     "The last layer's errors, in units of the proxy of T1″, have no heavier tail than the reference at 0.5, 1, …, 4 at once.",
		Statistics: "Share of neurons beyond each threshold, all trials together; exact binomial intervals, simultaneous over the thresholds.",
		Verdict:    "Supported if no interval lies above the reference (for gaussian: if every one holds it), else refuted.",
		Example:    "{kind: tail, where: {method: spfq, align: exact, bits: inf}, reference: subgaussian}",
		Confidence: "simultaneous confidence of the intervals",
	},
	"cost": {
		Claims:     "Operations, or seconds, grow with the number of weights as a power with exponent in exponent.",
		Statistics: "As for power_law, over the number of weights.",
		Verdict:    withinRange,
		Example:    "{kind: cost, where: {method: gpfq}, metric: operations, exponent: [0.9, 1.1]}",
	},
}

// Claims explains all kinds of claims, those that are not about cells first.
func Claims() []ClaimText {
	keys := Keys()
	var out []ClaimText
	for _, kind := range claimOrder {
		t := claimTexts[kind]
		t.Kind = kind
		for _, k := range keys {
			if k.Kind == kind && k.Path != "claims.kind" && k.Path != "claims.where" {
				t.Keys = append(t.Keys, k)
			}
		}
		out = append(out, t)
	}
	return out
}

// claimOrder is the order in which kinds are explained: the most used first.
var claimOrder = []string{"power_law", "bound", "tightness", "ratio", "equals", "bits_growth", "generalizes", "contraction", "tail", "cost"}

// TheoremText explains a theorem that claims can name.
type TheoremText struct {
	Name  string
	About string // its name in docs/theory.md and what it bounds
	Needs []string
}

// Theorems explains all theorems.
func Theorems() []TheoremText {
	var out []TheoremText
	for _, name := range slices.Sorted(maps.Keys(theorems)) {
		th := theorems[name]
		t := TheoremText{Name: name, About: th.about, Needs: []string{"stochastic path following"}}
		for _, need := range []struct {
			applies bool
			text    string
		}{
			{!th.last, "no clipped weight"},
			{th.last, "no clipped weight in the last layer"},
			{th.exact, "exact alignment"},
			{th.exact, "activations that are not rounded"},
			{th.orderR, "alignment order-R"},
			{th.gaussian, "Gaussian weights, no biases, ReLU, a given step"},
			{th.certify, "an order of the columns that all neurons share"},
		} {
			if need.applies {
				t.Needs = append(t.Needs, need.text)
			}
		}
		out = append(out, t)
	}
	return out
}
