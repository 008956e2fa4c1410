package reports_test

import (
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/reports/reporttest"
)

// Each rule of publication holds alone.
func TestMissing(t *testing.T) {
	whole := func() reports.Input {
		in := reporttest.Panel(3)
		for _, s := range in.Sites {
			in.Replies = append(in.Replies, reports.SiteReply{Site: s.ID, Sent: in.Generated.Add(-reports.ReplyTime)})
		}
		return in
	}
	if got := reporttest.Build(t, whole()).Missing(); len(got) != 0 {
		t.Fatalf("a whole report lacks %q", got)
	}
	for want, change := range map[string]func(*reports.Input){
		"sample: 1 of 24 probes not ended":                 func(in *reports.Input) { in.Observations[0].Outcome = evidence.Pending },
		"intervals: 1 score without one":                   func(in *reports.Input) { in.Result.Sites[1].Interval = nil },
		"method: the wave has not ended":                   func(in *reports.Input) { in.Wave.Ended = time.Time{} },
		"method: the version of the program":               func(in *reports.Input) { in.Wave.Plan = "" },
		"without the reason for the weight":                func(in *reports.Input) { in.Result.Scorecard.Categories[0].Criteria[0].Because = "" },
		"method: nothing says what the scenario \"form\"":  func(in *reports.Input) { in.Scenarios[1].Title = "" },
		"people: agents are named":                         func(in *reports.Input) { in.ShowPeople = true },
		"right of reply: 1 site not sent its part":         func(in *reports.Input) { in.Replies = in.Replies[1:] },
		"right of reply: 1 site not sent its part: Silver": func(in *reports.Input) { in.Sites[0].Name = "Silver"; in.Replies[0].Sent = in.Wave.Started },
		"right of reply: 1 site had less than 14 days": func(in *reports.Input) {
			in.Replies[0].Sent = in.Generated.Add(-13 * 24 * time.Hour)
		},
	} {
		in := whole()
		change(&in)
		got := reporttest.Build(t, in).Missing()
		if len(got) != 1 || !strings.Contains(got[0], want) {
			t.Errorf("got %q, want one line with %q", got, want)
		}
	}
	answered := whole()
	answered.Replies[0] = reports.SiteReply{Site: answered.Sites[0].ID, Sent: answered.Generated, Answer: "We were moving house."}
	answered.Replies[1].Sent, answered.Sites[1].Authorisation = answered.Generated, "own"
	if got := reporttest.Build(t, answered).Missing(); len(got) != 0 {
		t.Errorf("a site that answered, and one's own, hold the report back: %q", got)
	}
	nothing := whole()
	for i := range nothing.Observations {
		nothing.Observations[i].Outcome = evidence.Blocked
	}
	if got := strings.Join(reporttest.Build(t, nothing).Missing(), "\n"); !strings.Contains(got, "no probe was usable") {
		t.Errorf("nothing usable: %s", got)
	}
}

func TestRepliesNameSitesOnce(t *testing.T) {
	in := reporttest.Input()
	in.Replies = []reports.SiteReply{{Site: "hostile", Answer: "Ask " + reporttest.AgentAddress}, {Site: "kettle-and-leaf", Answer: reporttest.AgentGiven + " was new."}}
	r := reporttest.Build(t, in)
	if len(r.Replies) != 2 || r.Replies[0].Site != "kettle-and-leaf" || strings.Contains(r.Replies[0].Answer, reporttest.AgentGiven) || strings.Contains(r.Replies[1].Answer, "marigold") {
		t.Errorf("replies %+v", r.Replies)
	}
	for _, bad := range [][]reports.SiteReply{{{Site: "nobody"}}, {{Site: "rtl"}, {Site: "rtl"}}} {
		in.Replies = bad
		if _, err := reports.New(t.Context(), in); err == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}
