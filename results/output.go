// output.go writes the files that a user names, by a flag or by a variable of the
// environment, so that nothing of worth is lost where they point.

package results

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Output is a file that a user named.
//
// A regular file, or one that is not there yet, is written whole or not at all, as
// WriteFile does, and keeps its permissions; behind a symbolic link it is the target
// that is replaced. Whatever else is there (a device, a pipe, a socket, what the
// program prints to) is opened and written. Folders above it are made.
type Output struct {
	Flag   string // by what it was named: --junit, GITHUB_STEP_SUMMARY
	Path   string // "" if it was not
	Append bool   // whether the file keeps what it holds
}

// RefusedError is an output that a command must not write.
type RefusedError struct {
	Output
	Why string // what is there, and what would be right
}

func (e *RefusedError) Error() string { return fmt.Sprintf("%s %s: %s", e.Flag, e.Path, e.Why) }

// CheckOutputs tells before a command begins what would keep it from writing its
// outputs at the end. It returns a *RefusedError for a folder, for one of the inputs, for
// a config, which no command writes, for two outputs in one file, and for a file in the
// folder of a run: of runs, which the command works in and which need not be there yet,
// or of any other. What cannot be written is another error.
func CheckOutputs(outputs []Output, inputs, runs []string) error {
	for i, o := range outputs {
		if o.Path == "" {
			continue
		}
		if err := o.check(inputs, runs); err != nil {
			return err
		}
		for _, other := range outputs[:i] {
			if other.Path != "" && o.regular() && sameFile(o.Path, other.Path) {
				return o.refuse("%s names the same file: choose another path", other.Flag)
			}
		}
	}
	return nil
}

func (o Output) refuse(format string, args ...any) error {
	return &RefusedError{o, fmt.Sprintf(format, args...)}
}

func (o Output) refuseWithin(run string) error {
	return o.refuse("it lies in %s, the folder of a run, which holds only what the run makes: choose a path outside of it", run)
}

// failed is the error of an output that cannot be written.
func (o Output) failed(err error) error {
	return fmt.Errorf("%s %s: cannot be written: %w", o.Flag, o.Path, Cause(err))
}

// regular reports whether the output is or will be a regular file.
func (o Output) regular() bool {
	info, err := os.Stat(o.Path)
	return err != nil || info.Mode().IsRegular()
}

func (o Output) check(inputs, runs []string) error {
	info, err := os.Stat(o.Path)
	exists := err == nil
	switch {
	case exists && info.IsDir() || os.IsPathSeparator(o.Path[len(o.Path)-1]):
		return o.refuse("it is a folder: want a file")
	case exists && !info.Mode().IsRegular():
		return nil
	}
	for _, in := range inputs {
		if is, err := os.Stat(in); exists && err == nil && os.SameFile(info, is) {
			return o.refuse("it is %s, which this command reads: choose another path", in)
		}
	}
	target, err := resolved(o.Path)
	if err != nil {
		return o.failed(err)
	}
	if ext := filepath.Ext(target); exists && (ext == ".yaml" || ext == ".yml") {
		return o.refuse("a config is there, by its name, and no command writes one: choose another path")
	}
	for _, run := range runs {
		dir, err := resolved(run)
		if err != nil {
			continue // the command will say so
		}
		if within(target, dir) || exists && holds(dir, info) {
			return o.refuseWithin(run)
		}
		if within(dir, target) {
			return o.refuse("the folder of the run, %s, lies below it: choose another path", run)
		}
	}
	if dir := runAbove(target); dir != "" {
		return o.refuseWithin(dir)
	}
	if o.Append && exists {
		if err := writable(o.Path); err != nil {
			return o.failed(err)
		}
		return nil
	}
	if exists && (o.printed(info) != nil || descriptor.MatchString(o.Path)) {
		return nil // it is open already, whatever the folder permits
	}
	if err := canMake(target); err != nil {
		return o.failed(err)
	}
	return nil
}

// printed returns the file among those that the program prints to that the output is;
// nil if it is none.
func (o Output) printed(info fs.FileInfo) *os.File {
	for _, f := range []*os.File{os.Stdout, os.Stderr} {
		if is, err := f.Stat(); err == nil && os.SameFile(info, is) {
			return f
		}
	}
	return nil
}

// CheckFolder tells before a command begins what would keep it from making a folder
// that the user named by a flag: it lies in the folder of a run (a *RefusedError), or
// cannot be made.
func CheckFolder(flag, dir string) error {
	o := Output{Flag: flag, Path: dir}
	target, err := resolved(dir)
	if err != nil {
		return o.failed(err)
	}
	if run := runAbove(target); run != "" {
		return o.refuseWithin(run)
	}
	if err := canMake(target); err != nil {
		return o.failed(err)
	}
	return nil
}

// canMake returns an error if it is certain that no file or folder can be made at
// path, an absolute one: a folder above it is no folder, or cannot be written to.
func canMake(path string) error {
	dir := filepath.Dir(path)
	for {
		info, err := os.Stat(dir)
		switch {
		case err == nil && !info.IsDir():
			return fmt.Errorf("%s is no folder", dir)
		case err == nil:
			if err := writable(dir); err != nil {
				return fmt.Errorf("the folder %s: %w", dir, err)
			}
			return nil
		case !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir):
			return err
		}
		dir = filepath.Dir(dir)
	}
}

// runAbove returns the innermost folder above path, an absolute one, that holds a
// run; "" if there is none.
func runAbove(path string) string {
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		if isRun(dir) {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// isRun reports whether dir holds a run: a manifest that this or a newer program
// wrote or, since it may be damaged, any manifest beside records or sessions.
func isRun(dir string) bool {
	_, ok, err := ReadManifest(dir)
	if ok || errors.As(err, new(*NewerError)) {
		return true
	}
	if err == nil {
		return false
	}
	for _, name := range []string{RecordsFile, SessionsFolder} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
}

// resolved returns the absolute path of a file, which need not be there, without
// symbolic links in it. Two dots after a link lead to the folder above its target, as
// for the operating system, where filepath.Clean would go back to the link's own.
func resolved(path string) (string, error) {
	const separator = string(filepath.Separator)
	if !filepath.IsAbs(path) {
		wd, err := os.Getwd()
		if err != nil {
			return "", err
		}
		path = wd + separator + path
	}
	for range 40 { // more links are a circle, as for the operating system
		whole, err := filepath.EvalSymlinks(path)
		if err == nil {
			return whole, nil
		}
		dir, name := filepath.Split(strings.TrimRight(path, separator))
		if name == "" { // the root
			return "", err
		}
		if dir, err = resolved(dir); err != nil {
			return "", err
		}
		path = filepath.Join(dir, name)
		link, err := os.Readlink(path)
		if err != nil {
			return path, nil // it is not there
		}
		if !filepath.IsAbs(link) {
			link = dir + separator + link
		}
		path = link
	}
	return "", fmt.Errorf("%s: too many symbolic links", path)
}

// within reports whether path is dir or lies in it; both are as resolved returns them.
func within(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// holds reports whether a file is one of those below dir, by another name.
func holds(dir string, file fs.FileInfo) bool {
	found := false
	filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil
		}
		if info, err := e.Info(); err == nil && os.SameFile(info, file) {
			found = true
			return filepath.SkipAll
		}
		return nil
	})
	return found
}

// sameFile reports whether two paths name one file, there or not.
func sameFile(a, b string) bool {
	if x, err := os.Stat(a); err == nil {
		y, err := os.Stat(b)
		return err == nil && os.SameFile(x, y)
	}
	x, errA := resolved(a)
	y, errB := resolved(b)
	return errA == nil && errB == nil && x == y
}

// descriptor matches the paths of files that a process has open already.
var descriptor = regexp.MustCompile(`^/(dev/fd|proc/[^/]+(/task/[^/]+)?/fd)/`)

// Write writes the output, if there is one.
func (o Output) Write(write func(io.Writer) error) error {
	if o.Path == "" {
		return nil
	}
	f, mode, err := o.open()
	if err == nil && f == nil {
		var target string
		if target, err = resolved(o.Path); err == nil {
			err = writeFile(target, mode, write)
		}
	} else if err == nil {
		w := bufio.NewWriter(f)
		if err = write(w); err == nil {
			err = w.Flush()
		}
		if e := f.Close(); err == nil {
			err = e
		}
	}
	if err != nil {
		return o.failed(err)
	}
	return nil
}

// open opens an output that is not to be replaced. For one that is, it returns nil
// and the permissions of the new file.
func (o Output) open() (io.WriteCloser, fs.FileMode, error) {
	info, err := os.Stat(o.Path)
	switch {
	case err == nil && info.IsDir():
		return nil, 0, errors.New("it is a folder")
	case err == nil:
		if f := o.printed(info); f != nil {
			return kept{f}, 0, nil // opened anew, a file would be written from its start
		}
		switch {
		case info.Mode()&fs.ModeSocket != 0:
			c, err := net.Dial("unix", o.Path)
			return c, 0, err
		case !info.Mode().IsRegular() || descriptor.MatchString(o.Path):
			f, err := os.OpenFile(o.Path, os.O_WRONLY, 0)
			return f, 0, err
		}
	}
	if o.Append {
		if err := os.MkdirAll(filepath.Dir(o.Path), 0o777); err != nil {
			return nil, 0, err
		}
		f, err := os.OpenFile(o.Path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
		return f, 0, err
	}
	if err == nil {
		return nil, info.Mode().Perm(), nil
	}
	return nil, 0o644, nil
}

// kept is a file that stays open.
type kept struct{ io.Writer }

func (kept) Close() error { return nil }
