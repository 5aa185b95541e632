package results

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var ones = Versions{1, 1}

// sessions are manifests by a name that the tests have for each.
var sessions = map[string]Manifest{"a": with("a", "avx2"), "b": with("b", "avx512"), "c": with("c", "generic"), "idle": with("idle", "avx2")}

// with is a manifest of a session that ran with a kernel.
func with(name, kernel string) Manifest {
	m := named()
	m.Name, m.Kernel = name, kernel
	m.Seal()
	return m
}

// trial is a whole record of a trial that one of the sessions made, or one without a
// manifest, with its own key.
func trial(n int, session string, changes ...func(*Record)) Record {
	r := measured()
	r.Trial, r.Manifest = n, session
	if m, ok := sessions[session]; ok {
		r.Manifest = m.Hash
	}
	r.Key = KeyerOf(&r.Identity, ones).Record(false)
	for _, change := range changes {
		change(&r)
	}
	return r
}

func failed(r *Record)     { r.Error = "it failed" }
func half(r *Record)       { r.PerLayer = nil }
func certified(r *Record)  { r.Key = KeyerOf(&r.Identity, ones).Record(true) }
func otherTimes(r *Record) { r.Seconds, r.PerLayer[0].Seconds = 99, 99 }

// by adds to the relative squared error, which is 0.5.
func by(x Num) func(*Record) {
	return func(r *Record) {
		r.RelSqError += x
		r.RelError = Num(math.Sqrt(float64(r.RelSqError)))
	}
}

// folderOf makes a folder with a file of records, and a manifest for each session.
func folderOf(t *testing.T, records []Record, manifests ...Manifest) (dir, lines string) {
	t.Helper()
	dir = t.TempDir()
	for _, m := range manifests {
		if err := WriteSession(dir, m); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range records {
		lines += line(t, r)
	}
	write(t, dir, RecordsFile, lines)
	return dir, lines
}

func join(t *testing.T, dirs ...string) (*Joined, error) {
	t.Helper()
	var held []*Held
	for _, dir := range dirs {
		h, err := Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, h)
	}
	return Join(dirs, held, ones)
}

// written is the text of the records that a join writes.
func written(t *testing.T, j *Joined) string {
	t.Helper()
	dir := t.TempDir()
	if err := j.Write(dir); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, RecordsFile))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Of lines with one key the first is kept that is whole, or the first if none is. Lines
// go over to the byte, in the order of the folders.
func TestDoubles(t *testing.T) {
	manifests := slices.Collect(maps.Values(sessions))
	for name, c := range map[string]struct {
		first, second []Record
		kept          []int // numbers of the lines kept, on from those of the first folder
		differing     int
	}{
		"none":                     {[]Record{trial(0, "a")}, []Record{trial(1, "b")}, []int{0, 1}, 0},
		"equal":                    {[]Record{trial(0, "a"), trial(1, "a")}, []Record{trial(1, "b", otherTimes), trial(2, "b")}, []int{0, 1, 3}, 0},
		"failed first":             {[]Record{trial(0, "a", failed)}, []Record{trial(0, "b")}, []int{1}, 0},
		"failed second":            {[]Record{trial(0, "a")}, []Record{trial(0, "b", failed, by(1))}, []int{0}, 0},
		"both failed":              {[]Record{trial(0, "a", failed)}, []Record{trial(0, "b", failed, by(1))}, []int{0}, 0},
		"half first":               {[]Record{trial(0, "a", half)}, []Record{trial(0, "b")}, []int{1}, 0},
		"failed, whole, whole":     {[]Record{trial(0, "a", failed), trial(0, "a")}, []Record{trial(0, "b")}, []int{1}, 0},
		"certified":                {[]Record{trial(0, "a")}, []Record{trial(0, "b", certified)}, []int{0, 1}, 0},
		"another seed":             {[]Record{trial(0, "a")}, []Record{trial(0, "b", func(r *Record) { r.Seed = 2; r.Key = KeyerOf(&r.Identity, ones).Record(false) })}, []int{0, 1}, 0},
		"within a folder":          {[]Record{trial(0, "a"), trial(0, "a")}, nil, []int{0}, 0},
		"other kernels":            {[]Record{trial(0, "a")}, []Record{trial(0, "c", by(0.5))}, []int{0}, 1},
		"sessions without files":   {[]Record{trial(0, "nowhere")}, []Record{trial(0, "elsewhere", by(0.5))}, []int{0}, 1},
		"a session without a file": {[]Record{trial(0, "a")}, []Record{trial(0, "nowhere", by(0.5))}, []int{0}, 1},
	} {
		one, _ := folderOf(t, c.first, manifests...)
		two, _ := folderOf(t, c.second, manifests...)
		j, err := join(t, one, two)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		all := slices.Concat(c.first, c.second)
		want, made := "", map[string]int{}
		for _, i := range c.kept {
			want += line(t, all[i])
			made[all[i].Manifest]++
		}
		if got := written(t, j); got != want {
			t.Errorf("%s: kept\n%swant\n%s", name, got, want)
		}
		if j.Doubles != len(all)-len(c.kept) || j.Differing != c.differing || !reflect.DeepEqual(j.Lines, made) {
			t.Errorf("%s: %d doubles, %d differing, lines %v", name, j.Doubles, j.Differing, j.Lines)
		}
		if c.differing > 0 && (j.Most != Difference{"rel_sq_error", 0.5}) { // 0.5 and 1
			t.Errorf("%s: they differ by %v", name, j.Most)
		}
	}
}

// Two whole lines of one key may differ only where the sessions may: else both places
// are named. So is a key that is not its line's.
func TestContradictionsAreRefused(t *testing.T) {
	manifests := slices.Collect(maps.Values(sessions))
	for name, c := range map[string]struct {
		first, second []Record
		lines         []string // that the message names
	}{
		"vectors":         {[]Record{trial(1, "a"), trial(0, "a")}, []Record{trial(0, "b", by(1e-12))}, []string{"1:2", "2:1", "rel_sq_error"}},
		"a layer":         {[]Record{trial(0, "a")}, []Record{trial(0, "b", func(r *Record) { r.PerLayer[0].MaxU++ })}, []string{"1:1", "2:1", "max_u"}},
		"a form":          {[]Record{trial(0, "a")}, []Record{trial(0, "b", func(r *Record) { r.PerLayer[0].Form = "gram" })}, []string{"1:1", "2:1", "form"}},
		"the tail":        {[]Record{trial(0, "a")}, []Record{trial(0, "b", func(r *Record) { r.Tail = []int64{1} })}, []string{"1:1", "2:1", "tail"}},
		"a missing value": {[]Record{trial(0, "a")}, []Record{trial(0, "b", func(r *Record) { r.Bias = Missing })}, []string{"1:1", "2:1", "1 relative, in bias"}},
		"not the first":   {[]Record{trial(0, "c"), trial(0, "a")}, []Record{trial(0, "b", by(1e-3))}, []string{"1:2", "2:1"}},
		"a key":           {[]Record{trial(0, "a")}, []Record{trial(0, "b", func(r *Record) { r.Trial = 7 })}, []string{"2:1", "the key is not that of the record"}},
	} {
		one, _ := folderOf(t, c.first, manifests...)
		two, _ := folderOf(t, c.second, manifests...)
		_, err := join(t, one, two)
		if err == nil {
			t.Errorf("%s: joined", name)
			continue
		}
		says := strings.NewReplacer(filepath.Join(one, RecordsFile), "1", filepath.Join(two, RecordsFile), "2").Replace(err.Error())
		for _, want := range c.lines {
			if !strings.Contains(says, want) {
				t.Errorf("%s: %s: want %q", name, says, want)
			}
		}
	}
}

// What may change bits is the kernel (but for AVX2 and AVX-512, which agree), the
// architecture and level built for, and the program.
func TestSameBits(t *testing.T) {
	base := Manifest{Kernel: "avx2", Platform: "linux/amd64", GOAMD64: "v1", Version: "v1", Revision: "r"}
	for name, c := range map[string]struct {
		change func(*Manifest)
		same   bool
	}{
		"nothing":      {func(m *Manifest) {}, true},
		"vectors":      {func(m *Manifest) { m.Kernel = "avx512" }, true},
		"machine":      {func(m *Manifest) { m.Host, m.Workers, m.Platform = "other", 7, "windows/amd64" }, true},
		"generic":      {func(m *Manifest) { m.Kernel = "generic" }, false},
		"architecture": {func(m *Manifest) { m.Platform = "linux/arm64" }, false},
		"level":        {func(m *Manifest) { m.GOAMD64 = "v3" }, false},
		"revision":     {func(m *Manifest) { m.Revision = "s" }, false},
		"changes":      {func(m *Manifest) { m.Diff = "+" }, false},
		"version":      {func(m *Manifest) { m.Version = "v2" }, false},
	} {
		other := base
		c.change(&other)
		if base.sameBits(&other) != c.same || other.sameBits(&base) != c.same {
			t.Errorf("%s: want %v", name, c.same)
		}
	}
}

// Only times and sessions are left out of a comparison: the columns that are documented
// as not reproducible.
func TestIrreproducibleColumns(t *testing.T) {
	for _, c := range slices.Concat(Columns(Record{}), Columns(Layer{}), Columns(Search{})) {
		if strings.HasSuffix(c.Doc, "not reproducible") != slices.Contains(irreproducible, c.Name) {
			t.Errorf("%s: %s", c.Name, c.Doc)
		}
	}
	a, b := Search{NeededK: 3, Seconds: 1}, Search{NeededK: 4, Seconds: 2}
	if d := a.Differs(&b); d != (Difference{"needed_K", 0.25}) {
		t.Errorf("searches differ by %v", d)
	}
	b.NeededK = 3
	if d := a.Differs(&b); d.Any() {
		t.Errorf("searches that differ in their times alone differ by %v", d)
	}
}

// What a line of an earlier format lacks is no difference.
func TestDifferencesOfFormats(t *testing.T) {
	before := recordColumns
	defer func() { recordColumns = before }()
	lacks := trial(0, "a", func(r *Record) { r.Bias = Missing })
	full := trial(0, "a")
	if !full.Differs(&lacks).Any() {
		t.Error("a missing value of a column that was always there is no difference")
	}
	recordColumns.columns = slices.Clone(recordColumns.columns)
	recordColumns.columns[recordColumns.number["bias"]].tag = `since:"2"`
	if d := full.Differs(&lacks); d.Any() {
		t.Errorf("a later column is a difference: %v", d)
	}
}

// All files of a folder are joined, a torn last line is left out and said, and lines of
// other formats go over as they are.
func TestJoinsAllFiles(t *testing.T) {
	one, lines := folderOf(t, []Record{trial(2, "a")}, sessions["a"])
	more := line(t, trial(3, "a"))
	write(t, one, "records-node.jsonl", more)
	write(t, one, "records-torn.jsonl", strings.TrimSuffix(line(t, trial(4, "a")), "\n"))
	two, _ := folderOf(t, nil)
	object, _, _ := cutChecksum([]byte(line(t, trial(5, session(t, two, 1)))))
	formerly := " " + string(object) + "\r\n"
	write(t, two, RecordsFile, formerly)
	j, err := join(t, one, two)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := written(t, j), more+lines+formerly; got != want {
		t.Errorf("joined\n%swant\n%s", got, want)
	}
	if got := j.Torn(); !slices.Equal(got, []string{filepath.Join(one, "records-torn.jsonl")}) {
		t.Errorf("torn: %v", got)
	}
}

// The manifests of the sessions that made the lines kept are copied to the byte: of two
// of one session the later.
func TestJoinsSessions(t *testing.T) {
	begun, idle := sessions["a"], sessions["idle"]
	ended := begun
	ended.End = &ended.Start
	panicked := begun
	panicked.Panics = []Panic{{"value", "stack"}}
	for name, c := range map[string]struct {
		first, second Manifest
		later         int // folder whose manifest is copied
	}{"same": {begun, begun, 0}, "ended": {begun, ended, 1}, "ended before": {ended, begun, 0}, "panicked": {begun, panicked, 1}} {
		one, _ := folderOf(t, []Record{trial(0, "a")}, c.first, idle)
		two, _ := folderOf(t, []Record{trial(1, "a")}, c.second, idle)
		j, err := join(t, one, two)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		path := filepath.Join(SessionsFolder, begun.Hash+".json")
		want, _ := os.ReadFile(filepath.Join([]string{one, two}[c.later], path))
		dir := t.TempDir()
		if err := j.Write(dir); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(dir, path)); err != nil || string(got) != string(want) {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, got, want)
		}
		if entries, _ := os.ReadDir(filepath.Join(dir, SessionsFolder)); len(entries) != 1 {
			t.Errorf("%s: %d sessions, want the one that made lines", name, len(entries))
		}
	}
}

// A file that is another when it is copied than when it was read is not copied.
func TestFileIsReplacedWhileItIsJoined(t *testing.T) {
	one, lines := folderOf(t, []Record{trial(0, "a")})
	j, err := join(t, one)
	if err != nil {
		t.Fatal(err)
	}
	os.Rename(filepath.Join(one, RecordsFile), filepath.Join(one, "before"))
	write(t, one, RecordsFile, lines)
	if err := j.Write(t.TempDir()); !errors.As(err, new(*FileError)) {
		t.Errorf("a file that was replaced: %v", err)
	}
}

// CheckUnlocked sees a lock, and leaves no trace.
func TestCheckUnlocked(t *testing.T) {
	dir := t.TempDir()
	if err := CheckUnlocked(dir); err != nil {
		t.Error(err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("it made %v", entries)
	}
	lock, err := LockFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !lock.Holds() {
		t.Skip("no locks here")
	}
	if err := CheckUnlocked(dir); !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Errorf("of a locked folder: %v", err)
	}
	lock.Release()
	if err := CheckUnlocked(dir); err != nil {
		t.Error(err)
	}
	if lock, err = LockFolder(dir); err != nil {
		t.Errorf("after it, nobody can lock the folder: %v", err)
	}
	lock.Release()
}
