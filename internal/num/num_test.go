package num

import (
	"encoding/json"
	"math"
	"testing"
)

// row has measured numbers of either type, also in an embedded struct.
type row struct {
	Name string
	Inner
	X Num
	N Count
	K int
}

// Inner is embedded in row.
type Inner struct {
	Y Num
	M Count
}

// Every number survives JSON and text, in the forms listed.
func TestNumSurvives(t *testing.T) {
	for _, c := range []struct {
		v          float64
		json, text string
	}{
		{0.1, "0.1", "0.1"}, {-3e-320, "-3e-320", "-3e-320"}, {1 << 60, "1152921504606847000", "1.152921504606847e+18"},
		{math.Inf(1), `"inf"`, "inf"}, {math.Inf(-1), `"-inf"`, "-inf"}, {math.NaN(), "null", ""},
	} {
		b, err := json.Marshal(Num(c.v))
		if err != nil || string(b) != c.json || Num(c.v).String() != c.text {
			t.Errorf("%v is %s and %q, want %s and %q (%v)", c.v, b, Num(c.v), c.json, c.text, err)
		}
		var back Num
		if err := json.Unmarshal(b, &back); err != nil || math.Float64bits(float64(back)) != math.Float64bits(c.v) && !math.IsNaN(c.v) {
			t.Errorf("%s reads as %v (%v)", b, back, err)
		}
		if parsed, err := Parse(c.text); err != nil || parsed != Num(c.v) && !math.IsNaN(c.v) {
			t.Errorf("%q parses as %v (%v)", c.text, parsed, err)
		}
	}
	for _, s := range []string{"nan", "x", "1e999", "0x10p"} {
		if v, err := Parse(s); err == nil {
			t.Errorf("%q parses as %v", s, v)
		}
	}
}

func TestCountSurvives(t *testing.T) {
	for _, n := range []Count{0, 1, math.MaxInt64, NoCount} {
		b, err := json.Marshal(n)
		if err != nil {
			t.Fatal(err)
		}
		var back Count
		if err := json.Unmarshal(b, &back); err != nil || back != n {
			t.Errorf("%s reads as %d (%v), want %d", b, back, err, n)
		}
	}
}

func TestMissing(t *testing.T) {
	b, err := json.Marshal(row{X: Missing, N: NoCount})
	if want := `{"Name":"","Y":0,"M":0,"X":null,"N":null,"K":0}`; err != nil || string(b) != want {
		t.Errorf("%s (%v), want %s", b, err, want)
	}
	if !Missing.IsMissing() || !NoCount.IsMissing() || Num(0).IsMissing() || Count(0).IsMissing() {
		t.Error("missing values and zeros are confused")
	}
	if NoCount.String() != "" || !math.IsNaN(NoCount.Float()) || Count(3).Float() != 3 {
		t.Errorf("no count is %q and %v, 3 is %v", NoCount, NoCount.Float(), Count(3).Float())
	}
}

func TestRefusesWhatIsNoNumber(t *testing.T) {
	for _, s := range []string{`{"N":-1}`, `{"N":1.5}`, `{"N":"3"}`, `{"N":9223372036854775808}`, `{"X":"many"}`, `{"X":true}`} {
		var got row
		if err := json.Unmarshal([]byte(s), &got); err == nil {
			t.Errorf("%s was read as %+v", s, got)
		}
	}
}

func TestBlank(t *testing.T) {
	r := row{Name: "name", K: 2}
	Blank(&r)
	if !r.X.IsMissing() || !r.N.IsMissing() || !r.Y.IsMissing() || !r.M.IsMissing() || r.Name != "name" || r.K != 2 {
		t.Errorf("blank: %+v", r)
	}
}
