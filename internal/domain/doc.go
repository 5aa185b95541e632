// Package domain describes the values that a config key or a column of the records
// takes: in words for messages, as a JSON Schema for editors, and by a function that
// reads a value from its text. Decoder, schema, documents and completion use the same
// description, so that they cannot disagree.
//
// The package does not know YAML: a Literal is a scalar as it was written in a config.
package domain
