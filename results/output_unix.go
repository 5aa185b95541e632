//go:build unix

package results

import "golang.org/x/sys/unix"

// writable returns an error if this process may not write to a file or folder.
func writable(path string) error { return unix.Access(path, unix.W_OK) }
