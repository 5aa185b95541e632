// columns.go lists the columns of the record structs, by reflection, and reads and
// sets their values.

package results

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"spfq/internal/num"
)

// Column is a column of the records, or of another kind of row: its name and what it
// means.
type Column struct {
	Name string
	Doc  string

	index []int
	kind  reflect.Type
	tag   reflect.StructTag
}

// Columns lists the columns of a struct of this package in the order of its fields,
// those of embedded structs included. Fields that are lists or maps are no columns. row
// is a value of the struct, or a pointer to one.
func Columns(row any) []Column {
	t := reflect.TypeOf(row)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return slices.Clone(columnsOf(t)) // callers may change the list that they get
}

// columnCache keeps the columns of each type, which conditions ask for often.
var columnCache sync.Map

// columnsOf is Columns for a type. The list that it returns is shared: read only.
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
		doc := f.Tag.Get("doc")
		if i := slices.IndexFunc(Axes, func(a Axis) bool { return a.Column == name }); i >= 0 && doc == "" {
			doc = Axes[i].Doc
		}
		cols = append(cols, Column{Name: name, Doc: doc, index: f.Index, kind: f.Type, tag: f.Tag})
	}
	columnCache.Store(t, cols)
	return cols
}

// Value returns the column's value in row, a pointer to a struct of the type
// that the column was listed for. It is a string, bool, int, int64, uint64, Num, Given
// or Count.
func (c Column) Value(row any) any { return c.field(row).Interface() }

// countType is the type of counts, whose missing value is stored as a negative number.
var countType = reflect.TypeFor[Count]()

// field returns the field of the column in row, a pointer to a struct.
func (c Column) field(row any) reflect.Value {
	v := reflect.ValueOf(row).Elem()
	if len(c.index) == 1 {
		return v.Field(c.index[0])
	}
	return v.FieldByIndex(c.index)
}

// Text returns the column's value in row as the CSV files write it. It puts no value
// into an interface, which would allocate: reports ask for millions of texts.
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
		if v.Type() == given {
			return Given(v.Float()).String()
		}
		return Num(v.Float()).String()
	default:
		panic("results: no text form for a value of type " + v.Type().String())
	}
}

// given is the type of columns that may be unset.
var given = reflect.TypeFor[Given]()

// identityType is the type of identities, whose columns tell records apart.
var identityType = reflect.TypeFor[Identity]()

// set gives the column of row, a pointer to a struct of the type that the column
// was listed for, the value that a canonical text stands for; blank is the text that
// stands for no value. A text that is no value of the column is a mistake of the
// program and panics.
func (c Column) set(row any, text, blank string) {
	var err error
	switch v := c.field(row); v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		var b bool
		b, err = strconv.ParseBool(text)
		v.SetBool(b)
	case reflect.Int, reflect.Int64:
		var n int64
		n, err = strconv.ParseInt(text, 10, 64)
		v.SetInt(n)
	case reflect.Uint64:
		var n uint64
		n, err = strconv.ParseUint(text, 10, 64)
		v.SetUint(n)
	case reflect.Float64:
		var x Num
		if x, err = ParseNum(text); text == blank && v.Type() == given {
			x, err = Num(Unset), nil
		}
		v.SetFloat(float64(x))
	default:
		panic("results: no value for a column of type " + v.Type().String())
	}
	if err != nil {
		panic("results: " + c.Name + ": " + err.Error())
	}
}

// optional reports whether the column may be without a value, for which lines have null.
func (c Column) optional() bool {
	return c.kind == given || c.kind == countType || c.kind == reflect.TypeFor[Num]()
}

// clear sets the column of row, a pointer to a struct of the type that the column
// was listed for, to the value that says that nothing was measured.
func (c Column) clear(row any) {
	switch v := c.field(row); {
	case v.Type() == reflect.TypeFor[Num]():
		v.SetFloat(float64(Missing))
	case v.Type() == countType:
		v.SetInt(int64(num.NoCount))
	case v.Kind() == reflect.String:
		v.SetString("")
	default:
		panic("results: " + c.Name + ": a column of type " + v.Type().String() + " cannot be missing")
	}
}

// Lookup finds a column by name; row is a value of the struct that has it, or a pointer
// to one.
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

// Number returns the column's value in row as a float64, NaN where it is missing;
// ok is false if the column does not hold numbers.
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
		if v.Type() == given {
			return float64(Given(v.Float()).Num()), true
		}
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
