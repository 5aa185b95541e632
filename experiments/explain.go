// explain.go has the texts that runexp methods shows.

package experiments

import (
	"strings"

	"spfq/quant"
	"spfq/results"
)

// MethodText explains a method.
type MethodText struct {
	Name      string
	Choices   string // the choices that the name stands for
	What      string // what it does
	Cost      string // its operations, for N inputs, n neurons and m samples
	Guarantee string // what is proved or known of its errors
	When      string // when to use it
	Source    string // where it was published
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

// Methods explains all methods, in the order of quant.Names.
func Methods() []MethodText {
	var out []MethodText
	for _, name := range quant.Names() {
		m, t := mustNamed(name), methodTexts[name]
		t.Name = name
		var choices []string
		for i := range results.Axes {
			if a := &results.Axes[i]; a.Preset != nil {
				choices = append(choices, a.Name()+": "+a.Preset(m))
			}
		}
		t.Choices = strings.Join(choices, ", ")
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
