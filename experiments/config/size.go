// size.go bounds how large a config is once all is written out that it refers to.

package config

import "go.yaml.in/yaml/v3"

// maxNodes bounds the keys, values and lists of a config when each alias stands for
// all that it refers to, and each inclusion of a sweep for the config that it is read
// with. More are not meant: a grid has at most a million cells. A text counts once
// more for each textBytes bytes.
const (
	maxNodes  = 1_000_000
	textBytes = 32
)

// size counts the nodes below a tree's root, those that aliases refer to as often as
// they are referred to: more than maxNodes are counted as maxNodes + 1. Each node is
// visited once. An alias within what it refers to makes the tree infinite.
type size map[*yaml.Node]int

func (s size) of(n *yaml.Node) int {
	if n == nil {
		return 0
	}
	n = resolve(n)
	if count, ok := s[n]; ok {
		return count
	}
	s[n] = maxNodes + 1 // while it is counted, what refers to it is within it
	count := 1 + len(n.Value)/textBytes
	for _, c := range n.Content {
		count = min(count+s.of(c), maxNodes+1)
	}
	s[n] = count
	return count
}

// checkSize refuses a config that is too large; nothing of it is read then.
func (d *decoder) checkSize(root *yaml.Node) bool {
	s := size{}
	if s.of(root) > maxNodes {
		d.fail(&yaml.Node{}, "", "more than %d keys and values, those that aliases stand for counted as often as they are used: want a config", maxNodes)
		return false
	}
	sweep := child(root, "sweep")
	if sweep == nil {
		return true
	}
	include := child(sweep, "include")
	if include == nil || include.Kind != yaml.SequenceNode {
		return true
	}
	each := s.of(child(root, methodsKey))
	for _, name := range sections {
		each += s.of(child(root, name))
	}
	if n := len(include.Content); n*each > maxNodes {
		d.fail(include, "sweep.include", "%d inclusions, each of a network, data, alphabet and methods of %d keys and values, are %d, more than %d: want fewer inclusions, which may set axes to lists of values",
			n, each, n*each, maxNodes)
		return false
	}
	return true
}

// checkResolved refuses a config that could not be read back once its defaults are
// written out, as a run does.
func (d *decoder) checkResolved(s *Spec) {
	if n := len(s.YAML()); n > maxBytes {
		d.fail(&yaml.Node{}, "", "with its defaults written out it has %d bytes, more than %d MiB: want a config", n, maxBytes>>20)
	}
}
