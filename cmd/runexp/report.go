// report.go turns the records in a run's folder into tables, figures and the page
// that shows them all, at the end of a run and when runexp report asks for it.

package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

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
report.html. No trial is run. The report of an unfinished run says what is missing.
While a run is at work in DIR, its tables so far are printed and nothing is written.
The exit code is 0 when all is written, whatever the verdicts.`,
		Example: "  runexp report results/runs/gaussian_sweep",
		Args:    cobra.ArbitraryArgs,

		ValidArgsFunction: completeFolders,
		RunE: func(cmd *cobra.Command, dirs []string) error {
			if len(dirs) != 1 {
				return usagef("report: want one DIR, have %d", len(dirs))
			}
			dir := dirs[0]
			if os.Getenv("GOGC") == "" { // with 100,000 records this saves a sixth of the memory and takes a tenth more time
				defer debug.SetGCPercent(debug.SetGCPercent(50))
			}
			err := experiments.Rewrite(dir, func(m *experiments.Measured, claims []results.Claim) error {
				_, err := writeReport(dir, m, claims, false, cmd.OutOrStdout())
				return err
			})
			if errors.Is(err, results.ErrLocked) {
				return look(dir, cmd.OutOrStdout(), cmd.ErrOrStderr())
			}
			return err
		},
	}
}

// look prints the tables of what a run in dir, in which another process is at work,
// holds by now. It writes no file.
func look(dir string, stdout, stderr io.Writer) error {
	m, manifest, err := experiments.Open(dir)
	if err != nil {
		return err
	}
	fmt.Fprintf(stderr, "runexp: %s: another process is at work in this folder: these are the tables of what it holds now; no file is written, as the run writes them when it ends\n", dir)
	config := m.Plan.Spec
	return report.Print(stdout, report.Run{
		Name: config.Name, About: config.About, Records: m.Records, Searches: m.Searches, Claims: m.Judge(),
		Coverage: m.Coverage(), Manifest: manifest,
	})
}

// writeReport writes the tables, the figures and the page of the run in dir. It
// prints the tables, unless it is to be quiet, and at the end the folder. It returns
// the tables as they are printed when it is not quiet.
func writeReport(dir string, m *experiments.Measured, claims []results.Claim, quiet bool, stdout io.Writer) (string, error) {
	manifest, _, err := results.ReadManifest(dir)
	if err != nil {
		return "", err
	}
	sessions, err := results.ReadSessions(dir)
	if err != nil {
		return "", usageError{err}
	}
	var console strings.Builder
	out := io.Writer(&console)
	if !quiet {
		out = io.MultiWriter(&console, stdout)
	}
	earlier := slices.DeleteFunc(sessions, func(m results.Manifest) bool { return m.Hash == manifest.Hash })
	config := m.Plan.Spec
	run := report.Run{
		Name: config.Name, About: config.About,
		Records: m.Records, Searches: m.Searches, Claims: claims,
		Coverage: m.Coverage(), Command: quote(manifest.Command), Config: string(config.YAML()), Manifest: manifest, Earlier: earlier,
	}
	if err := report.Print(out, run); err != nil {
		return "", err
	}
	written, err := report.Write(dir, run)
	if err != nil {
		return "", err
	}
	if err := removeStale(dir, written.Files); err != nil {
		return "", err
	}
	for _, why := range written.Skipped {
		fmt.Fprintln(out, "left out:", why)
	}
	fmt.Fprintln(stdout, filepath.Clean(dir))
	return console.String(), nil
}

// removeStale removes all tables and figures in dir except those just written. The
// others are from earlier sessions, with another config.
func removeStale(dir string, written []string) error {
	for _, sub := range []string{"tables", "figures"} {
		entries, err := os.ReadDir(filepath.Join(dir, sub))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, e := range entries {
			if path := filepath.Join(dir, sub, e.Name()); !e.IsDir() && !results.Incidental(e.Name()) && !slices.Contains(written, path) {
				if err := os.Remove(path); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
