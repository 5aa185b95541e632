//go:build unix

package results

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What is not a lock is not locked: the number of the process would be written over
// the target of a link, and a pipe would be waited for.
func TestLockIsARegularFile(t *testing.T) {
	for name, put := range map[string]func(path, elsewhere string) error{
		"link":            func(path, elsewhere string) error { return os.Symlink(elsewhere, path) },
		"link to nowhere": func(path, elsewhere string) error { return os.Symlink(elsewhere+".new", path) },
		"folder":          func(path, _ string) error { return os.Mkdir(path, 0o777) },
		"pipe":            func(path, _ string) error { return syscall.Mkfifo(path, 0o666) },
	} {
		dir, elsewhere := t.TempDir(), filepath.Join(t.TempDir(), "thesis.tex")
		write(t, filepath.Dir(elsewhere), "thesis.tex", "precious")
		if err := put(filepath.Join(dir, LockFile), elsewhere); err != nil {
			t.Fatal(err)
		}
		if _, err := LockFolder(dir); err == nil || !strings.Contains(err.Error(), LockFile) || !strings.Contains(err.Error(), "no regular file") {
			t.Errorf("%s: locking says %v", name, err)
		}
		if err := CheckUnlocked(dir); err != nil {
			t.Errorf("%s: taken for a lock that is held: %v", name, err)
		}
		if text, err := os.ReadFile(elsewhere); err != nil || string(text) != "precious" {
			t.Errorf("%s: the target is %q (%v)", name, text, err)
		}
		if _, err := os.Stat(elsewhere + ".new"); err == nil {
			t.Errorf("%s: a file was made elsewhere", name)
		}
	}
}

// Only what WriteFile left behind is removed as temporary, also from a folder that is
// named by a link.
func TestRemoveTemporary(t *testing.T) {
	parent := t.TempDir()
	dir, link := filepath.Join(parent, "run"), filepath.Join(parent, "link")
	own := []string{".report.html.1234.part", "tables/.results.csv.99.part"}
	others := []string{".hidden.part", "tables/.draft.part", "part", ".1.part", "tables/.x.12a.part"}
	for _, name := range append(own, others...) {
		if err := WriteText(filepath.Join(dir, name), "text"); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	if err := RemoveTemporary(link); err != nil {
		t.Fatal(err)
	}
	for _, name := range own {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s is still there", name)
		}
	}
	for _, name := range others {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

// A run in a folder that is named by a link is stamped as it is elsewhere.
func TestStampThroughALink(t *testing.T) {
	parent := t.TempDir()
	if err := WriteText(filepath.Join(parent, "run", ClaimsFile), "[]"); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(parent, "link")
	if err := os.Symlink(filepath.Join(parent, "run"), link); err != nil {
		t.Fatal(err)
	}
	if err := WriteStamp(link, Stamp{}); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{link, filepath.Join(parent, "run")} {
		if s, ok := ReadStamp(dir); !ok || len(s.Files) != 1 {
			t.Errorf("%s: the stamp is %+v, valid: %v", dir, s, ok)
		}
	}
}

// Beside the manifests of sessions a user's files stay, copies of manifests too.
func TestRemoveSessionsOnly(t *testing.T) {
	dir := t.TempDir()
	m := Manifest{Name: "x", Versions: Versions{Algorithm: 1, Streams: 1}}
	m.Seal()
	if err := WriteSession(dir, m); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(dir, SessionsFolder)
	text, err := os.ReadFile(filepath.Join(folder, m.Hash+".json"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, folder, "backup.json", string(text))
	write(t, folder, "mine.json", `{"a": 1}`)
	if err := RemoveSessions(dir, func(string) bool { return false }); err != nil {
		t.Fatal(err)
	}
	if got := files(t, folder); strings.Join(got, " ") != "backup.json mine.json" {
		t.Errorf("%v are left", got)
	}
}

// What the program prints to is open already: it can be named although nothing can be
// made in its folder, as where somebody else opened it.
func TestPrintedInAClosedFolder(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("to root no folder is closed")
	}
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "printed"))
	if err != nil {
		t.Fatal(err)
	}
	defer func(was *os.File) { os.Stdout = was; f.Close(); os.Chmod(dir, 0o755) }(os.Stdout)
	os.Stdout = f
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	o := Output{Flag: "--junit", Path: f.Name()}
	if err := CheckOutputs([]Output{o}, nil, nil); err != nil {
		t.Error(err)
	}
	if err := o.Write(func(w io.Writer) error { _, err := io.WriteString(w, "text"); return err }); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(f.Name()); err != nil || string(text) != "text" {
		t.Errorf("it holds %q (%v)", text, err)
	}
	o.Path = filepath.Join(dir, "new")
	if err := CheckOutputs([]Output{o}, nil, nil); err == nil {
		t.Error("a new file there is not refused")
	}
}
