// Package compare says what differs between two runs, or between a run and a
// blessed summary of an earlier one: claims whose verdict changed, and cells in
// which a metric did.
//
// A cell is one variant on one network and data set: everything in
// results.Identity but the trial and the seed. A trial's draws are a function of
// its seed, sizes and number, for one version of the random streams. Hence three
// ways to compare a cell, the first that applies:
//
//   - Equal: every shared trial has the same value, bit by bit or within the
//     rounding errors that another order of sums makes (rounding.go derives
//     them).
//   - Paired, where trials of the same draws are on both sides: the geometric
//     mean of B/A over them, by Student's t.
//   - Unpaired, where the draws differ: the ratio of geometric means, by Welch's
//     t.
//
// Where a value is not positive, differences of means take the place of ratios.
// The p-values of all cells, and metrics, are corrected by Holm's method: that
// any cell is called changed although none did has at most the probability
// Options.Level. The t tests are exact for lognormal trials, close to it
// otherwise (package stat).
//
// Beside the test of the mean there is one of reproduction: with the same seed
// and versions a trial may differ by more than rounding only where a code flipped
// at a boundary, whose probability is estimated from above; more trials than that
// are called irreproducible, though their mean may not have moved.
//
// Nothing is printed here, and nothing run.
package compare
