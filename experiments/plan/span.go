// span.go spans the axes of a config. The cells of the grid are all settings with all
// variants, unless a sweep says otherwise.

package plan

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"spfq/experiments/config"
	"spfq/experiments/grid"
	"spfq/results"
)

// walker visits combinations of the values of axes, in which the axes of a zip group move
// together.
type walker struct {
	group map[string]int // for the key path of an axis in a zip group, the number of the group
	at    []int          // for each group, the number of the values at which its axes stand; −1 while none of them has been visited
}

func newWalker(zip [][]string) *walker {
	w := &walker{group: map[string]int{}}
	for g, paths := range zip {
		w.at = append(w.at, -1)
		for _, p := range paths {
			w.group[p] = g
		}
	}
	return w
}

// axis visits the numbers of the n values of an axis. If the axis is in a group of which
// another axis has been visited, it visits only the number at which the group stands.
func (w *walker) axis(path string, n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		g, zipped := w.group[path]
		if zipped && w.at[g] >= 0 {
			yield(w.at[g])
			return
		}
		for i := range n {
			if zipped {
				w.at[g] = i
			}
			if !yield(i) {
				break
			}
		}
		if zipped {
			w.at[g] = -1
		}
	}
}

// dimension is an axis that is to be spanned, with its values.
type dimension struct {
	row    *results.Axis
	path   string // the key path, as methods.0.align
	values []string
}

// span visits the identities that the dimensions span, starting from id; the last
// dimension moves fastest. An axis whose condition is not met, as the levels of the
// infinite alphabet, is passed over: its column stays empty, and it does not move its
// group. span returns false if yield did.
func (w *walker) span(dims []dimension, id results.Identity, yield func(results.Identity) bool) bool {
	if len(dims) == 0 {
		id.Derive()
		return yield(id)
	}
	d := dims[0]
	if !d.row.Only.Holds(&id) {
		return w.span(dims[1:], id, yield)
	}
	for i := range w.axis(d.path, len(d.values)) {
		next := id
		d.row.Set(&next, d.values[i])
		if !w.span(dims[1:], next, yield) {
			return false
		}
	}
	return true
}

// dimensions lists the axes of one part of the identity that have values, in the order of
// the table. path returns the key path of a row.
func dimensions(values map[string][]string, part results.Part, path func(*results.Axis) string) []dimension {
	var out []dimension
	for i := range results.Axes {
		row := &results.Axes[i]
		if v := values[row.Path]; row.Path != "" && row.Part() == part && len(v) > 0 {
			out = append(out, dimension{row, path(row), v})
		}
	}
	return out
}

// settingDimensions are the axes of networks and data.
func settingDimensions(a config.Axes) []dimension {
	return dimensions(a.Values, results.OfSetting, func(row *results.Axis) string { return row.Path })
}

// alphabetDimensions are the axes of alphabets.
func alphabetDimensions(a config.Axes) []dimension {
	return dimensions(a.Values, results.OfVariant, func(row *results.Axis) string { return row.Path })
}

// methodDimensions are the axes of the i-th method.
func methodDimensions(i int, m map[string][]string) []dimension {
	return dimensions(m, results.OfVariant, func(row *results.Axis) string {
		return fmt.Sprintf("%s.%d.%s", row.Section(), i, row.Name())
	})
}

// settings visits the settings that the axes of networks and data span.
func settings(a config.Axes, w *walker, yield func(results.Identity) bool) {
	w.span(settingDimensions(a), results.Blank(), yield)
}

// variants visits the variants that the axes of methods and alphabets span, method by
// method.
func variants(a config.Axes, w *walker, yield func(results.Identity) bool) {
	alphabets := alphabetDimensions(a)
	for i, m := range a.Methods {
		if !w.span(slices.Concat(methodDimensions(i, m), alphabets), results.Blank(), yield) {
			return
		}
	}
}

// choices says what a variant's method chooses: each column that makes a method, except
// its name, with its value.
func choices(id *results.Identity) string {
	var out []string
	for _, c := range results.MethodColumns() {
		if c.Name != "method" {
			out = append(out, c.Name+" "+c.Text(id))
		}
	}
	return strings.Join(out, ", ")
}

// problem is a mistake at a key path of the config; "" stands for the config as a whole.
type problem struct{ key, text string }

func (p *problem) Error() string { return p.text }

// span returns the grid that the axes span; their extent was checked before. The axes of a
// zip group move together, even if some of them are axes of settings and others axes of
// variants.
func span(seed uint64, a config.Axes, zip [][]string) (*grid.Grid, *problem) {
	var g struct {
		settings []results.Setting
		variants []results.Variant
	}
	var settingAt, variantAt [][]int // for each setting and variant, walker.at: where the groups stand
	var bad *problem
	w := newWalker(zip)
	settings(a, w, func(id results.Identity) bool {
		bad = checkSetting(&id.Setting)
		g.settings, settingAt = append(g.settings, id.Setting), append(settingAt, slices.Clone(w.at))
		return bad == nil
	})
	seen := map[results.Variant]bool{}
	w = newWalker(zip)
	if bad == nil {
		variants(a, w, func(id results.Identity) bool {
			if v := id.Variant; seen[v] {
				bad = &problem{"methods", v.Method + " with " + choices(&id) + " is listed twice"}
			}
			seen[id.Variant] = true
			g.variants, variantAt = append(g.variants, id.Variant), append(variantAt, slices.Clone(w.at))
			return bad == nil
		})
	}
	if bad != nil {
		return nil, bad
	}
	together := func(s, v int) bool {
		for i, at := range settingAt[s] {
			if other := variantAt[v][i]; at >= 0 && other >= 0 && at != other {
				return false
			}
		}
		return true
	}
	out, err := grid.New(seed, g.settings, g.variants, together)
	if err != nil {
		return nil, &problem{"", err.Error()}
	}
	return out, nil
}

// sweep returns the grid that the axes of a config span, narrowed and widened by its
// sweep. It reports mistakes, and returns nil if there are any.
func sweep(s *config.Spec, report func(key, format string, args ...any)) *grid.Grid {
	failed := false
	fail := func(key, format string, args ...any) {
		failed = true
		report(key, format, args...)
	}
	if checkExtent(s, fail); failed {
		return nil
	}
	g, bad := span(s.Seed, s.Axes, s.Sweep.Groups())
	if bad != nil {
		fail(bad.key, "%s", bad.text)
		return nil
	}
	if s.Sweep != nil {
		g = narrow(s, g, fail)
	}
	if failed {
		return nil
	}
	var moves [][]string
	for _, group := range s.Sweep.Groups() {
		var columns []string
		for _, path := range group {
			columns = append(columns, rowAt(path).Moves()...)
		}
		moves = append(moves, columns)
	}
	g.Zip(moves)
	return g
}

// rowAt returns the row of the axis at a key path, as network.width or
// methods.0.align.
func rowAt(path string) *results.Axis {
	parts := strings.Split(path, ".")
	if _, err := strconv.Atoi(parts[1]); err == nil {
		parts = slices.Delete(parts, 1, 2)
	}
	row, ok := results.AxisAt(strings.Join(parts, "."))
	if !ok {
		panic("plan: no axis at " + path)
	}
	return row
}

// narrow returns the grid to which the conditions and inclusions of the sweep have been
// applied.
func narrow(s *config.Spec, g *grid.Grid, fail func(key, format string, args ...any)) *grid.Grid {
	fits := func(key string, g *grid.Grid, w results.Where) bool {
		for _, c := range w {
			if results.AxisOf(c.Column).Part() == results.OfDraw {
				fail(key+"."+c.Column, "%s is no axis: a sweep narrows networks, data and variants", c.Column)
				return false
			}
		}
		return checkWhere(g, w, key, fail)
	}
	if len(s.Sweep.Where) > 0 && fits("sweep.where", g, s.Sweep.Where) {
		g.Narrow(s.Sweep.Where, true)
	}
	if text := checkConditions(g, len(s.Sweep.Exclude), "exclusions"); text != "" {
		fail("sweep.exclude", "%s", text)
		return g
	}
	for i, w := range s.Sweep.Exclude {
		fits(fmt.Sprintf("sweep.exclude[%d]", i), g, w)
	}
	for _, w := range s.Sweep.Exclude {
		g.Narrow(w, false)
	}
	var more []*grid.Grid
	var from []string // the key of the inclusion of each
	for i := range s.Sweep.Include {
		in, key := &s.Sweep.Include[i], fmt.Sprintf("sweep.include[%d]", i)
		own, bad := span(s.Seed, in.Axes, in.Zip(s.Sweep.Zip))
		if bad != nil {
			text := bad.text
			if bad.key != "" {
				text = bad.key + ": " + text
			}
			fail(key, "%s", text)
			continue
		}
		if len(in.Where) > 0 {
			if !fits(key+".where", own, in.Where) {
				continue
			}
			own.Narrow(in.Where, true)
		}
		more, from = append(more, own.Compact()), append(from, key)
	}
	added, err := g.Merge(more...)
	if err != nil {
		fail(from[len(added)], "%v", err)
	}
	for i, n := range added {
		if err == nil && n == 0 {
			fail(from[i], "adds nothing: all of it is in the grid already%s", config.LeaveSweepOut)
		}
	}
	if g = g.Compact(); g.Empty() {
		fail("sweep", "leaves nothing of the grid to run%s", config.LeaveSweepOut)
	}
	return g
}
