// claim.go defines what all claims have, and judges those of a run.

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
	// keys describes the config keys of the kind, beside those of Base.
	keys() []Key
	// needs is what the claim needs measured beyond what every record has.
	needs() Need
	// check reports what of the claim does not fit the grid.
	check(g *grid.Grid, report Report)
	// judge confronts the claim with what was measured: one result for each
	// series of records that it is about.
	judge(d *Data) []results.Claim
}

// Base is what all claims have.
type Base struct {
	Kind       string
	Where      results.Where // the records that the claim is about
	Confidence float64
	Line       int // of the config on which the claim stands; 0 where no file has it
}

func (b *Base) base() *Base { return b }

// needs is what a claim needs measured beyond what every record has: nothing.
func (b *Base) needs() Need { return Need{Where: b.Where} }

// BaseOf returns what all claims have of a claim.
func BaseOf(c Claim) *Base { return c.base() }

// Keys describes the config keys of a claim: reading them fills it in.
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
	Certify bool    // what bounds after the fact need
	Factor  float64 // a search for the smallest K whose error is within this factor of the infinite alphabet's; 0 for none
}

// Needs returns what a claim needs measured.
func Needs(c Claim) Need { return c.needs() }

// Report notes something that does not fit, at a key path below the claim: where,
// where.bits, or "" for the claim as a whole.
type Report func(key, format string, args ...any)

// Check reports what of a claim does not fit a grid.
func Check(c Claim, g *grid.Grid, report Report) {
	if CheckWhere(g, c.base().Where, "where", report) {
		c.check(g, report)
	}
}

// CheckWhere reports conditions that no cell of a grid satisfies, and values of
// theirs that none has: one that matches nothing, among others that do, narrows
// what is meant unseen. It reports whether any cell satisfies the conditions. key
// is the key path of the conditions.
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

// instead ends a message about conditions that no record meets: for each that
// not even one value meets, the values that the column has.
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

// leaveOut ends messages about claims that a narrowed config cannot serve.
const leaveOut = " (--set claims=[] leaves all claims out)"

// Data is what a run measured, and the plan that it was measured by.
type Data struct {
	Grid     *grid.Grid
	Trials   int // of each setting
	Records  []results.Record
	Searches []results.Search
}

// Judge confronts claims with what was measured, and corrects their verdicts for
// their number.
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

// undecided starts the result of a claim: nothing is estimated yet.
func undecided(b *Base, statement string) results.Claim {
	no := results.Missing
	return results.Claim{Kind: b.Kind, Statement: statement, Where: b.Where.Map(), Estimate: no, Lo: no, Hi: no, Constant: no,
		DemandLo: no, DemandHi: no, PSupported: no, PRefuted: no, Verdict: results.Inconclusive}
}

// result starts the result of a claim about a series.
func (b *Base) result(statement string) results.Claim {
	r := undecided(b, statement)
	r.Confidence = results.Num(b.Confidence)
	return r
}

// correct corrects the verdicts of a run's claims by Holm's method: that any
// true claim is refuted, or any false one supported, has the probability that a
// single claim allows for it.
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
		alpha := 1 - float64(c.Confidence) + 1e-12 // 1 − 0.95 is not 0.05
		was := c.Verdict
		if c.Verdict == results.Supported && float64(c.PSupported) > alpha ||
			c.Verdict == results.Refuted && float64(c.PRefuted) > alpha {
			c.Verdict = results.Inconclusive
			c.Notes = append(c.Notes, fmt.Sprintf("%s alone, but not once corrected for %d claims (Holm)", was, len(claims)))
		}
	}
}

// about returns the words that say which records a series of a claim holds.
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

// demand says in words that a quantity must lie in a range.
func demand(name string, r Range) string {
	return fmt.Sprintf("%s ≤ %s ≤ %s", short(r.Lo), name, short(r.Hi))
}

// short formats a number for reading.
func short(v float64) string { return fmt.Sprintf("%.4g", v) }
