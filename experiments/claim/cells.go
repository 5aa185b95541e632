// cells.go judges quantities cell by cell: how tight a bound is, whether an error is what
// theory expects, how two methods compare, whether errors carry over to fresh samples.

package claim

import (
	"errors"
	"fmt"
	"math"

	"spfq/experiments/grid"
	"spfq/internal/domain"
	"spfq/quant"
	"spfq/quant/bound"
	"spfq/results"
	"spfq/results/stat"
	"spfq/sim"
)

// cellEstimate is an estimate over the trials of one cell.
type cellEstimate struct {
	label string
	stat.Estimate
}

// judgeCells judges the claim that the quantity of every cell lies in [lo, hi]. It is
// supported if every cell supports it, and refuted if one cell refutes it at a
// significance level that the cells share. The estimate shown is the largest of the
// cells, or the smallest if hi is infinite.
func judgeCells(r *results.Claim, cells []cellEstimate, lo, hi float64) {
	if len(cells) == 0 {
		return
	}
	shown, pSupported, pRefuted := cells[0], 0.0, 1.0
	var notes []string
	for _, c := range cells {
		p := stat.Test(c.Estimate, lo, hi)
		pSupported, pRefuted = max(pSupported, p.Supported), min(pRefuted, p.Refuted)
		if up := c.Value > shown.Value; up != math.IsInf(hi, 1) && c.Value != shown.Value {
			shown = c
		}
		r.Trials += c.N
		for _, w := range c.Warnings {
			notes = append(notes, prefixed(c.label, w))
		}
	}
	r.Notes = append(r.Notes, few(notes)...)
	estimate(r, shown.Estimate, lo, hi)
	r.Notes = r.Notes[:len(r.Notes)-len(shown.Warnings)] // these warnings were noted above, with the cell's label
	r.PSupported, r.PRefuted = results.Num(pSupported), results.Num(min(1, pRefuted*float64(len(cells))))
	alpha := 1 - float64(r.Confidence)
	switch {
	case float64(r.PSupported) <= alpha:
		r.Verdict = results.Supported
	case float64(r.PRefuted) <= alpha:
		r.Verdict = results.Refuted
	default:
		r.Verdict = results.Inconclusive
	}
	if len(cells) > 1 {
		least, most := math.Inf(1), math.Inf(-1)
		for _, c := range cells {
			least, most = min(least, c.Value), max(most, c.Value)
		}
		r.Notes = append(r.Notes, fmt.Sprintf("%d cells, %s to %s; shown: %s", len(cells), short(least), short(most), shown.label))
	}
}

// maxNotes is the number of notes on cells that a claim has; it counts the others.
const maxNotes = 20

// few returns the first notes of a list, and how many the others are.
func few(notes []string) []string {
	if n := len(notes) - maxNotes; n > 0 {
		return append(notes[:maxNotes:maxNotes], fmt.Sprintf("%d more notes on cells", n))
	}
	return notes
}

// prefixed puts the label of a cell before a note about it.
func prefixed(label, text string) string {
	if label == "" {
		return text
	}
	return label + ": " + text
}

// estimateCells estimates each cell of a series and judges them all. A claim with a cell
// that cannot be estimated is not supported.
func estimateCells(r *results.Claim, records []results.Record, lo, hi float64, estimate func([]results.Record) (stat.Estimate, error)) {
	var cells []cellEstimate
	var missing []string
	for _, cell := range split(records, recordIdentity) {
		e, err := estimate(cell.records)
		if err != nil {
			missing = append(missing, prefixed(cell.label, err.Error()))
			continue
		}
		cells = append(cells, cellEstimate{cell.label, e})
	}
	r.Notes = append(r.Notes, few(missing)...)
	judgeCells(r, cells, lo, hi)
	if len(missing) > 0 {
		unsupport(r)
	}
}

// unsupport takes back the verdict supported, since not all cells could be judged.
func unsupport(r *results.Claim) {
	if r.Verdict == results.Supported {
		r.Verdict, r.PSupported = results.Inconclusive, 1
	}
}

// sweepAxes are the columns along which cells are judged together by one claim. Cells that
// differ in other columns make series of their own.
var sweepAxes = []string{"width", "widths", "layers", "samples"}

// tightness claims by what factor a theorem's bound lies above what was measured, or how
// this factor moves along an axis.
type tightness struct {
	Base
	Theorem  string
	Eta      float64
	Factor   Range
	Over     string
	Exponent Range
}

func (c *tightness) keys() []Key {
	return []Key{
		scalar("theorem", &c.Theorem, domain.OneOf(theoremNames()...), "the theorem whose bound it is").must(),
		scalar("eta", &c.Eta, domain.Real("a number above 0 and below 1", domain.Fraction), "probability with which the bound may fail"),
		rangeOf("factor", &c.Factor, "range of bound/measured, in every cell; either this, or over and exponent"),
		scalar("over", &c.Over, numericColumn(results.Identity{}, "axis"), "column of the identity along which bound/measured moves as a power"),
		rangeOf("exponent", &c.Exponent, "range of that power"),
	}
}

func (c *tightness) needs() Need { return c.certify(c.Theorem) }

func (c *tightness) check(g *grid.Grid, report Report) {
	switch {
	case c.Factor.Given == c.Exponent.Given:
		report("", "give either factor, the range of bound/measured, or over and exponent, how it moves along an axis")
	case (c.Over != "") != c.Exponent.Given:
		report("", "over and exponent go together")
	default:
		checkTheorem(g, c.Theorem, c.Where, report)
		if c.Over != "" {
			checkAxis(g, c.Where, c.Over, report)
		}
	}
}

func (c *tightness) judge(d *Data) []results.Claim {
	th := theorems[c.Theorem]
	var out []results.Claim
	along := d.Grid.Along(sweepAxes...)
	if c.Over != "" {
		along = d.Grid.Along(c.Over)
	}
	for _, s := range split(matching(d.Records, c.Where, recordIdentity), recordIdentity, along...) {
		r := c.result(fmt.Sprintf("%s, is so many times the measured (η = %v): %s", th.about, c.Eta, c.about(s.label)))
		r.Theorem, r.Over = c.Theorem, c.Over
		all, notes := th.hold(s.records, c.Eta)
		r.Notes = notes
		// The ratio is put into the records in the place of their error, so that the
		// functions that estimate errors can be used.
		var ratios []results.Record
		largest := 0.0
		for _, h := range all {
			rec := results.Record{Identity: h.record.Identity}
			rec.RelError = results.Num(h.bound / h.measured)
			ratios = append(ratios, rec)
			largest = math.Max(largest, h.bound/h.measured)
		}
		if c.Factor.Given {
			r.Quantity, r.Demanded = "bound/measured", demand("bound/measured", c.Factor)
			estimateCells(&r, ratios, c.Factor.Lo, c.Factor.Hi, func(rs []results.Record) (stat.Estimate, error) {
				return stat.GeoMean(column1(rs, func(r *results.Record) results.Num { return r.RelError }), c.Confidence)
			})
			if have, want := len(split(ratios, recordIdentity)), len(split(s.records, recordIdentity)); have < want {
				r.Notes = append(r.Notes, fmt.Sprintf("%d of %d cells have no record that meets the assumptions", want-have, want))
				unsupport(&r)
			}
			r.Notes = append(r.Notes, fmt.Sprintf("largest of a trial: %s", short(largest)))
		} else {
			r.Quantity, r.Metric = "a of bound/measured ∝ "+c.Over+"^a", "bound/measured"
			r.Demanded = demand("a", c.Exponent)
			fitPower(&r, ratios, d.Trials, c.Over, "rel_error", c.Exponent, c.Confidence, 0)
		}
		out = append(out, r)
	}
	return out
}

// column1 returns, for each record that did not fail, the number that pick takes from it.
func column1(records []results.Record, pick func(*results.Record) results.Num) []float64 {
	var out []float64
	for i := range records {
		if records[i].Error == "" {
			out = append(out, float64(pick(&records[i])))
		}
	}
	return out
}

// equals claims that a measured value is what a theorem expects, within a
// relative difference.
type equals struct {
	Base
	Theorem string
	Within  float64
}

func (c *equals) keys() []Key {
	return []Key{
		scalar("theorem", &c.Theorem, domain.OneOf("T7", "T3-Gauss"), "T7: rel_sq_error of one layer; T3-Gauss: ‖Φ(X)‖_F² of a network").must(),
		scalar("within", &c.Within, domain.Real("a number above 0 and below 1", domain.Fraction), "relative difference that is allowed").must(),
	}
}

// expected returns the measured and the expected value of a record.
func (c *equals) expected(r *results.Record) (measured, want float64, err error) {
	if c.Theorem == "T7" {
		rounding := bound.Stochastic
		if r.Rounding == string(quant.Nearest) {
			rounding = bound.Nearest
		}
		want, err = bound.Expected(rounding, r.Feedback, float64(r.Step), r.Samples, r.PerLayer[0].Inputs)
		return float64(r.RelSqError), want, err
	}
	want, _, err = expectedNorm(r, 0.01) // the expectation does not depend on η
	return float64(r.OutputSqNorm), want, err
}

// check refuses records outside the theorem's assumptions.
func (c *equals) check(g *grid.Grid, report Report) {
	g.Each(c.Where, func(id *results.Identity) bool {
		switch {
		case id.Weights != "gaussian" || id.Biases:
			report("where", "%s is about Gaussian weights without biases", c.Theorem)
		case c.Theorem == "T7" && (id.Layers != 1 || id.Source != string(sim.Gaussian) || !math.IsInf(float64(id.Bits), 1)):
			report("where", "T7 is about one layer, Gaussian data and the infinite alphabet")
		case c.Theorem == "T3-Gauss" && (id.Activation != string(sim.ReLU) || !id.Step.IsSet()):
			report("where", "T3-Gauss is about ReLU networks and given steps")
		default:
			return true
		}
		return false
	})
}

func (c *equals) judge(d *Data) []results.Claim {
	var out []results.Claim
	for _, s := range d.records(c.Where, sweepAxes...) {
		what := map[string]string{"T7": "relative squared error", "T3-Gauss": "‖Φ(X)‖_F²"}[c.Theorem]
		r := c.result(fmt.Sprintf("%s is what %s expects, within %v%%: %s", what, c.Theorem, 100*c.Within, c.about(s.label)))
		r.Theorem, r.Quantity = c.Theorem, "measured/expected"
		lo, hi := 1-c.Within, 1+c.Within
		r.Demanded = demand("measured/expected", Range{Lo: lo, Hi: hi})
		estimateCells(&r, s.records, lo, hi, func(rs []results.Record) (stat.Estimate, error) {
			var ratios []float64
			for i := range rs {
				if rs[i].Error != "" {
					continue
				}
				measured, want, err := c.expected(&rs[i])
				if err != nil {
					return stat.Estimate{}, err
				}
				ratios = append(ratios, measured/want)
			}
			return stat.Mean(ratios, c.Confidence)
		})
		out = append(out, r)
	}
	return out
}

// ratioClaim claims how a metric of one method compares with that of another on
// the same instances.
type ratioClaim struct {
	Base
	Metric string
	To     results.Where
	Range  Range
}

func (c *ratioClaim) keys() []Key {
	return []Key{
		scalar("metric", &c.Metric, numericColumn(results.Record{}, "metric"), "column of the records").must(),
		conditions("to", &c.To, "the variant to compare with, exactly one on the network and data of each record").must(),
		rangeOf("range", &c.Range, "range in which the ratio must lie, in every cell").must(),
	}
}

// instance identifies what variants are compared on: a setting and a draw of it.
type instance struct {
	results.Setting
	results.Draw
}

func instanceOf(id *results.Identity) instance { return instance{id.Setting, id.Draw} }

func (c *ratioClaim) check(g *grid.Grid, report Report) {
	count := map[instance]int{}
	g.Each(c.To, func(id *results.Identity) bool {
		count[instanceOf(id)]++
		return true
	})
	g.Each(c.Where, func(id *results.Identity) bool {
		if n := count[instanceOf(id)]; n != 1 {
			report("to", "%d variants have %s on the network and data of each record: want exactly one to compare with", n, c.To)
			return false
		}
		return true
	})
}

func (c *ratioClaim) judge(d *Data) []results.Claim {
	metric, _ := results.Lookup(results.Record{}, c.Metric)
	other := map[instance]*results.Record{}
	matches := c.To.Matcher()
	for i := range d.Records {
		if r := &d.Records[i]; matches(&r.Identity) && r.Error == "" {
			other[instanceOf(&r.Identity)] = r
		}
	}
	var out []results.Claim
	for _, s := range d.records(c.Where, sweepAxes...) {
		r := c.result(fmt.Sprintf("%s of %s over that of %s, same instances", c.Metric, c.about(s.label), c.To))
		r.Metric, r.Quantity, r.Demanded = c.Metric, "typical ratio", demand("ratio", c.Range)
		estimateCells(&r, s.records, c.Range.Lo, c.Range.Hi, func(rs []results.Record) (stat.Estimate, error) {
			var a, b []float64
			for i := range rs {
				o := other[instanceOf(&rs[i].Identity)]
				if rs[i].Error != "" || o == nil {
					continue
				}
				x, _ := metric.Number(&rs[i])
				y, _ := metric.Number(o)
				a, b = append(a, x), append(b, y)
			}
			return typicalRatio(a, b, c.Confidence, d.Grid.Seed)
		})
		out = append(out, r)
	}
	return out
}

// typicalRatio estimates the geometric mean of the paired ratios a/b.
func typicalRatio(a, b []float64, confidence float64, seed uint64) (stat.Estimate, error) {
	if len(a) == 0 {
		return stat.Estimate{}, errors.New("no trial to compare")
	}
	ratio, err := stat.PairedRatio(a, b, confidence, seed)
	return ratio.GeoMean, err
}

// generalizes claims how the error on held-out samples compares with that on
// calibration samples.
type generalizes struct {
	Base
	Range Range
}

func (c *generalizes) keys() []Key {
	return []Key{rangeOf("range", &c.Range, "range in which the ratio must lie, in every cell").must()}
}

func (c *generalizes) check(g *grid.Grid, report Report) {
	g.Each(c.Where, func(id *results.Identity) bool {
		if id.TestSamples == 0 {
			report("where", "records without held-out samples are among those it is about: set data.test_samples")
			return false
		}
		return true
	})
}

func (c *generalizes) judge(d *Data) []results.Claim {
	var out []results.Claim
	for _, s := range d.records(c.Where, sweepAxes...) {
		r := c.result("relative squared error on held-out samples over that on calibration samples, " + c.about(s.label))
		r.Metric, r.Quantity, r.Demanded = "test_rel_sq_error", "typical ratio", demand("ratio", c.Range)
		estimateCells(&r, s.records, c.Range.Lo, c.Range.Hi, func(rs []results.Record) (stat.Estimate, error) {
			return typicalRatio(column1(rs, func(r *results.Record) results.Num { return r.TestRelSqError }),
				column1(rs, func(r *results.Record) results.Num { return r.RelSqError }), c.Confidence, d.Grid.Seed)
		})
		out = append(out, r)
	}
	return out
}
