//go:build unix

// output_test.go names files of every kind to be written: those that are worth
// something stay as they are.

package main

import (
	"context"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// write makes a file with some text.
func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// snapshot reads all regular files below the working folder, links to none.
func snapshot(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	filepath.WalkDir(".", func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			all[path] = string(data)
		}
		return err
	})
	return all
}

// Inputs of a command and files in a run's folder are refused as outputs, by whatever
// path, before anything is done, and stay as they are.
func TestRefusedOutputs(t *testing.T) {
	made(t, "run")
	made(t, "other")
	write(t, "dir/sub/x", "")
	step{"bless", "baseline run --out blessed.json", 0, nil}.run(t)
	for link, target := range map[string]string{"soft.yaml": "tiny.yaml", "chain.yaml": "soft.yaml", "into": "run", "dangling": "run/new.xml", "down": "dir/sub", "loop": "loop"} {
		if err := os.Symlink(target, link); err != nil {
			t.Skip("no symbolic links here: ", err)
		}
	}
	for link, target := range map[string]string{"hard.yaml": "tiny.yaml", "hard.jsonl": "run/records.jsonl", "hard.json": "blessed.json"} {
		if err := os.Link(target, link); err != nil {
			t.Skip("no hard links here: ", err)
		}
	}
	before := snapshot(t)
	const input, inRun = "which this command reads: choose another path", "choose a path outside of it"
	for _, c := range []struct{ args, says string }{
		{"tiny.yaml --quiet --out fresh --junit tiny.yaml", "--junit tiny.yaml: it is tiny.yaml, " + input},
		{"tiny.yaml --quiet --out fresh --junit ./dir/../tiny.yaml", input},
		{"tiny.yaml --quiet --out fresh --junit soft.yaml", input},
		{"chain.yaml --quiet --out fresh --junit tiny.yaml", input},
		{"tiny.yaml --quiet --out fresh --junit hard.yaml", input},
		{"tiny.yaml --quiet --out fresh --junit fresh/j.xml", "--junit fresh/j.xml: it lies in fresh, the folder of a run, which holds only what the run makes: " + inRun},
		{"tiny.yaml --quiet --out fresh/run --junit fresh", "the folder of the run, fresh/run, lies below it"},
		{"tiny.yaml --quiet --out fresh --junit fresh", inRun},
		{"tiny.yaml --quiet --out run --rerun all --junit run/records.jsonl", inRun},
		{"tiny.yaml --quiet --out run --rerun all --junit hard.jsonl", inRun},
		{"tiny.yaml --quiet --out run --junit into/new.xml", inRun},
		{"tiny.yaml --quiet --out fresh --junit dangling", "it lies in "},
		{"tiny.yaml --quiet --out fresh --junit other/figures/x.xml", "other, the folder of a run"},
		{"tiny.yaml --quiet --out fresh --junit dir", "--junit dir: it is a folder: want a file"},
		{"tiny.yaml --quiet --out fresh --junit down", "it is a folder: want a file"},
		{"tiny.yaml --quiet --out fresh --junit new/", "it is a folder: want a file"},
		{"check run --baseline blessed.json --junit blessed.json", input},
		{"check run --baseline hard.json --junit blessed.json", input},
		{"check run --junit tiny.yaml", "--junit tiny.yaml: a config is there"},
		{"check run --junit chain.yaml", "a config is there"},
		{"baseline run --out tiny.yaml", "--out tiny.yaml: a config is there"},
		{"diff run other --json tiny.yaml", "--json tiny.yaml: a config is there"},
		{"summary run --out /dev/stdout", "--out /dev/stdout: want a name"},
		{"check run --junit run/config.yaml", "run/config.yaml: a config is there"},
		{"diff run other --json run/claims.json", "--json run/claims.json: it lies in run"},
		{"diff run other --markdown other/tables/results.md", "--markdown other/tables/results.md: it lies in other"},
		{"diff run other --json same --markdown ./same", "--json names the same file"},
		{"diff run other --json same --markdown down/../../same", "--json names the same file"},
		{"baseline run --out run/manifest.json", "--out run/manifest.json: it lies in run"},
		{"baseline run --out other/b.json", "other, the folder of a run"},
		{"summary run other --out run/claims", "--out run/claims.json: it lies in run"},
		{"summary other --out run/tables/results", inRun},
		{"dump tiny.yaml --method rtn --set network.width=16 --set alphabet.bits=inf --out run/instance", "--out run/instance: it lies in "},
		{"tiny.yaml --quiet --out fresh --rerun=", "--rerun '': want none, failed or all"},
	} {
		step{"refused", c.args, exitUsage, []string{c.says}}.run(t)
	}
	for _, flag := range [][]string{{"tiny.yaml", "--out", ""}, {"tiny.yaml", "--junit", ""}, {"check", "run", "--baseline", ""}, {"diff", "run", "other", "--json", ""}} {
		if code, _, stderr := runexp(t, context.Background(), flag...); code != exitUsage || !strings.Contains(stderr, "want a path") {
			t.Errorf("%q: exit %d, %s", flag, code, stderr)
		}
	}
	t.Setenv("GITHUB_STEP_SUMMARY", "hard.yaml")
	step{"refused", "tiny.yaml --quiet --out fresh", exitUsage, []string{"GITHUB_STEP_SUMMARY hard.yaml: it is tiny.yaml, " + input}}.run(t)
	t.Setenv("GITHUB_STEP_SUMMARY", "run/records.jsonl")
	step{"refused", "check run", exitUsage, []string{inRun}}.run(t)
	after := snapshot(t)
	for name := range after {
		if _, ok := before[name]; !ok {
			t.Errorf("%s was made", name)
		}
	}
	for name := range before {
		if before[name] != after[name] {
			t.Errorf("%s was changed", name)
		}
	}
}

// A link is followed, permissions stay, folders are made, and what is no regular file
// is written to.
func TestWrittenOutputs(t *testing.T) {
	made(t, "run")
	write(t, "real/target.xml", "old")
	os.Chmod("real/target.xml", 0o600)
	if err := os.Symlink("real/target.xml", "link.xml"); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	os.Symlink("real/new.xml", "dangling.xml")
	for _, path := range []string{"link.xml", "dangling.xml", "a/b/c.xml"} {
		step{"written", "check run --junit " + path, exitSupported, nil}.run(t)
		if data, err := os.ReadFile(path); err != nil || !strings.Contains(string(data), "<testsuites") {
			t.Errorf("%s: %v, %s", path, err, data)
		}
	}
	for _, path := range []string{"link.xml", "dangling.xml"} {
		if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("%s is a link no more: %v", path, err)
		}
	}
	if info, err := os.Stat("real/target.xml"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the permissions of an output that was there: %v, %v", info.Mode(), err)
	}

	if err := syscall.Mkfifo("pipe", 0o644); err != nil {
		t.Skip("no pipes here: ", err)
	}
	read := make(chan string)
	go func() {
		data, err := os.ReadFile("pipe")
		if err != nil {
			data = []byte(err.Error())
		}
		read <- string(data)
	}()
	step{"a pipe", "check run --junit pipe", exitSupported, nil}.run(t)
	if got := <-read; !strings.HasSuffix(got, "</testsuites>\n") {
		t.Errorf("the pipe gave %q", got)
	}
	if info, err := os.Lstat("pipe"); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Error("the pipe is one no more")
	}

	listener, err := net.Listen("unix", "socket")
	if err != nil {
		t.Skip("no sockets here: ", err)
	}
	defer listener.Close()
	go func() {
		c, err := listener.Accept()
		if err != nil {
			read <- err.Error()
			return
		}
		var b strings.Builder
		for buf := make([]byte, 1<<12); ; {
			n, err := c.Read(buf)
			b.Write(buf[:n])
			if err != nil {
				break
			}
		}
		read <- b.String()
	}()
	step{"a socket", "diff run run --json socket", exitSupported, nil}.run(t)
	if got := <-read; !strings.HasPrefix(got, "{") {
		t.Errorf("the socket gave %q", got)
	}
	step{"a device", "check run --junit /dev/null", exitSupported, nil}.run(t)
	if info, err := os.Lstat("/dev/null"); err != nil || info.Mode()&os.ModeDevice == 0 {
		t.Fatal("/dev/null is a device no more")
	}
}

// What a command prints to can be named as an output: its file goes on where it is.
func TestOutputIsPrinted(t *testing.T) {
	if testing.Short() {
		t.Skip("runs processes")
	}
	made(t, "run")
	dir, _ := os.Getwd()
	cmd := command(t, dir, "check", "run", "--junit", "/dev/stdout")
	if out, err := cmd.Output(); err != nil || !strings.HasPrefix(string(out), "<?xml") || !strings.Contains(string(out), "</testsuites>\ntiny: claims") {
		t.Errorf("into a pipe: %v, %s", err, out)
	}
	for _, path := range []string{"/dev/stdout", "printed"} {
		f, err := os.Create("printed")
		if err != nil {
			t.Fatal(err)
		}
		f.WriteString("before\n")
		cmd := command(t, dir, "check", "run", "--junit", path)
		cmd.Stdout = f
		err = cmd.Run()
		f.Close()
		data, _ := os.ReadFile("printed")
		if out := string(data); err != nil || !strings.HasPrefix(out, "before\n<?xml") || !strings.Contains(out, "</testsuites>\ntiny: claims") {
			t.Errorf("into a file as %s: %v, %s", path, err, out)
		}
	}
}

// A file that cannot be written is said before the run, not after it.
func TestUnwritableOutputs(t *testing.T) {
	runexp(t, context.Background(), "--help")
	var args []string
	if os.Getuid() != 0 { // who may write anywhere
		os.Mkdir("closed", 0o555)
		args = append(args, "closed/x.xml", "closed/a/x.xml")
	}
	os.Symlink("loop", "loop")
	for _, path := range append(args, "tiny.yaml/x.xml", "tiny.yaml/a/x.xml", "/proc/x.xml", "/dev/null/x.xml", "loop/x.xml") {
		if path == "/proc/x.xml" && os.Getuid() == 0 {
			continue // access(2) tells root that it may
		}
		code, _, stderr := runexp(t, context.Background(), "tiny.yaml", "--quiet", "--out", "run", "--junit", path)
		if code != exitFailed || !strings.Contains(stderr, "--junit "+path+": cannot be written: ") {
			t.Errorf("%s: exit %d, %s", path, code, stderr)
		}
		if exists("run") {
			t.Fatalf("%s: the run was made", path)
		}
	}
}

// The end of a terminal is told like an interruption, with the command that goes on;
// where it is to be ignored, it is.
func TestHangup(t *testing.T) {
	if testing.Short() {
		t.Skip("runs processes")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "tiny.yaml"), tinyConfig)
	for _, ignored := range []bool{false, true} {
		cmd := command(t, dir, "tiny.yaml", "--out", "run", "--quiet", "--set", "trials=30000", "--set", "claims=[]")
		if ignored {
			cmd.Args = append([]string{"nohup"}, cmd.Args...)
			path, err := exec.LookPath("nohup")
			if err != nil {
				t.Skip("no nohup here")
			}
			cmd.Path, cmd.Args[1] = path, cmd.Path
		}
		var stderr strings.Builder
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() { cmd.Wait(); close(ended) }()
		for !exists(filepath.Join(dir, "run", "records.jsonl")) {
			time.Sleep(10 * time.Millisecond)
		}
		cmd.Process.Signal(syscall.SIGHUP)
		if ignored {
			select {
			case <-ended:
				t.Errorf("a hangup that was ignored ended the run: %s", &stderr)
			case <-time.After(500 * time.Millisecond):
				cmd.Process.Kill()
				<-ended
			}
			continue
		}
		<-ended
		if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || !strings.Contains(stderr.String(), "are done and kept in run; to go on: runexp tiny.yaml") {
			t.Errorf("exit %d, %s", code, &stderr)
		}
		os.RemoveAll(filepath.Join(dir, "run"))
	}
}
