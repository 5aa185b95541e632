// missing.go says which trials a run does not hold yet.

package report

import (
	"fmt"
	"strings"

	"spfq/results"
)

// maxNamedSettings is how many cells a sentence names.
const maxNamedSettings = 8

// missingTable has a row for each network and data set of which trials are
// missing; none where the run is whole.
func missingTable(run Run) table {
	t := table{name: "missing", title: caption(run, "trials asked for that are not there"), empty: "no trial is missing"}
	shown := distinguishingColumns(coverageIDs(run))
	for _, c := range shown {
		t.cols = append(t.cols, col{name: c.Name})
	}
	t.cols = append(t.cols, col{name: "trials"}, col{name: "planned"})
	for _, c := range run.Coverage {
		if c.Done == c.Planned {
			continue
		}
		var row []value
		for _, s := range shown {
			row = append(row, identityValue(s, &c.Identity))
		}
		t.rows = append(t.rows, append(row, number(float64(c.Done)), number(float64(c.Planned))))
	}
	return t
}

// missing says in a sentence or two how many trials are there and of which
// networks and data sets there are none; nothing where the run is whole.
func (run Run) missing() string {
	done, planned := 0, 0
	var none, some []string
	shown := distinguishingColumns(coverageIDs(run))
	for _, c := range run.Coverage {
		done += c.Done
		planned += c.Planned
		what := columnTitles(shown, &c.Identity)
		switch {
		case c.Done == c.Planned:
		case c.Done == 0:
			none = append(none, what)
		default:
			some = append(some, fmt.Sprintf("%s (%d of %d)", what, c.Done, c.Planned))
		}
	}
	if done == planned {
		return ""
	}
	said := fmt.Sprintf("Unfinished: %d of %d trials are there.", done, planned)
	if len(run.Coverage) > 1 {
		said += sentence(" None of ", none) + sentence(" Some of ", some)
	}
	return said
}

// sentence is one that names some things and counts those beyond.
func sentence(begin string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	more := ""
	if n := len(names) - maxNamedSettings; n > 0 {
		names, more = names[:maxNamedSettings], fmt.Sprintf("; and %d more", n)
	}
	return begin + strings.Join(names, "; ") + more + "."
}

func coverageIDs(run Run) []*results.Identity {
	ids := make([]*results.Identity, len(run.Coverage))
	for i := range run.Coverage {
		ids[i] = &run.Coverage[i].Identity
	}
	return ids
}
