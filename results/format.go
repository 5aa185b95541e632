// format.go says what lines of each format have, and completes what lines of earlier
// formats lack.

package results

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// Format is the format of the lines that this program writes. It rises with each
// change of what a line has or means:
//
//	1  revision 61b57d6: the columns of that time, no checksum
//	2  a checksum; counts of failed trials are null
//
// A manifest names the format of the lines that its session wrote; a manifest that
// names none is of a session that wrote format 1. Lines of several formats may stand
// in one folder.
const Format = 2

// summedFormat is the first format whose lines have a checksum.
const summedFormat = 2

// since returns the format with which a column came: for a column of the identity
// Axis.Added, for any other the struct tag since, for a column with neither 1.
func (c Column) since() int {
	if n, err := strconv.Atoi(c.tag.Get("since")); err == nil {
		return n
	}
	if c.identity() {
		return max(1, AxisOf(c.Name).Added)
	}
	return 1
}

// identity reports whether the column is one of the identity.
func (c Column) identity() bool {
	return slices.ContainsFunc(columnsOf(identityType), func(o Column) bool { return o.Name == c.Name })
}

// lineColumns are the columns of a struct of which lines hold values, in the order in
// which they are written, and their numbers in that order by name.
type lineColumns struct {
	columns []Column
	number  map[string]int
}

func lineColumnsOf(t reflect.Type) lineColumns {
	l := lineColumns{columnsOf(t), map[string]int{}}
	for i, c := range l.columns {
		l.number[c.Name] = i
	}
	return l
}

var (
	identityColumns = lineColumnsOf(reflect.TypeFor[Identity]())
	recordColumns   = lineColumnsOf(reflect.TypeFor[Record]())
	searchColumns   = lineColumnsOf(reflect.TypeFor[Search]())
	layerColumns    = lineColumnsOf(reflect.TypeFor[Layer]())
)

// complete fills in the columns that a line of a format may lack: a column of the
// identity is set to the value that all records had in effect before it existed, and
// any other column to missing. It is an error if the line lacks a column that its
// format has, or has null in a column that cannot be missing. row points to what was
// read from the line's object; has are the keys of that object.
func (l lineColumns) complete(row any, has []lineKey, format int) error {
	in := 0 // the number of columns found so far in the order in which lines are written
	for _, key := range has {
		if in < len(l.columns) && string(key.name) == l.columns[in].Name {
			if key.null && !l.columns[in].optional() {
				break
			}
			in++
		}
	}
	if in == len(l.columns) {
		return nil
	}
	there := make([]bool, len(l.columns))
	for _, key := range has {
		i, ok := l.number[string(key.name)]
		switch {
		case !ok:
		case key.null && !l.columns[i].optional():
			return fmt.Errorf("it has null for %s, which always has a value", key.name)
		default:
			there[i] = true
		}
	}
	for i, c := range l.columns {
		switch {
		case there[i]:
		case c.since() <= format:
			return fmt.Errorf("it has no %s, which lines of format %d have", c.Name, format)
		case c.identity():
			a := AxisOf(c.Name)
			a.Set(row.(interface{ identityOf() *Identity }).identityOf(), a.Before)
		default:
			c.clear(row)
		}
	}
	return nil
}

// Complete fills in the columns of an identity that a JSON object of a format lacks;
// the object may have other keys, too. It is an error if the object lacks a column that
// its format has.
func (id *Identity) Complete(object []byte, format int) error {
	keys, _ := keysOf(object)
	return identityColumns.complete(id, keys, format)
}

func (id *Identity) identityOf() *Identity { return id }

func (r *Record) identityOf() *Identity { return &r.Identity }
func (s *Search) identityOf() *Identity { return &s.Identity }

// Present returns a JSON object of a line, or of a cell of a baseline, in which every
// former value of a column of the identity is replaced by its present one. It works
// on the text, so that it also serves a column whose type has changed, for example
// from true to "path".
func Present(object []byte) []byte {
	for i := range Axes {
		a := &Axes[i]
		if a.Formerly == nil {
			continue
		}
		for _, m := range slices.Backward(members(object)) {
			text := string(bytes.Trim(object[m.value:m.end], `" `))
			if now := a.current(text); string(m.key) == a.Column && now != text {
				object = slices.Concat(object[:m.value], a.json(now), object[m.end:])
			}
		}
	}
	return object
}

// anyFormerly reports whether the value of any column had another text in an earlier
// format.
func anyFormerly() bool {
	return slices.ContainsFunc(Axes, func(a Axis) bool { return a.Formerly != nil })
}

// json returns a value of the axis as lines have it, from its canonical text.
func (a *Axis) json(text string) []byte {
	var id Identity
	a.Set(&id, text)
	out, err := json.Marshal(a.lookup().Value(&id))
	if err != nil {
		panic("results: " + a.Column + ": " + err.Error())
	}
	return out
}

// member is a member of a JSON object: its key, and the byte offsets between which its
// value stands.
type member struct {
	key        []byte
	value, end int
}

// members lists the members of the object on a line, which must be valid JSON.
func members(line []byte) (out []member) {
	scan(line, func(token byte, depth, start, end int) {
		switch {
		case depth != 1:
		case token == ':':
			out = append(out, member{line[start:end], bytes.IndexByte(line[end:], ':') + end + 1, 0})
		case (token == ',' || token == '}') && len(out) > 0:
			out[len(out)-1].end = start
		}
	})
	return out
}

// lineKey is a key of a line's object.
type lineKey struct {
	name []byte
	null bool // whether its value is null
}

// keysOf returns the keys of the object on a line, which must be valid JSON, and
// those of each object in the list under "per_layer".
func keysOf(line []byte) (keys []lineKey, layers [][]lineKey) {
	keys = make([]lineKey, 0, len(recordColumns.columns)+3) // and sum, tail, per_layer
	key := func(start, end int) lineKey {
		value := bytes.TrimLeft(line[end+1:], " \t:")
		return lineKey{line[start:end], bytes.HasPrefix(value, []byte("null"))}
	}
	scan(line, func(token byte, depth, start, end int) {
		switch {
		case token == ':' && depth == 1:
			keys = append(keys, key(start, end))
		case token == '{' && depth == 3:
			layers = append(layers, make([]lineKey, 0, len(layerColumns.columns)))
		case token == ':' && depth == 3:
			layers[len(layers)-1] = append(layers[len(layers)-1], key(start, end))
		}
	})
	return keys, layers
}

// scan calls visit for the tokens that make the structure of a line, which must be
// valid JSON: braces, brackets and commas, with the depth at which what they enclose or
// separate stands; and ':' for a key, with the byte offsets of the key without its
// quotes.
func scan(line []byte, visit func(token byte, depth, start, end int)) {
	depth := 0
	for i := 0; i < len(line); i++ {
		switch c := line[i]; c {
		case '{', '[':
			depth++
			visit(c, depth, i, i+1)
		case '}', ']':
			visit(c, depth, i, i+1)
			depth--
		case ',':
			visit(c, depth, i, i+1)
		case '"':
			start := i + 1
			for i++; line[i] != '"'; i++ {
				if line[i] == '\\' {
					i++
				}
			}
			next := i + 1
			for next < len(line) && (line[next] == ' ' || line[next] == '\t') {
				next++
			}
			if next < len(line) && line[next] == ':' {
				visit(':', depth, start, i)
			}
		}
	}
}
