// Package claim defines the kinds of claims that a config can make: what each
// needs measured, what it asks of the plan, and how records decide it. A claim is
// judged from records alone, so that it can be judged again without a trial being
// run again.
//
// A kind is a row of the table in kinds.go and a type with its keys, what it
// checks of the grid, and its judgement. Theorems that claims can name are rows
// of the table in theorems.go. The package knows neither YAML nor files.
package claim
