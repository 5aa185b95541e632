// Package pool shares a fixed number of workers between whole trials and the
// parts of one trial.
//
// A pool of W workers has W tokens. A trial runs while it holds one (Run). Inside a
// trial, Each spreads items over the caller and over as many helpers as there are
// idle tokens at that moment. While there are enough trials, every trial keeps to
// its one worker. When they run out, the workers that are left idle help with the
// parts of the trials that still run.
package pool

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

// Pool is a fixed number of workers.
type Pool struct{ tokens chan struct{} }

// New returns a pool of the given number of workers. It panics unless that is at least
// one.
func New(workers int) *Pool {
	if workers < 1 {
		panic(fmt.Sprintf("pool: %d workers", workers))
	}
	return &Pool{tokens: make(chan struct{}, workers)}
}

// Run waits for a worker that is idle and runs work on it. Once ctx is done it
// returns ctx's error without running work.
func (p *Pool) Run(ctx context.Context, work func()) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case p.tokens <- struct{}{}:
	}
	defer func() { <-p.tokens }()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	work()
	return nil
}

// Each calls work(state, i) once for each i in [0, n), on the caller, which is a
// worker, and on idle workers. Each of them makes a state of its own by newState. It
// returns when all calls have returned, with ctx's error if some were left out
// because ctx was done. After a panic in newState or work no further item begins,
// and the first such panic is raised again in the caller, as a *Panic.
func Each[S any](ctx context.Context, p *Pool, n int, newState func() S, work func(state S, i int)) error {
	var next, done atomic.Int64
	var wg sync.WaitGroup
	var failed atomic.Pointer[Panic]
	take := func() (int, bool) {
		i := int(next.Add(1)) - 1
		return i, i < n && ctx.Err() == nil && failed.Load() == nil
	}
	var help func()
	loop := func() {
		defer func() {
			if p := Recovered(recover()); p != nil {
				failed.CompareAndSwap(nil, p)
			}
		}()
		var state S
		fresh := true
		for i, ok := take(); ok; i, ok = take() {
			help() // since workers may have become idle after the last item began
			if fresh {
				state, fresh = newState(), false
			}
			work(state, i)
			done.Add(1)
		}
	}
	help = func() {
		if int(next.Load()) >= n {
			return
		}
		select {
		case p.tokens <- struct{}{}:
			wg.Go(func() {
				defer func() { <-p.tokens }()
				loop()
			})
		default:
		}
	}
	loop()
	wg.Wait()
	if p := failed.Load(); p != nil {
		panic(p)
	}
	if int(done.Load()) < n {
		return ctx.Err()
	}
	return nil
}
