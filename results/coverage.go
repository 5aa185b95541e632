// coverage.go says how many of the trials that a config asks for a folder holds.

package results

// Coverage counts the trials of one setting.
type Coverage struct {
	Identity     // the columns of a variant are empty, and Trial is 0
	Planned  int // trials that the config asks for
	Done     int // trials of which every record and search is there, failed or not
}
