// run.go runs what is left of a plan in parallel and stores the records.

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
	Failed      []Failure
	Task        Task
}

// Failure is a variant, or a search, that failed on a trial.
type Failure struct {
	results.Identity
	Error string
}

// ErrFailFast says that a run was stopped by its first failure.
var ErrFailFast = errors.New("stopped at the first failure, as --fail-fast asks; what is done is kept")

// run runs the tasks of the plan as far as the survey finds them missing, on
// the given number of workers, largest first, and appends their records to the
// store as they finish; they name session as their maker. A task that fails
// leaves records that say so; the error returned is ctx's, the store's or
// ErrFailFast.
func (p *Plan) run(ctx context.Context, ex Execution, s *survey, store *results.Store, session string) error {
	cells := s.works(ex.Rerun)
	var total, finished float64
	count := p.TaskCount()
	for _, c := range cells {
		total += c.total
		count -= c.tasks
	}
	if ex.Started != nil {
		ex.Started(count, p.TaskCount())
	}
	slices.SortStableFunc(cells, func(a, b cellWork) int { return cmp.Compare(b.most, a.most) })

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	workerPool := pool.New(ex.Workers)
	queue := make(chan work)
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range ex.Workers {
		wg.Go(func() {
			for w := range queue {
				var records []results.Record
				var searches []results.Search
				var err error
				if e := workerPool.Run(ctx, func() { records, searches, err = p.runTask(ctx, workerPool, w, session) }); e != nil {
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
				finished += w.cost(p)
				failed := failures(records, searches)
				if ex.Progress != nil {
					ex.Progress(Progress{Done: count, Total: p.TaskCount(), Cost: finished / total, Failed: failed, Task: w.Task})
				}
				if ex.FailFast && len(failed) > 0 {
					cancel(ErrFailFast)
				}
				mu.Unlock()
			}
		})
	}
feed:
	for _, c := range cells {
		if c.tasks == 0 {
			continue
		}
		for t := range p.Config.Trials {
			w := s.work(Task{c.cell, t}, ex.Rerun)
			if w.empty() {
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

// runTask runs what is to be run of a task and signs the records.
func (p *Plan) runTask(ctx context.Context, workers *pool.Pool, w work, session string) ([]results.Record, []results.Search, error) {
	cell := &p.Cells[w.Cell]
	variants, searches := make([]Variant, len(w.variants)), make([]SearchVariant, len(w.searches))
	for i, v := range w.variants {
		variants[i] = cell.Variants[v]
	}
	for i, s := range w.searches {
		searches[i] = cell.Searches[s]
	}
	records, found, err := runInstance(ctx, workers, p.Instance(w.Task), variants, searches)
	for i := range records {
		records[i].Provenance = results.Provenance{Manifest: session,
			Key: p.recordKey(w.Task, cell.variants[w.variants[i]], variants[i].Certify)}
	}
	for i := range found {
		found[i].Provenance = results.Provenance{Manifest: session, Key: p.searchKey(w.Task, cell.searches[w.searches[i]])}
	}
	return records, found, err
}

// runInstance runs variants and searches on one instance. A panic is a mistake
// of this program, and still only the instance's failure: it becomes the error
// of its records.
func runInstance(ctx context.Context, workers *pool.Pool, in sim.Instance, vs []Variant, ss []SearchVariant) (records []results.Record, searches []results.Search, err error) {
	defer func() {
		if p := pool.Recovered(recover()); p != nil {
			failed := fmt.Errorf("internal error: %w", p) // its stack is in the *pool.Panic
			records, searches, err = nil, nil, nil
			for _, v := range vs {
				records = append(records, newRecord(in, v, sim.Failed(in, failed)))
			}
			for _, s := range ss {
				searches = append(searches, failedSearch(in, s, failed))
			}
		}
	}()
	variants := make([]sim.Variant, len(vs))
	for i, v := range vs {
		variants[i] = v.Variant
	}
	var rs []sim.Result
	if len(variants) > 0 {
		if rs, err = sim.Run(ctx, workers, in, variants, sim.Options{}); err != nil {
			return nil, nil, err
		}
	}
	for i, v := range vs {
		records = append(records, newRecord(in, v, rs[i]))
	}
	for _, s := range ss {
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

// Interrupted reports whether an error of a run means that it was asked to
// stop.
func Interrupted(err error) bool { return errors.Is(err, context.Canceled) }
