// baseline.go writes what a run found to a baseline, with which later runs are
// compared.

package main

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"spfq/results"
	"spfq/results/compare"
)

func baselineCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "baseline DIR",
		Short: "Keep what a run found, for later runs to be checked against",
		Long: `Baseline writes what the run in DIR found to a small JSON file that is meant for
version control: each claim with its verdict, estimate and interval; for each cell
(a setting with a variant), on a line of its own, the mean, the 95% interval and
the value of every trial of rel_sq_error, max_column_error, test_rel_sq_error,
max_v and operations; and versions, config hash, seed, command and machine. The
run must be whole. runexp check --baseline FILE compares later runs with it.`,
		Example: "  runexp baseline results/runs/ci --out baselines/ci.json",
		Args:    cobra.ArbitraryArgs,

		ValidArgsFunction: completeFolders,
		RunE: func(cmd *cobra.Command, dirs []string) error {
			if len(dirs) != 1 {
				return usagef("baseline: want one DIR, have %d", len(dirs))
			}
			s, m, err := readRun(dirs[0], compare.BlessedMetrics)
			if err != nil {
				return err
			}
			if trouble, _ := trialTrouble(m); trouble != "" {
				return usagef("%s: %s: a baseline needs a whole run; run its config again", dirs[0], trouble)
			}
			if s.Run.End == nil {
				return usagef("%s: the run is not finished: run its config again", dirs[0])
			}
			if out == "" {
				out = filepath.Join("baselines", s.Run.Name+".json")
			}
			file := results.Output{Flag: "--out", Path: out}
			if err := results.CheckOutputs([]results.Output{file}, nil, dirs); err != nil {
				return err
			}
			if err := file.Write(func(w io.Writer) error { return compare.WriteBaseline(w, s) }); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), out)
			return nil
		},
	}
	pathFlag(cmd, &out, "out", "file to write (default baselines/NAME.json)")
	return cmd
}
