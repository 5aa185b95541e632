// report.go turns the records in a run's folder into tables, figures and the
// page that shows them all: at the end of a run, and again by runexp report.

package main

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"spfq/experiments"
	"spfq/results"
	"spfq/results/report"
)

func reportCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "report DIR",
		Short: "Build the tables, figures and report.html of a run again, from its records",
		Long: `Report reads the run in DIR, finished or not, and writes everything that follows
from its records anew: the CSV files, claims.json, tables, figures and
report.html. No trial is run; what is missing of an unfinished run is said. It
ends with exit code 0 when all is written, whatever the verdicts.`,
		Example: "  runexp report results/runs/gaussian_sweep-3f9a6c01",
		Args:    cobra.ArbitraryArgs,

		ValidArgsFunction: completeFolders,
		RunE: func(cmd *cobra.Command, dirs []string) error {
			if len(dirs) != 1 {
				return usagef("report: want one DIR, have %d", len(dirs))
			}
			dir := dirs[0]
			measured, _, err := experiments.Open(dir)
			if err != nil {
				return err
			}
			claims, err := measured.WriteDerived(dir)
			if err != nil {
				return err
			}
			return writeReport(dir, measured, claims, false, cmd.OutOrStdout())
		},
	}
}

// writeReport writes the tables, the figures and the page of the run in dir,
// prints the tables unless it is told to be quiet, and at the end the folder.
func writeReport(dir string, m *experiments.Measured, claims []results.Claim, quiet bool, stdout io.Writer) error {
	manifest, _, err := results.ReadManifest(dir)
	if err != nil {
		return err
	}
	config := m.Plan.Config
	run := report.Run{
		Name: config.Name, About: config.About,
		Records: m.Records, Searches: m.Searches, Claims: claims,
		Coverage: m.Coverage(), Command: quote(manifest.Command), Config: string(config.YAML()), Manifest: manifest,
	}
	if !quiet {
		if err := report.Print(stdout, run); err != nil {
			return err
		}
	}
	written, err := report.Write(dir, run)
	if err != nil {
		return err
	}
	if !quiet {
		for _, why := range written.Skipped {
			fmt.Fprintln(stdout, "left out:", why)
		}
	}
	fmt.Fprintln(stdout, filepath.Clean(dir))
	return nil
}
