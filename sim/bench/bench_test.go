package bench

import (
	"fmt"
	"testing"

	"spfq/quant"
)

// BenchmarkLayer reports the figures of `runexp bench` in the form that benchstat reads.
func BenchmarkLayer(b *testing.B) {
	for _, l := range Layers {
		b.Run(fmt.Sprintf("m=%d/N=%d/n=%d/later=%v", l.Samples, l.Inputs, l.Neurons, l.Later), func(b *testing.B) {
			t, err := l.Measure(b.N)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(t.Quant.Median(), "ns-quant/weight")
			b.ReportMetric(t.Bare.Median(), "ns-bare/weight")
			b.ReportMetric(t.Draw.Median(), "ns-draw/weight")
			b.ReportMetric(t.Run.Median(), "ns-run/weight")
			b.ReportMetric(t.Ratio.Median(), "ratio")
		})
	}
}

// Every figure is measured once in each round and positive, and the forms are those that
// the shapes call for.
func TestMeasure(t *testing.T) {
	for l, form := range map[Layer]quant.Form{{4, 96, 40, false}: quant.Direct, {96, 24, 500, false}: quant.Gram, {4, 96, 40, true}: quant.Direct, {96, 24, 500, true}: quant.Gram} {
		got, err := l.Measure(3)
		if err != nil {
			t.Fatal(err)
		}
		if got.Form != form {
			t.Errorf("%+v: form %s, want %s", l, got.Form, form)
		}
		for name, s := range map[string]Sample{"quant": got.Quant, "draw": got.Draw, "bare": got.Bare, "ratio": got.Ratio, "run": got.Run} {
			if lo, _ := s.Range(); len(s) != 3 || lo <= 0 && !(name == "run" && l.Later) {
				t.Errorf("%+v: %s %v, want three positive figures", l, name, s)
			}
		}
	}
	for _, p := range []Product{{5, 7, 9, false}, {5, 7, 9, true}} {
		if s := p.Measure(2); len(s) != 2 || s.Median() <= 0 {
			t.Errorf("%+v: %v, want two positive figures", p, s)
		}
	}
}

func TestMedian(t *testing.T) {
	if m := (Sample{5, 1, 3}).Median(); m != 3 {
		t.Errorf("median %v, want 3", m)
	}
	if lo, hi := (Sample{5, 1, 3}).Range(); lo != 1 || hi != 5 {
		t.Errorf("range %v to %v, want 1 to 5", lo, hi)
	}
}
