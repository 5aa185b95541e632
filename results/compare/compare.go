// compare.go compares two summaries.

package compare

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"spfq/results"
	"spfq/results/stat"
)

// Comparison is what differs from A to B.
type Comparison struct {
	A        Source   `json:"a"`
	B        Source   `json:"b"`
	Level    float64  `json:"level"`    // significance level of all tests together
	Warnings []string `json:"warnings"` // what makes the two hard to compare

	Claims      []ClaimChange   `json:"claims"` // claims in both; first those whose verdict got worse, then better
	ClaimsOnlyA []results.Claim `json:"claims_only_a"`
	ClaimsOnlyB []results.Claim `json:"claims_only_b"`

	Changes    []Change           `json:"changes"` // one for each metric of each cell in both, in the order of outcomes
	CellsOnlyA []results.Identity `json:"cells_only_a"`
	CellsOnlyB []results.Identity `json:"cells_only_b"`
	Cells      int                `json:"cells"`           // number of cells in both
	Identical  int                `json:"identical_cells"` // how many of these have the same records bit by bit, timings aside
	Fewer      int                `json:"fewer_trials"`    // number of trials that A has and B lacks, in the cells in both
}

// Source describes one side of a comparison, a run or a baseline.
type Source struct {
	Path       string `json:"path"`
	Name       string `json:"name"`
	ConfigHash string `json:"config_hash"`
	Seed       uint64 `json:"seed"`
	Algorithm  int    `json:"algorithm_version"`
	Streams    int    `json:"stream_version"`
	Kernel     string `json:"kernel"`
	Revision   string `json:"revision"`
	Processor  string `json:"processor"`
	Finished   bool   `json:"finished"`
	Baseline   bool   `json:"baseline"` // whether it is a baseline, which has values but no records
	Trials     int    `json:"trials"`   // number of trials in all cells that did not fail
	Failed     int    `json:"failed"`   // number of trials in all cells that failed
}

// ClaimChange is a claim that both sides have, as each judged it.
type ClaimChange struct {
	A results.Claim `json:"a"`
	B results.Claim `json:"b"`
}

// Worse reports whether the verdict got worse.
func (c ClaimChange) Worse() bool { return rank(c.B.Verdict) < rank(c.A.Verdict) }

// Better reports whether the verdict got better.
func (c ClaimChange) Better() bool { return rank(c.B.Verdict) > rank(c.A.Verdict) }

// rank orders verdicts from the worst, 0, to the best, 2. It is -1 for any other
// word.
func rank(verdict string) int {
	return slices.Index([]string{results.Refuted, results.Inconclusive, results.Supported}, verdict)
}

// Outcomes of comparing a metric of a cell.
const (
	Worse     = "worse"          // significantly larger
	Moved     = "moved"          // significantly different, where larger is not worse
	Better    = "better"         // significantly smaller
	Unmoved   = "not changed"    // not significantly different
	Rounded   = "rounding"       // equal within rounding errors
	Identical = "identical"      // equal bit by bit
	Unknown   = "not comparable" // not finite or not measured in some trial of either side
	Few       = "too few trials" // too few for an interval
)

// outcomes are all outcomes, the ones that matter most first.
var outcomes = []string{Worse, Moved, Better, Unknown, Few, Unmoved, Rounded, Identical}

// Change compares a metric of a cell between A and B.
type Change struct {
	results.Identity        // identity of the cell in A; Trial is 0
	Metric           string `json:"metric"`

	MeanA results.Num `json:"mean_a"`
	MeanB results.Num `json:"mean_b"`

	Outcome string      `json:"outcome"`
	Scale   string      `json:"scale"`  // what Value is: "ratio", B/A of geometric means, or "difference", B − A of means
	Value   results.Num `json:"change"` // the change from A to B; missing if it cannot be computed
	Lo      results.Num `json:"lo"`     // Lo and Hi are the ends of the 95% interval of Value
	Hi      results.Num `json:"hi"`
	P       results.Num `json:"p"` // p-value of no change, corrected for all cells and metrics by Holm's method

	Paired bool   `json:"paired"` // whether trials with the same draws were compared in pairs
	Trials int    `json:"trials"` // number of pairs; if unpaired, of trials on both sides together
	Moved  int    `json:"moved"`  // number of pairs that differ by more than rounding errors
	Note   string `json:"note"`   // warnings, and why it is not comparable

	// Irreproducible tells that, between runs of the same seed and versions, more
	// pairs moved than codes flipped by rounding errors explain.
	Irreproducible bool `json:"irreproducible"`

	expected float64 // sum over pairs of the probability that a code flips, estimated from above
}

// neutral are the metrics that are properties of the draws, of which a larger value
// is not worse.
var neutral = []string{"output_sq_norm", "input_sq_norm", "weight_count"}

// Compare compares B with A, in the cells that both have and in the metrics that A
// and B have there. significance is the significance level, in (0, 1), of the tests
// of all means together, and again of all tests of reproduction together: the
// probability that any of them reports a change where nothing changed is at most
// that.
func Compare(a, b Summary, significance float64) Comparison {
	c := Comparison{A: source(a), B: source(b), Level: significance, // empty lists, which JSON would write as null if they were nil
		Claims: []ClaimChange{}, ClaimsOnlyA: []results.Claim{}, Changes: []Change{}, CellsOnlyA: []results.Identity{}, CellsOnlyB: []results.Identity{}}
	c.Warnings = warnings(c.A, c.B)
	c.claims(a.Claims, b.Claims)

	cells := map[results.Cell]*Cell{} // cells of b without a match so far, by setting and variant
	for i := range b.Cells {
		cells[b.Cells[i].Identity.Cell()] = &b.Cells[i]
	}
	streams, versions := a.Run.Streams == b.Run.Streams, a.Run.Algorithm == b.Run.Algorithm
	for i := range a.Cells {
		old := &a.Cells[i]
		cell := old.Identity.Cell()
		now := cells[cell]
		if now == nil {
			c.CellsOnlyA = append(c.CellsOnlyA, old.Identity)
			continue
		}
		delete(cells, cell)
		c.Cells++
		if identical(old, now) {
			c.Identical++
		}
		for _, t := range old.Trials {
			if !slices.Contains(now.Trials, t) {
				c.Fewer++
			}
		}
		for j := range old.Metrics {
			if m := now.metric(old.Metrics[j].Name); m != nil {
				c.Changes = append(c.Changes, change(old, now, &old.Metrics[j], m, streams))
			}
		}
	}
	for i := range b.Cells {
		if cells[b.Cells[i].Identity.Cell()] != nil {
			c.CellsOnlyB = append(c.CellsOnlyB, b.Cells[i].Identity)
		}
	}
	c.decide(streams && versions)
	return c
}

// source describes one side of a comparison.
func source(s Summary) Source {
	out := Source{
		Path: s.Source, Name: s.Run.Name, ConfigHash: s.Run.ConfigHash, Seed: s.Run.Seed,
		Algorithm: s.Run.Algorithm, Streams: s.Run.Streams, Kernel: s.Run.Kernel,
		Revision: s.Run.Revision, Processor: s.Run.Processor, Finished: s.Run.End != nil,
	}
	for i := range s.Cells {
		out.Baseline = out.Baseline || len(s.Cells[i].records) < len(s.Cells[i].Trials)
		out.Trials += len(s.Cells[i].Trials)
		out.Failed += s.Cells[i].Failed
	}
	return out
}

// warnings says in which respects the two sides differ, what that means for the
// comparison, and what either side lacks.
func warnings(a, b Source) []string {
	out := []string{}
	differ := func(what string, x, y any, consequence string) {
		if x != y {
			out = append(out, fmt.Sprintf("%s: %v and %v; %s", what, x, y, consequence))
		}
	}
	differ("versions of the algorithm differ", a.Algorithm, b.Algorithm, "numbers may have moved by design")
	differ("versions of the random streams differ", a.Streams, b.Streams, "no draws are shared, nothing is paired")
	differ("seeds differ", a.Seed, b.Seed, "no draws are shared, nothing is paired")
	differ("kernels differ", a.Kernel, b.Kernel, "they may round differently")
	differ("configs differ", a.Name+"-"+a.ConfigHash, b.Name+"-"+b.ConfigHash, "only cells and claims in both are compared")
	for _, s := range []Source{a, b} {
		if !s.Finished {
			out = append(out, s.Path+": the run is not finished")
		}
		if s.Failed > 0 {
			out = append(out, fmt.Sprintf("%s: %d trials of cells failed and do not count", s.Path, s.Failed))
		}
	}
	return out
}

// claims matches the claims of both sides by what they say; claims that say the
// same are matched in their order. It fills in the fields of c about claims.
func (c *Comparison) claims(a, b []results.Claim) {
	textOf := func(c results.Claim) string {
		where, err := json.Marshal(c.Where) // json sorts the map by its keys, so that equal maps give equal texts
		if err != nil {
			where = fmt.Append(nil, c.Where)
		}
		return strings.Join([]string{c.Kind, c.Statement, string(where)}, "\x00")
	}
	rest := append([]results.Claim{}, b...)
	for _, old := range a {
		at := slices.IndexFunc(rest, func(now results.Claim) bool { return textOf(now) == textOf(old) })
		if at < 0 {
			c.ClaimsOnlyA = append(c.ClaimsOnlyA, old)
			continue
		}
		c.Claims = append(c.Claims, ClaimChange{old, rest[at]})
		rest = slices.Delete(rest, at, at+1)
	}
	c.ClaimsOnlyB = rest
	order := func(x ClaimChange) int {
		switch {
		case x.Worse():
			return 0
		case x.Better():
			return 1
		}
		return 2
	}
	slices.SortStableFunc(c.Claims, func(x, y ClaimChange) int { return cmp.Compare(order(x), order(y)) })
}

// identical reports whether two cells have the same records bit by bit, timings
// aside. It is false if a trial failed or if either side has no records.
func identical(a, b *Cell) bool {
	if a.Seed != b.Seed || a.Failed+b.Failed > 0 || !slices.Equal(a.Trials, b.Trials) || len(a.records) != len(a.Trials) || len(b.records) != len(b.Trials) {
		return false
	}
	for i := range a.records {
		if untimed(a.records[i]) != untimed(b.records[i]) {
			return false
		}
	}
	return true
}

// untimed is the text of a record without its timings and without its provenance,
// which says how the record was made and not what was measured. Different numbers
// give different texts, since each is written with all its digits.
func untimed(r *results.Record) string {
	c := *r
	c.Seconds, c.Provenance = 0, results.Provenance{}
	c.PerLayer = slices.Clone(c.PerLayer)
	for i := range c.PerLayer {
		c.PerLayer[i].Seconds = 0
	}
	return fmt.Sprintf("%v", c)
}

// change compares a metric of two matching cells. Its p-value is not yet corrected
// for the number of comparisons. streams tells whether both sides have the same
// version of the random streams.
func change(a, b *Cell, ma, mb *Metric, streams bool) Change {
	c := Change{Identity: a.Identity, Metric: ma.Name, MeanA: ma.Mean, MeanB: mb.Mean,
		Value: results.Missing, Lo: results.Missing, Hi: results.Missing, P: 1}
	x, y := floats(ma.Values), floats(mb.Values)
	if streams && a.Seed == b.Seed {
		var px, py []float64 // values of a and of b in the trials that both have
		exact := true
		for i, t := range a.Trials {
			j, ok := slices.BinarySearch(b.Trials, t)
			if !ok {
				continue
			}
			same := math.Float64bits(x[i]) == math.Float64bits(y[j]) || x[i] != x[i] && y[j] != y[j]
			exact = exact && same
			moved := !same
			if r := record(a, b, i, j); r != nil {
				moved = !same && !near(x[i], y[j], tolerance(c.Metric, r))
				c.expected += flips(r)
			}
			if moved {
				c.Moved++
			}
			px, py = append(px, x[i]), append(py, y[j])
		}
		if len(px) > 0 {
			c.Paired, c.Trials = true, len(px)
			if c.Moved == 0 {
				c.Scale, c.Value, c.Lo, c.Hi = "ratio", 1, 1, 1
				c.Outcome = Rounded
				if exact {
					c.Outcome = Identical
				}
				return c
			}
			x, y = px, py
		}
	}
	if !c.Paired {
		c.Trials = len(x) + len(y)
	}
	c.test(x, y)
	return c
}

// near reports whether two numbers are finite and differ by at most share times the
// larger absolute value.
func near(x, y, share float64) bool {
	larger := max(math.Abs(x), math.Abs(y))
	return !math.IsInf(larger, 0) && math.Abs(x-y) <= share*larger
}

// record returns a record of the trial at position i of a's trials and j of b's,
// from b if it has records, else from a; nil if neither has.
func record(a, b *Cell, i, j int) *results.Record {
	switch {
	case b.records != nil:
		return b.records[j]
	case a.records != nil:
		return a.records[i]
	}
	return nil
}

// test estimates the change from the values x in A to the values y in B, and the
// p-value of no change. Where c is paired, x[i] and y[i] are of the same trial.
func (c *Change) test(x, y []float64) {
	positive := true
	for _, v := range slices.Concat(x, y) {
		switch {
		case math.IsNaN(v):
			c.Outcome, c.Note = Unknown, "not measured in every trial"
			return
		case math.IsInf(v, 0):
			c.Outcome, c.Note = Unknown, "not finite in every trial"
			return
		}
		positive = positive && v > 0
	}
	var e stat.Estimate
	var err error
	null := 0.0 // value of no change
	if c.Scale = "difference"; positive {
		c.Scale, null = "ratio", 1
	}
	switch {
	case c.Paired:
		pairs := make([]float64, len(x))
		for i := range x {
			if pairs[i] = y[i] - x[i]; positive {
				pairs[i] = y[i] / x[i]
			}
		}
		if positive {
			e, err = stat.GeoMean(pairs, confidence)
		} else {
			e, err = stat.Mean(pairs, confidence)
		}
	case positive:
		e, err = stat.UnpairedRatio(y, x, confidence)
	default:
		e, err = stat.Difference(y, x, confidence)
	}
	if err != nil { // a quotient or a difference that overflows
		c.Outcome, c.Note = Unknown, err.Error()
		return
	}
	c.Value, c.Lo, c.Hi = results.Num(e.Value), results.Num(e.Interval.Lo), results.Num(e.Interval.Hi)
	c.P = results.Num(stat.Test(e, null, null).Refuted)
	c.Note = strings.Join(e.Warnings, "; ")
	if e.Interval.Lo < null && math.IsInf(e.Interval.Hi, 1) {
		c.Outcome = Few
	}
}

// decide corrects the p-values of all changes, decides the outcomes that are still
// open, and sorts the changes by outcome and size. reproducible tells whether both
// sides have the same versions of the algorithm and of the random streams.
func (c *Comparison) decide(reproducible bool) {
	p := make([]float64, len(c.Changes))
	for i := range c.Changes {
		p[i] = float64(c.Changes[i].P)
	}
	for i, v := range stat.Holm(p) {
		x := &c.Changes[i]
		x.P = results.Num(v)
		x.Irreproducible = reproducible && x.Paired && bounded(x.Metric, &x.Identity) &&
			tooMany(x.Moved, x.expected, c.Level/float64(len(c.Changes)))
		if x.Outcome != "" {
			continue
		}
		null := results.Num(0)
		if x.Scale == "ratio" {
			null = 1
		}
		switch {
		case v > c.Level:
			x.Outcome = Unmoved
		case slices.Contains(neutral, x.Metric):
			x.Outcome = Moved
		case x.Value > null:
			x.Outcome = Worse
		default:
			x.Outcome = Better
		}
	}
	slices.SortStableFunc(c.Changes, func(x, y Change) int {
		return cmp.Or(
			cmp.Compare(slices.Index(outcomes, x.Outcome), slices.Index(outcomes, y.Outcome)),
			cmp.Compare(y.size(), x.size()))
	})
}

// size is the distance of the value from that of no change, for a ratio in the
// logarithm.
func (c *Change) size() float64 {
	if c.Scale == "ratio" {
		return math.Abs(math.Log(float64(c.Value)))
	}
	return math.Abs(float64(c.Value))
}

// Count counts the changes with an outcome.
func (c *Comparison) Count(outcome string) int {
	n := 0
	for i := range c.Changes {
		if c.Changes[i].Outcome == outcome {
			n++
		}
	}
	return n
}

// ClaimsWorse counts the claims whose verdict got worse.
func (c *Comparison) ClaimsWorse() int {
	n := 0
	for _, x := range c.Claims {
		if x.Worse() {
			n++
		}
	}
	return n
}

// Irreproducible counts the changes that are irreproducible.
func (c *Comparison) Irreproducible() int {
	n := 0
	for i := range c.Changes {
		if c.Changes[i].Irreproducible {
			n++
		}
	}
	return n
}
