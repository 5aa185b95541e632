// run.go runs what is left of a plan in parallel and stores the records.

package experiments

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"spfq/experiments/plan"
	"spfq/internal/pool"
	"spfq/results"
	"spfq/sim"
)

// Progress is how far a run is.
type Progress struct {
	Done, Total int       // numbers of tasks
	Cost        float64   // share of this session's estimated work that is done, from 0 to 1
	Failed      []Failure // what failed in the task that was just done
	Task        plan.Task // the task that was just done
}

// Failure is a variant, or a search, that failed on a trial.
type Failure struct {
	results.Identity
	Error string
}

// ErrFailFast says that a run was stopped by its first failure.
var ErrFailFast = errors.New("stopped at the first failure, as --fail-fast asks; what is done is kept")

// run runs what the survey found missing of the plan's tasks, on ex.Workers workers,
// and appends records to the store as tasks finish. Settings are run one after the
// other, the one with the largest task first. Records name the session that made them.
// A variant that fails leaves a record that says so. The error returned is ctx's, the
// store's or ErrFailFast.
func (e *Experiment) run(ctx context.Context, ex Execution, s *plan.Survey, store *results.Store, session *session) error {
	works := s.Works(ex.Rerun)
	var total, finished float64
	count := e.TaskCount()
	for _, w := range works {
		total += w.Total
		count -= w.Tasks
	}
	if ex.Started != nil {
		ex.Started(count, e.TaskCount())
	}
	slices.SortStableFunc(works, func(a, b plan.SettingWork) int { return cmp.Compare(b.Most, a.Most) })

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	workerPool := pool.New(ex.Workers)
	queue := make(chan plan.Work)
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range ex.Workers {
		wg.Go(func() {
			for w := range queue {
				var records []results.Record
				var searches []results.Search
				var err error
				if stopped := workerPool.Run(ctx, func() { records, searches, err = e.runTask(ctx, workerPool, w, session) }); stopped != nil {
					err = stopped
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
				finished += w.Cost(e.Plan)
				failed := failures(records, searches)
				if ex.Progress != nil {
					ex.Progress(Progress{Done: count, Total: e.TaskCount(), Cost: finished / total, Failed: failed, Task: w.Task})
				}
				if ex.FailFast && len(failed) > 0 {
					cancel(ErrFailFast)
				}
				mu.Unlock()
			}
		})
	}
feed:
	for _, c := range works {
		if c.Tasks == 0 {
			continue
		}
		for t := range e.Spec.Trials {
			w := s.Work(plan.Task{Setting: c.Setting, Trial: t}, ex.Rerun)
			if w.Empty() {
				continue
			}
			select {
			case queue <- w:
			case <-ctx.Done():
				break feed
			}
		}
	}
	close(queue)
	wg.Wait()
	return context.Cause(ctx)
}

// failures lists the records and searches that failed.
func failures(records []results.Record, searches []results.Search) []Failure {
	var out []Failure
	for _, r := range records {
		if r.Error != "" {
			out = append(out, Failure{r.Identity, r.Error})
		}
	}
	for _, s := range searches {
		if s.Error != "" {
			out = append(out, Failure{s.Identity, "search for the bits needed: " + s.Error})
		}
	}
	return out
}

// runTask runs what is to be run of a task, and fills in the provenance of its records
// and searches.
func (e *Experiment) runTask(ctx context.Context, workers *pool.Pool, w plan.Work, session *session) ([]results.Record, []results.Search, error) {
	setting := &e.Settings[w.Setting]
	variants, searches := make([]plan.Variant, len(w.Variants)), make([]plan.Search, len(w.Searches))
	for i, v := range w.Variants {
		variants[i] = setting.Variants[v]
	}
	for i, s := range w.Searches {
		searches[i] = setting.Searches[s]
	}
	records, found, err := runInstance(ctx, workers, instance{e.Instance(w.Task), func(v plan.Variant) results.Identity { return e.Identity(w.Task, v) }}, variants, searches, session.panicked)
	for i := range records {
		records[i].Provenance = results.Provenance{Manifest: session.hash(), Key: e.RecordKey(w.Task, w.Variants[i])}
	}
	for i := range found {
		found[i].Provenance = results.Provenance{Manifest: session.hash(), Key: e.SearchKey(w.Task, w.Searches[i])}
	}
	return records, found, err
}

// runNetwork is sim.Run; tests replace it to make mistakes happen.
var runNetwork = sim.Run

// instance is what a task draws, with a function that returns the identity of a
// variant's record on it.
type instance struct {
	sim.Instance
	identity func(plan.Variant) results.Identity
}

// runInstance runs variants and searches on one instance. A panic is a mistake of this
// program, but only the instance fails: panicked makes an error of the panic and its
// stack, which becomes the error of all records and searches of the instance.
func runInstance(ctx context.Context, workers *pool.Pool, in instance, vs []plan.Variant, ss []plan.Search, panicked func(*pool.Panic) error) (records []results.Record, searches []results.Search, err error) {
	defer func() {
		if p := pool.Recovered(recover()); p != nil {
			failed := panicked(p)
			records, searches, err = nil, nil, nil
			for _, v := range vs {
				records = append(records, newRecord(in, v, sim.Failed(in.Instance, failed)))
			}
			for _, s := range ss {
				searches = append(searches, failedSearch(in, s, failed))
			}
		}
	}()
	variants := make([]sim.Variant, len(vs))
	for i, v := range vs {
		variants[i] = v.Sim
	}
	var rs []sim.Result
	if len(variants) > 0 {
		if rs, err = runNetwork(ctx, workers, in.Instance, variants, sim.Options{}); err != nil {
			return nil, nil, err
		}
	}
	for i, v := range vs {
		records = append(records, newRecord(in, v, rs[i]))
	}
	for _, s := range ss {
		var infinite *sim.Result
		if i := slices.IndexFunc(variants, func(v sim.Variant) bool { v.Certify = false; return v == s.Sim }); i >= 0 && rs[i].Err == nil {
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

// Interrupted reports whether an error of a run means that it was told to stop.
func Interrupted(err error) bool { return errors.Is(err, context.Canceled) }
