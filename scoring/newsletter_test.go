package scoring_test

import (
	"strings"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/scoring"
)

// How newsletters are judged: by what they took, and what they took back.
func TestCriteriaOfNewsletters(t *testing.T) {
	news := func(repeat int, facts ...any) evidence.Observation {
		for i, f := range facts {
			if s, ok := f.(string); ok && !strings.Contains(s, ".") {
				facts[i] = "newsletter." + s
			}
		}
		return did("newsletter", "newsletter", repeat, evidence.Completed, facts...)
	}
	const na = -1
	for _, tt := range []struct {
		criterion, name string
		obs             []evidence.Observation
		score           float64
		shown           string
	}{
		{"unsubscribe", "silent, goes on", []evidence.Observation{news(1, "left", true, "issues-after-grace", 0), news(2, "left", true, "issues-after-grace", 2)}, .5, "1 of 2"},
		{"unsubscribe", "one in the grace is forgiven", []evidence.Observation{news(1, "left", true, "issues-after-grace", 0, "issues-in-grace", 3)}, 1, "1 of 1"},
		{"unsubscribe", "not let go", []evidence.Observation{news(1, "left", false)}, 0, "0 of 1"},
		{"unsubscribe", "not watched to the end", []evidence.Observation{news(1, "left", true)}, na, "is not known"},
		{"unsubscribe", "no newsletter came", []evidence.Observation{news(1, "issues", 0)}, na, "no newsletter came"},
		{"unsubscribe-effort", "one click", []evidence.Observation{news(1, "left", true, "leave-clicks", 1, "join-clicks", 1)}, 1, "1 of 1"},
		{"unsubscribe-effort", "link and button", []evidence.Observation{news(1, "left", true, "leave-clicks", 2, "join-clicks", 1, "leave-login", false)}, 1, "1 of 1"},
		{"unsubscribe-effort", "a maze, a reason, the address, a log-in", []evidence.Observation{news(1, "left", true, "leave-clicks", 3, "join-clicks", 1), news(2, "left", true, "leave-survey", true), news(3, "left", true, "leave-address", true), news(4, "left", false, "leave-login", true)}, 0, "0 of 4"},
		{"newsletter-consent", "no box, a box, ticked, combined", []evidence.Observation{news(1, "consent-box", false), news(2, "consent-box", true, "consent-preticked", false, "consent-separate", true), news(3, "consent-box", true, "consent-preticked", true, "consent-separate", true), news(4, "consent-box", true, "consent-preticked", false, "consent-separate", false)}, .5, "2 of 4"},
		{"newsletter-confirmation", "asked and kept, asked and not waited for, never asked", []evidence.Observation{news(1, "opt-in", true, "unconfirmed-issues", 0), news(2, "opt-in", true, "unconfirmed-issues", 1), news(3, "opt-in", false)}, 1. / 3, "1 of 3"},
		{"one-click-unsubscribe", "no mail", []evidence.Observation{news(1, "issues", 0)}, na, "no newsletter came"},
		{"one-click-unsubscribe", "without the fields", []evidence.Observation{news(1, "issues", 2, "one-click", false)}, 0, "0 of 1"},
		{"alias-leak", "the address of a newsletter, too", []evidence.Observation{news(1, "mail.leaked", 1)}, 0, "0 of 1"},
		{"early-tracking", "typed to sign up", []evidence.Observation{news(1, "web.third-party-typed", true)}, 0, "0 of 1"},
	} {
		t.Run(tt.criterion+"/"+tt.name, func(t *testing.T) {
			m := score(t, one(tt.criterion), tt.obs...).Categories[0].Marks[0]
			if tt.score == na {
				if m.State != scoring.NotApplicable || !strings.Contains(m.Reason, tt.shown) {
					t.Errorf("got %s %v %q, reason %q", m.State, m.Score, m.Shown, m.Reason)
				}
				return
			}
			if m.State != scoring.Scored || m.Score != tt.score || m.Shown != tt.shown {
				t.Errorf("got %s %v, %q (%s)", m.State, m.Score, m.Shown, m.Reason)
			}
		})
	}
}
