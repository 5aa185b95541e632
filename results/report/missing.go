// missing.go says which trials that the config asks for a run does not hold.

package report

import (
	"fmt"
	"strings"

	"spfq/results"
)

// maxNamedSettings is the number of settings that a sentence names; it counts the
// others.
const maxNamedSettings = 8

// missingTable has a row for each setting of which trials are missing, and no row
// if the run is complete.
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

// missing says in a few sentences how many trials the run holds, and of which
// settings it holds none or only some. It is empty if the run is complete.
func (run Run) missing() string {
	done, planned := 0, 0
	var none, some []string // settings of which no trial or only some are there
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

// sentence is begin followed by the first names and the number of the others. It
// is empty if there are no names.
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

// coverageIDs lists the settings that the config asks for; their columns of the
// variant are empty.
func coverageIDs(run Run) []*results.Identity {
	ids := make([]*results.Identity, len(run.Coverage))
	for i := range run.Coverage {
		ids[i] = &run.Coverage[i].Identity
	}
	return ids
}
