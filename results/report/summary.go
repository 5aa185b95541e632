// summary.go gathers the claims and figures of several runs on one page.

package report

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"spfq/results"
)

// WriteSummary writes a Markdown page with each run's question, its claims with
// their verdicts and notes, and its figures (PNG, by path relative to the page).
func WriteSummary(path string, s results.Summary) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	return results.WriteFile(path, func(w io.Writer) error {
		count := map[string]int{}
		total := 0
		for _, r := range s.Runs {
			for _, c := range r.Claims {
				count[c.Verdict]++
				total++
			}
		}
		fmt.Fprintf(w, "# Every claim, judged\n\n%d claims of %d runs: %d supported, %d refuted, %d inconclusive.\n",
			total, len(s.Runs), count[results.Supported], count[results.Refuted], count[results.Inconclusive])
		for _, r := range s.Runs {
			fmt.Fprintf(w, "\n## %s\n\n%s\n\nConfig %s.\n\n", r.Name, r.About, r.ConfigHash)
			if len(r.Claims) > 0 {
				if err := claimsTable(Run{Name: r.Name, Claims: r.Claims}).markdown(w); err != nil {
					return err
				}
			}
			figures, err := filepath.Glob(filepath.Join(r.Dir, "figures", "*.png"))
			if err != nil {
				return err
			}
			slices.Sort(figures)
			for _, f := range figures {
				f, err := filepath.Abs(f)
				if err != nil {
					return err
				}
				rel, err := filepath.Rel(filepath.Dir(path), f)
				if err != nil {
					return err
				}
				fmt.Fprintf(w, "\n![%s of %s](%s)\n", filepath.Base(f), r.Name, filepath.ToSlash(rel))
			}
		}
		return nil
	})
}
