// columns.go reads column names, meanings and values off the record structs.

package results

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Column is one column of a CSV file: its name and what it means.
type Column struct {
	Name string
	Doc  string

	index []int
	kind  reflect.Type
}

// Columns lists the scalar columns of a struct of this package, in order.
// row is a value of the struct, or a pointer to one.
func Columns(row any) []Column {
	t := reflect.TypeOf(row)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return slices.Clone(columnsOf(t)) // callers may edit theirs
}

// columnCache keeps the columns of each type, which filters ask for often.
var columnCache sync.Map

func columnsOf(t reflect.Type) []Column {
	if cols, ok := columnCache.Load(t); ok {
		return cols.([]Column)
	}
	var cols []Column
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || name == "" || name == "-" || f.Type.Kind() == reflect.Slice || f.Type.Kind() == reflect.Map {
			continue
		}
		cols = append(cols, Column{Name: name, Doc: f.Tag.Get("doc"), index: f.Index, kind: f.Type})
	}
	columnCache.Store(t, cols)
	return cols
}

// Value returns the column's value in row, a pointer to a struct of the type
// that the column was listed for: a string, bool, int, int64, uint64, Num or
// Count.
func (c Column) Value(row any) any { return c.field(row).Interface() }

// countType is the type of counts, whose missing value is no number.
var countType = reflect.TypeFor[Count]()

func (c Column) field(row any) reflect.Value {
	v := reflect.ValueOf(row).Elem()
	if len(c.index) == 1 {
		return v.Field(c.index[0])
	}
	return v.FieldByIndex(c.index)
}

// Text returns the column's value in row as the CSV files write it. It boxes
// no value: reports ask for millions.
func (c Column) Text(row any) string {
	v := c.field(row)
	if c.kind == countType {
		return Count(v.Int()).String()
	}
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Int, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Uint64:
		return strconv.FormatUint(v.Uint(), 10)
	case reflect.Float64:
		return Num(v.Float()).String()
	default:
		panic("results: no text form for a value of type " + v.Type().String())
	}
}

// Lookup finds a column of row's struct by name.
func Lookup(row any, name string) (Column, bool) {
	t := reflect.TypeOf(row)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	for _, c := range columnsOf(t) {
		if c.Name == name {
			return c, true
		}
	}
	return Column{}, false
}

// Numeric reports whether the column holds numbers.
func (c Column) Numeric() bool {
	switch c.kind.Kind() {
	case reflect.Int, reflect.Int64, reflect.Uint64, reflect.Float64:
		return true
	}
	return false
}

// Number returns a column's value in row as a float64, NaN where it is missing;
// ok is false where the column holds no numbers.
func (c Column) Number(row any) (x float64, ok bool) {
	v := c.field(row)
	if c.kind == countType {
		return Count(v.Int()).Float(), true
	}
	switch v.Kind() {
	case reflect.Int, reflect.Int64:
		return float64(v.Int()), true
	case reflect.Uint64:
		return float64(v.Uint()), true
	case reflect.Float64:
		return v.Float(), true
	}
	return 0, false
}

// Same reports whether the column has the same text in two rows.
func (c Column) Same(a, b any) bool {
	x, y := c.field(a), c.field(b)
	if x.Kind() == reflect.Float64 {
		f, g := x.Float(), y.Float()
		return f == g && (f != 0 || math.Signbit(f) == math.Signbit(g)) || f != f && g != g
	}
	return x.Equal(y)
}
