// size_test.go has configs that are far larger than any that is meant, or that would
// be if all were written out. Each must be read or refused at a cost in proportion to
// its text.

package config

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// sized is a config with a value of network.width, and more text behind it.
func sized(width, more string) string {
	return "name: x\ntrials: 1\nnetwork: {layers: 1, width: " + width + "}\ndata: {samples: 4}\nalphabet: {step: 1}\nmethods: [{name: rtn}]\n" + more
}

// numbers writes n numbers from first on, separated by commas.
func numbers(first, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ",%d", first+i)
	}
	return b.String()[1:]
}

// laughs has a list of ten aliases to a list of ten aliases and so on, depth times.
func laughs(depth int) string {
	text := "x0: &x0 [1,1,1,1,1,1,1,1,1,1]\n"
	for i := range depth {
		text += fmt.Sprintf("x%d: &x%d [%s]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*x%d,", i), 10))
	}
	return text
}

// chain has lists nested 1000 deep, each around an alias to the one before.
func chain(lists int) string {
	open, end := strings.Repeat("[", 1000), strings.Repeat("]", 1000)
	text := "x0: &x0 " + open + end + "\n"
	for i := range lists {
		text += fmt.Sprintf("x%d: &x%d %s*x%d%s\n", i+1, i+1, open, i, end)
	}
	return text
}

// allocated returns the bytes that f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// endsInTime ends the tests if the function that it returns is not called within two
// minutes, about a hundred times what is needed: work that grows with the square of
// the texts below takes longer.
func endsInTime() (ended func() bool) {
	return time.AfterFunc(2*time.Minute, func() { panic("the test has not ended after two minutes") }).Stop
}

// What is short as text and large once aliases and inclusions are written out is
// refused, with what it has and what is right, before any of it is written out.
func TestExpandedSize(t *testing.T) {
	defer endsInTime()()
	const aliases = "more than 1000000 keys and values, those that aliases stand for counted as often as they are used"
	values := numbers(1, 100_000)
	for name, c := range map[string]struct{ text, want string }{
		"billion laughs":            {laughs(9) + sized("*x9", ""), aliases},
		"laughs in a claim":         {laughs(9) + sized("8", "claims: [{kind: rate, where: {width: *x9}}]\n"), aliases},
		"one condition many times":  {"w: &w {width: [" + values + "]}\n" + sized("8", "sweep: {exclude: ["+strings.Repeat("*w,", 10_000)+"]}\n"), aliases},
		"one claim many times":      {"w: &w {kind: bound, where: {width: [" + values + "]}}\n" + sized("8", "claims: ["+strings.Repeat("*w,", 10_000)+"]\n"), aliases},
		"one long text many times":  {"t: &t " + strings.Repeat("long", 100_000) + "\n" + sized("8", "sweep: {exclude: [{method: ["+strings.Repeat("*t,", 10_000)+"]}]}\n"), aliases},
		"itself":                    {sized("&w [1, *w]", ""), aliases},
		"itself, by way of another": {"a: &a [&b [*a], *b]\n" + sized("*b", ""), aliases},
		"deep":                      {chain(1500) + sized("*x1500", ""), aliases},
		"inclusions": {sized("["+values+"]", "sweep: {include: ["+strings.Repeat("{data.samples: 5},", 5_000)+"]}\n"),
			"sweep.include: 5000 inclusions, each of a network, data, alphabet and methods of 100015 keys and values, are 500075000, more than 1000000"},
	} {
		var err error
		took := allocated(func() { _, err = Parse("test.yaml", []byte(c.text), nil) })
		var bad *Error
		if !errors.As(err, &bad) || len(bad.Problems) != 1 || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %.300v\nwant %s", name, err, c.want)
		}
		// The YAML library makes a node of about 200 bytes for each two bytes of text or
		// more, and as much for its tokens. Written out, the least of these would have a
		// billion nodes.
		if limit := uint64(1000*len(c.text) + 1<<20); took > limit {
			t.Errorf("%s: %d bytes of text take %d MiB, want at most %d", name, len(c.text), took>>20, limit>>20)
		}
	}
}

// A config whose resolved form, which a run writes, would be too large to read back is
// refused at once.
func TestResolvedSize(t *testing.T) {
	text := sized("["+numbers(1, 580_000)+"]", "")
	if len(text) > maxBytes {
		t.Fatalf("the config has %d bytes, more than can be read", len(text))
	}
	_, err := Parse("test.yaml", []byte(text), nil)
	if err == nil || !strings.Contains(err.Error(), "with its defaults written out it has ") {
		t.Errorf("a config of %d bytes, written more tightly than it would be resolved: %.300v", len(text), err)
	}
}

// Aliases are read as what they stand for.
func TestAliases(t *testing.T) {
	doc, err := Parse("test.yaml", []byte(sized("[8, &w 16]", "seed: *w\nsweep: {include: [{data.samples: *w}]}\n")), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(doc.Spec.Seed, doc.Spec.Sweep.Include[0].At("data.samples")); got != "16 [16]" {
		t.Errorf("aliases of 16 are read as %s", got)
	}
}

// A list of 400,000 values, and one of ten thousand inclusions, are read, and
// a value that is in the list twice is found, wherever it stands.
func TestLongLists(t *testing.T) {
	defer endsInTime()()
	const n = 400_000 // compared in pairs, these take many minutes
	doc, err := Parse("test.yaml", []byte(sized("["+numbers(1, n)+"]", "")), nil)
	if err != nil || len(doc.Spec.At("network.width")) != n {
		t.Errorf("%d widths: %.300v", n, err)
	}
	for _, again := range []int{1, n / 2, n} {
		_, err := Parse("test.yaml", []byte(sized(fmt.Sprintf("[%s,%d]", numbers(1, n), again), "")), nil)
		var bad *Error
		if !errors.As(err, &bad) || len(bad.Problems) != 1 || bad.Problems[0].Key != fmt.Sprintf("network.width[%d]", n) || !strings.Contains(err.Error(), "is in the list twice") {
			t.Errorf("%d again at the end: %.300v", again, err)
		}
	}
	var includes strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&includes, "{network.width: %d},", 100+i)
	}
	if doc, err := Parse("test.yaml", []byte(sized("8", "sweep: {include: ["+includes.String()+"]}\n")), nil); err != nil || len(doc.Spec.Sweep.Include) != 10_000 {
		t.Errorf("inclusions: %.300v", err)
	}
}

// Of many mistakes the first thousand are told, in few words however long what is
// there, and that there are more.
func TestManyMistakes(t *testing.T) {
	defer endsInTime()()
	_, err := Parse("test.yaml", []byte(sized("["+strings.Repeat("no,", 300_000)+"]", "")), nil)
	var bad *Error
	if !errors.As(err, &bad) || len(bad.Problems) != maxProblems+1 || !strings.HasSuffix(err.Error(), "there are more mistakes than these 1000") {
		t.Errorf("mistakes: %.300v", err)
	}
	long := strings.Repeat("long", 900_000)
	for _, text := range []string{sized(long, ""), sized("8", long[:3_000_000]+": 1\n"), sized("8", "seed: \""+long+"\"\n")} {
		var bad *Error
		if _, err := Parse("test.yaml", []byte(text), nil); !errors.As(err, &bad) || len(bad.Problems) != 1 || len(bad.Problems[0].Text) > 1000 {
			t.Errorf("a long text: %.300v", err)
		}
	}
}
