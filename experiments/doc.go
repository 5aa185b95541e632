// Package experiments runs experiments: it reads a config (package config), plans it
// (package plan), runs in a folder what the folder does not hold yet, and has its
// claims judged (package claim).
//
// A config describes networks, data, alphabets and methods; a list where one
// value is expected makes an axis. Network and data axes span the settings, and
// alphabet and method axes the variants; a setting with a variant is a cell, and a
// sweep narrows and widens the cells. A trial of a setting is one instance, on which
// all variants of the setting run (package sim). Each variant on each trial gives a
// record (package results). Claims are judged from records alone, so that they can be
// judged again without running a trial again.
//
// A record has a key, the hash of everything that determines it. A run finds what its
// folder holds and does only what is missing, however the config has changed in the
// meantime.
//
// Every mistake in a config is found before anything is drawn or written, and
// all of them are reported at once, each with its line, column and key.
package experiments
