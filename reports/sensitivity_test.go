package reports_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"touchstone/reports"
	"touchstone/reports/reporttest"
)

// Every site with a total has its place, the ranges hold it, and the sentences
// are those of the rows.
func TestSensitivity(t *testing.T) {
	r := panel(t, 40)
	s := r.Sensitivity
	if s.Draws != 1000 || len(s.Rows) != r.Grades.N || s.Off != 0.25 {
		t.Fatalf("%d draws, %d rows for %d sites, off by %v", s.Draws, len(s.Rows), r.Grades.N, s.Off)
	}
	kept, wider := 0, 0
	for i, row := range s.Rows {
		v := r.Sites[row.Number-1].Verdict
		if v.Rank == nil || v.Rank.Place != row.Near.Place || row.Fresh.Place != row.Near.Place {
			t.Errorf("%s stands at %+v by the probes, and by the weights at %+v", row.Name, v.Rank, row)
		}
		if i > 0 && row.Near.Place < s.Rows[i-1].Near.Place {
			t.Errorf("%s stands before its place", row.Name)
		}
		if row.Near.Best == row.Near.Worst {
			kept++
		}
		if row.Fresh.Worst-row.Fresh.Best > row.Near.Worst-row.Near.Best {
			wider++
		}
	}
	if wider < len(s.Rows)/2 {
		t.Errorf("only %d of %d move more with weights drawn anew", wider, len(s.Rows))
	}
	said := strings.Join(s.Said, " ")
	if !strings.Contains(said, fmt.Sprintf("%d of %d sites would keep their place", kept, len(s.Rows))) || !strings.Contains(said, "Shop No. 1, now at place") {
		t.Errorf("%d places are kept, and it says: %s", kept, said)
	}
	other := panel(t, 40, func(in *reports.Input) { in.Wave.Seed++ })
	if reflect.DeepEqual(other.Sensitivity, s) {
		t.Error("another seed gives the same ranges")
	}
	if none := reporttest.Build(t, reporttest.Input()).Sensitivity; none.Draws != 0 || len(none.Said) != 0 {
		t.Errorf("one site with a total has %+v", none)
	}
}
