// outputs.go keeps the list of the files that a run's report made, so that stale ones
// can go and no file of anybody else does.

package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// OutputsFile lists the tables and figures in a run's folder that runexp made, by
// their paths from there, with slashes.
const OutputsFile = "outputs.json"

// ReplaceOutputs has write make the named files in dir, in place of those that
// earlier sessions made: of these, the ones that are not named go. names are paths
// from dir. Files that no session listed as its own stay, and nothing is removed
// through a symbolic link. At any moment the list has every file that is runexp's.
func ReplaceOutputs(dir string, names []string, write func() error) error {
	former := readOutputs(dir)
	now := map[string]bool{}
	for _, name := range names {
		now[filepath.ToSlash(name)] = true
	}
	all := maps.Clone(now)
	for name := range former {
		all[name] = true
	}
	if err := writeOutputs(dir, all); err != nil {
		return err
	}
	if err := write(); err != nil {
		return err
	}
	for name := range former {
		if !now[name] {
			if err := removeOwn(dir, name); err != nil {
				return err
			}
		}
	}
	return writeOutputs(dir, now)
}

func writeOutputs(dir string, names map[string]bool) error {
	return WriteJSON(filepath.Join(dir, OutputsFile), slices.Sorted(maps.Keys(names)))
}

// readOutputs returns the files that earlier sessions made: those of their list or,
// in a folder of a program that kept none, the tables and figures of its stamp. A
// list that cannot be read has none: what is nobody's stays.
func readOutputs(dir string) map[string]bool {
	out := map[string]bool{}
	data, err := ReadFile(filepath.Join(dir, OutputsFile), MaxDescription)
	if err == nil {
		var names []string
		if json.Unmarshal(data, &names) == nil {
			for _, name := range names {
				out[name] = true
			}
		}
		return out
	}
	s, _ := stampOf(dir)
	for name := range s.Files {
		if strings.HasPrefix(name, "tables/") || strings.HasPrefix(name, "figures/") {
			out[name] = true
		}
	}
	return out
}

// removeOwn removes a file below dir that runexp made, if it still is one: a regular
// file, in folders that are no links.
func removeOwn(dir, name string) error {
	local := filepath.FromSlash(name)
	if !filepath.IsLocal(local) {
		return nil
	}
	path := dir
	parts := strings.Split(local, string(filepath.Separator))
	for i, part := range parts {
		path = filepath.Join(path, part)
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if last := i == len(parts)-1; last && !info.Mode().IsRegular() || !last && !info.IsDir() {
			return nil
		}
	}
	return os.Remove(path)
}

// PageFile is the name of a run's page.
const PageFile = "report.html"

// OutdatedFile says in a run's folder that what follows from its records is of before
// the session that is at work or was interrupted.
const OutdatedFile = "OUTDATED.txt"

// Outdate marks what follows from the records in dir as of before a session, until
// Renew: by OutdatedFile, and by a sentence at the top of the page. A folder that
// holds nothing of the kind is left alone.
func Outdate(dir, session string) error {
	if _, err := os.Stat(filepath.Join(dir, ClaimsFile)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	text := fmt.Sprintf("%s is at work here or was interrupted. Until it ends, claims.json, the CSV files,\ntables/, figures/ and %s are of before it. To build them from the records that\nare there: runexp report DIR.\n", session, PageFile)
	if err := WriteText(filepath.Join(dir, OutdatedFile), text); err != nil {
		return err
	}
	return markPage(filepath.Join(dir, PageFile), session)
}

// Renew takes back what Outdate said, once all is written anew.
func Renew(dir string) error {
	if err := os.Remove(filepath.Join(dir, OutdatedFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// markPage puts a sentence at the top of an HTML page, once: that it is of before the
// session. A page that is not there, or is no page, is left alone.
func markPage(path, session string) error {
	data, err := ReadFile(path, MaxNumbers)
	if err != nil {
		return nil
	}
	text := string(data)
	body := strings.Index(text, "<body")
	if body < 0 || strings.Contains(text, pageMark) {
		return nil
	}
	end := strings.IndexByte(text[body:], '>')
	if end < 0 {
		return nil
	}
	at := body + end + 1
	sentence := fmt.Sprintf("\n%s<strong>Outdated.</strong> %s is at work or was interrupted: all that this page shows is of before it.</p>\n", pageMark, html.EscapeString(session))
	return WriteText(path, text[:at]+sentence+text[at:])
}

// pageMark begins the sentence of markPage.
const pageMark = `<p role="alert" class="outdated">`
