// check.go refuses lines that contradict themselves.

package results

import (
	"errors"
	"fmt"
	"math"
	"reflect"

	"spfq/internal/num"
	"spfq/sim"
)

// check refuses a record without what every record has.
func (r *Record) check() error { return checkLine(&r.Identity, &r.Provenance) }

// agree refuses a record of which columns that say the same do not agree: no program
// that measured it wrote that.
func (r *Record) agree() error {
	if r.Error != "" {
		return nil
	}
	for _, root := range []struct {
		name       string
		of, square Num
	}{
		{"rel_error", r.RelError, r.RelSqError},
		{"test_rel_error", r.TestRelError, r.TestRelSqError},
	} {
		if want := Num(math.Sqrt(float64(root.square))); !alike(root.of, want) {
			return fmt.Errorf("%s is %v, and the square root of what it is the root of is %v", root.name, root.of, want)
		}
	}
	for _, c := range columnsOf(reflect.TypeFor[sim.Measurement]()) {
		if x, _ := c.Number(&r.Measurement); x < 0 {
			return fmt.Errorf("%s is %v, below 0", c.Name, x)
		}
	}
	return r.checkLayers()
}

// checkLayers refuses a record whose columns are not the sums and maxima of those of
// its layers. One without layers is half a record, which runs again. What is missing,
// as in lines of a format that lacks the column, contradicts nothing.
func (r *Record) checkLayers() error {
	if len(r.PerLayer) != r.Layers {
		return nil
	}
	var saturated, dead num.Count
	var bits, maxV Num
	for i := range r.PerLayer {
		l := &r.PerLayer[i]
		if l.Layer != i+1 {
			return fmt.Errorf("layer %d is called %d", i+1, l.Layer)
		}
		saturated, dead = saturated+l.Saturated, dead+l.Dead
		bits, maxV = max(bits, l.BitsPerWeight), max(maxV, l.MaxV)
	}
	switch {
	case !r.Saturated.IsMissing() && r.Saturated != saturated:
		return fmt.Errorf("saturated is %v, and the layers' sum is %v", r.Saturated, saturated)
	case !r.Dead.IsMissing() && r.Dead != dead:
		return fmt.Errorf("dead is %v, and the layers' sum is %v", r.Dead, dead)
	case !r.BitsPerWeight.IsMissing() && r.BitsPerWeight != bits:
		return fmt.Errorf("bits_per_weight is %v, and the layers' largest is %v", r.BitsPerWeight, bits)
	case !r.MaxV.IsMissing() && r.MaxV != maxV:
		return fmt.Errorf("max_v is %v, and the layers' largest is %v", r.MaxV, maxV)
	}
	return nil
}

// alike reports whether two numbers are equal, or both missing.
func alike(x, y Num) bool { return x == y || x.IsMissing() && y.IsMissing() }

// check refuses a search without what every search has.
func (s *Search) check() error { return checkLine(&s.Identity, &s.Provenance) }

// agree refuses nothing: no two columns of a search say the same.
func (s *Search) agree() error { return nil }

// checkLine refuses a line without what every line has.
func checkLine(id *Identity, p *Provenance) error {
	switch {
	case p.Key == "":
		return errors.New("it has no key")
	case p.Manifest == "":
		return errors.New("it has no manifest")
	case id.Method == "" || id.Width < 1 || id.Samples < 1:
		return errors.New("it does not say of what method, width and samples it is")
	case id.Layers < 1:
		return errors.New("it has no layers")
	}
	return nil
}
