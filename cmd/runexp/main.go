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

// watching tells that what is under way ends by itself, and soon, when its
// context does: the trials of a run, which then says how far it came.
var watching atomic.Bool

// patience is how long that is waited for. Nothing is lost with it but what a
// run that goes on makes again.
const patience = 10 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, func() {
		stop() // the second signal ends the program at once
		if watching.Load() {
			time.Sleep(patience)
		}
		// Files are written whole or not at all, so that it can end anywhere.
		fmt.Fprintln(os.Stderr, "runexp: interrupted")
		os.Exit(exitInterrupted)
	})
	os.Exit(execute(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
