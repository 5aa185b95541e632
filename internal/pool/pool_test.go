package pool

import (
	"context"
	"sync/atomic"
	"testing"
	"time"
)

func TestEachRunsEveryItemOnce(t *testing.T) {
	for _, workers := range []int{1, 2, 7} {
		p := New(workers)
		counts := make([]atomic.Int32, 100)
		var at, most atomic.Int32
		err := p.Run(context.Background(), func() {
			err := Each(context.Background(), p, len(counts), func() int { return 0 }, func(_ int, i int) {
				now := at.Add(1)
				for m := most.Load(); now > m && !most.CompareAndSwap(m, now); m = most.Load() {
				}
				time.Sleep(time.Millisecond)
				counts[i].Add(1)
				at.Add(-1)
			})
			if err != nil {
				t.Error(err)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		for i := range counts {
			if c := counts[i].Load(); c != 1 {
				t.Errorf("%d workers: item %d ran %d times", workers, i, c)
			}
		}
		if m := int(most.Load()); m != workers {
			t.Errorf("%d items ran at once with %d workers", m, workers)
		}
		if len(p.tokens) != 0 {
			t.Errorf("%d workers: %d tokens were not given back", workers, len(p.tokens))
		}
	}
}

func TestCancel(t *testing.T) {
	p := New(2)
	ctx, cancel := context.WithCancel(context.Background())
	var ran atomic.Int32
	err := Each(ctx, p, 1000, func() int { return 0 }, func(_ int, i int) {
		if ran.Add(1) == 10 {
			cancel()
		}
	})
	if err != context.Canceled || ran.Load() > 20 {
		t.Errorf("after cancelling at item 10: error %v, %d items ran", err, ran.Load())
	}
	if err := p.Run(ctx, func() { t.Error("ran although cancelled") }); err != context.Canceled {
		t.Errorf("Run after cancelling: %v", err)
	}
}

func TestPanicReachesTheCaller(t *testing.T) {
	p := New(3)
	defer func() {
		v, ok := recover().(Panic)
		if !ok || v.Value != "broken" {
			t.Errorf("recovered %v, want the panic of the item", v)
		}
		if len(p.tokens) != 0 {
			t.Errorf("%d tokens were not given back", len(p.tokens))
		}
	}()
	Each(context.Background(), p, 50, func() int { return 0 }, func(_ int, i int) {
		time.Sleep(time.Millisecond)
		if i == 30 {
			panic("broken")
		}
	})
}
