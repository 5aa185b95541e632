// Package results holds what a run leaves behind: the record of each variant on
// each trial, the outcome of each search for bits, the judged claims, the manifest,
// and the store that keeps them on disk.
//
// A record names everything that determines it (Identity) and everything that
// was measured (sim.Measurement, and sim.Layer for each layer). A column's name is
// the json tag of its field in these structs. What a column of the identity means,
// what values it takes and which config key spans it is said by its row of the table
// Axes; what any other column means is said by the doc tag of its field. CSV files,
// the conditions of a config's where, and docs/results.md read all of that from there.
//
// Missing is not zero: a number that was not measured is NaN in memory and a count
// that was not made is NoCount; both are null in JSON and empty in CSV. The infinite
// alphabet has bits = +Inf, which is "inf" in both.
//
// Of package sim, which computes the numbers, this package uses those two structs and
// the names of distributions, sources and activations; of package quant, the names of
// the choices of a method. It does not know how numbers are computed, judged
// (experiments/claim, results/stat) or drawn (results/report).
package results
