// panic.go carries a panic, and where it happened, from one goroutine to another.

package pool

import (
	"fmt"
	"runtime/debug"
)

// Panic is a panic as an error: what was passed to panic, and the stack of the
// goroutine that panicked, which may be a helper's. Each raises it again in its
// caller; errors.As finds it, as a *Panic, in whatever wraps it.
type Panic struct {
	Value any
	Stack []byte // as runtime/debug.Stack formats it
}

// Error says what the panic said.
func (p *Panic) Error() string { return fmt.Sprint(p.Value) }

// Unwrap returns the error that was passed to panic, nil if it was none.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// Recovered returns the panic that recover returned v for, nil if v is nil. It is
// called in the deferred function that recovers, as Recovered(recover()), while the
// stack is still that of the panic. A panic that comes from another goroutine or
// was recovered before keeps its first stack.
func Recovered(v any) *Panic {
	switch v := v.(type) {
	case nil:
		return nil
	case *Panic:
		return v
	default:
		return &Panic{Value: v, Stack: debug.Stack()}
	}
}
