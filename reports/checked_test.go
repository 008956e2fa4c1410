package reports_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/reports/reporttest"
	"touchstone/scoring"
)

// checked is a wave in which a check ended in each way there is.
func checked() *reports.Checked {
	clicks := scoring.Check{ID: "few-clicks", Kind: "fact", Name: "web.clicks", Op: "<=", Limit: 12, Unit: evidence.Count, Level: "error"}
	answer := scoring.Check{ID: "answers", Kind: "mark", Name: "first-human-reply-time", Op: ">=", Limit: 50, Level: "error"}
	grade := scoring.Check{ID: "not-poor", Kind: "grade", Op: ">", Grade: "poor", Level: "warn"}
	off := scoring.Check{ID: "total", Kind: "total", Op: ">=", Limit: 70, Level: "off"}
	return &reports.Checked{
		Wave: "2026-11-02", Started: reporttest.Start,
		Sites: []reports.CheckedSite{
			{ID: "kettle-and-leaf", Name: "Kettle & Leaf", Score: scoring.SiteScore{State: scoring.Scored, Score: 81.25, Grade: "good"}},
			{ID: "hostile", Name: reporttest.Hostile, Score: scoring.SiteScore{State: scoring.NotMeasured, Reason: "1 of 2 probes could not be tested | <b>"}},
		},
		Results: []scoring.CheckResult{
			{Check: clicks, Site: "kettle-and-leaf", Scenario: "buy-to-payment", Repeat: 1, State: "passed", Got: "9 count"},
			{Check: clicks, Site: "kettle-and-leaf", Scenario: "buy-to-payment", Repeat: 2, State: "failed", Got: "14 count"},
			{Check: clicks, Site: "hostile", Scenario: "buy-to-payment", Repeat: 1, State: "inconclusive", Reason: "blocked: " + reporttest.Hostile + "\x00\x1b[2J\nnext line"},
			{Check: answer, Site: "kettle-and-leaf", State: "pending", Reason: "1 of 2 probes still open"},
			{Check: grade, Site: "kettle-and-leaf", State: "warned", Got: "poor"},
			{Check: off, Site: "hostile", State: "off"},
			{Check: answer, State: "inconclusive", Reason: "the wave holds nothing that this looks at"},
			{Check: answer, Site: "elsewhere", State: "inconclusive", Reason: "the wave holds nothing that this looks at"},
		},
	}
}

func TestCheckedGoldens(t *testing.T) {
	for name, write := range map[string]func(io.Writer, *reports.Checked) error{"checked.xml": reports.JUnit, "checked.md": reports.Summary} {
		var got bytes.Buffer
		if err := write(&got, checked()); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got.String() != string(want) {
			t.Errorf("%s is not what was written:\n%s", name, &got)
		}
	}
}

// Whatever a shop calls itself, the XML is whole, and its counts are those of
// its elements.
func TestJUnitIsWholeAndCounts(t *testing.T) {
	var buf bytes.Buffer
	if err := reports.JUnit(&buf, checked()); err != nil {
		t.Fatal(err)
	}
	elements := map[string]int{}
	names := map[string]bool{}
	d := xml.NewDecoder(&buf)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		elements[e.Name.Local]++
		for _, a := range e.Attr {
			if e.Name.Local == "testsuites" {
				names[a.Name.Local+"="+a.Value] = true
			}
			if e.Name.Local == "testsuite" && a.Name.Local == "name" {
				names[a.Value] = true
			}
		}
	}
	if elements["testcase"] != 8 || elements["failure"] != 1 || elements["error"] != 3 || elements["skipped"] != 2 || elements["testsuite"] != 4 {
		t.Errorf("elements: %v", elements)
	}
	for _, want := range []string{"tests=8", "failures=1", "errors=3", "skipped=2", "Kettle & Leaf", reporttest.Hostile, "the whole panel", "elsewhere"} {
		if !names[want] {
			t.Errorf("%q is not among %v", want, names)
		}
	}
}

// A stranger's words add no row, no column and no markup to the summary.
func TestSummaryIsSafe(t *testing.T) {
	var buf bytes.Buffer
	if err := reports.Summary(&buf, checked()); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(buf.String()) {
		if strings.ContainsAny(line, "<>\x00\x1b") {
			t.Errorf("markup or control characters: %q", line)
		}
		if bars := strings.Count(line, "|") - strings.Count(line, `\|`); bars != 0 && bars != 4 && bars != 5 {
			t.Errorf("%d columns: %q", bars-1, line)
		}
	}
}
