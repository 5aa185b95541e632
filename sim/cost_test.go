package sim

import (
	"math"
	"testing"

	"spfq/quant"
)

// Operations are what package quant foresees, layer by layer: equal, as all widths
// are whole blocks, but for the iterations of exact-max, of which there may be any
// number; and the cost of the variant is that and more.
func TestCost(t *testing.T) {
	forms := map[string]int{}
	for _, m := range []int{12, 150} { // few samples ask for the form direct, many for gram
		in := Instance{Network: Network{Widths: []int{96, 64, 32}, Weights: Distribution{Kind: "gaussian"}, Activation: ReLU},
			Data: Data{Source: Gaussian, Samples: m, Test: 3}, Seed: 1}
		var vs []Variant
		for _, name := range []string{"spfq", "rtn"} {
			for _, align := range []string{"none", "order-1", "order-3", "exact", "exact-max"} {
				for _, order := range []quant.Order{quant.Natural, quant.ByNorm, quant.ByWeight, quant.Random} {
					if align == "exact-max" && order != quant.Natural {
						continue // an iteration that takes its time, whatever the order
					}
					v := Variant{Method: method(t, name, align), Alphabet: AlphabetRule{Step: 0.25}}
					v.Method.Order = order
					vs = append(vs, v)
				}
			}
		}
		for i, r := range mustRun(t, 2, in, vs, Options{Tile: 40}) {
			var foreseen, all int64
			for l, layer := range r.Layers {
				s := vs[i].shape(in, l+1)
				if form := string(s.Resolve().Form); form != layer.Form {
					t.Errorf("%+v, layer %d: the form is %q, foreseen %q", vs[i].Method, l+1, layer.Form, form)
				}
				forms[layer.Form]++
				c := s.Cost()
				foreseen, all = foreseen+c.Align+c.Follow, all+c.Total()
			}
			if exactMax := vs[i].Method.Align.Kind == quant.AlignLeastMax; !exactMax && int64(r.Operations) != foreseen {
				t.Errorf("m = %d, %+v: %d operations, %d foreseen", m, vs[i].Method, r.Operations, foreseen)
			}
			if cost := Cost(in, vs[i]); cost <= float64(all) {
				t.Errorf("m = %d, %+v: the cost is %v, that of aligning and quantizing alone %d", m, vs[i].Method, cost, all)
			}
		}
	}
	for _, form := range []string{"", "direct", "gram"} {
		if forms[form] == 0 {
			t.Errorf("no layer has the form %q", form)
		}
	}
}

// What is measured beside costs what its products do: each held-out sample two
// operations a weight, for the variant and for the original network; certificates and
// steps from the data a pass over the weights or more.
func TestCostOfMeasuring(t *testing.T) {
	in := Instance{Network: equal(2, 64), Data: Data{Source: Gaussian, Samples: 16}, Seed: 1}
	v := Variant{Method: method(t, "spfq", ""), Alphabet: AlphabetRule{Step: 0.25}}
	cost, draw, weights := Cost(in, v), DrawCost(in), float64(in.WeightCount())
	more := in
	more.Data.Test = 7
	if got, gotDraw := Cost(more, v)-cost, DrawCost(more)-draw; math.Abs(got-14*weights) > 1e-9*cost || math.Abs(gotDraw-14*weights) > 1e-9*draw {
		t.Errorf("7 held-out samples cost %v and %v operations, want %v", got, gotDraw, 14*weights)
	}
	certified, fromData := v, v
	certified.Certify = true
	fromData.Alphabet = AlphabetRule{K: 7, C: 1, Quantile: 1}
	for name, v := range map[string]Variant{"a certificate": certified, "a step from the data": fromData} {
		if got := Cost(in, v) - cost; got < 2*16*weights {
			t.Errorf("%s costs %v operations, want a product's at least, %v", name, got, 2*16*weights)
		}
	}
}
