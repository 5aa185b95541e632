// derived.go writes what follows from a run's records into its folder.

package experiments

import (
	"path/filepath"

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
