package results

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// files lists the files below dir, links as such, but for the list of outputs.
func files(t *testing.T, dir string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() && e.Name() != OutputsFile {
			name, _ := filepath.Rel(dir, path)
			out = append(out, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// making returns a function that writes the named files below dir.
func making(dir string, names ...string) func() error {
	return func() error {
		for _, name := range names {
			if err := WriteText(filepath.Join(dir, name), "made"); err != nil {
				return err
			}
		}
		return nil
	}
}

// Of what an earlier session made, what is no longer made goes, and nothing of
// anybody else: no notes beside it, and nothing through a link.
func TestReplaceOutputs(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	replace := func(names ...string) {
		t.Helper()
		if err := ReplaceOutputs(dir, names, making(dir, names...)); err != nil {
			t.Fatal(err)
		}
	}
	want := func(names ...string) {
		t.Helper()
		if got := files(t, dir); !slices.Equal(got, names) {
			t.Errorf("%v are there, want %v", got, names)
		}
	}
	replace("tables/a.txt", "tables/b.txt", "figures/c.svg")
	for _, name := range []string{"tables/notes.txt", "figures/mine.ipynb", "tables/.b.txt.123.part"} {
		write(t, dir, name, "precious")
	}
	replace("tables/a.txt", "figures/d.svg")
	want("figures/d.svg", "figures/mine.ipynb", "tables/.b.txt.123.part", "tables/a.txt", "tables/notes.txt")

	// A folder that became a link, a file that became one: what they point to stays.
	write(t, elsewhere, "d.svg", "precious")
	write(t, elsewhere, "a.txt", "precious")
	if os.RemoveAll(filepath.Join(dir, "figures")) != nil || os.Symlink(elsewhere, filepath.Join(dir, "figures")) != nil {
		t.Skip("no links here")
	}
	os.Remove(filepath.Join(dir, "tables/a.txt"))
	os.Symlink(filepath.Join(elsewhere, "a.txt"), filepath.Join(dir, "tables/a.txt"))
	replace("tables/e.txt")
	want("figures", "tables/.b.txt.123.part", "tables/a.txt", "tables/e.txt", "tables/notes.txt")
	for _, name := range []string{"d.svg", "a.txt"} {
		if text, err := os.ReadFile(filepath.Join(elsewhere, name)); err != nil || string(text) != "precious" {
			t.Errorf("%s elsewhere: %q (%v)", name, text, err)
		}
	}
}

// A session that is killed while it writes leaves no file that no list has: the next
// one knows them all.
func TestOutputsOfAKilledSession(t *testing.T) {
	dir := t.TempDir()
	killed := errors.New("killed")
	err := ReplaceOutputs(dir, []string{"tables/a.txt", "tables/b.txt"}, func() error {
		return errors.Join(making(dir, "tables/a.txt")(), killed)
	})
	if !errors.Is(err, killed) {
		t.Fatal(err)
	}
	if err := ReplaceOutputs(dir, []string{"tables/c.txt"}, making(dir, "tables/c.txt")); err != nil {
		t.Fatal(err)
	}
	if got := files(t, dir); !slices.Equal(got, []string{"tables/c.txt"}) {
		t.Errorf("%v are left", got)
	}
}

// A folder without a list: what its stamp has of tables and figures is runexp's. A
// list that cannot be read has nothing, nor does one that points elsewhere.
func TestOutputsOfOthers(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		stays      bool
	}{
		"a stamp":               {StampFile, `{"files": {"tables/a.txt": {}, "records.csv": {}}}`, false},
		"nothing":               {"x", "", true},
		"garbage":               {OutputsFile, "{", true},
		"a list of another one": {OutputsFile, `["tables/b.txt"]`, true},
		"a path out of it":      {OutputsFile, `["../../tables/a.txt", "/tables/a.txt", ""]`, true},
	} {
		dir := t.TempDir()
		write(t, dir, c.file, c.text)
		for _, f := range []string{"tables/a.txt", "records.csv"} {
			if err := WriteText(filepath.Join(dir, f), "text"); err != nil {
				t.Fatal(err)
			}
		}
		if err := ReplaceOutputs(dir, nil, func() error { return nil }); err != nil {
			t.Fatal(err)
		}
		left := files(t, dir)
		if slices.Contains(left, "tables/a.txt") != c.stays || !slices.Contains(left, "records.csv") {
			t.Errorf("%s: %v are left", name, left)
		}
	}
}

// What follows from records is marked while a session is at work, the page too, once;
// a new page is not.
func TestOutdate(t *testing.T) {
	dir := t.TempDir()
	if err := Outdate(dir, "A session"); err != nil || len(files(t, dir)) != 0 {
		t.Errorf("an empty folder holds %v (%v)", files(t, dir), err)
	}
	write(t, dir, ClaimsFile, "[]")
	write(t, dir, PageFile, "<!DOCTYPE html><html><body id=x>\n<h1>supported</h1></body></html>")
	for range 2 {
		if err := Outdate(dir, "A session <b>begun</b> today"); err != nil {
			t.Fatal(err)
		}
	}
	text, _ := os.ReadFile(filepath.Join(dir, OutdatedFile))
	page, _ := os.ReadFile(filepath.Join(dir, PageFile))
	if !strings.Contains(string(text), "are of before it") || strings.Count(string(page), "Outdated.") != 1 ||
		!strings.HasPrefix(string(page), "<!DOCTYPE html><html><body id=x>\n<p role") || !strings.Contains(string(page), "A session &lt;b&gt;begun") {
		t.Errorf("marked as %s and %s", text, page)
	}
	if err := errors.Join(Renew(dir), Renew(dir)); err != nil {
		t.Fatal(err)
	}
	if slices.Contains(files(t, dir), OutdatedFile) {
		t.Error("the mark stays")
	}
	write(t, dir, PageFile, "no page")
	if err := Outdate(dir, "A session"); err != nil {
		t.Error(err)
	}
	if page, _ := os.ReadFile(filepath.Join(dir, PageFile)); string(page) != "no page" {
		t.Errorf("what is no page is %q", page)
	}
}

// What was read and written must still be there, the very same files.
func TestStoreNoticesWhatVanishes(t *testing.T) {
	more := func(dir string) {
		f, _ := os.OpenFile(filepath.Join(dir, RecordsFile), os.O_APPEND|os.O_WRONLY, 0)
		io.WriteString(f, "{}\n")
		f.Close()
	}
	again := func(dir, name string) {
		path := filepath.Join(dir, name)
		data, _ := os.ReadFile(path)
		os.Remove(path)
		os.WriteFile(path, data, 0o644)
	}
	for _, c := range []struct {
		name, says string
		do         func(dir string)
	}{
		{"nothing", "", func(string) {}},
		{"records removed", "records.jsonl was removed", func(dir string) { os.Remove(filepath.Join(dir, RecordsFile)) }},
		{"records truncated", "records.jsonl has 0 bytes", func(dir string) { os.Truncate(filepath.Join(dir, RecordsFile), 0) }},
		{"records replaced", "records.jsonl was replaced", func(dir string) { again(dir, RecordsFile) }},
		{"records appended to", "it was changed while the run was at work", more},
		{"searches removed", "searches.jsonl was removed", func(dir string) { os.Remove(filepath.Join(dir, SearchesFile)) }},
		{"other records removed", "records-b.jsonl was removed", func(dir string) { os.Remove(filepath.Join(dir, "records-b.jsonl")) }},
		{"the lock removed", ".lock was removed", func(dir string) { os.Remove(filepath.Join(dir, LockFile)) }},
		{"the lock replaced", ".lock is not the file that this run locked", func(dir string) { again(dir, LockFile) }},
		{"the folder removed", ".lock was removed", func(dir string) { os.RemoveAll(dir) }},
		{"the folder replaced", ".lock was removed", func(dir string) { os.Rename(dir, dir+"-away"); os.Mkdir(dir, 0o777) }},
		{"another run there", ".lock is not the file", func(dir string) {
			os.RemoveAll(dir)
			s, err := OpenStore(dir)
			if err != nil {
				panic(err)
			}
			s.Close()
		}},
	} {
		dir := filepath.Join(t.TempDir(), "run")
		if err := WriteText(filepath.Join(dir, "records-b.jsonl"), line(t, whole("rtn"))); err != nil {
			t.Fatal(err)
		}
		s := mustOpen(t, dir)
		if err := s.Append([]Record{whole("spfq")}, []Search{{Identity: whole("spfq").Identity, Provenance: Provenance{"k", "m"}}}); err != nil {
			t.Fatal(err)
		}
		c.do(dir)
		err := s.Check()
		gone := new(VanishedError)
		if c.says == "" && err != nil || c.says != "" && (!errors.As(err, &gone) || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: error %v, want one that says %q", c.name, err, c.says)
		}
		s.Close()
	}
}

// What is kept of several files is known to be there afterwards, too.
func TestRetainedFilesAreKnown(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "records-b.jsonl", line(t, whole("rtn"))+line(t, whole("gpfq")))
	s := mustOpen(t, dir)
	defer s.Close()
	if err := s.Append([]Record{whole("spfq")}, nil); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Retain([]bool{true, false, true}, nil), s.Check()); err != nil {
		t.Error(err)
	}
	if err := errors.Join(s.Append([]Record{whole("spfq")}, nil), s.Check()); err != nil {
		t.Error(err)
	}
}
