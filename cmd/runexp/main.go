// Command runexp runs quantization experiments described by YAML configs,
// judges their claims and writes tables and figures. See README.md, or
// runexp --help.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

// watching tells whether the work under way ends by itself soon after its context is
// cancelled. The trials of a run do, and the run then says how far it came.
var watching atomic.Bool

// patience is how long main waits for that end after a signal. If it takes longer,
// only the trials under way are lost, which are run again when the run goes on.
const patience = 10 * time.Second

func main() {
	// What was ignored when the program began (by nohup, or in the background of a
	// script) stays ignored. The end of a terminal is a signal like the others.
	end := []os.Signal{syscall.SIGTERM}
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGHUP} {
		if !signal.Ignored(s) {
			end = append(end, s)
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), end...)
	context.AfterFunc(ctx, func() {
		stop() // the second signal ends the program at once
		if watching.Load() {
			time.Sleep(patience)
		}
		// Files are written whole or not at all, so the program can end anywhere.
		fmt.Fprintln(os.Stderr, "runexp: interrupted")
		os.Exit(exitInterrupted)
	})
	os.Exit(execute(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
