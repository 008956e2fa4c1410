package reports_test

import (
	"strings"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/reports/reporttest"
)

// A report on a large panel shows where visits stopped that did not come to
// their end, else one picture of a site, and says so; one with full evidence,
// or on fewer sites, shows all.
func TestLargePanelsAreThinlyPictured(t *testing.T) {
	in := reporttest.Pictured(251)
	in.Unpictured = true
	r := reporttest.Build(t, in)
	for _, s := range r.Sites {
		shown, stopped := 0, 0
		for _, p := range s.Probes {
			if p.Kind == "web" && p.Outcome != evidence.Completed {
				stopped++
			}
			for i, f := range p.Film {
				if f.Picture == nil {
					continue
				}
				shown++
				if i != len(p.Film)-1 && p.Film[i+1].Picture != nil {
					t.Errorf("%s: two pictures of one visit", s.ID)
				}
			}
		}
		if want := max(1, stopped); shown != want {
			t.Errorf("%s shows %d pictures where %d visits stopped", s.ID, shown, stopped)
		}
	}
	if notes := strings.Join(r.Method.Notes, "\n"); !strings.Contains(notes, "--evidence full") {
		t.Errorf("the notes do not say it: %s", notes)
	}
	few := reporttest.Pictured(3)
	few.Unpictured = true
	if n, full := pictures(reporttest.Build(t, few)), 3*3*8; n != full {
		t.Errorf("3 sites show %d pictures, want %d", n, full)
	}
}

func pictures(r *reports.Report) int {
	n := 0
	for _, s := range r.Sites {
		for _, p := range s.Probes {
			for _, f := range p.Film {
				if f.Picture != nil {
					n++
				}
			}
		}
	}
	return n
}
