// baseline.go keeps a summary in a file, the baseline that later runs are compared
// with.

package compare

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"

	"spfq/results"
)

// baselineFormat is the version of the file format. It is raised when the meaning
// of the file changes.
const baselineFormat = 1

// header is what a baseline has before its cells, which follow with one per line.
type header struct {
	Format int              `json:"baseline_format"`
	Run    results.Manifest `json:"run"`
	Claims []results.Claim  `json:"claims"`
}

// WriteBaseline writes a summary as JSON. Every cell has a line of its own,
// so that version control shows which cells changed.
func WriteBaseline(w io.Writer, s Summary) error {
	head, err := encode(header{baselineFormat, s.Run, append([]results.Claim{}, s.Claims...)}, "  ")
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s,\n  \"cells\": [", bytes.TrimSuffix(head, []byte("\n}")))
	for i := range s.Cells {
		line, err := encode(s.Cells[i], "")
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\n    %s", strings.Repeat(",", min(i, 1)), line)
	}
	_, err = fmt.Fprint(w, "\n  ]\n}\n")
	return err
}

// encode is v as JSON without a final line break.
func encode(v any, indent string) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	err := enc.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// ReadBaseline reads a summary that WriteBaseline wrote. A file that is no baseline
// or contradicts itself is an error, which names the file.
func ReadBaseline(path string) (Summary, error) {
	f, err := os.Open(path)
	if err != nil {
		return Summary{}, err
	}
	defer f.Close()
	data, err := results.ReadAll(f, results.MaxNumbers)
	if err != nil {
		return Summary{}, &results.FileError{Path: path, Err: results.Cause(err)}
	}
	s, err := parseBaseline(data)
	if newer := new(results.NewerError); errors.As(err, &newer) {
		newer.Path = path
		return Summary{}, newer
	}
	if err != nil {
		return Summary{}, fmt.Errorf("%s: not a baseline that runexp wrote (%v): make it anew by runexp baseline DIR", path, err)
	}
	s.Source = path
	return s, nil
}

// parseBaseline reads a baseline from the content of its file, and checks it.
func parseBaseline(data []byte) (Summary, error) {
	var made struct {
		Run results.Manifest `json:"run"`
	}
	if json.Unmarshal(data, &made) == nil && made.Run.Format > results.Format {
		return Summary{}, &results.NewerError{Format: made.Run.Format, Version: made.Run.Version}
	}
	var file struct {
		header
		Cells []json.RawMessage `json:"cells"`
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		return Summary{}, fmt.Errorf("line %d: %v", 1+bytes.Count(data[:dec.InputOffset()], []byte("\n")), err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return Summary{}, fmt.Errorf("something follows its end")
	}
	if file.Format != baselineFormat {
		return Summary{}, fmt.Errorf("baseline_format is %d, want %d", file.Format, baselineFormat)
	}
	s := Summary{Run: file.Run, Claims: file.Claims, Cells: make([]Cell, len(file.Cells))}
	for i, object := range file.Cells {
		if err := s.Cells[i].parse(object, s.Run.LineFormat()); err != nil {
			return Summary{}, fmt.Errorf("cells[%d]: %w", i, err)
		}
	}
	return s, s.check()
}

// parse reads a cell of a baseline whose run is of a record format.
func (c *Cell) parse(object []byte, format int) error {
	object = results.Present(object)
	dec := json.NewDecoder(bytes.NewReader(object))
	dec.DisallowUnknownFields()
	if err := dec.Decode(c); err != nil {
		return err
	}
	return c.Identity.Complete(object, format)
}

// check returns an error that says where a summary read from a file first
// contradicts itself, nil if it does not.
func (s *Summary) check() error {
	for i, c := range s.Claims {
		if rank(c.Verdict) < 0 {
			return fmt.Errorf("claims[%d]: verdict %q: want %s, %s or %s", i, c.Verdict, results.Supported, results.Refuted, results.Inconclusive)
		}
	}
	seen := map[results.Cell]int{} // index of a cell by its text
	for i := range s.Cells {
		c := &s.Cells[i]
		fail := func(format string, args ...any) error {
			return fmt.Errorf("cells[%d]: %s", i, fmt.Sprintf(format, args...))
		}
		if before, ok := seen[c.Identity.Cell()]; ok {
			return fail("the same as cells[%d]", before)
		}
		seen[c.Identity.Cell()] = i
		if c.Failed < 0 {
			return fail("failed is %d, want 0 or more", c.Failed)
		}
		for j, t := range c.Trials {
			if t < 0 || j > 0 && t <= c.Trials[j-1] {
				return fail("trials are not ascending from 0")
			}
		}
		for j := range c.Metrics {
			m := &c.Metrics[j]
			if column, ok := results.Lookup(results.Record{}, m.Name); !ok || !column.Numeric() {
				return fail("metric %q: records have no such column of numbers", m.Name)
			}
			if slices.ContainsFunc(c.Metrics[:j], func(o Metric) bool { return o.Name == m.Name }) {
				return fail("metric %s is there twice", m.Name)
			}
			if len(m.Values) != len(c.Trials) {
				return fail("metric %s has %d values for %d trials", m.Name, len(m.Values), len(c.Trials))
			}
			// The file has the mean and its interval for readers only. Another build may
			// have rounded them differently.
			want := Metric{Values: m.Values}
			want.estimate()
			if !agree(m.Mean, want.Mean, want) || !agree(m.Lo, want.Lo, want) || !agree(m.Hi, want.Hi, want) {
				return fail("metric %s: mean %s [%s, %s], but its values have mean %s [%s, %s]", m.Name, m.Mean, m.Lo, m.Hi, want.Mean, want.Lo, want.Hi)
			}
		}
	}
	return nil
}

// agree reports whether two numbers are equal, or differ by at most 10⁻⁹ times the
// largest absolute value among the mean of the metric and the ends of its interval.
// That is far more than the rounding errors of a mean and of a t quantile, and far
// less than an edit by hand would change. Missing numbers agree with each other.
func agree(x, y results.Num, m Metric) bool {
	if x.IsMissing() || y.IsMissing() {
		return x.IsMissing() && y.IsMissing()
	}
	scale := math.Abs(float64(m.Mean))
	if !m.Hi.IsMissing() {
		scale = max(scale, math.Abs(float64(m.Hi)), math.Abs(float64(m.Lo)))
	}
	return x == y || math.Abs(float64(x-y)) <= 1e-9*scale
}
