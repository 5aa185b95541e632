// Package plan turns the Spec of a config into what is to be run: settings with their
// variants and searches, tasks, record keys and costs. It also finds out what of that
// the records of a folder hold already (Survey).
//
// The cells of the grid are spanned by loops over the table of axes, results.Axes. Each
// claim says what it needs measured beyond that (claim.Needs). The package knows neither
// YAML nor files.
package plan
