// metric.go checks the name of a metric given beside a config.

package experiments

import (
	"slices"
	"strings"

	"spfq/internal/domain"
	"spfq/results"
)

// CheckMetric refuses, as a *UsageError, what is no numeric column of a record
// beside those of its identity.
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
