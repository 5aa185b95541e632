// naming.go decides what the methods of a run are called, which identity columns
// tell its cells apart, and in which order methods and cells are listed.

package report

import (
	"cmp"
	"slices"
	"strings"

	"spfq/results"
)

// identityColumns are the columns of results.Identity but the trial, over which
// everything is averaged. The columns that experimenters think in come first:
// where columns determine each other, as width and widths or bits and K do, these
// are the ones shown.
var identityColumns = func() []results.Column {
	first := []string{"method", "bits", "width", "layers", "samples"}
	rank := func(c results.Column) int {
		if i := slices.Index(first, c.Name); i >= 0 {
			return i
		}
		return len(first)
	}
	cols := slices.DeleteFunc(results.Columns(&results.Identity{}), func(c results.Column) bool { return c.Name == "trial" })
	slices.SortStableFunc(cols, func(a, b results.Column) int { return cmp.Compare(rank(a), rank(b)) })
	return cols
}()

// choiceColumns are the columns that make a method: its name and its choices. They
// show in the method's label and not in columns or panels.
var choiceColumns = results.MethodColumns()

// choices are the names of choiceColumns.
var choices = func() (names []string) {
	for _, c := range choiceColumns {
		names = append(names, c.Name)
	}
	return names
}()

// column returns the identity column called name.
func column(name string) results.Column {
	i := slices.IndexFunc(identityColumns, func(c results.Column) bool { return c.Name == name })
	return identityColumns[i]
}

// naming gives every method of a run its label: the method's name, followed by
// those of its choices that differ within the run among methods of this name.
// Tables have the labels in the column called variant.
type naming struct {
	differ map[string][]string          // name of a method -> choices that differ
	labels []string                     // all labels, in the order of compareMethods
	of     map[string]*results.Identity // label -> an identity that it stands for
}

// namingOf collects the labels of all records, searches and bounds of a run.
func namingOf(run Run) naming {
	var ids []*results.Identity
	for i := range run.Records {
		ids = append(ids, &run.Records[i].Identity)
	}
	for i := range run.Searches {
		ids = append(ids, &run.Searches[i].Identity)
	}
	for _, c := range run.Claims {
		for i := range c.Bounds {
			ids = append(ids, &c.Bounds[i].Identity)
		}
	}
	n := naming{differ: map[string][]string{}, of: map[string]*results.Identity{}}
	seen := map[string]map[string]string{} // method -> choice -> the first value
	for _, id := range ids {
		if seen[id.Method] == nil {
			seen[id.Method] = map[string]string{}
		}
		for _, c := range choiceColumns[1:] {
			choice, text := c.Name, c.Text(id)
			first, ok := seen[id.Method][choice]
			if !ok {
				seen[id.Method][choice] = text
			} else if text != first && !slices.Contains(n.differ[id.Method], choice) {
				n.differ[id.Method] = append(n.differ[id.Method], choice)
			}
		}
	}
	for _, id := range ids {
		label := n.label(id)
		if _, ok := n.of[label]; !ok {
			n.of[label] = id
			n.labels = append(n.labels, label)
		}
	}
	slices.SortFunc(n.labels, func(a, b string) int { return compareMethods(n.of[a], n.of[b]) })
	return n
}

// label is the label of an identity's method in this run.
func (n naming) label(id *results.Identity) string {
	differ := n.differ[id.Method]
	if len(differ) == 0 {
		return id.Method
	}
	parts := []string{id.Method}
	for _, choice := range choices[1:] {
		if slices.Contains(differ, choice) {
			parts = append(parts, choiceText(id, choice))
		}
	}
	return strings.Join(parts, ", ")
}

// describe is a label followed by all choices that it stands for, in parentheses.
func (n naming) describe(label string) string {
	parts := []string{"alignment " + n.of[label].Align}
	for _, choice := range choices[2:] {
		parts = append(parts, choiceText(n.of[label], choice))
	}
	return label + " (" + strings.Join(parts, ", ") + ")"
}

// choiceText is a choice of an identity's method in words.
func choiceText(id *results.Identity, choice string) string {
	text := column(choice).Text(id)
	switch choice {
	case "align":
		if text == "none" {
			return "no alignment"
		}
		return text
	case "feedback":
		if id.Feedback {
			return "feedback"
		}
		return "no feedback"
	case "rounding":
		return text + " rounding"
	}
	return text + " order"
}

// compareMethods orders identities by method: by methodRank, then by name, and
// methods of the same name by their choices.
func compareMethods(a, b *results.Identity) int {
	order := cmp.Compare(methodRank(a.Method), methodRank(b.Method))
	for _, c := range choiceColumns {
		order = cmp.Or(order, cmp.Compare(c.Text(a), c.Text(b)))
	}
	return order
}

// methodRank is the place of a method in every list: SPFQ, which the paper is about,
// comes before its baselines, and these before methods unknown here.
func methodRank(method string) int {
	ranked := [...]string{"spfq", "gpfq", "stochastic", "rtn"}
	if i := slices.Index(ranked[:], method); i >= 0 {
		return i
	}
	return len(ranked)
}

// compareCells orders the identities of cells by method, then by the identity
// columns in their order.
func compareCells(a, b *results.Identity) int {
	order := compareMethods(a, b)
	for _, c := range identityColumns {
		if order != 0 {
			break
		}
		order = compareColumn(c, a, b)
	}
	return order
}

// compareColumn orders identities by a column: as numbers if it holds numbers, else
// as texts.
func compareColumn(c results.Column, a, b *results.Identity) int {
	if x, ok := c.Number(a); ok {
		y, _ := c.Number(b)
		return cmp.Compare(x, y) // NaN, a missing value, comes first
	}
	return cmp.Compare(c.Text(a), c.Text(b))
}

// distinguishingColumns returns the columns, other than choices, that tell
// identities apart if their values in the columns called given are known. A column
// is left out if it has one value, or if its value follows from the given columns
// and the distinguishing ones before it. That it follows from the method is no
// reason to leave it out: a column in which two methods differ is shown, or the
// reader would not see that they differ.
func distinguishingColumns(ids []*results.Identity, given ...string) []results.Column {
	known := results.Together(len(ids))
	for _, g := range given {
		known = known.And(results.PartitionBy(ids, column(g)))
	}
	var shown []results.Column
	for _, c := range identityColumns {
		if slices.Contains(choices, c.Name) || slices.Contains(given, c.Name) {
			continue
		}
		if values := results.PartitionBy(ids, c); !known.Determines(values) {
			known = known.And(values)
			shown = append(shown, c)
		}
	}
	return shown
}

// columnTitle is the value of a column in words, for the title of a panel, such as
// "N = 64" or "4 bits".
func columnTitle(c results.Column, id *results.Identity) string {
	text := c.Text(id)
	if symbol, ok := symbols[c.Name]; ok && text != "" {
		return symbol + " = " + text
	}
	switch {
	case c.Name == "bits" && text == "inf":
		return "infinite alphabet"
	case c.Name == "bits":
		return text + " bits"
	case text == "":
		return "no " + c.Name
	}
	return c.Name + " " + text
}

// symbols are the symbols of numeric columns in titles.
var symbols = map[string]string{
	"width": "N", "layers": "L", "samples": "m", "dimension": "d", "step": "δ", "C": "C", "quantile": "p", "K": "K",
}

// columnTitles joins the titles of several columns.
func columnTitles(cols []results.Column, id *results.Identity) string {
	parts := make([]string, len(cols))
	for i, c := range cols {
		parts[i] = columnTitle(c, id)
	}
	return strings.Join(parts, ", ")
}
