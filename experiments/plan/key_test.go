package plan_test

import (
	"strings"
	"testing"

	"spfq/experiments/config"
	"spfq/experiments/plan"
	"spfq/results"
)

// Settings, variants or searches that their record keys do not tell apart are
// refused, and with them the plan, before anything is run: here by a table of axes
// that is broken, and says of a value in use that it once had the name of another.
func TestRefusesEqualKeys(t *testing.T) {
	for _, c := range []struct {
		column, was, now string
		sets             []string
		want             string // in the refusal
	}{
		{"weights", "gaussian", "uniform", []string{"network.weights=[gaussian, uniform]"}, "two settings have one record key"},
		{"align", "exact", "order-2", nil, "two variants have one record key"},
		// Two alignments, each with a finite alphabet of its own: only the infinite
		// ones, which searches compare with, are alike in all else.
		{"align", "exact", "order-2", []string{"methods=[{name: spfq, align: [exact, order-2]}]", "alphabet.bits=[3, 4]",
			"sweep={zip: [[methods.0.align, alphabet.bits]]}", "claims=[{kind: bits_growth}]"}, "two searches have one record key"},
	} {
		doc, err := config.Parse("test.yaml", []byte(sample(t, "small")), c.sets)
		if err != nil {
			t.Fatal(err)
		}
		if p, err := plan.New(doc.Spec, doc.Fail); p == nil || err != nil || doc.Err() != nil {
			t.Errorf("%s: by the whole table: error %v, problems %v", c.want, err, doc.Err())
		}
		row := results.AxisOf(c.column)
		whole := row.Formerly
		row.Formerly = map[string]string{c.was: c.now}
		p, err := plan.New(doc.Spec, doc.Fail)
		row.Formerly = whole
		if p != nil || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("by a broken table: plan %v, error %v; want none, and %q", p, err, c.want)
		}
	}
}
