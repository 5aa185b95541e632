// merge.go joins the folders of several runs.

package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"spfq/experiments"
	"spfq/internal/kernel"
	"spfq/results"
)

func mergeCommand(args []string) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "merge DIR... --out DIR",
		Short: "Join the folders of several runs into one",
		Long: `Merge joins the records of the runs in the folders DIR, finished or not, in a new
folder, the DIR of --out: narrowed sweeps of a config, or other trials of it, run on
several machines. It writes there what runexp report writes. No trial is run, and the
folders that are joined stay as they are. (One folder alone is copied.)

Records are told apart by their keys. Where folders have the same one, a record that
did not fail is kept before one that did, and otherwise the first. If two have
different numbers, the command says how different they are where the sessions' kernels
or programs may change bits (docs/design.md), and otherwise refuses to join them.
Folders of several versions of the algorithm or of the random streams are refused.

If the folders have different configs, the new one has that which asks for the most of
what is there. To see all, run the config of the whole sweep with the new folder as its
--out: it finds every record done.

The exit code is 0 when all is written, whatever the verdicts.`,
		Example:           "  runexp merge results/runs/before results/runs/after --out results/runs/both",
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: completeFolders,
		RunE: func(cmd *cobra.Command, dirs []string) error {
			switch {
			case len(dirs) == 0:
				return usagef("merge: want DIR..., the folders of the runs to join")
			case out == "":
				return usagef("merge: --out DIR is missing: where to?")
			}
			if err := kernel.Err(); err != nil {
				return usageError{err}
			}
			watching.Store(true)
			var console string
			err := experiments.Merge(cmd.Context(), experiments.Merging{
				Dirs: dirs, Out: out, Command: commandLine(args),
				Notice: func(text string) { fmt.Fprintln(cmd.ErrOrStderr(), text) },
				Report: func(dir string, m *experiments.Measured, claims []results.Claim, manifest results.Manifest) (err error) {
					console, err = writeReport(dir, m, claims, manifest)
					return err
				},
			})
			if experiments.Interrupted(err) {
				fmt.Fprintln(cmd.ErrOrStderr(), "interrupted: nothing was written to", out)
			}
			if err != nil {
				return err
			}
			watching.Store(false)
			return printRun(cmd.OutOrStdout(), console, out, false)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "folder to make: it must not exist, or be empty")
	completeFlag(cmd, "out", completeFolders)
	return cmd
}
