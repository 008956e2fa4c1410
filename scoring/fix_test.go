package scoring_test

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/scoring"
)

// Three shops: one answers in an hour, one in a day, one never.
func panel(t *testing.T, card scoring.Scorecard) scoring.Result {
	t.Helper()
	at := func(site string, o evidence.Observation) evidence.Observation {
		o.Probe.Site = site
		return o
	}
	quick, slow := answered(1, 3600, "≤6 h"), answered(1, 86400, "6–24 h")
	r, err := scoring.Score("w1", card, scoring.Criteria(), []string{"quick", "slow", "mute"}, []evidence.Observation{
		at("quick", quick), at("slow", slow), at("mute", silent(1)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func fixCard() scoring.Scorecard {
	return scoring.Scorecard{
		ID: "c", Title: "c",
		Categories: []scoring.Category{{ID: "mail", Title: "Mail", Weight: 1, Because: "b", Criteria: []scoring.Weighted{
			{ID: "first-human-reply-time", Weight: 3, Because: "b"}, {ID: "non-response", Weight: 1, Because: "b"},
		}}},
		Grades: []scoring.Grade{{Label: "good", Min: 60}, {Label: "fair", Min: 20}, {Label: "poor", Min: 0}},
		Gates:  []scoring.Gate{{ID: "mute", Title: "mute", When: scoring.Condition{Criterion: "non-response", Op: "==", Value: 0}, Cap: "poor", Because: "b"}},
	}
}

func TestFixes(t *testing.T) {
	r := panel(t, fixCard())
	cohort := map[string]string{"quick": "a", "slow": "a", "mute": "a"}
	for i, each := range scoring.AllFixes(r, cohort) {
		if one := scoring.Fixes(r, r.Sites[i].Site, cohort); !reflect.DeepEqual(each, one) {
			t.Errorf("%s: %+v among all, %+v alone", r.Sites[i].Site, each, one)
		}
	}
	all := scoring.Fixes(r, "slow", cohort)
	if len(all) != 1 {
		t.Fatalf("%+v", all)
	}
	f := all[0]
	// From 0.5 to the best one's 0.9 at three quarters of the weight: 30 points.
	if f.Criterion != "first-human-reply-time" || f.Best != "quick" || math.Abs(f.Gain-30) > 1e-6 || math.Abs(f.Full-37.5) > 1e-6 || f.Grade != "good" {
		t.Errorf("%+v", f)
	}
	if len(f.Proof) != 1 || f.Proof[0].Site != "slow" || len(f.There) != 1 || f.There[0].Site != "quick" {
		t.Errorf("proof %v, of the best %v", f.Proof, f.There)
	}

	// A gate that no longer fires comes before more points.
	all = scoring.Fixes(r, "mute", cohort)
	if len(all) != 2 || all[0].Criterion != "non-response" || !slices.Equal(all[0].Gates, []string{"mute"}) || all[0].Wins != 1 || all[1].Gain <= all[0].Gain {
		t.Errorf("%+v", all)
	}

	// Alone in its cohort, a site aims at everything.
	all = scoring.Fixes(r, "slow", map[string]string{"slow": "own"})
	if len(all) != 1 || all[0].Target != 100 || all[0].Best != "" || math.Abs(all[0].Gain-37.5) > 1e-6 {
		t.Errorf("%+v", all)
	}
	if got := scoring.Fixes(r, "nobody", cohort); got != nil {
		t.Errorf("of a site that is not there: %+v", got)
	}
}

// What Fixes promises is what the score becomes.
func TestFixesGainIsTrue(t *testing.T) {
	card := fixCard()
	before := panel(t, card)
	f := scoring.Fixes(before, "slow", map[string]string{"quick": "a", "slow": "a"})[0]
	o := answered(1, 3600, "≤6 h")
	after := score(t, card, o)
	if math.Abs(before.Sites[1].Score+f.Gain-after.Score) > 1e-9 || after.Grade != f.Grade {
		t.Errorf("promised %v to %v (%s), became %v (%s)", before.Sites[1].Score, before.Sites[1].Score+f.Gain, f.Grade, after.Score, after.Grade)
	}
}

func TestCostOfContact(t *testing.T) {
	help := func(repeat int, reached bool) evidence.Observation {
		return did("web", "find-help", repeat, evidence.Completed, "web.reached", reached)
	}
	c := scoring.CostOfContact("shop", scoring.DefaultCosts(), []evidence.Observation{help(1, true), help(2, true), help(3, false), help(4, true)})
	// Three of four are served by the pages: 1000 × 2 + 250 × 25 to 1000 × 3 + 250 × 30.
	if c.State != scoring.Scored || c.K != 3 || c.N != 4 || c.At != [2]float64{8250, 10500} || c.Low >= c.At[0] || c.High <= c.At[1] {
		t.Errorf("%+v", c)
	}
	own := scoring.DefaultCosts()
	own.Mail = [2]float64{4, 5}
	two := did("mail", "enquiry", 1, evidence.Completed, "mail.answered", true, "mail.exchanges", 2)
	c = scoring.CostOfContact("shop", own, []evidence.Observation{help(1, false), two})
	if c.At != [2]float64{1000 * (2 + 8), 1000 * (3 + 10)} {
		t.Errorf("two letters at 4 to 5: %+v", c.At)
	}
	c = scoring.CostOfContact("shop", own, []evidence.Observation{two})
	if c.State != scoring.NotMeasured || !strings.Contains(c.String(), "no visit tried") {
		t.Errorf("%+v", c)
	}
}
