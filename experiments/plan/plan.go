// plan.go lists what a config asks to be run: settings with their variants and searches.

package plan

import (
	"fmt"
	"iter"

	"spfq/experiments/claim"
	"spfq/experiments/config"
	"spfq/experiments/grid"
	"spfq/results"
	"spfq/sim"
)

// Plan is everything that a config asks to be run.
type Plan struct {
	Spec     *config.Spec
	Settings []Setting // one for each of Grid.Settings, in that order
	Variants []Variant // one for each of Grid.Variants, in that order
	Searches []Search  // all searches that run on some setting
	Grid     *grid.Grid

	keys keyTexts
}

// Setting is a network and a data set to draw, with the variants and searches that run on
// each instance of them. A trial draws one instance for all of these.
type Setting struct {
	results.Setting
	Instance sim.Instance // that of trial 0
	Variants []Variant    // in the order of Plan.Variants; settings may share the list: read only
	Searches []Search     // in the order of Plan.Searches; settings may share the list: read only

	variants, searches []int // the numbers in the plan of Variants and Searches, ascending
}

// Variant is a variant of the plan: the columns that tell its records apart, and the
// choices by which it quantizes.
type Variant struct {
	results.Variant
	Sim sim.Variant // Certify is set only in the variants of a setting that needs it, not in Plan.Variants
}

// Search is a variant with the infinite alphabet, for which the smallest K is sought at
// which the error is within a factor of the infinite alphabet's.
type Search struct {
	Variant
	Factor float64
}

// New spans the grid of a config, applies its sweep, and adds what its claims need. It
// reports, by key path, combinations that cannot be drawn, a grid that is too large, and
// sweeps and claims that do not fit the grid. The plan is nil if there is no grid. An
// error means that two settings, variants or searches have the same record key, which is
// a mistake of the program that would lose records.
func New(s *config.Spec, report func(key, format string, args ...any)) (*Plan, error) {
	g := sweep(s, report)
	if g == nil {
		return nil, nil
	}
	if text := checkConditions(g, len(s.Claims), "claims"); text != "" {
		report("claims", "%s", text)
		return nil, nil
	}
	p := &Plan{Spec: s, Grid: g}
	for i := range g.Variants {
		p.Variants = append(p.Variants, Variant{g.Variants[i], variant(&g.Variants[i])})
	}
	p.fillSettings()
	p.keys = p.keyTexts()
	if err := p.checkKeys(); err != nil {
		return nil, err
	}
	for i, c := range s.Claims {
		at := fmt.Sprintf("claims[%d]", i)
		claim.Check(c, g, func(key, format string, args ...any) {
			report(join(at, key), format, args...)
		})
	}
	return p, nil
}

func join(key, name string) string {
	if name == "" {
		return key
	}
	return key + "." + name
}

// checkWhere is claim.CheckWhere for conditions of a sweep. Its messages also say how to
// leave the sweep out.
func checkWhere(g *grid.Grid, w results.Where, key string, fail func(key, format string, args ...any)) bool {
	some := g.Any(w)
	return claim.CheckWhere(g, w, key, func(key, format string, args ...any) {
		if !some {
			format += config.LeaveSweepOut
		}
		fail(key, format, args...)
	})
}

// demand is what a claim needs measured, in terms of the plan's settings and variants.
type demand struct {
	settings []bool // for each setting, whether it satisfies the claim's conditions on settings
	variants []bool // for each variant, whether it satisfies the conditions on variants
	certify  bool   // whether the cells must be certified
	search   []int  // for each variant, the number of the search that it needs; −1 if it needs none
}

// demands lists what the claims need measured, and the searches that they need, each of
// these once.
func (p *Plan) demands() (out []demand, searches []Search) {
	number := map[Search]int{}
	for _, c := range p.Spec.Claims {
		need := claim.Needs(c)
		if !need.Certify && need.Factor == 0 {
			continue
		}
		d := demand{certify: need.Certify, search: make([]int, len(p.Variants))}
		d.settings, d.variants = p.Grid.Match(need.Where)
		matched := make([]bool, len(p.Variants)) // for each variant, whether the claim is about it on some setting
		for _, v := range p.Grid.Cells(need.Where) {
			matched[v] = true
		}
		for i, v := range p.Variants {
			d.search[i] = -1
			if need.Factor == 0 || !matched[i] || !v.Step.IsSet() {
				continue
			}
			of := infinite(v.Variant)
			s := Search{Variant{of, variant(&of)}, need.Factor}
			if _, ok := number[s]; !ok {
				number[s] = len(searches)
				searches = append(searches, s)
			}
			d.search[i] = number[s]
		}
		out = append(out, d)
	}
	return out, searches
}

// What a setting asks of a variant or of a search.
const (
	notAsked = iota
	asked
	certified
)

// fillSettings gives each setting its variants and searches. Settings that run the same
// variants and searches share one list of them.
func (p *Plan) fillSettings() {
	var demands []demand
	demands, p.Searches = p.demands()
	type lists struct {
		variants           []Variant
		searches           []Search
		variantNo, numbers []int
	}
	shared := map[string]*lists{}
	what := make([]byte, len(p.Variants)+len(p.Searches))
	p.Settings = make([]Setting, 0, len(p.Grid.Settings))
	for s := range p.Grid.Settings {
		clear(what)
		for v := range p.Variants {
			if !p.Grid.Has(s, v) {
				continue
			}
			what[v] = asked
			for _, d := range demands {
				if !d.settings[s] {
					continue
				}
				if d.certify && d.variants[v] {
					what[v] = certified
				}
				if n := d.search[v]; n >= 0 {
					what[len(p.Variants)+n] = asked
				}
			}
		}
		l := shared[string(what)]
		if l == nil {
			l = &lists{}
			for i, w := range what {
				switch {
				case w == notAsked:
				case i < len(p.Variants):
					v := p.Variants[i]
					v.Sim.Certify = w == certified
					l.variants, l.variantNo = append(l.variants, v), append(l.variantNo, i)
				default:
					n := i - len(p.Variants)
					l.searches, l.numbers = append(l.searches, p.Searches[n]), append(l.numbers, n)
				}
			}
			shared[string(what)] = l
		}
		setting := p.Grid.Settings[s]
		p.Settings = append(p.Settings, Setting{Setting: setting, Instance: instance(&setting, results.Draw{Seed: p.Spec.Seed}),
			Variants: l.variants, Searches: l.searches, variants: l.variantNo, searches: l.numbers})
	}
}

// Identity returns the identity of a variant's record on a task.
func (p *Plan) Identity(t Task, v Variant) results.Identity {
	return results.Identity{Variant: v.Variant, Setting: p.Settings[t.Setting].Setting, Draw: results.Draw{Trial: t.Trial, Seed: p.Spec.Seed}}
}

// Task is one trial of one setting. It is the unit of work: its records are appended
// together.
type Task struct{ Setting, Trial int }

// Tasks lists all tasks, setting by setting.
func (p *Plan) Tasks() iter.Seq[Task] {
	return func(yield func(Task) bool) {
		for s := range p.Settings {
			for t := range p.Spec.Trials {
				if !yield(Task{s, t}) {
					return
				}
			}
		}
	}
}

// TaskCount is the number of tasks.
func (p *Plan) TaskCount() int { return len(p.Settings) * p.Spec.Trials }

// Instance returns the instance of a task.
func (p *Plan) Instance(t Task) sim.Instance {
	in := p.Settings[t.Setting].Instance
	in.Trial = t.Trial
	return in
}
