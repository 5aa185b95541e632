// search.go searches for the smallest K whose error is within a factor of the
// infinite alphabet's, on one instance.

package experiments

import (
	"context"
	"math"
	"time"

	"spfq/experiments/plan"
	"spfq/internal/pool"
	"spfq/quant"
	"spfq/results"
	"spfq/sim"
)

// searchBits searches on an instance. infinite is the result of the variant with the
// infinite alphabet, or nil if it is not known yet. All evaluations use the same random
// draws, those of the rounding included, so that a K at which nothing is clipped has
// exactly the infinite alphabet's error.
//
// The error at the K found is within the factor, and at K − 1 it is not. Since the
// error need not fall with every step of K, a still smaller K may be within the factor
// by chance; the search does not look for it.
func searchBits(ctx context.Context, p *pool.Pool, in instance, s plan.Search, infinite *sim.Result) (results.Search, error) {
	start := time.Now()
	out := newSearch(in, s)
	drawn := in.Instance
	drawn.Data.Test = 0 // no search looks at held-out samples
	evaluations := 0    // number of finite K tried
	var failed error    // why an evaluation failed, unless the reason is ctx's error
	evaluate := func(k int) (sim.Result, error) {
		variant := s.Sim
		variant.Alphabet.K = k
		if k > 0 { // the infinite alphabet is not counted, since its result may be known before
			evaluations++
		}
		rs, err := sim.Run(ctx, p, drawn, []sim.Variant{variant}, sim.Options{})
		if err != nil {
			return sim.Result{}, err
		}
		if rs[0].Err != nil {
			failed = rs[0].Err
			return sim.Result{}, failed
		}
		return rs[0], nil
	}
	fail := func(err error) (results.Search, error) {
		if err == failed {
			return failedSearch(in, s, err), nil
		}
		return out, err
	}

	if infinite == nil {
		r, err := evaluate(0)
		if err != nil {
			return fail(err)
		}
		infinite = &r
	}
	out.ErrorInf = infinite.RelSqError
	first, firstBits := freeK(infinite.Layers[0].MaxV)
	free, freeBits := freeK(infinite.MaxV)
	out.FirstFreeK, out.FirstBits = results.Count(first), firstBits
	out.FreeK, out.FreeBits = results.Count(free), freeBits

	within := results.Num(s.Factor * float64(infinite.RelSqError))
	measured := map[int]results.Num{free: infinite.RelSqError} // at free nothing is clipped
	passes := func(k int) (bool, error) {
		if _, ok := measured[k]; !ok {
			r, err := evaluate(k)
			if err != nil {
				return false, err
			}
			measured[k] = r.RelSqError
		}
		return measured[k] <= within, nil
	}
	// Weights of variance 1 rarely need levels beyond three standard deviations.
	k, err := smallest(int(math.Ceil(3/s.Sim.Alphabet.Step)), free, passes)
	if err != nil {
		return fail(err)
	}
	out.NeededK, out.NeededBits = results.Count(k), results.Num(quant.Alphabet{Step: s.Sim.Alphabet.Step, K: k}.Bits())
	out.NeededError = measured[k]
	out.Evaluations = results.Count(evaluations)
	out.Seconds = results.Num(time.Since(start).Seconds())
	return out, nil
}

// freeK returns the least K at which no v with |v|/δ up to maxV is clipped, and its bits
// log2(2K+1).
func freeK(maxV results.Num) (int, results.Num) {
	k := max(1, int(math.Ceil(min(float64(maxV), 1<<40))))
	return k, results.Num(quant.Alphabet{Step: 1, K: k}.Bits())
}

// smallest returns a k in [1, hi] that passes while k − 1 does not. It takes for granted
// that hi passes and that 0 does not. From guess it moves in steps that double, until
// the k sought lies between two values tried; then it bisects.
func smallest(guess, hi int, passes func(int) (bool, error)) (int, error) {
	lo := 0
	k, stride, down := min(max(guess, 1), hi), 1, false
	for hi-lo > 1 {
		if k <= lo || k >= hi {
			k = lo + (hi-lo)/2
		}
		ok, err := passes(k)
		if err != nil {
			return 0, err
		}
		if ok {
			hi = k
		} else {
			lo = k
		}
		if stride > 1 && ok != down { // the k sought lies between the last two values: bisect
			k = 0
			continue
		}
		down = ok
		if ok {
			k -= stride
		} else {
			k += stride
		}
		stride *= 2
	}
	return hi, nil
}
