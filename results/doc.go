// Package results holds what a run leaves behind: the record of each
// (variant, trial), the outcome of each bit search, the judged claims, the
// manifest, and the store that keeps them on disk.
//
// A record names everything that determines it (Identity) and everything that
// was measured (sim.Measurement, and sim.Layer for each layer). Column names have one
// home, the json tags of these structs; the CSV files, the `where` filters of a config
// and docs/results.md all read them from there, together with the doc tags that say
// what a column means.
//
// Missing is not zero: a number that was not measured is NaN in memory and a count
// that was not made is NoCount; both are null in JSON and empty in CSV. The infinite
// alphabet has bits = +Inf, "inf" in both.
//
// Of package sim, which computes the numbers, only those two structs are used here. How
// numbers are judged (experiments, results/stat) or drawn (results/report) is not known
// here.
package results
