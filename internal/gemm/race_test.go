// Tells tests that the race detector is on.

//go:build race

package gemm

const raceEnabled = true
