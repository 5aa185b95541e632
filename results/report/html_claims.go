// html_claims.go shows claims on the page: verdicts, notes, and a picture of
// each estimate within what was demanded.

package report

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"spfq/results"
)

// claimsView is the table of claims as the page shows it. The verdict comes second,
// after the number, since a narrow screen would not show it at the end; the notes
// stand below the statements; and a picture shows each interval.
func claimsView(run Run) tableView {
	t := claimsTable(run)
	t.notes = nil
	v := t.view()
	if len(v.Rows) > 0 {
		v.Files = append(tableFiles(t), results.ClaimsFile)
	}
	place := map[string]int{} // index of a column by its name
	for i, c := range v.Cols {
		place[c.Name] = i
	}
	order := []string{"#", "verdict", "statement", "estimate", "interval", "demanded", "quantity"}
	cols, rows := v.Cols, v.Rows
	v.Cols, v.Rows = nil, make([][]valueView, len(rows))
	for _, name := range order {
		if name == "interval" {
			v.Cols = append(v.Cols, colView{Name: name, Doc: "the estimate in its interval, above the range demanded"})
		} else {
			v.Cols = append(v.Cols, cols[place[name]])
		}
		for r := range rows {
			c := run.Claims[r]
			val := rows[r][place[name]]
			switch name {
			case "interval":
				val = valueView{Picture: claimSVG(c), Numeric: true, Key: sortKey(float64(c.Estimate))}
			case "verdict":
				val.Badge = true
			case "statement":
				val.Notes = c.Notes
			}
			v.Rows[r] = append(v.Rows[r], val)
		}
	}
	return v
}

// claimSVG draws the estimate of a claim and its interval on top of the range
// demanded. It returns nothing if the claim has no finite estimate. Infinite ends
// are drawn at the edge of the picture.
func claimSVG(c results.Claim) template.HTML {
	const width, height, edge = 150.0, 22.0, 6.0 // edge is the margin at either side of finite numbers
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
