package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"spfq/experiments"
	"spfq/results"
)

const docs = "../../docs/"

// found reads docs/findings.json: the claims of every config, as make reproduce
// found them.
func found(t *testing.T) map[string]results.RunSummary {
	t.Helper()
	data, err := os.ReadFile(docs + "findings.json")
	if err != nil {
		t.Fatal(err)
	}
	var s results.Summary
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	runs := map[string]results.RunSummary{}
	for _, r := range s.Runs {
		runs[r.Name] = r
	}
	return runs
}

// docs/findings.json has the findings of the configs as they are now. A config that
// was changed must be run again.
func TestFindingsAreOfTheseConfigs(t *testing.T) {
	runs := found(t)
	files, err := filepath.Glob("../../configs/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, f := range files {
		p, err := experiments.Load(f, nil)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if r, ok := runs[p.Spec.Name]; !ok || r.ConfigHash != p.Spec.Hash() {
			t.Errorf("%s: docs/findings.json holds a run of config %q, this is %s: make reproduce && make findings, and read the change", f, r.ConfigHash, p.Spec.Hash())
		}
	}
	if len(files) != len(runs) {
		t.Errorf("%d configs, and findings of %d", len(files), len(runs))
	}
}

// mark matches a number or a verdict of a document and the place in
// findings.json that it comes from, as 0.97<!--config/2/estimate-->; claims
// count from 1. A factor may follow: 97<!--config/2/estimate*100-->.
var mark = regexp.MustCompile(`([-−]?[0-9][0-9.,]*(?:e[-−]?[0-9]+)?|[a-z]+)<!--([a-z_0-9]+)/([0-9]+)/([a-z_]+)(\*[0-9.]+)?-->`)

// stale returns what is wrong with the marked numbers of a text.
func stale(text string, runs map[string]results.RunSummary) (wrong []string, checked int) {
	for _, m := range mark.FindAllStringSubmatch(text, -1) {
		shown, run, field := m[1], m[2], m[4]
		n, _ := strconv.Atoi(m[3])
		if n < 1 || n > len(runs[run].Claims) {
			wrong = append(wrong, fmt.Sprintf("%s: no claim %s/%d", m[0], run, n))
			continue
		}
		claim := runs[run].Claims[n-1]
		column, ok := results.Lookup(&claim, field)
		if !ok {
			wrong = append(wrong, fmt.Sprintf("%s: claims have no %s", m[0], field))
			continue
		}
		checked++
		v, numeric := column.Number(&claim)
		if !numeric {
			if want := column.Text(&claim); shown != want {
				wrong = append(wrong, fmt.Sprintf("%s: it is %s", m[0], want))
			}
			continue
		}
		if m[5] != "" {
			f, _ := strconv.ParseFloat(m[5][1:], 64)
			v *= f
		}
		shown = strings.ReplaceAll(strings.ReplaceAll(shown, "−", "-"), ",", "")
		have, err := strconv.ParseFloat(shown, 64)
		// The number shown may be off by half a unit in its last place.
		unit := 1.0
		mantissa, exponent, _ := strings.Cut(shown, "e")
		if _, decimals, ok := strings.Cut(mantissa, "."); ok {
			unit = math.Pow10(-len(decimals))
		}
		if e, err := strconv.Atoi(exponent); err == nil {
			unit *= math.Pow10(e)
		}
		if err != nil || !(math.Abs(have-v) <= unit*0.5001) {
			wrong = append(wrong, fmt.Sprintf("%s: it is %v", m[0], v))
		}
	}
	return wrong, checked
}

// Every marked number in README.md, docs/findings.md and docs/theory.md is what
// the runs found.
func TestNumbersInDocuments(t *testing.T) {
	runs := found(t)
	for file, least := range map[string]int{"../../README.md": 8, docs + "findings.md": 30, docs + "theory.md": 20} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		wrong, checked := stale(string(data), runs)
		for _, w := range wrong {
			t.Errorf("%s: %s", file, w)
		}
		if checked < least {
			t.Errorf("%s: %d marked numbers, want at least %d", file, checked, least)
		}
	}
}

// The check of marked numbers can fail.
func TestStaleNumbersAreSeen(t *testing.T) {
	runs := map[string]results.RunSummary{"a": {Claims: []results.Claim{{Estimate: 0.1234, Verdict: results.Supported, Trials: 1200}}}}
	for text, want := range map[string]int{
		"0.12<!--a/1/estimate-->": 0, "0.123<!--a/1/estimate-->": 0, "0.124<!--a/1/estimate-->": 1,
		"−0.12<!--a/1/estimate-->": 1, "12.3<!--a/1/estimate*100-->": 0, "1.23e-1<!--a/1/estimate-->": 0,
		"1,200<!--a/1/trials-->": 0, "supported<!--a/1/verdict-->": 0, "refuted<!--a/1/verdict-->": 1,
		"1<!--a/2/estimate-->": 1, "1<!--b/1/estimate-->": 1, "1<!--a/1/nothing-->": 1,
	} {
		if wrong, _ := stale(text, runs); len(wrong) != want {
			t.Errorf("%s: %v, want %d mistakes", text, wrong, want)
		}
	}
}
