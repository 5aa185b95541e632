// What the processor must have to run the kernels avx512 and avx2.

//go:build !noasm

package kernel

import "golang.org/x/sys/cpu"

// Supported lists the kernels that can run here, fastest first. cpu.X86 reports
// a feature only if the operating system saves its registers, too.
func Supported() []Kernel {
	var list []Kernel
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX2 {
		list = append(list, AVX512)
	}
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		list = append(list, AVX2)
	}
	return append(list, Generic)
}
