// act.go is where the columns of an identity take effect: it makes of a setting what is
// drawn, and of a variant how that is quantized.

package plan

import (
	"fmt"
	"math"

	"spfq/quant"
	"spfq/results"
	"spfq/sim"
)

// instance returns what is drawn for a setting in one of its draws.
func instance(s *results.Setting, d results.Draw) sim.Instance {
	data := sim.Data{Source: sim.Source(s.Source), Dimension: s.Dimension, Samples: s.Samples, Test: s.TestSamples}
	if s.Noise.IsSet() {
		data.Noise = float64(s.Noise)
	}
	return sim.Instance{
		Network: sim.Network{Widths: results.ParseSizes(s.Widths), Weights: must(sim.ParseDistribution(s.Weights)),
			Biases: s.Biases, Activation: sim.Activation(s.Activation)},
		Data: data, Seed: d.Seed, Trial: d.Trial,
	}
}

// variant returns the choices by which a variant quantizes.
func variant(v *results.Variant) sim.Variant {
	out := sim.Variant{
		Method: quant.Method{Align: must(quant.ParseAlign(v.Align)), Feedback: v.Feedback,
			Rounding: quant.Rounding(v.Rounding), Order: quant.Order(v.Order)},
		Alphabet: sim.AlphabetRule{K: v.K},
	}
	if v.Step.IsSet() {
		out.Alphabet.Step = float64(v.Step)
	} else {
		out.Alphabet.C, out.Alphabet.Quantile = float64(v.C), float64(v.Quantile)
	}
	if a := float64(v.ActivationBits); !math.IsInf(a, 1) {
		out.ActivationBits = int(a)
	}
	return out
}

// infinite returns the variant with the infinite alphabet of the same step.
func infinite(v results.Variant) results.Variant {
	id := results.Identity{Variant: v}
	results.AxisOf("bits").Set(&id, "inf")
	id.Derive()
	return id.Variant
}

// checkSetting returns a problem if no instance of the setting can be drawn, else nil.
func checkSetting(s *results.Setting) *problem {
	if inputs := results.ParseSizes(s.Widths)[0]; s.Dimension > inputs {
		return &problem{"data.dimension", fmt.Sprintf("a subspace of dimension %d does not fit into the %d inputs of the network %s", s.Dimension, inputs, s.Widths)}
	}
	return nil
}

// must returns a value that was parsed from a canonical text. An error is a mistake of
// the program, since the config was checked, and panics.
func must[T any](v T, err error) T {
	if err != nil {
		panic("plan: " + err.Error())
	}
	return v
}
