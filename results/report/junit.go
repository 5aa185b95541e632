// junit.go writes verdicts as JUnit XML, which CI systems show as tests. It writes
// the elements and attributes that all these systems read, in the order that the
// schema of Jenkins demands.

package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"spfq/internal/display"
	"spfq/results"
)

// Suite is a list of checks with a name of its own.
type Suite struct {
	Name  string
	Time  time.Time // when the session began whose run is checked
	Host  string    // the machine that it ran on
	Cases []Case
}

// Case is one check. At most one of Failure, Error and Skipped is set, to the
// message of a check that failed, that could not be made, or that did not decide.
// If none is set, the check passed.
type Case struct {
	Class, Name             string
	Failure, Error, Skipped string
	Text                    string // details, in lines
}

// ClaimsSuite has a case for each claim. A refuted claim fails; an inconclusive
// one is skipped, or fails if strict.
func ClaimsSuite(run results.Manifest, claims []results.Claim, strict bool) Suite {
	s := Suite{Name: run.Name, Time: run.Start, Host: run.Host}
	for i, c := range claims {
		k := Case{Class: run.Name + "." + c.Kind, Name: fmt.Sprintf("%d. %s", i+1, c.Statement)}
		message := ClaimLine(c)
		switch {
		case c.Verdict == results.Refuted || c.Verdict == results.Inconclusive && strict:
			k.Failure = message
		case c.Verdict == results.Inconclusive:
			k.Skipped = message
		}
		k.Text = message
		for _, note := range c.Notes {
			k.Text += "\n" + note
		}
		s.Cases = append(s.Cases, k)
	}
	return s
}

// ClaimLine says in a line what was found about a claim, and what was demanded.
func ClaimLine(c results.Claim) string {
	line := c.Verdict
	if !c.Estimate.IsMissing() {
		line += fmt.Sprintf(": %s is %s", c.Quantity, bracket(float64(c.Estimate), float64(c.Lo), float64(c.Hi)))
		if !c.Confidence.IsMissing() {
			line += fmt.Sprintf(" (%.4g%%)", 100*float64(c.Confidence))
		}
	}
	if c.Demanded != "" {
		line += ", demanded " + c.Demanded
	}
	return line
}

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Name    string       `xml:"name,attr"`
	Counts  junitCounts  `xml:",any,attr"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name      string      `xml:"name,attr"`
	Counts    junitCounts `xml:",any,attr"`
	Timestamp string      `xml:"timestamp,attr"` // UTC, without zone, as the schema has it
	Hostname  string      `xml:"hostname,attr"`
	Cases     []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string       `xml:"classname,attr"`
	Name    string       `xml:"name,attr"`
	Time    string       `xml:"time,attr"`
	Failure *junitResult `xml:"failure"`
	Error   *junitResult `xml:"error"`
	Skipped *junitResult `xml:"skipped"`
	Out     string       `xml:"system-out,omitempty"`
}

type junitResult struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// junitCounts are the attributes tests, failures, errors, skipped and time.
type junitCounts []xml.Attr

// countsOf counts cases by outcome.
func countsOf(cases []Case) junitCounts {
	var failures, errors, skipped int
	for _, c := range cases {
		switch {
		case c.Failure != "":
			failures++
		case c.Error != "":
			errors++
		case c.Skipped != "":
			skipped++
		}
	}
	var out junitCounts
	for _, a := range []struct {
		name string
		n    int
	}{{"tests", len(cases)}, {"failures", failures}, {"errors", errors}, {"skipped", skipped}, {"time", 0}} {
		out = append(out, xml.Attr{Name: xml.Name{Local: a.name}, Value: fmt.Sprint(a.n)})
	}
	return out
}

// JUnit writes suites as JUnit XML. All times in it are 0, since judging takes next
// to none.
func JUnit(w io.Writer, suites []Suite) error {
	var all []Case
	out := junitSuites{Name: "runexp"}
	for _, s := range suites {
		all = append(all, s.Cases...)
		js := junitSuite{Name: display.Terminal(s.Name), Counts: countsOf(s.Cases), Timestamp: s.Time.UTC().Format("2006-01-02T15:04:05"), Hostname: display.Terminal(s.Host)}
		for _, c := range s.Cases {
			for _, text := range []*string{&c.Class, &c.Name, &c.Failure, &c.Error, &c.Skipped, &c.Text} {
				*text = display.Terminal(*text) // XML can hold no control characters, and a log may show it
			}
			jc := junitCase{Class: c.Class, Name: c.Name, Time: "0"}
			switch {
			case c.Failure != "":
				jc.Failure = &junitResult{c.Failure, "failure", c.Text}
			case c.Error != "":
				jc.Error = &junitResult{c.Error, "error", c.Text}
			case c.Skipped != "":
				jc.Skipped = &junitResult{c.Skipped, "", c.Text}
			default:
				jc.Out = c.Text
			}
			js.Cases = append(js.Cases, jc)
		}
		out.Suites = append(out.Suites, js)
	}
	out.Counts = countsOf(all)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(out); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
