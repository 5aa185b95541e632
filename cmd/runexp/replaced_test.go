package main

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
)

// In the folder of its name a config that adds goes on; one that drops or replaces
// what was measured is refused, unless the folder is named, and nothing of it is lost.
func TestWhatWasMeasuredIsNotReplaced(t *testing.T) {
	bg := context.Background()
	if code, _, errs := runexp(t, bg, "tiny.yaml", "--quiet"); code != 0 {
		t.Fatalf("exit %d, %s", code, errs)
	}
	const dir = "results/runs/tiny"
	for _, c := range []struct {
		name string
		sets []string
		ok   bool
	}{
		{"more trials", []string{"trials=7"}, true},
		{"another width beside the others", []string{"trials=7", "network.width=[16, 32, 64, 96]"}, true},
		{"another method beside the others", []string{"trials=7", "network.width=[16, 32, 64, 96]", "methods=[{name: spfq}, {name: rtn}, {name: gpfq}]"}, true},
		{"fewer trials", []string{"network.width=[16, 32, 64, 96]", "methods=[{name: spfq}, {name: rtn}, {name: gpfq}]"}, false},
		{"other samples", []string{"trials=7", "data.samples=8"}, false},
		{"fewer widths", []string{"trials=7", "network.width=[16, 32]"}, false},
		{"another seed", []string{"trials=7", "seed=2"}, false},
		{"a method less", []string{"trials=7", "methods=[{name: rtn}]"}, false},
	} {
		args := []string{"tiny.yaml", "--quiet"}
		for _, set := range c.sets {
			args = append(args, "--set", set)
		}
		before := folder(t, dir)
		code, _, errs := runexp(t, bg, args...)
		plan, _, foreseen := runexp(t, bg, slices.Concat([]string{"plan", "tiny.yaml"}, args[2:])...)
		if c.ok != (code == 0) {
			t.Errorf("%s: exit %d, %s", c.name, code, errs)
		}
		if c.ok {
			continue
		}
		if code != exitUsage || !strings.Contains(errs, dir+": holds ") || !strings.Contains(errs, "as --out "+dir+"-") {
			t.Errorf("%s: exit %d, %s", c.name, code, errs)
		}
		if plan != exitUsage || !strings.Contains(foreseen, dir+": holds ") {
			t.Errorf("%s: plan ends with %d and says %s", c.name, plan, foreseen)
		}
		after := folder(t, dir)
		if len(before) != len(after) {
			t.Errorf("%s: %d files were there, and %d are", c.name, len(before), len(after))
		}
		for name, text := range before {
			if after[name] != text {
				t.Errorf("%s: %s was changed", c.name, name)
			}
		}
	}
	// Without the folder's config, only what is left out can tell; its own config repairs it.
	if err := os.Remove(dir + "/config.yaml"); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := runexp(t, bg, "tiny.yaml", "--quiet", "--set", "data.samples=8"); code != exitUsage || !strings.Contains(errs, "its own config cannot be read") {
		t.Errorf("without the folder's config: exit %d, %s", code, errs)
	}
	if code, _, errs := runexp(t, bg, "tiny.yaml", "--quiet", "--set", "trials=7", "--set", "network.width=[16, 32, 64, 96]", "--set", "methods=[{name: spfq}, {name: rtn}, {name: gpfq}]"); code != 0 {
		t.Errorf("the folder's config, removed: exit %d, %s", code, errs)
	}
	if code, _, errs := runexp(t, bg, "tiny.yaml", "--quiet", "--set", "data.samples=8", "--out", dir); code != 0 {
		t.Errorf("a folder that is named: exit %d, %s", code, errs)
	}
	if _, err := os.Stat(dir + "/report.html"); err != nil {
		t.Error(err)
	}
}

// A manifest that the report at the end could not read is refused before the first
// trial, not after the last.
func TestUnreadableSessionIsRefusedFirst(t *testing.T) {
	bg := context.Background()
	if code, _, errs := runexp(t, bg, "tiny.yaml", "--quiet", "--out", "run"); code != 0 {
		t.Fatalf("exit %d, %s", code, errs)
	}
	if err := os.WriteFile("run/sessions/mine.json", []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	before := folder(t, "run")
	code, _, errs := runexp(t, bg, "tiny.yaml", "--quiet", "--out", "run", "--set", "trials=7")
	if code != exitUsage || !strings.Contains(errs, "run/sessions/mine.json: not a manifest that runexp wrote") {
		t.Errorf("exit %d, %s", code, errs)
	}
	if after := folder(t, "run"); after["records.jsonl"] != before["records.jsonl"] || after["report.html"] != before["report.html"] {
		t.Error("trials were run, or the page was changed")
	}
}
