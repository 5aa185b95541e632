// metric.go checks the names of metrics that are given on the command line.

package experiments

import (
	"slices"
	"strings"

	"spfq/internal/domain"
	"spfq/results"
)

// CheckMetric refuses, as a *UsageError, a name that is not that of a numeric column of
// what was measured, which excludes the columns of the identity.
func CheckMetric(name string) error {
	var names []string
	for _, c := range results.Columns(results.Record{}) {
		if _, ok := results.Lookup(results.Identity{}, c.Name); !ok && c.Numeric() {
			names = append(names, c.Name)
		}
	}
	if slices.Contains(names, name) {
		return nil
	}
	return usagef("no metric %q%s (metrics: %s)", name, domain.DidYouMean(name, names), strings.Join(names, ", "))
}
