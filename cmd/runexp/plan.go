// plan.go says what a run would do and why, without running anything.

package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"spfq/experiments"
	"spfq/experiments/plan"
)

func planCommand() *cobra.Command {
	var opt runOptions
	cmd := &cobra.Command{
		Use:   "plan CONFIG",
		Short: "Say what a run would do, why, and what it would take; run nothing",
		Long: `Plan lists every setting of CONFIG (a network and a data set) with its key, and how
many trials of its variants and searches are new, changed (the folder holds them
without what a claim now asks for, or by other versions), failed before, or done.
It foresees the memory of the run and refuses a run that does not fit. It
estimates the time from the folder's records, or else from a measurement of about
a second. Nothing is run and nothing is written.`,
		Example: `  runexp plan configs/gaussian_sweep.yaml
  runexp plan configs/gaussian_sweep.yaml --set network.width=8192 --workers 8`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, configs []string) error {
			if len(configs) != 1 {
				return usagef("plan: want one CONFIG, have %d", len(configs))
			}
			if err := opt.check(); err != nil {
				return err
			}
			return preview(cmd.Context(), configs[0], opt, cmd.OutOrStdout())
		},
	}
	opt.flags(cmd)
	opt.folderFlags(cmd)
	return cmd
}

func preview(ctx context.Context, config string, opt runOptions, stdout io.Writer) error {
	p, err := experiments.Load(config, opt.sets)
	if err != nil {
		return err
	}
	v, err := p.Preview(ctx, experiments.Execution{Dir: opt.folder(p), Default: opt.out == "", Workers: opt.workers, Rerun: opt.rerun})
	if err != nil {
		return err
	}
	printPreview(stdout, v, opt.rerun)
	return v.Refused
}

// printPreview prints a line for each setting, or several where the folder holds
// more of some variants than of others, and the memory and time of the run.
func printPreview(w io.Writer, v *experiments.Preview, rerun plan.Rerun) {
	const title = "network and data"
	width := len(title)
	for _, c := range v.Settings {
		width = max(width, len([]rune(c.Label)))
	}
	fmt.Fprintf(w, "%-16s  %-*s  variants and searches × trials\n", "setting", width, title)
	for _, c := range v.Settings {
		for i, g := range c.Groups {
			key, label := c.Key, c.Label
			if i > 0 {
				key, label = strings.Repeat(" ", len(key)), ""
			}
			line := fmt.Sprintf("%s  %-*s  %s", key, width, label, states(g.Tally, fmt.Sprintf("%d × ", g.Slots)))
			if g.Label != "" {
				line += ": " + g.Label
			}
			fmt.Fprintln(w, line)
		}
	}
	fmt.Fprintf(w, "\n%s: %d of %d trials to run, %d records (variants and searches); of all records %s", v.Dir, v.ToRun, v.Tasks, v.Rows, states(v.Tally, ""))
	switch {
	case rerun == plan.RerunAll && v.Done > 0:
		fmt.Fprint(w, " (--rerun all: those too)")
	case rerun == plan.RerunNone && v.Failed > 0:
		fmt.Fprint(w, " (--rerun none: left as they are)")
	}
	fmt.Fprintln(w)
	if v.Others > 0 {
		fmt.Fprintf(w, "kept, and left out: %d records that this config does not ask for\n", v.Others)
	}
	of := ""
	if v.Machine > 0 {
		of = " of " + experiments.Bytes(v.Machine)
	}
	fmt.Fprintf(w, "memory: about %s%s at the peak\n", experiments.Bytes(v.Memory), of)
	switch {
	case v.ToRun == 0:
		fmt.Fprintln(w, "time: none; claims, tables and figures are made again from the records")
	case math.IsNaN(v.Seconds):
		why := "not even a small network was done in time"
		if v.Refused != nil {
			why = "the run would be refused"
		}
		fmt.Fprintln(w, "time: no estimate, as", why)
	default:
		fmt.Fprintf(w, "time: %s on %d workers, a rough estimate %s\n", duration(v.Seconds), v.Workers, v.Basis)
	}
}

// states says how many records are in which state, with prefix before each number.
func states(t experiments.Tally, prefix string) string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{t.Done, "done"}, {t.New, "new"}, {t.Changed, "changed"}, {t.Failed, "failed before"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%s%d %s", prefix, p.n, p.what))
		}
	}
	return strings.Join(parts, ", ")
}

// duration formats a number of seconds to about two digits.
func duration(seconds float64) string {
	switch d := time.Duration(min(seconds, 1e9) * float64(time.Second)); {
	case d < time.Second:
		return "a second or less"
	case d < time.Minute:
		return "about " + d.Round(time.Second).String()
	case d < 48*time.Hour:
		return "about " + strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
	default:
		return fmt.Sprintf("about %.0f days", seconds/86400)
	}
}
