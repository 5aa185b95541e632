// progress.go shows how far a run is: a bar on a terminal, plain lines
// elsewhere.

package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"spfq/experiments"
	"spfq/internal/display"
)

// lineEvery is the time between two plain lines.
const lineEvery = 10 * time.Second

// progress shows how far a run is. Trials differ in size, so the time left is
// estimated from the share of the work that is done, not from the number of trials.
type progress struct {
	w           io.Writer
	quiet       bool
	done, total int       // trials
	begun, said time.Time // when the run began, and when the last plain line was written
	stopped     bool

	mu    sync.Mutex // guards share, which the bar's own goroutine reads
	share float64    // share of the work that is done, from 0 to 1
	bars  *mpb.Progress
	bar   *mpb.Bar // nil where there is no terminal
}

func newProgress(w io.Writer, quiet bool) *progress { return &progress{w: w, quiet: quiet} }

func (p *progress) start(done, total int) {
	p.done, p.total, p.begun = done, total, time.Now()
	if p.quiet {
		return
	}
	if done > 0 {
		fmt.Fprintf(p.w, "%d of %d trials are there already\n", done, total)
	}
	f, ok := raw(p.w).(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || done == total {
		return
	}
	p.bars = mpb.New(mpb.WithOutput(f), mpb.WithWidth(60))
	p.bar = p.bars.AddBar(int64(total),
		mpb.PrependDecorators(decor.CountersNoUnit("%d / %d trials")),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return p.left() })))
	p.bar.SetCurrent(int64(done))
}

// notice writes a message about the run as a whole.
func (p *progress) notice(text string) {
	if !p.quiet {
		fmt.Fprintln(p.w, text)
	}
}

// left says how long the rest is estimated to take.
func (p *progress) left() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.share <= 0 {
		return ""
	}
	rest := time.Duration(float64(time.Since(p.begun)) * (1 - p.share) / p.share)
	return fmt.Sprintf("%.0f%% of the work, about %s left", 100*p.share, rest.Round(time.Second))
}

func (p *progress) update(u experiments.Progress) {
	p.done = u.Done
	p.mu.Lock()
	p.share = u.Cost
	p.mu.Unlock()
	for _, r := range u.Failed {
		line := fmt.Sprintf("failed: %s, width %d, trial %d: %s\n", r.Method, r.Width, r.Trial, display.Line(r.Error))
		if p.bars != nil {
			p.bars.Write([]byte(display.Terminal(line)))
		} else {
			fmt.Fprint(p.w, line)
		}
	}
	switch {
	case p.bar != nil:
		p.bar.SetCurrent(int64(u.Done))
	case !p.quiet && time.Since(p.said) >= lineEvery && u.Done < u.Total:
		p.said = time.Now()
		fmt.Fprintf(p.w, "%d / %d trials, %s\n", u.Done, u.Total, p.left())
	}
}

// stop ends the bar, complete or not. Calling it again does nothing.
func (p *progress) stop() {
	if p.stopped {
		return
	}
	p.stopped = true
	if p.bar != nil {
		p.bar.Abort(false)
		p.bars.Wait()
	}
	if !p.quiet && p.total > 0 && p.done == p.total {
		fmt.Fprintf(p.w, "%d trials in %s\n", p.total, time.Since(p.begun).Round(time.Millisecond))
	}
}
