// spec.go defines what a config says, independently of YAML.

package config

import (
	"strconv"
	"strings"

	"spfq/experiments/claim"
	"spfq/results"
)

// Spec is a resolved config: every default is filled in.
type Spec struct {
	Name   string
	About  string // the question that the config asks, in a sentence
	Seed   uint64
	Trials int // number of trials of each setting
	Axes
	Sweep  *Sweep // nil if the axes combine all with all
	Claims []claim.Claim
}

// Axes are the values of the axes, as canonical texts, by the key path of their row in
// results.Axes. Values has the axes of networks, data and alphabets, and Methods has, for
// each method, the axes of methods. An axis that the config does not have is absent.
type Axes struct {
	Values  map[string][]string
	Methods []map[string][]string
}

// At returns the values of the axis at a key path, as network.width or
// methods.0.align; nil where there is none.
func (a Axes) At(path string) []string {
	row, values := a.find(path)
	return values[row]
}

// find returns the key path of the row that the axis at path has in results.Axes, and the
// map that has its values: nil if there is no such method.
func (a Axes) find(path string) (row string, values map[string][]string) {
	section, rest, _ := strings.Cut(path, ".")
	if section != methodsKey {
		return path, a.Values
	}
	index, name, _ := strings.Cut(rest, ".")
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(a.Methods) {
		return "", nil
	}
	return methodsKey + "." + name, a.Methods[i]
}

// paths lists the key paths of all axes that a config with these methods can have.
func (a Axes) paths() []string {
	var out []string
	for _, section := range sections {
		for _, row := range axesOf(section) {
			out = append(out, row.Path)
		}
	}
	for i := range a.Methods {
		for _, row := range axesOf(methodsKey) {
			if row.Path != methodName {
				out = append(out, methodsKey+"."+strconv.Itoa(i)+"."+row.Name())
			}
		}
	}
	return out
}

// The mappings of a config that hold axes: sections, and the items of methods.
var sections = []string{"network", "data", "alphabet"}

const (
	methodsKey = "methods"
	methodName = "methods.name" // a method has one name, so that a sweep cannot move it
)

// axesOf lists the rows of the axes whose keys stand in a section, in the order of the
// table.
func axesOf(section string) []*results.Axis {
	var out []*results.Axis
	for i := range results.Axes {
		if a := &results.Axes[i]; a.Path != "" && a.Section() == section {
			out = append(out, a)
		}
	}
	return out
}

// Sweep says which cells are run. The axes of each group of Zip move together, so that
// the grid has only their first values with each other, their second values, and so on.
// Of the cells of that grid, those are run that match Where and match none of Exclude,
// and in addition those that Include adds.
type Sweep struct {
	Zip     [][]string // groups of key paths
	Where   results.Where
	Exclude []results.Where
	Include []Inclusion
}

// Groups returns the groups of axes that move together; none of a nil sweep.
func (s *Sweep) Groups() [][]string {
	if s == nil {
		return nil
	}
	return s.Zip
}

// Inclusion is a grid of its own: the grid of the config with other values on some axes.
// Only its own Where narrows it. The axes of a group of Sweep.Zip move together in it,
// except those that it sets.
type Inclusion struct {
	Set   []string // the key paths of the axes that it sets
	Where results.Where
	Axes  // all axes: those that it sets, and the others as in the config
}

// Hash identifies the resolved config: 8 hexadecimal digits.
func (s *Spec) Hash() string { return results.ConfigHash(s.YAML()) }
