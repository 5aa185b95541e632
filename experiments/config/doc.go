// Package config reads configs: it takes YAML and --set changes and returns a plain
// Spec. It is the only package that knows YAML.
//
// A key of a config is described in one place: in its row of the table of axes (package
// results), in the keys of its kind of claim (package claim), or else in the field by
// which the decoder reads it. Name, meaning, values and default are there, and messages,
// the JSON Schema, documents and completion read them there.
//
// All mistakes in a config are reported at once, each with its line, column and key.
// Other packages report what they find wrong with a Spec by key path, to Document.Fail,
// which finds the place in the file.
package config
