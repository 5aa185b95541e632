//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A merge that is killed while it writes leaves nothing where the folder is to be.
// Here it is killed while it waits to say which config it took, with all records
// written.
func TestMergeIsKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("a matter of processes")
	}
	made(t, "a", "--set", "network.width=[16, 32]")
	made(t, "b", "--set", "network.width=[64, 128]")
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	cmd := command(t, dir, "merge", "a", "b", "--out", "out")
	cmd.Stderr = stuck(t)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for written := false; !written; {
		select {
		case err := <-ended:
			t.Fatalf("it ended: %v", err)
		case <-time.After(10 * time.Millisecond):
			all, _ := filepath.Glob("*/records.jsonl")
			written = len(all) == 3
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-ended
	if exists("out") {
		t.Error("there is a folder, though not all of it was written")
	}
	merge(t, "out", []string{"a", "b"})
}
