// decode.go reads typed values from YAML nodes and notes what does not fit.

package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"spfq/experiments/claim"
	"spfq/internal/domain"
	"spfq/results"
)

// decoder walks a YAML document. yaml.v3's own decoding stops at types, loses
// columns, reads 010 as 8 and accepts .nan; walking the nodes does none of it.
type decoder struct {
	file     string
	sets     []string
	problems []Problem
	// tell, if set, is called for each mapping that is read, with the keys that it takes.
	tell func(key string, fields []field)
}

// parse returns the root mapping of a document with the --set changes applied,
// or notes why there is none.
func (d *decoder) parse(data []byte) *yaml.Node {
	whole := &yaml.Node{}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			d.fail(whole, "", "the file is empty: want a config")
		} else {
			line, text := yamlError(err)
			whole.Line, whole.Column = line, min(line, 1)
			d.fail(whole, "", "not YAML: %s", text)
		}
		return nil
	}
	var next yaml.Node
	if err := dec.Decode(&next); !errors.Is(err, io.EOF) {
		d.fail(&next, "", "the file holds more than one YAML document: want one config a file")
		return nil
	}
	root := resolve(&doc)
	if root.Kind != yaml.MappingNode {
		d.fail(root, "", "want a mapping of keys to values, have %s", kindName(root))
		return nil
	}
	for i, s := range d.sets {
		d.set(root, s, -i-1)
	}
	if !d.checkSize(root) {
		return nil
	}
	return root
}

// yamlLine matches the beginning of those errors of the YAML library that name a line.
var yamlLine = regexp.MustCompile(`^line (\d+): `)

// yamlError splits an error of the YAML library into the line that it names, or 0, and
// the rest of its text.
func yamlError(err error) (line int, text string) {
	text = strings.TrimPrefix(err.Error(), "yaml: ")
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = text[len(m[0]):]
	}
	return line, text
}

// set applies key.path=value to the tree below root, creating mappings on the
// way. Numbers in the path count list items from 0.
func (d *decoder) set(root *yaml.Node, assignment string, line int) {
	at := &yaml.Node{Line: line}
	path, text, ok := strings.Cut(assignment, "=")
	if !ok || path == "" {
		d.fail(at, "", "want key.path=value, as network.width=256")
		return
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		d.fail(at, path, "value %q is not YAML: %s", text, strings.TrimPrefix(err.Error(), "yaml: "))
		return
	}
	value := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}
	if doc.Kind == yaml.DocumentNode {
		value = doc.Content[0]
	}
	relocate(value, line)
	keys := strings.Split(path, ".")
	node := root
	for i, key := range keys {
		last := i == len(keys)-1
		switch node.Kind {
		case yaml.MappingNode:
			k := slices.IndexFunc(everyOther(node.Content), func(n *yaml.Node) bool { return n.Value == key })
			if k < 0 {
				child := &yaml.Node{Kind: yaml.MappingNode, Line: line}
				if last {
					child = value
				}
				node.Content = append(node.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key, Line: line}, child)
				node = child
				continue
			}
			if last {
				node.Content[2*k].Line, node.Content[2*k].Column = line, 0
				node.Content[2*k+1] = value
			}
			node = resolve(node.Content[2*k+1])
		case yaml.SequenceNode:
			k, err := strconv.Atoi(key)
			if len(node.Content) == 0 {
				d.fail(at, strings.Join(keys[:i+1], "."), "%s is an empty list, which has no items to change: give the whole list", strings.Join(keys[:i], "."))
				return
			}
			if err != nil || k < 0 || k >= len(node.Content) {
				d.fail(at, strings.Join(keys[:i+1], "."), "want the number of a list item, 0 to %d", len(node.Content)-1)
				return
			}
			if last {
				node.Content[k] = value
			}
			node = resolve(node.Content[k])
		default:
			d.fail(at, strings.Join(keys[:i+1], "."), "%s holds %s: there is no key %q in it", strings.Join(keys[:i], "."), kindName(node), key)
			return
		}
	}
}

// everyOther lists the nodes with even numbers: of the content of a mapping, the keys.
func everyOther(nodes []*yaml.Node) []*yaml.Node {
	var out []*yaml.Node
	for i := 0; i < len(nodes); i += 2 {
		out = append(out, nodes[i])
	}
	return out
}

// relocate gives a tree the line of the --set change that it comes from.
func relocate(n *yaml.Node, line int) {
	n.Line, n.Column = line, 0
	for _, c := range n.Content {
		relocate(c, line)
	}
}

// resolve follows aliases and documents to the node that holds something.
func resolve(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode || n.Kind == yaml.DocumentNode {
		if n.Kind == yaml.AliasNode {
			n = n.Alias
		} else {
			n = n.Content[0]
		}
	}
	return n
}

// kindName says in messages what a node is.
func kindName(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	return literal(n).String()
}

// literal returns a scalar as domains read it.
func literal(n *yaml.Node) domain.Literal {
	l := domain.Literal{Text: n.Value, Quoted: n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0}
	switch n.Tag {
	case "!!null":
		l.Kind = domain.Null
	case "!!bool":
		l.Kind = domain.Boolean
	case "!!int", "!!float":
		l.Kind = domain.Number
	}
	return l
}

// field is a key of a mapping, with the function that reads its value and with what
// schema, documents and completion say of it (keys.go).
type field struct {
	name     string
	required bool
	read     func(n *yaml.Node, key string)
	about
}

// noMerge says what to do without merge keys, which no JSON Schema knows: an editor
// would see mistakes where there are none.
const noMerge = "merge keys are not supported: write the keys out here, or share a whole value by an alias, as network: *name"

// isMerge reports whether a key merges other mappings into its own.
func isMerge(k *yaml.Node) bool { return k.Tag == "!!merge" || k.Value == "<<" }

// object reads the mapping n at key. A key that is none of the fields, is given twice,
// or is required and missing is a problem.
func (d *decoder) object(n *yaml.Node, key string, fields ...field) {
	n = resolve(n)
	if n.Kind != yaml.MappingNode {
		d.fail(n, key, "want a mapping of keys to values, have %s", kindName(n))
		return
	}
	if d.tell != nil {
		d.tell(key, fields)
	}
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	lines := map[string]int{}
	for i := 0; i < len(n.Content); i += 2 {
		k := n.Content[i]
		name, at := k.Value, join(key, k.Value)
		if k.Kind != yaml.ScalarNode {
			d.fail(k, key, "a key must be a word, have %s", kindName(k))
			continue
		}
		if first, ok := lines[name]; ok {
			d.fail(k, at, "given twice, first on line %d: give it once", first)
			continue
		}
		lines[name] = k.Line
		if isMerge(k) {
			d.fail(k, at, "%s", noMerge)
			continue
		}
		f := slices.Index(names, name)
		if f < 0 {
			d.fail(k, at, "no such key%s (keys here: %s)", domain.DidYouMean(name, names), strings.Join(names, ", "))
			continue
		}
		fields[f].read(resolve(n.Content[i+1]), at)
	}
	for _, f := range fields {
		if _, ok := lines[f.name]; f.required && !ok {
			d.fail(n, join(key, f.name), "missing: it must be given")
		}
	}
}

// join returns the path of a key of the mapping at key.
func join(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}

// scalar makes a field that reads one value into dst, which holds the default.
func scalar[T any](d *decoder, name string, dst *T, values domain.Of[T]) field {
	return field{name: name, about: about{Accepts: values.Accepts, fallback: *dst}, read: func(n *yaml.Node, key string) {
		if v, ok := value(d, n, key, values); ok {
			*dst = v
		}
	}}
}

// axis makes a field that reads one value of an axis, or a list of different values,
// into values, under the row's key path.
func axis(d *decoder, row *results.Axis, values map[string][]string) field {
	one := func(n *yaml.Node, key string) (string, bool) {
		if n.Kind == yaml.ScalarNode { // a text of an earlier format stands for its present one
			if now, ok := row.Formerly[n.Value]; ok {
				return now, true
			}
		}
		return value(d, n, key, row.Values)
	}
	list := func(n *yaml.Node, key string) []item { return items(d, n, key) }
	if row.Column == "widths" { // one value of this axis is a list itself
		one, list = d.sizes, d.listsOfSizes
	}
	return field{name: row.Name(), read: func(n *yaml.Node, key string) {
		var out []string
		taken := map[string]bool{}
		for _, it := range list(n, key) {
			v, ok := one(it.node, it.key)
			if ok && taken[v] {
				d.fail(it.node, it.key, "%v is in the list twice: the values of an axis must differ", v)
			} else if ok {
				out = append(out, v)
			}
			taken[v] = true
		}
		if len(out) > 0 {
			values[row.Path] = out
		}
	}, about: aboutAxis(row)}
}

// item is an item of a list with its key path.
type item struct {
	node *yaml.Node
	key  string
}

// items lists the items of a list, or n alone if it is no list.
func items(d *decoder, n *yaml.Node, key string) []item {
	if n.Kind != yaml.SequenceNode {
		return []item{{n, key}}
	}
	if len(n.Content) == 0 {
		d.fail(n, key, "an empty list: want at least one value")
	}
	var out []item
	for i, c := range n.Content {
		out = append(out, item{resolve(c), fmt.Sprintf("%s[%d]", key, i)})
	}
	return out
}

// sizes reads the list of the sizes of one network and returns it as the column widths
// has it.
func (d *decoder) sizes(n *yaml.Node, key string) (string, bool) {
	if n.Kind != yaml.SequenceNode || len(n.Content) < 2 || len(n.Content) > results.MaxLayers+1 {
		d.fail(n, key, "want a list of the sizes N_0 to N_L, at least two, have %s", kindName(n))
		return "", false
	}
	var widths []int
	for i, c := range n.Content {
		if w, ok := value(d, resolve(c), fmt.Sprintf("%s[%d]", key, i), results.Size); ok {
			widths = append(widths, w)
		}
	}
	return results.FormatSizes(widths), len(widths) == len(n.Content)
}

// listsOfSizes lists the items of a list of lists of sizes, or n alone if it is a list of
// sizes.
func (d *decoder) listsOfSizes(n *yaml.Node, key string) []item {
	if n.Kind == yaml.SequenceNode && len(n.Content) > 0 && resolve(n.Content[0]).Kind == yaml.SequenceNode {
		return items(d, n, key)
	}
	return []item{{n, key}}
}

// must makes the key one that every mapping of its kind must have.
func (f field) must() field {
	f.required = true
	return f
}

// value reads one value of a domain, or notes why there is none.
func value[T any](d *decoder, n *yaml.Node, key string, values domain.Of[T]) (T, bool) {
	var zero T
	if n.Kind != yaml.ScalarNode {
		d.fail(n, key, "want one value, have %s", kindName(n))
		return zero, false
	}
	v, err := values.Read(literal(n))
	if err != nil {
		d.fail(n, key, "%v", err)
		return zero, false
	}
	return v, true
}

// rangeOf makes a field that reads [lo, hi] with lo <= hi into the range of a claim's key.
// The ends may be infinite.
func rangeOf(d *decoder, k claim.Key) field {
	return field{name: k.Name, about: aboutClaimKey(k), read: func(n *yaml.Node, key string) {
		if n.Kind != yaml.SequenceNode || len(n.Content) != 2 {
			d.fail(n, key, "want a range [least, largest], have %s", kindName(n))
			return
		}
		lo, ok1 := value(d, resolve(n.Content[0]), key+"[0]", domain.Limit)
		hi, ok2 := value(d, resolve(n.Content[1]), key+"[1]", domain.Limit)
		if ok1 && ok2 && lo > hi {
			d.fail(n, key, "range [%v, %v] is empty: want the least value first", lo, hi)
			return
		}
		*k.Range = claim.Range{Lo: lo, Hi: hi, Given: true}
	}}
}

// where makes a field that reads a mapping of identity columns to values or lists
// of them into dst.
func where(d *decoder, name string, dst *results.Where) field {
	return field{name: name, about: about{Accepts: claim.ConditionsAccept}, read: func(n *yaml.Node, key string) {
		var fields []field
		for _, c := range results.Columns(results.Identity{}) {
			fields = append(fields, field{name: c.Name, read: func(n *yaml.Node, key string) {
				var values []string
				for _, it := range items(d, n, key) {
					if it.node.Kind != yaml.ScalarNode {
						d.fail(it.node, it.key, "want one value, have %s", kindName(it.node))
						continue
					}
					text := it.node.Value
					if v, err := literal(it.node).Decimal(); err == nil && !domain.IsWhole(text) { // a whole number is its own canonical text
						text = results.Num(v).String()
					}
					values = append(values, text)
				}
				*dst = append(*dst, results.On(c.Name, values...))
			}})
		}
		d.object(n, key, fields...)
	}}
}
