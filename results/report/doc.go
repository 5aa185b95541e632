// Package report turns the records of a run into tables and figures that a
// paper could print, and into a page for a browser that shows them all. It is the
// only package that knows tables, plots and HTML.
//
// # Notation
//
// A setting is a network and a data set to draw, a variant is a method with its
// alphabet, and a cell is one setting with one variant: all columns of
// results.Identity but the trial. Tables of measurements have one row per cell
// (per cell and layer in the table of layers), figures one point. Φ is the
// original network and Φ̃ the quantized one, N the width, m the number of
// calibration samples, 2K+1 the number of levels, δ the step, W̃ the aligned
// weights. "x ± h" is a mean over trials with the half-width of its 95% interval,
// and "x [a, b]" an estimate with the ends of its interval; results/stat computes
// both.
//
// # What is shown
//
// Columns are named as in the records. Identity columns that tell the cells of
// a run apart become columns of a table or panels of a figure. Those that have
// one value, and those whose value follows from the columns shown, are stated in
// notes below the table. The CSV form has all of them, all intervals, and every
// number in full.
//
// In most figures curves are methods, and there is one panel for each combination
// of values of the columns that tell cells apart, the column on the x axis aside. A
// method has one colour and one marker in every figure of every run; the palette
// of Okabe and Ito is safe for the colour-blind, and the markers tell methods
// apart in grey. Text is drawn as outlines, so that SVG, PNG and PDF files look the
// same everywhere (the PDF backend would otherwise write Φ in an encoding that has
// none).
//
// The page, report.html, is one file that loads nothing. Its tables and figures
// come from the same structs as the files beside it. Its figures are SVG made for
// it (html_figure.go): their text is text, their colours follow the theme, and
// they show values on hover. Whatever comes from a config appears on the page as
// text, never as markup.
//
// # Invariants
//
// The same run gives the same bytes, PDF files included, whose date is pinned.
// Files appear whole or not at all. Trials that failed count in no mean; their
// number stands beside it. A value that was not measured is written "–", never 0.
//
// # What it refuses
//
// A figure is made only where the records support it. Output.Skipped says which
// figures were not made and what was left out of the others, with the reasons.
// Nothing is judged here: verdicts come with the claims.
package report
