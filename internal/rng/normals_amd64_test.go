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
			checkNormals(t, func(dst []float64, keys []Key, at int) {
				for j := normalsBy(k, dst, keys, at); j < len(keys); j++ {
					dst[j] = keys[j].Normal(at)
				}
			})
		})
	}
}
