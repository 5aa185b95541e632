// Package compare says what differs between two runs A and B, of which A may be a
// baseline, the summary of an earlier run: claims whose verdict changed, and cells
// in which a metric changed.
//
// A cell is one setting with one variant, which is every column of
// results.Identity but the trial and the seed. The draws of a trial are a function
// of the seed, the sizes and the trial's number, for one version of the random
// streams. A metric of a cell is therefore compared in the first of these ways that
// applies:
//
//   - Equal: every trial that both sides have has the same value, bit by bit or
//     within the rounding errors that another order of sums makes (rounding.go
//     derives them).
//   - Paired, where both sides have trials with the same draws: the geometric mean
//     of B/A over these trials, by Student's t.
//   - Unpaired, where the draws differ: the ratio of geometric means, by Welch's
//     t.
//
// Where a value is not positive, differences of means take the place of ratios.
// The p-values of all cells and metrics are corrected by Holm's method: the
// probability that any metric of any cell is called changed although none changed
// is at most the significance level given to Compare. For lognormal trials Student's
// test is exact and Welch's nearly so; for others both are approximate (package
// stat).
//
// Beside the test of the mean there is one of reproduction. With the same seed and
// versions, a trial may differ by more than rounding errors only where such an
// error moved a value across a boundary between two codes and so flipped a code.
// The probability of that is estimated from above. A metric of which more trials
// differ than this explains is called irreproducible, even if its mean is unchanged.
//
// Nothing is printed here, and no trial is run.
package compare
