// Package stat turns the samples of Monte-Carlo trials into estimates with
// intervals, and estimates into verdicts on claims.
//
// The unit is the trial throughout: one independent repetition of an experiment,
// with draws of its own. Trials are independent, but the numbers of one trial
// need not be: the points of a sweep may share random draws, and the two sides of
// a ratio may be measured on the same inputs. Each trial is therefore reduced to
// one number (its value or its slope) or resampled as a whole, and intervals are
// over trials.
//
// Each function says what it assumes. In short:
//
//   - Mean, GeoMean, Slope and PowerLaw use Student's t: exact when the
//     per-trial numbers (for GeoMean and PowerLaw their logarithms) are normal,
//     and close to it for a dozen trials of anything without heavy tails.
//   - Difference and UnpairedRatio compare independent samples by Welch's t,
//     close to exact when the numbers (or their logarithms) are normal.
//   - Exceedance and TailBand count trials. The coverage of their intervals is at
//     least the confidence for every distribution of independent trials.
//   - PairedRatio is a studentized bootstrap; its coverage is approximate.
//   - CompareGrowth ranks three models. It tests none of them.
//
// Every interval inverts the one-sided tests that Test reports p-values of, so
// that an interval, a verdict and a p-value cannot contradict each other.
//
// The following give an error that says what would be right: numbers that are
// not finite, values without a logarithm where logarithms are taken, two points
// at the same x, confidences outside (0, 1). NaN stands for a missing trial in a
// Point, and only there. Slices of lengths that do not fit together, and demanded
// ranges that are empty, are mistakes of the program and panic. Too little data
// is not an error: the estimate then has an infinite interval, hence an
// inconclusive verdict, and a warning.
//
// Results depend on the arguments alone, of which the seed of the bootstrap is
// one. Trials and points are put in order before anything is added up, so that
// another order of them changes no bit of the result.
package stat
