// Package results holds what a run leaves behind: the record of each
// (variant, trial), the outcome of each bit search, the judged claims, the
// manifest, and the store that keeps them on disk.
//
// A record names everything that determines it (Identity) and everything that
// was measured. Column names have one home, the json tags of the structs here;
// the CSV files, the `where` filters of a config and docs/results.md all read
// them from there, together with the doc tags that say what a column means.
//
// Missing is not zero: a value that was not measured is NaN in memory, null in
// JSON and empty in CSV. The infinite alphabet has bits = +Inf, "inf" in both.
//
// The package imports the standard library only. It knows nothing of how a
// number is computed (sim, quant), judged (experiments, results/stat) or drawn
// (results/report).
package results
