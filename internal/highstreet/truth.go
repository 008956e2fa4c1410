package highstreet

import (
	"time"

	"touchstone/internal/evidence"
)

// Truth is what a wave of the street's scenarios must find, to the second and
// to the count. The half about mail is read from the desks themselves; the
// half about the web is what a person counted in the shop's pages.
type Truth struct {
	Mail []MailTruth
	Web  []WebTruth
	News []NewsTruth // newsletters that are signed up to, and left
	Form []MailTruth // what follows a visit of Web that sends a form or an order, from the moment of its sending
}

// MailTruth is one correspondence with a window of five days, in the language
// of the site.
type MailTruth struct {
	Site, Scenario string
	Outcome        evidence.Outcome
	Arrivals       []ArrivalTruth // by time

	Then *ThenTruth // what a second mail asked, and what became of it; nil: none was written

	Promise *time.Duration // within which the acknowledgement says that a person answers; nil: it says nothing, or there is none

	// About the first human reply; nil and empty when there is none.
	Questions     *int   // that were asked; nil also when none was
	Answered      *int   // of them, the first ones; nil with Questions
	WrongQuestion *bool  // it is about another matter than the questions; nil with Questions
	Instead       string // the scenario whose questions it answers in their place, if any
	NamesCustomer *bool  // it calls the customer by name
	NamesAgent    *bool  // a person signs it
	Language      string // BCP 47
}

// An ArrivalTruth is one mail that arrives.
type ArrivalTruth struct {
	Class string        // "acknowledgement", "human", "bounce", "bulk", "order"
	After time.Duration // from the acceptance of the customer's mail
}

// ThenTruth is about the mail that follows a person's answer, letter-2.
type ThenTruth struct {
	Wait      time.Duration // from that answer, at the least: hours and caps may ask for more
	Questions int
	Answered  int
	Arrivals  []ArrivalTruth // by time, from its own acceptance, after those of the first
}

// thenAfter is how long the shipped scenarios wait before they go on.
const thenAfter = 2 * time.Hour

// WebTruth is one visit. The columns from Views on are nil where the table
// asserts nothing.
type WebTruth struct {
	Site, Scenario string
	Outcome        evidence.Outcome
	Reached        bool
	Pages          int // documents opened
	Clicks         int
	Visible        int // fields of the forms that the visit fills in, as the web kind counts them
	Required       int
	Prefilled      int
	Filled         int

	Views            *int  // documents, and views that a script drew at paths of their own
	ConsentPreticked *int  // marketing boxes that were ticked beforehand
	AccountForced    *bool // a password had to be chosen on the way
	PhoneProminence  *int  // 3 in the start page's header, 2 elsewhere on it, 1 a click away, 0 not seen
	CostBeforeData   *bool // the total with delivery stood there before the first personal field was filled
	Lostness         *float64
	DeadLinks        *int // same-site links on the pages seen that lead nowhere
	Mended           *int // mistakes made in a form on purpose, each answered beside its field, tied to it, in words that say what to do, with all else kept
}

// window is how long the shipped scenarios wait for an answer.
const window = 5 * 24 * time.Hour

// TheTruth gives the table, sites in the order of the project's file.
func TheTruth() Truth {
	var t Truth
	for _, d := range desks() {
		for _, topic := range topics {
			t.Mail = append(t.Mail, d.truth(topic.id))
		}
	}
	t.Web, t.News = visits(), newsletters()
	for _, h := range houses() {
		m := MailTruth{Site: h.site, Scenario: "contact-form", Outcome: evidence.Silent}
		for _, d := range desks() {
			// What comes by a form is not bounced.
			if d.site == h.site && d.gone == 0 {
				m = d.truth(deliveryTime)
				m.Scenario = "contact-form"
			}
		}
		t.Form = append(t.Form, m)
		if len(notices[h.site]) > 0 {
			m := MailTruth{Site: h.site, Scenario: "order-in-sandbox", Outcome: evidence.Completed}
			for _, n := range notices[h.site] {
				m.Arrivals = append(m.Arrivals, ArrivalTruth{Class: "order", After: n.after})
			}
			t.Form = append(t.Form, m)
		}
	}
	return t
}

// truth is what a customer whose mail is about this topic gets to see.
func (d *desk) truth(topic string) MailTruth {
	m := MailTruth{Site: d.site, Scenario: topic, Outcome: evidence.Silent}
	if d.gone > 0 {
		m.Outcome, m.Arrivals = evidence.Failed, []ArrivalTruth{{Class: bounced, After: d.gone}}
		return m
	}
	for _, r := range d.answering(topic) {
		if r.after >= window {
			continue
		}
		m.Arrivals = append(m.Arrivals, ArrivalTruth{Class: r.class, After: r.after})
		if r.promise > 0 {
			m.Promise = &r.promise
		}
		if r.class == human && m.Outcome != evidence.Completed {
			m.Outcome = evidence.Completed
			m.firstReply(d, r)
		}
	}
	if further, ok := thenOf(topic); ok && m.Outcome == evidence.Completed {
		m.Then = &ThenTruth{Wait: thenAfter, Questions: further.questions}
		for _, r := range d.answering(further.id) {
			m.Then.Arrivals = append(m.Then.Arrivals, ArrivalTruth{Class: r.class, After: r.after})
			if r.class == human {
				m.Then.Answered = min(r.answers, further.questions)
			}
		}
	}
	return m
}

func (m *MailTruth) firstReply(d *desk, r reaction) {
	signed := r.agent != ""
	m.NamesCustomer, m.NamesAgent, m.Language = &r.personal, &signed, d.languages[0]
	if asked := questionsOn(m.Scenario); asked > 0 {
		answered, wrong := min(r.answers, asked), r.answers == 0
		m.Questions, m.Answered, m.WrongQuestion, m.Instead = &asked, &answered, &wrong, r.instead
	}
}
