package pool

import (
	"context"
	"errors"
	"fmt"
	"strings"
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

// A context that is done stops the items of Each and the work of Run.
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

// breakHere panics; the stack of the panic names it.
//
//go:noinline
func breakHere(v any) { panic(v) }

// A panic of the caller or of a helper, inside one Each or two, reaches the caller
// with the stack of the goroutine that panicked, and is found behind what wraps it.
func TestPanicReachesTheCaller(t *testing.T) {
	errBroken := errors.New("broken")
	for name, run := range map[string]func(p *Pool){
		"the caller": func(p *Pool) {
			Each(t.Context(), p, 1, none, func(any, int) { breakHere(errBroken) })
		},
		"a helper": func(p *Pool) {
			helping := make(chan bool)
			Each(t.Context(), p, 2, none, func(_ any, i int) {
				if i == 0 { // the caller takes it, and waits for the helper to begin
					<-helping
					return
				}
				close(helping)
				breakHere(errBroken)
			})
		},
		"an Each inside": func(p *Pool) {
			Each(t.Context(), p, 3, none, func(any, int) {
				Each(t.Context(), p, 3, none, func(any, int) { breakHere(errBroken) })
			})
		},
		"no Each": func(*Pool) { breakHere(errBroken) },
		"newState": func(p *Pool) {
			Each(t.Context(), p, 1, func() any { breakHere(errBroken); return nil }, func(any, int) {})
		},
	} {
		p := New(3)
		var err error
		failed := p.Run(t.Context(), func() {
			defer func() {
				if p := Recovered(recover()); p != nil {
					err = fmt.Errorf("trial 7: %w", p)
				}
			}()
			run(p)
		})
		if failed != nil {
			t.Fatal(failed)
		}
		var got *Panic
		if !errors.As(err, &got) || got.Value != errBroken || !errors.Is(err, errBroken) || err.Error() != "trial 7: broken" {
			t.Errorf("%s: error %v, want one that wraps the panic", name, err)
			continue
		}
		if stack := string(got.Stack); !strings.Contains(stack, "breakHere") || strings.Count(stack, "[running]") != 1 {
			t.Errorf("%s: the stack does not show where the panic happened:\n%s", name, stack)
		} else if name == "a helper" && strings.Contains(stack, "(*Pool).Run") {
			t.Errorf("the stack is the caller's, not the helper's:\n%s", stack)
		}
		if len(p.tokens) != 0 {
			t.Errorf("%s: %d tokens were not given back", name, len(p.tokens))
		}
	}
	if p := Recovered(nil); p != nil {
		t.Errorf("nothing was recovered as %v", p)
	}
}

// none makes no state.
func none() any { return nil }

// After a panic no further item begins.
func TestPanicStopsTheRest(t *testing.T) {
	p := New(1)
	ran := 0
	p.Run(t.Context(), func() { // takes the only worker, so that none helps
		defer func() { recover() }()
		Each(t.Context(), p, 50, none, func(_ any, i int) {
			if ran++; i == 30 {
				panic("broken")
			}
		})
	})
	if ran != 31 {
		t.Errorf("%d items ran, want those up to the one that panicked, 31", ran)
	}
}
