//go:build !unix

package results

// writable cannot tell on this system: writing will.
func writable(string) error { return nil }
