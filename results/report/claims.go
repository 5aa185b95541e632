// claims.go writes the claims of a run alone.

package report

import (
	"io"

	"spfq/results"
)

// PrintClaims writes the table of claims for a console of 120 columns.
func PrintClaims(w io.Writer, name string, claims []results.Claim) error {
	return claimsTable(Run{Name: name, Claims: claims}).text(w)
}

// ClaimsMarkdown writes the table of claims for GitHub and its kin.
func ClaimsMarkdown(w io.Writer, name string, claims []results.Claim) error {
	return claimsTable(Run{Name: name, Claims: claims}).markdown(w)
}
