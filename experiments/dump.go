// dump.go writes one instance as NumPy files, so that anyone can recompute its
// numbers elsewhere.

package experiments

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"codeberg.org/sbinet/npyio"
	"gonum.org/v1/gonum/mat"

	"spfq/internal/pool"
	"spfq/quant"
	"spfq/results"
	"spfq/sim"
)

// maxDumpBytes bounds the memory that W and Q of a dumped network take.
const maxDumpBytes = 8 << 30

// Dump writes one trial of a method to dir: X.npy (m×N_0), Xtest.npy (where
// there are held-out samples), W1.npy…WL.npy and Q1.npy…QL.npy (N×n, neurons
// are columns), b1.npy…bL.npy (1×n, where there are biases) and record.json.
// The plan must have one cell, and one variant of the method; dir must not
// exist, or be empty.
func (p *Plan) Dump(ctx context.Context, method string, trial, workers int, dir string) error {
	in, v, err := p.only(method, trial)
	if err != nil {
		return err
	}
	if err := freeFolder(dir); err != nil {
		return err
	}
	if bytes := 16 * in.WeightCount(); bytes > maxDumpBytes {
		return usagef("the weights of this network and their codes take %d GiB of memory to dump, more than %d: choose a smaller one with --set", bytes>>30, maxDumpBytes>>30)
	}
	w, q := make([]quant.Matrix, in.Layers()), make([]quant.Matrix, in.Layers())
	for i := range w {
		w[i] = quant.NewMatrix(in.Widths[i], in.Widths[i+1])
		q[i] = quant.NewMatrix(in.Widths[i], in.Widths[i+1])
	}
	workerPool := pool.New(workers)
	var rs []sim.Result
	if e := workerPool.Run(ctx, func() {
		rs, err = sim.Run(ctx, workerPool, in, []sim.Variant{v.Variant}, sim.Options{
			Observe: func(layer, _ int, t quant.Tile) {
				for _, part := range []struct{ all, tile quant.Matrix }{{w[layer-1], t.W}, {q[layer-1], t.Q}} {
					for c := range part.tile.Rows {
						copy(quant.Row(part.all, c)[t.First:], quant.Row(part.tile, c))
					}
				}
			}})
	}); e != nil {
		return e
	}
	if err != nil {
		return err
	}
	if rs[0].Err != nil {
		return fmt.Errorf("trial %d of %s failed: %w", trial, method, rs[0].Err)
	}

	files := map[string]quant.Matrix{}
	x, test := in.Inputs()
	files["X.npy"] = x
	if test.Rows > 0 {
		files["Xtest.npy"] = test
	}
	for i := range w {
		files[fmt.Sprintf("W%d.npy", i+1)], files[fmt.Sprintf("Q%d.npy", i+1)] = w[i], q[i]
		if in.Biases {
			b := in.BiasVector(i+1, 0, in.Widths[i+1])
			files[fmt.Sprintf("b%d.npy", i+1)] = quant.Matrix{Rows: 1, Cols: len(b), Stride: len(b), Data: b}
		}
	}
	return writeFolder(dir, func(dir string) error {
		for name, a := range files {
			err := results.WriteFile(filepath.Join(dir, name), func(w io.Writer) error {
				return npyio.Write(w, mat.NewDense(a.Rows, a.Cols, a.Data))
			})
			if err != nil {
				return err
			}
		}
		record := newRecord(in, v, rs[0])
		record.Key = p.recordKey(Task{0, trial}, slices.Index(p.Variants, v), v.Certify)
		return results.WriteJSON(filepath.Join(dir, "record.json"), &record)
	})
}

// only returns the instance and the variant that a dump is of.
func (p *Plan) only(method string, trial int) (sim.Instance, Variant, error) {
	if trial < 0 || trial >= p.Config.Trials {
		return sim.Instance{}, Variant{}, usagef("--trial %d: want 0 to %d", trial, p.Config.Trials-1)
	}
	if len(p.Cells) != 1 {
		return sim.Instance{}, Variant{}, usagef("the config spans %d networks and data sets: choose one with --set, as --set network.width=%d", len(p.Cells), p.Cells[0].Widths[0])
	}
	var mine []Variant
	var names []string
	for _, v := range p.Variants {
		if v.Method == method {
			mine = append(mine, v)
		}
		if len(names) == 0 || names[len(names)-1] != v.Method {
			names = append(names, v.Method)
		}
	}
	switch {
	case len(mine) == 0:
		return sim.Instance{}, Variant{}, usagef("--method %s: want one of the config's, %s%s", method, strings.Join(names, ", "), nearest(method, names))
	case len(mine) > 1:
		return sim.Instance{}, Variant{}, usagef("--method %s: the config has %d variants of it: choose one with --set, as --set alphabet.bits=4", method, len(mine))
	}
	return p.Instance(Task{0, trial}), mine[0], nil
}

// writeFolder makes dir whole or not at all: it is filled under another name
// beside it and renamed.
func writeFolder(dir string, fill func(dir string) error) error {
	if err := freeFolder(dir); err != nil {
		return err
	}
	dir = filepath.Clean(dir)
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+".*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	if err := fill(temp); err != nil {
		return err
	}
	if err := os.Chmod(temp, 0o755); err != nil {
		return err
	}
	if err := os.Remove(dir); err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.Rename(temp, dir)
}

// freeFolder refuses a path that is anything but an empty folder or nothing.
func freeFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case err == nil && len(entries) > 0:
		return usagef("--out %s: holds files: want an empty or a new folder", dir)
	case err != nil && !os.IsNotExist(err):
		return usagef("--out %s: %s: want an empty or a new folder", dir, cause(err))
	}
	return nil
}
