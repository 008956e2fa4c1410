package scoring_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/scoring"
)

// saw is a visit whose read steps found these words: step, words, …
func saw(repeat int, words ...string) evidence.Observation {
	o := did("web", "look", repeat, evidence.Completed, "web.reached", true)
	o.Start = time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	for i := 0; i+1 < len(words); i += 2 {
		o.Facts = append(o.Facts, evidence.Fact{Name: "custom.read", Step: words[i], Unit: evidence.Text, Text: words[i+1]})
	}
	return o
}

// asked is an answered enquiry of a scenario whose first question was answered
// by these words.
func asked(scenario string, repeat int, proof string) evidence.Observation {
	o := wrote(repeat)
	o.Probe.Scenario = scenario
	o.Facts = append(o.Facts,
		evidence.Fact{Name: "mail.question-answered", Step: "question-1", Unit: evidence.Text, Text: "answered"},
		evidence.Fact{Name: "mail.question-proof", Step: "question-1", Unit: evidence.Text, Text: proof})
	return o
}

func TestCriteriaOfExchangesTasksAndControl(t *testing.T) {
	type all = []evidence.Observation
	const done, failed, mute = evidence.Completed, evidence.Failed, evidence.Silent
	const na = -1
	task := func(kind, task string, repeat int, reached bool) evidence.Observation {
		outcome := done
		if !reached {
			outcome = failed
		}
		return did(kind, task, repeat, outcome, "web.reached", reached)
	}
	unheard := func(repeat int, facts ...any) evidence.Observation {
		return did("mail", "enquiry", repeat, mute, append([]any{"mail.answered", false}, facts...)...)
	}
	type row struct {
		criterion string
		name      string
		obs       all
		score     float64
		shown     string // or, where it does not apply, a part of the reason
	}
	rows := []row{
		{"correctness", "one of two is wrong", all{wrote(1, "mail.checked", 2, "mail.contradicted", 1)}, 0.5, "1 of 2 questions answered wrongly"},
		{"correctness", "silence is 0", all{wrote(1, "mail.checked", 1, "mail.contradicted", 0), unheard(2, "mail.checked", 1)}, 0.5, "0 of 1 question answered wrongly"},
		{"correctness", "nobody knows what is wrong", all{wrote(1, "mail.checked", 0)}, na, "no scenario says"},
		{"follow-up", "one of two", all{wrote(1, "mail.follow-up", true), wrote(2, "mail.follow-up", false), unheard(3)}, 0.5, "1 of 2"},
		{"follow-up", "never answered", all{unheard(1)}, na, "no mail was answered"},
		{"closed-without-answer", "one of two", all{unheard(1, "mail.closed-unanswered", true), wrote(2, "mail.closed-unanswered", false)}, 0.5, "1 of 2"},
		{"closed-without-answer", "an older reader did not look", all{wrote(1)}, na, "no probe watched"},
		{"mail-authentication", "two of three, and the spam", all{wrote(1, "mail.spf", "pass", "mail.dkim", "pass", "mail.dmarc", "fail", "mail.answer-in-junk", false), wrote(2, "mail.spf", "pass", "mail.answer-in-junk", true)}, 1.0 / 3, "3 of 4 checks passed, 1 of 2 among the spam"},
		{"mail-authentication", "what is not reported does not count", all{wrote(1, "mail.spf", "pass"), wrote(2, "mail.answer-in-junk", false)}, 1, "1 of 1 check passed, 0 of 1 among the spam"},
		{"mail-authentication", "nothing is reported", all{wrote(1, "mail.answer-in-junk", false)}, na, "reports no check"},
		{"repeat-consistency", "the same number in other places and words", all{asked("a", 1, "reply-1 17-23 “3 days”"), asked("a", 2, "reply-2 4-20 “within 3 working days”")}, 1, "the same to 1 of 1 question"},
		{"repeat-consistency", "another number", all{asked("a", 1, "reply-1 17-23 “3 days”"), asked("a", 2, "reply-1 17-23 “5 days”"), asked("b", 1, "reply-1 1-2 “yes”"), asked("b", 2, "reply-1 3-9 “of course”")}, 0.5, "the same to 1 of 2 questions"},
		{"repeat-consistency", "asked once each", all{asked("a", 1, "reply-1 17-23 “3 days”"), asked("b", 1, "reply-1 17-23 “5 days”")}, na, "more than once"},
		{"alias-leak", "one of two", all{wrote(1, "mail.leaked", 2), unheard(2, "mail.leaked", 0)}, 0.5, "1 of 2"},
		{"mail-volume", "five and none", all{wrote(1, "mail.bulk", 5), wrote(2, "mail.bulk", 0)}, 0.5, "2.5 an address"},
		{"mail-volume", "a flood", all{wrote(1, "mail.bulk", 50)}, 0, "50 an address"},
		{"postal-address", "one of two", all{wrote(1, "mail.postal-address", true), wrote(2, "mail.postal-address", false)}, 0.5, "1 of 2"},
		{"postal-address", "nothing came", all{unheard(1)}, na, "no mail came"},

		{"step-time", "a second at the middle of each visit", all{did("web", "checkout", 1, done, "web.reached", true, "web.step-took", 0.2, "web.step-took", 1, "web.step-took", 30)}, 0.9, "1 s"},
		{"step-time", "never arrived", all{did("web", "checkout", 1, failed, "web.reached", false, "web.step-took", 1)}, 0, "never arrived"},
		{"step-time", "not timed", all{did("web", "checkout", 1, done, "web.reached", true)}, na, "no visit timed"},

		{"form-wall", "a password first", all{did("form", "contact-form", 1, mute, "web.account-forced", true), did("form", "contact-form", 2, mute, "web.account-forced", false)}, 0.5, "1 of 2"},
		{"form-wall", "nothing filled in", all{did("form", "contact-form", 1, mute)}, na, "no visit filled in"},
		{"form-recovery", "by either kind", all{task("web", "form-errors", 1, true), task("form", "form-errors", 2, false)}, 0.5, "1 of 2"},

		{"price-consistency", "the same in four places and forms", all{saw(1, "price-in-list", "€ 1.234,50", "price-on-page", "1,234.50", "price-in-cart", "1 234,50 €", "price-in-checkout", "EUR 1234.50")}, 1, "1 of 1"},
		{"price-consistency", "a rise", all{saw(1, "price-on-page", "£24", "price-in-cart", "£24.99"), saw(2, "price-on-page", "£24", "price-in-checkout", "£23.50")}, 0.5, "1 of 2"},
		{"price-consistency", "thousands", all{saw(1, "price-on-page", "1.299", "price-in-cart", "1.299,00")}, 1, "1 of 1"},
		{"price-consistency", "read once", all{saw(1, "price-on-page", "£24")}, na, "two places"},
		{"price-consistency", "read without a number", all{saw(1, "price-on-page", "£24", "price-in-cart", "on request")}, na, "two places"},
		{"offer-applied", "one of two", all{saw(1, "offer-price", "19.90", "price-in-cart", "19.90"), saw(2, "offer-price", "19.90", "price-in-cart", "24.90")}, 0.5, "1 of 2"},
		{"unexpected-extras", "delivery is expected, insurance is not", all{saw(1, "price-in-cart", "20.00", "delivery-cost", "4.90", "total-in-checkout", "24.90"), saw(2, "price-in-cart", "20.00", "delivery-cost", "4.90", "total-in-checkout", "27.90")}, 0.5, "1 of 2"},
		{"unexpected-extras", "no total", all{saw(1, "price-in-cart", "20.00")}, na, "no visit read the cart"},
		{"expired-offers", "today, and yesterday", all{saw(1, "offer-ends", "2026-11-16"), saw(2, "offer-ends", "15 November 2026")}, 0.5, "1 of 2"},
		{"expired-offers", "no day", all{saw(1, "offer-ends", "while stocks last")}, na, "when an offer ends"},
		{"availability", "one of three opens nothing", all{did("web", "a", 1, done, "web.pages", 4), did("form", "b", 1, mute, "web.pages", 1), did("web", "c", 1, failed, "web.pages", 0)}, 2.0 / 3, "2 of 3"},
		{"dead-links", "of every task", all{did("web", "search-product", 1, done, "web.dead-links", 1, "web.links-checked", 20)}, 0.5, "1 dead of 20 links"},
	}
	// What a visit that follows a price says of an article, page and cart.
	stock := func(name string, repeat int, outcome evidence.Outcome, facts ...any) evidence.Observation {
		return did("web", name, repeat, outcome, append([]any{"web.reached", outcome == done}, facts...)...)
	}
	signed, late := []any{"goal.state", "reached", "stock.sign", "sold out"}, []any{"goal.state", "reached", "stock.sign", "nothing", "stock.gone-in-cart", "This item is no longer available."}
	there, gone := []any{"goal.state", "reached", "stock.sign", "in stock"}, []any{"goal.state", "absent"}
	rows = append(rows,
		row{"out-of-stock-sign", "told, told late, in stock, not found", all{stock("price-check", 1, done, signed...), stock("price-check", 2, done, late...), stock("price-check", 3, done, there...), stock("price-check", 4, failed, gone...)}, 0.5, "1 of 2"},
		row{"out-of-stock-sign", "a visit of its own to an article that is in stock", all{stock("out-of-stock", 1, done, there...)}, na, "could be had"},
		row{"out-of-stock-sign", "a script beside a visit by goal", all{stock("out-of-stock", 1, failed), stock("price-check", 1, done, signed...)}, 0.5, "1 of 2"},
		row{"discontinued-items", "gone, told, told late", all{stock("discontinued", 1, failed, gone...), stock("discontinued", 2, done, signed...), stock("discontinued", 3, done, late...)}, 2.0 / 3, "2 of 3"},
		row{"discontinued-items", "what is followed otherwise is nothing discontinued", all{stock("price-check", 1, done, signed...)}, na, "tried no discontinued"},
		row{"routine-questions", "seven of ten, and none", all{did("web", "answer-question", 1, done, "web.reached", true, "goal.questions", 10, "goal.questions-answered", 7), did("web", "answer-question", 2, failed, "web.reached", false, "goal.questions", 10, "goal.questions-answered", 0)}, 0.35, "7 of 20 questions"},
		row{"policies-stated", "of goals", all{task("web", "find-delivery-cost", 1, true), task("web", "find-returns", 1, false)}, 0.5, "1 of 2"},
		row{"declined-card-recovery", "all kept", all{did("web", "declined-card", 1, done, "card.refusal-shown", true, "card.another-possible", true, "card.cart-kept", true)}, 1, "2 of 2 kept"},
		row{"declined-card-recovery", "nothing said, the form emptied, no basket to be seen", all{did("web", "declined-card", 1, failed, "card.refusal-shown", false, "card.another-possible", true, "card.form-kept", false)}, 0, "0 of 2 kept"},
		row{"declined-card-recovery", "the form kept, no basket to be seen", all{did("web", "declined-card", 1, done, "card.refusal-shown", true, "card.another-possible", false, "card.form-kept", true)}, 0.5, "1 of 2 kept"},
		row{"declined-card-recovery", "the card was never asked for", all{did("web", "declined-card", 1, failed, "web.reached", false)}, na, "no card was declined"},
	)
	for id, name := range map[string]string{
		"change-address": "change-address", "change-password": "change-password", "cancel-order": "cancel-order", "order-status": "order-status",
		"start-return": "start-return", "inquiry-tracking": "inquiry-tracking", "escalation": "escalation", "routine-questions": "answer-question",
		"zero-result-exit": "search-nothing", "policies-stated": "find-policies", "feedback-asked": "give-feedback", "privacy-policy": "find-privacy",
		"checkout-error-recovery": "checkout-errors", "discontinued-items": "discontinued", "out-of-stock-sign": "out-of-stock",
	} {
		rows = append(rows,
			row{id, "one of three", all{task("web", name, 1, true), task("web", name, 2, false), task("web", name, 3, false)}, 1.0 / 3, "1 of 3"},
			row{id, "not tried", all{task("web", "another", 1, true)}, na, "tried no " + name})
	}
	for _, tt := range rows {
		t.Run(tt.criterion+"/"+tt.name, func(t *testing.T) {
			m := score(t, one(tt.criterion), tt.obs...).Categories[0].Marks[0]
			if tt.score == na {
				if m.State != scoring.NotApplicable || !strings.Contains(m.Reason, tt.shown) {
					t.Errorf("got %s %v %q, reason %q; want not applicable, %q", m.State, m.Score, m.Shown, m.Reason, tt.shown)
				}
				return
			}
			if m.State != scoring.Scored || math.Abs(m.Score-tt.score) > 1e-9 || m.Shown != tt.shown {
				t.Errorf("got %s %v, %q (%s); want %v, %q", m.State, m.Score, m.Shown, m.Reason, tt.score, tt.shown)
			}
			if strings.Contains(m.Shown, " of ") && m.K > 0 && m.Interval == nil {
				t.Error("a share without an interval")
			}
		})
	}
}
