// Package report turns the records of a run into tables and figures that a
// paper could print, and into a page for a browser that shows them all. It is the
// only package that knows tables, plots and HTML.
//
// # Notation
//
// A cell is one variant (method, alphabet, step) on one instance (widths,
// samples, data): everything in results.Identity but the trial. Tables have one
// row a cell, figures one point. Φ is the original network and Φ̃ the quantized
// one, N the width, m the number of samples, 2K+1 the number of levels, δ the
// step, W̃ the aligned weights. "x ± h" is a mean over trials with the half-width
// of its 95% interval, "x [a, b]" an estimate with an interval; results/stat
// computes both.
//
// # What is shown
//
// Columns are named as in the records. Identity columns that vary become
// columns of a table or panels of a figure; those that are fixed, or that
// follow from the ones shown, are stated above the table. The CSV form has all
// of them, all intervals, and every number in full.
//
// In figures, curves are methods and panels are settings. A method has one
// colour and one marker in every figure of every run; the palette of Okabe and
// Ito is safe for the colour-blind, and the markers tell methods apart in grey.
// Text is drawn as outlines, so that SVG, PNG and PDF look the same everywhere
// (the PDF backend would otherwise write Φ in an encoding that has none).
//
// The page, report.html, is one file that loads nothing. Its tables and figures
// come from the same structs as the files beside it; its figures are drawn as SVG
// of its own (html_figure.go), with text that is text, in colours that follow the
// theme, and with values on hover. Whatever comes from a config is text there,
// never markup.
//
// # Invariants
//
// The same run gives the same bytes, PDF included: its date is pinned. Files
// appear whole or not at all. Trials that failed count in no aggregate and are
// counted beside it. A value that was not measured is "–", never 0.
//
// # What it refuses
//
// A figure is made only where the records support it; Output.Skipped says which
// were not, and what was left out of those that were. Nothing is judged here:
// verdicts come with the claims.
package report
