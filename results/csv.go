// csv.go writes CSV files with one row for each record, layer or search.

package results

import (
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteCSVs writes records.csv and layers.csv to dir, and searches.csv if there are
// searches, with rows in the order given. If there are none, it removes the
// searches.csv that an earlier session may have left.
func WriteCSVs(dir string, records []Record, searches []Search) error {
	err := writeCSV(filepath.Join(dir, "records.csv"), Columns(Record{}), nil, func(row func(a, b any)) {
		for i := range records {
			row(&records[i], nil)
		}
	})
	if err != nil {
		return err
	}
	err = writeCSV(filepath.Join(dir, "layers.csv"), Columns(Identity{}), Columns(Layer{}), func(row func(a, b any)) {
		for i := range records {
			r := &records[i]
			for j := range r.PerLayer {
				row(&r.Identity, &r.PerLayer[j])
			}
		}
	})
	if err != nil {
		return err
	}
	path := filepath.Join(dir, "searches.csv")
	if len(searches) == 0 {
		if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	return writeCSV(path, Columns(Search{}), nil, func(row func(a, b any)) {
		for i := range searches {
			row(&searches[i], nil)
		}
	})
}

// writeCSV writes a file whose rows have the columns a of one struct, then the columns b
// of another. rows calls row with pointers to the two structs of each row; the second is
// nil if b is empty.
func writeCSV(path string, a, b []Column, rows func(row func(a, b any))) error {
	return WriteFile(path, func(w io.Writer) error {
		c := csv.NewWriter(w)
		line := make([]string, 0, len(a)+len(b))
		for _, col := range append(append([]Column{}, a...), b...) {
			line = append(line, col.Name)
		}
		if err := c.Write(line); err != nil {
			return err
		}
		var failed error
		rows(func(ra, rb any) {
			line = line[:0]
			for _, col := range a {
				line = append(line, col.Text(ra))
			}
			for _, col := range b {
				line = append(line, col.Text(rb))
			}
			if err := c.Write(line); err != nil && failed == nil {
				failed = err
			}
		})
		c.Flush()
		if failed == nil {
			failed = c.Error()
		}
		return failed
	})
}
