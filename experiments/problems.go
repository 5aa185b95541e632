// problems.go collects what is wrong with a config.

package experiments

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Problem is one mistake in a config.
type Problem struct {
	Where string // file:line:column, or --set key=value
	Key   string // path of the key, as network.width; empty for the file as a whole
	Text  string // what is wrong and what would be right

	line, column int
}

func (p Problem) String() string {
	if p.Key == "" {
		return p.Where + ": " + p.Text
	}
	return p.Where + ": " + p.Key + ": " + p.Text
}

// ConfigError is everything that is wrong with a config.
type ConfigError struct{ Problems []Problem }

func (e *ConfigError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// fail notes a problem at a node.
func (d *decoder) fail(n *yaml.Node, key, format string, args ...any) {
	d.problems = append(d.problems, Problem{
		Where: d.position(n), Key: key, Text: fmt.Sprintf(format, args...),
		line: n.Line, column: n.Column,
	})
}

// position says where a node is. Nodes of the i-th --set have line -i-1.
func (d *decoder) position(n *yaml.Node) string {
	switch {
	case n.Line < 0:
		return "--set " + d.sets[-n.Line-1]
	case n.Line == 0: // the file as a whole
		return d.file
	}
	return fmt.Sprintf("%s:%d:%d", d.file, n.Line, n.Column)
}

// err returns all problems in the order of the file, or nil.
func (d *decoder) err() error {
	if len(d.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(d.problems, func(a, b Problem) int {
		if a.line != b.line {
			return a.line - b.line
		}
		return a.column - b.column
	})
	return &ConfigError{d.problems}
}

// nearest returns the candidate that s is most likely meant to be, quoted for
// the end of a message, or "" if none is near.
func nearest(s string, candidates []string) string {
	best, least := "", len(s)/3+2
	for _, c := range candidates {
		if d := editDistance(strings.ToLower(s), strings.ToLower(c)); d < least {
			best, least = c, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// editDistance counts the insertions, deletions and substitutions between a
// and b (Levenshtein).
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			next := min(row[j+1], row[j]) + 1
			if a[i] == b[j] {
				next = min(next, diagonal)
			} else {
				next = min(next, diagonal+1)
			}
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}

// DidYouMean ends a message about s with the candidate that it is most likely
// meant to be; it is empty if none is near.
func DidYouMean(s string, candidates []string) string { return nearest(s, candidates) }
