// Tells tests that the race detector is off.

//go:build !race

package gemm

const raceEnabled = false
