// join.go joins the lines of several folders: of lines with the same key one is kept.

package results

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
)

// Joined is what several folders hold together.
type Joined struct {
	Lines    map[string]int      // number of lines kept, by the hash of the session that made them
	Sessions map[string]Manifest // of those sessions, as far as their manifests are there
	Doubles  int                 // lines left out, since another with the same key is kept

	// Doubles whose numbers differ from those of the line kept, as they may where their
	// sessions differ in what may change bits, and the largest of the differences.
	Differing int
	Most      Difference

	dirs              []string
	held              []*Held
	records, searches [][]bool          // which lines are kept, by folder
	manifests         map[string]string // paths of the sessions' manifests, by hash
}

// Join decides which lines of the folders dirs, which hold what held has, are kept.
// All of them are of the given versions. Of lines with the same key that is the first
// that is whole, or the first if none is. It is an error if a key is not that of its
// line, and if two whole lines of one key have different numbers although nothing in
// which their sessions differ may change a bit.
func Join(dirs []string, held []*Held, v Versions) (*Joined, error) {
	j := &Joined{Lines: map[string]int{}, Sessions: map[string]Manifest{}, dirs: dirs, held: held, manifests: map[string]string{}}
	var err error
	if j.records, err = joinLines(j, v, func(h *Held) []Record { return h.Records }, (*Held).RecordAt); err != nil {
		return nil, err
	}
	if j.searches, err = joinLines(j, v, func(h *Held) []Search { return h.Searches }, (*Held).SearchAt); err != nil {
		return nil, err
	}
	j.chooseManifests()
	return j, nil
}

// row is an item whose lines are joined.
type row[T any] interface {
	item[T]
	Whole() bool
	Differs(*T) Difference
	// HasKey reports whether the item's key is its own.
	HasKey(Versions) bool
}

// joinLines decides which items of the folders are kept.
func joinLines[T any, P row[T]](j *Joined, v Versions, items func(*Held) []T, at func(*Held, int) string) (keep [][]bool, err error) {
	type place struct{ folder, line int }
	item := func(p place) P { return &items(j.held[p.folder])[p.line] }
	where := func(p place) string { return at(j.held[p.folder], p.line) }
	same := map[string][]place{} // the line of a key that is kept, and if it is whole all others that are, too
	total := 0
	for folder, h := range j.held {
		total += len(items(h))
		for line := range items(h) {
			p := place{folder, line}
			this := item(p)
			if !this.HasKey(v) {
				return nil, KeyError(where(p))
			}
			key := this.provenance().Key
			before := same[key]
			switch {
			case len(before) > 0 && !this.Whole():
				continue
			case len(before) > 0 && !item(before[0]).Whole():
				before = nil
			}
			for i, q := range before {
				d := this.Differs(item(q))
				if !d.Any() {
					continue
				}
				a, known := j.held[q.folder].Sessions[item(q).provenance().Manifest]
				b, too := h.Sessions[this.provenance().Manifest]
				if known && too && a.sameBits(&b) {
					return nil, fmt.Errorf("%s and %s: two lines of one key that differ by %v, though their sessions have the same program and like kernels: one of the two was changed: remove it, or leave its folder out", where(q), where(p), d)
				}
				if i == 0 {
					j.Differing++
					j.Most = j.Most.larger(d)
				}
			}
			same[key] = append(before, p)
		}
	}
	for _, h := range j.held {
		keep = append(keep, make([]bool, len(items(h))))
	}
	for _, places := range same {
		p := places[0]
		keep[p.folder][p.line] = true
		j.Lines[item(p).provenance().Manifest]++
	}
	j.Doubles += total - len(same)
	return keep, nil
}

// KeyError says that the key on a line, FILE:LINE, is not that of what the line says
// it is.
func KeyError(at string) error {
	return fmt.Errorf("%s: the key is not that of the record, nor would it be by the versions that its session names: one of the two was changed; remove the line, or choose another folder", at)
}

// HasKey reports whether the record key is that of the record by its identity and the
// versions, certified or not.
func (r *Record) HasKey(v Versions) bool {
	k := KeyerOf(&r.Identity, v)
	return r.Key == k.Record(false) || r.Key == k.Record(true)
}

// HasKey reports whether the key is that of the search by its identity, factor and the
// versions.
func (s *Search) HasKey(v Versions) bool { return s.Key == KeyerOf(&s.Identity, v).Search(s.Factor) }

// chooseManifests finds the manifests of the sessions that made the lines kept. Where
// folders are copies of one, made at different times, a session's latest is taken.
func (j *Joined) chooseManifests() {
	for i, h := range j.held {
		for hash, m := range h.Sessions {
			before, ok := j.Sessions[hash]
			if j.Lines[hash] > 0 && (!ok || before.End == nil && m.End != nil || len(before.Panics) < len(m.Panics)) {
				j.Sessions[hash], j.manifests[hash] = m, filepath.Join(j.dirs[i], SessionsFolder, hash+".json")
			}
		}
	}
}

// Torn lists the files of lines, the last lines of which were cut off in writing and
// left out.
func (j *Joined) Torn() (paths []string) {
	for _, h := range j.held {
		for _, f := range slices.Concat(h.records, h.searches) {
			if f.torn {
				paths = append(paths, f.path)
			}
		}
	}
	return paths
}

// Write writes to dir the lines that are kept, to the byte, folder by folder and file
// by file, and the manifests of their sessions.
func (j *Joined) Write(dir string) error {
	for hash, path := range j.manifests {
		data, err := ReadFile(path, MaxDescription)
		if err != nil {
			return err
		}
		if err := WriteFile(filepath.Join(dir, SessionsFolder, hash+".json"), func(w io.Writer) error {
			_, err := w.Write(data)
			return err
		}); err != nil {
			return err
		}
	}
	if err := j.writeLines(filepath.Join(dir, SearchesFile), j.searches, func(h *Held) []lineFile { return h.searches }); err != nil {
		return err
	}
	return j.writeLines(filepath.Join(dir, RecordsFile), j.records, func(h *Held) []lineFile { return h.records })
}

func (j *Joined) writeLines(path string, keep [][]bool, files func(*Held) []lineFile) error {
	return WriteFile(path, func(w io.Writer) error {
		for i, h := range j.held {
			for _, f := range files(h) {
				if _, err := f.copyLines(w, keep[i][f.first:f.first+f.lines]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
