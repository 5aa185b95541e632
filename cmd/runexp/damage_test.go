package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// damaged is a run's folder, with methods that damage it.
type damaged struct {
	t   *testing.T
	dir string
}

func (d damaged) path(name string) string { return filepath.Join(d.dir, name) }

func (d damaged) read(name string) []byte {
	d.t.Helper()
	data, err := os.ReadFile(d.path(name))
	if err != nil {
		d.t.Fatal(err)
	}
	return data
}

func (d damaged) write(name string, data string) {
	d.t.Helper()
	if err := os.WriteFile(d.path(name), []byte(data), 0o644); err != nil {
		d.t.Fatal(err)
	}
}

func (d damaged) remove(name string) {
	d.t.Helper()
	if err := os.RemoveAll(d.path(name)); err != nil {
		d.t.Fatal(err)
	}
}

// replace replaces the first occurrence of old in a file, which must have one.
func (d damaged) replace(name, old, new string) {
	d.t.Helper()
	data := d.read(name)
	if !bytes.Contains(data, []byte(old)) {
		d.t.Fatalf("%s does not hold %s", name, old)
	}
	d.write(name, strings.Replace(string(data), old, new, 1))
}

// edit changes the fields of the second line of a file of JSON Lines, or of a file
// that is one JSON object.
func (d damaged) edit(name string, change func(fields map[string]any)) {
	d.t.Helper()
	lines := [][]byte{nil, d.read(name)}
	if strings.HasSuffix(name, ".jsonl") {
		lines = bytes.SplitAfterN(d.read(name), []byte("\n"), 3)
	}
	fields := map[string]any{}
	if err := json.Unmarshal(lines[1], &fields); err != nil {
		d.t.Fatal(err)
	}
	delete(fields, "sum")
	change(fields)
	line, err := json.Marshal(fields)
	if err != nil {
		d.t.Fatal(err)
	}
	if strings.HasSuffix(name, ".jsonl") {
		line = fmt.Appendf(line[:len(line)-1:len(line)-1], `,"sum":"%08x"}`, crc32.Checksum(line, crc32.MakeTable(crc32.Castagnoli)))
	}
	lines[1] = append(line, '\n')
	d.write(name, string(bytes.Join(lines, nil)))
}

// instead puts a folder, which is not empty, in the place of a file.
func (d damaged) instead(name string) {
	d.remove(name)
	if err := os.MkdirAll(d.path(name+"/within"), 0o777); err != nil {
		d.t.Fatal(err)
	}
}

// set returns a change that sets a field.
func set(key string, value any) func(map[string]any) {
	return func(fields map[string]any) {
		if _, ok := fields[key]; !ok {
			panic("no field " + key)
		}
		fields[key] = value
	}
}

// without returns a change that drops a field.
func without(key string) func(map[string]any) {
	return func(fields map[string]any) {
		if _, ok := fields[key]; !ok {
			panic("no field " + key)
		}
		delete(fields, key)
	}
}

// damageCommands are the commands that are run on each damaged folder, each on a
// copy of its own.
var damageCommands = []struct {
	name string
	args []string
}{
	{"run", []string{"tiny.yaml", "--quiet", "--out", "copy"}},
	{"report", []string{"report", "copy"}},
	{"check", []string{"check", "copy", "--strict"}},
	{"diff", []string{"diff", "good", "copy", "--strict"}},
	{"baseline", []string{"baseline", "copy", "--out", "b.json"}},
	{"summary", []string{"summary", "copy", "--out", "s"}},
	{"plan", []string{"plan", "tiny.yaml", "--out", "copy"}},
}

// damages lists the kinds of damage to a run's folder with what each command does
// then. If the command "run" ends with 0, it must have repaired the folder.
func damages() []damage {
	const (
		records, searches, manifest, claims = "records.jsonl", "searches.jsonl", "manifest.json", "claims.json"
		wrongLine                           = "copy/records.jsonl:2: not a line that runexp wrote"
		wrongSearch                         = "copy/searches.jsonl:2: not a line that runexp wrote"
	)
	line := func(name, file, says string, change func(map[string]any), codes string) damage {
		return damage{name, func(d damaged) { d.edit(file, change) }, codes, says}
	}
	return []damage{
		{"nothing", func(d damaged) {}, "0 0 0 0 0 0 0", ""},

		{"no config", func(d damaged) { d.remove("config.yaml") }, "0 2 2 2 2 2 0", "copy/config.yaml: cannot be read: no such file"},
		{"an empty config", func(d damaged) { d.write("config.yaml", "") }, "0 2 2 2 2 2 0", "copy/config.yaml: the file is empty"},
		{"a config cut off", func(d damaged) { d.write("config.yaml", string(d.read("config.yaml")[:60])) }, "0 2 2 2 2 2 0", "copy/config.yaml:"},
		{"a config of garbage", func(d damaged) { d.write("config.yaml", "\x00\xff\x01") }, "0 2 2 2 2 2 0", "copy/config.yaml: not YAML"},
		{"a config with a mistake", func(d damaged) { d.replace("config.yaml", "trials: 6", "trials: six") }, "0 2 2 2 2 2 0", "copy/config.yaml:3:9: trials: want a whole number"},
		{"a config of more trials", func(d damaged) { d.replace("config.yaml", "trials: 6", "trials: 7") }, "0 2 2 2 2 2 0", "copy/config.yaml: its hash is"},
		{"a config of another seed", func(d damaged) { d.replace("config.yaml", "seed: 1", "seed: 2") }, "0 2 2 2 2 2 0", "copy/config.yaml: its hash is"},
		{"a folder for a config", func(d damaged) { d.instead("config.yaml") }, "3 2 2 2 2 2 0", "copy/config.yaml"},

		{"no manifest", func(d damaged) { d.remove(manifest) }, "2 2 2 2 2 2 2", "copy: holds"},
		{"an empty manifest", func(d damaged) { d.write(manifest, "") }, "2 2 2 2 2 2 2", "copy/manifest.json: not a manifest"},
		{"a manifest cut off", func(d damaged) { d.write(manifest, string(d.read(manifest)[:100])) }, "2 2 2 2 2 2 2", "copy/manifest.json: not a manifest"},
		{"a manifest of garbage", func(d damaged) { d.write(manifest, "\x00\xff") }, "2 2 2 2 2 2 2", "copy/manifest.json: not a manifest"},
		{"a null for a manifest", func(d damaged) { d.write(manifest, "null") }, "2 2 2 2 2 2 2", "copy/manifest.json: not a manifest that runexp wrote (it has no hash)"},
		{"braces for a manifest", func(d damaged) { d.write(manifest, "{}") }, "2 2 2 2 2 2 2", "copy/manifest.json: not a manifest that runexp wrote (it has no hash)"},
		{"a list for a manifest", func(d damaged) { d.write(manifest, "[]") }, "2 2 2 2 2 2 2", "copy/manifest.json: not a manifest"},
		{"a folder for a manifest", func(d damaged) { d.instead(manifest) }, "2 2 2 2 2 2 2", "copy/manifest.json: cannot be read: it is no regular file"},
		{"a loop for a manifest", func(d damaged) { d.remove(manifest); os.Symlink("manifest.json", d.path(manifest)) }, "2 2 2 2 2 2 2", "copy/manifest.json: cannot be read: too many levels"},
		line("a manifest of a later algorithm", manifest, "", set("algorithm_version", 99), "2 2 2 2 2 2 2"),
		line("a manifest of no algorithm", manifest, "copy/manifest.json: not a manifest that runexp wrote (it has algorithm_version 0", set("algorithm_version", 0), "2 2 2 2 2 2 2"),
		line("a manifest of later streams", manifest, "", set("stream_version", 99), "2 2 2 2 2 2 2"),
		line("a manifest of a wrong type", manifest, "copy/manifest.json: not a manifest", set("seed", "one"), "2 2 2 2 2 2 2"),
		line("a manifest of a huge number", manifest, "copy/manifest.json: not a manifest", set("cores", 1e300), "2 2 2 2 2 2 2"),
		{"a manifest of an unfinished session", func(d damaged) {
			text := string(d.read(manifest))
			_, end, _ := strings.Cut(text, `"end": `)
			end, _, _ = strings.Cut(strings.ReplaceAll(end, ",\n", "\n"), "\n")
			d.replace(manifest, `"end": `+end, `"end": null`)
		}, "0 0 0 0 2 2 0", "copy: the run is not finished"},

		{"no records", func(d damaged) { d.remove(records) }, "0 0 1 2 2 2 0", "18 of 18 trials are missing|copy: no record is there that its config asks for"},
		{"empty records", func(d damaged) { d.write(records, "") }, "0 0 1 2 2 2 0", "18 of 18 trials are missing|copy: no record is there that its config asks for"},
		{"records cut off", func(d damaged) { d.write(records, string(d.read(records)[:40000])) }, "0 0 1 1 2 2 0", "trials are missing"},
		{"garbage for records", func(d damaged) { d.write(records, "\x00\xff\n\x01\n") }, "2 2 2 2 2 2 2", "copy/records.jsonl:1: not a line that runexp wrote"},
		{"braces for a record", func(d damaged) { d.insert(records, "{}\n") }, "2 2 2 2 2 2 2", wrongLine},
		{"null for a record", func(d damaged) { d.insert(records, "null\n") }, "2 2 2 2 2 2 2", wrongLine},
		{"a list for a record", func(d damaged) { d.insert(records, "[1]\n") }, "2 2 2 2 2 2 2", wrongLine},
		{"an empty line", func(d damaged) { d.insert(records, "\n") }, "2 2 2 2 2 2 2", wrongLine},
		{"a line that is nested deep", func(d damaged) { d.insert(records, strings.Repeat("[", 20000)+"\n") }, "2 2 2 2 2 2 2", wrongLine},
		{"text behind a record", func(d damaged) { d.replace(records, "}\n", "} x\n") }, "2 2 2 2 2 2 2", "copy/records.jsonl:1: not a line"},
		{"two records a line", func(d damaged) { d.replace(records, "}\n", "}") }, "2 2 2 2 2 2 2", "copy/records.jsonl:1: not a line"},
		{"a mark of byte order", func(d damaged) { d.write(records, "\ufeff"+string(d.read(records))) }, "2 2 2 2 2 2 2", "copy/records.jsonl:1: not a line"},
		{"line ends of Windows", func(d damaged) { d.write(records, strings.ReplaceAll(string(d.read(records)), "\n", "\r\n")) }, "0 0 0 0 0 0 0", ""},
		{"a doubled line", func(d damaged) { d.insert(records, string(bytes.SplitAfterN(d.read(records), []byte("\n"), 2)[0])) }, "0 0 0 0 0 0 0", ""},
		{"NaN for a number", func(d damaged) { d.replace(records, `"bias":`, `"bias":NaN,"x":`) }, "2 2 2 2 2 2 2", "copy/records.jsonl:1: not a line"},
		{"a number beyond all", func(d damaged) { d.replace(records, `"bias":`, `"bias":1e999,"x":`) }, "2 2 2 2 2 2 2", "copy/records.jsonl:1: not a line"},
		{"a folder for records", func(d damaged) { d.instead(records) }, "2 2 2 2 2 2 2", "copy/records.jsonl: cannot be read: it is no regular file"},
		{"a loop for records", func(d damaged) { d.remove(records); os.Symlink(records, d.path(records)) }, "2 2 2 2 2 2 2", "copy/records.jsonl: cannot be read: too many levels"},
		{"records of another run", func(d damaged) { d.write(records, string(damaged{d.t, "other"}.read(records))) }, "0 0 1 2 2 2 0", "18 of 18 trials are missing|copy: no record is there that its config asks for"},
		line("a record of a wrong type", records, wrongLine, set("width", "wide"), "2 2 2 2 2 2 2"),
		line("a record of a huge width", records, wrongLine, set("width", 1e300), "2 2 2 2 2 2 2"),
		line("a record of a fraction of a trial", records, wrongLine, set("trial", 0.5), "2 2 2 2 2 2 2"),
		line("a record with a key more", records, wrongLine, func(f map[string]any) { f["what"] = 1 }, "2 2 2 2 2 2 2"),
		line("a record without key", records, wrongLine, without("key"), "2 2 2 2 2 2 2"),
		line("a record without session", records, wrongLine, without("manifest"), "2 2 2 2 2 2 2"),
		line("a record without method", records, wrongLine, without("method"), "2 2 2 2 2 2 2"),
		line("a record without its number of layers", records, wrongLine, without("layers"), "2 2 2 2 2 2 2"),
		line("a record without its layers", records, "1 of 18 trials are missing", without("per_layer"), "0 0 1 0 2 2 0"),
		line("a record without its error", records, "copy/records.jsonl:2: not a line that runexp wrote (rel_error is", set("rel_sq_error", nil), "2 2 2 2 2 2 2"),
		line("a record of trial -1", records, "copy/records.jsonl:2: the key is not that of the record", set("trial", -1), "2 2 2 2 2 2 2"),
		line("a record of a trial too many", records, "copy/records.jsonl:2: the key is not that of the record", set("trial", 6), "2 2 2 2 2 2 2"),
		line("a record with another's key", records, "copy/records.jsonl:2: the key is not that of the record", set("key", "0123456789abcdef"), "0 2 2 2 2 2 0"),
		line("a record of another trial", records, "copy/records.jsonl:2: the key is not that of the record", func(f map[string]any) {
			f["trial"] = float64((int(f["trial"].(float64)) + 1) % 6)
		}, "0 2 2 2 2 2 0"),
		line("a record without a measured column", records, "it has no max_column_error, which lines of format 2 have", without("max_column_error"), "2 2 2 2 2 2 2"),
		line("a record without a count", records, "it has no saturated, which lines of format 2 have", without("saturated"), "2 2 2 2 2 2 2"),
		line("a record without a column of its setting", records, "it has no biases, which lines of format 2 have", without("biases"), "2 2 2 2 2 2 2"),
		line("a record without a column of a layer", records, "layer 1: it has no max_u, which lines of format 2 have", func(f map[string]any) {
			delete(f["per_layer"].([]any)[0].(map[string]any), "max_u")
		}, "2 2 2 2 2 2 2"),
		{"a record edited by hand", func(d damaged) { d.replace(records, `"samples":4`, `"samples":5`) }, "2 2 2 2 2 2 2", "copy/records.jsonl:1: not a line that runexp wrote (its checksum is not that of the line"},
		{"a record without checksum", func(d damaged) {
			line := d.read(records)
			d.write(records, string(line[:bytes.Index(line, []byte(`,"sum"`))])+"}\n"+string(line[bytes.IndexByte(line, '\n')+1:]))
		}, "2 2 2 2 2 2 2", "copy/records.jsonl:1: not a line that runexp wrote (it has no checksum"},
		{"a session of a later format", func(d damaged) {
			manifest := strings.Replace(string(d.read(manifest)), `"record_format": 2`, `"record_format": 99`, 1)
			d.write("manifest.json", manifest)
		}, "2 2 2 2 2 2 2", "copy/manifest.json: made by a newer runexp"},
		line("a record that failed", records, "copy: 1 of 72 records failed", set("error", "broken"), "0 0 1 0 2 0 0"),

		{"no searches", func(d damaged) { d.remove(searches) }, "0 0 1 0 2 2 0", "trials are missing"},
		{"searches cut off", func(d damaged) { d.write(searches, string(d.read(searches)[:1000])) }, "0 0 1 1 2 2 0", "trials are missing"},
		{"braces for a search", func(d damaged) { d.insert(searches, "{}\n") }, "2 2 2 2 2 2 2", wrongSearch},
		{"text behind a search", func(d damaged) { d.replace(searches, "}\n", "}{}\n") }, "2 2 2 2 2 2 2", "copy/searches.jsonl:1: not a line"},
		{"a folder for searches", func(d damaged) { d.instead(searches) }, "2 2 2 2 2 2 2", "copy/searches.jsonl: cannot be read"},
		line("a search with another's key", searches, "copy/searches.jsonl:2: the key is not", set("key", "0123456789abcdef"), "0 2 2 2 2 2 0"),
		line("a search without its outcome", searches, "trials are missing", set("needed_K", 0), "0 0 1 0 2 2 0"),

		{"no claims", func(d damaged) { d.remove(claims) }, "0 0 0 0 0 0 0", "copy/claims.json: cannot be read: no such file"},
		{"empty claims", func(d damaged) { d.write(claims, "") }, "0 0 0 0 0 0 0", "copy/claims.json: not the claims of a run"},
		{"claims cut off", func(d damaged) { d.write(claims, string(d.read(claims)[:100])) }, "0 0 0 0 0 0 0", "copy/claims.json: not the claims of a run"},
		{"null for claims", func(d damaged) { d.write(claims, "null") }, "0 0 0 0 0 0 0", "copy/claims.json: not the claims of a run"},
		{"a claim of no verdict", func(d damaged) { d.replace(claims, `"supported"`, `"perhaps"`) }, "0 0 0 0 0 0 0", `copy/claims.json: not the claims of a run (claim 1 has the verdict "perhaps")`},
		{"claims of others", func(d damaged) { d.write(claims, string(damaged{d.t, "other"}.read(claims))) }, "0 0 0 0 0 0 0", "copy/claims.json: not the claims of this run"},
		{"a folder for claims", func(d damaged) { d.instead(claims) }, "3 3 0 0 0 0 0", "copy/claims.json"},

		{"no sessions", func(d damaged) { d.remove("sessions") }, "0 0 0 0 0 0 0", ""},
		{"no sessions and no checksums", func(d damaged) {
			d.remove("sessions")
			d.write(records, string(regexp.MustCompile(`,"sum":"[0-9a-f]{8}"`).ReplaceAll(d.read(records), nil)))
		}, "2 2 2 2 2 2 2", "copy/records.jsonl:1: not a line that runexp wrote (it has no checksum"},
		{"a session of garbage", func(d damaged) { d.write("sessions/0123456789ab.json", "{") }, "0 2 0 0 0 0 0", "copy/sessions/0123456789ab.json: not a manifest"},
		{"a file for sessions", func(d damaged) { d.remove("sessions"); d.write("sessions", "x") }, "2 2 0 0 0 0 0", "copy/sessions"},
		{"a file for tables", func(d damaged) { d.remove("tables"); d.write("tables", "x") }, "3 3 0 0 0 0 0", "copy/tables"},
		{"a folder for the page", func(d damaged) { d.instead("report.html") }, "3 3 0 0 0 0 0", "writing copy/report.html"},
		{"no derived file", func(d damaged) {
			for _, f := range []string{"records.csv", "layers.csv", "searches.csv", "tables", "figures", "report.html"} {
				d.remove(f)
			}
		}, "0 0 0 0 0 0 0", ""},
		{"a folder for the stamp", func(d damaged) { d.instead("whole.json") }, "3 0 0 0 0 0 0", "copy/whole.json"},
		{"a folder for the lock", func(d damaged) { d.instead(".lock") }, "0 3 0 0 0 0 0", "copy/.lock"},
		{"a file for the folder", func(d damaged) { d.remove("."); os.WriteFile(d.dir, nil, 0o644) }, "2 2 2 2 2 2 2", "copy"},
	}
}

// damage is one kind of damage to a run's folder.
type damage struct {
	name  string
	do    func(d damaged)
	codes string // exit codes of damageCommands, in their order
	says  string // texts separated by |, one of which the message has if the exit code is 2 or more
}

// insert puts text in front of the second line of a file.
func (d damaged) insert(name, text string) {
	lines := bytes.SplitAfterN(d.read(name), []byte("\n"), 2)
	d.write(name, string(lines[0])+text+string(lines[1]))
}

// Whatever the damage to a run's folder, no command panics or hangs, and none to
// which the damage matters succeeds: its message names the file, and the line if the
// file has lines. A run that repairs the folder leaves it as it should be.
func TestDamage(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	bg := context.Background()
	runexp(t, bg, "--help")
	text := strings.Replace(tinyConfig, "[-0.5, 0.5]", "[-9, 9]", 1) + "  - {kind: bits_growth, where: {method: spfq}, factor: 1e9}\n"
	if err := os.WriteFile("tiny.yaml", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := runexp(t, bg, "tiny.yaml", "--quiet", "--out", "good"); code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	if code, _, errs := runexp(t, bg, "tiny.yaml", "--quiet", "--out", "other", "--set", "seed=5", "--set", "claims=[{kind: cost, where: {method: rtn}}]"); code != exitInconclusive {
		t.Fatalf("exit %d: %s", code, errs)
	}
	all := damages()
	if len(all) < 40 {
		t.Errorf("%d damages, want at least 40", len(all))
	}
	for _, c := range all {
		codes := strings.Fields(c.codes)
		for i, command := range damageCommands {
			if err := errors.Join(os.RemoveAll("copy"), os.CopyFS("copy", os.DirFS("good"))); err != nil {
				t.Fatal(err)
			}
			c.do(damaged{t, "copy"})
			type outcome struct {
				code           int
				stdout, stderr string
			}
			ended := make(chan outcome, 1)
			go func() {
				var out, errs bytes.Buffer
				code := execute(bg, command.args, &out, &errs)
				ended <- outcome{code, out.String(), errs.String()}
			}()
			var got outcome
			select {
			case got = <-ended:
			case <-time.After(time.Minute):
				t.Fatalf("%s: %s hangs", c.name, command.name)
			}
			if fmt.Sprint(got.code) != codes[i] || strings.Contains(got.stderr, "internal error") {
				t.Errorf("%s: %s: exit %d, want %s: %s", c.name, command.name, got.code, codes[i], got.stderr)
				continue
			}
			says := func(text string) bool { return strings.Contains(got.stderr, text) }
			if got.code >= 2 && !slices.ContainsFunc(strings.Split(c.says, "|"), says) {
				t.Errorf("%s: %s says %s, want %q", c.name, command.name, got.stderr, c.says)
			}
			if command.name == "run" && got.code == 0 {
				if code, _, errs := runexp(t, bg, "check", "copy", "--strict"); code != 0 {
					t.Errorf("%s: the run that made it good is not: exit %d, %s", c.name, code, errs)
				}
			}
		}
	}
}
