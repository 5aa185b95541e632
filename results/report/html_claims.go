// html_claims.go shows claims on the page: verdicts, notes, and a picture of
// each estimate within what was demanded.

package report

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"

	"spfq/results"
)

// claimsView is the table of claims, the notes of each beside it.
func claimsView(run Run) tableView {
	t := claimsTable(run)
	t.notes = nil
	v := t.view()
	if len(v.Rows) > 0 {
		v.Files = append(tableFiles(t), results.ClaimsFile)
	}
	demanded := slices.IndexFunc(v.Cols, func(c colView) bool { return c.Name == "demanded" })
	v.Cols = slices.Insert(v.Cols, demanded+1, colView{Name: "interval", Doc: "the estimate in its interval, above the range demanded"})
	for r := range v.Rows {
		c := run.Claims[r]
		picture := cellView{Picture: claimSVG(c), Numeric: true, Key: sortKey(float64(c.Estimate))}
		v.Rows[r] = slices.Insert(v.Rows[r], demanded+1, picture)
		v.Rows[r][1].Notes = c.Notes
		for i := range v.Cols {
			v.Rows[r][i].Badge = v.Cols[i].Name == "verdict"
		}
	}
	return v
}

// claimSVG draws an interval over the range that was demanded; nothing if the
// claim has no estimate. Ends that are infinite, or far outside, are cut.
func claimSVG(c results.Claim) template.HTML {
	const width, height, edge = 150.0, 22.0, 6.0
	est := float64(c.Estimate)
	if math.IsNaN(est) || math.IsInf(est, 0) {
		return ""
	}
	s := span{}
	for _, x := range []results.Num{c.Estimate, c.Lo, c.Hi, c.DemandLo, c.DemandHi} {
		s.add(float64(x))
	}
	lo, hi := s.lo, s.hi
	if lo == hi {
		lo, hi = lo-1, hi+1
	}
	at := func(x float64) float64 {
		return min(max(edge+(x-lo)/(hi-lo)*(width-2*edge), 0), width)
	}
	finite := func(x results.Num) bool { return !x.IsMissing() && !math.IsInf(float64(x), 0) }

	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="claim" viewBox="0 0 %s %s" aria-hidden="true">`, short(width), short(height))
	if finite(c.DemandLo) || finite(c.DemandHi) {
		from, to := 0.0, width
		edges := ""
		if finite(c.DemandLo) {
			from = at(float64(c.DemandLo))
			edges += fmt.Sprintf("M%s 2V20", short(from))
		}
		if finite(c.DemandHi) {
			to = at(float64(c.DemandHi))
			edges += fmt.Sprintf("M%s 2V20", short(to))
		}
		fmt.Fprintf(&b, `<rect class="demanded" x="%s" y="2" width="%s" height="18"/><path class="edge" d="%s"/>`, short(from), short(to-from), edges)
	}
	if !c.Lo.IsMissing() && !c.Hi.IsMissing() {
		from, to := at(float64(c.Lo)), at(float64(c.Hi))
		fmt.Fprintf(&b, `<path class="interval" d="M%s 11H%sM%s 7v8M%s 7v8"/>`, short(from), short(to), short(from), short(to))
	}
	fmt.Fprintf(&b, `<circle class="estimate" cx="%s" cy="11" r="3"/></svg>`, short(at(est)))
	return template.HTML(b.String())
}
