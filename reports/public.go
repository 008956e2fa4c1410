package reports

import (
	"fmt"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/scoring"
)

// ReplyTime is how long a site has to answer before others read of it. The
// figure is ours.
const ReplyTime = 14 * 24 * time.Hour

// Missing lists what a report lacks to be published, in whole sentences: its
// sample, its intervals, its method, and the right of reply of the sites that
// it names. An empty list lets it go.
func (r *Report) Missing() []string {
	var out []string
	lack := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	r.missingSample(lack)
	r.missingIntervals(lack)
	r.missingMethod(lack)
	r.missingReplies(lack)
	return out
}

func (r *Report) missingSample(lack func(string, ...any)) {
	m := r.Method
	if m.SitesUsable == 0 || m.ProbesUsable == 0 {
		lack("sample: of %s no probe was usable: there is nothing to publish", plural(m.SitesAsked, "site"))
	}
	for _, o := range m.Outcomes {
		if o.Outcome == evidence.Pending {
			lack("sample: %d of %s not ended: wait until the wave has, or close it with `touchstone wave close`", o.K, plural(o.N, "probe"))
		}
	}
	unexplained := m.ProbesAsked - m.ProbesUsable
	for _, d := range m.Dropped {
		if d.Scenario != "" && d.Reason != "" {
			unexplained--
		}
	}
	if unexplained > 0 {
		lack("sample: %s left out without a reason", plural(unexplained, "probe"))
	}
}

func (r *Report) missingIntervals(lack func(string, ...any)) {
	var bare []string
	for _, v := range r.Verdicts {
		if v.State == scoring.Scored && v.Interval == nil {
			bare = append(bare, v.Name)
		}
	}
	if len(bare) > 0 {
		lack("intervals: %s without one, too few probes each: %s; ask more often (repeat), or report without --public", plural(len(bare), "score"), some(bare))
	}
	for _, d := range []Distribution{r.Grades, r.Answers} {
		for _, c := range d.Classes {
			if c.N > 0 && c.Interval == nil {
				lack("intervals: the share %q of the %s has none", c.Label, d.Unit)
			}
		}
	}
}

func (r *Report) missingMethod(lack func(string, ...any)) {
	if r.Wave.Started.IsZero() || r.Wave.Ended.IsZero() {
		lack("method: the wave has not ended, so that its dates are not known")
	}
	if r.Wave.Version == "" || r.Wave.Plan == "" {
		lack("method: the version of the program or the hash of the plan is not recorded")
	}
	var dark []string
	for _, c := range r.Criteria {
		if c.Weight > 0 && (c.Because == "" || c.Curve == "") {
			dark = append(dark, c.Title)
		}
	}
	if len(dark) > 0 {
		lack("method: %d of %d criteria stand without the reason for the weight or without the way from value to points: %s", len(dark), len(r.Criteria), some(dark))
	}
	for _, s := range r.Method.Scenarios {
		if s.About == "" && s.Title == s.ID {
			lack("method: nothing says what the scenario %q asks: give it a title", s.ID)
		}
	}
	if r.PeopleShown {
		lack("people: agents are named; report without --show-people")
	}
}

// missingReplies asks of every site that is not the operator's own: was it sent
// its part, with time to answer.
func (r *Report) missingReplies(lack func(string, ...any)) {
	var unsent, early []string
	for _, s := range r.Sites {
		if s.Authorisation == "own" {
			continue
		}
		sent, answered := time.Time{}, false
		for _, p := range r.Replies {
			if p.Site == s.ID {
				sent, answered = p.Sent, p.Answer != ""
			}
		}
		switch {
		case sent.IsZero(), sent.Before(r.Wave.Ended.UTC().Truncate(24 * time.Hour)): // that was of an earlier wave
			unsent = append(unsent, s.Name)
		case !answered && r.Generated.Before(sent.Add(ReplyTime)):
			early = append(early, fmt.Sprintf("%s (sent on %s)", s.Name, sent.Format("2 January 2006")))
		}
	}
	if len(unsent) > 0 {
		lack("right of reply: %s not sent its part: %s; make it with --format card, send it, and write the day into replies.csv", plural(len(unsent), "site"), some(unsent))
	}
	if len(early) > 0 {
		lack("right of reply: %s had less than %.0f days to answer: %s", plural(len(early), "site"), ReplyTime.Hours()/24, some(early))
	}
}

// some names the first few.
func some(names []string) string {
	const most = 5
	if n := len(names) - most; n > 0 {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", n)
	}
	return strings.Join(names, ", ")
}
