package scoring_test

import (
	"slices"
	"strings"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/scoring"
)

// gate makes a gate.
func gate(id, criterion, op string, value float64, limit string) scoring.Gate {
	return scoring.Gate{ID: id, Title: id, When: scoring.Condition{Criterion: criterion, Op: op, Value: value}, Cap: limit, Because: "so"}
}

func TestGatesCapTheGrade(t *testing.T) {
	unheard := gate("unheard", "non-response", "==", 0, "average")
	half := gate("half", "non-response", "<", 0.6, "below average")
	worst := gate("worst", "non-response", "<=", 0, "poor")
	good := []evidence.Observation{answered(1, 600, "≤6 h"), bought(1, 8, 8)}
	for _, tt := range []struct {
		name            string
		gates           []scoring.Gate
		obs             []evidence.Observation
		grade, uncapped string
		capped          string
		fired           []string
	}{
		{"not fired", []scoring.Gate{unheard, half}, good, "excellent", "", "", nil},
		{"capped, whatever the mean", []scoring.Gate{gate("slow", "first-human-reply-time", "<", 0.99, "average")}, good, "average", "excellent", "slow", []string{"slow"}},
		{"the lowest of several decides", []scoring.Gate{half, gate("slow", "first-human-reply-time", "<", 0.99, "average"), gate("low", "first-human-reply-time", "<", 1, "poor")},
			good, "poor", "excellent", "low", []string{"slow", "low"}},
		{"of equals the first", []scoring.Gate{gate("a", "checkout-clicks", "==", 1, "good"), gate("b", "checkout-clicks", ">=", 1, "good")},
			good, "good", "excellent", "a", []string{"a", "b"}},
		{"what is lower already stays, and the gate is named", []scoring.Gate{unheard}, []evidence.Observation{silent(1), obs("web", "shop", 1, evidence.Failed, "web.reached", false)},
			"poor", "", "", []string{"unheard"}},
		{"what has no score fires nothing", []scoring.Gate{worst}, []evidence.Observation{bought(1, 8, 8)}, "excellent", "", "", nil},
		{"a withheld total has no grade to cap", []scoring.Gate{worst}, []evidence.Observation{silent(1), obs("web", "shop", 1, evidence.Broken)}, "", "", "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := card()
			free := score(t, c, tt.obs...)
			c.Gates = tt.gates
			s := score(t, c, tt.obs...)
			if s.Grade != tt.grade || s.Uncapped != tt.uncapped || s.Capped != tt.capped || !slices.Equal(s.Fired, tt.fired) {
				t.Errorf("got %q, uncapped %q by %q, fired %q", s.Grade, s.Uncapped, s.Capped, s.Fired)
			}
			if s.Score != free.Score || tt.uncapped != "" && free.Grade != tt.uncapped {
				t.Errorf("gates change the score from %v to %v, or the grade of the mean from %s to %s", free.Score, s.Score, free.Grade, s.Uncapped)
			}
		})
	}
}

func TestGateErrors(t *testing.T) {
	for want, g := range map[string]scoring.Gate{
		`gate x watches "charm", which the card does not weigh`:    gate("x", "charm", "==", 0, "poor"),
		`gate x watches "empathy", which the card does not weigh`:  gate("x", "empathy", "==", 0, "poor"),
		`gate x caps at "awful", which is no grade`:                gate("x", "non-response", "==", 0, "awful"),
		`gate x caps at "excellent", the best grade`:               gate("x", "non-response", "==", 0, "excellent"),
		`gate x compares by "=<"`:                                  gate("x", "non-response", "=<", 0, "poor"),
		`gate x can never fire: no score, from 0 to 1, is < 0`:     gate("x", "non-response", "<", 0, "poor"),
		`gate x can never fire: no score, from 0 to 1, is > 1`:     gate("x", "non-response", ">", 1, "poor"),
		`gate x can never fire: no score, from 0 to 1, is == 50`:   gate("x", "non-response", "==", 50, "poor"),
		`gate x can never fire: no score, from 0 to 1, is <= -0.1`: gate("x", "non-response", "<=", -0.1, "poor"),
		`scorecard readiness: gate  has no id`:                     gate("", "non-response", "==", 0, "poor"),
		`scorecard readiness: gate twice stands twice`:             gate("twice", "non-response", "==", 0, "poor"),
		"": gate("x", "non-response", "!=", 1, "poor"),
	} {
		c := card()
		c.Gates = []scoring.Gate{gate("twice", "checkout-clicks", "==", 0.5, "good"), g}
		_, err := scoring.Score("w1", c, scoring.Criteria(), nil, nil)
		switch {
		case want == "" && err != nil:
			t.Errorf("a sound gate: %v", err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
