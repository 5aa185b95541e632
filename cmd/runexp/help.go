// help.go has the help of runexp itself and the order in which it lists commands.

package main

import (
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"spfq/internal/domain"
)

const longHelp = `Runexp draws the random networks that CONFIG describes, quantizes them by all its
methods in parallel, judges its claims, and leaves records, tables and figures in
a folder. If it is run again, it keeps what the folder holds and runs what is
missing: nothing if only claims changed, what is new if the config has grown.
The same config and seed give the same records, whatever the number of workers.

Files:
  CONFIG                    YAML; every key is in docs/config.md and runexp schema
  results/runs/NAME/        the folder of a run; what it holds is in
                            docs/results.md

Environment:
  RUNEXP_KERNEL             generic, avx2 or avx512: the vector instructions in use
                            (default: the fastest that the processor has)
  GOMAXPROCS                threads, hence the default of --workers
  GITHUB_ACTIONS            true: refuted claims are marked at their lines of CONFIG
  GITHUB_STEP_SUMMARY       a file to which the verdicts are appended

` + exitCodes

const examples = `  runexp configs/gaussian_sweep.yaml
  runexp configs/gaussian_sweep.yaml --set trials=64 --set data.samples=64
  runexp validate configs/*.yaml
  runexp claims power_law
  runexp dump configs/gaussian_sweep.yaml --trial 0 --method spfq \
    --set network.width=256 --set alphabet.bits=4 --out instance
  source <(runexp completion bash)`

// toLearn is the title of the group of commands that explain something.
const toLearn = "To learn:"

// groups lists the names of the commands by what they are for, as help shows them.
var groups = []struct {
	title string
	names []string
}{
	{"Before a run:", []string{"validate", "plan", "bench"}},
	{"Of a run:", []string{"report", "merge", "check", "diff", "baseline", "summary", "dump"}},
	{toLearn, []string{"methods", "claims", "schema", "completion"}},
}

// assist gives the root command, to which all subcommands have been added, its help
// and completion, and turns cobra's errors about arguments and flags into usage
// errors.
func assist(root *cobra.Command) {
	root.SetHelpCommand(helpCommand())
	completionCommand(root)
	root.SetFlagErrorFunc(flagError)
	for _, c := range root.Commands() {
		if check := c.Args; check != nil {
			c.Args = func(cmd *cobra.Command, args []string) error {
				if err := check(cmd, args); err != nil {
					return usageError{err}
				}
				return nil
			}
		}
	}
	grouped(root)
}

// grouped puts the commands into their groups.
func grouped(root *cobra.Command) {
	for _, g := range groups {
		for _, c := range root.Commands() {
			if slices.Contains(g.names, c.Name()) {
				c.GroupID = g.title
			}
		}
		root.AddGroup(&cobra.Group{ID: g.title, Title: g.title})
	}
}

func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		GroupID: toLearn,
		Short:   "Tell all of a command",
		Long:    "Help tells all of COMMAND, as COMMAND --help does, or of runexp.",
		ValidArgsFunction: func(cmd *cobra.Command, args []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
			var out []cobra.Completion
			for _, c := range cmd.Root().Commands() {
				if len(args) == 0 && !c.Hidden {
					out = append(out, cobra.CompletionWithDesc(c.Name(), c.Short))
				}
			}
			return out, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			of, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return usagef("help: no command %s%s (runexp --help lists them)", quote(args), meantCommand(cmd.Root(), args[0]))
			}
			of.InitDefaultHelpFlag()
			return of.Help()
		},
	}
}

// flagError turns cobra's error about a flag into a usage error, which names the
// flag that may have been meant.
func flagError(cmd *cobra.Command, err error) error {
	if name, ok := strings.CutPrefix(err.Error(), "unknown flag: "); ok {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		return usagef("%v%s (%s --help lists them)", err, domain.DidYouMean(name, names), cmd.CommandPath())
	}
	if m := invalidNumber.FindStringSubmatch(err.Error()); m != nil {
		return usagef("%s %s: want a whole number", m[2], m[1])
	}
	return usageError{err}
}

// invalidNumber matches pflag's error for text where a whole number is wanted.
var invalidNumber = regexp.MustCompile(`^invalid argument "(.*)" for "(--[a-z-]+)" flag: strconv\.ParseInt`)

// meantCommand returns the end of a message about an argument that may be a
// misspelt subcommand: the name that may have been meant, or "".
func meantCommand(cmd *cobra.Command, arg string) string {
	if strings.ContainsAny(arg, "./\\") { // this can only be a file
		return ""
	}
	var names []string
	for _, c := range cmd.Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	return domain.DidYouMean(arg, names)
}
