// problems.go collects the mistakes in a config, and finds where in the file they are.

package config

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
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

// Error is everything that is wrong with a config.
type Error struct{ Problems []Problem }

func (e *Error) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Document is a config that has been read, with the YAML from which it was read, so that
// mistakes found later can be placed.
type Document struct {
	Spec *Spec

	decoder *decoder
	root    *yaml.Node
}

// Fail notes a problem with a key, found after reading.
func (d *Document) Fail(key, format string, args ...any) {
	d.decoder.fail(locate(d.root, key), key, format, args...)
}

// Err returns all problems noted so far in the order of the file, or nil.
func (d *Document) Err() error { return d.decoder.err() }

// locate finds the value at a key path such as sweep.exclude[1].bits. If there is none, it
// returns the innermost value on the way to it.
func locate(root *yaml.Node, path string) *yaml.Node {
	at := root
	for _, name := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		var next *yaml.Node
		if i, err := strconv.Atoi(name); err == nil && at.Kind == yaml.SequenceNode && i < len(at.Content) {
			next = resolve(at.Content[i])
		} else {
			next = child(at, name)
		}
		if next == nil {
			return at
		}
		at = next
	}
	return at
}

// child returns the value of a key of a mapping, nil if there is none.
func child(n *yaml.Node, name string) *yaml.Node {
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return resolve(n.Content[i+1])
		}
	}
	return nil
}

// maxProblems bounds the problems that are told of a config: nobody reads more.
const maxProblems = 1000

// fail notes a problem at a node. Of those beyond maxProblems it notes only that
// there are some.
func (d *decoder) fail(n *yaml.Node, key, format string, args ...any) {
	switch p := (Problem{Where: d.position(n), Key: key, line: n.Line, column: n.Column}); {
	case len(d.problems) < maxProblems:
		p.Text = fmt.Sprintf(format, args...)
		d.problems = append(d.problems, p)
	case len(d.problems) == maxProblems:
		d.problems = append(d.problems, Problem{Where: d.file, line: math.MaxInt,
			Text: fmt.Sprintf("there are more mistakes than these %d", maxProblems)})
	}
}

// position says where a node stands. Nodes of the i-th --set change, counted from 0, have
// line -i-1.
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
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column))
	})
	return &Error{d.problems}
}
