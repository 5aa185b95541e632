// derived.go writes into a run's folder the files that are made from its records: CSV
// files and judged claims.

package experiments

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"

	"spfq/results"
)

// WriteDerived writes the CSV files, judges the claims, writes them to claims.json, and
// returns them.
func (m *Measured) WriteDerived(dir string) ([]results.Claim, error) {
	if err := results.WriteCSVs(dir, m.Records, m.Searches); err != nil {
		return nil, err
	}
	claims := m.Judge()
	return claims, results.WriteFile(filepath.Join(dir, results.ClaimsFile), func(w io.Writer) error { return writeClaims(w, claims) })
}

// writeClaims writes claims as results.WriteJSON would, but holds the text of only one
// claim at a time, since claims about bounds list every record.
func writeClaims(w io.Writer, claims []results.Claim) error {
	if len(claims) == 0 {
		_, err := io.WriteString(w, "[]\n")
		return err
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("  ", "  ")
	for i := range claims {
		b.Reset()
		if err := enc.Encode(&claims[i]); err != nil {
			return err
		}
		before := ",\n  "
		if i == 0 {
			before = "[\n  "
		}
		if _, err := fmt.Fprintf(w, "%s%s", before, bytes.TrimSuffix(b.Bytes(), []byte("\n"))); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "\n]\n")
	return err
}
