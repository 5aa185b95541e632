// explain.go explains methods, claims and theorems at the terminal.

package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"spfq/experiments"
	"spfq/experiments/claim"
	"spfq/experiments/config"
	"spfq/internal/domain"
)

// lineWidth is the largest width of an explanation's lines, in columns.
const lineWidth = 100

func methodsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "methods",
		Short: "Explain the methods: choices, cost, guarantee, when to use",
		Long: `Methods explains each method that a config can name: the choices its name
stands for, its cost in operations for N inputs, n neurons and m samples, what is
guaranteed, when to use it, where it comes from; and the choices themselves.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			w := cmd.OutOrStdout()
			for _, m := range experiments.Methods() {
				define(w, 0, 12, m.Name, m.What)
				for _, part := range [][2]string{{"stands for", m.Choices}, {"cost", m.Cost}, {"guarantee", m.Guarantee}, {"use it if", m.When}, {"source", m.Source}} {
					define(w, 12, 12, part[0], part[1])
				}
				fmt.Fprintln(w)
			}
			fmt.Fprintln(w, "The choices, each of which can be given otherwise in a config:")
			fmt.Fprintln(w)
			for _, k := range config.Keys() {
				if name, ok := strings.CutPrefix(k.Path, "methods."); ok && name != "name" {
					define(w, 0, 12, name, k.Want+": "+k.Doc)
				}
			}
			return nil
		},
	}
}

func claimsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "claims [KIND|THEOREM...]",
		Short: "Explain the kinds of claims, and the theorems they can name",
		Long: `Claims explains the kinds of claims that a config can make, in a line each, and
the theorems that they can name. With KIND it tells all of one: what is claimed,
its keys and their defaults, how it is estimated, when it is supported or
refuted, and an example to copy. With THEOREM it tells what that bounds and what
it needs.`,
		Example:           "  runexp claims\n  runexp claims power_law bound\n  runexp claims full_network",
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: completeKinds,
		RunE: func(cmd *cobra.Command, kinds []string) error {
			w := cmd.OutOrStdout()
			if len(kinds) == 0 {
				explainAll(w)
				return nil
			}
			explain := map[string]func(){}
			var names []string
			for _, c := range config.Claims() {
				explain[c.Kind] = func() { explainClaim(w, c) }
				names = append(names, c.Kind)
			}
			for _, t := range claim.Theorems() {
				explain[t.Name] = func() { explainTheorem(w, t) }
				names = append(names, t.Name)
			}
			for _, name := range kinds {
				if explain[name] == nil {
					return usagef("claims: no kind and no theorem %q%s (runexp claims lists them)", name, domain.DidYouMean(name, names))
				}
			}
			for i, name := range kinds {
				if i > 0 {
					fmt.Fprintln(w)
				}
				explain[name]()
			}
			return nil
		},
	}
}

// explainAll writes a short explanation of every kind of claim and every theorem.
func explainAll(w io.Writer) {
	fmt.Fprint(w, "Kinds of claims (runexp claims KIND tells all of one):\n\n")
	for _, c := range config.Claims() {
		define(w, 0, 14, c.Kind, c.Claims)
	}
	fmt.Fprint(w, "\nTheorems that bound and tightness can name; see docs/theory.md:\n\n")
	for _, t := range claim.Theorems() {
		explainTheorem(w, t)
	}
	fmt.Fprintln(w)
	for _, line := range wrap("A claim is judged for each series: cells that are alike in all but the axis that the claim looks along, if there is one. "+
		"The trial is the unit of every interval. p-values are corrected over the claims of a run by Holm's method, which can only take verdicts back.", lineWidth) {
		fmt.Fprintln(w, line)
	}
}

// explainTheorem writes what a theorem bounds and what it needs.
func explainTheorem(w io.Writer, t claim.TheoremText) {
	define(w, 0, 22, t.Name, t.About)
	define(w, 22, 7, "needs", strings.Join(t.Needs, "; "))
}

// explainClaim writes all there is to know about a kind of claim.
func explainClaim(w io.Writer, c config.ClaimText) {
	define(w, 0, 12, c.Kind, c.Claims)
	define(w, 0, 12, "statistics", c.Statistics)
	define(w, 0, 12, "verdict", c.Verdict)
	define(w, 0, 12, "keys", "kind, where, and:")
	for _, k := range c.Keys {
		text := k.Doc + ": " + k.Want
		switch {
		case k.Required:
			text += "; required"
		case k.Default != "":
			text += "; default " + k.Default
		}
		define(w, 12, 12, strings.TrimPrefix(k.Path, "claims."), text)
	}
	fmt.Fprintf(w, "%-12s%s\n", "example", "- "+c.Example) // not wrapped, so that it can be copied
}

// define writes a term and beside it, in wrapped lines, what it means. The term
// starts at column indent and the meaning at column indent+term.
func define(w io.Writer, indent, term int, name, meaning string) {
	for i, line := range wrap(meaning, lineWidth-indent-term) {
		if i > 0 {
			name = ""
		}
		fmt.Fprintln(w, strings.TrimRight(strings.Repeat(" ", indent)+fmt.Sprintf("%-*s", term, name)+line, " "))
	}
}

// wrap breaks a text between words into lines of at most width columns. A longer
// word gets a line of its own.
func wrap(text string, width int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case columns(*last)+1+columns(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}

// columns counts the columns that a text takes on a terminal. Combining marks, such
// as the tilde of X̃, take none.
func columns(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.Is(unicode.Mn, r) {
			n++
		}
	}
	return n
}
