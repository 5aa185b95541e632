// key.go names records by what determines them.

package experiments

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"spfq/internal/rng"
	"spfq/results"
)

// keyTexts are what the keys of a plan's records are hashes of: what determines
// a record and nothing else. Names of configs, comments and claims are no part
// of it, so that changing those leaves every record as good as it was.
type keyTexts struct {
	cells, variants, searches []string
	versions                  string // ends every key
}

// versionsText ends every key: no record of other versions of the algorithms and
// random streams is ever taken for one of these.
func versionsText(algorithm, streams int) string {
	return "algorithm=" + strconv.Itoa(algorithm) + " streams=" + strconv.Itoa(streams)
}

// keyTexts are those of records that this program makes.
func (p *Plan) keyTexts() keyTexts {
	t := keyTexts{versions: versionsText(AlgorithmVersion, rng.Version)}
	text := func(id *results.Identity, ofVariant bool) string {
		var b strings.Builder
		for _, c := range results.Columns(results.Identity{}) {
			if variantColumns[c.Name] == ofVariant && c.Name != "trial" {
				b.WriteString(c.Name + "=" + c.Text(id) + " ")
			}
		}
		return b.String()
	}
	for c := range p.grid.cellIDs {
		t.cells = append(t.cells, text(&p.grid.cellIDs[c], false))
	}
	for v := range p.grid.variantIDs {
		t.variants = append(t.variants, text(&p.grid.variantIDs[v], true))
	}
	for _, s := range p.Searches {
		var id partIdentity
		id.setVariant(s.Variant)
		t.searches = append(t.searches, text((*results.Identity)(&id), true)+"factor="+results.Num(s.Factor).String()+" ")
	}
	return t
}

func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:8])
}

// cellKey is the key of a cell, for reading.
func (p *Plan) cellKey(c int) string { return digest(p.keys.cells[c], p.keys.versions) }

// recordKey is the key of the record of variant v of the plan on a task. A
// certified record has what the other lacks: the two differ.
func (p *Plan) recordKey(t Task, v int, certified bool) string {
	what := "record "
	if certified {
		what = "certified record "
	}
	return digest(what, p.keys.cells[t.Cell], p.keys.variants[v], "trial="+strconv.Itoa(t.Trial)+" ", p.keys.versions)
}

// searchKey is the key of the outcome of search s of the plan on a task.
func (p *Plan) searchKey(t Task, s int) string {
	return digest("search ", p.keys.cells[t.Cell], p.keys.searches[s], "trial="+strconv.Itoa(t.Trial)+" ", p.keys.versions)
}
