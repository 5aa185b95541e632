// bench.go measures how fast this machine multiplies matrices and quantizes.

package main

import (
	"fmt"
	"io"
	"runtime"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"spfq/internal/kernel"
	"spfq/results"
	"spfq/sim/bench"
)

func benchCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "bench",
		Short: "Measure how fast this machine multiplies and quantizes",
		Long: `Bench measures one core of this machine with the kernel in use. It prints the
GFLOP/s of the matrix products that layers are made of. For layers of few to many
samples m it prints how many nanoseconds a weight the quantize phase of SPFQ takes,
how many the matrix products in it take alone, and the ratio. This takes half a
minute. docs/performance.md says what to expect.`,
		Example: "  runexp bench\n  RUNEXP_KERNEL=avx2 runexp bench",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := kernel.Err(); err != nil {
				return usageError{err}
			}
			return runBench(cmd.OutOrStdout(), bench.Products, bench.Layers, 11)
		},
	}
}

// runBench measures each of the products and layers in the given number of rounds
// and prints the medians.
func runBench(w io.Writer, products []bench.Product, layers []bench.Layer, rounds int) error {
	m := results.NewManifest()
	fmt.Fprintf(w, "%s, %d cores, %s, %s, kernel %s; one core, float64, medians of %d rounds [least, largest]\n\n",
		m.Processor, runtime.NumCPU(), m.Platform, m.Go, kernel.Active(), rounds)

	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "product m×k · k×n\tGFLOP/s\t\t")
	for _, p := range products {
		name := fmt.Sprintf("%d×%d · %d×%d", p.M, p.K, p.K, p.N)
		if p.TransA {
			name = fmt.Sprintf("(%d×%d)ᵀ · %d×%d", p.K, p.M, p.K, p.N)
		}
		s := p.Measure(rounds)
		lo, hi := s.Range()
		fmt.Fprintf(t, "%s\t%.1f\t[%.1f, %.1f]\t\n", name, s.Median(), lo, hi)
	}
	if err := t.Flush(); err != nil {
		return err
	}

	fmt.Fprintln(w, `
SPFQ, a layer of N inputs and n neurons with m samples, ns a weight: its bare products,
the quantize phase (preparing, aligning, following, rounding) and their ratio; drawing
the weights; all that a run of a first layer does. A later layer is aligned, too.`)
	fmt.Fprintln(t, "layer\tm\tN\tn\tform\tbare\tquantize\tratio\t\tdraw\trun\t")
	for _, l := range layers {
		s, err := l.Measure(rounds)
		if err != nil {
			return err
		}
		which, run := "first", fmt.Sprintf("%.2f", s.Run.Median())
		if l.Later {
			which, run = "later", ""
		}
		lo, hi := s.Ratio.Range()
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%s\t%.2f\t%.2f\t%.2f\t[%.2f, %.2f]\t%.2f\t%s\t\n", which, l.Samples, l.Inputs, l.Neurons, s.Form,
			s.Bare.Median(), s.Quant.Median(), s.Ratio.Median(), lo, hi, s.Draw.Median(), run)
	}
	return t.Flush()
}
