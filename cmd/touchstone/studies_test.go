package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/reports"
	"touchstone/scoring"
	"touchstone/scoring/stat"
)

// study is a project into which tables are brought.
type study struct {
	t   *testing.T
	dir string
}

func newStudy(t *testing.T) study {
	s := study{t, filepath.Join(t.TempDir(), "study")}
	s.run("init", s.dir)
	return s
}

// run runs a command of the program, which must pass, and gives what it prints.
func (s study) run(args ...string) string {
	s.t.Helper()
	if args[0] != "init" {
		args = append(args, "-C", s.dir)
	}
	var out, errs bytes.Buffer
	if code := run(s.t.Context(), args, strings.NewReader(""), &out, &errs); code != 0 {
		s.t.Fatalf("touchstone %s: exit code %d\n%s%s", strings.Join(args, " "), code, &out, &errs)
	}
	return out.String()
}

// bring imports a table as a wave of its own.
func (s study) bring(wave, on string, rows []string) {
	s.t.Helper()
	file := filepath.Join(s.t.TempDir(), wave+".csv")
	if err := os.WriteFile(file, []byte(strings.Join(rows, "\n")+"\n"), 0o644); err != nil {
		s.t.Fatal(err)
	}
	s.run("import", file, "--wave", wave, "--on", on, "--by", "The study", "--window", "240h")
}

// report gives a wave's report as the model and as a page.
func (s study) report(wave, card string) (r reports.Report, page string) {
	s.t.Helper()
	out := s.t.TempDir()
	s.run("report", "--wave", wave, "--scorecard", card, "--format", "html,json", "-o", out)
	text, err := os.ReadFile(filepath.Join(out, "wave-"+wave+".json"))
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	html, also := os.ReadFile(filepath.Join(out, "wave-"+wave+".html"))
	if err != nil || also != nil {
		s.t.Fatal(err, also)
	}
	return r, string(html)
}

// holds checks one class of a distribution, with its interval and the
// published share that stands beside it.
func holds(t *testing.T, d reports.Distribution, label string, k, n int, reference string, published float64) {
	t.Helper()
	for _, c := range d.Classes {
		if !strings.EqualFold(c.Label, label) {
			continue
		}
		if c.K != k || c.N != n {
			t.Errorf("%s: %d/%d, want %d/%d", label, c.K, c.N, k, n)
		}
		if want := stat.Wilson(k, n, 0.95); c.Interval == nil || *c.Interval != want {
			t.Errorf("%s: interval %+v, want %+v", label, c.Interval, want)
		}
		for _, p := range c.Published {
			if p.Reference == reference {
				if p.Share != published {
					t.Errorf("%s: %s is published as %v, want %v", label, reference, p.Share, published)
				}
				return
			}
		}
		t.Errorf("%s: nothing of %s stands beside it", label, reference)
		return
	}
	t.Errorf("there is no class %s", label)
}

// Gartner found no site of its panel excellent or good, 23 % average, 73 %
// below average and 4 % poor: the only split of about 50 sites that gives these
// is 0, 0, 11, 35 and 2 of 48.
func TestGartnerStudy(t *testing.T) {
	t.Parallel()
	s := newStudy(t)
	rows := []string{"site,kind,grading.grade"}
	for _, g := range []struct {
		grade string
		n     int
	}{{"average", 11}, {"below average", 35}, {"poor", 2}} {
		for range g.n {
			rows = append(rows, fmt.Sprintf("site-%d,grading,%s", len(rows), g.grade))
		}
	}
	s.bring("gartner-2000", "2000-01-15", rows)
	r, page := s.report("gartner-2000", "readiness")
	for _, c := range []struct {
		label     string
		k         int
		published float64
		percent   string
	}{{"excellent", 0, 0, "0"}, {"good", 0, 0, "0"}, {"average", 11, 0.23, "23"}, {"below average", 35, 0.73, "73"}, {"poor", 2, 0.04, "4"}} {
		holds(t, r.Grades, c.label, c.k, 48, "gartner-2000", c.published)
		if got := fmt.Sprintf("%.0f", 100*float64(c.k)/48); got != c.percent {
			t.Errorf("%s: %s %%, Gartner says %s", c.label, got, c.percent)
		}
		if !strings.Contains(page, fmt.Sprintf(">%d/48<", c.k)) {
			t.Errorf("the page does not say %d/48", c.k)
		}
	}
	if !strings.Contains(page, "Gartner 2000") {
		t.Error("the page has no published figure beside ours")
	}
}

// jupiter gives a table of 125 sites, each asked once: so many never answered,
// late, without a way to write, and the rest in the classes before.
func jupiter(never, late, none int) []string {
	rows := []string{"site,kind,mail.first-human-after [h],outcome,mail.bucket"}
	add := func(n int, cells string) {
		for range n {
			rows = append(rows, fmt.Sprintf("site-%d,mail,%s", len(rows), cells))
		}
	}
	add(never, ",silent,")
	add(late, "150,,")
	add(none, ",,no channel")
	for i, waits := 0, []string{"3,,", "20,,", "40,,", "70,,", "100,,"}; len(rows) <= 125; i++ {
		add(1, waits[i%len(waits)])
	}
	return rows
}

// Jupiter's two waves, half a year apart: "never answered" rose from 23 to
// 26 %, "5 days or more" from 3 to 15 %. Of 125 sites each, the first is what
// chance alone does, and the second is not.
func TestJupiterStudies(t *testing.T) {
	t.Parallel()
	s := newStudy(t)
	s.bring("jupiter-1998-08", "1998-08-15", jupiter(29, 4, 20))
	s.bring("jupiter-1999-01", "1999-01-15", jupiter(33, 19, 5))

	first, page := s.report("jupiter-1998-08", "jupiter")
	holds(t, first.Answers, "never", 29, 125, "jupiter-1998-08", 0.23)
	holds(t, first.Answers, "≥5 d", 4, 125, "jupiter-1998-08", 0.03)
	holds(t, first.Answers, "failing in total", 53, 125, "jupiter-1998-08", 0.42)
	for _, k := range []int{29, 4, 53} {
		if !strings.Contains(page, fmt.Sprintf(">%d/125<", k)) {
			t.Errorf("the page does not say %d/125", k)
		}
	}
	second, _ := s.report("jupiter-1999-01", "jupiter")
	holds(t, second.Answers, "never", 33, 125, "jupiter-1999-01", 0.26)
	holds(t, second.Answers, "≥5 d", 19, 125, "jupiter-1999-01", 0.15)

	var c comparison
	if err := json.Unmarshal([]byte(s.run("compare", "jupiter-1998-08", "jupiter-1999-01", "--scorecard", "jupiter", "--json")), &c); err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		what, before, after string
		z                   float64
		verdict             stat.Verdict
	}{
		{"response:never", "29/125 (23 %)", "33/125 (26 %)", 0.59, stat.Noise},
		{"response:5 days or more", "4/125 (3 %)", "19/125 (15 %)", 3.28, stat.Real},
		{"response:failing in total", "53/125 (42 %)", "57/125 (46 %)", 0.51, stat.Noise},
	} {
		var d scoring.Difference
		for _, x := range c.Panel {
			if x.What == want.what {
				d = x
			}
		}
		if d.Change == nil || d.Before != want.before || d.After != want.after || d.Change.Verdict != want.verdict || math.Abs(d.Change.Statistic-want.z) > 0.005 || d.Change.Test != "two-proportion z" {
			t.Errorf("%s: got %+v (%+v), want %+v", want.what, d, d.Change, want)
		}
	}
	for _, x := range c.Differences { // one enquiry a site says nothing of the site
		if x.Change != nil && x.Change.Verdict != stat.TooFew {
			t.Errorf("%s of %s is called %s by one enquiry", x.What, x.Site, x.Change.Verdict)
		}
	}
	table := s.run("compare", "jupiter-1998-08", "jupiter-1999-01", "--scorecard", "jupiter")
	for _, want := range []string{"two-proportion z = 0.59", "two-proportion z = 3.28", "Holm's correction"} {
		if !strings.Contains(table, want) {
			t.Errorf("the table does not say %q:\n%.2000s", want, table)
		}
	}
}

// Two cohorts of one wave are compared by their sites.
func TestCompareByCohort(t *testing.T) {
	t.Parallel()
	s := newStudy(t)
	rows := []string{"site,cohort,kind,mail.first-human-after [h],outcome"}
	for i := range 20 {
		rows = append(rows, fmt.Sprintf("own-%d,own,mail,%d,", i, 1+i%3), fmt.Sprintf("other-%d,competitor,mail,%d,", i, 30+i))
	}
	rows = append(rows, "alone,third,mail,,silent")
	s.bring("w", "2026-11-02", rows)
	table := s.run("compare", "--by-cohort", "w", "--cohorts", "own,competitor", "--scorecard", "jupiter")
	for _, want := range []string{"all sites", "20/20 (100 %)", "response:≤6 h", "real", "total", "mean of 20 sites"} {
		if !strings.Contains(table, want) {
			t.Errorf("the table does not say %q:\n%s", want, table)
		}
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"compare", "--by-cohort", "w", "-C", s.dir}, strings.NewReader(""), &out, &errs); code != 2 || !strings.Contains(errs.String(), "own, competitor, third") {
		t.Errorf("three cohorts and none named: exit code %d, %s", code, &errs)
	}
	if got := s.run("compare", "--by-cohort", "w", "--cohorts", "own,third", "--scorecard", "jupiter"); !strings.Contains(got, "not enough data") {
		t.Errorf("one site is compared:\n%s", got)
	}
}
