// random_sweep_test.go holds what a sweep leaves of the grid against the rows of
// configs without it. All is without claims, which say nothing of the grid.

package experiments_test

import (
	"fmt"
	"maps"
	"slices"
)

// parts runs a config for each value of one axis, or of two that are zipped, by
// itself: the whole is their union.
func (c *trail) parts() {
	d := *c.config
	d.claims = nil
	var together [][]axis // what takes its values one by one
	for _, a := range d.all() {
		if len(a.values) > 1 && !slices.ContainsFunc(d.zip, func(z axis) bool { return z.path == a.path }) {
			together = append(together, []axis{a})
		}
	}
	if len(d.zip) > 0 {
		together = append(together, d.zip)
	}
	if len(together) == 0 {
		return
	}
	group := pick(c.gen, together)
	part := d
	if len(group) > 1 {
		part.zip = nil
	}
	var each [][]string // the changes for each part
	for i := range group[0].values {
		var sets []string
		for _, a := range group {
			sets = append(sets, a.path+"=["+a.values[i]+"]")
		}
		if !accepted(c.T, part.String(), sets...) {
			return // as a condition or an inclusion of the whole has no place in it
		}
		each = append(each, sets)
	}
	c.had["parts"] = true
	dir := c.folder()
	for _, sets := range each {
		c.runAs(part.String(), dir, execution{sets: sets})
	}
	if v := c.runAs(d.String(), dir, execution{}); v.Rows != v.Failed || v.Others > 0 {
		c.Errorf("after its parts by %s, %d rows of the whole are to be run and %d are others; the whole is\n%s", group[0].path, v.Rows, v.Others, &d)
	}
}

// swept runs a config with and without its conditions and its inclusion.
func (c *trail) swept() {
	d := *c.config
	d.claims = nil
	if d.where == nil && d.exclude == nil && d.include == nil {
		return
	}
	grid := d
	grid.where, grid.exclude, grid.include = nil, nil, nil
	included, wider := grid, []string(nil) // the grid of the inclusion
	if d.include != nil {
		wider = []string{d.include.path + "=" + d.include.list()}
		if slices.ContainsFunc(d.zip, func(z axis) bool { return z.path == d.include.path }) {
			included.zip = nil // a group holds for the axes that the inclusion does not set: here for one
		}
	}
	if !accepted(c.T, grid.String()) || !accepted(c.T, included.String(), wider...) {
		return // as the inclusion takes keys away with its axis, dimension with source
	}
	c.had["swept"] = true
	identities := func(config *draw, sets []string, keep func(row map[string]string) bool) map[string]bool {
		dir := c.folder()
		c.runAs(config.String(), dir, execution{sets: sets})
		out := map[string]bool{}
		for _, row := range c.table(dir, "records.csv") {
			if keep(row) {
				out[fmt.Sprint(identityOf(row))] = true
			}
		}
		return out
	}
	want := identities(&grid, nil, func(row map[string]string) bool {
		return (d.where == nil || d.where.holds(row)) && (d.exclude == nil || !d.exclude.holds(row))
	})
	if d.include != nil {
		maps.Copy(want, identities(&included, wider, func(row map[string]string) bool {
			return d.include.where == nil || d.include.where.holds(row)
		}))
	}
	have := identities(&d, nil, func(map[string]string) bool { return true })
	if !maps.Equal(have, want) {
		c.Errorf("the sweep leaves %d rows, want %d:\n%v\nwant\n%v", len(have), len(want), have, want)
	}
}

// identityOf is a row of records.csv by the columns of its identity.
func identityOf(row map[string]string) []string {
	var out []string
	for _, column := range append(slices.Clone(settingColumns), "trial", "method", "align", "feedback", "rounding", "order",
		"step", "C", "quantile", "bits", "levels", "K", "activation_bits") {
		out = append(out, column+"="+row[column])
	}
	return out
}
