// record.go turns what package sim measured into records.

package experiments

import (
	"math"

	"spfq/experiments/plan"
	"spfq/results"
	"spfq/sim"
)

// newRecord is the record of a variant on an instance.
func newRecord(in instance, v plan.Variant, r sim.Result) results.Record {
	if r.Err != nil {
		return failedRecord(in, v, r.Err)
	}
	num := func(v float64) results.Num { return results.Num(v) }
	rec := results.Record{
		Identity:   in.identity(v),
		RelSqError: num(r.Output.RelSq), RelError: num(math.Sqrt(r.Output.RelSq)),
		MaxError: num(r.Output.MaxEntry), MaxColumnError: num(r.Output.MaxColumn),
		TestRelSqError: num(r.Test.RelSq), TestRelError: num(math.Sqrt(r.Test.RelSq)),
		TestMaxError: num(r.Test.MaxEntry), TestMaxColumnError: num(r.Test.MaxColumn),
		Bias: num(r.Bias), OutputSqNorm: num(r.OutputSq), InputSqNorm: num(r.InputSq),
		Operations: r.Operations, Tail: r.Tail,
		WeightCount: in.WeightCount(), Seconds: num(r.Seconds),
	}
	for i, l := range r.Layers {
		layer := results.Layer{
			Layer: i + 1, Inputs: in.Widths[i], Neurons: in.Widths[i+1],
			Step: num(l.Alphabet.Step), K: l.Alphabet.K, BitsPerWeight: num(l.Alphabet.Bits()), Form: string(l.Form),
			AlignResidual: num(l.AlignResidual), QuantError: num(l.QuantError),
			AlignMaxNorm: num(l.AlignMaxColumn), AlignMaxEntry: num(l.AlignMaxEntry), MaxU: num(l.MaxU), MaxUColumn: num(l.MaxUColumn), MaxV: num(l.Tally.MaxV),
			Saturated: l.Tally.Saturated, Dead: l.Dead, Rank: l.Rank, Kappa: num(l.Kappa),
			MaxNorm: num(l.MaxNorm), MaxNormQ: num(l.MaxNormQ), MaxWeight: num(l.MaxWeight),
			MaxAligned: num(l.MaxAligned), LeastMaxGap: num(l.LeastMaxGap),
			ProxyRow: num(l.Proxy.Row), ProxyFrobenius: num(l.Proxy.Frobenius), ProxySpectral: num(l.Proxy.Spectral),
			ProxyShare: num(l.Proxy.Share), Observed: num(l.Observed), Contraction: num(l.Contraction), Drift: num(l.Drift),
			OutputMaxError: num(l.OutputMaxError), Seconds: num(l.Seconds),
		}
		rec.PerLayer = append(rec.PerLayer, layer)
		rec.BitsPerWeight = max(rec.BitsPerWeight, layer.BitsPerWeight)
		rec.MaxV = max(rec.MaxV, layer.MaxV)
		rec.Saturated += layer.Saturated
		rec.Dead += int64(layer.Dead)
	}
	return rec
}

// failedRecord is the record of a variant that failed: its error, and nothing
// that looks measured.
func failedRecord(in instance, v plan.Variant, err error) results.Record {
	no := results.Missing
	return results.Record{
		Identity: in.identity(v), RelSqError: no, RelError: no, MaxError: no, MaxColumnError: no,
		TestRelSqError: no, TestRelError: no, TestMaxError: no, TestMaxColumnError: no,
		BitsPerWeight: no, MaxV: no, Bias: no, OutputSqNorm: no, InputSqNorm: no, Seconds: no, WeightCount: in.WeightCount(), Error: err.Error(),
	}
}
