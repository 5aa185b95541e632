// include.go reads what a sweep adds to the grid: the config with other values
// on some axes.

package experiments

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Inclusion is a grid of its own: that of the config with other values on some
// axes, narrowed by Where alone. A zip group holds in it for those of its axes
// that are not set.
type Inclusion struct {
	Set   []Setting
	Where Where

	config *Config
}

// Setting is an axis and the values it takes.
type Setting struct {
	Path  string
	Value *yaml.Node // as in the resolved config
}

// MarshalYAML writes the inclusion as a mapping in one line.
func (in Inclusion) MarshalYAML() (any, error) {
	n := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	for _, s := range in.Set {
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: s.Path}, s.Value)
	}
	if len(in.Where) > 0 {
		where, err := in.Where.MarshalYAML()
		if err != nil {
			return nil, err
		}
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: "where"}, where.(*yaml.Node))
	}
	return n, nil
}

// resolve reads an inclusion: the config with its settings in place of what the
// config says of those axes.
func (in *Inclusion) resolve(d *decoder, root, n *yaml.Node, key string, c *Config, known func(n *yaml.Node, key, path string) bool) {
	if n.Kind != yaml.MappingNode {
		d.fail(n, key, "want a mapping of axes to values, as {network.width: 4096}, have %s", kindName(n))
		return
	}
	before := len(d.problems)
	changed := &yaml.Node{Kind: yaml.MappingNode, Line: root.Line, Column: root.Column}
	for _, name := range slices.Sorted(maps.Keys(axisNames)) {
		changed.Content = append(changed.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name}, clone(child(root, name)))
	}
	own := map[[2]int]bool{}
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
			decodeWhere(d, "", &in.Where).read(v, join(key, "where"))
		case slices.Contains(paths, k.Value):
			d.fail(k, join(key, k.Value), "given twice: give it once")
		case known(k, join(key, k.Value), k.Value):
			paths = append(paths, k.Value)
			replace(changed, k, v)
		}
	}
	if len(d.problems) > before {
		return
	}
	for _, rule := range impliedKeys {
		if slices.Contains(paths, rule.path) && !slices.Contains(scalars(at(changed, rule.path)), rule.value) {
			for _, name := range rule.keys {
				if section, _, _ := strings.Cut(rule.path, "."); !slices.Contains(paths, section+"."+name) {
					remove(child(changed, section), name)
				}
			}
		}
	}
	if len(paths) == 0 {
		d.fail(n, key, "sets no axis, and so adds nothing: want a mapping of axes to values, as {network.width: 4096}")
		return
	}
	// What does not fit is the inclusion's mistake, as the config itself is right.
	inner := &decoder{file: d.file, sets: d.sets}
	in.config = newConfig()
	in.config.Seed = c.Seed
	inner.object(changed, "", in.config.axes(inner)...)
	for _, p := range inner.problems {
		if !own[[2]int{p.line, p.column}] {
			d.fail(n, key, "the config with this in it: %s: %s", p.Key, p.Text)
			continue
		}
		p.Key = join(key, p.Key)
		d.problems = append(d.problems, p)
	}
	if len(inner.problems) == 0 {
		for _, path := range paths {
			in.Set = append(in.Set, Setting{path, in.config.at(path)})
		}
	}
}

// impliedKeys are the keys that a config has only while an axis takes a value:
// an inclusion without that value is without them.
var impliedKeys = []struct {
	path, value string
	keys        []string
}{
	{"data.source", "subspace", []string{"dimension", "noise"}},
	{"alphabet.step", fromData, []string{"C", "quantile"}},
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

// at returns the value at a key path below root, nil where there is none.
func at(root *yaml.Node, path string) *yaml.Node {
	n := root
	for name := range strings.SplitSeq(path, ".") {
		if n == nil {
			return nil
		}
		if i, err := strconv.Atoi(name); err == nil {
			n = n.Content[i]
		} else {
			n = child(n, name)
		}
	}
	return n
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
	n := at(root, section)
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

// zip returns the groups of axes that move together in the inclusion: those of
// the sweep without the axes that it sets.
func (in Inclusion) zip(groups []zipGroup) [][]string {
	var out [][]string
	for _, g := range groups {
		g = slices.DeleteFunc(slices.Clone(g), func(path string) bool {
			return slices.ContainsFunc(in.Set, func(s Setting) bool { return s.Path == path }) || in.config.axisLength(path) == 0
		})
		if len(g) > 1 {
			out = append(out, g)
		}
	}
	return out
}
