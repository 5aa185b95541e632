// Tests of the choice of the kernel.

package gemm

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestChoose(t *testing.T) {
	fast, slow := &kernel{name: "fast"}, &kernel{name: "slow"}
	allowed := []*kernel{fast, slow}
	for name, want := range map[string]*kernel{"": fast, "fast": fast, "slow": slow} {
		if got, err := choose(name, allowed); got != want || err != nil {
			t.Errorf("%q: %v, %v", name, got, err)
		}
	}
	got, err := choose("avx9", allowed)
	if got != nil || err == nil {
		t.Fatalf("avx9: %v, %v", got, err)
	}
	for _, part := range []string{"RUNEXP_KERNEL", `"avx9"`, "fast, slow"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q lacks %q", err, part)
		}
	}
}

// TestVariable starts this test again with the variable set, and has it print
// what came of that.
func TestVariable(t *testing.T) {
	if os.Getenv("GEMM_TEST_CHILD") != "" {
		defer func() { fmt.Printf("kernel %q, error %v, panic %v\n", Kernel(), Err(), recover()) }()
		Mul(false, false, 1, 1, 1, 1, []float64{1}, 1, []float64{1}, 1, 0, []float64{0}, 1)
		return
	}
	for value, want := range map[string]string{
		"":        fmt.Sprintf("kernel %q, error <nil>, panic <nil>", supported()[0].name),
		"generic": `kernel "generic", error <nil>, panic <nil>`,
		"sse":     `kernel "", error RUNEXP_KERNEL="sse" names no kernel`,
	} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestVariable$", "-test.v")
		cmd.Env = append(os.Environ(), "GEMM_TEST_CHILD=1", "RUNEXP_KERNEL="+value)
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("%q: %v, %s", value, err, out)
		}
		if value == "sse" && !strings.Contains(string(out), "panic gemm: RUNEXP_KERNEL") {
			t.Errorf("Mul went on: %s", out)
		}
	}
}
