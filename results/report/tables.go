// tables.go makes the tables of a run.

package report

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"spfq/results"
	"spfq/results/stat"
)

// tables lists the tables of a run, empty ones included.
func tables(run Run, n naming) []table { return tablesOf(run, n, recordCells(run.Records)) }

// tablesOf does what tables does, given the cells of the run's records.
func tablesOf(run Run, n naming, cells []cell[results.Record]) []table {
	out := []table{resultsTable(run, n, cells), exponentsTable(run, n, cells), layersTable(run, n, layerCells(cells))}
	return append(append(out, bitsTables(run, n)...), claimsTable(run))
}

// bitsTables makes a bits table for each factor that searches allowed. Without
// searches it makes a single table without rows.
func bitsTables(run Run, n naming) []table {
	groups := byFactor(run.Searches)
	if len(groups) == 0 {
		return []table{bitsTable(run, n)}
	}
	var out []table
	for i, g := range groups {
		run.Searches = g
		t := bitsTable(run, n)
		t.name += factorSuffix(i, g)
		out = append(out, t)
	}
	return out
}

// byFactor groups searches by the factor that they allowed, ascending. A mean over
// searches with different factors would have no meaning.
func byFactor(searches []results.Search) [][]results.Search {
	groups := map[results.Num][]results.Search{}
	for _, s := range searches {
		groups[s.Factor] = append(groups[s.Factor], s)
	}
	var out [][]results.Search
	for _, f := range slices.Sorted(maps.Keys(groups)) {
		out = append(out, groups[f])
	}
	return out
}

// factorSuffix is what the name of the table or figure of the i-th factor ends
// with. It is empty for the first factor, the smallest.
func factorSuffix(i int, searches []results.Search) string {
	if i == 0 {
		return ""
	}
	return "_factor_" + searches[0].Factor.String()
}

// caption is the name of the run, if it has one, followed by what a table shows.
func caption(run Run, what string) string {
	if run.Name == "" {
		return what
	}
	return run.Name + ": " + what
}

// A measure is a column that has the mean of a quantity over trials. of returns the
// quantity of one trial, NaN if it was not measured.
type measure[R any] struct {
	name string
	show show
	of   func(*R) float64
}

// cellTable is a table with one row per cell: the label of the method, the columns
// that tell cells apart, the layer if cells are of layers, the number of trials, and
// the measures. The other identity columns are in its CSV form only; its notes say
// what their value is or that it follows from the columns shown.
func cellTable[R any](n naming, cells []cell[R], measures []measure[R]) table {
	ids := identities(cells)
	shown := distinguishingColumns(ids)
	var hidden []results.Column
	for _, c := range identityColumns {
		if !slices.ContainsFunc(shown, func(s results.Column) bool { return s.Name == c.Name }) {
			hidden = append(hidden, c)
		}
	}
	failed, total, layers := 0, 0, 0
	for _, c := range cells {
		if c.layer <= 1 { // count a trial once, not in every layer
			failed += c.failed
			total += c.failed + len(c.trials)
		}
		layers = max(layers, c.layer)
	}
	failures := col{name: "failed"}
	if failed == 0 {
		failures.show = csvOnly
	}

	t := table{notes: fixedNotes(n, ids, shown)}
	if failed > 0 {
		t.notes = append(t.notes, fmt.Sprintf("%d of %d trials failed; means are over those that did not.", failed, total))
	}
	t.cols = append(t.cols, col{name: "variant"})
	for _, c := range shown {
		t.cols = append(t.cols, col{name: c.Name})
	}
	if layers > 0 {
		t.cols = append(t.cols, col{name: "layer"})
	}
	t.cols = append(t.cols, col{name: "trials"}, failures)
	for _, m := range measures {
		t.cols = append(t.cols, col{name: m.name, show: m.show})
	}
	for _, c := range hidden {
		t.cols = append(t.cols, col{name: c.Name, show: csvOnly})
	}

	rowOf := func(row []value, c cell[R]) []value {
		row = append(row, words(n.label(c.id)))
		for _, s := range shown {
			row = append(row, identityValue(s, c.id))
		}
		if layers > 0 {
			row = append(row, number(float64(c.layer)))
		}
		row = append(row, number(float64(len(c.trials))), number(float64(c.failed)))
		for _, m := range measures {
			row = append(row, estimated(c.estimate(m.of)))
		}
		for _, h := range hidden {
			row = append(row, identityValue(h, c.id))
		}
		return row
	}
	printed := min(len(cells), maxRows)
	for _, c := range cells[:printed] {
		t.rows = append(t.rows, rowOf(nil, c))
	}
	t.further(len(cells)-printed, func(yield func([]value) bool) {
		var row []value
		for _, c := range cells[printed:] {
			if row = rowOf(row[:0], c); !yield(row) {
				return
			}
		}
	})
	return t
}

// fixedNotes are notes on what the columns shown leave open: which choices the
// labels stand for, the value of each identity column that has only one, and which
// columns are determined by those shown.
func fixedNotes(n naming, ids []*results.Identity, shown []results.Column) []string {
	if len(ids) == 0 {
		return nil
	}
	var variants, fixed, following []string
	seen := map[string]bool{}
	for _, id := range ids {
		if label := n.label(id); !seen[label] {
			seen[label] = true
			variants = append(variants, n.describe(label))
		}
	}
	for _, c := range identityColumns {
		named := slices.Contains(choices, c.Name) || slices.ContainsFunc(shown, func(s results.Column) bool { return s.Name == c.Name })
		switch text := c.Text(ids[0]); {
		case named:
		case len(results.PartitionBy(ids, c).First) > 1:
			following = append(following, c.Name)
		case text != "":
			fixed = append(fixed, c.Name+" "+text)
		}
	}
	notes := []string{"Variants: " + strings.Join(variants, "; ") + "."}
	if len(fixed) > 0 {
		notes = append(notes, "Fixed: "+strings.Join(fixed, ", ")+".")
	}
	if len(following) > 0 {
		notes = append(notes, "Determined by the columns shown: "+strings.Join(following, ", ")+".")
	}
	return notes
}

// resultsTable has the errors of every cell, averaged over trials.
func resultsTable(run Run, n naming, cells []cell[results.Record]) table {
	type R = results.Record
	t := cellTable(n, cells, []measure[R]{
		{"rel_sq_error", withInterval, func(r *R) float64 { return float64(r.RelSqError) }},
		{"rel_error", meanOnly, func(r *R) float64 { return float64(r.RelError) }},
		{"max_error", meanOnly, func(r *R) float64 { return float64(r.MaxError) }},
		{"test_rel_sq_error", meanOnly, func(r *R) float64 { return float64(r.TestRelSqError) }},
		{"bits_per_weight", everywhere, func(r *R) float64 { return float64(r.BitsPerWeight) }},
		{"saturated_share", meanOnly, func(r *R) float64 { return r.Saturated.Float() / r.WeightCount.Float() }},
	})
	t.name, t.title = "results", caption(run, "errors, means over trials")
	t.empty = "the run has no records"
	return t
}

// layersTable has what was measured in each layer of every cell, averaged over
// trials.
func layersTable(run Run, n naming, cells []cell[results.Layer]) table {
	type L = results.Layer
	t := cellTable(n, cells, []measure[L]{
		{"align_residual", meanOnly, func(l *L) float64 { return float64(l.AlignResidual) }},
		{"quant_error", withInterval, func(l *L) float64 { return float64(l.QuantError) }},
		{"layer_max_v", meanOnly, func(l *L) float64 { return float64(l.MaxV) }},
		{"layer_saturated", meanOnly, func(l *L) float64 { return l.Saturated.Float() }},
		{"layer_dead", meanOnly, func(l *L) float64 { return l.Dead.Float() }},
		{"kappa", meanOnly, func(l *L) float64 { return float64(l.Kappa) }},
		{"max_aligned", meanOnly, func(l *L) float64 { return float64(l.MaxAligned) }},
	})
	t.name, t.title = "layers", caption(run, "layer by layer, means over trials")
	t.empty = "no record tells of its layers"
	return t
}

// bitsTable has the bits per weight that the searches found, and beside them the
// growth with the width that theory allows.
func bitsTable(run Run, n naming) table {
	type S = results.Search
	t := cellTable(n, searchCells(run.Searches), []measure[S]{
		{"needed_K", meanOnly, func(s *S) float64 { return s.NeededK.Float() }},
		{"needed_bits", withInterval, func(s *S) float64 { return float64(s.NeededBits) }},
		{"first_free_bits", withInterval, func(s *S) float64 { return float64(s.FirstBits) }},
		{"free_bits", withInterval, func(s *S) float64 { return float64(s.FreeBits) }},
		{"half_log2_ln_N", everywhere, func(s *S) float64 { return halfLogLog(float64(s.Width)) }},
	})
	t.name, t.title = "bits", caption(run, "bits a weight, log2(2K+1), means over trials")
	t.notes = append([]string{"needed: the error is within " + factors(run.Searches) + " of the infinite alphabet's; " +
		"first_free, free: nothing saturates in the first layer, in all layers; " +
		"half_log2_ln_N: the growth that theory allows, up to a constant."}, t.notes...)
	t.empty = "the run has no bit searches"
	return t
}

// halfLogLog is ½ log2 ln N, the growth of the bits with the width N that theory
// allows, up to a constant.
func halfLogLog(width float64) float64 { return math.Log2(math.Log(width)) / 2 }

// factors lists the factors that the searches allowed, in words.
func factors(searches []results.Search) string {
	var fs []string
	for _, s := range searches {
		if f := "a factor " + s.Factor.String(); !slices.Contains(fs, f) {
			fs = append(fs, f)
		}
	}
	return strings.Join(fs, " or ")
}

// maxNamedFits is the number of fits that a note names; it counts the others.
const maxNamedFits = 50

// exponentsTable has the power laws in the width that the figure error_vs_width
// shows, one row per series of cells along the width.
func exponentsTable(run Run, n naming, cells []cell[results.Record]) table {
	t := table{name: "exponents", title: caption(run, "power laws constant·N^exponent of rel_sq_error in the width N")}
	shown := distinguishingColumns(identities(cells), "width")
	t.cols = append(t.cols, col{name: "variant"})
	for _, c := range shown {
		t.cols = append(t.cols, col{name: c.Name})
	}
	t.cols = append(t.cols, col{name: "exponent", show: withInterval}, col{name: "constant", show: meanOnly},
		col{name: "curvature", show: withInterval}, col{name: "points"}, col{name: "trials"})
	if t.empty = "the run has no records"; len(cells) > 0 {
		t.empty = "no power law can be fitted over the width"
	}
	all := seriesOver(n, cells, "width", results.PartitionBy(identities(cells), shown...).Of)
	remarks := map[string][]string{} // remark -> names of the first maxNamedFits fits that it is about
	var order []string               // the remarks, in order of appearance
	count := map[string]int{}        // remark -> number of fits that it is about
	remark := func(s series, what string) {
		if count[what]++; count[what] == 1 {
			order = append(order, what)
		}
		if count[what] > maxNamedFits {
			return
		}
		where := s.label
		if len(shown) > 0 {
			where += ", " + columnTitles(shown, s.cells[0].id)
		}
		remarks[what] = append(remarks[what], where)
	}
	for _, s := range all {
		law, err := s.powerLaw(calibrationError)
		if err != nil {
			remark(s, "no fit: "+err.Error())
			continue
		}
		row := []value{words(s.label)}
		for _, c := range shown {
			row = append(row, identityValue(c, s.cells[0].id))
		}
		t.rows = append(t.rows, append(row, estimated(law.Exponent), estimated(law.Prefactor), estimated(law.Curvature),
			number(float64(len(s.cells))), number(float64(law.Exponent.N))))
		for _, warning := range law.Exponent.Warnings {
			remark(s, warning)
		}
	}
	for _, what := range order {
		about := strings.Join(remarks[what], "; ")
		switch n := count[what]; {
		case len(all) > 1 && n == len(all):
			about = "Every fit"
		case n > maxNamedFits:
			about += fmt.Sprintf("; and %d more", n-maxNamedFits)
		}
		t.notes = append(t.notes, about+": "+what+".")
	}
	t.limit()
	return t
}

// claimsTable has a row for each claim, with the verdict. The notes on the claims
// are its notes.
func claimsTable(run Run) table {
	t := table{
		name:  "claims",
		title: caption(run, "claims"),
		empty: "the run has no claims",
		cols: []col{
			{name: "#"},
			{name: "statement", wrap: 36},
			{name: "quantity", wrap: 16},
			{name: "estimate", show: withEnds},
			{name: "demanded", wrap: 16},
			{name: "verdict"},
			{name: "kind", show: csvOnly}, {name: "confidence", show: csvOnly},
			{name: "demand_lo", show: csvOnly}, {name: "demand_hi", show: csvOnly},
			{name: "trials", show: csvOnly}, {name: "theorem", show: csvOnly}, {name: "over", show: csvOnly},
			{name: "metric", show: csvOnly}, {name: "constant", show: csvOnly}, {name: "where", show: csvOnly},
			{name: "notes", show: csvOnly},
		},
	}
	num := func(x results.Num) value { return number(float64(x)) }
	for i, c := range run.Claims {
		where := ""
		if len(c.Where) > 0 {
			b, err := json.Marshal(c.Where) // json sorts the map by its keys, so that the text is always the same
			if err != nil {
				b = fmt.Append(nil, c.Where)
			}
			where = string(b)
		}
		t.rows = append(t.rows, []value{
			number(float64(i + 1)),
			words(c.Statement),
			words(c.Quantity),
			estimated(stat.Estimate{Value: float64(c.Estimate), Interval: stat.Interval{Lo: float64(c.Lo), Hi: float64(c.Hi)}}),
			words(c.Demanded),
			words(c.Verdict),
			words(c.Kind), num(c.Confidence),
			num(c.DemandLo), num(c.DemandHi),
			number(float64(c.Trials)), words(c.Theorem), words(c.Over),
			words(c.Metric), num(c.Constant), words(where),
			words(strings.Join(c.Notes, "; ")),
		})
		for _, note := range c.Notes {
			if i >= maxRows {
				break // the row of this claim is not in print either
			}
			t.notes = append(t.notes, fmt.Sprintf("Claim %d: %s.", i+1, strings.TrimSuffix(note, ".")))
		}
	}
	t.limit()
	return t
}
