package scoring_test

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/scoring"
)

// with gives an observation units, a scenario and what it declared missing.
func with(o evidence.Observation, scenario string, units map[string]evidence.Unit, missing ...string) evidence.Observation {
	o.Probe.Scenario, o.Missing = scenario, missing
	for i, f := range o.Facts {
		o.Facts[i].Unit = units[f.Name]
	}
	return o
}

func TestEvaluate(t *testing.T) {
	units := map[string]evidence.Unit{
		"mail.first-human-after": evidence.Second, "mail.acknowledged-after": evidence.Second, "mail.answered": evidence.Bool, "mail.bucket": evidence.Text,
		"web.clicks": evidence.Count, "web.lcp": evidence.Milli, "web.reached": evidence.Bool,
	}
	mail := with(answered(1, 3600, "≤6 h"), "ask", units)
	mute := with(because(silent(1), "no answer in 120 h"), "ask", units, "mail.first-human-after")
	open := with(because(obs("mail", "shop", 1, evidence.Pending), "window open"), "ask", units)
	broken := with(because(obs("mail", "shop", 1, evidence.Broken), "no relay"), "ask", units, "mail.first-human-after")
	bare := with(obs("mail", "shop", 1, evidence.Completed), "ask", units, "mail.first-human-after")
	visit := with(obs("web", "shop", 1, evidence.Completed, "web.reached", true, "web.clicks", 8, "web.fields-visible", 8, "web.lcp", 900, "web.lcp", 2600), "buy", units)
	visit.Facts[3].Step, visit.Facts[4].Step = "step 1", "step 2"
	form := with(obs("form", "shop", 1, evidence.Completed, "web.clicks", 3), "form", units)

	after := scoring.Check{Kind: "fact", Name: "mail.first-human-after", Op: "<=", Limit: 3600, Unit: evidence.Second}
	on := func(kind, name, op string, limit float64, unit evidence.Unit) scoring.Check {
		return scoring.Check{Kind: kind, Name: name, Op: op, Limit: limit, Unit: unit}
	}
	graded := func(op, label string) scoring.Check { return scoring.Check{Kind: "grade", Op: op, Grade: label} }
	level := func(c scoring.Check, l string) scoring.Check { c.Level = l; return c }
	at := func(c scoring.Check, site, scenario string) scoring.Check {
		c.Site, c.Scenario = site, scenario
		return c
	}
	type all = []evidence.Observation
	for _, tt := range []struct {
		name   string
		check  scoring.Check
		obs    all
		state  string
		got    string
		reason string // a part of it
	}{
		{"a fact at the limit", after, all{mail}, scoring.Passed, "1 h", ""},
		{"a fact beyond it", on("fact", "mail.first-human-after", "<", 3600, evidence.Second), all{mail}, scoring.Failed, "1 h", "1 h, not < 1 h"},
		{"warn never fails", level(on("fact", "mail.first-human-after", "<", 3600, evidence.Second), "warn"), all{mail}, scoring.Warned, "1 h", "not <"},
		{"off is not evaluated", level(after, "off"), all{mail}, scoring.Off, "", ""},
		{"silence fails", after, all{mute}, scoring.Failed, "", "no mail.first-human-after (silent: no answer in 120 h)"},
		{"an open window is pending", after, all{open}, scoring.Open, "", "window open"},
		{"our fault is inconclusive", after, all{broken}, scoring.Inconclusive, "", "could not be tested (broken: no relay)"},
		{"a gap is no pass", after, all{bare}, scoring.Inconclusive, "", "the probe recorded no mail.first-human-after"},
		{"no probe is no pass", after, all{visit}, scoring.Inconclusive, "", "no probe here can record mail.first-human-after"},
		{"another scenario is no pass", at(after, "", "complain"), all{mail}, scoring.Inconclusive, "", "no probe here"},
		{"an unknown site is no pass", at(after, "nowhere", ""), all{mail}, scoring.Inconclusive, "", "no such site"},
		{"units must agree", on("fact", "mail.first-human-after", "<=", 9e9, evidence.Milli), all{mail}, scoring.Inconclusive, "1 h", "the limit is in ms, the fact in s"},
		{"a text is no number", on("fact", "mail.bucket", "<", 9, ""), all{mail}, scoring.Inconclusive, "≤6 h", "no number"},
		{"every step must hold", on("fact", "web.lcp", "<=", 2500, evidence.Milli), all{visit}, scoring.Failed, "2600 ms", "(step 2)"},
		{"a flag", on("fact", "web.reached", "==", 1, evidence.Bool), all{visit}, scoring.Passed, "yes", ""},
		{"an unknown op is no pass", on("fact", "web.clicks", "~", 8, ""), all{visit}, scoring.Inconclusive, "8", "no demand"},
		{"a limit that is none is no pass", on("fact", "web.clicks", "!=", math.NaN(), ""), all{visit}, scoring.Inconclusive, "8", "no demand"},

		{"a mark's value", on("mark", "first-human-reply-time", "<=", 3600, evidence.Second), all{mail}, scoring.Passed, "1 h", ""},
		{"a mark's score", on("mark", "first-human-reply-time", ">=", 90, scoring.Points), all{mail}, scoring.Passed, "90 points", ""},
		{"never is above every limit", on("mark", "first-human-reply-time", "<=", 1e9, evidence.Second), all{mute}, scoring.Failed, "never", "never"},
		{"never is no number", on("mark", "first-human-reply-time", ">", 5, evidence.Second), all{mute}, scoring.Inconclusive, "never", "no number"},
		{"never has a score", on("mark", "first-human-reply-time", "==", 0, scoring.Points), all{mute}, scoring.Passed, "0 points", ""},
		{"a mark in another unit", on("mark", "first-human-reply-time", "<=", 1, evidence.Milli), all{mail}, scoring.Inconclusive, "", "the limit is in ms, the value in s"},
		{"a mark without data", on("mark", "checkout-clicks", "<=", 8, ""), all{mail}, scoring.Inconclusive, "", "not-applicable"},
		{"a mark that waits", on("mark", "first-human-reply-time", "<=", 8, evidence.Second), all{open}, scoring.Open, "", "1 of 1 probe still open"},
		{"a mark that is not weighed", on("mark", "charm", ">", 0, ""), all{mail}, scoring.Inconclusive, "", "does not weigh charm"},

		{"a category", on("category", "checkout", "==", 100, ""), all{visit}, scoring.Passed, "100 points", ""},
		{"a category that was not tried", on("category", "checkout", ">=", 0, ""), all{mail}, scoring.Inconclusive, "", "not-applicable"},
		{"an unknown category", on("category", "charm", ">=", 0, ""), all{mail}, scoring.Inconclusive, "", "no category charm"},
		{"a total", on("total", "", ">", 99, scoring.Points), all{visit}, scoring.Passed, "100 points", ""},
		{"a total in another unit", on("total", "", ">", 1, evidence.Second), all{visit}, scoring.Inconclusive, "", "the limit is in s"},
		{"a withheld total", on("total", "", ">=", 0, ""), all{visit, broken}, scoring.Inconclusive, "", "not-measured"},
		{"an open total", on("total", "", ">=", 0, ""), all{visit, open}, scoring.Open, "", "still open"},

		{"the same grade", graded(">=", "excellent"), all{visit}, scoring.Passed, "excellent", ""},
		{"a better grade", graded(">", "average"), all{visit}, scoring.Passed, "excellent", ""},
		{"no better grade", graded("<", "good"), all{visit}, scoring.Failed, "excellent", "excellent, not < good"},
		{"not that grade", graded("!=", "poor"), all{visit}, scoring.Passed, "excellent", ""},
		{"a grade of another card", graded(">=", "superb"), all{visit}, scoring.Inconclusive, "excellent", `"superb" is no grade`},
		{"a grade that is withheld", graded(">=", "poor"), all{broken}, scoring.Inconclusive, "", "not-measured"},
		{"a grade that waits", graded(">=", "poor"), all{open}, scoring.Open, "", "still open"},
		{"an unknown kind", on("mood", "", ">", 0, ""), all{mail}, scoring.Inconclusive, "", `"mood" is nothing to check`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := scoring.Score("w1", card(), scoring.Criteria(), []string{"shop"}, tt.obs)
			if err != nil {
				t.Fatal(err)
			}
			results := scoring.Evaluate([]scoring.Check{tt.check}, r, tt.obs)
			if len(results) != 1 {
				t.Fatalf("%d results", len(results))
			}
			got := results[0]
			if got.State != tt.state || got.Got != tt.got || !strings.Contains(got.Reason, tt.reason) {
				t.Errorf("got %s, %q, %q", got.State, got.Got, got.Reason)
			}
			if bad := got.State != scoring.Passed && got.State != scoring.Off; bad != (got.Reason != "") {
				t.Errorf("%s with the reason %q", got.State, got.Reason)
			}
		})
	}

	t.Run("each probe that can record the fact, whatever its kind", func(t *testing.T) {
		other := visit
		other.Probe.Site = "other"
		obs := all{form, mail, other, visit}
		r, err := scoring.Score("w1", card(), scoring.Criteria(), []string{"shop", "other"}, obs)
		if err != nil {
			t.Fatal(err)
		}
		var where []string
		for _, c := range scoring.Evaluate([]scoring.Check{on("fact", "web.clicks", "<", 9, "")}, r, obs) {
			where = append(where, c.Site+"/"+c.Scenario+" "+c.State)
		}
		if want := []string{"shop/buy passed", "shop/form passed", "other/buy passed"}; !reflect.DeepEqual(where, want) {
			t.Errorf("got %q, want %q", where, want)
		}

		// That a form's page was never timed is known from what it declared missing.
		obs[0].Missing = []string{"web.lcp"}
		var states []string
		for _, c := range scoring.Evaluate([]scoring.Check{at(on("fact", "web.lcp", "<", 9000, evidence.Milli), "shop", "")}, r, obs) {
			states = append(states, c.Scenario+" "+c.State)
		}
		if want := []string{"buy passed", "form inconclusive"}; !reflect.DeepEqual(states, want) {
			t.Errorf("got %q, want %q", states, want)
		}
	})
}

func TestVerdict(t *testing.T) {
	for _, tt := range []struct{ states, want string }{
		{"", scoring.Inconclusive},
		{"off", scoring.Inconclusive},
		{"passed", scoring.Passed},
		{"passed off warned", scoring.Passed},
		{"passed pending", scoring.Open},
		{"pending inconclusive passed", scoring.Inconclusive},
		{"pending inconclusive failed passed", scoring.Failed},
		{"passed inconclusive/warn pending/warn", scoring.Passed},
	} {
		var results []scoring.CheckResult
		for _, s := range strings.Fields(tt.states) {
			state, level, _ := strings.Cut(s, "/")
			results = append(results, scoring.CheckResult{State: state, Check: scoring.Check{Level: level}})
		}
		if got := scoring.Verdict(results); got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.states, got, tt.want)
		}
	}
}

func TestCheckChecks(t *testing.T) {
	facts := []evidence.FactDef{{Name: "web.lcp", Unit: evidence.Milli}, {Name: "web.clicks", Unit: evidence.Count}, {Name: "mail.bucket", Unit: evidence.Text}}
	good := []scoring.Check{
		{ID: "a", Kind: "fact", Name: "web.lcp", Site: "shop", Scenario: "buy", Op: "<=", Limit: 2500, Unit: evidence.Milli, Level: "warn"},
		{ID: "b", Kind: "fact", Name: "web.clicks", Op: "<=", Limit: 12},
		{ID: "c", Kind: "mark", Name: "first-human-reply-time", Op: "<=", Limit: 3600, Unit: evidence.Second},
		{ID: "d", Kind: "mark", Name: "first-human-reply-time", Op: ">=", Limit: 50, Unit: scoring.Points},
		{ID: "e", Kind: "mark", Name: "non-response", Op: "==", Limit: 1},
		{ID: "f", Kind: "category", Name: "mail", Op: ">=", Limit: 50},
		{ID: "g", Kind: "grade", Op: ">=", Grade: "good"},
		{ID: "h", Kind: "total", Op: ">=", Limit: 50, Unit: scoring.Points},
	}
	check := func(checks ...scoring.Check) error {
		return scoring.CheckChecks(checks, card(), scoring.Criteria(), facts, []string{"shop"})
	}
	if err := check(good...); err != nil {
		t.Error(err)
	}
	change := func(i int, f func(*scoring.Check)) scoring.Check { c := good[i]; f(&c); return c }
	for want, c := range map[string]scoring.Check{
		"it has no id":                                       change(0, func(c *scoring.Check) { c.ID = "" }),
		`check a: compares by "=<"`:                          change(0, func(c *scoring.Check) { c.Op = "=<" }),
		`check a: has the level "fatal"`:                     change(0, func(c *scoring.Check) { c.Level = "fatal" }),
		`check a: names the site "shoq"`:                     change(0, func(c *scoring.Check) { c.Site = "shoq" }),
		`check h: names a scenario`:                          change(7, func(c *scoring.Check) { c.Scenario = "buy" }),
		`check h: has the limit NaN`:                         change(7, func(c *scoring.Check) { c.Limit = math.NaN() }),
		`no probe kind records a fact "web.lpc"`:             change(0, func(c *scoring.Check) { c.Name = "web.lpc" }),
		`mail.bucket is text, not a number`:                  change(0, func(c *scoring.Check) { c.Name = "mail.bucket" }),
		`check a: its limit says no unit; web.lcp is in ms`:  change(0, func(c *scoring.Check) { c.Unit = "" }),
		`check a: its limit is in s; use one of [ms]`:        change(0, func(c *scoring.Check) { c.Unit = evidence.Second }),
		`check c: its limit is in ms; use one of [s points]`: change(2, func(c *scoring.Check) { c.Unit = evidence.Milli }),
		`check h: its limit is in s; use one of [points]`:    change(7, func(c *scoring.Check) { c.Unit = evidence.Second }),
		`does not weigh a criterion "charm"`:                 change(2, func(c *scoring.Check) { c.Name = "charm" }),
		`does not weigh a criterion "empathy"`:               change(2, func(c *scoring.Check) { c.Name = "empathy" }),
		`the scorecard readiness has no category "post"`:     change(5, func(c *scoring.Check) { c.Name = "post" }),
		`the scorecard readiness has no grade "superb"`:      change(6, func(c *scoring.Check) { c.Grade = "superb" }),
		`check g: its limit is in s`:                         change(6, func(c *scoring.Check) { c.Unit = evidence.Second }),
		`check a: "mood" is nothing to check`:                change(0, func(c *scoring.Check) { c.Kind = "mood" }),
	} {
		if err := check(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if err := check(good[0], good[0]); err == nil || !strings.Contains(err.Error(), "check a: it stands twice") {
		t.Errorf("twice: %v", err)
	}
}

func TestCompare(t *testing.T) {
	judge := func(sites []string, obs ...evidence.Observation) scoring.Result {
		r, err := scoring.Score("w1", card(), scoring.Criteria(), sites, obs)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	before := judge([]string{"shop", "gone"}, silent(1), bought(1, 19, 8))
	after := judge([]string{"new", "shop"}, answered(1, 3600, "≤6 h"), bought(1, 8, 8))
	got := map[string]scoring.Difference{}
	var sites []string
	for _, d := range scoring.Compare(before, after) {
		got[d.Site+" "+d.What] = d
		if len(sites) == 0 || sites[len(sites)-1] != d.Site {
			sites = append(sites, d.Site)
		}
	}
	if want := []string{"shop", "gone", "new"}; !reflect.DeepEqual(sites, want) {
		t.Errorf("sites %q, want %q", sites, want)
	}
	for _, tt := range []struct {
		what, before, after string
		delta               float64 // NaN: none
	}{
		{"shop total", "40.0", "97.3", 57.3},
		{"shop grade", "below average", "excellent", 3},
		{"shop category:mail", "10.0", "95.5", 85.5},
		{"shop category:checkout", "85.0", "100.0", 15},
		{"shop mark:first-human-reply-time", "never", "1 h", 90},
		{"shop mark:checkout-clicks", "19 clicks", "8 clicks", 50},
		{"gone total", "not-applicable", "not there", math.NaN()},
		{"new mark:non-response", "not there", "not-applicable", math.NaN()},
	} {
		d, ok := got[tt.what]
		if !ok || d.Before != tt.before || d.After != tt.after {
			t.Errorf("%s: got %+v", tt.what, d)
			continue
		}
		switch known := !math.IsNaN(tt.delta); {
		case known != (d.Delta != nil) || known == strings.HasPrefix(d.Note, "no difference"):
			t.Errorf("%s: delta %v, note %q", tt.what, d.Delta, d.Note)
		case known && math.Abs(*d.Delta-tt.delta) > 1e-9:
			t.Errorf("%s: delta %v, want %v", tt.what, *d.Delta, tt.delta)
		}
	}
	for _, d := range scoring.Compare(before, before) {
		if d.Delta != nil && *d.Delta != 0 || d.Before != d.After {
			t.Errorf("a wave differs from itself: %+v", d)
		}
	}
	other := after
	other.Scorecard.ID = "jupiter"
	if d := scoring.Compare(before, other)[0]; !strings.HasSuffix(d.Note, "; judged by different scorecards, readiness and jupiter") {
		t.Errorf("note %q", d.Note)
	}
}
