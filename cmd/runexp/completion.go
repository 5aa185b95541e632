// completion.go completes arguments and flags in a shell. The scripts that ask
// for it, runexp completion bash|zsh|fish|powershell, are cobra's.

package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"spfq/experiments"
	"spfq/experiments/claim"
	"spfq/experiments/config"
	"spfq/internal/domain"
	"spfq/results"
)

// completionCommand adds cobra's completion command. Cobra's own would print its
// help for any argument; this one refuses an argument that is not a shell.
func completionCommand(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	cmd, _, err := root.Find([]string{"completion"})
	if err != nil {
		panic("runexp: " + err.Error())
	}
	var shells []string
	for _, c := range cmd.Commands() {
		shells = append(shells, c.Name())
		c.Args = noArguments
	}
	cmd.Use, cmd.Short = "completion SHELL", "Print the script by which a shell completes runexp"
	cmd.Long = "Completion prints a script for SHELL, one of " + strings.Join(shells, ", ") + `. With it, the
Tab key completes commands, flags, configs, key paths and words of --set, methods
and kinds of claims. runexp completion SHELL --help tells where to put it.`
	cmd.Example = "  source <(runexp completion bash)"
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		last := len(shells) - 1
		want := "completion: want " + strings.Join(shells[:last], ", ") + " or " + shells[last]
		if len(args) == 0 {
			return usagef("%s", want)
		}
		return usagef("%s, have %s%s", want, args[0], domain.DidYouMean(args[0], shells))
	}
}

// completeConfigs completes YAML files and folders. Cobra has a directive that
// filters files by their endings, but it would take the names of subcommands, which
// are offered in the same place, for endings.
func completeConfigs(_ *cobra.Command, _ []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	dir, base := filepath.Split(prefix)
	entries, err := os.ReadDir(filepath.Clean("./" + dir))
	if filepath.IsAbs(dir) {
		entries, err = os.ReadDir(dir)
	}
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var out []cobra.Completion
	folders := 0
	for _, e := range entries {
		name := e.Name()
		ext := filepath.Ext(name)
		switch {
		case !strings.HasPrefix(name, base) || strings.HasPrefix(name, ".") && base == "":
		case e.IsDir():
			out, folders = append(out, dir+name+"/"), folders+1
		case ext == ".yaml" || ext == ".yml":
			out = append(out, dir+name)
		}
	}
	directive := cobra.ShellCompDirectiveNoFileComp
	if folders > 0 && folders == len(out) { // only folders: no space, so that one can go on below them
		directive |= cobra.ShellCompDirectiveNoSpace
	}
	return out, directive
}

// oneConfig completes the argument of a command that takes one config.
func oneConfig(cmd *cobra.Command, args []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return completeConfigs(cmd, args, prefix)
}

// completeFolders completes folders.
func completeFolders(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// completeSet completes key.path=value: first config keys with what they mean, then
// the words that a key takes. If the config is given before, its methods and claims
// determine which keys there are.
func completeSet(_ *cobra.Command, args []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var spec *config.Spec
	if len(args) > 0 {
		if experiment, err := experiments.Load(args[0], nil); err == nil {
			spec = experiment.Spec
		}
	}
	path, _, value := strings.Cut(prefix, "=")
	var out []cobra.Completion
	for _, k := range config.SetPaths(spec) {
		switch {
		case value && k.Path == path:
			for _, w := range k.Words {
				out = append(out, path+"="+w)
			}
		case !value && strings.HasPrefix(k.Path, path):
			out = append(out, cobra.CompletionWithDesc(k.Path+"=", k.Doc))
		}
	}
	if value {
		return out, cobra.ShellCompDirectiveNoFileComp
	}
	return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// completeMethods completes the names of methods.
func completeMethods(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var out []cobra.Completion
	for _, m := range experiments.Methods() {
		out = append(out, cobra.CompletionWithDesc(m.Name, m.What))
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// completeKinds completes kinds of claims and theorems.
func completeKinds(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var out []cobra.Completion
	for _, c := range config.Claims() {
		out = append(out, cobra.CompletionWithDesc(c.Kind, c.Claims))
	}
	for _, t := range claim.Theorems() {
		out = append(out, cobra.CompletionWithDesc(t.Name, t.About))
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// completeMetrics completes the names of the records' columns that are metrics:
// columns of numbers that do not identify the record.
func completeMetrics(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var out []cobra.Completion
	for _, c := range results.Columns(results.Record{}) {
		if _, ok := results.Lookup(results.Identity{}, c.Name); !ok && c.Numeric() {
			out = append(out, cobra.CompletionWithDesc(c.Name, c.Doc))
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// completeFlag sets the function that completes the value of a flag. It panics if
// the command has no such flag.
func completeFlag(cmd *cobra.Command, flag string, f cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, f); err != nil {
		panic("runexp: " + err.Error())
	}
}
