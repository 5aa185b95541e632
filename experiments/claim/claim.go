// claim.go defines what all claims have in common, and judges the claims of a run.

package claim

import (
	"fmt"
	"slices"
	"strings"

	"spfq/experiments/grid"
	"spfq/internal/domain"
	"spfq/results"
	"spfq/results/stat"
)

// Claim is one claim of a config.
type Claim interface {
	base() *Base
	// keys describes the config keys of the kind, except those of Base.
	keys() []Key
	// needs is what the claim needs measured beyond what every record has.
	needs() Need
	// check reports where the claim does not fit the grid.
	check(g *grid.Grid, report Report)
	// judge confronts the claim with what was measured, and returns one result
	// for each series of records that it is about.
	judge(d *Data) []results.Claim
}

// Base is what all claims have in common.
type Base struct {
	Kind       string
	Where      results.Where // the records that the claim is about
	Confidence float64
	Line       int // the line of the config on which the claim stands; 0 if it stands in no file
}

func (b *Base) base() *Base { return b }

// needs is the default for claims that need nothing beyond what every record has.
func (b *Base) needs() Need { return Need{Where: b.Where} }

// BaseOf returns the Base of a claim, which can be changed through it.
func BaseOf(c Claim) *Base { return c.base() }

// Keys describes the config keys of a claim. Reading their values fills in the claim.
func Keys(c Claim) []Key {
	b := c.base()
	confidence := domain.Real("a number above ½ and below 1", domain.Schema{"exclusiveMinimum": 0.5, "exclusiveMaximum": 1.0})
	return append([]Key{
		scalar("kind", &b.Kind, KindNames(), "what kind of claim it is").must(),
		conditions("where", &b.Where, "the records that the claim is about; all if left out"),
		scalar("confidence", &b.Confidence, confidence, Explain(b.Kind).confidence()),
	}, c.keys()...)
}

// Need is what a claim needs measured of the cells that satisfy Where, beyond what
// every record has.
type Need struct {
	Where   results.Where
	Certify bool    // whether it needs what the bounds after the fact need
	Factor  float64 // the factor of a search for the smallest K whose error is within it of the infinite alphabet's; 0 if it needs no search
}

// Needs returns what a claim needs measured.
func Needs(c Claim) Need { return c.needs() }

// Report notes a mistake at a key path below the claim, such as where or where.bits; ""
// stands for the claim as a whole.
type Report func(key, format string, args ...any)

// Check reports where a claim does not fit a grid.
func Check(c Claim, g *grid.Grid, report Report) {
	if CheckWhere(g, c.base().Where, "where", report) {
		c.check(g, report)
	}
}

// CheckWhere reports conditions that no cell of a grid satisfies, and single values in
// them that no cell has: such a value, among others that cells do have, would narrow
// what is meant without anybody noticing. It returns whether any cell satisfies the
// conditions. key is the key path of the conditions.
func CheckWhere(g *grid.Grid, w results.Where, key string, report Report) bool {
	if !g.Any(w) {
		report(key, "no record of this config has %s%s", w, instead(w, g.Values))
		return false
	}
	for _, c := range w {
		without := slices.DeleteFunc(slices.Clone(c.Values), func(v string) bool { return g.Takes(c.Column, v) })
		for i, v := range without {
			if i == maxTold {
				report(key+"."+c.Column, "nor %d further values of this list", len(without)-i)
				break
			}
			report(key+"."+c.Column, "no record of this config has %s = %s%s", c.Column, v,
				instead(results.Where{{Column: c.Column, Values: []string{v}}}, g.Values))
		}
	}
	return true
}

// maxTold bounds the values that a message lists.
const maxTold = 20

// instead ends a message about conditions that no record meets. For each condition of
// which no record has any value, it lists the values that the column has.
func instead(w results.Where, values func(column string) []string) string {
	var out strings.Builder
	for _, c := range w {
		have := values(c.Column)
		if slices.ContainsFunc(c.Values, func(v string) bool { return slices.Contains(have, v) }) {
			continue
		}
		shown := slices.Clone(have)
		for i, v := range shown {
			if v == "" {
				shown[i] = "empty"
			}
		}
		if n := len(shown); n > maxTold {
			shown = append(shown[:maxTold-1], fmt.Sprintf("one of %d others", n-maxTold+1))
		}
		fmt.Fprintf(&out, "; %s is %s", c.Column, domain.Alternatives(shown))
		if col, _ := results.Lookup(results.Identity{}, c.Column); !col.Numeric() {
			out.WriteString(domain.DidYouMean(c.Values[0], have))
		}
	}
	return out.String()
}

// leaveOut ends messages about claims that do not fit a config which --set changes may
// have narrowed.
const leaveOut = " (--set claims=[] leaves all claims out)"

// Data is what a run measured, and the grid and number of trials that it was to measure.
type Data struct {
	Grid     *grid.Grid
	Trials   int // number of trials of each setting
	Records  []results.Record
	Searches []results.Search
}

// Judge confronts claims with what was measured, and corrects their verdicts for the
// number of claims.
func Judge(claims []Claim, d *Data) []results.Claim {
	var out []results.Claim
	for number, c := range claims {
		judged := c.judge(d)
		if len(judged) == 0 {
			judged = []results.Claim{undecided(c.base(), "no record to judge by")}
		}
		for i := range judged {
			judged[i].Line, judged[i].Of = c.base().Line, number
		}
		out = append(out, judged...)
	}
	correct(out)
	return out
}

// undecided returns the result of a claim for which nothing has been estimated.
func undecided(b *Base, statement string) results.Claim {
	no := results.Missing
	return results.Claim{Kind: b.Kind, Statement: statement, Where: b.Where.Map(), Estimate: no, Lo: no, Hi: no, Constant: no,
		DemandLo: no, DemandHi: no, PSupported: no, PRefuted: no, Verdict: results.Inconclusive}
}

// result returns an undecided result of the claim about one series, to be filled in.
func (b *Base) result(statement string) results.Claim {
	r := undecided(b, statement)
	r.Confidence = results.Num(b.Confidence)
	return r
}

// correct corrects the verdicts of a run's claims by Holm's method. After that, the
// probability that any true claim of the run is refuted is at most what a single claim
// allows, and so is the probability that any false claim is supported.
func correct(claims []results.Claim) {
	adjust := func(p func(*results.Claim) *results.Num) {
		var index []int
		var values []float64
		for i := range claims {
			if v := p(&claims[i]); !v.IsMissing() {
				index, values = append(index, i), append(values, float64(*v))
			}
		}
		for k, v := range stat.Holm(values) {
			*p(&claims[index[k]]) = results.Num(v)
		}
	}
	adjust(func(c *results.Claim) *results.Num { return &c.PSupported })
	adjust(func(c *results.Claim) *results.Num { return &c.PRefuted })
	for i := range claims {
		c := &claims[i]
		alpha := 1 - float64(c.Confidence) + 1e-12 // in float64, 1 − 0.95 is not exactly 0.05
		was := c.Verdict
		if c.Verdict == results.Supported && float64(c.PSupported) > alpha ||
			c.Verdict == results.Refuted && float64(c.PRefuted) > alpha {
			c.Verdict = results.Inconclusive
			c.Notes = append(c.Notes, fmt.Sprintf("%s alone, but not once corrected for %d claims (Holm)", was, len(claims)))
		}
	}
}

// about says in words which records a series of the claim holds.
func (b *Base) about(label string) string {
	parts := []string{}
	if len(b.Where) > 0 {
		parts = append(parts, b.Where.String())
	}
	if label != "" {
		parts = append(parts, label)
	}
	if len(parts) == 0 {
		return "all records"
	}
	return strings.Join(parts, ", ")
}

// estimate fills in an estimate and judges it against a demanded range.
func estimate(c *results.Claim, e stat.Estimate, lo, hi float64) {
	c.Estimate, c.Lo, c.Hi = results.Num(e.Value), results.Num(e.Interval.Lo), results.Num(e.Interval.Hi)
	c.Confidence = results.Num(e.Confidence)
	c.DemandLo, c.DemandHi = results.Num(lo), results.Num(hi)
	c.Verdict = stat.Within(e, lo, hi).String()
	p := stat.Test(e, lo, hi)
	c.PSupported, c.PRefuted = results.Num(p.Supported), results.Num(p.Refuted)
	c.Notes = append(c.Notes, e.Warnings...)
}

// demand says in words that the quantity called name must lie in a range.
func demand(name string, r Range) string {
	return fmt.Sprintf("%s ≤ %s ≤ %s", short(r.Lo), name, short(r.Hi))
}

// short formats a number for reading.
func short(v float64) string { return fmt.Sprintf("%.4g", v) }
