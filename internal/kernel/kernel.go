// Package kernel chooses, once when the program starts, the instructions that
// the vector kernels of packages gemm, round and rng are run with: AVX-512
// (foundation and DQ), AVX2 with FMA, or none of these (generic). The fastest
// that the processor has is taken, unless the environment variable
// RUNEXP_KERNEL names another.
//
// Each of those packages says what a kernel may change in its results.
package kernel

import (
	"fmt"
	"os"
	"strings"
)

// Kernel names a set of instructions.
type Kernel string

// The kernels, fastest first.
const (
	AVX512  Kernel = "avx512"
	AVX2    Kernel = "avx2"
	Generic Kernel = "generic"
)

// variable names the environment variable that forces a kernel.
const variable = "RUNEXP_KERNEL"

// active is the kernel in use; it is empty exactly if errStart is not nil.
var active, errStart = choose(os.Getenv(variable), Supported())

// Active returns the kernel in use, "" if Err reports an error.
func Active() Kernel { return active }

// Err tells whether the environment variable RUNEXP_KERNEL names a kernel that
// this processor and this build have. A program calls it when it starts; after
// an error no kernel is active, and Must panics.
func Err() error { return errStart }

// Must returns the kernel in use. It panics after an error, rather than using
// another kernel than asked for.
func Must() Kernel {
	if errStart != nil {
		panic("kernel: " + errStart.Error())
	}
	return active
}

// choose returns the kernel called name, or the first of those allowed if
// name is empty.
func choose(name string, allowed []Kernel) (Kernel, error) {
	if name == "" {
		return allowed[0], nil
	}
	names := make([]string, len(allowed))
	for i, k := range allowed {
		if string(k) == name {
			return k, nil
		}
		names[i] = string(k)
	}
	return "", fmt.Errorf("%s=%q names no kernel this processor and build can run; allowed: %s",
		variable, name, strings.Join(names, ", "))
}
