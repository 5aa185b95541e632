// Package config reads configs: YAML with --set changes in, a plain Spec out. It is
// the only package that knows YAML.
//
// A key of a config has one home: the row of the table of axes (package results),
// the keys of its claim (package claim), or the field by which the decoder reads
// it. Name, meaning, values and default are there, and messages, the JSON Schema,
// documents and completion read them there.
//
// All that is wrong with a config is reported at once, each mistake with its line,
// column and key. What other packages find wrong with a Spec they report by key
// path, and Document.At finds the place.
package config
