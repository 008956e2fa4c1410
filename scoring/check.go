package scoring

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"touchstone/internal/evidence"
)

// A Check is one demand on a wave: "the first answer by a person within 86400 s".
type Check struct {
	ID       string        `json:"id"`
	Kind     string        `json:"kind"`               // what it looks at: one of CheckKinds
	Name     string        `json:"name,omitempty"`     // the fact, criterion or category by its id
	Site     string        `json:"site,omitempty"`     // empty: every site of the panel
	Scenario string        `json:"scenario,omitempty"` // for facts; empty: every scenario
	Op       string        `json:"op"`                 // one of Ops
	Limit    float64       `json:"limit"`              // in Unit
	Grade    string        `json:"grade,omitempty"`    // the limit of a check on the grade
	Unit     evidence.Unit `json:"unit,omitempty"`     // must be that of what is looked at
	Level    string        `json:"level,omitempty"`    // one of Levels; empty: error
}

// CheckKinds lists what a check may look at. The value of a mark is what was
// measured, in the criterion's unit, or its score in Points; categories and
// totals are in Points; grades compare by their order, so ">= good" is good or
// better; a fact is looked at in each probe, at each of its steps.
var CheckKinds = []string{"fact", "mark", "category", "grade", "total"}

// Points is the unit of scores, 0 to 100. Facts never have it.
const Points evidence.Unit = "points"

// Levels lists how much a check matters: off is not evaluated, warn never
// fails a wave.
var Levels = []string{"off", "warn", "error"}

// The states of a check's result. No data is never a pass: what we could not
// test is inconclusive. Silence is data, and fails.
const (
	Passed       = "passed"
	Failed       = "failed"
	Warned       = "warned"       // would have failed, at level warn
	Inconclusive = "inconclusive" // nothing to compare, by our fault or since nothing there can be measured
	Open         = "pending"      // a window is still open
	Off          = "off"
)

// A CheckResult is one check at one site, for facts of one probe.
type CheckResult struct {
	Check    Check  `json:"check"`
	Site     string `json:"site"`
	Scenario string `json:"scenario,omitempty"` // for facts
	Repeat   int    `json:"repeat,omitempty"`   // likewise
	State    string `json:"state"`
	Got      string `json:"got,omitempty"`    // the value that was compared, with its unit
	Reason   string `json:"reason,omitempty"` // why it did not pass
}

// Evaluate compares a judged wave with the checks, in their order and the
// panel's. result and obs are of the same wave, obs as Score takes them.
// Checks are taken to have passed CheckChecks; one that names nothing is
// inconclusive all the same, never passed.
func Evaluate(checks []Check, result Result, obs []evidence.Observation) []CheckResult {
	sorted := slices.SortedFunc(slices.Values(obs), func(a, b evidence.Observation) int { return a.Probe.Compare(b.Probe) })
	var all []CheckResult
	for _, c := range checks {
		before := len(all)
		for i := range result.Sites {
			s := &result.Sites[i]
			if c.Site != "" && c.Site != s.Site {
				continue
			}
			switch {
			case c.Level == Off:
				all = append(all, CheckResult{Check: c, Site: s.Site, State: Off})
			case c.Kind == "fact":
				all = append(all, onFacts(c, s.Site, sorted)...)
			default:
				r := CheckResult{Check: c, Site: s.Site}
				r.State, r.Got, r.Reason = onScore(c, s, result.Scorecard)
				all = append(all, r)
			}
		}
		if len(all) == before {
			all = append(all, CheckResult{Check: c, Site: c.Site, State: Inconclusive, Reason: "the wave has no such site"})
		}
	}
	for i := range all {
		if all[i].State == Failed && all[i].Check.Level == "warn" {
			all[i].State = Warned
		}
	}
	return all
}

// Verdict sums up what decides: Failed where a check failed, else Inconclusive
// where one was or nothing was checked at all, else Open where a window is,
// else Passed. Checks at level warn never decide.
func Verdict(results []CheckResult) string {
	has := map[string]bool{}
	checked := false
	for _, r := range results {
		if r.State != Off {
			checked = true
			if r.Check.Level != "warn" {
				has[r.State] = true
			}
		}
	}
	switch {
	case has[Failed]:
		return Failed
	case has[Inconclusive] || !checked:
		return Inconclusive
	case has[Open]:
		return Open
	}
	return Passed
}

// onScore compares a mark, a category, the total or the grade of a site.
func onScore(c Check, s *SiteScore, card Scorecard) (state, got, reason string) {
	switch c.Kind {
	case "total":
		return onPoints(c, s.State, s.Score, s.Reason)
	case "category":
		for _, cat := range s.Categories {
			if cat.ID == c.Name {
				return onPoints(c, cat.State, cat.Score, cat.Reason)
			}
		}
		return Inconclusive, "", fmt.Sprintf("the scorecard %s has no category %s", card.ID, c.Name)
	case "grade":
		return onGrade(c, s, card)
	case "mark":
		m, ok := s.mark(c.Name)
		switch {
		case !ok:
			return Inconclusive, "", fmt.Sprintf("the scorecard %s does not weigh %s", card.ID, c.Name)
		case m.State == Scored && c.Unit != Points:
			return onValue(c, m)
		}
		return onPoints(c, m.State, 100*m.Score, m.Reason)
	}
	return Inconclusive, "", fmt.Sprintf("%q is nothing to check; use one of %v", c.Kind, CheckKinds)
}

// onPoints compares a score in points of 100, where there is one.
func onPoints(c Check, s State, points float64, why string) (state, got, reason string) {
	switch {
	case s == Waiting:
		return Open, "", why
	case s != Scored:
		return Inconclusive, "", string(s) + ": " + why
	case c.Unit != "" && c.Unit != Points:
		return Inconclusive, "", fmt.Sprintf("the limit is in %s, the score in %s", c.Unit, Points)
	}
	return against(c, points, Points)
}

// onValue compares what was measured. A value that was never reached lies
// above every limit, but is no number: it fails what asks for little and
// proves nothing to what asks for much.
func onValue(c Check, m Mark) (state, got, reason string) {
	switch {
	case c.Unit != "" && c.Unit != m.Unit:
		return Inconclusive, "", fmt.Sprintf("the limit is in %s, the value in %s", c.Unit, m.Unit)
	case m.Censored && (c.Op == "<" || c.Op == "<=" || c.Op == "=="):
		return Failed, m.Shown, m.Shown
	case m.Censored:
		return Inconclusive, m.Shown, m.Shown + ", which is no number to compare"
	}
	return against(c, m.Value, m.Unit)
}

// onGrade compares by the card's order of grades.
func onGrade(c Check, s *SiteScore, card Scorecard) (state, got, reason string) {
	height := func(label string) int { // the last grade is 1, an unknown one 0
		at := slices.IndexFunc(card.Grades, func(g Grade) bool { return g.Label == label })
		return (len(card.Grades) - at) % (len(card.Grades) + 1)
	}
	switch {
	case s.State == Waiting:
		return Open, "", s.Reason
	case s.State != Scored:
		return Inconclusive, "", string(s.State) + ": " + s.Reason
	case height(c.Grade) == 0 || height(s.Grade) == 0:
		return Inconclusive, s.Grade, fmt.Sprintf("%q is no grade of the scorecard %s", c.Grade, card.ID)
	case compare(float64(height(s.Grade)), c.Op, float64(height(c.Grade))):
		return Passed, s.Grade, ""
	}
	return Failed, s.Grade, fmt.Sprintf("%s, not %s %s", s.Grade, c.Op, c.Grade)
}

// onFacts looks at each probe of a site that can record the fact: one of a
// kind of which any probe of the wave recorded it or declared it missing, or
// that the fact is named after.
func onFacts(c Check, site string, obs []evidence.Observation) []CheckResult {
	family, _, _ := strings.Cut(c.Name, ".")
	kinds := map[string]bool{family: true}
	for i := range obs {
		if _, ok := obs[i].Fact(c.Name); ok || slices.Contains(obs[i].Missing, c.Name) {
			kinds[obs[i].Kind] = true
		}
	}
	var all []CheckResult
	for _, o := range obs {
		if o.Probe.Site != site || c.Scenario != "" && o.Probe.Scenario != c.Scenario || !kinds[o.Kind] {
			continue
		}
		r := CheckResult{Check: c, Site: site, Scenario: o.Probe.Scenario, Repeat: o.Probe.Repeat}
		r.State, r.Got, r.Reason = onProbe(c, o)
		all = append(all, r)
	}
	if len(all) == 0 {
		all = append(all, CheckResult{Check: c, Site: site, Scenario: c.Scenario, State: Inconclusive, Reason: "no probe here can record " + c.Name})
	}
	return all
}

// onProbe compares every value of the fact; the first that fails decides.
// Where the site was silent or stopped the task, a fact that is missing for
// that is the site's own failure. Where the task was done, it is no data.
func onProbe(c Check, o evidence.Observation) (state, got, reason string) {
	why := string(o.Outcome)
	if o.Reason != "" {
		why += ": " + o.Reason
	}
	switch {
	case o.Outcome == evidence.Pending:
		return Open, "", why
	case !o.Outcome.Testable():
		return Inconclusive, "", "could not be tested (" + why + ")"
	}
	state = ""
	for _, f := range o.Facts {
		if f.Name != c.Name {
			continue
		}
		switch {
		case f.Unit == evidence.Text || f.Unit == evidence.Time:
			return Inconclusive, f.Text, c.Name + " is no number"
		case c.Unit != "" && f.Unit != c.Unit:
			return Inconclusive, shownIn(f.Number, f.Unit), fmt.Sprintf("the limit is in %s, the fact in %s", c.Unit, f.Unit)
		}
		state, got, reason = against(c, f.Number, f.Unit)
		if state != Passed {
			if f.Step != "" {
				reason += " (" + f.Step + ")"
			}
			return state, got, reason
		}
	}
	switch {
	case state != "":
		return state, got, ""
	case o.Outcome == evidence.Completed:
		return Inconclusive, "", "the probe recorded no " + c.Name
	}
	return Failed, "", fmt.Sprintf("no %s (%s)", c.Name, why)
}

// against compares a number with the check's limit.
func against(c Check, x float64, unit evidence.Unit) (state, got, reason string) {
	got = shownIn(x, unit)
	switch {
	case math.IsNaN(c.Limit) || !slices.Contains(Ops, c.Op):
		return Inconclusive, got, fmt.Sprintf("%q %v is no demand", c.Op, c.Limit)
	case compare(x, c.Op, c.Limit):
		return Passed, got, ""
	}
	return Failed, got, fmt.Sprintf("%s, not %s %s", got, c.Op, shownIn(c.Limit, unit))
}

// shownIn words a number with its unit: "3 h", "12 ms", "0.5", "yes".
func shownIn(x float64, unit evidence.Unit) string {
	switch number := strconv.FormatFloat(math.Round(x*1000)/1000, 'f', -1, 64); unit {
	case evidence.Second:
		return Duration(x)
	case evidence.Bool:
		if x == 0 {
			return "no"
		}
		return "yes"
	case evidence.Count, evidence.Ratio, "":
		return number
	default:
		return number + " " + string(unit)
	}
}

// CheckChecks names every fault of the checks at once: what stands twice, what
// names nothing of the card, the facts or the sites, units that do not agree.
// Times and sizes must say their unit, since 2 could be seconds or
// milliseconds; counts, shares and flags need not.
func CheckChecks(checks []Check, card Scorecard, criteria []Criterion, facts []evidence.FactDef, sites []string) error {
	var errs []error
	seen := map[string]bool{}
	for _, c := range checks {
		wrong := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("check %s: "+format, append([]any{c.ID}, args...)...))
		}
		switch {
		case c.ID == "":
			wrong("it has no id")
		case seen[c.ID]:
			wrong("it stands twice")
		}
		seen[c.ID] = true
		if !slices.Contains(Ops, c.Op) {
			wrong("compares by %q; use one of %v", c.Op, Ops)
		}
		if c.Level != "" && !slices.Contains(Levels, c.Level) {
			wrong("has the level %q; use one of %v", c.Level, Levels)
		}
		if c.Site != "" && !slices.Contains(sites, c.Site) {
			wrong("names the site %q, which is not in the panel", c.Site)
		}
		if c.Scenario != "" && c.Kind != "fact" {
			wrong("names a scenario, which only a check on a fact may")
		}
		if c.Kind != "grade" && (math.IsNaN(c.Limit) || math.IsInf(c.Limit, 0)) {
			wrong("has the limit %v; give it a number", c.Limit)
		}
		if err := named(c, card, criteria, facts); err != nil {
			wrong("%w", err)
		}
	}
	return errors.Join(errs...)
}

// named finds what a check looks at and holds its unit against it.
func named(c Check, card Scorecard, criteria []Criterion, facts []evidence.FactDef) error {
	units := []evidence.Unit{Points}
	switch c.Kind {
	case "total":
	case "category":
		if !slices.ContainsFunc(card.Categories, func(cat Category) bool { return cat.ID == c.Name }) {
			return fmt.Errorf("the scorecard %s has no category %q", card.ID, c.Name)
		}
	case "grade":
		if !slices.ContainsFunc(card.Grades, func(g Grade) bool { return g.Label == c.Grade }) {
			return fmt.Errorf("the scorecard %s has no grade %q", card.ID, c.Grade)
		}
		units = nil
	case "mark":
		at := slices.IndexFunc(criteria, func(cr Criterion) bool { return cr.ID == c.Name })
		weighed := slices.ContainsFunc(card.Categories, func(cat Category) bool {
			return slices.ContainsFunc(cat.Criteria, func(w Weighted) bool { return w.ID == c.Name })
		})
		if at < 0 || !weighed {
			return fmt.Errorf("the scorecard %s does not weigh a criterion %q", card.ID, c.Name)
		}
		units = []evidence.Unit{criteria[at].Unit, Points}
	case "fact":
		at := slices.IndexFunc(facts, func(d evidence.FactDef) bool { return d.Name == c.Name })
		if at < 0 {
			return fmt.Errorf("no probe kind records a fact %q", c.Name)
		}
		if u := facts[at].Unit; u == evidence.Text || u == evidence.Time {
			return fmt.Errorf("%s is %s, not a number to compare", c.Name, u)
		}
		units = []evidence.Unit{facts[at].Unit}
	default:
		return fmt.Errorf("%q is nothing to check; use one of %v", c.Kind, CheckKinds)
	}
	plain := []evidence.Unit{Points, evidence.Count, evidence.Ratio, evidence.Bool}
	switch {
	case c.Unit == "" && (len(units) == 0 || slices.Contains(plain, units[0])):
	case c.Unit == "":
		return fmt.Errorf("its limit says no unit; %s is in %s", c.Name, units[0])
	case !slices.Contains(units, c.Unit):
		return fmt.Errorf("its limit is in %s; use one of %v", c.Unit, units)
	}
	return nil
}
