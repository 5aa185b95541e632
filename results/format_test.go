// format_test.go holds what older and newer lines may lack, and what they may not.

package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// changed gives a column's row of the table other contents until the test ends.
func changed(t *testing.T, column string, change func(*Axis)) {
	t.Helper()
	before := slices.Clone(Axes)
	t.Cleanup(func() { Axes = before })
	Axes = slices.Clone(Axes)
	change(AxisOf(column))
}

// line is a record's line as this program writes it.
func line(t testing.TB, r Record) string {
	t.Helper()
	var b bytes.Buffer
	if err := EncodeLines(&b, []Record{r}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// resummed is a line after a change to its object, with the checksum that goes with it.
func resummed(t testing.TB, line string, change func(string) string) string {
	t.Helper()
	object, has, err := cutChecksum([]byte(line))
	if err != nil || !has {
		t.Fatalf("no checksum in %s (%v)", line, err)
	}
	text := change(string(object))
	if text == string(object) {
		t.Fatalf("nothing was changed in %s", line)
	}
	return strings.TrimSuffix(text, "}") + sumKey + checksum([]byte(text)) + "\"}\n"
}

// session writes the manifest of a session whose lines are of a format, and returns
// its hash.
func session(t testing.TB, dir string, format int) string {
	t.Helper()
	m := named()
	m.Format = format
	m.Seal()
	if err := WriteSession(dir, m); err != nil {
		t.Fatal(err)
	}
	return m.Hash
}

func write(t testing.TB, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// measured is a record in which every column has a value of its own.
func measured() Record {
	r := whole("spfq")
	r.Rounding, r.Order = "stochastic", "natural"
	v := reflect.ValueOf(&r.Measurement).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.Float64:
			f.SetFloat(float64(i) + 0.5)
		case reflect.Int64:
			f.SetInt(int64(i) + 1)
		}
	}
	r.RelError, r.TestRelError = Num(math.Sqrt(float64(r.RelSqError))), Num(math.Sqrt(float64(r.TestRelSqError)))
	r.PerLayer = []Layer{{Layer: 1, Inputs: 4, Neurons: 3, MaxU: 0.25, Saturated: r.Saturated, Dead: r.Dead, MaxV: r.MaxV, BitsPerWeight: r.BitsPerWeight}}
	return r
}

// Whatever single byte of a line is changed, it is not taken for what was measured:
// a checksum of 32 bits sees every change within 32 bits.
func TestEveryChangedByteIsSeen(t *testing.T) {
	text := line(t, measured())
	read := func(text string) (r Record, err error) {
		return r, parseLine([]byte(text), &r, func(_ string, summed bool) int { return (&Held{}).format("", summed) })
	}
	for i := range len(text) - 1 {
		for _, flip := range []byte{1, 0x10} {
			spoilt := []byte(text)
			spoilt[i] ^= flip
			if _, err := read(string(spoilt)); err == nil {
				t.Fatalf("byte %d, %q for %q: it was read", i, spoilt[i], text[i])
			}
		}
	}
	if r, err := read(text); err != nil || !reflect.DeepEqual(r, measured()) {
		t.Errorf("read back %+v (%v)", r, err)
	}
}

// A line must have every column of its own format, whatever the column: none reads
// as 0.
func TestNoColumnOfTheFormatMayBeAbsent(t *testing.T) {
	dir, r := t.TempDir(), measured()
	r.Manifest = session(t, dir, Format)
	full := line(t, r)
	check := func(name, text string) {
		t.Helper()
		write(t, dir, RecordsFile, text)
		if _, err := Read(dir); err == nil {
			t.Errorf("a line without %s is read", name)
		} else if e := new(LineError); !errors.As(err, &e) || e.Line != 1 {
			t.Errorf("a line without %s: %v", name, err)
		}
	}
	drop := func(object map[string]any, name string) map[string]any {
		if _, ok := object[name]; !ok {
			t.Fatalf("lines have no %s", name)
		}
		object = maps.Clone(object)
		delete(object, name)
		return object
	}
	encode := func(object map[string]any) func(string) string {
		return func(string) string {
			out, err := json.Marshal(object)
			if err != nil {
				t.Fatal(err)
			}
			return string(out)
		}
	}
	var object map[string]any
	if err := json.Unmarshal([]byte(full), &object); err != nil {
		t.Fatal(err)
	}
	delete(object, "sum")
	for _, c := range Columns(Record{}) {
		check(c.Name, resummed(t, full, encode(drop(object, c.Name))))
	}
	layer := object["per_layer"].([]any)[0].(map[string]any)
	for _, c := range Columns(Layer{}) {
		without := maps.Clone(object)
		without["per_layer"] = []any{drop(layer, c.Name)}
		check(c.Name+" of a layer", resummed(t, full, encode(without)))
	}
}

// null is no value, except in columns that may be without one: none reads as 0, as false
// or as an empty text. Lines of format 1 have no checksum, so that nothing else sees it.
func TestNullIsNoValue(t *testing.T) {
	object, _, _ := cutChecksum([]byte(line(t, measured())))
	head, tail, _ := strings.Cut(string(object), `"per_layer":`)
	read := func(head, layers string) error {
		return parseLine([]byte(head+`"per_layer":`+layers), new(Record), (&Held{}).format)
	}
	check := func(c Column, where string, err error) {
		t.Helper()
		if err == nil && !c.optional() {
			t.Errorf("null for %s %s is read", c.Name, where)
		}
		if err != nil && c.optional() && strings.Contains(err.Error(), "null") { // without it the line may contradict itself
			t.Errorf("null for %s %s: error %v", c.Name, where, err)
		}
	}
	null := func(text string, c Column) string {
		value := strings.Index(text, `"`+c.Name+`":`) + len(`"":`+c.Name)
		return text[:value] + "null" + text[value+strings.IndexAny(text[value:], ",}"):]
	}
	for _, c := range Columns(Record{}) {
		check(c, "of the record", read(null(head, c), tail))
	}
	for _, c := range Columns(Layer{}) {
		check(c, "of a layer", read(head, null(tail, c)))
	}
	for _, layers := range []string{"[null]}", strings.Replace(tail, "]", ",null]", 1)} {
		if read(head, layers) == nil {
			t.Errorf("layers %s are read", layers)
		}
	}
	if err := read(head, tail); err != nil {
		t.Error(err)
	}
}

// What came with a later format is missing in older lines if it was measured, and has
// the value that all records had if it tells records apart.
func TestOlderLinesLackLaterColumns(t *testing.T) {
	later := func(l lineColumns, name string) lineColumns {
		l.columns = slices.Clone(l.columns)
		l.columns[l.number[name]].tag = `since:"2"`
		return l
	}
	records, layers := recordColumns, layerColumns
	defer func() { recordColumns, layerColumns = records, layers }()
	recordColumns, layerColumns = later(later(records, "bias"), "dead"), later(layers, "max_u")
	changed(t, "order", func(a *Axis) { a.Added, a.Before = 2, "norm" })

	object, _, _ := cutChecksum([]byte(line(t, measured())))
	text := string(object)
	for _, name := range []string{"bias", "dead", "max_u", "order"} {
		m := strings.Index(text, `"`+name+`":`)
		end := m + strings.IndexAny(text[m:], ",}")
		text = text[:m] + strings.TrimPrefix(text[end:], ",")
	}
	dir := t.TempDir()
	write(t, dir, RecordsFile, text+"\n")
	h, err := Read(dir) // of no session, without a checksum: of format 1
	if err != nil {
		t.Fatal(err)
	}
	r := h.Records[0]
	if !r.Bias.IsMissing() || !r.Dead.IsMissing() || !r.PerLayer[0].MaxU.IsMissing() || r.Order != "norm" {
		t.Errorf("read as bias %v, dead %v, max_u %v, order %q", r.Bias, r.Dead, r.PerLayer[0].MaxU, r.Order)
	}
	if want := measured(); r.RelSqError != want.RelSqError || r.Rounding != want.Rounding {
		t.Errorf("what is there reads as %+v", r)
	}
	// Of format 2 it must have them, and a checksum.
	write(t, dir, RecordsFile, strings.Replace(text, `"manifest":"m"`, `"manifest":"`+session(t, dir, 2)+`"`, 1)+"\n")
	if _, err := Read(dir); err == nil {
		t.Error("a line of format 2 without them is read")
	}
}

// A line whose session's manifest is lost may be of any format that has a checksum, and so
// may lack what came with a later one.
func TestFormatOfLostSessions(t *testing.T) {
	changed(t, "order", func(a *Axis) { a.Added, a.Before = summedFormat+1, "norm" })
	text := resummed(t, line(t, measured()), func(s string) string { return strings.Replace(s, `"order":"natural",`, "", 1) })
	dir := t.TempDir()
	write(t, dir, RecordsFile, text)
	if h, err := Read(dir); err != nil || h.Records[0].Order != "norm" {
		t.Errorf("read as %+v (%v)", h, err)
	}
	write(t, dir, RecordsFile, resummed(t, text, func(s string) string {
		return strings.Replace(s, `"manifest":"m"`, `"manifest":"`+session(t, dir, Format)+`"`, 1)
	}))
	if _, err := Read(dir); (err != nil) != (Format > summedFormat) {
		t.Errorf("of a session of format %d: error %v", Format, err)
	}
}

// A new column changes no key of a record that could be made without it, and tells
// records apart that could not.
func TestNewColumnsChangeNoKey(t *testing.T) {
	id := measured().Identity
	v := Versions{1, 1}
	before := KeyText(&id, OfVariant)
	changed(t, "order", func(a *Axis) { a.Added, a.Before = 2, "natural" })
	if got, want := KeyText(&id, OfVariant), strings.Replace(before, "order=natural ", "", 1); got != want || want == before {
		t.Errorf("the key's text is %q, want %q", got, want)
	}
	key := KeyerOf(&id, v).Record(false)
	id.Order = "norm"
	if KeyerOf(&id, v).Record(false) == key {
		t.Error("another value of the new column has the same key")
	}
}

// Values of earlier formats are understood in lines and conditions, also where the
// column has changed its type, and change no key.
func TestValuesOfEarlierFormats(t *testing.T) {
	now := measured()
	text := line(t, now)
	key := KeyerOf(&now.Identity, Versions{1, 1}).Record(true)
	for _, was := range []struct {
		column, json, text string
		former             string
	}{
		{"order", `"order":true`, `"order":"natural"`, "true"},
		{"rounding", `"rounding":"dithered"`, `"rounding":"stochastic"`, "dithered"},
		{"samples", `"samples":"two"`, `"samples":2`, "two"},
	} {
		t.Run(was.column, func(t *testing.T) {
			changed(t, was.column, func(a *Axis) {
				_, value, _ := strings.Cut(was.text, ":")
				a.Formerly = map[string]string{was.former: strings.Trim(value, `"`)}
			})
			dir := t.TempDir()
			write(t, dir, RecordsFile, resummed(t, text, func(s string) string { return strings.Replace(s, was.text, was.json, 1) }))
			h, err := Read(dir)
			if err != nil || !reflect.DeepEqual(h.Records[0], now) {
				t.Fatalf("read as %+v (%v), want %+v", h, err, now)
			}
			if !(Where{On(was.column, was.former)}).Match(&h.Records[0].Identity) {
				t.Error("a condition on the former value does not match")
			}
			if got := KeyText(&now.Identity, AxisOf(was.column).Part()); !strings.Contains(got, was.column+"="+was.former+" ") {
				t.Errorf("the key's text is %q", got)
			}
		})
	}
	if KeyerOf(&now.Identity, Versions{1, 1}).Record(true) != key {
		t.Error("the table was not restored")
	}
}

// A folder with lines of a later format is refused as made by a newer program.
func TestLaterFormatsAreRefused(t *testing.T) {
	dir := t.TempDir()
	session(t, dir, Format+1)
	write(t, dir, RecordsFile, line(t, measured()))
	newer := new(NewerError)
	if _, err := Read(dir); !errors.As(err, &newer) || !strings.Contains(err.Error(), "made by a newer runexp") {
		t.Errorf("error %v", err)
	}
	if _, _, err := ReadManifest(dir); !errors.As(err, &newer) {
		t.Errorf("its manifest: error %v", err)
	}
}

// In lines of format 1 counts of a trial that failed are 0; they read as missing.
func TestFailedTrialsOfFormat1(t *testing.T) {
	r := measured()
	r.Error = "broken"
	object, _, _ := cutChecksum([]byte(line(t, r)))
	dir := t.TempDir()
	write(t, dir, RecordsFile, string(object)+"\n")
	h, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range Columns(Record{}) {
		if _, ok := Lookup(Identity{}, c.Name); ok || !c.Numeric() || c.Name == "weight_count" {
			continue
		}
		if text := c.Text(&h.Records[0]); text != "" {
			t.Errorf("%s of a failed trial is %s", c.Name, text)
		}
	}
	if h.Records[0].WeightCount != r.WeightCount {
		t.Errorf("weight_count is %v, want %v", h.Records[0].WeightCount, r.WeightCount)
	}
}

// A folder may hold several files of lines. What one of them loses, the others keep
// to the byte.
func TestSeveralFiles(t *testing.T) {
	dir := t.TempDir()
	texts := map[string]string{}
	for i, name := range []string{"records-b.jsonl", "records-a.jsonl", RecordsFile} {
		for k := range 3 {
			r := whole("spfq")
			r.Trial = 10*i + k
			texts[name] += line(t, r)
		}
		write(t, dir, name, texts[name])
	}
	write(t, dir, "records-torn.jsonl", `{"method":"sp`)
	write(t, dir, "records.jsonl.bak", "not read")
	s := mustOpen(t, dir)
	trials := func(records []Record) (out []int) {
		for _, r := range records {
			out = append(out, r.Trial)
		}
		return out
	}
	if got := trials(s.Records); !slices.Equal(got, []int{10, 11, 12, 0, 1, 2, 20, 21, 22}) {
		t.Fatalf("read in the order %v", got)
	}
	if got := s.RecordAt(4); got != filepath.Join(dir, "records-b.jsonl")+":2" {
		t.Errorf("record 4 stands at %s", got)
	}
	more := whole("spfq")
	more.Trial = 99
	if err := s.Append([]Record{more}, nil); err != nil {
		t.Fatal(err)
	}
	keep := slices.Repeat([]bool{true}, 10)
	keep[4], keep[7] = false, false
	if err := s.Retain(keep, nil); err != nil {
		t.Fatal(err)
	}
	want := []int{10, 11, 12, 0, 2, 20, 22, 99}
	if got := trials(s.Records); !slices.Equal(got, want) {
		t.Errorf("in memory %v, want %v", got, want)
	}
	if got := s.RecordAt(7); got != filepath.Join(dir, RecordsFile)+":3" {
		t.Errorf("the last record stands at %s", got)
	}
	s.Close()
	h, err := Read(dir)
	if err != nil || !slices.Equal(trials(h.Records), want) {
		t.Errorf("on disk %v (%v), want %v", trials(h.Records), err, want)
	}
	if now, _ := os.ReadFile(filepath.Join(dir, "records-a.jsonl")); string(now) != texts["records-a.jsonl"] {
		t.Error("a file of which all is kept was rewritten")
	}
	if now, _ := os.ReadFile(filepath.Join(dir, "records-torn.jsonl")); len(now) != 0 {
		t.Errorf("a torn line is left: %q", now)
	}
}

// Keys are found as encoding/json finds them, in random objects.
func TestKeysOf(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	texts := []string{`a`, `b"c`, `{`, `}],`, `\`, `é:`, "", `per_layer`, `x\"y`}
	var value func(depth int) any
	object := func(depth int) map[string]any {
		m := map[string]any{}
		for range r.IntN(4) {
			m[texts[r.IntN(len(texts))]+fmt.Sprint(r.IntN(3))] = value(depth + 1)
		}
		return m
	}
	value = func(depth int) any {
		switch k := r.IntN(5); {
		case k == 0:
			return texts[r.IntN(len(texts))]
		case k == 1:
			return r.NormFloat64()
		case k == 2 && depth < 5:
			return object(depth)
		case k == 3 && depth < 5:
			return []any{value(depth + 1), value(depth + 1)}
		}
		return nil
	}
	for range 2000 {
		m := object(0)
		m["per_layer"] = []any{object(2), object(2)}
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		keys, _ := keysOf(text)
		var got []string
		for _, k := range keys {
			var s string
			if err := json.Unmarshal([]byte(`"`+string(k.name)+`"`), &s); err != nil {
				t.Fatal(err)
			}
			if k.null != (m[s] == nil) {
				t.Fatalf("%s of %s is null: %v", k.name, text, k.null)
			}
			got = append(got, s)
		}
		if want := slices.Sorted(maps.Keys(m)); !slices.Equal(got, want) { // json.Marshal sorts
			t.Fatalf("keys %q of %s, want %q", got, text, want)
		}
		for _, x := range members(text) {
			var v any
			if err := json.Unmarshal(text[x.value:x.end], &v); err != nil {
				t.Fatalf("the value of %s in %s is %s: %v", x.key, text, text[x.value:x.end], err)
			}
		}
	}
}

// A line that contradicts itself is refused, whatever its checksum.
func TestContradictions(t *testing.T) {
	for name, change := range map[string]func(r *Record){
		"the error and its square":            func(r *Record) { r.RelSqError *= 2 },
		"the square and its root":             func(r *Record) { r.RelError *= 1 + 1e-15 },
		"an error without its square":         func(r *Record) { r.RelSqError = Missing },
		"the held-out error and its square":   func(r *Record) { r.TestRelError++ },
		"a negative error":                    func(r *Record) { r.MaxError = -1 },
		"negative seconds":                    func(r *Record) { r.Seconds = -1 },
		"clipped weights and those of layers": func(r *Record) { r.Saturated++ },
		"dead columns and those of layers":    func(r *Record) { r.PerLayer[0].Dead-- },
		"bits and those of layers":            func(r *Record) { r.BitsPerWeight++ },
		"the largest v and those of layers":   func(r *Record) { r.PerLayer[0].MaxV /= 2 },
		"the numbers of layers":               func(r *Record) { r.PerLayer[0].Layer = 2 },
	} {
		r := measured()
		change(&r)
		dir := t.TempDir()
		write(t, dir, RecordsFile, line(t, r))
		if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), RecordsFile+":1: ") {
			t.Errorf("%s: error %v", name, err)
		}
		r.Error = "broken" // of a trial that failed nothing is measured
		write(t, dir, RecordsFile, line(t, r))
		if _, err := Read(dir); err != nil {
			t.Errorf("%s, failed: %v", name, err)
		}
	}
}
