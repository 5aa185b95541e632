// edited_test.go edits a finished folder, a byte or a field at a time: every command
// either notices or gives the answer that it gave before.

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"spfq/results"
)

// editedCommands are what is asked of the folder "edited".
var editedCommands = [][]string{
	{"check", "edited"},
	{"diff", "good", "edited", "--json", "d.json"},
	{"plan", "tiny.yaml", "--out", "edited"},
	{"summary", "edited", "--out", "s"},
	{"baseline", "edited", "--out", "b.json"},
	{"report", "edited"},
	{"tiny.yaml", "--out", "edited"},
}

// answers runs the commands on the folder, each on a copy of its own, and returns for
// each its exit code and what it answered.
func answers(t testing.TB, dir string) (out []string) {
	for _, args := range editedCommands {
		for _, name := range []string{"edited", "d.json", "b.json", "s.md", "s.json"} {
			if err := os.RemoveAll(name); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.CopyFS("edited", os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		var stdout, stderr bytes.Buffer
		code := execute(context.Background(), args, &stdout, &stderr)
		if strings.Contains(stderr.String(), "internal error") {
			t.Fatalf("%v: %s", args, &stderr)
		}
		answer := fmt.Sprint(code) + stdout.String()
		for _, name := range []string{"d.json", "s.json", "b.json", "edited/claims.json", "edited/records.csv"} {
			if data, err := os.ReadFile(name); err == nil && (strings.HasPrefix(name, "edited") == (args[0] == "report" || args[0] == "tiny.yaml")) {
				answer += name + string(data)
			}
		}
		if code == exitUsage || code == exitFailed { // it noticed: what, is on stderr
			if stderr.Len() == 0 {
				t.Fatalf("%v: exit %d without a word", args, code)
			}
			answer = noticed
		}
		if args[0] == "tiny.yaml" && strings.Contains(stderr.String(), "was changed or removed since the run there finished") {
			answer = noticed
		}
		out = append(out, answer)
	}
	return out
}

// noticed is the answer of a command that noticed something.
const noticed = "noticed"

// finishedFolder makes a finished run in the folder "good", and says what is answered
// of it.
func finishedFolder(t testing.TB) (want []string) {
	t.Chdir(t.TempDir())
	text := strings.NewReplacer("trials: 6", "trials: 3", "[-0.5, 0.5]", "[-9, 9]").Replace(tinyConfig) + "  - {kind: bits_growth, where: {method: spfq}, factor: 1e9}\n"
	if err := os.WriteFile("tiny.yaml", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if code := execute(context.Background(), []string{"tiny.yaml", "--quiet", "--out", "good"}, &out, &out); code != 0 {
		t.Fatalf("exit %d: %s", code, &out)
	}
	for i, answer := range answers(t, "good") {
		if answer == noticed {
			t.Fatalf("%v finds fault with a run that is as it was", editedCommands[i])
		}
		want = append(want, answer)
	}
	return want
}

// sources are the files of a run from which all else follows, and the claims.
func sources(t testing.TB) []string {
	out := []string{"records.jsonl", "searches.jsonl", "manifest.json", "config.yaml", "claims.json"}
	sessions, err := filepath.Glob("good/sessions/*.json")
	if err != nil || len(sessions) == 0 {
		t.Fatal("no sessions: ", err)
	}
	for _, path := range sessions {
		out = append(out, "sessions/"+filepath.Base(path))
	}
	return out
}

// editByte changes a byte of a file: its place and its new value are taken modulo what
// there is.
func editByte(t testing.TB, path string, at uint, value byte) {
	data, err := os.ReadFile(path)
	if err != nil || len(data) == 0 {
		t.Fatal(err)
	}
	i := at % uint(len(data))
	if data[i] == value {
		value++
	}
	data[i] = value
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// editField changes a field of a line or of a JSON file, with or without a checksum
// that goes with it; it reports whether the file has fields.
func editField(t testing.TB, path string, pick uint64, sum bool) bool {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(pick, 1))
	lines := bytes.SplitAfter(data, []byte("\n"))
	if !strings.HasSuffix(path, ".jsonl") {
		lines = [][]byte{data}
	} else {
		lines = lines[:len(lines)-1]
	}
	at := r.IntN(len(lines))
	var value any
	if json.Unmarshal(lines[at], &value) != nil {
		return false
	}
	if list, ok := value.([]any); ok {
		value = list[r.IntN(len(list))]
	}
	object, ok := value.(map[string]any)
	if !ok {
		return false
	}
	delete(object, "sum")
	name := slices.Sorted(maps.Keys(object))[r.IntN(len(object))]
	var now any
	switch was := object[name].(type) {
	case float64:
		now = []any{was + 1, was * 2, -was, 0.0, nil, 1e300}[r.IntN(6)]
	case string:
		now = []any{was + "x", "", nil, 7.0, "rtn", strings.ToUpper(was)}[r.IntN(6)]
	case bool:
		now = !was
	default:
		now = []any{nil, "x", 1.0}[r.IntN(3)]
	}
	// The text is changed in place, so that the order of the fields stays.
	old, _ := json.Marshal(object[name])
	text, _ := json.Marshal(now)
	line := string(lines[at])
	key := `"` + name + `":`
	i := strings.Index(line, key)
	j := i + len(key)
	for j < len(line) && line[j] == ' ' {
		j++
	}
	if i < 0 || !strings.HasPrefix(line[j:], string(old)) {
		return false
	}
	line = line[:j] + string(text) + line[j+len(old):]
	if k := strings.LastIndex(line, `,"sum":"`); sum && k > 0 && strings.HasSuffix(path, ".jsonl") {
		whole := line[:k] + "}"
		line = line[:k] + fmt.Sprintf(`,"sum":"%08x"}`, crc32.Checksum([]byte(whole), crc32.MakeTable(crc32.Castagnoli))) + "\n"
	}
	lines[at] = []byte(line)
	return os.WriteFile(path, bytes.Join(lines, nil), 0o644) == nil
}

// holdAnswers fails unless every command noticed an edit or answered as before.
func holdAnswers(t testing.TB, want []string, what string) {
	for i, answer := range answers(t, "spoilt") {
		if answer != noticed && answer != want[i] {
			t.Errorf("%s: %v gives another answer, and says nothing:\n%s\nwant\n%s", what, editedCommands[i], answer, want[i])
		}
	}
}

// spoil copies the finished folder to "spoilt".
func spoil(t testing.TB) {
	if err := os.RemoveAll("spoilt"); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS("spoilt", os.DirFS("good")); err != nil {
		t.Fatal(err)
	}
}

// FuzzEditedFolder edits one byte, or one field, of a finished folder. An edit of a
// measured number with a checksum that goes with it is forgery, which the checksum does
// not claim to see: such edits are left to TestForgedLines. An input runs all commands and
// takes about a second; fuzz with -parallel 1, since Go ends an input after ten.
func FuzzEditedFolder(f *testing.F) {
	want := finishedFolder(f)
	files := sources(f)
	r := rand.New(rand.NewPCG(1, 2))
	seeds := 24
	if testing.Short() {
		seeds = 3 // the race detector makes the commands slow
	}
	for i := range seeds {
		f.Add(uint8(i), r.Uint64(), byte(r.IntN(256)), i%2 == 0)
	}
	f.Fuzz(func(t *testing.T, file uint8, at uint64, value byte, field bool) {
		spoil(t)
		name := files[int(file)%len(files)]
		path := filepath.Join("spoilt", filepath.FromSlash(name))
		if !field || !editField(t, path, at, false) {
			editByte(t, path, uint(at), value)
		}
		holdAnswers(t, want, fmt.Sprintf("%s, %d, %d, field %v", name, at, value, field))
	})
}

// Whoever edits a line and makes its checksum anew can forge a number that no other
// contradicts; what identifies the record, and what other columns say too, is still seen.
func TestForgedLines(t *testing.T) {
	if testing.Short() {
		t.Skip("runs some hundred commands")
	}
	finishedFolder(t)
	data, err := os.ReadFile("good/records.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	first, rest, _ := bytes.Cut(data, []byte("\n"))
	object := string(first[:bytes.LastIndex(first, []byte(`,"sum":"`))]) + "}"
	forge := func(column, value string) {
		t.Helper()
		spoil(t)
		i := strings.Index(object, `"`+column+`":`) + len(column) + 3
		j := i + strings.IndexAny(object[i:], ",}")
		line := object[:i] + value + object[j:]
		line = fmt.Sprintf("%s,\"sum\":\"%08x\"}\n%s", line[:len(line)-1], crc32.Checksum([]byte(line), crc32.MakeTable(crc32.Castagnoli)), rest)
		if err := os.WriteFile("spoilt/records.jsonl", []byte(line), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range results.Columns(results.Identity{}) {
		if c.Name == "trial" || c.Name == "seed" {
			continue // another draw of the setting: the record is then one that is missing, which is said
		}
		value := `"forged"`
		if c.Numeric() {
			value = "77"
		} else if strings.Contains(object, `"`+c.Name+`":true`) || strings.Contains(object, `"`+c.Name+`":false`) {
			value = fmt.Sprint(strings.Contains(object, `"`+c.Name+`":false`))
		}
		forge(c.Name, value)
		for i, answer := range answers(t, "spoilt") {
			if made := editedCommands[i][0] == "plan" || editedCommands[i][0] == "tiny.yaml"; answer != noticed && !made {
				t.Errorf("%s forged: %v did not notice", c.Name, editedCommands[i])
			}
		}
	}
	for _, column := range []string{"rel_sq_error", "rel_error", "max_v", "saturated", "dead", "bits_per_weight"} {
		forge(column, "77")
		for i, answer := range answers(t, "spoilt") {
			if answer != noticed {
				t.Errorf("%s forged: %v did not notice", column, editedCommands[i])
			}
		}
	}
}
