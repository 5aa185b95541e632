// Package domain says what values a config key or a column of the records takes:
// in words for messages, as a JSON Schema for editors, and by a function that
// reads a value from its notation. One description serves decoder, schema,
// documents and completion, so that they cannot disagree.
//
// The package knows no YAML: a Literal is a scalar as somebody wrote it.
package domain
