// forms.go writes tables as aligned text, as Markdown and as CSV.

package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"spfq/internal/display"
	"spfq/results"
)

// consoleWidth is the width of the console that tables are laid out for, in
// characters. Their notes are wrapped at it.
const consoleWidth = 120

// text writes the table with its title above and its notes below, harmless on a
// terminal.
func (t table) text(w io.Writer) error {
	cols, rows := t.printed()
	for r := range rows {
		for i, c := range cols {
			rows[r][i] = strings.Join(wrap(rows[r][i], c.wrap), "\n")
		}
	}
	w = &display.Writer{W: w}
	if _, err := fmt.Fprintln(w, t.title); err != nil {
		return err
	}
	lines := renderer.NewBlueprint(tw.Rendition{
		Borders:  tw.Border{Left: tw.Off, Right: tw.Off, Top: tw.Off, Bottom: tw.Off},
		Symbols:  tw.NewSymbols(tw.StyleLight),
		Settings: tw.Settings{Separators: tw.Separators{BetweenColumns: tw.Off, BetweenRows: tw.Off}},
	})
	if err := render(w, lines, cols, rows); err != nil {
		return err
	}
	for _, note := range t.remarks() {
		for _, line := range wrap(note, consoleWidth) {
			if _, err := fmt.Fprintln(w, line); err != nil {
				return err
			}
		}
	}
	return nil
}

// markdown writes the table as Markdown in the dialect of GitHub.
func (t table) markdown(w io.Writer) error {
	cols, rows := t.printed()
	for i := range cols {
		cols[i].name = display.Markdown(cols[i].name)
	}
	for r := range rows {
		for i := range rows[r] {
			rows[r][i] = display.Markdown(rows[r][i])
		}
	}
	if _, err := fmt.Fprintf(w, "**%s**\n\n", display.Markdown(t.title)); err != nil {
		return err
	}
	if err := render(w, renderer.NewMarkdown(), cols, rows); err != nil {
		return err
	}
	for _, note := range t.remarks() {
		if _, err := fmt.Fprintf(w, "\n%s\n", display.Markdown(note)); err != nil {
			return err
		}
	}
	return nil
}

// render has tablewriter lay out the heads and rows without changing their texts,
// and removes the spaces at the ends of lines.
func render(w io.Writer, r tw.Renderer, cols []col, rows [][]string) error {
	heads, aligns := make([]string, len(cols)), make([]tw.Align, len(cols))
	for i, c := range cols {
		heads[i], aligns[i] = c.name, tw.AlignLeft
		if c.right {
			aligns[i] = tw.AlignRight
		}
	}
	var b bytes.Buffer
	t := tablewriter.NewTable(&b,
		tablewriter.WithRenderer(r),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithAlignment(aligns),
	)
	t.Header(heads)
	if err := t.Bulk(rows); err != nil {
		return err
	}
	if err := t.Render(); err != nil {
		return err
	}
	for line := range strings.Lines(b.String()) {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

// csv writes all rows of the table, those left out of print included, with every
// number in full and every text as display.CSV has it. A column with intervals becomes three: name, name_lo and
// name_hi.
func (t table) csv(w io.Writer) error {
	out := csv.NewWriter(w)
	var heads []string
	for _, c := range t.cols {
		heads = append(heads, c.name)
		if c.show.threefold() {
			heads = append(heads, c.name+"_lo", c.name+"_hi")
		}
	}
	out.Write(heads) // out keeps its first error for Error, below
	var fields []string
	write := func(row []value) {
		fields = fields[:0]
		for i, c := range t.cols {
			v := row[i]
			if !v.numeric {
				fields = append(fields, display.CSV(v.text))
				continue
			}
			fields = append(fields, results.Num(v.est.Value).String())
			if c.show.threefold() {
				fields = append(fields, results.Num(v.est.Interval.Lo).String(), results.Num(v.est.Interval.Hi).String())
			}
		}
		out.Write(fields)
	}
	for _, row := range t.rows {
		write(row)
	}
	if t.more != nil {
		for row := range t.more {
			write(row)
		}
	}
	out.Flush()
	return out.Error()
}

// wrap breaks s at spaces into lines of at most n characters; a longer word has a
// line to itself. Line breaks in s stay; with n = 0 they are the only ones.
func wrap(s string, n int) []string {
	var lines []string
	for _, paragraph := range strings.Split(s, "\n") {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			switch {
			case line == "":
				line = word
			case n > 0 && len([]rune(line))+1+len([]rune(word)) > n:
				lines = append(lines, line)
				line = word
			default:
				line += " " + word
			}
		}
		lines = append(lines, line)
	}
	return lines
}
