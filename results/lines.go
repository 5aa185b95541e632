// lines.go reads and writes the lines of records.jsonl and searches.jsonl.

package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"spfq/internal/num"
)

// The files to which a run appends lines. Further files with names such as
// records-NAME.jsonl, which a user may add to the folder, are read with them.
const (
	RecordsFile  = "records.jsonl"
	SearchesFile = "searches.jsonl"
)

// Held is what a run's folder holds.
type Held struct {
	Records  []Record // of all files, in the order of their lines; those of records.jsonl come last
	Searches []Search
	Sessions map[string]Manifest // the sessions whose manifests are there, by hash

	latest            Manifest // that of the folder; the zero value if it cannot be read
	records, searches []lineFile
}

// lineFile is a file of lines.
type lineFile struct {
	path  string
	first int         // index, among all items of its kind, of the item of its first line
	lines int         // number of its whole lines
	bytes int64       // length of its whole lines
	torn  bool        // whether part of a further line follows, which was cut off in writing
	info  fs.FileInfo // which file it is; nil if there is none
}

// Read reads what the folder of a run holds, which is nothing if there is no such
// folder. A last line that was cut off in writing is left out. A whole line that is not
// that of a record or search is a *LineError; a session of a later format is a
// *NewerError.
func Read(dir string) (*Held, error) {
	h := &Held{Sessions: map[string]Manifest{}}
	manifests, err := filepath.Glob(filepath.Join(escape(dir), SessionsFolder, "*.json"))
	if err != nil {
		return nil, err
	}
	for _, path := range manifests {
		m, ok, err := readManifest(path)
		if errors.As(err, new(*NewerError)) {
			return nil, err
		}
		if ok && err == nil { // a manifest that cannot be read counts as missing
			h.Sessions[m.Hash] = m
		}
	}
	if m, ok, err := ReadManifest(dir); ok && err == nil {
		h.latest = m
	}
	if h.Records, h.records, err = readFiles[Record](dir, RecordsFile, h.format); err != nil {
		return nil, err
	}
	h.Searches, h.searches, err = readFiles[Search](dir, SearchesFile, h.format)
	return h, err
}

// format returns the format of a line by the session that it names, whose manifest may
// be that of the folder. Where neither is there, it is the earliest that the line can be
// of. A line with a checksum is as it was written, so that what it lacks its format
// lacked.
func (h *Held) format(session string, checksum bool) int {
	if m, ok := h.Sessions[session]; ok {
		return m.LineFormat()
	}
	if session == h.latest.Hash {
		return h.latest.LineFormat()
	}
	if checksum {
		return summedFormat
	}
	return 1
}

// RecordAt and SearchAt return FILE:LINE of the i-th record or search, or its number
// if it was not read from a file.
func (h *Held) RecordAt(i int) string { return at(h.records, "record", i) }
func (h *Held) SearchAt(i int) string { return at(h.searches, "search", i) }

func at(files []lineFile, what string, i int) string {
	for _, f := range slices.Backward(files) {
		if i >= f.first {
			return fmt.Sprintf("%s:%d", f.path, i-f.first+1)
		}
	}
	return fmt.Sprintf("%s %d", what, i+1)
}

// readFiles reads all files of lines of one kind in a folder: for records.jsonl, first
// every records-*.jsonl in the order of their names, then records.jsonl itself, to which
// a run appends.
func readFiles[T any, P item[T]](dir, name string, format func(string, bool) int) (items []T, files []lineFile, err error) {
	stem, ext, _ := strings.Cut(name, ".")
	paths, err := filepath.Glob(filepath.Join(escape(dir), stem+"-*."+ext))
	if err != nil {
		return nil, nil, err
	}
	slices.Sort(paths)
	for _, path := range append(paths, filepath.Join(dir, name)) {
		f := lineFile{path: path, first: len(items)}
		more, err := readLines[T, P](&f, format)
		if err != nil {
			return nil, nil, err
		}
		f.lines = len(more)
		files = append(files, f)
		if items == nil {
			items = more
		} else {
			items = append(items, more...)
		}
	}
	return items, files, nil
}

// escape quotes the characters of a path that filepath.Glob would take for a pattern.
func escape(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

// checksum returns the CRC-32C, in hexadecimal digits, of a line's object without its
// checksum.
func checksum(line []byte) string {
	return fmt.Sprintf("%08x", crc32.Checksum(line, crc32.MakeTable(crc32.Castagnoli)))
}

// The checksum is the last member of a line's object: `,"sum":"01234567"}`.
const (
	sumKey    = `,"sum":"`
	sumLength = len(sumKey) + 8 + len(`"}`)
)

// EncodeLines writes a line for each item, with its checksum.
func EncodeLines[T any](b *bytes.Buffer, items []T) error {
	for i := range items {
		if err := encodeLine(b, &items[i]); err != nil {
			return err
		}
	}
	return nil
}

func encodeLine(b *bytes.Buffer, item any) error {
	start := b.Len()
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(item); err != nil {
		return err
	}
	object := b.Bytes()[start : b.Len()-1]
	sum := checksum(object)
	b.Truncate(b.Len() - len("}\n"))
	b.WriteString(sumKey + sum + "\"}\n")
	return nil
}

// cutChecksum verifies the checksum of a line and returns the line's object without it;
// has is false if the line has no checksum.
func cutChecksum(line []byte) (object []byte, has bool, err error) {
	line = bytes.TrimRight(line, " \t\r\n")
	begin := len(line) - sumLength
	if begin < 0 || !bytes.HasPrefix(line[begin:], []byte(sumKey)) || !bytes.HasSuffix(line, []byte("\"}")) {
		return line, false, nil
	}
	object = append(slices.Clone(line[:begin]), '}')
	if have, want := string(line[begin+len(sumKey):begin+len(sumKey)+8]), checksum(object); have != want {
		return nil, true, errors.New("its checksum is not that of the line: the line was changed after it was written")
	}
	return object, true, nil
}

// LineError says that a whole line is not one that a Store wrote.
type LineError struct {
	Path string
	Line int
	Err  error
}

func (e *LineError) Error() string {
	return fmt.Sprintf("%s:%d: not a line that runexp wrote (%v): remove the line, or choose another folder", e.Path, e.Line, e.Err)
}

func (e *LineError) Unwrap() error { return e.Err }

// item is a pointer to what a line holds: a Record or a Search.
type item[T any] interface {
	*T
	// check returns an error if the line lacks what every line has.
	check() error
	// agree refuses a line that contradicts itself.
	agree() error
	provenance() *Provenance
	identityOf() *Identity
	complete(line []byte, format int) error
}

func (r *Record) provenance() *Provenance { return &r.Provenance }
func (s *Search) provenance() *Provenance { return &s.Provenance }

// complete fills in what a line of a format may lack. Lines of format 1 have 0 for
// what was not counted in a trial that failed; those counts are set to missing.
func (r *Record) complete(line []byte, format int) error {
	keys, layers := keysOf(line)
	if err := recordColumns.complete(r, keys, format); err != nil {
		return err
	}
	if format == 1 && r.Error != "" {
		weights := r.WeightCount
		num.Blank(&r.Measurement)
		r.WeightCount = weights
	}
	if len(layers) != len(r.PerLayer) {
		return errors.New("per_layer holds something else than layers")
	}
	for i := range r.PerLayer {
		if err := layerColumns.complete(&r.PerLayer[i], layers[i], format); err != nil {
			return fmt.Errorf("layer %d: %w", i+1, err)
		}
	}
	return nil
}

func (s *Search) complete(line []byte, format int) error {
	keys, _ := keysOf(line)
	if err := searchColumns.complete(s, keys, format); err != nil {
		return err
	}
	if format == 1 && s.Error != "" {
		id, factor := s.Identity, s.Factor
		num.Blank(s)
		s.Identity, s.Factor = id, factor
	}
	return nil
}

// parseLine reads the item of a line. It is an error if the line has unknown keys or
// anything behind its object, or lacks what its format has.
func parseLine[T any, P item[T]](line []byte, into P, format func(session string, checksum bool) int) error {
	object, summed, err := cutChecksum(line)
	if err != nil {
		return err
	}
	if anyFormerly() && json.Valid(object) {
		object = Present(object)
	}
	dec := json.NewDecoder(bytes.NewReader(object))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if rest := bytes.TrimSpace(object[dec.InputOffset():]); len(rest) > 0 {
		return fmt.Errorf("%.20q follows the end", rest)
	}
	if err := into.check(); err != nil {
		return err
	}
	f := format(into.provenance().Manifest, summed)
	if f >= summedFormat && !summed {
		return errors.New("it has no checksum, which lines of its format have")
	}
	if err := into.complete(object, f); err != nil {
		return err
	}
	return into.agree()
}

// lineBlock is some successive whole lines of a file, and what they hold.
type lineBlock[T any] struct {
	lines []byte
	first int // number of its first line
	items []T
	err   *LineError // of the first line that cannot be read
	done  chan struct{}
}

// parse reads the items of the block's lines.
func (b *lineBlock[T]) parse(path string, parseLine func([]byte, *T) error) {
	defer close(b.done)
	number := b.first
	for line := range bytes.Lines(b.lines) {
		var item T
		if err := parseLine(line, &item); err != nil {
			b.err = &LineError{path, number, err}
			return
		}
		b.items = append(b.items, item)
		number++
	}
	b.lines = nil
}

// blockBytes is the size of the blocks in which a file is read.
const blockBytes = 1 << 20

// maxLine bounds a line, in bytes: the longest that a run writes, of a record of
// MaxLayers layers, has about 1 MiB.
const maxLine = 16 << 20

// lineReader reads a file in blocks of whole lines.
type lineReader struct {
	from io.Reader
	rest []byte // of a line that the last block began
	torn bool   // whether the file ends in a line that was cut off
}

var errLongLine = fmt.Errorf("it has more than %d MiB", maxLine>>20)

// next returns the next lines, none of them when the file has ended. A line of more
// than maxLine bytes is errLongLine, after the lines before it; one that was cut off
// is left out, however long it is.
func (r *lineReader) next() (lines []byte, err error) {
	// A line that fills the block doubles the next one, so that it is copied as often
	// as its length has powers of two, not once for each block.
	lines = append(make([]byte, 0, len(r.rest)+max(blockBytes, len(r.rest))), r.rest...)
	n, err := io.ReadFull(r.from, lines[len(r.rest):cap(lines)])
	ended := err == io.EOF || err == io.ErrUnexpectedEOF
	if err != nil && !ended {
		return nil, err
	}
	lines = lines[:len(r.rest)+n]
	cut := bytes.LastIndexByte(lines, '\n') + 1
	lines, r.rest = lines[:cut], lines[cut:]
	switch r.torn = ended && len(r.rest) > 0; {
	case bytes.IndexByte(lines, '\n') >= maxLine: // only the first line can be longer than a block
		return nil, errLongLine
	case ended:
		return lines, io.EOF
	case len(r.rest) <= maxLine:
		return lines, nil
	}
	whole, err := r.skipLine()
	if whole {
		err = errLongLine
	}
	return lines, err
}

// skipLine reads to the end of a line and keeps nothing of it. whole tells that it
// has an end; else the file has ended, and the line was cut off.
func (r *lineReader) skipLine() (whole bool, err error) {
	block := make([]byte, blockBytes)
	for {
		n, err := r.from.Read(block)
		switch {
		case bytes.IndexByte(block[:n], '\n') >= 0:
			return true, nil
		case err != nil:
			r.torn = err == io.EOF
			return false, err
		}
	}
}

// readLines reads a file of lines, which need not exist, and returns the items of its
// whole lines. It fills in what file says of those, except first and lines. Lines are
// parsed on all processors, a few blocks ahead of what has been gathered, since parsing
// takes longer than reading.
func readLines[T any, P item[T]](file *lineFile, format func(session string, checksum bool) int) (items []T, err error) {
	path := file.path
	f, err := openFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if file.info, err = f.Stat(); err != nil {
		return nil, &FileError{path, Cause(err)}
	}

	var ahead []*lineBlock[T]
	gather := func() error {
		b := ahead[0]
		ahead = ahead[1:]
		<-b.done
		if b.err != nil {
			return b.err
		}
		items = append(items, b.items...)
		return nil
	}
	reader, number := lineReader{from: f}, 1
	var end error
	for end == nil {
		var lines []byte
		lines, end = reader.next()
		file.bytes += int64(len(lines))
		b := &lineBlock[T]{lines: lines, first: number, done: make(chan struct{})}
		number += bytes.Count(lines, []byte{'\n'})
		go b.parse(path, func(line []byte, item *T) error { return parseLine[T, P](line, item, format) })
		if ahead = append(ahead, b); len(ahead) > runtime.GOMAXPROCS(0) {
			if err := gather(); err != nil {
				return nil, err
			}
		}
	}
	for len(ahead) > 0 {
		if err := gather(); err != nil {
			return nil, err
		}
	}
	switch {
	case end == errLongLine:
		return nil, &LineError{path, number, end}
	case end != io.EOF:
		return nil, &FileError{path, Cause(end)}
	}
	file.torn = reader.torn
	return items, nil
}
