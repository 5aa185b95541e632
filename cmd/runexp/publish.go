// publish.go tells CI systems what was found: JUnit XML where asked for, and
// annotations and a step summary on GitHub.

package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"spfq/experiments"
	"spfq/internal/display"
	"spfq/results"
	"spfq/results/compare"
	"spfq/results/report"
)

// finding is the outcome of a run or a check.
type finding struct {
	config string // file with the claims, whose lines annotations name
	run    results.Manifest
	claims []results.Claim
	strict bool // whether inconclusive claims and missing trials count as failures

	trials string // what is wrong with the trials, or ""
	severe bool   // whether that fails a run that is not strict, too

	baseline    *compare.Comparison // comparison with the baseline; nil if there is none
	regressions []string            // how the run falls behind the baseline
}

// publication is where a finding is published: files of no name are not written.
type publication struct{ junit, summary results.Output }

// publishTo returns where the command that reads the given files publishes what it
// finds in dir, the folder of a run: the JUnit file named and, on GitHub, the step
// summary. It returns an error if these cannot or must not be written.
func publishTo(junit string, inputs []string, dir string) (publication, error) {
	p := publication{
		junit:   results.Output{Flag: "--junit", Path: junit},
		summary: results.Output{Flag: "GITHUB_STEP_SUMMARY", Path: os.Getenv("GITHUB_STEP_SUMMARY"), Append: true},
	}
	return p, results.CheckOutputs([]results.Output{p.junit, p.summary}, inputs, []string{dir})
}

// publishRun publishes what the run of a config in dir found.
func publishRun(config, dir string, to publication, f finding, stderr io.Writer) error {
	manifest, _, err := results.ReadManifest(dir)
	if err != nil {
		return err
	}
	f.config, f.run = config, manifest
	return f.publish(to, stderr)
}

// trialTrouble says how many trials are missing and how many records failed, or
// returns "". It is severe if a record failed or nothing was measured.
func trialTrouble(m *experiments.Measured) (trouble string, severe bool) {
	missing, planned := m.Missing()
	failed, measured := tally(m)
	var parts []string
	if missing > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d trials are missing", missing, planned))
	}
	if failed > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d records failed", failed, failed+measured))
	}
	return strings.Join(parts, ", "), failed > 0 || measured == 0
}

// publish writes the JUnit file if one is named, and annotations and the step
// summary if the environment is that of GitHub Actions.
func (f finding) publish(to publication, stderr io.Writer) error {
	if err := to.junit.Write(func(w io.Writer) error { return report.JUnit(w, f.suites()) }); err != nil {
		return err
	}
	if os.Getenv("GITHUB_ACTIONS") == "true" {
		f.annotate(raw(stderr))
	}
	return to.summary.Write(f.summarize)
}

// suites returns the test suites of the JUnit file: the claims, and what else
// decides the exit code (the trials and the comparison with the baseline).
func (f finding) suites() []report.Suite {
	trials := report.Case{Class: f.run.Name + ".run", Name: "every trial is there", Text: f.trials}
	switch {
	case f.severe:
		trials.Error = f.trials
	case f.trials != "" && f.strict:
		trials.Failure = f.trials
	case f.trials != "":
		trials.Skipped = f.trials
	}
	rest := report.Suite{Name: f.run.Name + " as a run", Time: f.run.Start, Host: f.run.Host, Cases: []report.Case{trials}}
	if f.baseline != nil {
		c := report.Case{Class: f.run.Name + ".baseline", Name: "as in " + f.baseline.A.Path, Text: strings.Join(f.regressions, "\n")}
		if n := len(f.regressions); n > 0 {
			c.Failure = fmt.Sprintf("%d regressions", n)
		}
		rest.Cases = append(rest.Cases, c)
	}
	return []report.Suite{report.ClaimsSuite(f.run, f.claims, f.strict), rest}
}

// annotate writes GitHub's workflow commands, which mark lines of the config.
func (f finding) annotate(w io.Writer) {
	note := func(severity string, line int, title, text string) {
		place := ""
		if line > 0 {
			place = fmt.Sprintf(",line=%d", line)
		}
		fmt.Fprintf(w, "::%s file=%s%s,title=%s::%s\n", severity, escapeProperty(f.config), place, escapeProperty(title), escapeData(text))
	}
	undecided := "warning"
	if f.strict {
		undecided = "error"
	}
	for i, c := range f.claims {
		text := c.Statement + ": " + report.ClaimLine(c)
		switch c.Verdict {
		case results.Refuted:
			note("error", c.Line, fmt.Sprintf("claim %d is refuted", i+1), text)
		case results.Inconclusive:
			note(undecided, c.Line, fmt.Sprintf("claim %d is inconclusive", i+1), text)
		}
	}
	switch {
	case f.severe:
		note("error", 0, "trials", f.trials)
	case f.trials != "":
		note(undecided, 0, "trials", f.trials)
	}
	for _, r := range f.regressions {
		note("error", 0, "not as in "+f.baseline.A.Path, r)
	}
}

// escapeData and escapeProperty escape the characters that would end a workflow
// command or a property of it, and show control characters.
func escapeData(s string) string {
	lines := strings.Split(s, "\r") // which a command can hold
	for i := range lines {
		lines[i] = display.Graphic(lines[i])
	}
	s = strings.Join(lines, "\r")
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func escapeProperty(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(escapeData(s))
}

// summarize writes the claims and the comparison with the baseline as Markdown, for
// the step summary.
func (f finding) summarize(out io.Writer) error {
	fmt.Fprintf(out, "### %s\n\n", display.Markdown(f.run.Name))
	if f.trials != "" {
		fmt.Fprintf(out, "%s.\n\n", display.Markdown(f.trials))
	}
	if len(f.claims) > 0 {
		if err := report.ClaimsMarkdown(out, f.run.Name, f.claims); err != nil {
			return err
		}
	}
	if f.baseline != nil {
		fmt.Fprintf(out, "\n#### Against the baseline\n\n")
		if err := report.ComparisonMarkdown(out, *f.baseline); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(out)
	return err
}
