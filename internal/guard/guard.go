//go:build unix

// Package guard gives tests memory that faults when something outside a slice is
// touched: what assembly reads and writes, no compiler checks.
package guard

import (
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A Slice lies between two pages that can be neither read nor written, flush
// against one of them.
type Slice struct {
	X     []float64
	pages []byte // those that can be touched
}

// New returns a guarded slice of n entries, at the end of its pages or at
// their beginning.
func New(t testing.TB, n int, atEnd bool) Slice {
	t.Helper()
	page := unix.Getpagesize()
	size := (8*n + page - 1) / page * page
	all, err := unix.Mmap(-1, 0, size+2*page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		t.Fatalf("mmap: %v", err)
	}
	t.Cleanup(func() { unix.Munmap(all) })
	for _, fence := range [][]byte{all[:page], all[page+size:]} {
		if err := unix.Mprotect(fence, unix.PROT_NONE); err != nil {
			t.Fatalf("mprotect: %v", err)
		}
	}
	if n == 0 {
		return Slice{}
	}
	inner := all[page : page+size]
	from := 0
	if atEnd {
		from = size - 8*n
	}
	return Slice{unsafe.Slice((*float64)(unsafe.Pointer(&inner[from])), n), inner}
}

// Freeze makes the slice read-only.
func (g Slice) Freeze(t testing.TB) {
	t.Helper()
	if len(g.pages) == 0 {
		return
	}
	if err := unix.Mprotect(g.pages, unix.PROT_READ); err != nil {
		t.Fatalf("mprotect: %v", err)
	}
}
