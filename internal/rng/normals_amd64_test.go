//go:build unix && !noasm

package rng

import (
	"testing"

	"spfq/internal/kernel"
)

// Every kernel draws the same bits.
func TestKernels(t *testing.T) {
	for _, k := range kernel.Supported() {
		t.Run(string(k), func(t *testing.T) {
			checkNormals(t, func(dst []float64, streams []Stream, at int) {
				for j := normalsBy(k, dst, streams, at); j < len(streams); j++ {
					dst[j] = streams[j].Normal(at)
				}
			})
		})
	}
}
