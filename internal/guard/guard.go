//go:build unix

// Package guard gives tests memory that faults when anything outside a slice is
// touched, since no compiler checks what assembly reads and writes.
package guard

import (
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A Slice is memory between two pages that can be neither read nor written. X
// begins right after the first of them or ends right before the second.
type Slice struct {
	X     []float64
	pages []byte // the pages that can be touched, in which X lies
}

// New returns a guarded slice of n entries, which are zero, at the end of its
// pages or at their beginning. The memory is released when the test ends.
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

// Freeze makes the slice read-only: writing to it faults from then on.
func (g Slice) Freeze(t testing.TB) {
	t.Helper()
	if len(g.pages) == 0 {
		return
	}
	if err := unix.Mprotect(g.pages, unix.PROT_READ); err != nil {
		t.Fatalf("mprotect: %v", err)
	}
}
