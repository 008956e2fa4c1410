package scoring_test

import (
	"math"
	"strings"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/scoring"
)

// Calls, chats and purchases, as they are brought.
func TestCriteriaOfWhatIsBrought(t *testing.T) {
	const day = 86400.0
	const na = -1 // the criterion does not apply
	call := func(repeat int, facts ...any) evidence.Observation {
		return did("phone", "call", repeat, evidence.Completed, facts...)
	}
	chat := func(repeat int, facts ...any) evidence.Observation {
		return did("chat", "chat", repeat, evidence.Completed, facts...)
	}
	bought := func(repeat int, facts ...any) evidence.Observation {
		return did("purchase", "after-purchase", repeat, evidence.Completed, facts...)
	}
	unheard := did("phone", "call", 9, evidence.Silent, "phone.answered", false)
	for _, tt := range []struct {
		criterion string
		obs       []evidence.Observation
		score     float64
		shown     string // or, where it does not apply, a part of the reason
	}{
		{"phone-time-to-answer", []evidence.Observation{call(1, "phone.answered", true, "phone.answered-after", 20)}, 0.9, "20 s"},
		{"phone-time-to-answer", []evidence.Observation{call(1, "phone.answered", true, "phone.answered-after", 20), unheard}, 0.45, "median not reached, 1 of 2 answered"},
		{"phone-time-to-answer", []evidence.Observation{call(1, "phone.free", true)}, na, "nobody called"},
		{"phone-questions-answered", []evidence.Observation{call(1, "phone.answered", true, "phone.questions", 2, "phone.questions-answered", 1)}, 0.5, "1 of 2 questions"},
		{"phone-hours", []evidence.Observation{call(1, "phone.hours-stated", true), call(2, "phone.hours-stated", false)}, 0.5, "1 of 2"},
		{"phone-cost", []evidence.Observation{call(1, "phone.free", false, "phone.cost-stated", true), call(2, "phone.free", false)}, 0.5, "1 of 2"},
		{"phone-at-checkout", []evidence.Observation{call(1)}, na, "nobody looked"},
		{"call-back-offer", []evidence.Observation{call(1, "phone.call-back-offered", true)}, 1, "1 of 1"},
		{"help-leads-to-human", []evidence.Observation{call(1, "phone.help-leads-to-person", false)}, 0, "0 of 1"},
		{"number-consistency", []evidence.Observation{call(1, "phone.numbers", 1), call(2, "phone.numbers", 2)}, 0.5, "1 of 2"},

		{"chat-presence", []evidence.Observation{chat(1, "chat.present", true)}, 1, "1 of 1"},
		{"chat-at-point-of-sale", []evidence.Observation{chat(1, "chat.on-product", true, "chat.on-cart", false)}, 0.5, "on 1 of 2 pages"},
		{"chat-at-point-of-sale", []evidence.Observation{chat(1)}, na, "nobody looked"},
		{"chat-open", []evidence.Observation{chat(1, "chat.open", false, "chat.hours-open", false), chat(2, "chat.open", true)}, 1, "1 of 1"},
		{"chat-entry", []evidence.Observation{chat(1, "chat.clicks", 1, "chat.forced-fields", 3)}, 0.5, "4 clicks and fields"},
		{"chat-first-message-time", []evidence.Observation{chat(1, "chat.answered", true, "chat.first-message-after", 15)}, 0.9, "15 s"},
		{"chat-first-human-time", []evidence.Observation{chat(1, "chat.answered", true, "chat.first-human-after", 30), chat(2, "chat.answered", true)}, 0.45, "median not reached, 1 of 2 answered"},
		{"chat-unanswered", []evidence.Observation{chat(1, "chat.answered", true), chat(2, "chat.answered", false)}, 0.5, "1 of 2"},
		{"bot-disclosure", []evidence.Observation{chat(1, "chat.bot", true, "chat.bot-disclosed", false), chat(2, "chat.bot", false)}, 0, "0 of 1"},
		{"turns-to-human", []evidence.Observation{chat(1, "chat.turns-to-human", 4)}, 0.5, "4 messages"},
		{"chat-questions-answered", []evidence.Observation{chat(1, "chat.answered", true, "chat.questions", 1, "chat.questions-answered", 1)}, 1, "1 of 1 question"},
		{"transcript-offered", []evidence.Observation{chat(1, "chat.transcript", true)}, 1, "1 of 1"},
		{"context-kept", []evidence.Observation{chat(1)}, na, "no conversation was handed over"},

		{"purchase-confirmed", []evidence.Observation{bought(1, "purchase.confirmed-after", 300), bought(2)}, 0.45, "median not reached, 1 of 2 answered"},
		{"order-confirmation-content", []evidence.Observation{bought(1, "purchase.confirmation-parts", 4)}, 0.8, "4.0 of 5 parts"},
		{"shipping-notice", []evidence.Observation{bought(1, "purchase.shipping-notice", true)}, 1, "1 of 1"},
		{"delivery-promise", []evidence.Observation{bought(1, "purchase.promised-within", 2*day, "purchase.delivered-after", 3*day), bought(2, "purchase.promised-within", 2*day)}, 0, "0 of 2"},
		{"delivery-follow-up", []evidence.Observation{bought(1, "purchase.follow-up", false)}, 0, "0 of 1"},
		{"refund-days", []evidence.Observation{bought(1, "purchase.returned", true, "purchase.refunded-after", 14*day), bought(2)}, 0.5, "14 d"},
		{"cancellation-acknowledged", []evidence.Observation{bought(1, "purchase.cancelled", true)}, 0, "0 of 1"},
		{"declined-card-recovery", []evidence.Observation{bought(1, "purchase.declined", true, "purchase.cart-kept", true)}, 0.5, "1 of 2 kept"},
	} {
		m := score(t, one(tt.criterion), tt.obs...).Categories[0].Marks[0]
		switch {
		case tt.score == na:
			if m.State != scoring.NotApplicable || !strings.Contains(m.Reason, tt.shown) {
				t.Errorf("%s: got %s %q, want not applicable, %q", tt.criterion, m.State, m.Reason, tt.shown)
			}
		case m.State != scoring.Scored || math.Abs(m.Score-tt.score) > 1e-9 || m.Shown != tt.shown:
			t.Errorf("%s: got %s %v, %q (%s); want %v, %q", tt.criterion, m.State, m.Score, m.Shown, m.Reason, tt.score, tt.shown)
		}
	}
}

// What a study did not ask does not count against the shop, while the same gap
// in a probe's own observation withholds the mark.
func TestBroughtGapsDropOut(t *testing.T) {
	o := obs("mail", "shop", 1, evidence.Completed, "mail.answered", true)
	if m := score(t, one("first-human-reply-time"), o).Categories[0].Marks[0]; m.State != scoring.NotMeasured {
		t.Errorf("of a probe: %s", m.State)
	}
	o.Reading = "import/1/0123456789ab"
	if m := score(t, one("first-human-reply-time"), o).Categories[0].Marks[0]; m.State != scoring.NotApplicable {
		t.Errorf("brought: %s %q", m.State, m.Reason)
	}
}

func TestGradingStandsAloneOnly(t *testing.T) {
	card := one("non-response")
	grading := func(repeat int, facts ...any) evidence.Observation {
		return did("grading", "grading", repeat, evidence.Completed, facts...)
	}
	for _, tt := range []struct {
		name  string
		obs   []evidence.Observation
		state scoring.State
		grade string
		by    string
	}{
		{"by points", []evidence.Observation{grading(1, "grading.points", 100, "import.by", "A")}, scoring.Scored, card.Grades[0].Label, "A"},
		{"the worse of two", []evidence.Observation{grading(1, "grading.points", 100), grading(2, "grading.points", 0)}, scoring.Scored, card.Grades[len(card.Grades)-1].Label, "an analyst"},
		{"a label of another card", []evidence.Observation{grading(1, "grading.grade", "superb")}, scoring.NotMeasured, "", "an analyst"},
		{"beside a probe", []evidence.Observation{grading(1, "grading.points", 0), answered(1, 60, "≤6 h")}, scoring.Scored, card.Grades[0].Label, ""},
	} {
		s := score(t, card, tt.obs...)
		if s.State != tt.state || s.Grade != tt.grade || s.Graded != tt.by {
			t.Errorf("%s: got %s %q by %q (%s), want %s %q by %q", tt.name, s.State, s.Grade, s.Graded, s.Reason, tt.state, tt.grade, tt.by)
		}
	}
}
