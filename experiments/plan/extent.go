// extent.go multiplies out what the axes of a config span before any of it is made:
// a grid too large to be meant is refused at the cost of reading its axes.

package plan

import (
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"spfq/experiments/config"
	"spfq/experiments/grid"
	"spfq/results"
)

// maxSizes bounds the sizes of layers of all settings together: each setting has
// the list of those of its network.
const maxSizes = 10 * grid.MaxCells

// unbounded stands for all numbers from here on.
const unbounded = 1e18

// times multiplies two numbers, each at most unbounded.
func times(a, b uint64) uint64 {
	if hi, lo := bits.Mul64(a, b); hi == 0 {
		return min(lo, unbounded)
	}
	return unbounded
}

// count counts the identities that span would visit, without visiting them: an axis
// on whose value nothing depends multiplies what the axes behind it span. unbounded
// stands for more than a million of them visited, hence at least as many there.
func (w *walker) count(dims []dimension, id results.Identity) uint64 {
	visited := 0
	return w.countFrom(dims, id, &visited)
}

func (w *walker) countFrom(dims []dimension, id results.Identity, visited *int) uint64 {
	if len(dims) == 0 {
		*visited++
		return 1
	}
	d, rest := dims[0], dims[1:]
	if !d.row.Only.Holds(&id) {
		return w.countFrom(rest, id, visited)
	}
	_, zipped := w.group[d.path]
	if !zipped && !slices.ContainsFunc(rest, func(o dimension) bool { return o.row.Only != nil && o.row.Only.Column == d.row.Column }) {
		return times(uint64(len(d.values)), w.countFrom(rest, id, visited))
	}
	var sum uint64
	for i := range w.axis(d.path, len(d.values)) {
		next := id
		d.row.Set(&next, d.values[i])
		if sum = min(sum+w.countFrom(rest, next, visited), unbounded); *visited > grid.MaxCells {
			return unbounded
		}
	}
	return sum
}

// extent is how much axes span.
type extent struct {
	settings, variants uint64
	sizes              uint64 // of layers, at most, of all settings together
	axes               string // which multiply to that, each with its number of values
}

func (e extent) cells() uint64 { return times(e.settings, e.variants) }

// extentOf counts what axes span, of which those of a zip group move together.
func extentOf(a config.Axes, zip [][]string) extent {
	ofSettings, ofAlphabets := settingDimensions(a), alphabetDimensions(a)
	e := extent{settings: newWalker(zip).count(ofSettings, results.Blank())}
	var methods uint64
	for i, m := range a.Methods {
		dims := methodDimensions(i, m)
		methods = min(unbounded, methods+newWalker(zip).count(dims, results.Blank()))
		e.variants = min(unbounded, e.variants+newWalker(zip).count(slices.Concat(dims, ofAlphabets), results.Blank()))
	}
	e.sizes = times(e.settings, uint64(mostSizes(a)))
	axes := factors(ofSettings, zip)
	if methods > 1 { // with the axes of each
		axes = append(axes, "methods "+number(methods))
	}
	e.axes = strings.Join(append(axes, factors(ofAlphabets, zip)...), " × ")
	return e
}

// mostSizes is the most sizes of layers that a network has.
func mostSizes(a config.Axes) int {
	most := 1
	for _, layers := range a.At("network.layers") {
		if n, err := strconv.Atoi(layers); err == nil {
			most = max(most, n+1)
		}
	}
	for _, sizes := range a.At("network.widths") {
		most = max(most, strings.Count(sizes, "-")+1)
	}
	return most
}

// factors names the axes of several values, each with their number, those that move
// together once.
func factors(dims []dimension, zip [][]string) (out []string) {
	for _, d := range dims {
		g := slices.IndexFunc(zip, func(paths []string) bool { return slices.Contains(paths, d.path) })
		name := d.path
		if g >= 0 {
			if d.path != zip[g][0] && slices.ContainsFunc(dims, func(o dimension) bool { return o.path == zip[g][0] }) {
				continue
			}
			name = strings.Join(zip[g], " with ")
		}
		if len(d.values) > 1 {
			out = append(out, fmt.Sprintf("%s %d", name, len(d.values)))
		}
	}
	return out
}

// number writes a count for messages.
func number(n uint64) string {
	if n < unbounded {
		return strconv.FormatUint(n, 10)
	}
	return fmt.Sprintf("far more than %d", grid.MaxCells)
}

// check says what is wrong with an extent; it is empty if nothing is.
func (e extent) check() string {
	const advice = "want fewer values, or axes that move together (sweep.zip)"
	switch {
	case e.cells() > grid.MaxCells:
		return fmt.Sprintf("the axes span %s settings and %s variants (%s), %s cells, more than %d: %s",
			number(e.settings), number(e.variants), e.axes, number(e.cells()), grid.MaxCells, advice)
	case e.sizes > maxSizes:
		return fmt.Sprintf("the axes span %s settings (%s) of up to %d sizes of layers, %s sizes, more than %d: %s, or fewer layers",
			number(e.settings), e.axes, e.sizes/e.settings, number(e.sizes), maxSizes, advice)
	}
	return ""
}

// checkExtent refuses a specification whose grid, or whose grid with all that its
// sweep includes, is too large. Cells that several of these span count for each.
func checkExtent(s *config.Spec, fail func(key, format string, args ...any)) {
	whole := extentOf(s.Axes, s.Sweep.Groups())
	if text := whole.check(); text != "" {
		fail("", "%s", text)
		return
	}
	if s.Sweep == nil {
		return
	}
	cells, sizes := whole.cells(), whole.sizes
	for i := range s.Sweep.Include {
		in := &s.Sweep.Include[i]
		more := extentOf(in.Axes, in.Zip(s.Sweep.Zip))
		if text := more.check(); text != "" {
			fail(fmt.Sprintf("sweep.include[%d]", i), "%s", text)
			return
		}
		cells, sizes = cells+more.cells(), sizes+more.sizes
	}
	if cells > grid.MaxCells || sizes > maxSizes {
		fail("sweep.include", "the grid and %d inclusions span %d cells and %d sizes of layers, more than %d and %d: want fewer inclusions, each of which sets more axes: one that sets none of the axes of settings or of variants spans all of those",
			len(s.Sweep.Include), cells, sizes, grid.MaxCells, maxSizes)
	}
}

// maxChecks bounds how often conditions are held against cells.
const maxChecks = 1_000_000_000

// checkConditions says if so many conditions are too many for a grid; what names
// them.
func checkConditions(g *grid.Grid, n int, what string) string {
	cells := len(g.Settings) * len(g.Variants)
	if n*cells <= maxChecks {
		return ""
	}
	return fmt.Sprintf("%d %s about a grid of %d cells are %d comparisons, more than %d: want fewer, of conditions with lists of values", n, what, cells, n*cells, maxChecks)
}
