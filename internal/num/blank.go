// blank.go sets the numbers of a struct to missing.

package num

import "reflect"

var (
	numType   = reflect.TypeFor[Num]()
	countType = reflect.TypeFor[Count]()
)

// Blank sets to missing every field of type Num or Count of the struct that row
// points to, those of embedded structs included. It leaves other fields alone.
func Blank(row any) {
	blank(reflect.ValueOf(row).Elem())
}

// blank is Blank for a struct that can be set.
func blank(v reflect.Value) {
	for i := range v.NumField() {
		switch f := v.Field(i); {
		case f.Type() == numType:
			f.SetFloat(float64(Missing))
		case f.Type() == countType:
			f.SetInt(int64(NoCount))
		case v.Type().Field(i).Anonymous && f.Kind() == reflect.Struct:
			blank(f)
		}
	}
}
