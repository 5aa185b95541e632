package plan_test

import (
	"os"
	"runtime"
	"testing"
	"time"

	"spfq/experiments/plan"
	"spfq/experiments/plan/plantest"
	"spfq/results"
)

// sample returns a config of experiments/testdata.
func sample(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../testdata/" + name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// endsInTime ends the tests if the function that it returns is not called within two
// minutes, a hundred times what is needed: only a hang takes as long, or work that
// grows with the square of what there is.
func endsInTime() (ended func() bool) {
	return time.AfterFunc(2*time.Minute, func() { panic("the test has not ended after two minutes") }).Stop
}

// allocated returns the bytes that f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Large grids are planned, and a million trials of them take no more memory than one
// does. A row for each trial of a single variant would take 8 MB; half of that is for
// what the runtime allocates beside.
func TestPlansFast(t *testing.T) {
	defer endsInTime()()
	for name, text := range plantest.Large {
		cells := 0
		planned := func(trials string) uint64 {
			return allocated(func() {
				p := plantest.Parse(t, text, "trials="+trials)
				p.Survey(&results.Held{}, plan.Versions).Works(plan.RerunFailed)
				cells = 0
				for _, s := range p.Settings {
					cells += len(s.Variants)
				}
			})
		}
		many, one := planned("1000000"), planned("1")
		if many > one+4<<20 {
			t.Errorf("%s: a million trials take %d bytes to plan, one takes %d", name, many, one)
		}
		t.Logf("%s: %d cells, %d bytes", name, cells, many)
	}
}

// Folders of a hundred thousand records are surveyed, in memory that grows with
// their number: ten times the records take less than twenty times the memory, where
// memory that grows with the square would be a hundred times as much.
func TestSurveysFast(t *testing.T) {
	defer endsInTime()()
	survey := func(trials string) uint64 {
		p := plantest.Parse(t, sample(t, "swept"), "trials="+trials, "data.source=gaussian", "data={samples: [3, 4, 5]}")
		held := plantest.Measure(p, func(*results.Record) {}, nil)
		bytes := allocated(func() {
			s := p.Survey(held, plan.Versions)
			records, _ := s.Measured(held)
			if len(records) != len(held.Records) {
				t.Errorf("%d of %d records were found", len(records), len(held.Records))
			}
			for _, w := range s.Works(plan.RerunFailed) {
				if w.Tasks > 0 {
					t.Fatalf("setting %d is to be run", w.Setting)
				}
			}
		})
		t.Logf("%d records: %d bytes", len(held.Records), bytes)
		return bytes
	}
	if few, many := survey("30"), survey("300"); many > 2*10*few {
		t.Errorf("ten times the records take %d bytes, those take %d", many, few)
	}
}
