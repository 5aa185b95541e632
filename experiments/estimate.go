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

// machineMemory is what this process may use; tests have machines of their own.
var machineMemory = results.Memory

const (
	// baseMemory is what runexp takes beside what grows with the run: code,
	// fonts and the picture being drawn.
	baseMemory = 64 << 20
	// A record in memory, and a layer of it: their structs and texts, rounded up.
	recordBytes, layerBytes = 3 << 10, 512
)

// memory returns the bytes that running what is left of a plan takes at its
// peak: of the tasks that can be under way at once the largest, what idle
// workers add to those, and all records.
func (e *Experiment) memory(s *plan.Survey, rerun plan.Rerun, workers int) int64 {
	type need struct {
		tasks       int
		one, helper float64 // of a task on one worker; of each further worker
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
	sum, free := baseMemory+rows, workers
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
	return int64(min(sum, sim.MaxMemory))
}

// memoryOf returns what a trial of a setting takes on one worker, and what each
// further worker adds, if the given instance is drawn of it.
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

// checkMemory refuses a plan that does not fit into memory.
func (e *Experiment) checkMemory(s *plan.Survey, ex Execution) error {
	have := machineMemory()
	need := e.memory(s, ex.Rerun, ex.Workers)
	if have == 0 || need <= have {
		return nil
	}
	fits := sort.Search(ex.Workers-1, func(w int) bool { return e.memory(s, ex.Rerun, w+1) > have }) // workers that would
	advice := "not even one worker has room: choose smaller networks, fewer samples or fewer variants"
	if fits > 0 {
		advice = fmt.Sprintf("--workers %d has room", fits)
	}
	return usagef("%s: does not fit into memory: needs about %s on %d workers, and there is %s; %s", e.Spec.Name, Bytes(need), ex.Workers, Bytes(have), advice)
}

// limitMemory has the garbage collector keep to what the run was foreseen to
// take, and half of that for what it has not found yet, unless GOMEMLIMIT says
// otherwise. The function returned takes that back.
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

// rates are seconds an operation as Cost counts them.
type rates struct {
	variants map[plan.Variant]*rate
	searches map[plan.Search]*rate
	draw     rate // of what all variants share
	all      rate
}

type rate struct{ seconds, cost float64 }

func (r *rate) add(seconds results.Num, cost float64) {
	if s := float64(seconds); s > 0 {
		r.seconds, r.cost = r.seconds+s, r.cost+cost
	}
}

// per returns the rate, or that of another where nothing was measured.
func (r *rate) per(other rate) float64 {
	if r == nil || r.cost == 0 {
		return other.seconds / other.cost
	}
	return r.seconds / r.cost
}

func newRates() *rates {
	return &rates{variants: map[plan.Variant]*rate{}, searches: map[plan.Search]*rate{}}
}

func (r *rates) record(in sim.Instance, v plan.Variant, seconds results.Num) {
	if r.variants[v] == nil {
		r.variants[v] = &rate{}
	}
	cost := v.Cost(in)
	r.variants[v].add(seconds, cost)
	r.all.add(seconds, cost)
}

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

// known returns the rates of what a folder holds of a plan; ok is false if that
// is nothing.
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

// The quick measurement goes on to networks twice as wide while the next one
// would take less than this.
const measurePatience = 500 * time.Millisecond

// maxMeasurement ends a measurement that takes unlooked-for long.
const maxMeasurement = 20 * time.Second

// measure runs the dearest setting with work to do, of reduced width, once: nothing
// is kept of it. ok is false if not even that was done in time.
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
		in.Samples = min(in.Samples, max(width, in.Samples*width/widest)) // as a rule, fewer than inputs
		in.Data.Test = min(in.Data.Test, max(width, in.Data.Test*width/widest))
		if one, _ := memoryOf(setting, in); machineMemory() > 0 && one+baseMemory > machineMemory() {
			return r, time.Since(begin), r != nil
		}
		var records []results.Record
		var searches []results.Search
		var err error
		start := time.Now()
		if e := workers.Run(ctx, func() {
			// Nothing is kept of a panic: the run will meet it again.
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
		if r.all.cost == 0 { // all failed
			small := *setting
			small.Instance = in
			r.all = rate{wall, small.Cost(numbers(len(small.Variants)), numbers(len(small.Searches)))}
		}
		if width == widest || 4*wall > measurePatience.Seconds() {
			return r, time.Since(begin), true
		}
	}
}

func numbers(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// timeLeft estimates how long what is left takes on one worker, in seconds.
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

// atOnce is how many workers really work at once.
func atOnce(workers int) float64 { return float64(min(workers, runtime.GOMAXPROCS(0))) }
