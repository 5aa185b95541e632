// check.go judges a run again from its records, and compares it with a baseline.

package main

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"spfq/experiments"
	"spfq/results/compare"
	"spfq/results/report"
)

// checkSignificance is the significance level of the comparison with a baseline: the
// probability that a run in which nothing changed fails by chance. It is small since
// CI makes the comparison often. With the seed and versions of the baseline nothing
// is left to chance but codes that rounding errors flip.
const checkSignificance = 0.001

func checkCommand() *cobra.Command {
	var strict bool
	var baseline, junit string
	cmd := &cobra.Command{
		Use:   "check DIR",
		Short: "Judge the claims of a run again, and compare it with a baseline",
		Long: `Check reads the run in DIR, finished or not, judges its claims by its records and
prints them. No trial is run and nothing in DIR is written.

With --baseline FILE, made by runexp baseline, it fails if a verdict got worse, if
a claim or a cell (a setting with a variant) is missing, or if a metric of a cell
changed for better or worse. A change counts if it is significant (0.001 for all
cells together) or, with the same seed and versions, if more trials differ by more
than rounding errors than flips of codes by such errors explain. An intended change
is accepted by making a new baseline.

Exit codes, the first that applies:
    2  bad usage, no run in DIR, no baseline in FILE
    3  a trial failed (its records say why), or a file could not be written
    1  a claim is refuted, or the run falls behind the baseline
    4  nothing was measured, or a claim is inconclusive
    0  every claim is supported, and all is as in the baseline
With --strict the exit code is 1 for whatever is not as it should be: a trial that
failed or is missing, a claim that is not supported, a cell of too few trials to
compare.`,
		Example: `  runexp check results/runs/ci --strict --baseline baselines/ci.json --junit ci.xml`,
		Args:    cobra.ArbitraryArgs,

		ValidArgsFunction: completeFolders,
		RunE: func(cmd *cobra.Command, dirs []string) error {
			if len(dirs) != 1 {
				return usagef("check: want one DIR, have %d", len(dirs))
			}
			return check(dirs[0], baseline, junit, strict, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	cmd.Flags().BoolVar(&strict, "strict", false, "fail (1) for whatever is not as it should be, inconclusive claims and missing trials too")
	pathFlag(cmd, &baseline, "baseline", "compare with this file, made by runexp baseline")
	pathFlag(cmd, &junit, "junit", "write the verdicts to this file as JUnit XML, a test case a claim")
	return cmd
}

func check(dir, baseline, junit string, strict bool, stdout, stderr io.Writer) error {
	published, err := publishTo(junit, []string{baseline}, dir)
	if err != nil {
		return err
	}
	m, manifest, err := experiments.Open(dir)
	if err != nil {
		return err
	}
	f := finding{config: filepath.Join(dir, "config.yaml"), run: manifest, claims: m.Judge(), strict: strict}
	f.trials, f.severe = trialTrouble(m)
	if baseline != "" {
		blessed, err := compare.ReadBaseline(baseline)
		if err != nil {
			return usageError{err}
		}
		c := compare.Compare(blessed, compare.Summarize(dir, manifest, m.Records, f.claims, compare.BlessedMetrics), checkSignificance)
		f.baseline, f.regressions = &c, report.Regressions(c, strict)
	}

	if err := f.publish(published, stderr); err != nil { // before anything is printed: whoever reads that may stop reading
		return err
	}
	if len(f.claims) > 0 {
		if err := report.PrintClaims(stdout, manifest.Name, f.claims); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(stdout, "%s has no claims\n", manifest.Name)
	}
	if f.baseline != nil {
		fmt.Fprintln(stdout)
		if err := report.PrintComparison(stdout, *f.baseline); err != nil {
			return err
		}
	}
	return f.exit(m, stderr)
}

// exit turns what was found into an exit code, and says why it is not 0.
func (f finding) exit(m *experiments.Measured, stderr io.Writer) error {
	if f.trials != "" && !f.severe { // if it is severe, verdict says so below
		fmt.Fprintln(stderr, "runexp:", f.trials)
	}
	for _, r := range f.regressions {
		fmt.Fprintln(stderr, "runexp: not as in the baseline:", r)
	}
	bad, measured := tally(m)
	err := verdict(bad, measured, f.claims, stderr)
	failed := err == codeError(exitFailed)
	if f.strict && (err != nil || f.trials != "") || len(f.regressions) > 0 && !failed {
		return codeError(exitRefuted)
	}
	return err
}

// readRun reads the run in a folder, finished or not, judges its claims and
// summarizes the given metrics.
func readRun(dir string, metrics []string) (compare.Summary, *experiments.Measured, error) {
	m, manifest, err := experiments.Open(dir)
	if err != nil {
		return compare.Summary{}, nil, err
	}
	return compare.Summarize(dir, manifest, m.Records, m.Judge(), metrics), m, nil
}
