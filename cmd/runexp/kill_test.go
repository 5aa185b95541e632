package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"spfq/results"
)

// asCommand is the environment variable that makes the test binary run as runexp.
const asCommand = "RUNEXP_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		return
	}
	// Tests of what is published on GitHub set these themselves.
	os.Unsetenv("GITHUB_ACTIONS")
	os.Unsetenv("GITHUB_STEP_SUMMARY")
	// A process inherits that a signal is ignored, as under nohup, but not that it is
	// handled: so the processes of tests end by the signals that they are sent.
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if signal.Ignored(s) {
			signal.Notify(make(chan os.Signal, 1), s)
		}
	}
	os.Exit(m.Run())
}

// processTimeout is when a process that a test started is taken to hang, and killed:
// far beyond what any takes on a machine that is busy otherwise.
const processTimeout = 5 * time.Minute

// within is a context that ends with the test, or when a process started in it is
// taken to hang.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), processTimeout)
	t.Cleanup(cancel)
	return ctx
}

// command returns runexp as a command to run in a process of its own, in dir.
func command(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Skip("this test binary cannot be found: ", err)
	}
	cmd := exec.CommandContext(within(t), binary, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), asCommand+"=1")
	return cmd
}

// reproducible returns the columns of a CSV file in which runs of the same config and
// seed always agree: all but times and the manifest's hash.
func reproducible(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, row := range rows {
		for i, field := range row {
			if name := rows[0][i]; !strings.HasSuffix(name, "seconds") && name != "manifest" {
				out.WriteString(field + ",")
			}
		}
		out.WriteByte('\n')
	}
	return out.String()
}

// A run that is killed at random moments, again and again, goes on each time it is
// started and ends with the records of a run that was never killed. Then the test
// begins another such run, until it has killed 20 times in all, or as many times as
// the environment variable RUNEXP_KILLS says.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("a matter of processes: takes a while, and the race detector sees none of it")
	}
	kills := 20
	if s := os.Getenv("RUNEXP_KILLS"); s != "" {
		var err error
		if kills, err = strconv.Atoi(s); err != nil || kills < 1 {
			t.Fatalf("RUNEXP_KILLS=%s: want a number", s)
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "killed.yaml"), []byte(`name: killed
trials: 60
network: {layers: 2, width: [16, 32, 64, 128]}
data: {samples: [4, 8], test_samples: 3}
alphabet: {step: 0.25, bits: [4, inf]}
methods: [{name: spfq}, {name: rtn}]
sweep: {exclude: [{width: 128, samples: 4}]}
claims:
  - {kind: bits_growth, where: {method: spfq, samples: 8}, factor: 1.5}
  - {kind: bound, theorem: layer_data, where: {method: spfq, bits: inf}}
`), 0o644); err != nil {
		t.Fatal(err)
	}
	run := func(out string) (*exec.Cmd, *bytes.Buffer) {
		cmd, output := command(t, dir, "killed.yaml", "--workers", "2", "--quiet", "--out", out), new(bytes.Buffer)
		cmd.Stdout, cmd.Stderr = output, output
		return cmd, output
	}
	// finish waits for a run to end by itself.
	finish := func(cmd *exec.Cmd, output *bytes.Buffer) {
		t.Helper()
		cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != 0 && code != exitRefuted && code != exitInconclusive {
			t.Fatalf("exit %d:\n%s", code, output)
		}
	}
	cmd, output := run("whole")
	start := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	finish(cmd, output)
	m, ok, err := results.ReadManifest(filepath.Join(dir, "whole"))
	if !ok || err != nil || m.End == nil {
		t.Fatalf("the undisturbed run left no manifest: %v", err)
	}
	begin, work := m.Start.Sub(start), m.End.Sub(m.Start) // time until the trials begin, and time of the trials, before tables and figures
	want := map[string]string{}
	for _, name := range []string{"records.csv", "layers.csv", "searches.csv"} {
		want[name] = reproducible(t, filepath.Join(dir, "whole", name))
	}

	out := filepath.Join(dir, "killed")
	check := func() {
		t.Helper()
		for name, text := range want {
			if got := reproducible(t, filepath.Join(out, name)); got != text {
				t.Errorf("%s of a killed run:\n%s\nwant\n%s", name, got, text)
			}
		}
		records, err := readRecords(out)
		if err != nil {
			t.Fatal(err)
		}
		sessions := map[string]bool{}
		for _, r := range records {
			sessions[r.Manifest] = true
		}
		for hash := range sessions {
			if m, ok, err := results.ReadSession(out, hash); !ok || err != nil || m.Hash != hash {
				t.Errorf("session %s: %v, %v", hash, ok, err)
			}
		}
		err = filepath.WalkDir(out, func(path string, e fs.DirEntry, err error) error {
			if err == nil && e.Name() != results.LockFile && results.Incidental(e.Name()) {
				t.Errorf("%s was left behind", path)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		if err := os.RemoveAll(out); err != nil {
			t.Fatal(err)
		}
	}
	const seed = 1
	random := rand.New(rand.NewPCG(seed, 0))
	atWork, runs := 0, 0
	for killed := 0; killed < kills; {
		cmd, output := run("killed")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.Int64N(int64(begin + work/2))))
		cmd.Process.Kill()
		cmd.Wait()
		if cmd.ProcessState.ExitCode() >= 0 { // it ended before it was killed
			finish(cmd, output)
			check()
			runs++
			continue
		}
		killed++
		if m, ok, err := results.ReadManifest(out); err != nil {
			t.Fatalf("after %d kills: %v", killed, err)
		} else if !ok || m.End == nil {
			atWork++
			if killed < kills {
				continue
			}
		}
		cmd, output = run("killed")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		finish(cmd, output)
		check()
		runs++
	}
	t.Logf("%d kills in %d runs, %d of them before the records were whole (%v of %v)", kills, runs, atWork, work, begin+work)
	if atWork < kills/4 {
		t.Errorf("%d of %d kills hit a run at work: too few to show anything", atWork, kills)
	}
}

// Two processes cannot work in one folder: the second ends with a message that says
// so. The lock of a process that was killed is free.
func TestLock(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "tiny.yaml"), []byte(strings.Replace(tinyConfig, "trials: 6", "trials: 100000", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	first := command(t, dir, "tiny.yaml", "--quiet", "--out", "run")
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { first.Process.Kill(); first.Wait() }()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if info, err := os.Stat(filepath.Join(dir, "run", results.RecordsFile)); err == nil && info.Size() > 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the first run wrote nothing in half a minute")
		}
	}
	second := command(t, dir, "tiny.yaml", "--quiet", "--out", "run", "--set", "trials=1")
	out, _ := second.CombinedOutput()
	if second.ProcessState.ExitCode() != exitUsage || !strings.Contains(string(out), "another process works in this folder, number "+strconv.Itoa(first.Process.Pid)) {
		t.Errorf("the second: exit %d, %s", second.ProcessState.ExitCode(), out)
	}
	look := command(t, dir, "report", "run")
	if out, err := look.CombinedOutput(); err != nil || !strings.Contains(string(out), "another process is at work in this folder: these are the tables of what it holds now") ||
		!strings.Contains(string(out), "tiny: errors, means over trials") {
		t.Errorf("a report meanwhile: %v, %s", err, out)
	}
	if _, err := os.Stat(filepath.Join(dir, "run", "report.html")); err == nil {
		t.Error("a report meanwhile wrote files")
	}
	first.Process.Kill()
	first.Wait()
	third := command(t, dir, "tiny.yaml", "--quiet", "--out", "run", "--set", "trials=1", "--set", "claims=[]")
	if out, err := third.CombinedOutput(); err != nil {
		t.Errorf("after the first was killed: %v, %s", err, out)
	}
}

// A run that is interrupted ends at once, keeps the trials that are done and prints
// the command that goes on.
func TestInterrupt(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "tiny.yaml"), []byte(tinyConfig), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"tiny.yaml", "--quiet", "--out", "run", "--set", "trials=100000"}
	cmd := command(t, dir, args...)
	var output bytes.Buffer
	cmd.Stderr = &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	for range 3000 {
		if info, err := os.Stat(filepath.Join(dir, "run", results.RecordsFile)); err == nil && info.Size() > 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Skip("a process cannot be interrupted here: ", err)
	}
	hangs := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() }) // which no exit code below is
	cmd.Wait()
	hangs.Stop()
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || !strings.Contains(output.String(), "are done and kept in run; to go on: runexp tiny.yaml") {
		t.Errorf("exit %d, %s", code, output.String())
	}
	records, err := readRecords(filepath.Join(dir, "run"))
	if err != nil || len(records) == 0 {
		t.Errorf("%d records are kept (%v)", len(records), err)
	}
}

// A run that cannot write says which file and why, and leaves no file that is cut off
// but looks whole. When there is room again, the run goes on.
func TestNoRoom(t *testing.T) {
	if testing.Short() {
		t.Skip("a matter of processes: takes a while, and the race detector sees none of it")
	}
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell to limit the size of files with")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "tiny.yaml"), []byte(tinyConfig), 0o644); err != nil {
		t.Fatal(err)
	}
	whole := command(t, dir, "tiny.yaml", "--quiet", "--out", "whole")
	if out, err := whole.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, blocks := range []int{1, 8, 60, 150} { // largest size of a file, in 512 bytes: too small for the manifest, most records or the tables
		out := filepath.Join("full", strconv.Itoa(blocks))
		cmd := command(t, dir, "-c", fmt.Sprintf(`ulimit -f %d; exec "$@"`, blocks), "sh")
		cmd.Args = append(cmd.Args, cmd.Path, "tiny.yaml", "--quiet", "--out", out)
		cmd.Path, cmd.Args[0] = shell, "sh"
		text, _ := cmd.CombinedOutput()
		if code := cmd.ProcessState.ExitCode(); code != exitFailed || !strings.Contains(string(text), "writing "+out) {
			t.Errorf("%d blocks: exit %d, %s", blocks, code, text)
		}
		err := filepath.WalkDir(filepath.Join(dir, out), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			switch name := filepath.Base(path); {
			case name == results.RecordsFile || name == results.SearchesFile || name == results.LockFile:
			case results.Incidental(name):
				t.Errorf("%d blocks: %s is left", blocks, path)
			default:
				// A CSV file that is there has as many lines as that of a run with room.
				beside := filepath.Join(dir, "whole", strings.TrimPrefix(path, filepath.Join(dir, out)))
				have, _ := os.ReadFile(path)
				if want, err := os.ReadFile(beside); err == nil && strings.HasSuffix(name, ".csv") && strings.Count(string(have), "\n") != strings.Count(string(want), "\n") {
					t.Errorf("%d blocks: %s is cut off", blocks, path)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		again := command(t, dir, "tiny.yaml", "--quiet", "--out", out)
		if text, err := again.CombinedOutput(); err != nil {
			t.Errorf("%d blocks, with room again: %v, %s", blocks, err, text)
		}
		if reproducible(t, filepath.Join(dir, out, "records.csv")) != reproducible(t, filepath.Join(dir, "whole", "records.csv")) {
			t.Errorf("%d blocks, with room again: other records", blocks)
		}
	}
}
