// Package plan turns a specification into what is to be run: settings with their
// variants and searches, tasks, record keys and costs; and it finds out what a
// folder holds of that.
//
// The cells of the grid are spanned by loops over the table of axes. What a claim
// needs measured it says itself (claim.Needs).
package plan
