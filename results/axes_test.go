package results

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"spfq/internal/domain"
)

// identityFields lists the fields of the parts of an identity, by column, with the
// part that each is in.
func identityFields(t *testing.T) map[string]Part {
	t.Helper()
	out := map[string]Part{}
	for part, of := range map[Part]reflect.Type{OfVariant: reflect.TypeFor[Variant](), OfSetting: reflect.TypeFor[Setting](), OfDraw: reflect.TypeFor[Draw]()} {
		for i := range of.NumField() {
			column := of.Field(i).Tag.Get("json")
			if _, twice := out[column]; column == "" || twice {
				t.Errorf("%s.%s is the column %q, which is none or another's too", of, of.Field(i).Name, column)
			}
			out[column] = part
		}
	}
	return out
}

// Every field of an identity has one row in the table, every row a field, and every
// config key one row.
func TestAxesAreTheFields(t *testing.T) {
	fields := identityFields(t)
	rows, paths := map[string]int{}, map[string]int{}
	for i := range Axes {
		a := &Axes[i]
		rows[a.Column]++
		part, ok := fields[a.Column]
		if !ok {
			t.Errorf("the row %s has no field in Variant, Setting or Draw", a.Column)
			continue
		}
		if a.Part() != part {
			t.Errorf("%s is said to be of part %d, its field is of part %d", a.Column, a.Part(), part)
		}
		if a.Doc == "" {
			t.Errorf("%s is not explained", a.Column)
		}
		if a.Path == "" {
			continue
		}
		if paths[a.Path]++; a.Key == "" || a.Values.Want == "" || a.Values.Schema == nil || !strings.Contains(a.Path, ".") {
			t.Errorf("%s: the key %s is not explained in full", a.Column, a.Path)
		}
	}
	for column := range fields {
		if rows[column] != 1 {
			t.Errorf("the field of %s has %d rows in the table, want 1", column, rows[column])
		}
	}
	for path, n := range paths {
		if n != 1 {
			t.Errorf("%d rows have the key %s", n, path)
		}
	}
}

// What a row refers to is there, in the same part; the column of a condition is
// spanned before the column that has a value only where the condition holds.
func TestAxesReferToAxes(t *testing.T) {
	number := map[string]int{}
	for i, a := range Axes {
		number[a.Column] = i
	}
	for i := range Axes {
		a := &Axes[i]
		for _, name := range a.Follows {
			if k, ok := number[name]; !ok || name == a.Column || Axes[k].Part() != a.Part() {
				t.Errorf("%s follows from %s, which is no other column of its part", a.Column, name)
			}
		}
		if a.Only == nil {
			continue
		}
		k, ok := number[a.Only.Column]
		if !ok || k >= i || Axes[k].Part() != a.Part() {
			t.Errorf("%s has a value only by %s, which does not stand before it in its part", a.Column, a.Only.Column)
			continue
		}
		if a.Only.Text == "" || a.Only.Refuse && (a.Only.Why == "" || a.Only.Phrase == "") {
			t.Errorf("%s: its condition on %s is not told in full", a.Column, a.Only.Column)
		}
		if a.Only.Refuse && Axes[k].Section() != a.Section() { // config checks it section by section
			t.Errorf("%s: its condition is on a key of another section, %s", a.Column, Axes[k].Path)
		}
	}
}

// What a row says of earlier formats fits together: columns of format 1 are part of
// every key, whatever they hold; a value is called otherwise by one text alone.
func TestAxesSayTheirPast(t *testing.T) {
	for i := range Axes {
		a := &Axes[i]
		if a.Added < 0 || a.Added == 1 || a.Added > Format || a.Added == 0 && a.Before != "" {
			t.Errorf("%s came with format %d and was %q before it", a.Column, a.Added, a.Before)
		}
		var now []string
		for was, text := range a.Formerly {
			if _, again := a.Formerly[text]; was == text || again || slices.Contains(now, text) {
				t.Errorf("%s: %q was called %q, and more than that", a.Column, text, was)
			}
			now = append(now, text)
		}
	}
}

// Every value that a row names is a value of its key as it is now, in canonical text: the
// default, the value before the column, the present ones of former texts, and those of
// conditions. A value Before that is none would be that of no record that a config asks for.
func TestValuesThatRowsName(t *testing.T) {
	check := func(a *Axis, what, text string) {
		if a.Values.Read == nil {
			return
		}
		for _, kind := range []domain.Kind{domain.Text, domain.Boolean, domain.Number} {
			if v, err := a.Values.Read(domain.Literal{Text: text, Kind: kind}); err == nil && v == text {
				return
			}
		}
		t.Errorf("%s: %s is %q, which is no value of %s in canonical text", a.Column, what, text, a.Path)
	}
	for i := range Axes {
		a := &Axes[i]
		if a.Default != "" {
			check(a, "the default", a.Default)
		}
		if a.Added > 0 {
			check(a, "the value before the column", a.Before)
		}
		for was, now := range a.Formerly {
			check(a, "what was "+was, now)
		}
		if a.Blank != "" {
			check(a, "the word for no value", a.Blank)
		}
		if a.Only != nil {
			check(AxisOf(a.Only.Column), "the condition of "+a.Column, a.Only.Text)
		}
	}
}

// otherValues gives a column of an identity each of several values that differ from
// the one it has, and returns the identities.
func otherValues(base Identity, a *Axis) (out []Identity) {
	add := func(value any) {
		id := base
		v := a.lookup().field(&id)
		if v.Set(reflect.ValueOf(value).Convert(v.Type())); id != base {
			out = append(out, id)
		}
	}
	switch v := a.lookup().field(&base); {
	case v.Type() == given:
		for _, x := range []Given{Unset, 0, 0.5, 0.25, 1, math.MaxFloat64} {
			add(x)
		}
	case v.Type() == reflect.TypeFor[Num]():
		for _, x := range []Num{0, 1, 2, 32, Num(math.Inf(1))} {
			add(x)
		}
	case v.Kind() == reflect.Bool:
		add(!v.Bool())
	case v.Kind() == reflect.String:
		for _, x := range []string{"", "a", "b", "A"} {
			add(x)
		}
	default: // whole numbers
		for _, x := range []int{0, 1, 2, 12, math.MaxInt} {
			add(x)
		}
	}
	return out
}

// Each column tells records apart: a change of any one of them changes the record's
// keys, the identity by ==, and its class, and changes no class by other columns.
func TestEachColumnTellsRecordsApart(t *testing.T) {
	versions := Versions{Algorithm: 1, Streams: 1}
	full := Blank()
	for i := range Axes {
		others := otherValues(full, &Axes[i])
		full = others[len(others)-1]
	}
	all := Columns(Identity{})
	for _, base := range []Identity{{}, Blank(), full} {
		seen := map[string]string{} // what was changed, by key
		note := func(id *Identity, change string) {
			k := KeyerOf(id, versions)
			for kind, key := range map[string]string{"record": k.Record(false), "certified record": k.Record(true), "search": k.Search(1.5)} {
				if before, taken := seen[key]; taken {
					t.Errorf("%s: the key of its %s is one of those of: %s", change, kind, before)
				}
				seen[key] = change
			}
		}
		note(&base, "no change")
		for i := range Axes {
			a := &Axes[i]
			others := otherValues(base, a)
			if len(others) == 0 {
				t.Errorf("%s was not changed", a.Column)
			}
			rest := slices.DeleteFunc(slices.Clone(all), func(c Column) bool { return c.Name == a.Column })
			for _, id := range others {
				change := a.Column + " = " + id.Text(a.Column) + ", was " + base.Text(a.Column)
				note(&id, change)
				same := base
				if id == base || same != base {
					t.Errorf("%s: == does not tell the identities apart", change)
				}
				ids := []*Identity{&base, &id, &same}
				for what, classes := range map[string][]Column{"the column": {a.lookup()}, "all columns": all} {
					if got := PartitionBy(ids, classes...).Of; !slices.Equal(got, []int32{0, 1, 0}) {
						t.Errorf("%s: by %s the classes are %v", change, what, got)
					}
				}
				if got := PartitionBy(ids, rest...).Of; !slices.Equal(got, []int32{0, 0, 0}) {
					t.Errorf("%s: by the other columns the classes are %v", change, got)
				}
				if cell, want := id.Cell() != base.Cell(), a.Part() != OfDraw; cell != want {
					t.Errorf("%s: another cell is %v, want %v", change, cell, want)
				}
			}
		}
	}
}

// The text of record keys is for ever: whatever columns come, or get other names for their
// values, it stays as it was in format 1 for records that could be made then. Another text
// would have every older record measured again.
func TestKeyTextOfFormat1(t *testing.T) {
	id := Blank()
	for column, text := range map[string]string{
		"method": "spfq", "align": "exact", "feedback": "true", "rounding": "stochastic", "order": "natural", "step": FromData, "C": "1.16", "quantile": "1",
		"bits": "4", "levels": "signed", "activation_bits": "inf", "width": "8", "layers": "2", "weights": "gaussian", "biases": "false",
		"activation": "relu", "source": "gaussian", "samples": "6", "test_samples": "0",
	} {
		AxisOf(column).Set(&id, AxisOf(column).current(text))
	}
	id.Derive()
	for part, want := range map[Part]string{
		OfVariant: "method=spfq align=exact feedback=true rounding=stochastic order=natural step= C=1.16 quantile=1 bits=4 levels=signed K=7 activation_bits=inf ",
		OfSetting: "width=8 widths=8-8-8 layers=2 weights=gaussian biases=false activation=relu source=gaussian dimension=0 noise= samples=6 test_samples=0 ",
	} {
		if got := KeyText(&id, part); got != want {
			t.Errorf("the text of part %d is\n%s, want\n%s", part, got, want)
		}
	}
	id.Draw = Draw{Trial: 3, Seed: 7}
	k := KeyerOf(&id, Versions{Algorithm: 1, Streams: 1})
	if got, want := k.Record(false)+" "+k.Record(true)+" "+k.Search(1.05), "18d0f38cfd99fc7b e2469a3a1a1bc461 df9b3269ce8f781c"; got != want {
		t.Errorf("keys %s, want %s", got, want)
	}
}

// What a key is made of beside the columns tells keys apart, too.
func TestKeysTellVersionsApart(t *testing.T) {
	id := Blank()
	seen := map[string]bool{}
	for _, v := range []Versions{{1, 1}, {1, 2}, {2, 1}, {11, 1}, {1, 11}} {
		k := KeyerOf(&id, v)
		for _, key := range []string{k.Record(false), k.Record(true), k.Search(1.5), k.Search(15), k.SettingKey()} {
			if seen[key] {
				t.Errorf("%+v: a key is another's too", v)
			}
			seen[key] = true
		}
	}
}
