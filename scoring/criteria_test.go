package scoring_test

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/scoring"
)

func TestCriteria(t *testing.T) {
	type observations = []evidence.Observation
	const hour = 3600.0
	bounced := obs("mail", "shop", 9, evidence.Failed, "mail.answered", false, "mail.bounced", true, "mail.bucket", "bounced")
	refused := obs("mail", "shop", 8, evidence.Failed, "mail.bucket", "bounced") // by our relay's first hop: nothing could come back
	bouncedYetAnswered := obs("mail", "shop", 7, evidence.Completed, "mail.answered", true, "mail.bounced", true)
	late := obs("mail", "shop", 6, evidence.Completed, "mail.answered", true, "mail.first-human-after", 3*hour, "mail.acknowledged-after", 901)
	acknowledged := obs("mail", "shop", 5, evidence.Silent, "mail.answered", false, "mail.acknowledged-after", 900)
	byPerson := obs("mail", "shop", 4, evidence.Completed, "mail.answered", true, "mail.first-human-after", 300)
	bare := obs("mail", "shop", 3, evidence.Completed) // completed, yet recorded nothing
	lost := obs("web", "shop", 9, evidence.Failed, "web.reached", false, "web.clicks", 2, "web.fields-visible", 1)

	for _, tt := range []struct {
		name      string
		criterion string
		obs       observations
		score     float64
		shown     string
		value     float64
		n         int
		warning   string // one of them
	}{
		{"delivered", "address-deliverable", observations{silent(1), answered(2, 60, "≤6 h")}, 1, "2 of 2", 1, 2, ""},
		{"one came back", "address-deliverable", observations{silent(1), bounced}, 0.5, "1 of 2", 0.5, 2, ""},
		{"refused at once", "address-deliverable", observations{refused}, 0, "0 of 1", 0, 1, ""},
		{"a person answered what bounced elsewhere", "address-deliverable", observations{bouncedYetAnswered}, 1, "1 of 1", 1, 1, ""},

		{"by machine, at the limit", "acknowledgement", observations{acknowledged}, 1, "1 of 1", 1, 1, ""},
		{"a second late", "acknowledgement", observations{late}, 0, "0 of 1", 0, 1, ""},
		{"by a person's answer", "acknowledgement", observations{byPerson, late, silent(1)}, 1.0 / 3, "1 of 3", 1.0 / 3, 3, ""},

		{"an hour", "first-human-reply-time", observations{answered(1, hour, "≤6 h")}, 0.9, "1 h", hour, 1, "n = 1: too few for an interval"},
		{"an hour and a day", "first-human-reply-time", observations{answered(1, hour, "≤6 h"), answered(2, 24*hour, "1–2 d")}, 0.7, "12 h 30 min", 12.5 * hour, 2, ""},
		{"silence is 0", "first-human-reply-time", observations{silent(1), silent(2)}, 0, "never", 0, 2, ""},
		{"half were answered", "first-human-reply-time", observations{answered(1, hour, "≤6 h"), silent(2)}, 0.45, "median not reached, 1 of 2 answered", 0, 2, ""},
		{"more than half were answered", "first-human-reply-time", observations{answered(1, hour, "≤6 h"), silent(2), answered(3, 24*hour, "1–2 d")}, 1.4 / 3, "1 d, 2 of 3 answered", 24 * hour, 3, ""},
		{"our own gap is left out", "first-human-reply-time", observations{answered(1, hour, "≤6 h"), bare}, 0.9, "1 h", hour, 1, "not counted: 1 of 2 probes, not having recorded mail.first-human-after"},

		{"within six hours", "response-bucket", observations{answered(1, hour, "≤6 h")}, 1, "≤6 h", 1, 1, ""},
		{"mixed", "response-bucket", observations{answered(1, hour, "6–24 h"), silent(2), bounced, silent(3)}, 0.2, "1 × 6–24 h, 2 × never, 1 × bounced", 0.2, 4, "n = 4: too few for an interval"},
		{"every class", "response-bucket", observations{answered(1, 1, "1–2 d"), answered(2, 1, "2–3 d"), answered(3, 1, "3–5 d"), answered(4, 1, "≥5 d")}, 0.3,
			"1 × 1–2 d, 1 × 2–3 d, 1 × 3–5 d, 1 × ≥5 d", 0.3, 4, ""},

		{"answered", "non-response", observations{answered(1, hour, "≤6 h"), silent(2), acknowledged}, 1.0 / 3, "1 of 3", 1.0 / 3, 3, ""},
		{"refused is unanswered", "non-response", observations{refused}, 0, "0 of 1", 0, 1, ""},
		{"our own gap is no silence", "non-response", observations{answered(1, hour, "≤6 h"), bare}, 1, "1 of 1", 1, 1, "not counted: 1 of 2 probes, not having recorded mail.answered"},

		{"arrived", "checkout-success", observations{bought(1, 8, 8), bought(2, 8, 8), lost}, 2.0 / 3, "2 of 3", 2.0 / 3, 3, ""},

		{"few clicks", "checkout-clicks", observations{bought(1, 5, 8)}, 1, "5 clicks", 5, 1, ""},
		{"half-way", "checkout-clicks", observations{bought(1, 19, 8)}, 0.5, "19 clicks", 19, 1, ""},
		{"too many", "checkout-clicks", observations{bought(1, 30, 8)}, 0, "30 clicks", 30, 1, ""},
		{"a lost visit has no count", "checkout-clicks", observations{bought(1, 8, 8), lost}, 1, "8 clicks", 8, 1, "not counted here: 1 of 2 visits, never having arrived"},
		{"none arrived", "checkout-clicks", observations{lost}, 0, "never arrived", 0, 1, ""},

		{"the usual number", "checkout-fields", observations{bought(1, 8, 11), bought(2, 8, 12)}, (8 + 7) / 22.0, "11.5 fields", 11.5, 2, ""},
		{"one", "checkout-fields", observations{bought(1, 8, 1)}, 1, "1 field", 1, 1, ""},
		{"none arrived at the fields", "checkout-fields", observations{lost}, 0, "never arrived", 0, 1, ""},
	} {
		t.Run(tt.criterion+"/"+tt.name, func(t *testing.T) {
			m := score(t, one(tt.criterion), tt.obs...).Categories[0].Marks[0]
			if m.State != scoring.Scored || math.Abs(m.Score-tt.score) > 1e-9 || m.Shown != tt.shown || math.Abs(m.Value-tt.value) > 1e-9 || m.N != tt.n {
				t.Errorf("got %s %v, %q, value %v, n %d (%s); want %v, %q, %v, %d", m.State, m.Score, m.Shown, m.Value, m.N, m.Reason, tt.score, tt.shown, tt.value, tt.n)
			}
			if tt.warning != "" && !slices.Contains(m.Warnings, tt.warning) {
				t.Errorf("warnings %q lack %q", m.Warnings, tt.warning)
			}
			if m.Censored != (strings.HasPrefix(m.Shown, "never") || strings.HasPrefix(m.Shown, "median not")) {
				t.Errorf("%q, censored %v", m.Shown, m.Censored)
			}
			if share := regexp.MustCompile(`^\d+ of \d+$`).MatchString(m.Shown); share != (m.Interval != nil) {
				t.Errorf("%q, interval %v: shares have one", m.Shown, m.Interval)
			}
		})
	}
}

func TestCriteriaOurOwnGapIsNotMeasured(t *testing.T) {
	bareMail, bareVisit := obs("mail", "shop", 1, evidence.Completed), obs("web", "shop", 1, evidence.Completed)
	odd := obs("mail", "shop", 1, evidence.Completed, "mail.bucket", "whenever")
	countless := obs("web", "shop", 1, evidence.Completed, "web.reached", true)
	for _, tt := range []struct {
		criterion string
		obs       evidence.Observation
		want      string
	}{
		{"first-human-reply-time", bareMail, "1 probe recorded no mail.first-human-after"},
		{"non-response", bareMail, "1 probe recorded no mail.answered"},
		{"response-bucket", bareMail, "1 of 1 probe recorded no known class of response"},
		{"response-bucket", odd, "1 of 1 probe recorded no known class of response"},
		{"checkout-success", bareVisit, "1 probe recorded no web.reached"},
		{"checkout-clicks", bareVisit, "1 probe recorded no web.reached"},
		{"checkout-clicks", countless, "1 probe recorded no web.clicks"},
		{"checkout-fields", countless, "1 probe recorded no web.fields-visible"},
	} {
		m := score(t, one(tt.criterion), tt.obs).Categories[0].Marks[0]
		if m.State != scoring.NotMeasured || m.Reason != tt.want {
			t.Errorf("%s: got %s %q, want not measured, %q", tt.criterion, m.State, m.Reason, tt.want)
		}
	}
}

// What the report prints of a criterion must all be there.
func TestCriteriaAreDescribed(t *testing.T) {
	id := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	seen := map[string]bool{}
	for _, c := range scoring.Criteria() {
		if !id.MatchString(c.ID) || seen[c.ID] {
			t.Errorf("the id %q is no kebab-case noun of its own", c.ID)
		}
		seen[c.ID] = true
		if c.Title == "" || c.Source == "" || c.Unit == "" || len(c.Needs) == 0 || c.Judge == nil {
			t.Errorf("%s lacks a title, source, unit, needs or judge", c.ID)
		}
		for _, s := range []string{c.Why, c.Curve} {
			if !strings.HasSuffix(s, ".") {
				t.Errorf("%s: %q is no sentence", c.ID, s)
			}
		}
		// Form and newsletter probes are web visits that then wait for mail.
		kinds := map[string][]string{"mail": {"mail."}, "web": {"web.", "custom.", "goal.", "stock.", "return.", "card."}, "form": {"form.", "web.", "mail.bulk"}, "newsletter": {"newsletter.", "web.", "mail.leaked", "mail.postal-address"}, "phone": {"phone."}, "chat": {"chat."}, "purchase": {"purchase."}}
		records := func(s scoring.Scope, need string) bool {
			return slices.ContainsFunc(kinds[s.Kind], func(prefix string) bool { return strings.HasPrefix(need, prefix) })
		}
		for _, n := range c.Needs {
			if !slices.ContainsFunc(c.Scopes(), func(s scoring.Scope) bool { return records(s, n) }) {
				t.Errorf("%s needs %s, which none of its probes can record", c.ID, n)
			}
		}
		for _, s := range c.Scopes() {
			if !slices.ContainsFunc(c.Needs, func(n string) bool { return records(s, n) }) {
				t.Errorf("%s reads %s, which can record nothing that it needs", c.ID, s)
			}
		}
	}
}
