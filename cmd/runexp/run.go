// run.go runs a config and reports what came out.

package main

import (
	"context"
	"fmt"
	"io"

	"spfq/experiments"
	"spfq/experiments/plan"
	"spfq/results"
)

func run(ctx context.Context, config string, opt runOptions, args []string, stdout, stderr io.Writer) error {
	experiment, err := experiments.Load(config, opt.sets)
	if err != nil {
		return err
	}
	dir := opt.folder(experiment)
	command := commandLine(args)
	progress := newProgress(stderr, opt.quiet)
	if opt.rerun != plan.RerunAll {
		if done, ok := experiment.Finished(dir); ok {
			progress.start(experiment.TaskCount(), experiment.TaskCount())
			progress.stop()
			return again(config, dir, opt, done, stdout, stderr)
		}
	}
	var console string
	measured, claims, err := experiment.Execute(ctx, experiments.Execution{
		Dir: dir, Default: opt.out == "", Workers: opt.workers, Command: command, Rerun: opt.rerun, FailFast: opt.failFast,
		Started: func(done, total int) {
			watching.Store(true)
			progress.start(done, total)
		},
		Progress: progress.update, Notice: progress.notice,
		Report: func(m *experiments.Measured, claims []results.Claim, manifest results.Manifest) (_ string, err error) {
			watching.Store(false)
			progress.stop()
			console, err = writeReport(dir, m, claims, manifest)
			return console, err
		},
	})
	progress.stop()
	if experiments.Interrupted(err) {
		fmt.Fprintln(stderr, interrupted(progress, opt.rerun, dir, command))
	}
	if err != nil {
		return err
	}
	trials, severe := trialTrouble(measured)
	if err := publishRun(config, dir, opt.junit, finding{claims: claims, trials: trials, severe: severe}, stderr); err != nil {
		return err
	}
	// All is written: whoever reads what is printed may stop reading.
	if err := printRun(stdout, console, dir, opt.quiet); err != nil {
		return err
	}
	failed, there := tally(measured)
	return verdict(failed, there, claims, stderr)
}

// again prints and publishes the outcome of a run that is finished already, as it
// was printed when the run ended.
func again(config, dir string, opt runOptions, done *experiments.Finished, stdout, stderr io.Writer) error {
	if err := publishRun(config, dir, opt.junit, finding{claims: done.Claims}, stderr); err != nil {
		return err
	}
	if err := printRun(stdout, done.Console, dir, opt.quiet); err != nil {
		return err
	}
	return verdict(0, done.Records, done.Claims, stderr)
}

// interrupted says what an interrupted run has left in its folder, and which command
// goes on with it.
func interrupted(p *progress, rerun plan.Rerun, dir string, command []string) string {
	if rerun == plan.RerunAll {
		return fmt.Sprintf("interrupted: %d of %d trials were run again and are kept in %s, beside the earlier records of the others; to run what is missing: %s; to run all again, from the first: %s",
			p.done, p.total, dir, quote(goOn(command)), quote(command))
	}
	return fmt.Sprintf("interrupted: %d of %d trials are done and kept in %s; to go on: %s", p.done, p.total, dir, quote(goOn(command)))
}

// goOn returns the command that goes on where the given one was interrupted: the same
// without --rerun all, which would begin anew.
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

// verdict turns the outcome of a run into an error with its exit code, nil for 0, and
// says why it is not 0.
func verdict(failed, measured int, claims []results.Claim, stderr io.Writer) error {
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

// tally counts the records and searches that failed, and the records that were
// measured, that is did not fail.
func tally(m *experiments.Measured) (failed, measured int) {
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
	return failed, measured
}
