// include.go reads the inclusions of a sweep. An inclusion adds to the grid what the
// config spans with other values on some axes.

package config

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"spfq/results"
)

// resolve reads an inclusion, the mapping n at key. It puts the values that the mapping
// gives in the place of those that the config gives for the same axes, and reads the
// axes of the result. known reports whether path is the key path of an axis, and notes a
// problem if it is not.
func (in *Inclusion) resolve(d *decoder, root, n *yaml.Node, key string, spec *Spec, known func(n *yaml.Node, key, path string) bool) {
	if n.Kind != yaml.MappingNode {
		d.fail(n, key, "want a mapping of axes to values, as {network.width: 4096}, have %s", kindName(n))
		return
	}
	before := len(d.problems)
	changed := &yaml.Node{Kind: yaml.MappingNode, Line: root.Line, Column: root.Column}
	for _, name := range append([]string{methodsKey}, sections...) {
		changed.Content = append(changed.Content, text(name), clone(child(root, name)))
	}
	own, given := map[[2]int]bool{}, map[string]bool{}
	var paths []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := resolve(n.Content[i]), resolve(n.Content[i+1])
		own[[2]int{k.Line, k.Column}], own[[2]int{v.Line, v.Column}] = true, true
		for _, item := range v.Content {
			own[[2]int{item.Line, item.Column}] = true
		}
		switch {
		case isMerge(k):
			d.fail(k, join(key, k.Value), "%s", noMerge)
		case k.Value == "where":
			if in.Where != nil {
				d.fail(k, join(key, "where"), "given twice: give it once")
				continue
			}
			where(d, "", &in.Where).read(v, join(key, "where"))
		case given[k.Value]:
			d.fail(k, join(key, k.Value), "given twice: give it once")
		case known(k, join(key, k.Value), k.Value):
			given[k.Value] = true
			paths = append(paths, k.Value)
			replace(changed, k, v)
		}
	}
	if len(d.problems) > before {
		return
	}
	// A key that is allowed only while another axis takes a certain value is removed
	// if the inclusion takes that value away.
	for i := range results.Axes {
		row := &results.Axes[i]
		if row.Only == nil || !row.Only.Refuse || given[row.Path] {
			continue
		}
		of := results.AxisOf(row.Only.Column).Path
		if given[of] && !slices.Contains(scalars(locate(changed, of)), row.Only.Text) {
			remove(child(changed, row.Section()), row.Name())
		}
	}
	if len(paths) == 0 {
		d.fail(n, key, "sets no axis, and so adds nothing: want a mapping of axes to values, as {network.width: 4096}")
		return
	}
	// The config itself has no mistakes, so whatever does not fit now is a mistake of
	// the inclusion.
	inner := &decoder{file: d.file, sets: d.sets}
	in.Axes = newAxes()
	inner.object(changed, "", inner.axes(&in.Axes)...)
	for _, p := range inner.problems {
		if !own[[2]int{p.line, p.column}] {
			d.fail(n, key, "the config with this in it: %s: %s", p.Key, p.Text)
			continue
		}
		p.Key = join(key, p.Key)
		d.problems = append(d.problems, p)
	}
	in.Set = paths
}

// scalars lists the text of a value, or the texts of the values of a list.
func scalars(n *yaml.Node) []string {
	if n.Kind != yaml.SequenceNode {
		return []string{n.Value}
	}
	var out []string
	for _, c := range n.Content {
		out = append(out, resolve(c).Value)
	}
	return out
}

// remove removes a key of a mapping.
func remove(n *yaml.Node, name string) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			n.Content = slices.Delete(n.Content, i, i+2)
			return
		}
	}
}

// clone copies a tree and puts copies of what they stand for in the place of aliases.
func clone(n *yaml.Node) *yaml.Node {
	n = resolve(n)
	out := *n
	out.Content = nil
	for _, c := range n.Content {
		out.Content = append(out.Content, clone(c))
	}
	return &out
}

// replace sets the axis whose path is the text of key to a value, in the tree below
// root. Since a network is given by widths or by width and layers, each of these removes
// the other.
func replace(root, key, value *yaml.Node) {
	section, name := cutLast(key.Value)
	n := locate(root, section)
	remove(n, name)
	switch key.Value {
	case "network.widths":
		remove(n, "width")
		remove(n, "layers")
	case "network.width", "network.layers":
		remove(n, "widths")
	}
	k := *key
	k.Value = name
	n.Content = append(n.Content, &k, value)
}

// cutLast splits a key path into its last name and what comes before it.
func cutLast(path string) (section, name string) {
	i := strings.LastIndexByte(path, '.')
	return path[:max(i, 0)], path[i+1:]
}

// Zip returns the groups of axes that move together in the inclusion: the groups of the
// sweep, without the axes that the inclusion sets or does not have.
func (in *Inclusion) Zip(groups [][]string) [][]string {
	var out [][]string
	for _, g := range groups {
		g = slices.DeleteFunc(slices.Clone(g), func(path string) bool {
			return slices.Contains(in.Set, path) || len(in.At(path)) == 0
		})
		if len(g) > 1 {
			out = append(out, g)
		}
	}
	return out
}
