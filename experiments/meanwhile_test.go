package experiments

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"spfq/results"
)

// A run whose config was removed or replaced while it was at work, or of whose lines
// one was edited in place, is not taken for finished.
func TestEditedWhileAtWork(t *testing.T) {
	for _, c := range []struct {
		name, says string
		do         func(dir string) error
	}{
		{"the config removed", "config.yaml was changed or removed while", func(dir string) error { return os.Remove(filepath.Join(dir, configFile)) }},
		{"the config replaced", "config.yaml was changed or removed while", func(dir string) error {
			return results.WriteText(filepath.Join(dir, configFile), small)
		}},
		{"a line edited in place", "records.jsonl:1: not a line that runexp wrote", func(dir string) error {
			path := filepath.Join(dir, results.RecordsFile)
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			at := bytes.Index(data, []byte(`"rel_sq_error":`)) + len(`"rel_sq_error":0.`)
			data[at] = '0' + (data[at]-'0'+1)%10
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			_, err = f.Write(data)
			return errors.Join(err, f.Close())
		}},
	} {
		dir := filepath.Join(t.TempDir(), "run")
		done := false
		_, _, err := mustParse(t, small).Execute(context.Background(), Execution{
			Dir: dir, Workers: 1,
			Progress: func(Progress) {
				if !done {
					done = true
					if err := c.do(dir); err != nil {
						t.Fatal(err)
					}
				}
			},
			Report: func(*Measured, []results.Claim, results.Manifest) (string, error) { return "", nil },
		})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
		if _, err := os.Stat(filepath.Join(dir, results.StampFile)); err == nil {
			t.Errorf("%s: the run is stamped as finished", c.name)
		}
		if m, ok, err := results.ReadManifest(dir); err != nil || !ok || m.End != nil {
			t.Errorf("%s: the session has ended (%v)", c.name, err)
		}
	}
}
