// summary.go gathers the claims and figures of several runs on one page.

package report

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"spfq/internal/display"
	"spfq/results"
)

// markdownPath is a relative path as the address of a link in Markdown.
func markdownPath(path string) string {
	address := url.URL{Path: filepath.ToSlash(path)}
	return strings.NewReplacer("(", "%28", ")", "%29").Replace(address.EscapedPath())
}

// WriteSummary writes a Markdown page with each run's question, its claims with
// their verdicts and notes, and its figures (PNG, by path relative to the page, whose
// own path is given).
func WriteSummary(w io.Writer, path string, s results.Summary) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
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
		fmt.Fprintf(w, "\n## %s\n\n%s\n\nConfig %s.\n\n", display.Markdown(r.Name), display.Markdown(r.About), display.Markdown(r.ConfigHash))
		if len(r.Claims) > 0 {
			if err := claimsTable(Run{Name: r.Name, Claims: r.Claims}).markdown(w); err != nil {
				return err
			}
		}
		figures, err := os.ReadDir(filepath.Join(r.Dir, "figures")) // sorted by name
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, e := range figures {
			if filepath.Ext(e.Name()) != ".png" || results.Incidental(e.Name()) {
				continue
			}
			f, err := filepath.Abs(filepath.Join(r.Dir, "figures", e.Name()))
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(filepath.Dir(path), f)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "\n![%s of %s](%s)\n", display.Markdown(filepath.Base(f)), display.Markdown(r.Name), markdownPath(rel))
		}
	}
	return nil
}
