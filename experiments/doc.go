// Package experiments turns a YAML config into judged claims: config → plan →
// runner → claims. It is the only package that knows YAML.
//
// A config describes networks, data, alphabets and methods; a list where one
// value is expected makes an axis. Network and data axes span the cells,
// alphabet and method axes the variants; a sweep narrows and widens the pairs of
// the two. A trial of a cell is one instance, which all its variants run on
// (package sim); each (variant, trial) becomes a record (package results). Claims
// are judged from records alone, so that they can be judged again without a trial
// being run again.
//
// A record's key is a hash of what determines it. What a folder holds already is
// found by it, so that a run does what is missing and nothing else, however the
// config has changed in the meantime.
//
// Every mistake in a config is found before anything is drawn or written, and
// all of them are reported at once, each with its line, column and key.
package experiments
