// run.go runs the tasks of a plan in parallel and stores their records.

package experiments

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"spfq/internal/pool"
	"spfq/results"
	"spfq/sim"
)

// AlgorithmVersion is raised by any change that moves a result by more than
// the order of a summation. Runs of different versions are never mixed.
const AlgorithmVersion = 1

// Progress is how far a run is.
type Progress struct {
	Done, Total int     // tasks
	Cost        float64 // share of the estimated work that is done, 0 to 1, of this session
	Failed      []results.Record
	Task        Task
}

// Run runs the tasks of the plan that store-d records do not hold yet, on the
// given number of workers, largest first, and appends their records to the
// store as they finish. progress, if set, is called after each task, one call
// at a time. A task that fails leaves records that say so; the error returned
// is ctx's or the store's.
func (p *Plan) Run(ctx context.Context, workers int, done map[Task]bool, store *results.Store, progress func(Progress)) error {
	var tasks []Task
	var total, finished float64
	all := p.Tasks()
	for _, t := range all {
		if !done[t] {
			tasks = append(tasks, t)
			total += p.Cost(t)
		}
	}
	slices.SortStableFunc(tasks, func(a, b Task) int { return cmp.Compare(p.Cost(b), p.Cost(a)) })

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	workerPool := pool.New(workers)
	queue := make(chan Task)
	var wg sync.WaitGroup
	var mu sync.Mutex
	count := len(all) - len(tasks)
	for range workers {
		wg.Go(func() {
			for t := range queue {
				var records []results.Record
				var searches []results.Search
				var err error
				if e := workerPool.Run(ctx, func() { records, searches, err = p.runTask(ctx, workerPool, t) }); e != nil {
					err = e
				}
				if err == nil {
					err = store.Append(records, searches)
				}
				if err != nil {
					cancel(err)
					return
				}
				mu.Lock()
				count++
				finished += p.Cost(t)
				if progress != nil {
					progress(Progress{Done: count, Total: len(all), Cost: finished / total, Failed: failures(records), Task: t})
				}
				mu.Unlock()
			}
		})
	}
feed:
	for _, t := range tasks {
		select {
		case queue <- t:
		case <-ctx.Done():
			break feed
		}
	}
	close(queue)
	wg.Wait()
	return context.Cause(ctx)
}

func failures(records []results.Record) []results.Record {
	var out []results.Record
	for _, r := range records {
		if r.Error != "" {
			out = append(out, r)
		}
	}
	return out
}

// runTask runs all variants and searches of a plan on one instance. A panic is
// a mistake of this program, and still only the task's failure: it becomes the
// error of its records.
func (p *Plan) runTask(ctx context.Context, workers *pool.Pool, t Task) (records []results.Record, searches []results.Search, err error) {
	in := p.Instance(t)
	defer func() {
		if v := recover(); v != nil {
			failed := fmt.Errorf("internal error: %v", v)
			records, searches, err = nil, nil, nil
			for _, v := range p.Variants {
				records = append(records, failedRecord(in, v, failed))
			}
			for _, s := range p.Searches {
				searches = append(searches, results.Search{Identity: identity(in, s.Variant), Factor: results.Num(s.Factor), Error: failed.Error()})
			}
		}
	}()
	variants := make([]sim.Variant, len(p.Variants))
	for i, v := range p.Variants {
		variants[i] = v.Variant
	}
	rs, err := sim.Run(ctx, workers, in, variants, sim.Options{})
	if err != nil {
		return nil, nil, err
	}
	for i, v := range p.Variants {
		records = append(records, newRecord(in, v, rs[i]))
	}
	for _, s := range p.Searches {
		var infinite *sim.Result
		if i := slices.IndexFunc(variants, func(v sim.Variant) bool { v.Certify = false; return v == s.Variant.Variant }); i >= 0 && rs[i].Err == nil {
			infinite = &rs[i]
		}
		search, err := searchBits(ctx, workers, in, s, infinite)
		if err != nil {
			return nil, nil, err
		}
		searches = append(searches, search)
	}
	return records, searches, nil
}

// Done reports which tasks the given records and searches complete: every
// variant and search of the plan once, whole, none failed, and nothing else.
func (p *Plan) Done(records []results.Record, searches []results.Search) map[Task]bool {
	tasks := p.taskIndex()
	wanted := map[string]bool{}
	for _, v := range p.Variants {
		id := identity(p.Cells[0], v)
		wanted[fmt.Sprint(variantKey(&id))] = true
	}
	for _, v := range p.Searches {
		id := identity(p.Cells[0], v.Variant)
		wanted[fmt.Sprint(variantKey(&id), v.Factor)] = true
	}
	seen := map[Task]map[string]bool{}
	spoiled := map[Task]bool{}
	note := func(id *results.Identity, key string, whole bool) {
		t, ok := tasks[taskKey(id)]
		if !ok {
			return
		}
		if seen[t] == nil {
			seen[t] = map[string]bool{}
		}
		spoiled[t] = spoiled[t] || !whole || !wanted[key] || seen[t][key]
		seen[t][key] = true
	}
	for i := range records {
		r := &records[i]
		note(&r.Identity, fmt.Sprint(variantKey(&r.Identity)), r.Error == "" && len(r.PerLayer) == r.Layers)
	}
	for i := range searches {
		s := &searches[i]
		note(&s.Identity, fmt.Sprint(variantKey(&s.Identity), float64(s.Factor)), s.Error == "")
	}
	done := map[Task]bool{}
	for t, keys := range seen {
		done[t] = !spoiled[t] && len(keys) == len(wanted)
	}
	return done
}

// Task returns the task that a record or search belongs to.
func (p *Plan) taskIndex() map[results.Identity]Task {
	index := map[results.Identity]Task{}
	for _, t := range p.Tasks() {
		id := identity(p.Instance(t), p.Variants[0])
		index[taskKey(&id)] = t
	}
	return index
}

// taskKey is the part of an identity that tells tasks apart.
func taskKey(id *results.Identity) results.Identity {
	key := results.Identity{
		Width: id.Width, Widths: id.Widths, Layers: id.Layers, Weights: id.Weights, Biases: id.Biases,
		Activation: id.Activation, Source: id.Source, Dimension: id.Dimension, Noise: id.Noise,
		Samples: id.Samples, TestSamples: id.TestSamples, Trial: id.Trial, Seed: id.Seed,
	}
	if key.Noise.IsMissing() {
		key.Noise = -1 // NaN is no key: it differs from itself
	}
	return key
}

// Sort puts records and searches into the order of the plan: cell, variant,
// trial.
func (p *Plan) Sort(records []results.Record, searches []results.Search) {
	tasks := p.taskIndex()
	variants := map[results.Identity]int{}
	for i, v := range p.Variants {
		id := identity(p.Cells[0], v)
		variants[variantKey(&id)] = i
	}
	order := func(a, b *results.Identity) int {
		ta, tb := tasks[taskKey(a)], tasks[taskKey(b)]
		return cmp.Or(cmp.Compare(ta.Cell, tb.Cell), cmp.Compare(variants[variantKey(a)], variants[variantKey(b)]), cmp.Compare(ta.Trial, tb.Trial))
	}
	slices.SortStableFunc(records, func(a, b results.Record) int { return order(&a.Identity, &b.Identity) })
	slices.SortStableFunc(searches, func(a, b results.Search) int {
		return cmp.Or(order(&a.Identity, &b.Identity), cmp.Compare(a.Factor, b.Factor))
	})
}

// variantKey is the part of an identity that tells variants apart.
func variantKey(id *results.Identity) results.Identity {
	key := results.Identity{
		Method: id.Method, Align: id.Align, Feedback: id.Feedback, Rounding: id.Rounding, Order: id.Order,
		Step: id.Step, C: id.C, Quantile: id.Quantile, Bits: id.Bits, Levels: id.Levels, K: id.K, ActivationBits: id.ActivationBits,
	}
	for _, n := range []*results.Num{&key.Step, &key.C, &key.Quantile} {
		if n.IsMissing() {
			*n = -1
		}
	}
	return key
}

// Interrupted reports whether an error of Run means that it was asked to stop.
func Interrupted(err error) bool { return errors.Is(err, context.Canceled) }
