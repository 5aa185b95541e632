// Package claim defines the kinds of claims that a config can make: what each
// needs measured, what it asks of the grid, and how records decide it. A claim is
// judged from records alone, so that it can be judged again without running a trial
// again.
//
// A kind is a row of the table in kinds.go and a type, which has the kind's config keys,
// checks it against the grid, and judges it. The theorems that claims can name are rows
// of the table in theorems.go. The package knows neither YAML nor files.
package claim
