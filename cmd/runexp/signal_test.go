//go:build unix

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// stuck returns a pipe that is full, so that a process that prints to it waits.
func stuck(t *testing.T) *os.File {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	if err := w.SetWriteDeadline(time.Now().Add(200 * time.Millisecond)); err != nil {
		t.Skip("pipes cannot be filled here: ", err)
	}
	for {
		if _, err := w.Write(make([]byte, 1)); err != nil {
			return w
		}
	}
}

// A signal ends the program at once whatever it is doing: not only during the trials
// of a run, but also while it reads a config or prints or writes a report. The files
// that it leaves are whole.
func TestSignals(t *testing.T) {
	if testing.Short() {
		t.Skip("runs many processes or runs, which the race detector makes slow")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "tiny.yaml"), []byte(tinyConfig), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := command(t, dir, "tiny.yaml", "--quiet", "--out", "run").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, args := range [][]string{
		{"report", "run"},
		{"check", "run"},
		{"diff", "run", "run"},
		{"tiny.yaml", "--out", "fresh"},
		{"tiny.yaml", "--out", "run"}, // a run that is finished
		{"validate", "/dev/stdin"},
		{"plan", "/dev/stdin"},
	} {
		for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
			cmd := command(t, dir, args...)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			if args[1] == "/dev/stdin" {
				r, w, err := os.Pipe() // a pipe into which nothing is ever written
				if err != nil {
					t.Fatal(err)
				}
				defer r.Close()
				defer w.Close()
				cmd.Stdin = r
			} else {
				cmd.Stdout = stuck(t)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan struct{})
			go func() { cmd.Wait(); close(ended) }()
			select {
			case <-ended:
				t.Errorf("%v ended by itself, exit %d: %s", args, cmd.ProcessState.ExitCode(), &stderr)
				continue
			case <-time.After(time.Second):
			}
			if err := cmd.Process.Signal(signal); err != nil {
				t.Skip("a process cannot be sent signals here: ", err)
			}
			select {
			case <-ended:
			case <-time.After(5 * time.Second):
				cmd.Process.Kill()
				<-ended
				t.Errorf("%v did not end by %v", args, signal)
				continue
			}
			if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || !strings.HasSuffix(stderr.String(), "interrupted\n") {
				t.Errorf("%v, %v: exit %d, %s", args, signal, code, &stderr)
			}
		}
	}
	for _, args := range [][]string{{"tiny.yaml", "--quiet", "--out", "fresh"}, {"report", "run"}, {"tiny.yaml", "--quiet", "--out", "run"}} {
		if out, err := command(t, dir, args...).CombinedOutput(); err != nil {
			t.Errorf("afterwards %v: %v, %s", args, err, out)
		}
	}
}

// A path that is not a config gives an error at once: the program waits for no pipe,
// and reads no device or large file to its end.
func TestNoConfigs(t *testing.T) {
	dir := t.TempDir()
	fifo := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(fifo, 0o644); err != nil {
		t.Skip("no pipes here: ", err)
	}
	large := filepath.Join(dir, "large.yaml")
	if err := os.WriteFile(large, []byte(tinyConfig+strings.Repeat("#", 5<<20)), 0o644); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{
		fifo:        "it is no regular file: want a YAML file",
		"/dev/zero": "it is no regular file: want a YAML file",
		dir:         "it is no regular file: want a YAML file",
		large:       "it has more than 4 MiB: want a config",
	} {
		for _, args := range [][]string{{"validate", path}, {path}, {"plan", path}} {
			cmd := command(t, dir, args...)
			timer := time.AfterFunc(20*time.Second, func() { cmd.Process.Kill() })
			out, _ := cmd.CombinedOutput()
			timer.Stop()
			if code := cmd.ProcessState.ExitCode(); code != exitUsage || !strings.Contains(string(out), path+": cannot be read: "+says) {
				t.Errorf("%v: exit %d, %s", args, code, out)
			}
		}
	}
	cmd := command(t, dir, "validate", "/dev/stdin")
	cmd.Stdin = bytes.NewReader([]byte(tinyConfig))
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "/dev/stdin: ok") {
		t.Errorf("a config from a pipe: %v, %s", err, out)
	}
}
