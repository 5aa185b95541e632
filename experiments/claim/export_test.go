package claim

import "spfq/results"

// The theorems for tests of other packages, which judge whole runs by them.

// NeedsOrderR reports whether a theorem is about alignments of order r.
func NeedsOrderR(theorem string) bool { return theorems[theorem].orderR }

// DivideBounds divides the bounds of all theorems until restore is called: those of
// single layers by layer, the looser ones of alignments and whole networks by whole.
func DivideBounds(layer, whole float64) (restore func()) {
	before := theorems
	theorems = map[string]theorem{}
	for name, th := range before {
		by, exact := layer, th.bound
		if th.exact || th.orderR || name == "one_layer" {
			by = whole
		}
		th.bound = func(r *results.Record, eta float64) (float64, float64, error) {
			measured, bound, err := exact(r, eta)
			return measured, bound / by, err
		}
		theorems[name] = th
	}
	return func() { theorems = before }
}
