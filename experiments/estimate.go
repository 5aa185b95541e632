// estimate.go foresees the memory and the time that a run takes.

package experiments

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"sort"
	"time"

	"spfq/experiments/plan"
	"spfq/internal/pool"
	"spfq/results"
	"spfq/sim"
)

// machineMemory returns the bytes of memory that this process may use; tests replace it
// to stand for other machines.
var machineMemory = results.Memory

const (
	// baseMemory is the bytes that runexp takes whatever the size of the run: for
	// code, fonts and the figure being drawn.
	baseMemory = 64 << 20
	// recordBytes and layerBytes are the bytes that a record and each of its layers
	// take in memory, structs and texts, rounded up.
	recordBytes, layerBytes = 3 << 10, 512
)

// memoryParts returns the bytes that running what is left of a plan takes at its peak,
// in two parts: those of all records, with what runexp takes in any case; and those of
// the networks, which are the largest tasks that can be under way at once and what each
// worker that has no task of its own adds by helping.
func (e *Experiment) memoryParts(s *plan.Survey, rerun plan.Rerun, workers int) (records, networks int64) {
	type need struct {
		tasks       int
		one, helper float64 // bytes of a task on one worker, and of each further worker
	}
	var needs []need
	rows := 0.0
	for _, w := range s.Works(rerun) {
		setting := &e.Settings[w.Setting]
		rows += float64(setting.Slots()) * float64(e.Spec.Trials) * float64(recordBytes+layerBytes*setting.Layers)
		if w.Tasks == 0 {
			continue
		}
		n := need{tasks: w.Tasks}
		one, helper := memoryOf(setting, setting.Instance)
		n.one, n.helper = float64(one), float64(helper)
		needs = append(needs, n)
	}
	slices.SortStableFunc(needs, func(a, b need) int { return cmp.Compare(b.one, a.one) })
	sum, free := 0.0, workers
	for _, n := range needs {
		tasks := min(n.tasks, free)
		sum += n.one * float64(tasks)
		if free -= tasks; free == 0 {
			break
		}
	}
	if len(needs) > 0 {
		sum += float64(free) * needs[0].helper
	}
	return int64(min(baseMemory+rows, sim.MaxMemory)), int64(min(sum, sim.MaxMemory))
}

// memory is all that memoryParts returns.
func (e *Experiment) memory(s *plan.Survey, rerun plan.Rerun, workers int) int64 {
	records, networks := e.memoryParts(s, rerun, workers)
	return min(records+networks, sim.MaxMemory)
}

// memoryOf returns the bytes that a trial of a setting takes on one worker, and those
// that each further worker adds, if the given instance is what it draws.
func memoryOf(setting *plan.Setting, in sim.Instance) (one, helper int64) {
	measure := func(vs []sim.Variant) {
		a := sim.Memory(in, vs, 1)
		one, helper = max(one, a), max(helper, sim.Memory(in, vs, 2)-a)
	}
	vs := make([]sim.Variant, len(setting.Variants))
	for i, v := range setting.Variants {
		vs[i] = v.Sim
	}
	measure(vs)
	for _, s := range setting.Searches {
		measure([]sim.Variant{s.Sim})
	}
	return one, helper
}

// checkMemory refuses, as a *UsageError, a plan that does not fit into memory.
func (e *Experiment) checkMemory(s *plan.Survey, ex Execution) error {
	have := machineMemory()
	need := e.memory(s, ex.Rerun, ex.Workers)
	if have == 0 || need <= have {
		return nil
	}
	// fits is the number of workers on which it would fit.
	fits := sort.Search(ex.Workers-1, func(w int) bool { return e.memory(s, ex.Rerun, w+1) > have })
	advice := fmt.Sprintf("--workers %d has room", fits)
	if fits == 0 {
		records, networks := e.memoryParts(s, ex.Rerun, 1)
		switch {
		case records > have:
			advice = fmt.Sprintf("the records alone take %s: choose fewer trials, settings or variants", Bytes(records))
		case networks > have || networks > records:
			advice = fmt.Sprintf("not even one worker has room, since a trial takes %s: choose smaller networks, fewer samples or fewer variants", Bytes(networks))
		default:
			advice = fmt.Sprintf("not even one worker has room, since the records take %s and a trial %s: choose fewer trials, settings or variants", Bytes(records), Bytes(networks))
		}
	}
	return usagef("%s: does not fit into memory: needs about %s on %d workers, and there is %s; %s", e.Spec.Name, Bytes(need), ex.Workers, Bytes(have), advice)
}

// limitMemory tells the garbage collector to keep to half as much again as the run was
// foreseen to take, the half being for garbage that it has not found yet. If GOMEMLIMIT
// is set, it does nothing. The function returned restores the former limit.
func (e *Experiment) limitMemory(s *plan.Survey, ex Execution) (release func()) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	need := e.memory(s, ex.Rerun, ex.Workers)
	old := debug.SetMemoryLimit(max(256<<20, need+need/2))
	return func() { debug.SetMemoryLimit(old) }
}

// Bytes formats a number of bytes for reading.
func Bytes(n int64) string {
	if n < 1<<30 {
		return fmt.Sprintf("%d MiB", (n+1<<20-1)>>20)
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
}

// rates are the seconds that an operation takes, as the Cost of a variant or search
// counts operations.
type rates struct {
	variants map[plan.Variant]*rate
	searches map[plan.Search]*rate
	draw     rate // of drawing an instance, which its variants share
	all      rate // of all variants and searches together
}

// rate is seconds and the operations that took them.
type rate struct{ seconds, cost float64 }

// add adds a measurement. A time that is missing or 0 is left out.
func (r *rate) add(seconds results.Num, cost float64) {
	if s := float64(seconds); s > 0 {
		r.seconds, r.cost = r.seconds+s, r.cost+cost
	}
}

// per returns the seconds per operation, or those of another rate if nothing was
// measured for this one.
func (r *rate) per(other rate) float64 {
	if r == nil || r.cost == 0 {
		return other.seconds / other.cost
	}
	return r.seconds / r.cost
}

func newRates() *rates {
	return &rates{variants: map[plan.Variant]*rate{}, searches: map[plan.Search]*rate{}}
}

// record adds the time of a variant on an instance.
func (r *rates) record(in sim.Instance, v plan.Variant, seconds results.Num) {
	if r.variants[v] == nil {
		r.variants[v] = &rate{}
	}
	cost := v.Cost(in)
	r.variants[v].add(seconds, cost)
	r.all.add(seconds, cost)
}

// search adds the time of a search on an instance.
func (r *rates) search(in sim.Instance, s plan.Search, seconds results.Num) {
	if r.searches[s] == nil {
		r.searches[s] = &rate{}
	}
	r.searches[s].add(seconds, s.Cost(in))
	r.all.add(seconds, s.Cost(in))
}

// seconds estimates how long some of a setting's variants and searches, by number,
// take on one worker.
func (r *rates) seconds(setting *plan.Setting, variants, searches []int) float64 {
	var sum float64
	for _, v := range variants {
		sum += setting.Variants[v].Cost(setting.Instance) * r.variants[setting.Variants[v]].per(r.all)
	}
	for _, s := range searches {
		sum += setting.Searches[s].Cost(setting.Instance) * r.searches[setting.Searches[s]].per(r.all)
	}
	if len(variants) > 0 {
		sum += sim.DrawCost(setting.Instance) * r.draw.per(r.all)
	}
	return sum
}

// known returns the rates of the records that a folder holds of a plan; ok is false if
// it holds none.
func known(s *plan.Survey, held *results.Held) (r *rates, ok bool) {
	r = newRates()
	for i, slots := range s.Rows {
		setting := &s.Plan.Settings[i]
		for slot, rows := range slots {
			for _, row := range rows {
				switch {
				case row.State != plan.StateDone:
				case slot < len(setting.Variants):
					r.record(setting.Instance, setting.Variants[slot], held.Records[row.Line].Seconds)
				default:
					r.search(setting.Instance, setting.Searches[slot-len(setting.Variants)], held.Searches[row.Line].Seconds)
				}
			}
		}
	}
	return r, r.all.cost > 0
}

// measurePatience says when a measurement ends: it goes on to a network twice as wide
// as long as that is expected to take less time than this.
const measurePatience = 500 * time.Millisecond

// maxMeasurement is the time after which a measurement is stopped.
const maxMeasurement = 20 * time.Second

// measure runs one trial of the setting that has the task of the highest cost, with its
// sizes reduced, and again with larger sizes as long as there is time. It keeps no
// record. ok is false if not even the smallest network was done in time or fits into
// memory.
func (e *Experiment) measure(ctx context.Context, works []plan.SettingWork) (r *rates, took time.Duration, ok bool) {
	dearest := slices.MaxFunc(works, func(a, b plan.SettingWork) int { return cmp.Compare(a.Most, b.Most) })
	setting := &e.Settings[dearest.Setting]
	ctx, cancel := context.WithTimeout(ctx, maxMeasurement)
	defer cancel()
	workers := pool.New(1)
	begin := time.Now()
	widest := slices.Max(setting.Instance.Widths)
	for width := min(64, widest); ; width = min(2*width, widest) {
		in := setting.Instance
		in.Widths = slices.Clone(in.Widths[:min(len(in.Widths), 4)])
		for i := range in.Widths {
			in.Widths[i] = min(in.Widths[i], width)
		}
		in.Dimension = min(in.Dimension, in.Widths[0])
		in.Samples = min(in.Samples, max(width, in.Samples*width/widest)) // at most as many as inputs, unless the setting itself has more
		in.Data.Test = min(in.Data.Test, max(width, in.Data.Test*width/widest))
		if one, _ := memoryOf(setting, in); machineMemory() > 0 && one+baseMemory > machineMemory() {
			return r, time.Since(begin), r != nil
		}
		var records []results.Record
		var searches []results.Search
		var err error
		start := time.Now()
		if e := workers.Run(ctx, func() {
			// The stack of a panic is not kept, since the run will meet the panic again.
			panicked := func(p *pool.Panic) error { return fmt.Errorf("internal error: %w", p) }
			nobody := func(plan.Variant) results.Identity { return results.Blank() }
			records, searches, err = runInstance(ctx, workers, instance{in, nobody}, setting.Variants, setting.Searches, panicked)
		}); e != nil || err != nil {
			return r, time.Since(begin), r != nil
		}
		wall := time.Since(start).Seconds()
		r = newRates()
		own := 0.0
		add := func(seconds results.Num) {
			if seconds > 0 {
				own += float64(seconds)
			}
		}
		for i, rec := range records {
			r.record(in, setting.Variants[i], rec.Seconds)
			add(rec.Seconds)
		}
		for i, s := range searches {
			r.search(in, setting.Searches[i], s.Seconds)
			add(s.Seconds)
		}
		r.draw.add(results.Num(math.Max(0, wall-own)), sim.DrawCost(in))
		if r.all.cost == 0 { // every variant and search failed
			small := *setting
			small.Instance = in
			r.all = rate{wall, small.Cost(numbers(len(small.Variants)), numbers(len(small.Searches)))}
		}
		if width == widest || 4*wall > measurePatience.Seconds() {
			return r, time.Since(begin), true
		}
	}
}

// numbers lists the numbers from 0 to n − 1.
func numbers(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// timeLeft estimates the seconds that what is left to run takes on one worker.
func timeLeft(s *plan.Survey, r *rates, rerun plan.Rerun) float64 {
	var sum float64
	for _, w := range s.Works(rerun) {
		setting := &s.Plan.Settings[w.Setting]
		seen := s.Seen(w.Setting)
		for t := range seen {
			one := s.Work(plan.Task{Setting: w.Setting, Trial: t}, rerun)
			sum += r.seconds(setting, one.Variants, one.Searches)
		}
		if rest := s.Plan.Spec.Trials - seen; rest > 0 {
			one := s.Work(plan.Task{Setting: w.Setting, Trial: seen}, rerun)
			sum += float64(rest) * r.seconds(setting, one.Variants, one.Searches)
		}
	}
	return sum
}

// atOnce returns the number of workers that can work at once on this machine.
func atOnce(workers int) float64 { return float64(min(workers, runtime.GOMAXPROCS(0))) }
