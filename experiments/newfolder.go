// newfolder.go makes a folder whole or not at all.

package experiments

import (
	"fmt"
	"os"
	"path/filepath"

	"spfq/results"
)

// writeFolder makes the folder dir whole or not at all: fill fills a folder of another
// name beside it, which is then renamed. If dir is a link to an empty folder, that
// folder is the one that is made.
func writeFolder(dir string, fill func(dir string) error) error {
	if err := freeFolder(dir); err != nil {
		return err
	}
	out := dir
	dir = filepath.Clean(dir)
	if target, err := filepath.EvalSymlinks(dir); err == nil {
		dir = target
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return fmt.Errorf("--out %s: cannot be made: %w", out, results.Cause(err))
	}
	temp, err := os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+".*")
	if err != nil {
		return fmt.Errorf("--out %s: cannot be made: %w", out, results.Cause(err))
	}
	defer os.RemoveAll(temp)
	if err := fill(temp); err != nil {
		return err
	}
	if err := os.Chmod(temp, 0o755); err != nil {
		return err
	}
	if err := os.Remove(dir); err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.Rename(temp, dir)
}

// freeFolder refuses a path unless it is an empty folder or nothing is there, and a path
// without a name, in the place of which no folder can be put.
func freeFolder(dir string) error {
	if name := filepath.Base(filepath.Clean(dir)); name == "." || name == ".." {
		return usagef("--out %s: want a folder below this one, or elsewhere, by its name", dir)
	}
	entries, err := os.ReadDir(dir)
	switch {
	case err == nil && len(entries) > 0:
		return usagef("--out %s: holds files: want an empty or a new folder", dir)
	case err != nil && !os.IsNotExist(err):
		return usagef("--out %s: %w: want an empty or a new folder", dir, results.Cause(err))
	}
	return results.CheckFolder("--out", dir)
}
