package experiments

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"spfq/internal/pool"
	"spfq/results"
	"spfq/sim"
)

// panickyLayer stands in the stack of a trial that panics.
func panickyLayer() { panic("a layer went wrong") }

// A panic fails its trial alone. The session's manifest has its stack, and the record
// says where; the other trials are there.
func TestPanicsAreKept(t *testing.T) {
	p := mustParse(t, small, "network.width=16", "alphabet.bits=4", "claims=[]")
	real := runNetwork
	defer func() { runNetwork = real }()
	runNetwork = func(ctx context.Context, workers *pool.Pool, in sim.Instance, vs []sim.Variant, opt sim.Options) ([]sim.Result, error) {
		if in.Trial == 2 {
			panickyLayer()
		}
		return real(ctx, workers, in, vs, opt)
	}
	dir := filepath.Join(t.TempDir(), "run")
	m, _ := mustExecute(t, p, dir, 2)
	var failed results.Record
	for _, r := range m.Records {
		if (r.Error != "") != (r.Trial == 2) {
			t.Errorf("trial %d: error %q", r.Trial, r.Error)
		}
		if r.Error != "" {
			failed = r
		}
	}
	session := "sessions/" + failed.Manifest + ".json"
	if want := "internal error: a layer went wrong (stack 1 in " + session + ")"; failed.Error != want {
		t.Errorf("the record says %q, want %q", failed.Error, want)
	}
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(session)))
	if err != nil {
		t.Fatal(err)
	}
	var manifest results.Manifest
	if err := json.Unmarshal(data, &manifest); err != nil || len(manifest.Panics) != 1 ||
		manifest.Panics[0].Value != "a layer went wrong" || !strings.Contains(manifest.Panics[0].Stack, "panickyLayer") {
		t.Errorf("the session has %+v (%v)", manifest.Panics, err)
	}
	if manifest.End == nil {
		t.Error("the session did not end")
	}
	// What failed by a mistake of the program runs again once that is mended.
	runNetwork = real
	if _, made := goOn(t, p, Execution{Dir: dir}); made != 4 {
		t.Errorf("%d records were made, want the 4 of the trial that failed", made)
	}
}

// A session keeps the first panics only, so that its manifest can be read again however
// often a mistake of the program shows.
func TestPanicsAreBounded(t *testing.T) {
	s := &session{dir: t.TempDir()}
	s.manifest.Hash = "01234567"
	for i := range maxPanics + 2 {
		err := s.panicked(&pool.Panic{Value: "value", Stack: []byte("stack")})
		if kept := strings.Contains(err.Error(), "(stack "); kept != (i < maxPanics) {
			t.Fatalf("panic %d: %v", i+1, err)
		}
	}
	if len(s.manifest.Panics) != maxPanics {
		t.Errorf("%d panics are kept, want %d", len(s.manifest.Panics), maxPanics)
	}
}
