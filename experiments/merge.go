// merge.go joins the folders of several runs into one.

package experiments

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"spfq/experiments/plan"
	"spfq/results"
)

// Merging says how folders of runs are joined.
type Merging struct {
	Dirs    []string // folders of runs, finished or not, in the order in which their records go over
	Out     string   // folder to make: it must not exist, or be empty
	Command []string // for the manifest
	Notice  func(text string)
	// Report writes whatever else is made from the records and claims to dir, which
	// becomes Out once all is written.
	Report func(dir string, m *Measured, claims []results.Claim, manifest results.Manifest) error
}

// part is one of the folders that are joined.
type part struct {
	dir  string
	plan *Experiment
	held *results.Held
	results.Versions
}

// Merge joins the records and searches of the runs in several folders, by record key,
// and writes a folder with them, the manifests of their sessions, and what follows
// from them. The config of Out is that of the folders, or of the one that asks for the
// most of what is there. No folder of Dirs is written to. It is a *UsageError if one
// of them holds no run, another process works in it, they are of several versions of
// the algorithm or of the random streams, their records contradict each other (see
// results.Join), or Out cannot be made.
func Merge(ctx context.Context, m Merging) error {
	if err := freeFolder(m.Out); err != nil {
		return err
	}
	if err := checkApart(m.Dirs, m.Out); err != nil {
		return err
	}
	var parts []part
	for _, dir := range m.Dirs {
		p, err := readPart(dir)
		if err != nil {
			return err
		}
		parts = append(parts, p)
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	if err := sameVersions(parts); err != nil {
		return err
	}
	var held []*results.Held
	for _, p := range parts {
		held = append(held, p.held)
	}
	joined, err := results.Join(m.Dirs, held, parts[0].Versions)
	if err != nil {
		return &UsageError{err}
	}
	m.say(joined)

	return writeFolder(m.Out, func(dir string) error {
		if err := joined.Write(dir); err != nil {
			return err
		}
		measured, err := m.chooseConfig(parts, dir)
		if err != nil {
			return err
		}
		claims, err := measured.WriteDerived(dir)
		if err != nil {
			return err
		}
		manifest := m.manifest(measured)
		if err := m.Report(dir, measured, claims, manifest); err != nil {
			return err
		}
		if err := results.WriteJSON(filepath.Join(dir, results.ManifestFile), manifest); err != nil {
			return err
		}
		return ctx.Err()
	})
}

// checkApart refuses one folder under two names, and an out in one of the folders.
func checkApart(dirs []string, out string) error {
	infos := make([]fs.FileInfo, len(dirs))
	for i, dir := range dirs {
		info, err := os.Stat(dir)
		if err != nil {
			continue // readPart says what is wrong with it
		}
		infos[i] = info
		for k, before := range infos[:i] {
			if before != nil && os.SameFile(before, info) {
				return usagef("%s and %s: the same folder is given twice", dirs[k], dir)
			}
		}
	}
	path, err := filepath.Abs(out)
	if err != nil {
		return err
	}
	for filepath.Dir(path) != path { // the last folder above out that is there, without links
		if real, err := filepath.EvalSymlinks(path); err == nil {
			path = real
			break
		}
		path = filepath.Dir(path)
	}
	for {
		if info, err := os.Stat(path); err == nil {
			for i, of := range infos {
				if of != nil && os.SameFile(of, info) {
					return usagef("--out %s: lies in %s, which is merged and stays as it is: choose another folder", out, dirs[i])
				}
			}
		}
		if filepath.Dir(path) == path {
			return nil
		}
		path = filepath.Dir(path)
	}
}

// readPart reads a folder to join. What a run would append to it meanwhile is left out,
// but a run that is at work there already is most likely waited for.
func readPart(dir string) (part, error) {
	if _, err := readManifest(dir); err != nil {
		return part{}, err
	}
	switch err := results.CheckUnlocked(dir); {
	case errors.Is(err, results.ErrLocked):
		return part{}, usagef("%s: %w: wait for it", dir, err)
	case err != nil:
		return part{}, err
	}
	e, held, manifest, err := open(dir)
	return part{dir, e, held, manifest.Versions}, err
}

// sameVersions refuses folders of several versions.
func sameVersions(parts []part) error {
	var which []string
	for _, p := range parts {
		which = append(which, fmt.Sprintf("%s of %d and %d", p.dir, p.Algorithm, p.Streams))
	}
	if slices.ContainsFunc(parts, func(p part) bool { return p.Versions != parts[0].Versions }) {
		return usagef("records of several versions of the algorithm and of the random streams must not be mixed: %s", strings.Join(which, ", "))
	}
	return nil
}

// say says what a user should know of the lines that are joined.
func (m Merging) say(j *results.Joined) {
	for _, path := range j.Torn() {
		m.Notice(fmt.Sprintf("%s: its last line was cut off in writing: it is left out", path))
	}
	if j.Doubles > 0 {
		m.Notice(fmt.Sprintf("%d of the records and searches are there more than once: one of each is kept", j.Doubles))
	}
	if j.Differing > 0 {
		m.Notice(fmt.Sprintf("%d of those have other numbers than the one kept, which is the first: their sessions differ in kernel or program, which may change bits; they differ by at most %v", j.Differing, j.Most))
	}
	kernels, formats := map[results.Arithmetic]int{}, map[int]int{}
	for hash, s := range j.Sessions {
		kernels[s.Arithmetic()] += j.Lines[hash]
		formats[s.LineFormat()] += j.Lines[hash]
	}
	if len(kernels) > 1 {
		m.Notice("records and searches of unlike kernels are joined: their sums are in another order, which changes bits and may flip a code: " +
			tally(kernels, func(a, b results.Arithmetic) int { return cmp.Compare(a.String(), b.String()) }))
	}
	if len(formats) > 1 {
		m.Notice("records and searches of several formats are joined, which stay as they are: by format, " + tally(formats, cmp.Compare[int]))
	}
}

// tally lists counts by what is counted.
func tally[K comparable](counts map[K]int, compare func(a, b K) int) string {
	var out []string
	for _, k := range slices.SortedFunc(maps.Keys(counts), compare) {
		out = append(out, fmt.Sprintf("%d of %v", counts[k], k))
	}
	return strings.Join(out, ", ")
}

// chooseConfig writes to dir, which holds what was joined, the config among those of
// the folders that asks for the most of it. It returns what was measured of that.
func (m Merging) chooseConfig(parts []part, dir string) (*Measured, error) {
	held, err := results.Read(dir)
	if err != nil {
		return nil, err
	}
	type candidate struct {
		part
		survey *plan.Survey
		rows   int // records and searches that it asks for
	}
	var best candidate
	seen := map[string]bool{}
	for _, p := range parts {
		text := string(p.plan.Spec.YAML())
		if seen[text] {
			continue
		}
		seen[text] = true
		c := candidate{part: p, survey: p.plan.Survey(held, p.Versions)}
		records, searches := c.survey.Measured(held)
		if c.rows = len(records) + len(searches); best.survey == nil || c.rows > best.rows {
			best = c
		}
	}
	if len(seen) > 1 {
		m.Notice(fmt.Sprintf("the configs of the folders differ: %s has that of %s, which asks for the most of what is there", m.Out, best.dir))
	}
	if best.survey.Others > 0 {
		m.Notice(fmt.Sprintf("%s holds %d records that its config does not ask for: they are kept, and left out; to see them, run a config that asks for them there, as that of the whole sweep, which finds every record done: runexp CONFIG --out %s",
			m.Out, best.survey.Others, m.Out))
	}
	return best.plan.measured(best.survey, held, best.Versions), results.WriteText(filepath.Join(dir, configFile), string(best.plan.Spec.YAML()))
}

// manifest is that of the session that joins the folders. Its versions are those of
// the records, which may be another program's.
func (m Merging) manifest(measured *Measured) results.Manifest {
	s := measured.Plan.newSession(Execution{Command: m.Command})
	s.manifest.Versions = measured.Versions
	s.manifest.Seal()
	return s.ended()
}
