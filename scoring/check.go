package scoring

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"touchstone/internal/evidence"
)

// A Check is one typed gate on what a wave found, for a program to pass or to
// fail by.
type Check struct {
	ID       string        `json:"id"`
	Kind     string        `json:"kind"`               // "fact", "mark", "category", "grade", "total"
	Name     string        `json:"name,omitempty"`     // of the fact, the criterion, the category
	Site     string        `json:"site,omitempty"`     // empty: every site
	Scenario string        `json:"scenario,omitempty"` // of a fact; empty: every scenario that could record it
	Op       string        `json:"op"`                 // "<", ">", "<=", ">=", "==", "!="
	Limit    float64       `json:"limit"`              // in Unit; marks, categories and totals in points of 100
	Grade    string        `json:"grade,omitempty"`    // the limit of a check on a grade
	Unit     evidence.Unit `json:"unit,omitempty"`     // of a fact
	Level    string        `json:"level"`              // "off", "warn", "error"
}

// A CheckResult is what one check came to at one place: one probe of a check
// on a fact, one site of any other.
type CheckResult struct {
	Check    Check  `json:"check"`
	Site     string `json:"site"`
	Scenario string `json:"scenario,omitempty"`
	Repeat   int    `json:"repeat,omitempty"`
	State    string `json:"state"` // "passed", "failed", "warned", "inconclusive", "pending", "off"
	Got      string `json:"got,omitempty"`
	Reason   string `json:"reason,omitempty"`
}

// Evaluate holds a judged wave against the checks, in their order. What has no
// figure is pending or inconclusive, never passed; a check that finds nothing
// to look at is inconclusive too.
func Evaluate(checks []Check, result Result, obs []evidence.Observation) []CheckResult {
	var out []CheckResult
	for _, c := range checks {
		before := len(out)
		for _, s := range result.Sites {
			if c.Site != "" && c.Site != s.Site {
				continue
			}
			if c.Kind == "fact" {
				out = append(out, onFacts(c, s.Site, obs)...)
			} else {
				out = append(out, onScore(c, s, result.Scorecard.Grades))
			}
		}
		if len(out) == before {
			out = append(out, settled(c, CheckResult{Site: c.Site, Scenario: c.Scenario, State: "inconclusive", Reason: "the wave holds nothing that this looks at"}))
		}
	}
	return out
}

// settled fills in the check, and leaves out what is switched off.
func settled(c Check, r CheckResult) CheckResult {
	r.Check = c
	if c.Level == "off" {
		r.State = "off"
	}
	return r
}

// onFacts checks each probe of a site that recorded the fact or should have.
func onFacts(c Check, site string, obs []evidence.Observation) []CheckResult {
	var out []CheckResult
	for _, o := range obs {
		if o.Probe.Site != site || c.Scenario != "" && c.Scenario != o.Probe.Scenario {
			continue
		}
		r := CheckResult{Site: site, Scenario: o.Probe.Scenario, Repeat: o.Probe.Repeat}
		f, there := o.Fact(c.Name)
		switch {
		case c.Scenario == "" && !there && !slices.Contains(o.Missing, c.Name):
			continue // a probe of another kind
		case o.Outcome == evidence.Pending:
			r.State, r.Reason = "pending", o.Reason
		case !o.Outcome.Testable():
			r.State, r.Reason = "inconclusive", fmt.Sprintf("%s: %s", o.Outcome, o.Reason)
		case !there:
			r.State, r.Reason = "inconclusive", "this probe did not record it"
		case c.Unit != "" && c.Unit != f.Unit:
			r.State, r.Reason = "inconclusive", fmt.Sprintf("it is in %s, the check is in %s", f.Unit, c.Unit)
		case f.Unit == evidence.Text || f.Unit == evidence.Time:
			r.State, r.Reason = "inconclusive", "it is no number"
		default:
			r.Got = strconv.FormatFloat(f.Number, 'g', -1, 64) + " " + string(f.Unit)
			r.State = verdict(c, cmp.Compare(f.Number, c.Limit))
		}
		out = append(out, settled(c, r))
	}
	return out
}

// onScore checks one figure of a site's score.
func onScore(c Check, s SiteScore, grades []Grade) CheckResult {
	r := CheckResult{Site: s.Site, State: "inconclusive", Reason: "the scorecard holds no such " + c.Kind}
	state, points, reason := State(""), 0.0, ""
	switch c.Kind {
	case "grade", "total":
		state, points, reason = s.State, s.Score, s.Reason
	default:
		for _, cat := range s.Categories {
			if c.Kind == "category" && cat.ID == c.Name {
				state, points, reason = cat.State, cat.Score, cat.Reason
			}
			for _, m := range cat.Marks {
				if c.Kind == "mark" && m.Criterion == c.Name {
					state, points, reason = m.State, 100*m.Score, m.Reason
				}
			}
		}
	}
	switch state {
	case Scored:
		r.Reason = ""
		if c.Kind != "grade" {
			r.Got = strconv.FormatFloat(points, 'f', 1, 64)
			r.State = verdict(c, cmp.Compare(points, c.Limit))
			break
		}
		rank := func(label string) int {
			return slices.IndexFunc(grades, func(g Grade) bool { return g.Label == label })
		}
		r.Got = s.Grade
		if rank(c.Grade) < 0 || rank(s.Grade) < 0 {
			r.Reason = fmt.Sprintf("the scorecard has no grade %q", c.Grade)
			break
		}
		r.State = verdict(c, cmp.Compare(rank(c.Grade), rank(s.Grade))) // the best comes first
	case Waiting:
		r.State, r.Reason = "pending", reason
	case "":
	default:
		r.Reason = cmp.Or(reason, string(state))
	}
	return settled(c, r)
}

// verdict says what a comparison with the limit (-1, 0, 1) means.
func verdict(c Check, compared int) string {
	holds := map[string]bool{"<": compared < 0, ">": compared > 0, "<=": compared <= 0, ">=": compared >= 0, "==": compared == 0, "!=": compared != 0}[c.Op]
	switch {
	case holds:
		return "passed"
	case c.Level == "warn":
		return "warned"
	}
	return "failed"
}
