// random_test.go draws whole configs at random and holds the laws that every run
// of every config obeys: whatever a folder went through before, it yields the same
// for a config; what Preview announces is what Execute runs; nothing is lost.
//
// Each config has a seed of its own, from 1 on, which is the name of its subtest.
// `go test` draws defaultConfigs of them; RUNEXP_RANDOM=1000 draws 1000:
//
//	RUNEXP_RANDOM=1000 go test -run TestRandomConfigs ./experiments
//	RUNEXP_RANDOM=1000 go test -run 'TestRandomConfigs/^812$' ./experiments
//
// The generator is in random_config_test.go, the laws of sweeps in
// random_sweep_test.go.

package experiments_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"spfq/experiments"
	"spfq/results"
)

// defaultConfigs is how many configs `go test` draws: a few seconds' worth.
const defaultConfigs = 25

func TestRandomConfigs(t *testing.T) {
	count := defaultConfigs
	if testing.Short() {
		count = 5 // as the race detector takes ten times as long
	}
	if text := os.Getenv("RUNEXP_RANDOM"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("RUNEXP_RANDOM=%s: want a number of configs", text)
		}
		count = n
	}
	// A run forces its files to the disk again and again: memory serves as well.
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		t.Setenv("TMPDIR", "/dev/shm")
	}
	seen := tally{}
	for seed := range count {
		t.Run(strconv.Itoa(seed+1), func(t *testing.T) {
			g := &generator{rand.New(rand.NewPCG(uint64(seed+1), 0)), seen}
			newTrail(t, g).laws()
		})
	}
	if seen["config"] < defaultConfigs {
		return // some subtests alone
	}
	t.Logf("of %d configs: %v", seen["config"], seen)
	// A generator that is refused, or draws nothing worth a test, holds no law.
	for _, want := range []struct {
		share    float64
		of, what string // what, by word
	}{
		{0.3, "config drawn", "config"}, {0.2, "claim drawn", "claim"},
		{0.5, "config", "interrupted narrowed sibling parts"},
		{0.04, "config", "swept searches certified failed changed zip where exclude include widths subspace data-step"},
	} {
		for what := range strings.FieldsSeq(want.what) {
			if float64(seen[what]) < want.share*float64(seen[want.of]) {
				t.Errorf("%s: %d of %d (%s), want a share of %v", what, seen[what], seen[want.of], want.of, want.share)
			}
		}
	}
}

// tally counts what the configs had.
type tally map[string]int

// trail is a config with the folders that it is run in.
type trail struct {
	*testing.T
	gen    *generator
	config *draw
	want   string          // what a folder yields for it
	had    map[string]bool // what the runs of the config had, for the tally
}

func newTrail(t *testing.T, g *generator) *trail {
	c := &trail{T: t, gen: g, config: g.config(t), had: map[string]bool{}}
	t.Cleanup(func() {
		for what, had := range c.had {
			if had {
				g.seen[what]++
			}
		}
		if t.Failed() {
			t.Logf("the config of %s:\n%s", t.Name(), c.config)
		}
	})
	return c
}

// laws runs the config by itself, and then after other runs in its folder.
func (c *trail) laws() {
	dir := c.folder()
	c.run(dir, execution{})
	c.want = c.yield(dir)
	c.again(dir)
	c.resolved(dir)
	c.interrupted()
	c.narrowed()
	c.widened()
	c.siblings()
	c.parts()
	c.swept()
}

// same holds that a folder yields what it did by one run.
func (c *trail) same(dir, story string) {
	c.Helper()
	if got := c.yield(dir); got != c.want {
		c.Errorf("%s: the folder yields other than by one run: %s", story, firstDifference(got, c.want))
	}
}

// again runs the config where nothing is missing: what failed is run, or nothing,
// or all.
func (c *trail) again(dir string) {
	for _, ex := range []experiments.Execution{{Rerun: "failed"}, {Rerun: "none"}, {Rerun: "all"}} {
		v := c.run(dir, execution{Execution: ex})
		rows := map[string]int{"failed": v.Failed, "all": v.Done + v.Failed}[string(ex.Rerun)]
		if v.New+v.Changed+v.Others > 0 || v.Rows != rows {
			c.Errorf("again, --rerun %s: %d rows are to be run of %+v, and there are %d others", ex.Rerun, v.Rows, v.Tally, v.Others)
		}
		c.same(dir, fmt.Sprintf("again, --rerun %s", ex.Rerun))
	}
}

// resolved runs the config that the folder keeps: it is the same config.
func (c *trail) resolved(dir string) {
	path := filepath.Join(dir, "config.yaml")
	text := c.read(path)
	if v := c.runAs(text, dir, execution{Execution: experiments.Execution{Rerun: "none"}}); v.Rows+v.New+v.Changed+v.Others > 0 {
		c.Errorf("by the resolved config %d rows are to be run of %+v, and there are %d others", v.Rows, v.Tally, v.Others)
	}
	if again := c.read(path); again != text {
		c.Errorf("the resolved config resolves to another: %s", firstDifference(again, text))
	}
	c.same(dir, "by the resolved config")
}

// interrupted stops a run once or twice, and then goes on.
func (c *trail) interrupted() {
	dir := c.folder()
	for range 1 + c.gen.IntN(2) {
		c.run(dir, execution{stopAfter: 1 + c.gen.IntN(8)})
	}
	c.run(dir, execution{})
	c.same(dir, "interrupted")
}

// narrowed runs less of the config before it and after it, which loses nothing.
func (c *trail) narrowed() {
	sets := c.gen.narrower(c.T, c.config)
	if sets == nil {
		return
	}
	c.had["narrowed"] = true
	dir, story := c.folder(), fmt.Sprintf("after --set %q", sets)
	c.run(dir, execution{sets: sets})
	c.run(dir, execution{})
	c.same(dir, story)
	whole := c.lines(dir)
	c.run(dir, execution{sets: sets})
	c.keeps(c.reproducible(c.lines(dir)), c.reproducible(whole), story)
	c.run(dir, execution{})
	c.same(dir, story+" again")
}

// widened runs more than the config before it.
func (c *trail) widened() {
	dir, sets := c.folder(), c.gen.wider(c.T, c.config)
	c.run(dir, execution{sets: sets})
	c.run(dir, execution{})
	c.same(dir, fmt.Sprintf("after --set %q", sets))
}

// siblings runs configs before it that differ from it in the value of one axis.
func (c *trail) siblings() {
	dir := c.folder()
	for range 3 {
		if sets := c.gen.sibling(c.T, c.config); sets != nil {
			c.had["sibling"] = true
			c.run(dir, execution{sets: sets})
		}
	}
	c.run(dir, execution{})
	c.same(dir, "after siblings")
}

// folder returns a path where nothing is.
func (c *trail) folder() string { return filepath.Join(c.TempDir(), "run") }

// execution says how a run is made. Its folder is filled in, and its number of
// workers is drawn.
type execution struct {
	experiments.Execution
	sets      []string
	stopAfter int // tasks, 0 for none
}

// run runs the config.
func (c *trail) run(dir string, ex execution) *experiments.Preview {
	c.Helper()
	return c.runAs(c.config.String(), dir, ex)
}

// runAs looks at a folder and then runs a config in it, and holds what was
// announced against what was run.
func (c *trail) runAs(config, dir string, ex execution) *experiments.Preview {
	c.Helper()
	ex.Dir, ex.Workers = dir, 1+c.gen.IntN(5)
	story := fmt.Sprintf("run with --set %q on %d workers in %s", ex.sets, ex.Workers, dir)
	p, err := experiments.Parse("random.yaml", []byte(config), ex.sets)
	if err != nil {
		c.Fatalf("%s: %v", story, err)
	}
	v, err := p.Preview(context.Background(), ex.Execution)
	if err != nil || v.Refused != nil {
		c.Fatalf("%s: preview: %v, %v", story, err, v)
	}
	c.had["changed"] = c.had["changed"] || v.Changed > 0

	before := c.lines(dir)
	started, done, appended := -1, 0, 0
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	ex.Started = func(done, total int) { started = done }
	ex.Progress = func(u experiments.Progress) {
		if done++; u.Done == u.Total {
			appended = len(c.lines(dir)) - len(before)
		}
		if done == ex.stopAfter {
			stop()
		}
	}
	_, _, err = p.Execute(ctx, ex.Execution)
	if ex.stopAfter > 0 && experiments.Interrupted(err) {
		c.had["interrupted"] = true
		m, _, err := experiments.Open(dir)
		if err != nil {
			c.Fatalf("%s: reading what it left: %v", story, err)
		}
		if have, want := len(m.Records)+len(m.Searches), len(c.rows(c.lines(dir))); have != want {
			c.Errorf("%s: it left %d rows, and %d are read", story, want, have)
		}
		return v
	}
	if err != nil {
		c.Fatalf("%s: %v", story, err)
	}
	if started != v.Tasks-v.ToRun || done != v.ToRun || appended != v.Rows {
		c.Errorf("%s: %d tasks of %d and %d rows were announced; %d were done already, %d were run, and %d lines were appended",
			story, v.ToRun, v.Tasks, v.Rows, started, done, appended)
	}
	after := c.lines(dir)
	rows := c.rows(after)
	if want := v.New + v.Done + v.Changed + v.Failed + v.Others; len(after) != want || len(rows) != want {
		c.Errorf("%s: the folder holds %d lines of %d rows, want %+v and %d others", story, len(after), len(rows), v.Tally, v.Others)
	}
	keys := map[string]bool{}
	for _, line := range after {
		var provenance results.Provenance
		if err := json.Unmarshal(line, &provenance); err != nil || keys[provenance.Key] {
			c.Errorf("%s: the key of a line is that of another, %v: %s", story, err, line)
		}
		keys[provenance.Key] = true
	}
	c.keeps(rows, c.rows(before), story)
	c.settings(story, v, ex)
	return v
}

// keeps holds that what was there is there.
func (c *trail) keeps(is, was map[string]bool, story string) {
	c.Helper()
	for what := range was {
		if !is[what] {
			c.Errorf("%s: lost is %s", story, what)
			return
		}
	}
}

// settings holds what was announced of each setting against the rows that the
// session made of it. Rows come in the order of the plan.
func (c *trail) settings(story string, v *experiments.Preview, ex execution) {
	c.Helper()
	type runs struct{ made, all int }
	session, ok, err := results.ReadManifest(ex.Dir)
	if err != nil || !ok {
		c.Fatalf("%s: manifest: %v", story, err)
	}
	var order []string
	have := map[string]runs{}
	for _, name := range []string{"records.csv", "searches.csv"} {
		for _, row := range c.table(ex.Dir, name) {
			setting := ""
			for _, column := range settingColumns {
				setting += column + "=" + row[column] + " "
			}
			r, ok := have[setting]
			if !ok {
				order = append(order, setting)
			}
			if r.all++; row["manifest"] == session.Hash {
				r.made++
			}
			have[setting] = r
			if strings.HasPrefix(row["error"], "internal error") {
				c.Errorf("%s: %s", story, row["error"])
			}
			c.had["failed"] = c.had["failed"] || row["error"] != ""
			c.had["searches"] = c.had["searches"] || name == "searches.csv"
		}
	}
	for _, row := range c.table(ex.Dir, "layers.csv") {
		c.had["certified"] = c.had["certified"] || row["observed"] != ""
	}
	if len(order) != len(v.Settings) {
		c.Errorf("%s: %d settings were announced, and there are %d", story, len(v.Settings), len(order))
		return
	}
	for i, setting := range order {
		var want runs
		for _, g := range v.Settings[i].Groups {
			want.made += g.Slots * (g.New + g.Changed)
			if ex.Rerun != "none" {
				want.made += g.Slots * g.Failed
			}
			if ex.Rerun == "all" {
				want.made += g.Slots * g.Done
			}
			want.all += g.Slots * (g.New + g.Changed + g.Failed + g.Done)
		}
		if have[setting] != want {
			c.Errorf("%s: of setting %d, %s, %d rows of %d were announced, and %d of %d were run", story, i, setting, want.made, want.all, have[setting].made, have[setting].all)
		}
	}
}

// settingColumns are the columns that say what is drawn, the trial apart.
var settingColumns = []string{"width", "widths", "layers", "weights", "biases", "activation",
	"source", "dimension", "noise", "samples", "test_samples", "seed"}

// yield returns what a folder holds of its config: all that is reproducible of
// its tables, and its claims.
func (c *trail) yield(dir string) string {
	c.Helper()
	var out strings.Builder
	for _, name := range []string{"records.csv", "layers.csv", "searches.csv"} {
		table := c.cells(dir, name)
		for _, row := range table {
			out.WriteString(name)
			for i, value := range row {
				if column := table[0][i]; column != "manifest" && !strings.HasSuffix(column, "seconds") {
					out.WriteString("," + value)
				}
			}
			out.WriteByte('\n')
		}
	}
	out.WriteString(c.read(filepath.Join(dir, "claims.json")))
	return out.String()
}

// cells reads a CSV file, its header first; nil if there is none.
func (c *trail) cells(dir, name string) [][]string {
	c.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if errors.Is(err, fs.ErrNotExist) && name == "searches.csv" {
		return nil
	}
	var table [][]string
	if err == nil {
		table, err = csv.NewReader(bytes.NewReader(data)).ReadAll()
	}
	if err != nil {
		c.Fatal(err)
	}
	return table
}

// table reads a CSV file: each row as its values by column.
func (c *trail) table(dir, name string) (rows []map[string]string) {
	c.Helper()
	table := c.cells(dir, name)
	for i := 1; i < len(table); i++ {
		row := map[string]string{}
		for j, column := range table[0] {
			row[column] = table[i][j]
		}
		rows = append(rows, row)
	}
	return rows
}

// lines are the lines of a folder's records and searches.
type lines [][]byte

func (c *trail) lines(dir string) (out lines) {
	c.Helper()
	for _, name := range []string{"records.jsonl", "searches.jsonl"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			c.Fatal(err)
		}
		out = slices.AppendSeq(out, bytes.Lines(data))
	}
	return out
}

// rows returns the identities of lines, with the factor of a search.
func (c *trail) rows(of lines) map[string]bool {
	c.Helper()
	out := map[string]bool{}
	for _, line := range of {
		var row struct {
			results.Identity
			Factor *results.Num
		}
		if err := json.Unmarshal(line, &row); err != nil {
			c.Fatalf("%v: %s", err, line)
		}
		text := fmt.Sprintf("%+v", row.Identity)
		if row.Factor != nil {
			text += fmt.Sprintf(" factor: %v", *row.Factor)
		}
		out[text] = true
	}
	return out
}

// reproducible returns lines without their times and sessions. What failed is
// left out: it is run again, perhaps without a certificate.
func (c *trail) reproducible(of lines) map[string]bool {
	c.Helper()
	out := map[string]bool{}
	for _, line := range of {
		var values map[string]any
		if err := json.Unmarshal(line, &values); err != nil {
			c.Fatalf("%v: %s", err, line)
		}
		if values["error"] != "" {
			continue
		}
		delete(values, "manifest")
		delete(values, "seconds")
		layers, _ := values["per_layer"].([]any)
		for _, layer := range layers {
			delete(layer.(map[string]any), "layer_seconds")
		}
		out[fmt.Sprint(values)] = true // in the order of the keys
	}
	return out
}

func (c *trail) read(path string) string {
	c.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		c.Fatal(err)
	}
	return string(data)
}

// firstDifference shows the first lines in which two texts differ.
func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d is\n%s\nwant\n%s", i+1, a[i], b[i])
		}
	}
	return fmt.Sprintf("there are %d lines, want %d; from there on\n%s", len(a), len(b),
		strings.Join(slices.Concat(a[min(len(a), len(b)):], b[min(len(a), len(b)):]), "\n"))
}
