// cli.go is the command line: flags in, exit code out.

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"spfq/experiments"
	"spfq/experiments/config"
	"spfq/experiments/plan"
	"spfq/internal/display"
	"spfq/internal/kernel"
	"spfq/results"
	"spfq/results/report"
)

// Exit codes.
const (
	exitSupported    = 0   // every claim supported
	exitRefuted      = 1   // a claim refuted
	exitUsage        = 2   // bad config or usage
	exitFailed       = 3   // a trial failed
	exitInconclusive = 4   // nothing measured, or a claim inconclusive
	exitInterrupted  = 130 // stopped by a signal
)

const exitCodes = `Exit codes, the first that applies:
  130  interrupted; what is done is kept, and the same command goes on
    2  bad config or usage
    3  a trial failed (its records say why), or a file could not be written
    1  a claim is refuted
    4  nothing was measured, or a claim is inconclusive
    0  every claim is supported`

// usageError is a mistake in how the command was used; it ends with exitUsage.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// codeError carries an exit code, for which all messages have been printed already.
type codeError int

func (c codeError) Error() string { return fmt.Sprintf("exit %d", int(c)) }

// execute runs the command line and returns its exit code. What it prints is made
// harmless for terminals and CI systems, but for what a shell reads. If it cannot be
// printed, that is a file that could not be written.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	printed := &printer{w: stdout}
	out, errs := &display.Writer{W: printed}, &display.Writer{W: stderr}
	code := exitSupported
	if forShell(args) {
		code = executeTo(ctx, args, printed, errs)
	} else {
		code = executeTo(ctx, args, out, errs)
	}
	out.Flush()
	if printed.err != nil && (code == exitSupported || code == exitRefuted || code == exitInconclusive) {
		fmt.Fprintln(errs, "runexp: what it says could not be printed:", results.Cause(printed.err))
		code = exitFailed
	}
	errs.Flush()
	return code
}

// executeTo is execute with the writers that it prints to.
func executeTo(ctx context.Context, args []string, stdout, stderr io.Writer) (code int) {
	defer func() {
		if v := recover(); v != nil {
			fmt.Fprintf(stderr, "runexp: internal error: %v\nThis is a mistake of runexp; please report it with the config and this trace:\n%s", v, debug.Stack())
			code = exitFailed
		}
	}()
	root := rootCommand(args, stdout, stderr)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var exit codeError
	var usage usageError
	var config *config.Error
	var refused *experiments.UsageError
	var output *results.RefusedError
	switch {
	case err == nil:
		return exitSupported
	case errors.As(err, &exit):
		return int(exit)
	case experiments.Interrupted(err):
		return exitInterrupted
	case errors.As(err, &config):
		fmt.Fprintln(stderr, err)
		if n := len(config.Problems); n > 1 {
			fmt.Fprintf(stderr, "%d mistakes; nothing was run\n", n)
		}
		return exitUsage
	case errors.As(err, &usage), errors.As(err, &refused), errors.As(err, &output):
		fmt.Fprintln(stderr, "runexp:", err)
		return exitUsage
	default:
		fmt.Fprintln(stderr, "runexp:", err)
		return exitFailed
	}
}

// noEmptyArguments refuses an argument without text, for example that of an unset variable
// of a shell: a message about the path "" would name nothing. A shell that asks for
// completions ends with one where nothing is typed yet.
func noEmptyArguments(cmd *cobra.Command, args []string) error {
	if forShell([]string{cmd.Name()}) {
		return nil
	}
	if i := slices.Index(args, ""); i >= 0 {
		return usagef("argument %d is empty", i+1)
	}
	return nil
}

func rootCommand(args []string, stdout, stderr io.Writer) *cobra.Command {
	var opt runOptions
	var version bool
	cmd := &cobra.Command{
		Use:               "runexp CONFIG",
		Short:             "Run a quantization experiment and judge its claims",
		Long:              longHelp,
		Example:           examples,
		Args:              cobra.ArbitraryArgs, // so that a config is not taken for an unknown subcommand
		ValidArgsFunction: oneConfig,
		SilenceErrors:     true,
		SilenceUsage:      true,
		PersistentPreRunE: noEmptyArguments,
		RunE: func(cmd *cobra.Command, configs []string) error {
			if version {
				return printVersion(stdout)
			}
			if len(configs) > 0 {
				if meant := meantCommand(cmd, configs[0]); meant != "" && !exists(configs[0]) {
					return usagef("no command and no file %q%s (runexp --help lists them)", configs[0], meant)
				}
			}
			if len(configs) != 1 {
				return usagef("want one CONFIG, have %d: runexp CONFIG (runexp --help tells more)", len(configs))
			}
			if err := opt.check(); err != nil {
				return err
			}
			return run(cmd.Context(), configs[0], opt, args, stdout, stderr)
		},
	}
	opt.flags(cmd)
	opt.folderFlags(cmd)
	cmd.Flags().BoolVar(&opt.failFast, "fail-fast", false, "stop at the first trial that fails")
	cmd.Flags().BoolVar(&version, "version", false, "print version, revision, Go and platform, as manifests have them")
	cmd.Flags().BoolVar(&opt.quiet, "quiet", false, "no progress and no tables, only what went wrong and the folder")
	pathFlag(cmd, &opt.junit, "junit", "write the verdicts to this file as JUnit XML, a test case a claim")
	cmd.SetOut(stdout) // before assist, since cobra's completion command looks up its output when it is added
	cmd.SetErr(stderr)
	cmd.AddCommand(planCommand(), reportCommand(), mergeCommand(args), checkCommand(), diffCommand(), baselineCommand(),
		summaryCommand(), dumpCommand(), benchCommand())
	cmd.AddCommand(validateCommand(), methodsCommand(), claimsCommand(), schemaCommand())
	assist(cmd)
	return cmd
}

// printVersion says which program this is.
func printVersion(w io.Writer) error {
	m := results.Program()
	_, err := fmt.Fprintf(w, "runexp %s\nrevision %s\n%s %s\nversion %d of the algorithm, %d of the random streams\n",
		m.Version, m.Source(), m.Go, strings.TrimSpace(m.Platform+" "+m.GOAMD64), plan.Versions.Algorithm, plan.Versions.Streams)
	return err
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func dumpCommand() *cobra.Command {
	var opt runOptions
	var trial int
	var method string
	cmd := &cobra.Command{
		Use:   "dump CONFIG --method NAME --out DIR",
		Short: "Write one instance as NumPy files, to recompute its numbers elsewhere",
		Long: `Dump quantizes one trial of one setting (a network and a data set) of CONFIG by
one method and writes X.npy (m×N), Xtest.npy (held-out samples, if any),
W1.npy…WL.npy and Q1.npy…QL.npy (N×n, neurons are columns), b1.npy…bL.npy (if
there are biases) and record.json to DIR. Narrow the config to one setting and one
variant of the method with --set; its claims and its sweep are left out.`,
		Example: `  runexp dump configs/gaussian_sweep.yaml --trial 0 --method spfq \
    --set network.width=256 --set alphabet.bits=4 --out instance`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: oneConfig,
		RunE: func(cmd *cobra.Command, configs []string) error {
			switch {
			case len(configs) != 1:
				return usagef("dump: want one CONFIG, have %d", len(configs))
			case method == "":
				return usagef("dump: --method NAME is missing: which method of the config?")
			case opt.out == "":
				return usagef("dump: --out DIR is missing: where to?")
			}
			if err := opt.check(); err != nil {
				return err
			}
			plan, err := experiments.Load(configs[0], append(opt.sets, "claims=[]", "sweep={}"))
			if err != nil {
				return err
			}
			watching.Store(true)
			if err := plan.Dump(cmd.Context(), method, trial, opt.workers, opt.out); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), opt.out)
			return nil
		},
	}
	opt.flags(cmd)
	cmd.Flags().IntVar(&trial, "trial", 0, "number of the trial, from 0")
	cmd.Flags().StringVar(&method, "method", "", "name of the method")
	pathFlag(cmd, &opt.out, "out", "folder to make")
	completeFlag(cmd, "method", completeMethods)
	completeFlag(cmd, "out", completeFolders)
	return cmd
}

func summaryCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "summary DIR... --out FILE",
		Short: "Gather the claims of several runs in one page",
		Long: `Summary judges the claims of the runs in the given folders again, by their
records, and writes FILE.md, a page with every claim, its verdict and the figures,
and FILE.json, the claims alone. A folder that holds no finished run is left out and
named.

Exit code 0 if every run is in the summary, 4 if some are left out, 2 if all are.`,
		Example:           "  runexp summary results/runs/reproduce/* --out results/runs/summary",
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: completeFolders,
		RunE: func(cmd *cobra.Command, dirs []string) error {
			if len(dirs) == 0 || out == "" {
				return usagef("summary: want DIR... and --out FILE")
			}
			if info, err := os.Stat(out); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
				return usagef("--out %s: want a name, to which .md and .json are added: a page and a file are written", out)
			}
			claims, page := results.Output{Flag: "--out", Path: out + ".json"}, results.Output{Flag: "--out", Path: out + ".md"}
			if err := results.CheckOutputs([]results.Output{claims, page}, nil, dirs); err != nil {
				return err
			}
			s, left := experiments.Summarize(dirs)
			if len(s.Runs) == 0 {
				return usageError{errors.Join(left...)}
			}
			for _, err := range left {
				fmt.Fprintln(cmd.ErrOrStderr(), "runexp: left out:", err)
			}
			if err := claims.Write(func(w io.Writer) error { return results.EncodeJSON(w, s) }); err != nil {
				return err
			}
			if err := page.Write(func(w io.Writer) error { return report.WriteSummary(w, page.Path, s) }); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), page.Path)
			if len(left) > 0 {
				return codeError(exitInconclusive)
			}
			return nil
		},
	}
	pathFlag(cmd, &out, "out", "file to write, without its ending")
	return cmd
}

// runOptions are the values of the flags of commands that run or plan a config.
type runOptions struct {
	out     string // folder of the run; "" for the default
	workers int
	sets    []string // changes of the config, each key.path=value
	quiet   bool
	junit   string // JUnit file to write; "" for none

	rerun    plan.Rerun
	failFast bool
}

// flags adds the flags that all commands of a config share.
func (o *runOptions) flags(cmd *cobra.Command) {
	o.rerun = plan.RerunFailed
	cmd.Flags().IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "trials, or parts of one, to work on at once")
	completeFlag(cmd, "workers", cobra.NoFileCompletions)
	setFlag(cmd, &o.sets)
}

// pathFlag adds a flag that names a file or a folder.
func pathFlag(cmd *cobra.Command, path *string, name, usage string) {
	cmd.Flags().Var((*pathValue)(path), name, usage)
}

// pathValue is a path given by a flag. The empty one, of a shell's variable that is
// not set, is refused: it would stand for a default.
type pathValue string

func (p *pathValue) Set(s string) error {
	if s == "" {
		return errors.New("want a path")
	}
	*p = pathValue(s)
	return nil
}

func (p *pathValue) String() string { return string(*p) }

// Type implements pflag.Value.
func (p *pathValue) Type() string { return "string" }

// setFlag adds --set.
func setFlag(cmd *cobra.Command, sets *[]string) {
	cmd.Flags().StringArrayVar(sets, "set", nil, "change the config: `key.path=value`, as network.width=256 (repeatable)")
	completeFlag(cmd, "set", completeSet)
}

// folderFlags adds the flags of commands that look at a run's folder.
func (o *runOptions) folderFlags(cmd *cobra.Command) {
	pathFlag(cmd, &o.out, "out", "folder of the run (default results/runs/NAME)")
	cmd.Flags().StringVar((*string)(&o.rerun), "rerun", string(o.rerun), "`which` of the trials that the folder holds to run again: none, failed or all")
	completeFlag(cmd, "out", completeFolders)
	completeFlag(cmd, "rerun", cobra.FixedCompletions([]cobra.Completion{"none", "failed", "all"}, cobra.ShellCompDirectiveNoFileComp))
}

// folder returns the folder of a plan's run.
func (o *runOptions) folder(p *experiments.Experiment) string {
	if o.out != "" {
		return o.out
	}
	return p.Folder()
}

// check returns an error for values of flags, or of RUNEXP_KERNEL, that are not
// possible.
func (o *runOptions) check() error {
	if o.workers < 1 || o.workers > 1<<12 {
		return usagef("--workers %d: want 1 to %d", o.workers, 1<<12)
	}
	switch o.rerun {
	case plan.RerunNone, plan.RerunFailed, plan.RerunAll:
	default:
		return usagef("--rerun %s: want none, failed or all", quote([]string{string(o.rerun)}))
	}
	if err := kernel.Err(); err != nil {
		return usageError{err}
	}
	return nil
}

// commandLine returns the command as it was typed, for the manifest and messages.
func commandLine(args []string) []string { return append([]string{"runexp"}, args...) }

// quote joins arguments to a command line that a shell splits into them again.
// Characters that are not seen as themselves, line breaks too, stand as escapes in
// quotes of the form $'…', which POSIX has since 2024 and bash, zsh and ksh always had.
func quote(args []string) string {
	out := make([]string, len(args))
	for i, a := range args {
		if display.Line(a) != a {
			out[i] = "$'" + ansiC(a) + "'"
			continue
		}
		if a == "" || strings.ContainsAny(a, " \t\n'\"$&|;<>()*?[]{}\\`!#~") {
			a = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
		out[i] = a
	}
	return strings.Join(out, " ")
}

// ansiC writes a text as it stands within $'…': bytes outside of ASCII, and those that
// are not seen as themselves, by their octal numbers.
func ansiC(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		text := s[:size]
		s = s[size:]
		switch {
		case r == '\'' || r == '\\':
			b.WriteString(`\` + text)
		case display.Line(text) == text:
			b.WriteString(text)
		default:
			for _, c := range []byte(text) {
				fmt.Fprintf(&b, `\%03o`, c)
			}
		}
	}
	return b.String()
}
