// synthetic_test.go makes records that resemble a sweep over widths and bits.

package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"spfq/results"
	"spfq/sim"
)

// A sweep says which records synthetic makes: all combinations of methods, widths,
// bits and trials.
type sweep struct {
	methods []string // name and alignment of each, such as "spfq/order-1"
	widths  []int
	bits    []float64
	layers  int
	trials  int
}

// fullSweep has the size of a real sweep.
var fullSweep = sweep{
	methods: []string{"spfq/order-1", "spfq/exact", "gpfq/order-1", "rtn/none", "stochastic/none"},
	widths:  []int{64, 128, 256, 512, 1024, 2048},
	bits:    []float64{3, 4, 5, math.Inf(1)},
	layers:  3,
	trials:  16,
}

// identity is the identity of a record in a sweep of Gaussian networks and data.
func (s sweep) identity(method string, width int, bits float64, trial int) results.Identity {
	name, align, _ := strings.Cut(method, "/")
	id := results.Identity{
		Variant: results.Variant{
			Method: name, Align: align, Order: "natural", Rounding: "nearest",
			Step: 0.25, C: results.Unset, Quantile: results.Unset, Bits: results.Num(bits), ActivationBits: results.Num(math.Inf(1)),
		},
		Setting: results.Setting{
			Width: width, Widths: strings.Trim(strings.Repeat(fmt.Sprint("-", width), s.layers+1), "-"), Layers: s.layers,
			Weights: "gaussian", Activation: "relu", Source: "gaussian", Noise: results.Unset,
			Samples: 32, TestSamples: 64,
		},
		Draw: results.Draw{Trial: trial, Seed: 20230918},
	}
	id.Feedback = name == "spfq" || name == "gpfq"
	if name == "spfq" || name == "stochastic" {
		id.Rounding = "stochastic"
	}
	if !math.IsInf(bits, 1) {
		id.Step, id.C, id.Quantile = results.Unset, 1.16, 1
		id.Levels, id.K = "signed", 1<<(int(bits)-1)-1
	}
	return id
}

// expectedError is about the relative squared error that theory and experiments give
// for a method, with m = 32 samples and δ = 0.25.
func expectedError(method string, width int, bits float64) float64 {
	base := map[string]float64{
		"rtn/none": 1.55e-2, "stochastic/none": 3.1e-2,
		"gpfq/order-1": 0.14 / float64(width), "spfq/order-1": 0.29 / float64(width), "spfq/exact": 0.27 / float64(width),
	}[method]
	if base == 0 {
		base = 0.5 / float64(width)
	}
	if !math.IsInf(bits, 1) {
		base *= 1 + 60*math.Pow(4, 3-bits) // a coarser step, and saturation
	}
	return base
}

// synthetic makes the records of a sweep.
func synthetic(s sweep) Run {
	r := rand.New(rand.NewPCG(1, 2))
	run := Run{Name: "gaussian_sweep", About: "synthetic"}
	for _, method := range s.methods {
		for _, bits := range s.bits {
			for _, width := range s.widths {
				for trial := range s.trials {
					run.Records = append(run.Records, s.record(r, method, width, bits, trial))
				}
			}
		}
	}
	return run
}

// record makes a record with lognormal noise in its measurements.
func (s sweep) record(r *rand.Rand, method string, width int, bits float64, trial int) results.Record {
	noise := func(relative float64) float64 { return math.Exp(relative * r.NormFloat64()) }
	e := expectedError(method, width, bits) * noise(0.12)
	weights := results.Count(s.layers * width * width)
	rec := results.Record{
		Identity: s.identity(method, width, bits, trial),
		Measurement: sim.Measurement{
			RelSqError: results.Num(e), RelError: results.Num(math.Sqrt(e)), MaxError: results.Num(4 * math.Sqrt(e) * noise(0.1)),
			TestRelSqError: results.Num(2 * e * noise(0.05)), MaxColumnError: results.Num(6 * math.Sqrt(e)),
			BitsPerWeight: results.Num(math.Inf(1)), MaxV: results.Num(20 * noise(0.2)), WeightCount: weights,
		},
	}
	rec.TestRelError = results.Num(math.Sqrt(float64(rec.TestRelSqError)))
	if rec.K > 0 {
		rec.BitsPerWeight = results.Num(math.Log2(float64(2*rec.K + 1)))
		rec.Saturated = results.Count(float64(weights) * math.Pow(10, -float64(rec.K)/2) * noise(0.1))
	}
	for l := 1; l <= s.layers; l++ {
		layer := results.Layer{
			Layer: l, Inputs: width, Neurons: width, Step: rec.Step.Num(), K: rec.K, BitsPerWeight: rec.BitsPerWeight,
			QuantError: results.Num(math.Sqrt(e/float64(s.layers)) * noise(0.05)), MaxV: results.Num(18 * noise(0.1)),
			Saturated: rec.Saturated / results.Count(s.layers), Kappa: results.Num(2 + float64(l)*noise(0.1)),
			MaxAligned: results.Num(4 * noise(0.02)),
		}
		if !strings.HasSuffix(method, "exact") {
			layer.AlignResidual = results.Num(math.Sqrt(e*float64(l-1)/float64(s.layers)) * noise(0.05))
		}
		rec.PerLayer = append(rec.PerLayer, layer)
	}
	return rec
}

// withSearches adds bit searches of spfq and gpfq.
func withSearches(run Run, s sweep) Run {
	r := rand.New(rand.NewPCG(3, 4))
	bits := func(k results.Count) results.Num { return results.Num(math.Log2(float64(2*k + 1))) }
	for _, method := range []string{"spfq/order-1", "gpfq/order-1"} {
		for _, width := range s.widths {
			for trial := range s.trials {
				q := results.Search{Identity: s.identity(method, width, math.Inf(1), trial), Factor: 1.05, ErrorInf: 1e-3}
				q.NeededK = results.Count(12 + r.IntN(2))
				q.FirstFreeK = results.Count(17 + int(3*math.Log2(math.Log(float64(width)))) + r.IntN(3))
				q.FreeK = q.FirstFreeK * results.Count(2+r.IntN(4))
				q.NeededBits, q.FirstBits, q.FreeBits = bits(q.NeededK), bits(q.FirstFreeK), bits(q.FreeK)
				run.Searches = append(run.Searches, q)
			}
		}
	}
	return run
}

// withClaims adds claims of every verdict, two of them about bounds.
func withClaims(run Run) Run {
	inf := results.Num(math.Inf(1))
	run.Claims = append(run.Claims,
		results.Claim{
			Kind: "power-law", Statement: "The relative squared error of spfq decays linearly in the width, with the infinite alphabet.",
			Where: map[string]any{"method": "spfq", "bits": "inf"}, Quantity: "exponent of N", Estimate: -0.983, Lo: -1.021, Hi: -0.945,
			Confidence: 0.95, Demanded: "between −1.1 and −0.9", DemandLo: -1.1, DemandHi: -0.9, Trials: 16,
			Verdict: results.Supported, Constant: 0.28, Over: "width", Metric: "rel_sq_error",
		},
		results.Claim{
			Kind: "ratio", Statement: "stochastic rounding without feedback (‖W̃‖_max & 5% | a_b #1 $x) has half the error of rtn",
			Where: map[string]any{"method": []any{"rtn", "stochastic"}}, Quantity: "ratio of errors", Estimate: 2.01, Lo: 1.97, Hi: 2.05,
			Confidence: 0.95, Demanded: "at most 0.5", DemandLo: -inf, DemandHi: 0.5, Trials: 16, Verdict: results.Refuted, Constant: results.Missing,
			Notes: []string{"the ratio is that of T7: δ²/6 over δ²/12"},
		},
	)
	bound := results.Claim{
		Kind: "bound", Statement: "T1 bounds the largest entry of the error.", Theorem: "T1", Quantity: "share of violations",
		Estimate: 0, Lo: 0, Hi: 2.1e-4, Confidence: 0.95, Demanded: "at most 0.01", DemandLo: -inf, DemandHi: 0.01,
		Verdict: results.Inconclusive, Metric: "max_u", Over: "width", Constant: results.Missing,
	}
	sharper := bound
	sharper.Theorem, sharper.Statement = "T1′", "T1′ bounds the largest entry of the error."
	for _, r := range run.Records {
		if r.Method == "spfq" && math.IsInf(float64(r.Bits), 1) {
			bound.Bounds = append(bound.Bounds, results.Bound{Identity: r.Identity, Measured: r.MaxError, Bound: 25 * r.MaxError})
			sharper.Bounds = append(sharper.Bounds, results.Bound{Identity: r.Identity, Measured: r.MaxError, Bound: 7 * r.MaxError})
		}
	}
	bound.Trials, sharper.Trials = len(bound.Bounds), len(sharper.Bounds)
	run.Claims = append(run.Claims, bound, sharper)
	return run
}

// fullRun has records, searches and claims, and so everything that a report of a
// complete run can show.
func fullRun() Run { return withClaims(withSearches(synthetic(fullSweep), fullSweep)) }
