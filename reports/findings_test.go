package reports_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/reports/reporttest"
	"touchstone/scoring"
)

func panel(t *testing.T, n int, change ...func(*reports.Input)) *reports.Report {
	t.Helper()
	in := reporttest.Panel(n)
	for _, f := range change {
		f(&in)
	}
	r, err := reports.New(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The small wave has three enquiries that ended: one answered after 11,400 s,
// one returned, one silent; the fourth still waits under a demo's clock.
func TestWaits(t *testing.T) {
	w := build(t).Waits
	if w.Window != 5*86400 || len(w.Curves) != 4 {
		t.Fatalf("window %g s, %d curves; want 432000 and 4: all, a machine's, two cohorts", w.Window, len(w.Curves))
	}
	all := w.Curves[0]
	if all.N != 3 || all.Came != 1 || all.Sites != 2 || all.Median != nil {
		t.Errorf("of %d enquiries to %d sites %d were answered, median %v; want 3, 2, 1, none", all.N, all.Sites, all.Came, all.Median)
	}
	if last := all.Steps[len(all.Steps)-1]; last.At != 432000 || math.Abs(last.Share-1.0/3) > 1e-9 || last.Low == nil || *last.Low >= last.Share || *last.High <= last.Share {
		t.Errorf("the line ends at %+v; want a third at 432000 s within its interval", last)
	}
	if len(w.Apart) != 1 || w.Apart[0].K != 1 || w.Apart[0].N != 4 {
		t.Errorf("apart: %+v, want the waiting one of four", w.Apart)
	}
	if w.Test == nil || w.Test.DF != 1 || w.Test.P <= 0 || w.Test.P >= 1 {
		t.Errorf("log-rank test of two cohorts: %+v", w.Test)
	}
}

// Without the demo's clock the waiting one counts for as long as it waited.
func TestWaitsCountPending(t *testing.T) {
	w := build(t, func(in *reports.Input) {
		in.Wave.DemoClock = false
		in.Generated = in.Observations[1].Start.Add(36 * time.Hour)
	}).Waits
	if w.Curves[0].N != 4 || w.Curves[0].Came != 1 {
		t.Errorf("%d of %d, want 1 of 4", w.Curves[0].Came, w.Curves[0].N)
	}
}

func TestQuadrant(t *testing.T) {
	r := panel(t, 30)
	if !slices.Equal(r.Quadrant.Across, []string{"Answering mail"}) || !slices.Equal(r.Quadrant.Up, []string{"Buying", "Effort"}) {
		t.Errorf("across %q, up %q", r.Quadrant.Across, r.Quadrant.Up)
	}
	leaders := map[string]int{}
	for _, p := range r.Quadrant.Points {
		if p.Leader {
			leaders[p.Cohort]++
		}
		for _, iv := range []*scoring.Interval{p.XInterval, p.YInterval} {
			if iv != nil && (iv.Low < 0 || iv.High > 100 || iv.Low > iv.High) {
				t.Errorf("%s: interval %v", p.Name, iv)
			}
		}
		for _, c := range r.Sites[p.Number-1].Categories {
			if c.ID == "mail" && math.Abs(c.Score-p.X) > 1e-9 {
				t.Errorf("%s stands at %g, its category at %g", p.Name, p.X, c.Score)
			}
		}
	}
	for c, n := range leaders {
		if n != 1 {
			t.Errorf("the cohort %s has %d leaders", c, n)
		}
	}
	if n := len(r.Quadrant.Points); n == 0 || n == 30 || n+r.Quadrant.Apart[0].K != 30 {
		t.Errorf("%d sites in the quadrant, apart %+v: want some in both, 30 in all", n, r.Quadrant.Apart)
	}
}

// Nobody is lost between the steps, and who could not be told did not fail.
func TestMustHaves(t *testing.T) {
	m := panel(t, 60).MustHaves
	if m.N != 60 || len(m.Steps) < 4 || m.Steps[0].Gate != "never" {
		t.Fatalf("%d sites, %d steps, first %+v", m.N, len(m.Steps), m.Steps[0])
	}
	in, untold := m.N, 0
	for _, s := range m.Steps {
		if s.In != in || s.Kept+len(s.Failed)+len(s.Untold) != in {
			t.Errorf("%s: %d came, %d kept, %d failed, %d unknown; want %d", s.Title, s.In, s.Kept, len(s.Failed), len(s.Untold), in)
		}
		in, untold = s.Kept, untold+len(s.Untold)
	}
	if untold == 0 {
		t.Error("no site was blocked: the panel does not test this")
	}
}

func TestMerchants(t *testing.T) {
	m := panel(t, 40).Merchants
	if len(m.Rows) != 40 || len(m.Columns) < 6 {
		t.Fatalf("%d rows, %d columns", len(m.Rows), len(m.Columns))
	}
	for j, c := range m.Columns {
		sum, n := 0.0, 0
		for _, r := range m.Rows {
			if v := r.Cells[j].Value; v != nil {
				sum, n = sum+*v, n+1
			}
		}
		if n != c.N || math.Abs(sum/float64(n)-c.Average) > 1e-6*math.Abs(sum) {
			t.Errorf("%s: average %g of %d, want %g of %d", c.Title, c.Average, c.N, sum/float64(n), n)
		}
	}
}

func TestPromisesAndHours(t *testing.T) {
	r := panel(t, 40)
	k, n := 0, 0
	for _, s := range r.Promises.Sites {
		for _, v := range s.Words {
			if v.Kept == nil {
				continue
			}
			n++
			if *v.Kept {
				k++
				if v.After == nil || *v.After >= v.Within {
					t.Errorf("%s: kept with %v after a promise of %g s", v.Probe, v.After, v.Within)
				}
			}
		}
	}
	if r.Promises.Kept.K != k || r.Promises.Kept.N != n || n == 0 {
		t.Errorf("%d of %d kept, want %d of %d", r.Promises.Kept.K, r.Promises.Kept.N, k, n)
	}
	sum, came := 0, 0
	for _, day := range r.Hours.Week {
		for _, c := range day {
			sum += c
		}
	}
	for _, s := range r.Sites {
		for _, p := range s.Probes {
			for _, m := range p.Thread {
				if m.Class == "human" {
					came++
				}
			}
		}
	}
	if sum != came || r.Hours.N != came || came == 0 {
		t.Errorf("the week holds %d answers, the model says %d, the threads %d", sum, r.Hours.N, came)
	}
	if r.Hours.Sent != [7]int{40, 40, 40, 40, 0, 0, 0} {
		t.Errorf("letters by day: %v", r.Hours.Sent)
	}
}

func TestConsistency(t *testing.T) {
	r := panel(t, 5)
	if len(r.Consistency) != 5 {
		t.Fatalf("%d sites", len(r.Consistency))
	}
	for _, c := range r.Consistency {
		// the form, mail as a whole, the one scenario that was put four times
		if len(c.Rows) != 3 || c.Rows[0].Channel != "form" || c.Rows[1].Answered.N != 4 || c.Rows[2].What == "" {
			t.Errorf("%s: %+v", c.Name, c.Rows)
		}
		for _, row := range c.Rows {
			if len(row.Times) != row.Answered.K || !slices.IsSorted(row.Times) {
				t.Errorf("%s, %s: %d times for %d answers", c.Name, row.Channel, len(row.Times), row.Answered.K)
			}
		}
	}
}

func TestFront(t *testing.T) {
	r := panel(t, 12)
	if len(r.Front.Clients) != 1 {
		t.Fatalf("%d clients", len(r.Front.Clients))
	}
	c := r.Front.Clients[0]
	if c.Name != "Shop No. 1" || len(c.Fixes) == 0 || len(c.Fixes) > 3 || c.Rank == nil {
		t.Errorf("%+v", c)
	}
	for i, f := range r.Fixes[0].Fixes {
		if f.Title == "" || f.Gain <= 0 && len(f.Gates) == 0 || i > 0 && f.Gain > r.Fixes[0].Fixes[i-1].Gain+1e-9 && f.Wins <= r.Fixes[0].Fixes[i-1].Wins {
			t.Errorf("fix %d: %+v", i, f)
		}
	}
	if !strings.HasPrefix(c.Quote, "Shop No. 1: ") || !strings.Contains(c.Quote, "of 100 points") {
		t.Errorf("quote: %s", c.Quote)
	}
	none := panel(t, 12, func(in *reports.Input) { in.Sites[0].Cohort = "books" })
	if len(none.Front.Clients) != 0 || none.Front.Quote == "" {
		t.Errorf("without a client: %+v", none.Front)
	}
}

func TestChanges(t *testing.T) {
	if build(t).Changes != nil {
		t.Error("changes without an earlier wave")
	}
	before := reporttest.Panel(9)
	r := panel(t, 9, func(in *reports.Input) {
		before.Result.Sites[1].Score -= 9
		in.Before = &reports.Before{Wave: before.Wave, Result: before.Result}
	})
	totals := 0
	for _, c := range r.Changes.Rows {
		if c.Level == "total" {
			totals++
			want := 0.0
			if c.Number == 2 {
				want = 9
			}
			if c.Delta == nil && r.Sites[c.Number-1].Verdict.State == scoring.Scored || c.Delta != nil && math.Abs(*c.Delta-want) > 1e-6 {
				t.Errorf("%s: %v, want %g", c.Name, c.Delta, want)
			}
		}
	}
	done, site, told := map[string]bool{}, "", true
	for _, c := range r.Changes.Rows {
		if c.Site != site {
			if done[c.Site] || c.Level != "total" {
				t.Errorf("%s does not stand together, its total first: %+v", c.Site, c)
			}
			done[c.Site], site, told = true, c.Site, true
			continue
		}
		if c.Delta != nil && !told {
			t.Errorf("%s: %s stands behind what cannot be told", c.Site, c.Title)
		}
		told = told && c.Delta != nil
	}
	if totals != 9 || !r.Changes.Same {
		t.Errorf("%d totals, same scorecard %v", totals, r.Changes.Same)
	}
}

// How much of the proof leaves is the operator's choice.
func TestEvidenceKept(t *testing.T) {
	r := build(t, func(in *reports.Input) { in.Evidence = reports.None })
	for _, s := range r.Sites {
		for _, p := range s.Probes {
			for _, m := range p.Thread {
				if m.Text != "" || m.Subject != "" {
					t.Errorf("%s: words are left: %q", p.ID, m.Subject+m.Text)
				}
			}
			for _, f := range p.Film {
				if f.Picture != nil {
					t.Errorf("%s: a picture is left", p.ID)
				}
			}
			if slices.ContainsFunc(p.Facts, func(f evidence.Fact) bool { return f.Name == "mail.text" }) {
				t.Errorf("%s: words are left among the facts", p.ID)
			}
		}
	}
	in := reporttest.Input()
	in.Evidence = "everything"
	if _, err := reports.New(t.Context(), in); err == nil || !strings.Contains(err.Error(), "none, thumbs, full") {
		t.Errorf("an unknown measure of evidence: %v", err)
	}
}
