package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/scoring"
)

// judged gives what a criterion makes of one observation, as "1" or "not-applicable".
func judged(t *testing.T, o evidence.Observation, criterion string) string {
	t.Helper()
	card := scoring.Scorecard{ID: "one", Grades: []scoring.Grade{{Label: "any"}}, Categories: []scoring.Category{{ID: "c", Weight: 1, Criteria: []scoring.Weighted{{ID: criterion, Weight: 1}}}}}
	r, err := scoring.Score(o.Probe.Wave, card, scoring.Criteria(), []string{o.Probe.Site}, []evidence.Observation{o})
	if err != nil {
		t.Fatal(err)
	}
	m := r.Sites[0].Categories[0].Marks[0]
	if m.State != scoring.Scored {
		return string(m.State)
	}
	return fmt.Sprintf("%.2g", m.Score)
}

// gives holds an observation against "criterion=score, …".
func gives(t *testing.T, o evidence.Observation, list string) {
	t.Helper()
	for pair := range strings.SplitSeq(list, ", ") {
		id, want, _ := strings.Cut(pair, "=")
		if got := judged(t, o, id); got != want {
			t.Errorf("%s is %s, want %s", id, got, want)
		}
	}
}

// Each of the criteria of a shop's control of its site, of consent, of forms and
// of coming back that a visit with a goal can feed is fed by one.
func TestGoalsAreJudged(t *testing.T) {
	t.Parallel()
	const head = `<header><a href=/>Pots</a> <nav><a href=/pots>All pots</a></nav> <a href=/help>Help</a> <a href=/contact>Contact</a> <form action=/find role=search><input type=search name=q aria-label=Search><button>Search</button></form></header>`
	for _, c := range []struct {
		name, task, params string
		effects            []evidence.Effect
		pages              map[string]string
		outcome            evidence.Outcome
		marks              string
	}{
		{"a discontinued article that is nowhere", "discontinued", `{"goal":"price-check","query":"Teal pot"}`, nil, map[string]string{
			"/pots": head + `<h1>Pots</h1><ul><li><a href=/p/1><h3>Blue pot</h3></a> £9.00</li><li><a href=/p/2><h3>Red pot</h3></a> £19.00</li></ul>`,
			"/find": head + `<h1>Search</h1><p>No products were found.</p>`,
		}, evidence.Failed, "discontinued-items=1, availability=1, price-consistency=not-applicable"},
		{"a discontinued article whose page says so", "discontinued", `{"goal":"price-check","query":"Teal pot"}`, nil, map[string]string{
			"/pots": head + `<h1>Pots</h1><ul><li><a href=/p/1><h3>Teal pot</h3></a> <span>£9.00</span></li><li><a href=/p/2><h3>Red pot</h3></a> <span>£19.00</span></li></ul>`,
			"/p/1":  head + `<main><h1>Teal pot</h1><p>£9.00</p><p>This item is no longer available.</p></main>`,
			"/find": head + `<h1>Search</h1><ul><li><a href=/p/1><h3>Teal pot</h3></a> <span>£9.00</span></li></ul>`,
		}, evidence.Completed, "discontinued-items=1, price-consistency=1"},
		{"help with a dead link", "find-help", `{"goal":"find-help"}`, nil, map[string]string{
			"/help": head + `<h1>Help</h1><h3>How long does delivery take?</h3><p>Three days, and five to the islands.</p><h3>Can I send it back?</h3><p>Yes, within thirty days of delivery.</p><h3>Which cards do you take?</h3><p>All that you are likely to have.</p><a href=/gone>More</a>`,
		}, evidence.Completed, "dead-links=0, dead-help-links=0, availability=1, faq-presence=1"},
		{"a form with a box that is ticked already", "contact-form", `{"goal":"submit-contact-form"}`, []evidence.Effect{evidence.SubmitForm}, map[string]string{
			"/contact": head + `<h1>Contact</h1><form method=post action=/sent><label>Your name <input name=n></label><label>Your email <input type=email name=m></label><label>Your message <textarea name=t></textarea></label><label><input type=checkbox name=news checked> Send me news and offers by email</label><button>Send</button></form>`,
			"/sent":    head + `<h1>Thank you</h1><p>Thank you for your message.</p>`,
		}, evidence.Completed, "form-consent=0, form-submission=1, form-wall=1, form-distance=1, form-fields=1"},
		{"a form that tells what is wrong, found and tried", "form-errors", `{"goal":"submit-contact-form","mistakes":true}`, []evidence.Effect{evidence.SubmitForm}, map[string]string{
			"/contact": head + `<h1>Contact</h1><form method=post action=/sent><label>Your name <input name=n required></label><label>Your email <input type=email name=m required></label><label>Your message <textarea name=t required></textarea></label><button>Send</button></form>`,
		}, evidence.Completed, "form-recovery=1"},
		{"a form that takes anything, found and tried", "form-errors", `{"goal":"submit-contact-form","mistakes":true}`, []evidence.Effect{evidence.SubmitForm}, map[string]string{
			"/contact": head + `<h1>Contact</h1><form method=post action=/sent><label>Your name <input name=n></label><label>Your email <input name=m></label><label>Your message <textarea name=t></textarea></label><button>Send</button></form>`,
			"/sent":    head + `<h1>Thank you</h1><p>Thank you for your message.</p>`,
		}, evidence.Completed, "form-recovery=0"},
		{"privacy", "find-privacy", `{"goal":"find-privacy-policy"}`, nil, map[string]string{
			"/help":    head + `<h1>Help</h1><p>Ask us.</p><a href=/privacy>Privacy policy</a>`,
			"/privacy": head + `<h1>Privacy policy</h1><p>We process your personal data to fulfil your order. The legal basis is article 6 GDPR. You have the right of access, rectification and erasure of your data. We keep cookies for a session, and personal information as long as tax law asks.</p>`,
		}, evidence.Completed, "privacy-policy=1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.pages["/"] = head + `<main><h1>Pots</h1><p>We sell pots.</p></main>`
			s := serve(t, c.pages)
			k := Kind(shared)
			p, err := k.Decode([]byte(c.params))
			if err != nil {
				t.Fatal(err)
			}
			task := &probes.Task{Probe: evidence.ProbeID{Wave: "w", Site: "shop", Scenario: c.task, Repeat: 1}, Params: p, Effects: c.effects, Site: probes.Site{ID: "shop", URL: s.URL + "/", Own: true}, Persona: customer("Europe/London")}
			rec := probes.NewRecorder(&k, task.Probe, c.task, Reading, time.Unix(0, 0), evidence.NewMemory().Put)
			if err := k.Visit(t.Context(), task, rec); err != nil {
				t.Fatal(err)
			}
			o := rec.Observation(time.Second)
			if o.Outcome != c.outcome {
				t.Errorf("%s: %s", o.Outcome, o.Reason)
			}
			if c.task == "contact-form" {
				o.Kind = "form" // which is this visit, and waits for the mails after it
			}
			gives(t, o, c.marks)
		})
	}
}
