// run.go runs a config and reports what came out.

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"spfq/experiments"
	"spfq/results"
	"spfq/results/report"
)

func run(ctx context.Context, config string, opt runOptions, args []string, stdout, stderr io.Writer) error {
	plan, err := experiments.Load(config, opt.sets)
	if err != nil {
		return err
	}
	dir := opt.folder(plan)
	command := commandLine(args)
	progress := newProgress(stderr, opt.quiet)
	measured, claims, err := plan.Execute(ctx, experiments.Execution{
		Dir: dir, Workers: opt.workers, Command: command, Rerun: opt.rerun, FailFast: opt.failFast,
		Started: progress.start, Progress: progress.update, Notice: progress.notice,
	})
	progress.stop()
	if experiments.Interrupted(err) {
		fmt.Fprintf(stderr, "interrupted: %d of %d trials are done and kept in %s; to go on: %s\n", progress.done, progress.total, dir, quote(goOn(command)))
	}
	if err != nil {
		return err
	}

	made := report.Run{Name: plan.Config.Name, About: plan.Config.About,
		Records: measured.Records, Searches: measured.Searches, Claims: claims}
	if !opt.quiet {
		if err := report.Print(stdout, made); err != nil {
			return err
		}
	}
	written, err := report.Write(dir, made)
	if err != nil {
		return err
	}
	if err := removeStale(dir, written.Files); err != nil {
		return err
	}
	if !opt.quiet {
		for _, why := range written.Skipped {
			fmt.Fprintln(stdout, "left out:", why)
		}
	}
	fmt.Fprintln(stdout, filepath.Clean(dir))
	return verdict(measured, claims, stderr)
}

// removeStale removes the tables and figures of earlier sessions that this one
// did not write anew: they would be of another config.
func removeStale(dir string, written []string) error {
	for _, sub := range []string{"tables", "figures"} {
		entries, err := os.ReadDir(filepath.Join(dir, sub))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, e := range entries {
			if path := filepath.Join(dir, sub, e.Name()); !e.IsDir() && !slices.Contains(written, path) {
				if err := os.Remove(path); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// goOn is the command that goes on where a command was interrupted: without
// --rerun all, which would begin anew.
func goOn(command []string) []string {
	var out []string
	for i := 0; i < len(command); i++ {
		switch {
		case command[i] == "--rerun=all":
		case command[i] == "--rerun" && i+1 < len(command) && command[i+1] == "all":
			i++
		default:
			out = append(out, command[i])
		}
	}
	return out
}

// verdict turns what came out into an exit code, and says why it is not 0.
func verdict(m *experiments.Measured, claims []results.Claim, stderr io.Writer) error {
	failed, measured := 0, 0
	for i := range m.Records {
		if m.Records[i].Error != "" {
			failed++
		} else {
			measured++
		}
	}
	for i := range m.Searches {
		if m.Searches[i].Error != "" {
			failed++
		}
	}
	count := map[string]int{}
	for _, c := range claims {
		count[c.Verdict]++
	}
	switch {
	case failed > 0:
		fmt.Fprintf(stderr, "runexp: %d of %d records failed\n", failed, failed+measured)
		return codeError(exitFailed)
	case count[results.Refuted] > 0:
		fmt.Fprintf(stderr, "runexp: %d of %d claims refuted\n", count[results.Refuted], len(claims))
		return codeError(exitRefuted)
	case measured == 0:
		fmt.Fprintln(stderr, "runexp: nothing was measured")
		return codeError(exitInconclusive)
	case count[results.Inconclusive] > 0:
		fmt.Fprintf(stderr, "runexp: %d of %d claims inconclusive\n", count[results.Inconclusive], len(claims))
		return codeError(exitInconclusive)
	}
	return nil
}
