package results

import (
	"errors"
	"syscall"
	"testing"

	"github.com/gofrs/flock"
)

// On a file system without locks a folder is opened, and the lock says that it holds
// nothing. Any other failure to lock is an error.
func TestNoLocks(t *testing.T) {
	real := tryLock
	defer func() { tryLock = real }()
	for _, c := range []struct {
		failure error
		open    bool
	}{
		{errors.ErrUnsupported, true}, {syscall.ENOTSUP, true}, {syscall.ENOLCK, true}, {syscall.EIO, false},
	} {
		tryLock = func(*flock.Flock) (bool, error) { return false, c.failure }
		s, err := OpenStore(t.TempDir())
		if !c.open {
			if !errors.Is(err, c.failure) {
				t.Errorf("%v: the store opened with %v", c.failure, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%v: %v", c.failure, err)
			continue
		}
		if s.Locked() {
			t.Errorf("%v: the store takes itself for locked", c.failure)
		}
		if err := errors.Join(s.Check(), s.Close()); err != nil {
			t.Errorf("%v: %v", c.failure, err)
		}
	}
}
