// dump.go writes one instance as NumPy files, so that anyone can recompute its
// numbers elsewhere.

package experiments

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"codeberg.org/sbinet/npyio"
	"gonum.org/v1/gonum/mat"

	"spfq/experiments/plan"
	"spfq/internal/domain"
	"spfq/internal/pool"
	"spfq/quant"
	"spfq/results"
	"spfq/sim"
)

// maxDumpBytes is the most memory that W and Q of a dumped network may take.
const maxDumpBytes = 8 << 30

// Dump writes one trial of a method to dir: X.npy (m×N_0), Xtest.npy (where
// there are held-out samples), W1.npy…WL.npy and Q1.npy…QL.npy (N×n, neurons
// are columns), b1.npy…bL.npy (1×n, where there are biases) and record.json.
// The plan must have one setting, and one variant of the method; dir must be empty or
// not exist. Otherwise the error is a *UsageError.
func (e *Experiment) Dump(ctx context.Context, method string, trial, workers int, dir string) error {
	in, v, err := e.only(method, trial)
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
		rs, err = sim.Run(ctx, workerPool, in, []sim.Variant{v.Sim}, sim.Options{
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
		task := plan.Task{Trial: trial}
		record := newRecord(instance{in, func(v plan.Variant) results.Identity { return e.Identity(task, v) }}, v, rs[0])
		record.Key = e.RecordKey(task, slices.Index(e.Settings[0].Variants, v))
		return results.WriteJSON(filepath.Join(dir, "record.json"), &record)
	})
}

// only returns the instance and the one variant of the method that a dump is of.
func (e *Experiment) only(method string, trial int) (sim.Instance, plan.Variant, error) {
	if trial < 0 || trial >= e.Spec.Trials {
		return sim.Instance{}, plan.Variant{}, usagef("--trial %d: want 0 to %d", trial, e.Spec.Trials-1)
	}
	if len(e.Settings) != 1 {
		return sim.Instance{}, plan.Variant{}, usagef("the config spans %d networks and data sets: choose one with --set, as --set network.width=%d", len(e.Settings), e.Settings[0].Instance.Widths[0])
	}
	var mine []plan.Variant
	var names []string
	for _, v := range e.Settings[0].Variants {
		if v.Method == method {
			mine = append(mine, v)
		}
		if len(names) == 0 || names[len(names)-1] != v.Method {
			names = append(names, v.Method)
		}
	}
	switch {
	case len(mine) == 0:
		return sim.Instance{}, plan.Variant{}, usagef("--method %s: want one of the config's, %s%s", method, strings.Join(names, ", "), domain.DidYouMean(method, names))
	case len(mine) > 1:
		return sim.Instance{}, plan.Variant{}, usagef("--method %s: the config has %d variants of it: choose one with --set, as --set alphabet.bits=4", method, len(mine))
	}
	return e.Instance(plan.Task{Trial: trial}), mine[0], nil
}
