// report.go defines what a report is made from, and prints or writes it.

package report

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"spfq/results"
)

// Run is what a report is made from.
type Run struct {
	Name     string // name of the run, for captions
	About    string // the question it asks, in a sentence; Print begins with it
	Records  []results.Record
	Searches []results.Search
	Claims   []results.Claim

	Coverage []results.Coverage // number of trials asked for and done in each setting; may be empty
	Command  string             // the command that made the run, as one types it
	Config   string             // the resolved config, in YAML
	Manifest results.Manifest   // says where the run was made, and by which version
	Earlier  []results.Manifest // manifests of earlier sessions that left records
}

// Output says what Write did.
type Output struct {
	Files   []string // files written, in the order of writing
	Skipped []string // what could not be made or had to be left out, and why
}

// confidence is that of all intervals in tables and figures.
const confidence = 0.95

// Print writes the tables of results, bits and claims as text, for a console of
// 120 columns. Only the table of results may be wider, where much varies.
func Print(w io.Writer, run Run) error {
	n := namingOf(run)
	tables := []table{resultsTable(run, n, recordCells(run.Records))}
	if len(run.Searches) > 0 {
		tables = append(tables, bitsTables(run, n)...)
	}
	if len(run.Claims) > 0 {
		tables = append(tables, claimsTable(run))
	}
	if run.About != "" {
		if _, err := fmt.Fprintf(w, "%s\n\n", run.About); err != nil {
			return err
		}
	}
	if missing := run.missing(); missing != "" {
		if _, err := fmt.Fprintf(w, "%s\n\n", strings.Join(wrap(missing, consoleWidth), "\n")); err != nil {
			return err
		}
	}
	for i, t := range tables {
		if i > 0 {
			if _, err := fmt.Fprintln(w); err != nil {
				return err
			}
		}
		if err := t.text(w); err != nil {
			return err
		}
	}
	return nil
}

// Write writes the tables below dir/tables as text, Markdown, CSV and LaTeX,
// the figures that the run supports below dir/figures as SVG, PNG and PDF, and
// dir/report.html, a page that shows them all. It works on several files at a time,
// since drawing takes a second. A file that cannot be written does not keep the
// others from being written; the error joins those of all files.
func Write(dir string, run Run) (Output, error) {
	var out Output
	var files []file
	var names []string // of tables and figures, from dir
	put := func(path string, write func(io.Writer) error) {
		files = append(files, file{filepath.Join(dir, path), write})
		if path != PageFile {
			names = append(names, path)
		}
	}

	n := namingOf(run)
	cells := recordCells(run.Records)
	tables := tablesOf(run, n, cells)
	for _, t := range tables {
		if len(t.rows) == 0 {
			out.Skipped = append(out.Skipped, fmt.Sprintf("table %s: %s", t.name, t.empty))
			continue
		}
		for _, f := range forms {
			put(filepath.Join("tables", t.name+f.ext), func(w io.Writer) error { return f.write(t, w) })
		}
	}
	figures, skipped := figuresOf(run, n, cells)
	out.Skipped = append(out.Skipped, skipped...)
	for _, f := range figures {
		for _, c := range canvases {
			put(filepath.Join("figures", f.name+c.ext), func(w io.Writer) error { return f.write(w, c) })
		}
	}
	put(PageFile, func(w io.Writer) error { return writePage(w, run, n, tables, figures, out.Skipped) })

	err := results.ReplaceOutputs(dir, names, func() error {
		errs := writeAll(files)
		for i, f := range files {
			if errs[i] == nil {
				out.Files = append(out.Files, f.path)
			}
		}
		return errors.Join(errs...)
	})
	return out, err
}

// file is a file that is to be written, and what writes its content.
type file struct {
	path  string
	write func(io.Writer) error
}

// writeAll writes files, as many at a time as there are processors, and returns the
// error of each, nil where there was none.
func writeAll(files []file) []error {
	errs := make([]error, len(files))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(files); i = int(next.Add(1)) - 1 {
				errs[i] = results.WriteFile(files[i].path, files[i].write)
			}
		})
	}
	wg.Wait()
	return errs
}
