// sweep.go reads the sweep of a config, which says how the axes combine.

package config

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"spfq/internal/domain"
	"spfq/results"
)

// LeaveSweepOut ends messages about a sweep that does not fit the config, which may be
// because --set changes have narrowed the config.
const LeaveSweepOut = " (--set sweep={} leaves the sweep out)"

// decodeSweep reads the part of a sweep that does not depend on the axes; resolve reads
// the rest. It returns nil for an empty sweep.
func decodeSweep(d *decoder, n *yaml.Node, key string) *Sweep {
	s := &Sweep{}
	list := func(name, of string, read func(n *yaml.Node, key string)) field {
		return field{name: name, read: func(n *yaml.Node, key string) {
			if n.Kind != yaml.SequenceNode {
				d.fail(n, key, "want a list of %s, have %s", of, kindName(n))
				return
			}
			for _, it := range items(d, n, key) {
				read(it.node, it.key)
			}
		}}
	}
	d.object(n, key,
		list("zip", "groups of axes, as [[network.width, data.samples]]", func(n *yaml.Node, key string) {
			if n.Kind != yaml.SequenceNode || len(n.Content) < 2 {
				d.fail(n, key, "want a group of at least two axes, as [network.width, data.samples], have %s", kindName(n))
				return
			}
			var group []string
			for _, it := range items(d, n, key) {
				path, _ := value(d, it.node, it.key, domain.Any)
				group = append(group, path)
			}
			s.Zip = append(s.Zip, group)
		}),
		where(d, "where", &s.Where),
		list("exclude", "conditions, as [{bits: 3, width: 2048}]", func(n *yaml.Node, key string) {
			var w results.Where
			where(d, "", &w).read(n, key)
			s.Exclude = append(s.Exclude, w)
		}),
		list("include", "mappings of axes to values, as [{network.width: 4096}]", func(n *yaml.Node, key string) {
			s.Include = append(s.Include, Inclusion{})
		}),
	)
	if n.Kind == yaml.MappingNode && len(n.Content) == 0 {
		return nil
	}
	return s
}

// resolve checks the axes that the sweep names, and reads its inclusions.
func (s *Sweep) resolve(d *decoder, root *yaml.Node, spec *Spec) {
	node, paths := child(root, "sweep"), spec.paths()
	is := map[string]bool{}
	for _, path := range paths {
		is[path] = true
	}
	known := func(n *yaml.Node, key, path string) bool {
		if !is[path] {
			d.fail(n, key, "no axis %q%s (axes are network.*, data.*, alphabet.* and methods.I.*, I from 0)", path, domain.DidYouMean(path, paths))
			return false
		}
		return true
	}
	taken := map[string]bool{}
	for i, group := range s.Zip {
		n, key := resolve(child(node, "zip").Content[i]), fmt.Sprintf("sweep.zip[%d]", i)
		var lengths []string
		equal, ok := true, true
		for j, path := range group {
			node := resolve(n.Content[j])
			length := 0
			switch {
			case !known(node, fmt.Sprintf("%s[%d]", key, j), path):
			case taken[path]:
				d.fail(node, key, "%s is zipped twice: an axis moves with one group", path)
			default:
				if length = len(spec.At(path)); length == 0 {
					d.fail(node, key, "this config has no %s", path)
				}
			}
			taken[path] = true
			ok = ok && length > 0
			equal = equal && length == len(spec.At(group[0]))
			lengths = append(lengths, fmt.Sprintf("%s has %d", path, length))
		}
		if ok && !equal {
			d.fail(n, key, "axes that move together need equally many values: %s%s", strings.Join(lengths, ", "), LeaveSweepOut)
		}
	}
	for i := range s.Include {
		n, key := resolve(child(node, "include").Content[i]), fmt.Sprintf("sweep.include[%d]", i)
		s.Include[i].resolve(d, root, n, key, spec, known)
	}
}
