// include.go reads what a sweep adds to the grid: the config with other values on
// some axes.

package config

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"spfq/results"
)

// resolve reads an inclusion: the config with its settings in place of what the
// config says of those axes.
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
	// A key that a config has only while an axis takes a value goes with the value.
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
	// What does not fit is the inclusion's mistake, as the config itself is right.
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

// scalars lists the texts of a value, or of the values of a list.
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

// clone copies a tree, without aliases.
func clone(n *yaml.Node) *yaml.Node {
	n = resolve(n)
	out := *n
	out.Content = nil
	for _, c := range n.Content {
		out.Content = append(out.Content, clone(c))
	}
	return &out
}

// replace sets the axis that key names to a value in the tree below root.
// Widths take the place of width and layers, and the other way round.
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

// cutLast cuts a key path before its last name.
func cutLast(path string) (section, name string) {
	i := strings.LastIndexByte(path, '.')
	return path[:max(i, 0)], path[i+1:]
}

// Zip returns the groups of axes that move together in the inclusion: those of
// the sweep without the axes that it sets.
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
