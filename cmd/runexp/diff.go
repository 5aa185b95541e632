// diff.go compares two runs.

package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"spfq/experiments"
	"spfq/results"
	"spfq/results/compare"
	"spfq/results/report"
)

// diffSignificance is the significance level of a comparison: the probability that
// any change is shown where nothing changed.
const diffSignificance = 0.05

func diffCommand() *cobra.Command {
	var metric string
	asJSON, asMarkdown := results.Output{Flag: "--json"}, results.Output{Flag: "--markdown"}
	var strict bool
	cmd := &cobra.Command{
		Use:   "diff A B",
		Short: "Show what differs between two runs",
		Long: `Diff compares the runs in the folders A and B, finished or not. It shows the claims
whose verdict changed, then the cells (a setting with a variant) whose metric
changed, and the numbers of the rest. Trials of the same seed and random streams
have the same draws and are compared in pairs, others as independent samples;
p-values are corrected for the number of cells (Holm, significance level 0.05).

Exit codes:
    0  no verdict got worse
    1  a verdict got worse; with --strict also: a metric got significantly worse,
       or was not reproduced with the same seed and versions
    2  bad usage, no run in A or B, or nothing that both have
    3  a file could not be written`,
		Example: `  runexp diff results/runs/ci-before results/runs/ci-after
  runexp diff A B --metric test_rel_sq_error --markdown diff.md`,
		Args: cobra.ArbitraryArgs,

		ValidArgsFunction: completeFolders,
		RunE: func(cmd *cobra.Command, dirs []string) error {
			if len(dirs) != 2 {
				return usagef("diff: want two folders of runs, have %d: runexp diff A B", len(dirs))
			}
			if err := experiments.CheckMetric(metric); err != nil {
				return err
			}
			if err := results.CheckOutputs([]results.Output{asJSON, asMarkdown}, nil, dirs); err != nil {
				return err
			}
			a, measuredA, err := readRun(dirs[0], []string{metric})
			if err != nil {
				return err
			}
			b, measuredB, err := readRun(dirs[1], []string{metric})
			if err != nil {
				return err
			}
			for i, m := range []*experiments.Measured{measuredA, measuredB} {
				if trouble, _ := trialTrouble(m); trouble != "" {
					fmt.Fprintf(cmd.ErrOrStderr(), "runexp: %s: %s\n", dirs[i], trouble)
				}
			}
			c := compare.Compare(a, b, diffSignificance)
			if err := asJSON.Write(func(w io.Writer) error { return results.EncodeJSON(w, c) }); err != nil {
				return err
			}
			if err := asMarkdown.Write(func(w io.Writer) error { return report.ComparisonMarkdown(w, c) }); err != nil {
				return err
			}
			// All is written: whoever reads what is printed may stop reading.
			if err := report.PrintComparison(cmd.OutOrStdout(), c); err != nil {
				return err
			}
			return diffVerdict(c, strict, cmd.ErrOrStderr())
		},
	}
	cmd.Flags().StringVar(&metric, "metric", "rel_sq_error", "column of the records to compare")
	completeFlag(cmd, "metric", completeMetrics)
	cmd.Flags().BoolVar(&strict, "strict", false, "fail (1) for a metric that got worse, too")
	pathFlag(cmd, &asJSON.Path, "json", "write the comparison to this file as JSON")
	pathFlag(cmd, &asMarkdown.Path, "markdown", "write the comparison to this file as Markdown")
	return cmd
}

// diffVerdict turns a comparison into an exit code, and says why it is not 0.
func diffVerdict(c compare.Comparison, strict bool, stderr io.Writer) error {
	for _, run := range []compare.Source{c.A, c.B} {
		if run.Trials+run.Failed == 0 {
			return usagef("%s: no record is there that its config asks for: nothing was compared", run.Path)
		}
	}
	if c.Cells == 0 && len(c.Claims) == 0 {
		return usagef("%s and %s have no cell and no claim in common: nothing was compared", c.A.Path, c.B.Path)
	}
	if n := c.ClaimsWorse(); n > 0 {
		fmt.Fprintf(stderr, "runexp: the verdict of %d of %d claims got worse\n", n, len(c.Claims))
		return codeError(exitRefuted)
	}
	worse := c.Count(compare.Worse) + c.Count(compare.Moved)
	if strict && worse+c.Irreproducible() > 0 {
		fmt.Fprintf(stderr, "runexp: %d cells got significantly worse, %d were not reproduced\n", worse, c.Irreproducible())
		return codeError(exitRefuted)
	}
	return nil
}
