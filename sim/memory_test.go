package sim

import (
	"context"
	"runtime"
	"runtime/metrics"
	"slices"
	"sync/atomic"
	"testing"

	"spfq/internal/pool"
	"spfq/quant"
)

// liveHeap returns the bytes that the last garbage collection found alive.
func liveHeap() int64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// peak returns the most bytes that a run keeps alive while tiles are at work, as a
// garbage collection amid each of them finds it.
func peak(t *testing.T, workers int, in Instance, variants []Variant) int64 {
	for range 3 { // after two, what a sync.Pool held is gone
		runtime.GC()
	}
	before := liveHeap()
	var most atomic.Int64
	p := pool.New(workers)
	err := p.Run(context.Background(), func() {
		rs, err := Run(context.Background(), p, in, variants, Options{Observe: func(int, int, quant.Tile) {
			runtime.GC()
			for now := liveHeap(); ; {
				if old := most.Load(); now <= old || most.CompareAndSwap(old, now) {
					break
				}
			}
		}})
		if err != nil || rs[0].Err != nil {
			t.Error(err, rs[0].Err)
		}
	})
	if err != nil {
		t.Error(err)
	}
	return most.Load() - before
}

// Memory is the most that quantizing keeps alive or more, but, on one worker, by no
// more than a quarter. A twentieth is left for what is no number of a matrix.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("as the race detector has memory of its own")
	}
	method := func(name string, align quant.Align, order quant.Order) Variant {
		m, ok := quant.Named(name)
		if !ok {
			t.Fatal("no method ", name)
		}
		m.Align, m.Order = align, order
		return Variant{Method: m, Alphabet: AlphabetRule{Step: 0.25}}
	}
	none, exact := quant.Align{Kind: quant.AlignNone}, quant.Align{Kind: quant.AlignExact}
	certified := method("spfq", exact, quant.Natural)
	certified.Certify = true
	fromData := method("gpfq", quant.Align{Kind: quant.AlignOrder, Passes: 2}, quant.Natural)
	fromData.Alphabet = AlphabetRule{K: 7, C: 1, Quantile: 1}
	for _, c := range []struct {
		name     string
		widths   []int
		m, test  int
		variants []Variant
	}{
		{"rtn alone", []int{768, 768, 768}, 64, 64, []Variant{method("rtn", none, quant.Natural)}},
		{"many samples", []int{768, 768, 768}, 512, 0, []Variant{method("spfq", exact, quant.Natural), method("rtn", none, quant.Natural)}},
		{"certified", []int{768, 768, 768}, 128, 16, []Variant{certified}},
		{"six variants", []int{768, 768, 768}, 128, 128, slices.Repeat([]Variant{method("spfq", exact, quant.Natural)}, 6)},
		{"orders", []int{768, 768, 768}, 128, 16, []Variant{method("spfq", exact, quant.Random), fromData, method("gpfq", quant.Align{Kind: quant.AlignOrder, Passes: 1}, quant.ByNorm)}},
		{"own orders", []int{512, 512, 512}, 128, 16, []Variant{method("gpfq", quant.Align{Kind: quant.AlignOrder, Passes: 1}, quant.ByWeight)}},
		{"least maximum", []int{512, 512, 512}, 32, 16, []Variant{method("spfq", quant.Align{Kind: quant.AlignLeastMax}, quant.Natural)}},
		{"narrowing", []int{3000, 200, 50}, 100, 10, []Variant{certified, fromData}},
		{"one sample", []int{1000, 1500, 1500}, 1, 0, []Variant{method("rtn", none, quant.Natural), method("spfq", none, quant.Natural)}},
		{"widening", []int{50, 200, 3000}, 40, 10, []Variant{certified, fromData}},
	} {
		in := Instance{Network: Network{Widths: c.widths, Weights: Distribution{Kind: "gaussian"}, Activation: ReLU},
			Data: Data{Source: Gaussian, Samples: c.m, Test: c.test}, Seed: 1}
		for _, workers := range []int{1, 2} {
			got := peak(t, workers, in, c.variants)
			foreseen := Memory(in, c.variants, workers)
			t.Logf("%s, %d workers: %.1f MiB measured, %.1f foreseen", c.name, workers, float64(got)/(1<<20), float64(foreseen)/(1<<20))
			// Two workers need not reach their largest at the same moment. And one may be
			// making its buffers anew for a larger layer while the other collects: then
			// the collection counts both what it lets go and what it takes.
			most := foreseen + foreseen/20
			if workers > 1 {
				most += foreseen - Memory(in, c.variants, 1)
			}
			if got > most || foreseen > got+got/4 && workers == 1 {
				t.Errorf("%s, %d workers: %d bytes measured, %d foreseen", c.name, workers, got, foreseen)
			}
			if c.name == "six variants" && workers == 1 {
				if half := Memory(in, c.variants[:3], workers); got <= half {
					t.Errorf("%d bytes measured, and three of six variants would take %d: the measurement sees nothing", got, half)
				}
			}
		}
	}
}

// The memory of sizes at their limits, and of a million variants, is what no machine
// has: it is not lost in an overflow.
func TestMemoryBeyondAnInt64(t *testing.T) {
	in := Instance{Network: Network{Widths: []int{1 << 20, 1 << 20, 1 << 20}, Weights: Distribution{Kind: "gaussian"}, Activation: ReLU}, Data: Data{Source: Gaussian, Samples: 1 << 20, Test: 1 << 20}}
	v := Variant{Method: quant.Method{Rounding: quant.Nearest, Order: quant.Natural}, Alphabet: AlphabetRule{Step: 1}}
	if got := Memory(in, slices.Repeat([]Variant{v}, 1_000_000), 4096); got != MaxMemory {
		t.Errorf("%d bytes, want %d", got, int64(MaxMemory))
	}
	one, two := Memory(in, []Variant{v}, 1), Memory(in, []Variant{v, v}, 1)
	if one <= 0 || two <= one || two >= MaxMemory {
		t.Errorf("one variant takes %d bytes, two take %d", one, two)
	}
}
