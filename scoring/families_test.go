package scoring_test

import (
	"math"
	"strings"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/scoring"
)

// did gives an observation of a task, in a scenario of its own name.
func did(kind, task string, repeat int, outcome evidence.Outcome, facts ...any) evidence.Observation {
	o := obs(kind, "shop", repeat, outcome, facts...)
	o.Task, o.Probe.Scenario = task, task
	return o
}

// wrote gives an answered enquiry with what a person's answer said.
func wrote(repeat int, facts ...any) evidence.Observation {
	return did("mail", "enquiry", repeat, evidence.Completed, append([]any{"mail.answered", true}, facts...)...)
}

// replied gives an answered mail of a scenario with the words of its answer.
func replied(scenario string, words string) evidence.Observation {
	o := did("mail", "enquiry", 1, evidence.Completed, "mail.answered", true, "mail.class", "acknowledgement", "mail.text", "We got your mail.", "mail.class", "human", "mail.text", words)
	o.Probe.Scenario = scenario
	for i, step := range []string{"", "reply-1", "reply-1", "reply-2", "reply-2"} {
		o.Facts[i].Step = step
	}
	return o
}

func TestCriteriaOfEveryFamily(t *testing.T) {
	type all = []evidence.Observation
	const hour = 3600.0
	const done, failed, mute = evidence.Completed, evidence.Failed, evidence.Silent
	unanswered := silent(9)
	complaint := func(repeat int, facts ...any) evidence.Observation {
		return did("mail", "complaint", repeat, done, append([]any{"mail.answered", true}, facts...)...)
	}
	acked := func(repeat int, facts ...any) evidence.Observation {
		return did("mail", "enquiry", repeat, mute, append([]any{"mail.answered", false, "mail.acknowledged", true}, facts...)...)
	}
	visit := func(task string, repeat int, facts ...any) evidence.Observation {
		return did("web", task, repeat, done, append([]any{"web.reached", true}, facts...)...)
	}
	form := func(task string, repeat int, outcome evidence.Outcome, facts ...any) evidence.Observation {
		return did("form", task, repeat, outcome, append([]any{"web.reached", outcome != failed}, facts...)...)
	}
	lost := func(task string, facts ...any) evidence.Observation {
		return did("web", task, 9, failed, append([]any{"web.reached", false}, facts...)...)
	}
	again := func(o evidence.Observation, scenario string) evidence.Observation {
		o.Probe.Scenario = scenario
		return o
	}
	wash := "Please wash wool by hand in cold water, never above thirty degrees, and dry it flat on a towel, away from the sun."

	const na = -1 // the criterion does not apply
	for _, tt := range []struct {
		criterion string
		name      string
		obs       all
		score     float64
		shown     string // or, where it does not apply, a part of the reason
	}{
		{"acknowledgement-content", "all three and none", all{acked(1, "mail.ticket", "T-7", "mail.promise", 48*hour, "mail.other-channel", true), acked(2, "mail.other-channel", false)}, 0.5, "ticket 1, time 1, other channel 1 of 2"},
		{"acknowledgement-content", "none came", all{unanswered}, na, "no acknowledgement came"},

		{"business-hours-reply-time", "an hour", all{wrote(1, "mail.business-after", hour)}, 0.9, "1 h"},
		{"business-hours-reply-time", "a working day, and silence", all{wrote(1, "mail.business-after", 8*hour), unanswered}, 0.25, "median not reached, 1 of 2 answered"},
		{"business-hours-reply-time", "hours unknown", all{wrote(1), unanswered}, na, "hours are not known"},
		{"business-hours-reply-time", "silence alone", all{unanswered}, 0, "never"},

		{"response-apdex", "content, patient, lost, silent", all{wrote(1, "mail.first-human-after", 6*hour), wrote(2, "mail.first-human-after", 24*hour), wrote(3, "mail.first-human-after", 25*hour), unanswered}, 0.375, "1 d 1 h, 3 of 4 answered"},

		{"dead-letter-box", "one of two is not read", all{acked(1, "mail.reads-not", true), acked(2, "mail.reads-not", false)}, 0.5, "1 of 2"},
		{"dead-letter-box", "no reply to say so", all{unanswered}, na, "no automatic reply came"},

		{"questions-answered", "half, and all", all{wrote(1, "mail.questions", 2, "mail.questions-answered", 1), wrote(2, "mail.questions", 3, "mail.questions-answered", 3)}, 0.75, "4 of 5 questions"},
		{"questions-answered", "silence is 0", all{wrote(1, "mail.questions", 1, "mail.questions-answered", 1), did("mail", "enquiry", 2, mute, "mail.answered", false, "mail.questions", 2)}, 0.5, "1 of 3 questions"},
		{"exchanges-to-resolution", "one answer, three, never, silence", all{wrote(1, "mail.questions", 2, "mail.exchanges", 1, "mail.rounds", 1, "mail.resolved-after", hour), wrote(2, "mail.questions", 2, "mail.exchanges", 3, "mail.rounds", 1, "mail.resolved-after", hour),
			wrote(3, "mail.questions", 2, "mail.exchanges", 2, "mail.rounds", 1), did("mail", "enquiry", 4, mute, "mail.answered", false, "mail.questions", 2)}, 1.0 / 3, "2 of 4 resolved, with 2.0 answers to a round"},
		{"exchanges-to-resolution", "a second round takes a second answer", all{wrote(1, "mail.questions", 3, "mail.exchanges", 2, "mail.rounds", 2, "mail.resolved-after", hour)}, 1, "1 of 1 resolved, with 1.0 answers to a round"},
		{"exchanges-to-resolution", "nothing asked", all{wrote(1, "mail.questions", 0, "mail.exchanges", 1)}, na, "asked nothing"},
		{"asked-again", "one of two", all{wrote(1, "mail.asked-again", true), wrote(2, "mail.asked-again", false), wrote(3)}, 0.5, "1 of 2"},
		{"asked-again", "no second answer", all{wrote(1), unanswered}, na, "no person answered a second time"},
		{"wrong-question", "one of two", all{wrote(1, "mail.wrong-question", false), wrote(2, "mail.wrong-question", true)}, 0.5, "1 of 2"},
		{"wrong-question", "in another language", all{wrote(1, "mail.words", 3)}, na, "recorded no mail.wrong-question"},
		{"questions-answered", "nothing asked", all{wrote(1, "mail.questions", 0)}, na, "asked nothing"},

		{"personalisation", "one name of two", all{wrote(1, "mail.names-customer", true, "mail.names-agent", false)}, 0.5, "customer named 1, agent named 0 of 1"},
		{"personalisation", "complaints count, silence is 0", all{complaint(1, "mail.names-customer", true, "mail.names-agent", true), unanswered}, 0.5, "customer named 1, agent named 1 of 2"},

		{"canned-share", "the same to two questions", all{replied("a", wash), replied("b", "Dear Nora, "+wash), replied("c", "Yes, the kettle holds a litre and a half.")}, 1.0 / 3, "an answer of its own to 1 of 3"},
		{"canned-share", "typography and capitals are no difference", all{replied("a", wash), replied("b", "“"+strings.ToUpper(wash)+"”…")}, 0, "an answer of its own to 0 of 2"},
		{"canned-share", "the same to the same question", all{replied("a", wash), func() evidence.Observation { o := replied("a", wash); o.Probe.Repeat = 2; return o }(), replied("b", "No, it does not.")}, 1, "an answer of its own to 3 of 3"},
		{"canned-share", "silence has no answer of its own", all{replied("a", wash), replied("b", "No, it does not."), unanswered}, 2.0 / 3, "an answer of its own to 2 of 3"},
		{"canned-share", "one scenario", all{replied("a", wash), unanswered}, na, "fewer than two"},

		{"empathy", "an apology without courtesy", all{complaint(1, "mail.apology", true, "mail.courtesy", false)}, 0.5, "apology 1, courtesy 0 of 1"},
		{"empathy", "enquiries are none", all{wrote(1, "mail.apology", true, "mail.courtesy", true)}, na, "tried no complaint by mail"},

		{"language", "one of two, silence 0, unknown left out", all{wrote(1, "mail.language-same", true), wrote(2, "mail.language-same", false), wrote(3), unanswered}, 1.0 / 3, "1 of 3"},
		{"language", "unknown alone", all{wrote(1), unanswered}, na, "recorded no mail.language-same"},

		{"concision", "short and plain", all{wrote(1, "mail.words", 60, "mail.reading-grade", 6)}, 1, "60 words"},
		{"concision", "short and dense", all{wrote(1, "mail.words", 60, "mail.reading-grade", 16)}, 0.5, "60 words"},
		{"concision", "long, in German, and silence", all{wrote(1, "mail.words", 400), unanswered}, 0, "400 words"},

		{"redirect-only", "one of three answers", all{wrote(1, "mail.redirect-only", true), wrote(2, "mail.redirect-only", false), unanswered}, 1.0 / 3, "1 of 3"},
		{"promise-kept", "broken by silence", all{acked(1, "mail.promise-kept", false), wrote(2, "mail.promise-kept", true), unanswered}, 0.5, "1 of 2"},
		{"promise-kept", "nothing promised", all{unanswered}, na, "no time was promised"},
		{"repliable", "a no-reply sender", all{wrote(1, "mail.no-reply", false), acked(2, "mail.no-reply", true), unanswered}, 0.5, "1 of 2"},
		{"repliable", "nothing came", all{unanswered}, na, "nothing came back"},

		{"address-published", "seen by one visit", all{visit("find-help", 1, "web.email-published", false), visit("find-contact", 1, "web.email-published", true)}, 1, "an address is published (seen by 1 of 2 visits)"},
		{"address-published", "seen by none, forms too", all{form("contact-form", 1, mute, "web.email-published", false)}, 0, "no address was seen"},
		{"form-distance", "the shortest", all{visit("find-contact", 1, "web.form-distance", 4), form("contact-form", 1, mute, "web.form-distance", 2)}, 0.75, "2 clicks"},
		{"form-distance", "no form", all{visit("find-contact", 1)}, na, "no form was seen"},
		{"form-fields", "eight", all{form("contact-form", 1, done, "web.fields-visible", 8)}, 0.5, "8 fields"},
		{"form-fields", "sent, and no answer", all{form("contact-form", 1, mute, "web.fields-visible", 4)}, 1, "4 fields"},
		{"form-submission", "one of two", all{form("contact-form", 1, mute), form("contact-form", 2, failed)}, 0.5, "1 of 2"},
		{"form-submission", "a mail proves what the page did not show", all{did("form", "contact-form", 1, done, "web.reached", false, "form.first-mail-after", 60), form("contact-form", 2, failed)}, 0.5, "1 of 2"},
		{"form-fields", "a mail proves what the page did not show", all{did("form", "contact-form", 1, done, "web.reached", false, "web.fields-visible", 4, "form.first-mail-after", 60)}, 1, "4 fields"},
		{"form-consent", "ticked in advance", all{form("contact-form", 1, mute, "web.consent-preticked", 1)}, 0, "0 of 1"},
		{"form-receipt", "in time, late, never", all{form("contact-form", 1, mute, "form.first-mail-after", 900), form("contact-form", 2, mute, "form.first-mail-after", 901), form("contact-form", 3, mute)}, 1.0 / 3, "1 of 3"},
		{"form-reply-time", "an hour, and never", all{form("contact-form", 1, done, "form.first-human-after", hour), form("contact-form", 2, mute)}, 0.45, "median not reached, 1 of 2 answered"},
		{"phone-prominence", "the best place", all{visit("find-help", 1, "web.phone-prominence", 1), visit("find-phone", 1, "web.phone-prominence", 2)}, 2.0 / 3, "on the start page"},
		{"phone-prominence", "none", all{visit("find-phone", 1, "web.phone-prominence", 0)}, 0, "none seen"},
		{"phone-prominence", "an older probe did not look", all{visit("find-phone", 1)}, na, "no visit looked"},
		{"phone-link", "no link", all{visit("find-phone", 1, "web.phone-prominence", 3, "web.phone-link", false)}, 0, "the number is no link"},
		{"phone-link", "a link", all{visit("find-phone", 1, "web.phone-prominence", 3, "web.phone-link", true)}, 1, "the number is a link (seen by 1 of 1 visit)"},
		{"phone-link", "no number", all{visit("find-phone", 1, "web.phone-prominence", 0, "web.phone-link", false)}, na, "no phone number was seen"},

		{"faq-presence", "a FAQ", all{visit("find-help", 1, "web.faq", true), visit("checkout", 1, "web.faq", false)}, 1, "a FAQ (seen by 1 of 2 visits)"},
		{"help-search", "none", all{visit("find-help", 1, "web.help-search", false)}, 0, "no search box on a help page"},
		{"readability", "grade 12", all{visit("find-help", 1, "web.reading-grade", 8), visit("find-returns", 1, "web.reading-grade", 16)}, 0.5, "grade 12.0"},
		{"readability", "German", all{visit("find-help", 1)}, na, "English text"},
		{"dead-help-links", "one in twenty", all{visit("find-help", 1, "web.dead-links", 2, "web.links-checked", 30), visit("find-contact", 1, "web.dead-links", 0, "web.links-checked", 10)}, 0.5, "2 dead of 40 links"},
		{"dead-help-links", "nothing tried", all{visit("find-help", 1, "web.dead-links", 0, "web.links-checked", 0)}, na, "no link was tried"},
		{"proper-channel-distance", "a number on the start page", all{visit("find-contact", 1, "web.clicks", 4, "web.phone-prominence", 2, "web.email-published", true)}, 1, "0 clicks"},
		{"proper-channel-distance", "a form two clicks away, before the address", all{visit("find-contact", 1, "web.clicks", 4, "web.phone-prominence", 0, "web.email-published", true, "web.form-distance", 2)}, 0.5, "2 clicks"},
		{"proper-channel-distance", "an address at the end", all{visit("find-contact", 1, "web.clicks", 4, "web.email-published", true)}, 0.25, "4 clicks"},
		{"proper-channel-distance", "far, but never 0", all{visit("find-contact", 1, "web.form-distance", 20)}, 0.05, "20 clicks"},
		{"proper-channel-distance", "no way", all{visit("find-contact", 1, "web.clicks", 4, "web.phone-prominence", 0, "web.email-published", false)}, 0, "never: no way to ask a person was found"},
		{"proper-channel-distance", "an older probe did not look", all{visit("find-contact", 1, "web.clicks", 4)}, na, "no visit looked"},

		{"checkout-steps", "usual, and an order counts", all{visit("checkout", 1, "web.checkout-steps", 5), form("order", 1, mute, "web.checkout-steps", 8)}, 0.5, "6.5 steps"},
		{"checkout-steps", "an older probe did not count", all{visit("checkout", 1)}, na, "no visit recorded web.checkout-steps"},
		{"checkout-steps", "never arrived", all{lost("checkout")}, 0, "never arrived"},
		{"guest-checkout", "forced", all{visit("checkout", 1, "web.account-forced", true, "web.guest-offered", false)}, 0, "0 of 1"},
		{"guest-checkout", "taken though a guest's way was offered", all{visit("checkout", 1, "web.account-forced", true, "web.guest-offered", true)}, 1, "1 of 1"},
		{"guest-checkout", "a lost visit has seen too little", all{visit("checkout", 1, "web.account-forced", false), lost("checkout", "web.account-forced", true)}, 1, "1 of 1"},
		{"cost-before-data", "no", all{visit("checkout", 1, "web.cost-before-data", false)}, 0, "0 of 1"},
		{"cost-before-data", "never arrived", all{lost("checkout", "web.cost-before-data", true)}, 0, "never arrived"},
		{"stock-shown", "yes", all{visit("checkout", 1, "web.stock-shown", true)}, 1, "1 of 1"},
		{"stock-shown", "an older probe did not look", all{visit("checkout", 1)}, na, "no visit recorded web.stock-shown"},
		{"delivery-date", "one of two", all{visit("checkout", 1, "web.delivery-date", true), visit("checkout", 2, "web.delivery-date", false)}, 0.5, "1 of 2"},
		{"help-in-checkout", "no", all{visit("checkout", 1, "web.help-in-checkout", false)}, 0, "0 of 1"},
		{"cart-persistence", "forgotten once", all{visit("return-visit", 1), lost("return-visit")}, 0.5, "1 of 2"},
		{"page-vitals", "good, middling, poor", all{visit("search", 1, "web.lcp", 2500, "web.cls", 0.2, "web.ttfb", 1801)}, 0.5, "LCP 2500 ms, CLS 0.2, TTFB 1801 ms"},
		{"page-vitals", "one slow page of four is forgiven", all{visit("search", 1, "web.lcp", 100, "web.lcp", 9000, "web.lcp", 200), form("order", 1, done, "web.lcp", 300)}, 1, "LCP 300 ms"},
		{"page-vitals", "two are not", all{visit("search", 1, "web.lcp", 100, "web.lcp", 9000, "web.lcp", 8000), form("order", 1, done, "web.lcp", 300)}, 0, "LCP 8000 ms"},
		{"page-vitals", "a page that answers slowly to a click", all{visit("search", 1, "web.lcp", 100, "web.inp", 201)}, 0.75, "LCP 100 ms, INP 201 ms"},
		{"page-vitals", "nothing timed", all{visit("search", 1)}, na, "could be timed"},
		{"order-confirmation-time", "five minutes", all{form("order", 1, mute, "form.first-mail-after", 300)}, 0.9, "5 min"},
		{"order-confirmation-time", "never", all{form("order", 1, mute)}, 0, "never"},

		{"unsolicited-newsletter", "one of two addresses", all{wrote(1, "mail.bulk", 2), complaint(1, "mail.bulk", 0)}, 0.5, "1 of 2"},
		{"unsolicited-newsletter", "an address given in a contact form", all{form("contact-form", 1, mute, "mail.bulk", 1), form("contact-form", 2, mute, "mail.bulk", 0), form("order", 1, done, "mail.bulk", 3)}, 0.5, "1 of 2"},
		{"consent-preticked", "ticked", all{visit("checkout", 1, "web.consent-preticked", 1), form("order", 1, mute, "web.consent-preticked", 0)}, 0.5, "1 of 2"},
		{"consent-preticked", "signing up is no trap", all{visit("newsletter", 1, "web.consent-preticked", 1)}, na, "tried no checkout by web"},
		{"early-tracking", "one leaks", all{visit("checkout", 1, "web.third-party-typed", true), visit("newsletter", 1, "web.third-party-typed", false), visit("search", 1)}, 0.5, "1 of 2"},
		{"early-tracking", "nothing typed", all{visit("search", 1)}, na, "no visit typed an address"},

		{"maze", "Smith's limit", all{visit("find-help", 1, "web.lostness", 0.4)}, 0.5, "lostness 0.40"},
		{"maze", "who never arrives is lost", all{visit("find-help", 1, "web.lostness", 0), lost("find-contact", "web.lostness", 0)}, 0.5, "lostness 0.00, 1 of 2 never arrived"},
		{"maze", "shortest way unknown", all{visit("find-help", 1)}, na, "shortest way"},
		{"task-effort", "a minute", all{visit("checkout", 1, "web.klm-time", 60)}, 0.9, "1 min"},
		{"task-effort", "four minutes, another lost", all{visit("checkout", 1, "web.klm-time", 240), lost("checkout", "web.klm-time", 1)}, 0.5, "4 min"},
		{"task-effort", "never arrived", all{lost("checkout")}, 0, "never arrived"},
		{"data-reuse", "one value", all{visit("checkout", 1, "web.retyped", 1)}, 0.75, "1 value"},
		{"data-reuse", "asked again of who comes back, averaged over the ways", all{visit("return-visit", 1, "return.asked-again", 4, "return.asked-again", 0)}, 0.5, "2 values"},
		{"data-reuse", "a purchase and a return", all{visit("checkout", 1, "web.retyped", 0), visit("return-visit", 1, "return.asked-again", 4)}, 0.5, "2 values"},
		{"data-reuse", "a lost purchase beside a return", all{lost("checkout", "web.retyped", 0), visit("return-visit", 1, "return.asked-again", 1)}, 0, "never arrived"},
		{"data-reuse", "nothing was filled in before leaving", all{visit("return-visit", 1, "web.retyped", 0)}, na, "before it came back"},
		{"data-reuse", "an older probe did not count", all{visit("checkout", 1)}, na, "no visit recorded web.retyped"},

		{"language", "of another scenario too", all{again(wrote(1, "mail.language-same", true), "praise")}, 1, "1 of 1"},
	} {
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
		})
	}
}

// A worse service never gets a better mark by being silent: one more
// unanswered mail lifts no criterion of answers.
func TestSilenceNeverHelps(t *testing.T) {
	base := []evidence.Observation{
		replied("a", "Yes, it does, and it comes with a lid."),
		replied("b", "The shop opens at nine and closes at six."),
		wrote(3, "mail.questions", 2, "mail.questions-answered", 1, "mail.names-customer", true, "mail.names-agent", false,
			"mail.language-same", true, "mail.words", 80, "mail.redirect-only", false, "mail.business-after", 3600,
			"mail.first-human-after", 3600, "mail.bucket", "≤6 h"),
	}
	for _, id := range []string{"first-human-reply-time", "business-hours-reply-time", "non-response", "questions-answered", "personalisation", "canned-share", "language", "concision", "redirect-only"} {
		before := score(t, one(id), base...)
		after := score(t, one(id), append([]evidence.Observation{silent(9)}, base...)...)
		if before.State != scoring.Scored || after.State != scoring.Scored || after.Score >= before.Score {
			t.Errorf("%s: from %s %v to %s %v", id, before.State, before.Score, after.State, after.Score)
		}
	}
}
