// format.go says what lines of each record format have, and reads older ones.

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
// A manifest names the format of the lines that its session wrote; one that names
// none is of format 1. Lines of several formats may stand in one folder.
const Format = 2

// since is the format with which a column of numbers measured came, by the struct
// tag of that name: what older lines lack is missing.
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

// lineColumns are the columns of a struct that lines hold, and their numbers.
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

// complete fills in the columns that a line of a format may lack: at the value
// that all records had before a column of the identity was there, missing if it is
// of something measured. What the format must have is an error. has are the keys
// of the line's object, row is a pointer to what was read of it.
func (l lineColumns) complete(row any, has [][]byte, format int) error {
	in := 0 // columns that are there, in the order in which lines are written
	for _, key := range has {
		if in < len(l.columns) && string(key) == l.columns[in].Name {
			in++
		}
	}
	if in == len(l.columns) {
		return nil
	}
	there := make([]bool, len(l.columns))
	for _, key := range has {
		if i, ok := l.number[string(key)]; ok {
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

// Complete fills in the columns of an identity that an object of a format lacks, in
// which its columns are among others. What the format must have is an error.
func (id *Identity) Complete(object []byte, format int) error {
	keys, _ := keysOf(object)
	return identityColumns.complete(id, keys, format)
}

func (id *Identity) identityOf() *Identity { return id }

func (r *Record) identityOf() *Identity { return &r.Identity }
func (s *Search) identityOf() *Identity { return &s.Identity }

// Present returns an object, one line's or one cell's, in which values that columns
// of the identity had in earlier formats are their present ones: also where a
// column has changed its type since, as from true to "path".
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

// anyFormerly reports whether a column had other values in an earlier format.
func anyFormerly() bool {
	return slices.ContainsFunc(Axes, func(a Axis) bool { return a.Formerly != nil })
}

// json is how a line has a value of the axis.
func (a *Axis) json(text string) []byte {
	var id Identity
	a.Set(&id, text)
	out, err := json.Marshal(a.lookup().Value(&id))
	if err != nil {
		panic("results: " + a.Column + ": " + err.Error())
	}
	return out
}

// member is a member of an object on a line: its key, and where its value stands.
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

// keysOf returns the keys of the object on a line, which must be valid JSON, and
// those of each object in the list under "per_layer".
func keysOf(line []byte) (keys [][]byte, layers [][][]byte) {
	scan(line, func(token byte, depth, start, end int) {
		switch {
		case token == ':' && depth == 1:
			keys = append(keys, line[start:end])
		case token == '{' && depth == 3:
			layers = append(layers, nil)
		case token == ':' && depth == 3:
			layers[len(layers)-1] = append(layers[len(layers)-1], line[start:end])
		}
	})
	return keys, layers
}

// scan calls visit for the tokens of a line, which must be valid JSON, that tell its
// structure: braces and brackets, with the depth of what they enclose; commas; and
// ':' for a key, with where that stands, without its quotes.
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
