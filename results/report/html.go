// html.go writes report.html, one page with everything about a run, which loads
// no other file.

package report

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"spfq/internal/display"
	"spfq/results"
)

// PageFile is the file name of a run's page.
const PageFile = results.PageFile

var (
	//go:embed page/page.html
	pageHTML string
	//go:embed page/page.css
	pageCSS string
	//go:embed page/page.js
	pageJS string
)

// pageTemplate escapes each value for the place where it stands, so that names and
// error messages, which come from configs, appear as text and never as markup.
var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// A page is what the template shows.
type page struct {
	Style  template.CSS
	Script template.JS
	Policy string // what a browser may load: the style and the script above

	Name, About string
	Counts      []verdictCount
	Missing     string // how many trials are missing, in sentences; empty if none
	Failed      string // how many records failed, in a sentence; empty if none

	Claims   tableView
	Figures  []figureView
	Tables   []tableView // tables with rows, without that of the claims
	Failures tableView   // records and searches that failed
	Gaps     tableView   // trials that are missing
	Skipped  []string    // tables and figures that were not made or lack something, and why

	Command, Config string
	Manifest        []fact
	Modules         []fact   // Go modules that runexp is built from, with versions
	Earlier         []string // earlier sessions that left records, a line each
}

// A verdictCount is the number of claims of one verdict.
type verdictCount struct {
	Verdict string
	N       int
}

// A fact is a name with its value.
type fact struct{ Name, Value string }

// writePage writes the page of a run from its tables and figures, and from the
// lines that say what was skipped.
func writePage(w io.Writer, run Run, n naming, tables []table, figures []figure, skipped []string) error {
	style := inkVariables() + pageCSS
	p := page{
		Style: template.CSS(style), Script: template.JS(pageJS), Policy: policy(style, pageJS),
		Name: cmp.Or(run.Name, "A run"), About: run.About, Counts: verdicts(run.Claims),
		Missing: run.missing(), Claims: claimsView(run), Skipped: skipped,
		Command: run.Command, Config: run.Config, Manifest: manifestFacts(run.Manifest),
	}
	for _, f := range figures {
		p.Figures = append(p.Figures, f.view(run))
	}
	for _, t := range tables {
		if v := t.view(); t.name != "claims" && len(t.rows) > 0 {
			v.Files = tableFiles(t)
			p.Tables = append(p.Tables, v)
		}
	}
	failures := failuresTable(run, n)
	if len(failures.rows) > 0 {
		p.Failed = fmt.Sprintf("%d of %d records failed; they count in no mean.", len(failures.rows), len(run.Records)+len(run.Searches))
	}
	p.Failures, p.Gaps = failures.view(), missingTable(run).view()
	for _, path := range slices.Sorted(maps.Keys(run.Manifest.Dependencies)) {
		p.Modules = append(p.Modules, fact{path, run.Manifest.Dependencies[path]})
	}
	for _, m := range run.Earlier {
		p.Earlier = append(p.Earlier, fmt.Sprintf("%s, %s, revision %s", duration(m), m.Host, m.Source()))
	}
	showStrings(reflect.ValueOf(&p).Elem())
	return pageTemplate.Execute(w, p)
}

// showStrings shows the control characters in all texts and markup below v (see
// display.Graphic), as the template escapes only what HTML gives a meaning. Style and
// script stay: the policy has their hashes.
func showStrings(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			showStrings(v.Field(i))
		}
	case reflect.Slice:
		if v.Len() > 0 { // the page has lists in common with tables that are written meanwhile
			own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(own, v)
			v.Set(own)
		}
		for i := range v.Len() {
			showStrings(v.Index(i))
		}
	case reflect.String:
		if t := v.Type(); t != reflect.TypeFor[template.CSS]() && t != reflect.TypeFor[template.JS]() {
			v.SetString(display.Graphic(v.String()))
		}
	}
}

// policy is a content security policy that forbids a browser to load anything, and
// to apply or run any style and script but ours. Should the escaping ever let
// markup through, no script in it runs.
func policy(style, script string) string {
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return fmt.Sprintf("default-src 'none'; img-src data:; style-src %s; script-src %s; base-uri 'none'; form-action 'none'", hash(style), hash(script))
}

// inkVariables declares the colours of style.go as variables of the style sheet.
func inkVariables() string {
	var lines []string
	for c, name := range inks {
		r, g, b, _ := c.RGBA()
		lines = append(lines, fmt.Sprintf("--%s: #%02x%02x%02x;", name, r>>8, g>>8, b>>8))
	}
	slices.Sort(lines)
	return ":root { " + strings.Join(lines, " ") + " }\n"
}

// verdicts counts the claims of each verdict that occurs.
func verdicts(claims []results.Claim) []verdictCount {
	var counts []verdictCount
	for _, verdict := range []string{results.Supported, results.Refuted, results.Inconclusive} {
		n := 0
		for _, c := range claims {
			if c.Verdict == verdict {
				n++
			}
		}
		if n > 0 {
			counts = append(counts, verdictCount{verdict, n})
		}
	}
	return counts
}

// tableFiles lists the files of a table, by paths relative to the page.
func tableFiles(t table) []string {
	var files []string
	for _, f := range forms {
		files = append(files, "tables/"+t.name+f.ext)
	}
	return files
}

// failuresTable has a row for each record or search that failed.
func failuresTable(run Run, n naming) table {
	t := table{name: "failures", title: caption(run, "failures"), empty: "nothing failed"}
	var all, ids []*results.Identity
	var errs []string
	for i := range run.Records {
		r := &run.Records[i]
		all = append(all, &r.Identity)
		if r.Error != "" {
			ids, errs = append(ids, &r.Identity), append(errs, r.Error)
		}
	}
	for i := range run.Searches {
		s := &run.Searches[i]
		all = append(all, &s.Identity)
		if s.Error != "" {
			ids, errs = append(ids, &s.Identity), append(errs, "bit search: "+s.Error)
		}
	}
	shown := distinguishingColumns(all)
	t.cols = []col{{name: "variant"}}
	for _, c := range shown {
		t.cols = append(t.cols, col{name: c.Name})
	}
	t.cols = append(t.cols, col{name: "trial"}, col{name: "error"})
	order := make([]int, len(ids))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(compareCells(ids[i], ids[j]), cmp.Compare(ids[i].Trial, ids[j].Trial), cmp.Compare(errs[i], errs[j]))
	})
	for _, i := range order {
		row := []value{words(n.label(ids[i]))}
		for _, c := range shown {
			row = append(row, identityValue(c, ids[i]))
		}
		t.rows = append(t.rows, append(row, number(float64(ids[i].Trial)), words(errs[i])))
	}
	return t
}

// manifestFacts lists what a manifest says of a session; nothing if the manifest is
// empty.
func manifestFacts(m results.Manifest) []fact {
	if m.Start.IsZero() {
		return nil
	}
	revision := m.Source()
	if m.Diff != "" {
		revision += " (how, in manifest.json)"
	}
	platform := m.Platform
	if m.GOAMD64 != "" {
		platform += " " + m.GOAMD64
	}
	return []fact{
		{"session", m.Hash},
		{"config", m.ConfigHash},
		{"seed", fmt.Sprint(m.Seed)},
		{"version", m.Version},
		{"revision", revision},
		{"algorithms, random streams", fmt.Sprintf("version %d, version %d", m.Algorithm, m.Streams)},
		{"Go, platform", m.Go + ", " + platform},
		{"host, system", m.Host + ", " + m.OS},
		{"processor, memory", fmt.Sprintf("%s, %d cores, %.3g GiB", m.Processor, m.Cores, float64(m.Memory)/(1<<30))},
		{"kernel (vector instructions)", m.Kernel},
		{"workers", fmt.Sprint(m.Workers)},
		{"time", duration(m)},
	}
}

// duration says when a session began and ended, and how long it took.
func duration(m results.Manifest) string {
	const layout = "2006-01-02 15:04:05 UTC"
	begun := m.Start.UTC().Format(layout)
	if m.End == nil {
		return begun + ", not finished"
	}
	return fmt.Sprintf("%s to %s (%s)", begun, m.End.UTC().Format(layout), m.End.Sub(m.Start).Round(time.Millisecond))
}
