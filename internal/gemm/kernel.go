// The choice of the kernel, made once when the program starts.

package gemm

import (
	"fmt"
	"os"
	"strings"
)

// variable names the environment variable that forces a kernel.
const variable = "RUNEXP_KERNEL"

// A kernel is one way to multiply. The vector kernels keep a tile of C in
// registers, rows × (vecs·lanes), and differ in these numbers only.
type kernel struct {
	name    string
	rows    int // rows of a tile
	lanes   int // float64 in a vector register
	inPlace int // most rows of C for which op(B) is not packed if it need not be
}

// vecs is the most vector registers that the columns of a tile take.
const vecs = 3

// generic is gonum's multiplication.
var generic = &kernel{name: "generic"}

// active is the kernel in use; it is nil exactly if errStart is not.
var active, errStart = choose(os.Getenv(variable), supported())

// Kernel names the kernel in use: "avx512", "avx2" or "generic". It is empty
// if Err reports an error.
func Kernel() string {
	if active == nil {
		return ""
	}
	return active.name
}

// Err tells whether the environment variable RUNEXP_KERNEL names a kernel
// that this processor and this build have. A program calls it when it starts;
// after an error Mul panics rather than using another kernel than asked for.
func Err() error { return errStart }

// choose returns the kernel called name, or the first of those allowed if
// name is empty.
func choose(name string, allowed []*kernel) (*kernel, error) {
	if name == "" {
		return allowed[0], nil
	}
	names := make([]string, len(allowed))
	for i, kn := range allowed {
		if kn.name == name {
			return kn, nil
		}
		names[i] = kn.name
	}
	return nil, fmt.Errorf("%s=%q names no kernel this processor and build can run; allowed: %s",
		variable, name, strings.Join(names, ", "))
}
