// derived.go writes what follows from a run's records into its folder.

package experiments

import (
	"path/filepath"
	"slices"

	"spfq/results"
)

// WriteDerived writes the CSV files and claims.json, judged anew, and returns
// the claims.
func (m *Measured) WriteDerived(dir string) ([]results.Claim, error) {
	if err := results.WriteCSVs(dir, m.Records, m.Searches); err != nil {
		return nil, err
	}
	claims := m.Judge()
	if claims == nil {
		claims = []results.Claim{} // [] in the file, not null
	}
	return claims, results.WriteJSON(filepath.Join(dir, results.ClaimsFile), claims)
}

// CheckClaims refuses judged claims that are not those of the run in dir: their
// kinds are not its config's, in its order. A config that this program cannot
// read says nothing about them.
func CheckClaims(dir string, claims []results.Claim) error {
	plan, err := Load(filepath.Join(dir, configFile), nil)
	if err != nil {
		return nil
	}
	var want, have []string
	for _, c := range plan.Config.Claims {
		want = append(want, c.base().Kind)
	}
	for _, c := range claims {
		have = append(have, c.Kind)
	}
	// A claim by series is judged once a series.
	if len(have) < len(want) || !slices.Equal(slices.Compact(have), slices.Compact(want)) {
		return usagef("%s: not the claims of this run, as %s has them: build it anew by runexp report %s",
			filepath.Join(dir, results.ClaimsFile), configFile, dir)
	}
	return nil
}
