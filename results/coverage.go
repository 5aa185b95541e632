// coverage.go says how much of what a config asks for is there.

package results

// Coverage counts the trials of one network and data set.
type Coverage struct {
	Identity     // the columns of a variant are empty, and Trial is 0
	Planned  int // trials that the config asks for
	Done     int // trials that are there whole, failed or not
}
