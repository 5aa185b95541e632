// decode.go reads typed values off YAML nodes and notes what does not fit.

package experiments

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// decoder walks a YAML document. yaml.v3's own decoding stops at types, loses
// columns, reads 010 as 8 and accepts .nan; walking the nodes does none of it.
type decoder struct {
	file     string
	sets     []string
	problems []Problem
	// tell, if set, is called for each mapping read, with the keys that it takes.
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
	return root
}

// yamlLine is how the YAML library's errors begin that name a line.
var yamlLine = regexp.MustCompile(`^line (\d+): `)

// yamlError splits an error of the YAML library into the line it names, or 0, and
// what it says.
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

func everyOther(nodes []*yaml.Node) []*yaml.Node {
	var out []*yaml.Node
	for i := 0; i < len(nodes); i += 2 {
		out = append(out, nodes[i])
	}
	return out
}

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

func kindName(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Tag == "!!null":
		return "nothing"
	}
	return strconv.Quote(n.Value)
}

// field is a key of a mapping, what reads its value, and all that schema,
// documents and completion say of it (keys.go).
type field struct {
	name     string
	required bool
	read     func(n *yaml.Node, key string)
	about
}

// object reads the mapping n at key: known fields once each, nothing else.
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
		f := slices.Index(names, name)
		if f < 0 {
			d.fail(k, at, "no such key%s (keys here: %s)", nearest(name, names), strings.Join(names, ", "))
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

func join(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}

// parser reads a scalar; the error of read says what is wanted.
type parser[T any] struct {
	accepts
	read func(n *yaml.Node) (T, error)
}

// scalar makes a field that reads one value into dst, which holds the default.
func scalar[T any](d *decoder, name string, dst *T, parse parser[T]) field {
	return field{name: name, about: about{accepts: parse.accepts, fallback: *dst}, read: func(n *yaml.Node, key string) {
		if v, ok := value(d, n, key, parse); ok {
			*dst = v
		}
	}}
}

// axis makes a field that reads one value, or a list of different values, into
// dst, which holds the default.
func axis[T comparable](d *decoder, name string, dst *Axis[T], parse parser[T]) field {
	return field{name: name, about: about{accepts: parse.accepts, axis: true, fallback: *dst}, read: func(n *yaml.Node, key string) {
		var out Axis[T]
		for _, item := range items(d, n, key) {
			v, ok := value(d, item.node, item.key, parse)
			if ok && slices.Contains(out, v) {
				d.fail(item.node, item.key, "%v is in the list twice: the values of an axis must differ", v)
			} else if ok {
				out = append(out, v)
			}
		}
		if len(out) > 0 {
			*dst = out
		}
	}}
}

// item is an entry of a list with its key.
type item struct {
	node *yaml.Node
	key  string
}

// items lists the entries of a list, or n itself where it is no list.
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

func (f field) must() field {
	f.required = true
	return f
}

func value[T any](d *decoder, n *yaml.Node, key string, parse parser[T]) (T, bool) {
	var zero T
	if n.Kind != yaml.ScalarNode {
		d.fail(n, key, "want one value, have %s", kindName(n))
		return zero, false
	}
	v, err := parse.read(n)
	if err != nil {
		d.fail(n, key, "%v", err)
		return zero, false
	}
	return v, true
}

// text reads a string. An unquoted number or truth value is none.
var text = parser[string]{accepts{"text", schema{"type": "string"}}, func(n *yaml.Node) (string, error) {
	if n.Tag != "!!str" {
		return "", fmt.Errorf("want text, have %s", kindName(n))
	}
	return n.Value, nil
}}

// word reads a string by a parser of strings, such as quant.ParseAlign, which
// takes the given forms: words, or words that end in a placeholder (order-R).
func word[T any](parse func(string) (T, error), forms ...string) parser[T] {
	return parser[T]{accepts{alternatives(forms), formSchema(forms)}, func(n *yaml.Node) (T, error) {
		v, err := parse(n.Value)
		if err == nil && n.Tag != "!!str" {
			err = fmt.Errorf("want text, have %s", kindName(n))
		}
		if err != nil {
			err = fmt.Errorf("%w%s", err, nearest(n.Value, forms))
		}
		return v, err
	}}
}

// oneOf reads one of the given strings.
func oneOf[T ~string](allowed ...T) parser[T] {
	var names []string
	for _, a := range allowed {
		names = append(names, string(a))
	}
	return parser[T]{accepts{alternatives(names), schema{"enum": names}}, func(n *yaml.Node) (T, error) {
		if n.Kind == yaml.ScalarNode && slices.Contains(names, n.Value) {
			return T(n.Value), nil
		}
		return "", fmt.Errorf("want %s, have %s%s", alternatives(names), kindName(n), nearest(n.Value, names))
	}}
}

func alternatives(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// boolean reads a truth value.
var boolean = parser[bool]{accepts{"true or false", schema{"type": "boolean"}}, func(n *yaml.Node) (bool, error) {
	if n.Tag != "!!bool" || n.Value != "true" && n.Value != "false" {
		return false, fmt.Errorf("want true or false, have %s", kindName(n))
	}
	return n.Value == "true", nil
}}

var (
	wholePattern  = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	numberPattern = regexp.MustCompile(`^[-+]?(0|[1-9][0-9]*)?(\.[0-9]*)?([eE][-+]?[0-9]+)?$`)
)

// whole reads a whole number from lo to hi, in plain decimal.
func whole(lo, hi int) parser[int] {
	want := fmt.Sprintf("a whole number from %d to %d", lo, hi)
	return parser[int]{accepts{want, schema{"type": "integer", "minimum": lo, "maximum": hi}}, func(n *yaml.Node) (int, error) {
		v, err := strconv.Atoi(n.Value)
		if err != nil || quoted(n) || !wholePattern.MatchString(n.Value) || v < lo || v > hi {
			return 0, fmt.Errorf("want %s, have %s", want, kindName(n))
		}
		return v, nil
	}}
}

// seed reads a whole number of 64 bits.
var seed = parser[uint64]{
	accepts{fmt.Sprintf("a whole number from 0 to %d", uint64(math.MaxUint64)), schema{"type": "integer", "minimum": 0, "maximum": uint64(math.MaxUint64)}},
	func(n *yaml.Node) (uint64, error) {
		v, err := strconv.ParseUint(n.Value, 10, 64)
		if err != nil || quoted(n) || !wholePattern.MatchString(n.Value) {
			return 0, fmt.Errorf("want a whole number from 0 to %d, have %s", uint64(math.MaxUint64), kindName(n))
		}
		return v, nil
	}}

func quoted(n *yaml.Node) bool { return n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 }

// number reads a finite decimal number within limits, which are keywords of JSON
// Schema (minimum, exclusiveMinimum, maximum, exclusiveMaximum) and float64s;
// want describes them.
func number(want string, limits schema) parser[float64] {
	accepted := schema{"type": "number"}
	maps.Copy(accepted, limits)
	return parser[float64]{accepts{want, accepted}, func(n *yaml.Node) (float64, error) {
		v, err := decimal(n)
		if err != nil || math.IsInf(v, 0) || !within(v, limits) {
			return 0, fmt.Errorf("want %s, have %s", want, kindName(n))
		}
		return v, nil
	}}
}

// within reports whether v keeps to limits.
func within(v float64, limits schema) bool {
	for keyword, limit := range limits {
		l := limit.(float64)
		ok := map[string]bool{"minimum": v >= l, "exclusiveMinimum": v > l, "maximum": v <= l, "exclusiveMaximum": v < l}[keyword]
		if !ok {
			return false
		}
	}
	return true
}

// decimal reads a number, inf or -inf.
func decimal(n *yaml.Node) (float64, error) {
	s := n.Value
	switch {
	case quoted(n):
		return 0, errors.New("quoted")
	case s == "inf" || s == "+inf" || s == ".inf" || s == "+.inf":
		return math.Inf(1), nil
	case s == "-inf" || s == "-.inf":
		return math.Inf(-1), nil
	case !numberPattern.MatchString(s):
		return 0, errors.New("not a decimal number")
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, err
	}
	return v, nil
}

// limit reads an end of a range.
var limit = parser[float64]{
	accepts{"a number, inf or -inf", schema{"anyOf": []schema{{"type": "number"}, {"enum": []string{"inf", "-inf"}}}}},
	func(n *yaml.Node) (float64, error) {
		v, err := decimal(n)
		if err != nil {
			return 0, fmt.Errorf("want a number, inf or -inf, have %s", kindName(n))
		}
		return v, nil
	}}

// rangeOf reads [lo, hi], lo <= hi; the ends may be infinite.
func rangeOf(d *decoder, name string, dst *[2]float64) field {
	ends := accepts{"a range [least, largest], whose ends may be infinite", schema{"type": "array", "items": limit.schema, "minItems": 2, "maxItems": 2}}
	return field{name: name, about: about{accepts: ends, fallback: *dst}, read: func(n *yaml.Node, key string) {
		if n.Kind != yaml.SequenceNode || len(n.Content) != 2 {
			d.fail(n, key, "want a range [least, largest], have %s", kindName(n))
			return
		}
		lo, ok1 := value(d, resolve(n.Content[0]), key+"[0]", limit)
		hi, ok2 := value(d, resolve(n.Content[1]), key+"[1]", limit)
		if ok1 && ok2 && lo > hi {
			d.fail(n, key, "range [%v, %v] is empty: want the least value first", lo, hi)
			return
		}
		*dst = [2]float64{lo, hi}
	}}
}

// optional makes a field that reads into a new value, which dst then points to.
func optional[T any](make func(d *decoder, name string, dst *T) field, d *decoder, name string, dst **T) field {
	v := new(T)
	f := make(d, name, v)
	f.fallback = nil
	read := f.read
	f.read = func(n *yaml.Node, key string) {
		*dst = v
		read(n, key)
	}
	return f
}

// positive is the limits of positive numbers, fraction those of numbers between 0
// and 1.
var (
	positive = schema{"exclusiveMinimum": 0.0}
	fraction = schema{"exclusiveMinimum": 0.0, "exclusiveMaximum": 1.0}
)
