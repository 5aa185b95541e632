package kernel

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestChoose(t *testing.T) {
	allowed := []Kernel{"fast", "slow"}
	for name, want := range map[string]Kernel{"": "fast", "fast": "fast", "slow": "slow"} {
		if got, err := choose(name, allowed); got != want || err != nil {
			t.Errorf("%q: %v, %v", name, got, err)
		}
	}
	got, err := choose("avx9", allowed)
	if got != "" || err == nil {
		t.Fatalf("avx9: %v, %v", got, err)
	}
	for _, part := range []string{"RUNEXP_KERNEL", `"avx9"`, "fast, slow"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q lacks %q", err, part)
		}
	}
}

// TestVariable starts this test again in a process with the variable set, which
// prints the kernel, the error and the panic that result.
func TestVariable(t *testing.T) {
	if os.Getenv("KERNEL_TEST_CHILD") != "" {
		defer func() { fmt.Printf("kernel %q, error %v, panic %v\n", Active(), Err(), recover()) }()
		Must()
		return
	}
	for value, want := range map[string]string{
		"":        fmt.Sprintf("kernel %q, error <nil>, panic <nil>", Supported()[0]),
		"generic": `kernel "generic", error <nil>, panic <nil>`,
		"sse":     `kernel "", error RUNEXP_KERNEL="sse" names no kernel`,
	} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestVariable$", "-test.v")
		cmd.Env = append(os.Environ(), "KERNEL_TEST_CHILD=1", "RUNEXP_KERNEL="+value)
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("%q: %v, %s", value, err, out)
		}
		if value == "sse" && !strings.Contains(string(out), "panic kernel: RUNEXP_KERNEL") {
			t.Errorf("Must went on: %s", out)
		}
	}
}
