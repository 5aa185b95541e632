// format.go says what lines of each record format have, and reads older ones.

package results

import (
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
// which its columns are among others, and gives values of earlier formats their
// present texts. What the format must have is an error.
func (id *Identity) Complete(object []byte, format int) error {
	keys, _ := keysOf(object)
	if err := identityColumns.complete(id, keys, format); err != nil {
		return err
	}
	id.translate()
	return nil
}

func (id *Identity) identityOf() *Identity { return id }

func (r *Record) identityOf() *Identity { return &r.Identity }
func (s *Search) identityOf() *Identity { return &s.Identity }

// translate gives the columns of an identity whose values were called otherwise in
// earlier formats their present texts.
func (id *Identity) translate() {
	for i := range Axes {
		if a := &Axes[i]; a.Formerly != nil {
			if text := id.Text(a.Column); a.current(text) != text {
				a.Set(id, a.current(text))
			}
		}
	}
}

// keysOf returns the keys of the object on a line, which must be valid JSON, and
// those of each object in the list under "per_layer".
func keysOf(line []byte) (keys [][]byte, layers [][][]byte) {
	depth := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '{', '[':
			if depth++; depth == 3 {
				layers = append(layers, nil)
			}
		case '}', ']':
			depth--
		case '"':
			start := i + 1
			for i++; line[i] != '"'; i++ {
				if line[i] == '\\' {
					i++
				}
			}
			end := i
			next := i + 1
			for next < len(line) && (line[next] == ' ' || line[next] == '\t') {
				next++
			}
			if next < len(line) && line[next] == ':' {
				switch key := line[start:end]; depth {
				case 1:
					keys = append(keys, key)
				case 3:
					layers[len(layers)-1] = append(layers[len(layers)-1], key)
				}
			}
		}
	}
	return keys, layers
}
