// validate.go checks configs without running them.

package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"spfq/experiments"
	"spfq/experiments/config"
)

func validateCommand() *cobra.Command {
	var sets []string
	cmd := &cobra.Command{
		Use:   "validate CONFIG...",
		Short: "Check configs and say all that is wrong with them",
		Long: `Validate checks each CONFIG as a run would, without running or writing
anything: keys, types and values, how they go together, and whether each claim
can be judged by the records that the run would make. All mistakes of all files are
reported at once, each with file, line, column, key and what would be right.

Exit code 0 if all configs can be run, 2 if one cannot.`,
		Example: `  runexp validate configs/*.yaml
  runexp validate configs/ci.yaml --set trials=100`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: completeConfigs,
		RunE: func(cmd *cobra.Command, configs []string) error {
			if len(configs) == 0 {
				return usagef("validate: want CONFIG..., have none")
			}
			mistakes, bad := 0, 0
			for _, path := range configs {
				plan, err := experiments.Load(path, sets)
				var wrong *config.Error
				switch {
				case errors.As(err, &wrong):
					mistakes, bad = mistakes+len(wrong.Problems), bad+1
					fmt.Fprintln(cmd.ErrOrStderr(), err)
				case err != nil:
					return err
				default:
					fmt.Fprintf(cmd.OutOrStdout(), "%s: ok: %d settings, %d variants, %d trials\n", path,
						len(plan.Settings), len(plan.Variants), plan.Spec.Trials)
				}
			}
			if bad > 0 {
				fmt.Fprintf(cmd.ErrOrStderr(), "runexp: %d of %d configs cannot be run (mistakes: %d)\n", bad, len(configs), mistakes)
				return codeError(exitUsage)
			}
			return nil
		},
	}
	setFlag(cmd, &sets)
	return cmd
}
