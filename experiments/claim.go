// claim.go defines what every kind of claim shares: reading, checking against
// the plan, grouping records into series, judging.

package experiments

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"spfq/results"
	"spfq/results/stat"
)

// Claim is one claim of a config.
type Claim interface {
	base() *ClaimBase
	// fields reads the keys of the kind, beside those of ClaimBase.
	fields(d *decoder) []field
	// check notes what does not fit the plan.
	check(d *decoder, n *yaml.Node, key string, p *Plan)
	// judge confronts the claim with what was measured: one result for each
	// series of records it is about.
	judge(m *Measured) []results.Claim
}

// ClaimBase is what all claims have.
type ClaimBase struct {
	Kind       string  `yaml:"kind"`
	Where      Where   `yaml:"where,omitempty"`
	Confidence float64 `yaml:"confidence"`

	line int // of the config; 0 where --set put it there
}

func (b *ClaimBase) base() *ClaimBase { return b }

// claimKinds makes a claim of each kind with its defaults.
var claimKinds = map[string]func() Claim{
	"power_law":   func() Claim { return &powerLaw{ClaimBase: ClaimBase{Confidence: 0.95}} },
	"bound":       func() Claim { return &boundClaim{ClaimBase: ClaimBase{Confidence: 0.99}} },
	"bits_growth": func() Claim { return &bitsGrowth{ClaimBase: ClaimBase{Confidence: 0.95}, Factor: 1.05} },
	"tightness":   func() Claim { return &tightness{ClaimBase: ClaimBase{Confidence: 0.95}, Eta: 0.01} },
	"equals":      func() Claim { return &equals{ClaimBase: ClaimBase{Confidence: 0.95}} },
	"ratio":       func() Claim { return &ratioClaim{ClaimBase: ClaimBase{Confidence: 0.95}} },
	"generalizes": func() Claim { return &generalizes{ClaimBase: ClaimBase{Confidence: 0.95}} },
	"contraction": func() Claim { return &contraction{ClaimBase: ClaimBase{Confidence: 0.95}, Factor: [2]float64{0, 1}} },
	"tail":        func() Claim { return &tailClaim{ClaimBase: ClaimBase{Confidence: 0.99}} },
	"cost": func() Claim {
		return &cost{ClaimBase: ClaimBase{Confidence: 0.95}, Metric: "operations", Exponent: [2]float64{0.98, 1.02}}
	},
}

// certifier is a claim about a theorem that needs more than every record has.
type certifier interface{ certifies() string }

// Measured is what a run measured, in the order of the plan.
type Measured struct {
	Plan     *Plan
	Records  []results.Record
	Searches []results.Search
}

// Judge confronts all claims of the config with what was measured.
func (m *Measured) Judge() []results.Claim {
	var out []results.Claim
	for number, c := range m.Plan.Config.Claims {
		judged := c.judge(m)
		if len(judged) == 0 {
			b := c.base()
			judged = []results.Claim{{Kind: b.Kind, Statement: "no record to judge by", Where: b.Where.Map(),
				Estimate: results.Missing, Lo: results.Missing, Hi: results.Missing, Constant: results.Missing,
				DemandLo: results.Missing, DemandHi: results.Missing, PSupported: results.Missing, PRefuted: results.Missing, Verdict: results.Inconclusive}}
		}
		for i := range judged {
			judged[i].Line, judged[i].Of = c.base().line, number
		}
		out = append(out, judged...)
	}
	correct(out)
	return out
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

func (c *Config) decodeClaims(d *decoder, n *yaml.Node, key string) {
	if n.Kind != yaml.SequenceNode {
		d.fail(n, key, "want a list of claims, have %s", kindName(n))
		return
	}
	for i, node := range n.Content {
		node, at := resolve(node), fmt.Sprintf("%s[%d]", key, i)
		if node.Kind != yaml.MappingNode {
			d.fail(node, at, "want a mapping of keys to values, have %s", kindName(node))
			continue
		}
		kinds := slices.Sorted(maps.Keys(claimKinds))
		if !hasKey(node, "kind") {
			d.fail(node, join(at, "kind"), "missing: want %s", alternatives(kinds))
			continue
		}
		var kind string
		var kindNode *yaml.Node
		for i := 0; i < len(node.Content); i += 2 {
			if node.Content[i].Value == "kind" {
				kindNode = resolve(node.Content[i+1])
			}
		}
		kind, ok := value(d, kindNode, join(at, "kind"), oneOf(kinds...))
		if !ok {
			continue
		}
		claim := claimKinds[kind]()
		b := claim.base()
		b.line = max(0, node.Line)
		fields := []field{
			scalar(d, "kind", &b.Kind, oneOf(kinds...)).must().doc("what kind of claim it is"),
			decodeWhere(d, "where", &b.Where).doc("the records that the claim is about; all if left out"),
			scalar(d, "confidence", &b.Confidence, number("a number above ½ and below 1", schema{"exclusiveMinimum": 0.5, "exclusiveMaximum": 1.0})).doc(claimTexts[kind].confidence()),
		}
		d.object(node, at, append(fields, claim.fields(d)...)...)
		c.Claims = append(c.Claims, claim)
	}
}

// checkClaims notes claims that do not fit the plan.
func (p *Plan) checkClaims(d *decoder, root *yaml.Node) {
	list := child(root, "claims")
	for i, c := range p.Config.Claims {
		n, key := resolve(list.Content[i]), fmt.Sprintf("claims[%d]", i)
		if checkWhere(d, n, join(key, "where"), p.grid, c.base().Where, child(n, "where")) {
			c.check(d, n, key, p)
		}
	}
}

// checkWhere notes conditions that no pair of a grid satisfies, and values of
// theirs that none has: one that matches nothing, among others that do, narrows
// what is meant unseen. It reports whether any pair satisfies the conditions. n
// is the node to blame where there are none.
func checkWhere(d *decoder, n *yaml.Node, key string, g *grid, w Where, where *yaml.Node) bool {
	if where == nil {
		where = n
	}
	if !g.any(w) {
		d.fail(where, key, "no record of this config has %s%s", w, instead(w, g.values))
		return false
	}
	for _, c := range w {
		have := g.values(c.Column)
		for _, v := range c.Values {
			if !slices.Contains(have, v) {
				d.fail(where, join(key, c.Column), "no record of this config has %s = %s%s", c.Column, v, instead(Where{{c.Column, []string{v}}}, g.values))
			}
		}
	}
	return true
}

// each calls f for the identity of each cell and variant, trial 0, that
// satisfies the conditions, until f returns false; it returns whether none did.
func (p *Plan) each(w Where, f func(id *results.Identity, v Variant) bool) bool {
	for c, v := range p.grid.pairs(w) {
		if id := p.grid.identity(c, v); !f(&id, p.Variants[v]) {
			return false
		}
	}
	return true
}

// certified returns which pairs of a cell and a variant claims want measured
// for bounds after the fact.
func (p *Plan) certified() func(c, v int) bool {
	type match struct{ cells, variants []bool }
	var want []match
	for _, c := range p.Config.Claims {
		if b, ok := c.(certifier); ok && theorems[b.certifies()].certify {
			cells, variants := p.grid.match(c.base().Where)
			want = append(want, match{cells, variants})
		}
	}
	return func(c, v int) bool {
		return slices.ContainsFunc(want, func(m match) bool { return m.cells[c] && m.variants[v] })
	}
}

// child returns the value of a key, nil if there is none.
func child(n *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return resolve(n.Content[i+1])
		}
	}
	return nil
}

// leaveOut ends messages about claims that a narrowed config cannot serve.
const leaveOut = " (--set claims=[] leaves all claims out)"

// series is records that differ in nothing but the trial and what a claim looks
// along.
type series[R any] struct {
	label   string // what sets it apart from the other series of the claim
	records []R
}

// split groups records by their identity, trial and the given columns aside,
// and labels the groups by the columns in which they differ.
func split[R any](records []R, id func(*R) *results.Identity, along ...string) []series[R] {
	var columns []results.Column
	for _, c := range results.Columns(results.Identity{}) {
		if c.Name != "trial" && !slices.Contains(along, c.Name) {
			columns = append(columns, c)
		}
	}
	var values [][]string // of each group
	var count []int
	index := map[string]int{}
	group := make([]int, len(records))
	same := func(a, b *results.Identity) bool {
		for _, c := range columns {
			if !c.Same(a, b) {
				return false
			}
		}
		return true
	}
	texts := make([]string, len(columns))
	for i := range records {
		if i > 0 && same(id(&records[i]), id(&records[i-1])) {
			group[i] = group[i-1]
			count[group[i]]++
			continue
		}
		for j, c := range columns {
			texts[j] = c.Text(id(&records[i]))
		}
		key := strings.Join(texts, "\x00")
		at, ok := index[key]
		if !ok {
			at = len(values)
			index[key] = at
			values, count = append(values, slices.Clone(texts)), append(count, 0)
		}
		group[i] = at
		count[at]++
	}
	out := make([]series[R], len(values))
	if len(out) == 1 {
		out[0].records = records // large runs are not copied where they need not be
	} else {
		for k, n := range count {
			out[k].records = make([]R, 0, n)
		}
		for i, k := range group {
			out[k].records = append(out[k].records, records[i])
		}
	}
	differ := map[string]bool{}
	for j, c := range columns {
		for i := range out {
			differ[c.Name] = differ[c.Name] || values[i][j] != values[0][j]
		}
	}
	for j, c := range columns {
		if !differ[c.Name] || slices.ContainsFunc(impliedBy[c.Name], func(by string) bool { return differ[by] }) {
			continue
		}
		for k := range out {
			out[k].label = strings.TrimPrefix(out[k].label+", "+c.Name+" = "+values[k][j], ", ")
		}
	}
	return out
}

// impliedBy lists, for a column, those that as a rule say it too, for labels.
var impliedBy = map[string][]string{
	"widths": {"width", "layers"}, "K": {"bits"}, "levels": {"bits"},
	"rounding": {"method"}, "feedback": {"method"},
}

// matching returns the records that satisfy the conditions. It and split may
// return what they were given: read only.
func matching[R any](records []R, w Where, id func(*R) *results.Identity) []R {
	if len(w) == 0 {
		return records
	}
	var out []R
	for i := range records {
		if w.Match(id(&records[i])) {
			out = append(out, records[i])
		}
	}
	return out
}

func recordIdentity(r *results.Record) *results.Identity { return &r.Identity }
func searchIdentity(s *results.Search) *results.Identity { return &s.Identity }

// about returns the words that say which records a series of a claim holds.
func (b *ClaimBase) about(label string) string {
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

// result starts the result of a claim.
func (b *ClaimBase) result(statement string) results.Claim {
	return results.Claim{Kind: b.Kind, Statement: statement, Where: b.Where.Map(), Confidence: results.Num(b.Confidence),
		Estimate: results.Missing, Lo: results.Missing, Hi: results.Missing, Constant: results.Missing,
		DemandLo: results.Missing, DemandHi: results.Missing, PSupported: results.Missing, PRefuted: results.Missing, Verdict: results.Inconclusive}
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

// levels arranges values by x and trial: a level for each x, NaN where a trial
// is missing.
func levels[R any](records []R, trials int, x func(*R) float64, trial func(*R) int, y func(*R) float64) []stat.Point {
	var out []stat.Point
	index := map[float64]int{}
	taken := map[[2]int]bool{}
	for i := range records {
		r := &records[i]
		at, ok := index[x(r)]
		if !ok {
			at = len(out)
			index[x(r)] = at
			missing := make([]float64, trials)
			for t := range missing {
				missing[t] = math.NaN()
			}
			out = append(out, stat.Point{X: x(r), Y: missing})
		}
		if taken[[2]int{at, trial(r)}] {
			out[at].Y[trial(r)] = math.NaN() // two values in one place: neither counts
			continue
		}
		taken[[2]int{at, trial(r)}] = true
		out[at].Y[trial(r)] = y(r)
	}
	slices.SortFunc(out, func(a, b stat.Point) int {
		if a.X < b.X {
			return -1
		}
		return 1
	})
	return out
}
