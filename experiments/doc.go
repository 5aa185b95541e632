// Package experiments turns a YAML config into judged claims: config → plan →
// runner → claims. It is the only package that knows YAML.
//
// A config describes networks, data, alphabets and methods; a list where one
// value is expected makes an axis. Network and data axes span the cells,
// alphabet and method axes the variants. A trial of a cell is one instance,
// which all variants run on (package sim); each (variant, trial) becomes a
// record (package results). Claims are judged from records alone, so that they
// can be judged again without a trial being run again.
//
// Every mistake in a config is found before anything is drawn or written, and
// all of them are reported at once, each with its line, column and key.
package experiments
