// summary.go gathers the claims of several runs.

package experiments

import (
	"spfq/results"
)

// Summarize judges the claims of the runs in the given folders again, by their
// records. Folders that hold no finished run, or one that cannot be read, are left
// out, each with an error that says why.
func Summarize(dirs []string) (results.Summary, []error) {
	var s results.Summary
	var left []error
	for _, dir := range dirs {
		m, manifest, err := Open(dir)
		if err == nil {
			if missing, planned := m.Missing(); manifest.End == nil || missing > 0 {
				err = usagef("%s: the run is not finished, %d of %d trials are missing: run its config again to go on", dir, missing, planned)
			}
		}
		if err != nil {
			left = append(left, err)
			continue
		}
		claims := m.Judge()
		for i := range claims {
			claims[i].Bounds = nil // of single records
		}
		s.Runs = append(s.Runs, results.RunSummary{Name: manifest.Name, About: manifest.About, ConfigHash: manifest.ConfigHash, Dir: dir, Claims: claims})
	}
	return s, left
}
