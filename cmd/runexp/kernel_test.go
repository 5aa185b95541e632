package main

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"spfq/internal/kernel"
)

// The kernel changes only how fast a run is. The kernels avx512 and avx2 leave records
// that are equal in every bit. Those of the generic kernel, which sums products in its
// own order, are equal to them up to rounding errors.
func TestKernelsLeaveTheSameRecords(t *testing.T) {
	if testing.Short() {
		t.Skip("runs many processes or runs, which the race detector makes slow")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "kernels.yaml"), []byte(`name: kernels
trials: 3
network: {layers: 3, width: [17, 64, 200], biases: true}
data: {samples: [5, 60], test_samples: 3}
alphabet: {step: 0.25, bits: [4, inf]}
methods: [{name: spfq}, {name: spfq, align: order-3, order: norm}, {name: gpfq, order: random}, {name: gpfq, order: weight}, {name: rtn}, {name: stochastic}]
claims:
  - {kind: bound, theorem: layer_observed, where: {method: spfq, bits: inf, align: exact}}
`), 0o644); err != nil {
		t.Fatal(err)
	}
	records := map[kernel.Kernel][]string{}
	for _, k := range kernel.Supported() {
		cmd := command(t, dir, "kernels.yaml", "--quiet", "--out", string(k))
		cmd.Env = append(cmd.Env, "RUNEXP_KERNEL="+string(k))
		if out, err := cmd.CombinedOutput(); err != nil && cmd.ProcessState.ExitCode() != exitInconclusive {
			t.Fatalf("%s: %v\n%s", k, err, out)
		}
		for _, name := range []string{"records.csv", "layers.csv"} {
			records[k] = append(records[k], reproducible(t, filepath.Join(dir, string(k), name)))
		}
	}
	if wide, narrow := records[kernel.AVX512], records[kernel.AVX2]; wide != nil && !slices.Equal(wide, narrow) {
		t.Error("AVX-512 and AVX2 leave different records")
	}
	// Another order in sums of a few hundred products, through three layers, changes
	// numbers by at most 1e-12 relative to their size, unless it moves a code across a
	// boundary, to which none of these draws is close enough. A number that is zero
	// but for rounding, such as the residual of an exact alignment, may differ by all
	// of its size.
	for k, texts := range records {
		for i, text := range texts {
			a, b := strings.FieldsFunc(text, separates), strings.FieldsFunc(records[kernel.Generic][i], separates)
			if len(a) != len(b) {
				t.Fatalf("%s: %d fields, generic %d", k, len(a), len(b))
			}
			for j := range a {
				x, errX := strconv.ParseFloat(a[j], 64)
				y, errY := strconv.ParseFloat(b[j], 64)
				if errX != nil || errY != nil {
					if a[j] != b[j] {
						t.Errorf("%s: %q, generic %q", k, a[j], b[j])
					}
				} else if d := math.Abs(x - y); d > 1e-9*math.Abs(y) && d > 1e-10 {
					t.Errorf("%s: %v, generic %v", k, x, y)
				}
			}
		}
	}
}

func separates(r rune) bool { return r == ',' || r == '\n' }
