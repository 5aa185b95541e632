// print.go follows what is printed: whether it could be, and where it goes as it is.

package main

import (
	"io"
	"slices"

	"github.com/spf13/cobra"

	"spfq/internal/display"
)

// printer passes on what is printed and keeps the first error, which most callers
// leave alone. After it, nothing more is printed.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) Write(b []byte) (int, error) {
	if p.err != nil {
		return 0, p.err
	}
	n, err := p.w.Write(b)
	p.err = err
	return n, err
}

// forShell reports whether a command prints what a shell reads: completions, or the
// script that asks for them.
func forShell(args []string) bool {
	return len(args) > 0 && slices.Contains([]string{"completion", cobra.ShellCompRequestCmd, cobra.ShellCompNoDescRequestCmd}, args[0])
}

// raw is the writer below one that makes text harmless, for a progress bar and for
// commands that are meant for a CI system.
func raw(w io.Writer) io.Writer {
	if d, ok := w.(*display.Writer); ok {
		return d.W
	}
	return w
}
