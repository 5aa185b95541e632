// claims.go writes the table of claims by itself.

package report

import (
	"io"

	"spfq/results"
)

// PrintClaims writes the claims of the run called name as a table for a console of
// 120 columns.
func PrintClaims(w io.Writer, name string, claims []results.Claim) error {
	return claimsTable(Run{Name: name, Claims: claims}).text(w)
}

// ClaimsMarkdown writes the claims of the run called name as a Markdown table, in
// the dialect of GitHub.
func ClaimsMarkdown(w io.Writer, name string, claims []results.Claim) error {
	return claimsTable(Run{Name: name, Claims: claims}).markdown(w)
}
