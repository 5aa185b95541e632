package grid

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"spfq/results"
)

// made is the whole grid of settings of some widths, the i-th with samples[i]
// samples, and of variants of one method with some bits.
func made(t *testing.T, widths, samples []int, bits ...results.Num) *Grid {
	t.Helper()
	var settings []results.Setting
	for i, w := range widths {
		s := results.Blank().Setting
		s.Width, s.Widths, s.Layers, s.Samples = w, results.FormatSizes([]int{w, w}), 1, samples[i]
		settings = append(settings, s)
	}
	var variants []results.Variant
	for _, b := range bits {
		v := results.Blank().Variant
		v.Method, v.Bits, v.Levels, v.K = "rtn", b, "signed", int(b)
		variants = append(variants, v)
	}
	g, err := New(1, settings, variants, func(int, int) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// cells lists the cells that satisfy the conditions, as width/bits.
func cells(g *Grid, w results.Where) string {
	var out []string
	for s, v := range g.Cells(w) {
		id := g.Identity(s, v)
		out = append(out, id.Text("width")+"/"+id.Text("bits"))
	}
	return strings.Join(out, " ")
}

// A grid is narrowed, compacted and widened to the cells that are meant.
func TestCells(t *testing.T) {
	g := made(t, []int{8, 16, 32}, []int{4, 4, 4}, 3, 4)
	check := func(what, want string) {
		t.Helper()
		if got := cells(g, nil); got != want {
			t.Errorf("%s: cells %s, want %s", what, got, want)
		}
	}
	check("whole", "8/3 8/4 16/3 16/4 32/3 32/4")
	if got := cells(g, results.Where{results.On("width", "8", "32"), results.On("bits", "4")}); got != "8/4 32/4" {
		t.Errorf("cells that satisfy conditions: %s", got)
	}
	g.Narrow(results.Where{results.On("width", "16"), results.On("bits", "3")}, false)
	g.Narrow(results.Where{results.On("width", "32")}, false)
	check("without some", "8/3 8/4 16/4")
	if got := g.Values("width"); !slices.Equal(got, []string{"8", "16"}) {
		t.Errorf("widths %v are in cells, want 8 and 16", got)
	}
	g = g.Compact()
	check("compact", "8/3 8/4 16/4")
	if len(g.Settings) != 2 || len(g.Variants) != 2 {
		t.Errorf("%d settings and %d variants are left, want 2 and 2", len(g.Settings), len(g.Variants))
	}
	added, err := g.Merge(made(t, []int{16, 64}, []int{4, 4}, 4, 5))
	if err != nil || !slices.Equal(added, []int{3}) {
		t.Errorf("merging adds %d cells (%v), want 3", added, err)
	}
	check("merged", "8/3 8/4 16/4 16/5 64/4 64/5")
	if got := fmt.Sprint(g.Values("width"), g.Takes("width", "64"), g.Takes("width", "32"), g.Values("bits"), g.Any(results.Where{results.On("width", "64"), results.On("bits", "3")})); got != "[8 16 64] true false [3 4 5] false" {
		t.Errorf("merged, the columns have %s", got)
	}
	added, err = g.Merge(made(t, []int{16, 128}, []int{4, 4}, 5), made(t, []int{8, 128}, []int{4, 4}, 3, 5))
	if err != nil || !slices.Equal(added, []int{1, 2}) {
		t.Errorf("merging two grids adds %d cells (%v), want 1 and 2", added, err)
	}
	check("merged with two", "8/3 8/4 8/5 16/4 16/5 64/4 64/5 128/3 128/5")
	g.Narrow(results.Where{results.On("method", "spfq")}, true)
	if !g.Empty() || g.Any(nil) {
		t.Error("nothing was to be left")
	}
}

// A grid of too many cells is refused, also one that grows to it.
func TestMaxCells(t *testing.T) {
	settings, variants := make([]results.Setting, 1001), make([]results.Variant, 1000)
	if _, err := New(1, settings, variants, func(int, int) bool { return true }); err == nil {
		t.Errorf("%d cells are taken", len(settings)*len(variants))
	}
	for i := range settings {
		settings[i].Width = i + 1
	}
	for i := range variants {
		variants[i].K = i + 1
	}
	all := func(int, int) bool { return true }
	g, err := New(1, settings[:1000], variants, all)
	if err != nil {
		t.Fatal(err)
	}
	more, err := New(1, settings[1000:], variants, all)
	if err != nil {
		t.Fatal(err)
	}
	if added, err := g.Merge(g, more, g); err == nil || len(added) != 1 {
		t.Errorf("it grows to %d cells, by grids of which %d fit (%v), want 1", len(settings)*len(variants), len(added), err)
	}
}

// What changes along a column is what follows from it in this grid, and what a sweep
// zips with it; a series holds the values of the column where all else is alike.
func TestAlong(t *testing.T) {
	zipped := [][]string{{"width", "widths", "samples"}, {"bits", "levels", "K"}}
	for _, c := range []struct {
		name    string
		samples []int
		moves   [][]string
		column  string
		along   string
		most    int
	}{
		{"what follows", []int{4, 4, 4}, nil, "width", "width widths", 3},
		{"apart", []int{4, 5, 6}, nil, "width", "width widths", 1},
		{"zipped", []int{4, 5, 6}, zipped, "width", "samples width widths", 3},
		{"of variants", []int{4, 5, 6}, nil, "bits", "K bits levels", 2},
	} {
		g := made(t, []int{8, 16, 32}, c.samples, 3, 4)
		g.Zip(c.moves)
		if got := strings.Join(g.Along(c.column), " "); got != c.along {
			t.Errorf("%s: along %s move %s, want %s", c.name, c.column, got, c.along)
		}
		if got := g.MostValues(nil, c.column); got != c.most {
			t.Errorf("%s: a series has %d values of %s, want %d", c.name, got, c.column, c.most)
		}
	}
	g := made(t, []int{8, 16, 32}, []int{4, 4, 5}, 3, 4)
	if got := fmt.Sprint(g.MostValues(nil, "width"), g.MostValues(results.Where{results.On("width", "8", "32")}, "width")); got != "2 1" {
		t.Errorf("series have %s values of width, want 2, and 1 of widths that share no samples", got)
	}
}
