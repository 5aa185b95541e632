// Package stat turns the samples of Monte-Carlo trials into estimates with
// intervals, and estimates into verdicts on claims.
//
// The trial is the unit throughout: one independent repetition of an
// experiment, with its own draws. Within a trial everything may depend on
// everything: the points of a sweep may share random draws, the two sides of a
// ratio may run on the same inputs. Each trial is therefore reduced to one
// number (its value, its slope) or resampled whole, and intervals are over
// trials.
//
// What is assumed is said at each function. In short:
//
//   - Mean, GeoMean, Slope and PowerLaw use Student's t: exact when the
//     per-trial numbers (for GeoMean and PowerLaw their logarithms) are normal,
//     and close to it for a dozen trials of anything without heavy tails.
//   - Difference and UnpairedRatio compare independent samples by Welch's t,
//     close to exact when the numbers (or their logarithms) are normal.
//   - Exceedance and TailBand count, and their intervals hold for every
//     distribution of independent trials: coverage is at least the confidence.
//   - PairedRatio is a studentized bootstrap; its coverage is approximate.
//   - CompareGrowth ranks three models. It is no test of any of them.
//
// Every interval inverts the one-sided tests that Test reports p-values of, so
// that an interval, a verdict and a p-value cannot contradict each other.
//
// What is refused, with an error that says what would be right: numbers that
// are not finite, values without a logarithm where logarithms are taken,
// repeated points, confidences outside (0, 1). NaN stands for a missing trial
// in a Point, and only there. Slices of lengths that do not fit together, and
// demanded ranges that are empty, are mistakes of the program and panic. Too
// little data is no error: the estimate then has an infinite interval, hence
// an inconclusive verdict, and a warning.
//
// Results depend on the arguments alone: the bootstrap takes its seed, and
// trials and points are put in order before anything is added up, so that
// presenting them in another order changes no bit of the answer.
package stat
