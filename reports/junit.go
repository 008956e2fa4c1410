package reports

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"touchstone/scoring"
)

// Checked is a wave that was held against checks, for the reports that
// programs read.
type Checked struct {
	Wave    string
	Started time.Time
	Sites   []CheckedSite // in the panel's order
	Results []scoring.CheckResult
}

// A CheckedSite is a site with its verdict.
type CheckedSite struct {
	ID, Name string
	Score    scoring.SiteScore
}

// suites gives the panel, and after it whatever else the results speak of: a
// site that is not in the wave, or "" for a check that found none.
func (c *Checked) suites() []CheckedSite {
	all := slices.Clone(c.Sites)
	for _, r := range c.Results {
		if !slices.ContainsFunc(all, func(s CheckedSite) bool { return s.ID == r.Site }) {
			all = append(all, CheckedSite{ID: r.Site, Name: c.name(r.Site)})
		}
	}
	return all
}

// of gives the results of one site.
func (c *Checked) of(site string) []scoring.CheckResult {
	var out []scoring.CheckResult
	for _, r := range c.Results {
		if r.Site == site {
			out = append(out, r)
		}
	}
	return out
}

// The elements that readers of JUnit's XML agree on.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name       string          `xml:"name,attr"`
		Tests      int             `xml:"tests,attr"`
		Failures   int             `xml:"failures,attr"`
		Errors     int             `xml:"errors,attr"`
		Skipped    int             `xml:"skipped,attr"`
		Timestamp  string          `xml:"timestamp,attr,omitempty"`
		Properties []junitProperty `xml:"properties>property,omitempty"`
		Cases      []junitCase     `xml:"testcase"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Class   string     `xml:"classname,attr"`
		Name    string     `xml:"name,attr"`
		Failure *junitNote `xml:"failure"`
		Error   *junitNote `xml:"error"`
		Skipped *junitNote `xml:"skipped"`
		Out     string     `xml:"system-out,omitempty"`
	}
	junitNote struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes the checks as JUnit's XML: a suite a site, a case a scenario
// and check. A failure is the site's, an error is ours (we could not test), and
// what is still pending or switched off is skipped.
func JUnit(w io.Writer, c *Checked) error {
	all := junitSuites{Name: "touchstone wave " + c.Wave}
	for _, s := range c.suites() {
		suite := junitSuite{Name: cmp.Or(s.Name, s.ID), Properties: []junitProperty{{"wave", c.Wave}}}
		if !c.Started.IsZero() {
			suite.Timestamp = c.Started.UTC().Format("2006-01-02T15:04:05")
		}
		if s.Score.State != "" {
			suite.Properties = append(suite.Properties, junitProperty{"site", s.ID}, junitProperty{"state", string(s.Score.State)})
		}
		if s.Score.State == scoring.Scored {
			suite.Properties = append(suite.Properties, junitProperty{"score", strconv.FormatFloat(s.Score.Score, 'f', 1, 64)}, junitProperty{"grade", s.Score.Grade})
		}
		for _, r := range c.of(s.ID) {
			suite.add(r)
		}
		all.Tests += suite.Tests
		all.Failures += suite.Failures
		all.Errors += suite.Errors
		all.Skipped += suite.Skipped
		all.Suites = append(all.Suites, suite)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return fmt.Errorf("write JUnit XML: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *junitSuite) add(r scoring.CheckResult) {
	c := junitCase{Class: cmp.Or(r.Site, "panel"), Name: place(r) + r.Check.ID}
	if r.Scenario != "" {
		c.Class += "." + r.Scenario
	}
	note := &junitNote{Message: finding(r), Text: rule(r.Check)}
	s.Tests++
	switch r.State {
	case "passed":
		c.Out = finding(r)
	case "warned":
		c.Out = "warning: " + finding(r)
	case "failed":
		note.Type = r.Check.Kind
		c.Failure = note
		s.Failures++
	case "pending":
		c.Skipped = &junitNote{Message: "pending: " + finding(r)}
		s.Skipped++
	case "off":
		c.Skipped = &junitNote{Message: "switched off"}
		s.Skipped++
	default:
		note.Type = "inconclusive"
		c.Error = note
		s.Errors++
	}
	s.Cases = append(s.Cases, c)
}

// place names the probe of a check on a fact: "buy-to-payment/2: ".
func place(r scoring.CheckResult) string {
	switch {
	case r.Scenario == "":
		return ""
	case r.Repeat > 1:
		return fmt.Sprintf("%s/%d: ", r.Scenario, r.Repeat)
	}
	return r.Scenario + ": "
}

// finding says in words what a check found.
func finding(r scoring.CheckResult) string {
	if r.Got == "" {
		return r.Reason
	}
	text := r.Got + ", wanted " + r.Check.Op + " " + limit(r.Check)
	if r.Reason != "" {
		text += " (" + r.Reason + ")"
	}
	return text
}

// rule gives a check as one writes it: "fact:web.lcp <= 2500 ms".
func rule(c scoring.Check) string {
	on := c.Kind
	if c.Name != "" {
		on += ":" + c.Name
	}
	return on + " " + c.Op + " " + limit(c)
}

func limit(c scoring.Check) string {
	if c.Kind == "grade" {
		return c.Grade
	}
	text := strconv.FormatFloat(c.Limit, 'g', -1, 64)
	if c.Unit != "" {
		text += " " + string(c.Unit)
	}
	return text
}
