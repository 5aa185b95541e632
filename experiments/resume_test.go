package experiments

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"spfq/experiments/plan"
	"spfq/experiments/plan/plantest"
	"spfq/results"
)

// goOn executes a plan in a folder and returns how many records and searches
// the session made itself.
func goOn(t *testing.T, p *Experiment, ex Execution) (m *Measured, made int) {
	t.Helper()
	ex.Workers = 2
	m, _, err := p.Execute(context.Background(), ex)
	if err != nil {
		t.Fatal(err)
	}
	manifest, ok, err := results.ReadManifest(ex.Dir)
	if err != nil || !ok {
		t.Fatalf("no manifest: %v", err)
	}
	for _, r := range m.Records {
		if r.Manifest == manifest.Hash {
			made++
		}
	}
	for _, s := range m.Searches {
		if s.Manifest == manifest.Hash {
			made++
		}
	}
	return m, made
}

// A folder runs what is new to it and nothing else, whatever else changed.
func TestRunsWhatIsMissing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	const base = 3*8*4 + 3*4 // records and searches of small
	var keys map[string]bool
	for _, c := range []struct {
		name string
		sets []string
		made int
	}{
		{"at first", nil, base},
		{"again", nil, 0},
		{"another name and purpose", []string{"name=other", "about=why not"}, 0},
		{"other claims", []string{"claims=[{kind: cost, where: {method: rtn}}]"}, 0},
		{"an axis written otherwise", []string{"network.width=[64, 32, 16]", "network.biases=[false]"}, 0},
		{"another method", []string{"methods=[{name: stochastic}, {name: rtn}, {name: gpfq}]", "claims=[]"}, 3 * 2 * 4},
		{"another width", []string{"network.width=[32, 8]"}, 8*4 + 4},
		{"more trials", []string{"trials=6"}, 3*8*2 + 3*2},
		{"fewer trials", []string{"trials=1"}, 0},
		{"another seed", []string{"seed=8", "network.width=16", "claims=[]"}, 8 * 4},
		{"a sweep", []string{"sweep={include: [{network.width: 48, where: {method: rtn}}]}"}, 2 * 4},
		{"a search more", []string{"claims.2.where={method: gpfq}"}, 3 * 4},
		{"a certificate", []string{"claims.1={kind: bound, theorem: certificate, where: {method: spfq, align: exact, width: 64}}"}, 2 * 4},
		{"a certificate no longer", nil, 0},
		{"a certificate again", []string{"claims.1={kind: bound, theorem: layer_data, where: {method: spfq, align: exact, width: 64, bits: inf}}"}, 0},
		{"all of it again", nil, 0},
	} {
		m, made := goOn(t, mustParse(t, small, c.sets...), Execution{Dir: dir})
		if made != c.made {
			t.Errorf("%s: %d records were made, want %d", c.name, made, c.made)
		}
		if want := count(m.Plan) * m.Plan.Spec.Trials; len(m.Records) != want {
			t.Errorf("%s: %d records measured, want %d", c.name, len(m.Records), want)
		}
		now := map[string]bool{}
		held, err := results.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range held.Records {
			if now[r.Key] {
				t.Fatalf("%s: two records have the key %s", c.name, r.Key)
			}
			now[r.Key] = true
			if _, ok, err := results.ReadSession(dir, r.Manifest); !ok || err != nil {
				t.Fatalf("%s: no manifest of session %q (%v)", c.name, r.Manifest, err)
			}
		}
		for k := range keys {
			if !now[k] && c.name != "a certificate" { // whose records take the place of those without
				t.Errorf("%s: a record is lost", c.name)
			}
		}
		keys = now
	}
	// The records are those of a run from nothing.
	fresh := filepath.Join(t.TempDir(), "fresh")
	goOn(t, mustParse(t, small, "trials=6"), Execution{Dir: fresh})
	goOn(t, mustParse(t, small, "trials=6"), Execution{Dir: dir})
	for _, name := range []string{"records.csv", "searches.csv"} {
		if a, b := unkeyed(untimed(t, dir, name)), unkeyed(untimed(t, fresh, name)); a != b {
			t.Errorf("%s grew to\n%s\nwant\n%s", name, a, b)
		}
	}
}

// unkeyed leaves out the last column, which tells certified records apart.
func unkeyed(table string) string {
	var out strings.Builder
	for line := range strings.Lines(table) {
		cells := strings.Split(line, ",")
		out.WriteString(strings.Join(cells[:len(cells)-2], ",") + "\n")
	}
	return out.String()
}

// What failed is run again unless told otherwise, and all of it if told so.
func TestRerun(t *testing.T) {
	p := mustParse(t, small, "alphabet={step: [data, 0.25], C: 5e-324, bits: 31}", "claims=[]")
	dir := filepath.Join(t.TempDir(), "run")
	const rows = 3 * 8 * 4
	for _, c := range []struct {
		rerun plan.Rerun
		made  int
	}{{"", rows}, {plan.RerunNone, 0}, {plan.RerunFailed, rows / 2}, {"", rows / 2}, {plan.RerunAll, rows}} {
		m, made := goOn(t, p, Execution{Dir: dir, Rerun: c.rerun})
		if made != c.made || len(m.Records) != rows {
			t.Errorf("--rerun %s: %d of %d records were made, want %d of %d", c.rerun, made, len(m.Records), c.made, rows)
		}
		if held, err := results.Read(dir); err != nil || len(held.Records) != rows {
			t.Errorf("--rerun %s: %d lines (%v), want %d", c.rerun, len(held.Records), err, rows)
		}
	}
	if entries, _ := os.ReadDir(filepath.Join(dir, results.SessionsFolder)); len(entries) != 1 {
		t.Errorf("%d sessions are kept, want the one that made all records", len(entries))
	}
}

// Records that --rerun all is to replace stay until others take their place.
func TestRerunLosesNothing(t *testing.T) {
	p := mustParse(t, small)
	dir := filepath.Join(t.TempDir(), "run")
	goOn(t, p, Execution{Dir: dir})
	ctx, cancel := context.WithCancel(context.Background())
	done := 0
	_, _, err := p.Execute(ctx, Execution{Dir: dir, Workers: 1, Rerun: plan.RerunAll, Progress: func(Progress) {
		if done++; done == 3 {
			cancel()
		}
	}})
	if !Interrupted(err) {
		t.Fatalf("error %v", err)
	}
	if _, made := goOn(t, p, Execution{Dir: dir}); made != 0 {
		t.Errorf("%d records were made after an interrupted rerun, want none", made)
	}
}

// --fail-fast stops at the first failure and keeps what is done.
func TestFailFast(t *testing.T) {
	p := mustParse(t, small, "trials=500", "alphabet={step: data, C: 5e-324, bits: 31}", "claims=[]")
	dir := filepath.Join(t.TempDir(), "run")
	var failed []Failure
	_, _, err := p.Execute(context.Background(), Execution{Dir: dir, Workers: 2, FailFast: true, Progress: func(u Progress) { failed = append(failed, u.Failed...) }})
	if !errors.Is(err, ErrFailFast) {
		t.Errorf("error %v, want ErrFailFast", err)
	}
	held, err := results.Read(dir)
	if err != nil || len(held.Records) == 0 || len(held.Records) > 100 || len(failed) != len(held.Records) || failed[0].Error == "" {
		t.Errorf("%d records are kept of %d failures (%v)", len(held.Records), len(failed), err)
	}
}

// A run in a folder that is at work is refused; so is one that does not fit
// into memory, before anything is written.
func TestRefusesRuns(t *testing.T) {
	p := mustParse(t, small)
	dir := filepath.Join(t.TempDir(), "run")
	var second error
	_, _, err := p.Execute(context.Background(), Execution{Dir: dir, Workers: 1, Progress: func(u Progress) {
		if u.Done == 1 {
			_, _, second = mustParse(t, small).Execute(context.Background(), Execution{Dir: dir, Workers: 1})
		}
	}})
	var refused *UsageError
	if err != nil || !errors.As(second, &refused) || !strings.Contains(second.Error(), dir+": another process works in this folder") {
		t.Errorf("the first run: %v; a second one beside it: %v", err, second)
	}

	dir = filepath.Join(t.TempDir(), "big")
	big := mustParse(t, small, "network.width=[16, 512]")
	have := (big.memory(big.Survey(&results.Held{}, plan.Versions), "", 2) + big.memory(big.Survey(&results.Held{}, plan.Versions), "", 3)) / 2
	machineMemory = func() int64 { return have }
	defer func() { machineMemory = results.Memory }()
	_, _, err = big.Execute(context.Background(), Execution{Dir: dir, Workers: 8})
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), "needs about") || !strings.Contains(err.Error(), "and there is "+Bytes(have)+"; --workers 2 has room") {
		t.Errorf("a run too large: %v", err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Error("a refused run left a folder")
	}
	if v, err := big.Preview(context.Background(), Execution{Dir: dir, Workers: 8}); err != nil || !errors.As(v.Refused, &refused) {
		t.Errorf("a preview of a run too large: %v, %+v", err, v)
	}
	if _, _, err := p.Execute(context.Background(), Execution{Dir: dir, Workers: 2}); err != nil {
		t.Errorf("a run that fits: %v", err)
	}
}

// A preview says what a run would do, and why.
func TestPreview(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	look := func(p *Experiment, rerun plan.Rerun) *Preview {
		t.Helper()
		v, err := p.Preview(context.Background(), Execution{Dir: dir, Workers: 2, Rerun: rerun})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	bad := []string{"claims=[]", "alphabet={step: [data, 0.25], C: 5e-324, bits: 31}"}
	v := look(mustParse(t, small), "")
	if v.New != 108 || v.Rows != 108 || v.ToRun != 12 || v.Tasks != 12 || !(v.Seconds > 0) || !strings.Contains(v.Basis, "measurement") || v.Memory < baseMemory {
		t.Errorf("of nothing: %+v", v)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Error("a preview left a folder")
	}
	goOn(t, mustParse(t, small), Execution{Dir: dir})
	goOn(t, mustParse(t, small, bad...), Execution{Dir: dir})
	before, _ := os.ReadDir(dir)
	for _, c := range []struct {
		name   string
		sets   []string
		rerun  plan.Rerun
		tally  Tally
		rows   int
		others int
	}{
		{"as it was", nil, "", Tally{Done: 108}, 0, 96},
		{"all again", nil, plan.RerunAll, Tally{Done: 108}, 108, 96},
		{"failed before", bad, "", Tally{Done: 48, Failed: 48}, 48, 108},
		{"failed before, left", bad, plan.RerunNone, Tally{Done: 48, Failed: 48}, 0, 108},
		{"grown", []string{"network.width=[64, 128]"}, "", Tally{Done: 36, New: 36}, 36, 168},
		{"a certificate", []string{"claims=[{kind: bound, theorem: layer_data, where: {method: spfq, bits: inf, align: exact}}]"}, "", Tally{Done: 84, Changed: 12}, 12, 108},
	} {
		v := look(mustParse(t, small, c.sets...), c.rerun)
		if v.Tally != c.tally || v.Rows != c.rows || v.Others != c.others || (v.Rows > 0) != (v.Seconds > 0) {
			t.Errorf("%s: %+v, %d to run, %d others, %v s; want %+v, %d, %d", c.name, v.Tally, v.Rows, v.Others, v.Seconds, c.tally, c.rows, c.others)
		}
	}
	v = look(mustParse(t, small, "network.width=[64, 128]", "methods=[{name: gpfq}, {name: stochastic}]", "claims=[]"), "")
	if g := v.Settings[0].Groups; len(g) != 2 || g[0].Done != 4 || g[0].Label != "gpfq, order-1, bits 4; gpfq, order-1, bits inf" || g[1].New != 4 {
		t.Errorf("groups of a setting: %+v", g)
	}
	if v.Settings[1].Label != "width 128" || len(v.Settings[1].Groups) != 1 || v.Settings[0].Key == v.Settings[1].Key {
		t.Errorf("a new setting: %+v", v.Settings[1])
	}
	if after, _ := os.ReadDir(dir); len(after) != len(before) {
		t.Error("a preview wrote files")
	}

	m, _, _ := results.ReadManifest(dir)
	m.Algorithm++
	m.Seal()
	if err := results.WriteJSON(filepath.Join(dir, results.ManifestFile), m); err != nil {
		t.Fatal(err)
	}
	var refused *UsageError
	if v := look(mustParse(t, small), ""); !errors.As(v.Refused, &refused) {
		t.Errorf("of other versions: refused is %v", v.Refused)
	}
}

// The memory of large plans is foreseen from their settings and variants, and holds
// all records.
func TestForeseesLargePlans(t *testing.T) {
	for name, text := range plantest.Large {
		e := mustParse(t, text)
		got := e.memory(e.Survey(&results.Held{}, plan.Versions), plan.RerunFailed, 4)
		if records := int64(count(e)) * int64(e.Spec.Trials); got < records*recordBytes {
			t.Errorf("%s: %d bytes are foreseen, and there are %d records of %d bytes", name, got, records, recordBytes)
		}
	}
}

// The garbage collector keeps to what was foreseen while a run is at work, and
// not after it.
func TestLimitsMemory(t *testing.T) {
	t.Setenv("GOMEMLIMIT", "")
	p := mustParse(t, small)
	before, during := debug.SetMemoryLimit(-1), int64(0)
	if _, _, err := p.Execute(context.Background(), Execution{Dir: filepath.Join(t.TempDir(), "run"), Workers: 1,
		Progress: func(Progress) { during = debug.SetMemoryLimit(-1) }}); err != nil {
		t.Fatal(err)
	}
	if need := p.memory(p.Survey(&results.Held{}, plan.Versions), "", 1); during < need || during > max(256<<20, 2*need) {
		t.Errorf("the limit is %d, and %d are needed", during, need)
	}
	if after := debug.SetMemoryLimit(-1); after != before {
		t.Errorf("the limit is %d after a run, was %d", after, before)
	}
}

// A preview's time is that of a run, give or take: a plan of twice the trials
// takes twice as long.
func TestPreviewTime(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	p := mustParse(t, small)
	goOn(t, p, Execution{Dir: dir})
	seconds := func(sets ...string) float64 {
		v, err := mustParse(t, small, sets...).Preview(context.Background(), Execution{Dir: dir, Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		return v.Seconds
	}
	if one, two := seconds("trials=8"), seconds("trials=12"); !(two > 1.999*one && two < 2.001*one) {
		t.Errorf("4 trials more take %v s, 8 trials more %v", one, two)
	}
	if more := seconds("network.width=[16, 32, 64, 128, 256]"); !(more > 4*seconds("trials=8")) {
		t.Errorf("wider networks take %v s", more)
	}
}
