// schema.go prints the JSON Schema of a config.

package main

import (
	"spfq/experiments/config"

	"github.com/spf13/cobra"
)

func schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of a config, for editors",
		Long: `Schema prints the JSON Schema (draft 2020-12) of a config, from which editors
complete keys, show what they mean and underline mistakes. Where an editor runs
yaml-language-server, this first line of a config is enough:

  # yaml-language-server: $schema=PATH-OR-URL

The schema sees what a key may hold; runexp validate sees the rest too.`,
		Example: "  runexp schema > config.schema.json",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write(config.Schema())
			return err
		},
	}
}

// noArguments refuses arguments.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s: takes no arguments, have %s", cmd.Name(), quote(args))
	}
	return nil
}
