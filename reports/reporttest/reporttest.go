// Package reporttest gives the small wave that tests of report formats show:
// three sites, of which one has a hostile name and one is written from right
// to left, with every outcome that a report tells apart.
package reporttest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"time"

	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/scoring"
	"touchstone/scoring/stat"
)

// Start is when the wave began.
var Start = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// Hostile is a name that runs code where a report forgets to escape: by ending
// a script, by the function marker of go-echarts, by an event handler.
const Hostile = `</script><script>document.documentElement.dataset.fired='1'</script>__f__document.documentElement.dataset.fired='2'__f__"><img src=x onerror="document.documentElement.dataset.fired=3">{a}${b}`

// What must never reach a reader unless the operator asks: an agent of the
// first site, as her mails name her.
const (
	AgentGiven   = "Marigold"
	AgentFamily  = "Thistlewood"
	AgentAddress = "marigold.thistlewood@kettle.example"
)

// Input gives the wave. Each call gives a fresh copy.
func Input() reports.Input {
	sites := []reports.Site{
		{ID: "kettle-and-leaf", Name: "Kettle & Leaf", Cohort: "own", URL: "https://kettle.example/", Email: "hello@kettle.example", Authorisation: "own", Language: "en-GB"},
		{ID: "hostile", Name: Hostile, Cohort: "competitor", URL: "javascript:document.documentElement.dataset.fired=4", Email: `"<b>x</b>"@hostile.example`, Authorisation: "public-enquiry", Language: "en"},
		{ID: "rtl", Name: "\u202eمتجر الشاي\u202c", Cohort: "competitor", URL: "https://tea.example/", Authorisation: "public-enquiry", Language: "ar"},
	}
	const day = 24 * time.Hour
	return reports.Input{
		Title: "Tea shops, November 2026",
		Wave: reports.Wave{
			ID: "2026-11-02-a", Seed: 7, Plan: string(digest("plan")), Version: "0.1.0", Window: 5 * day, DemoClock: true,
			Planned: Start.Add(-time.Hour), Started: Start, Ended: Start.Add(5*day + time.Hour),
		},
		Sites: sites,
		Scenarios: []reports.Scenario{
			{ID: "product-question", Title: "A question about a product", About: "Asks whether a teapot can go into the dishwasher.", Kind: "mail", Task: "enquiry", Window: 5 * day, Repeat: 2, Wordings: 3},
			{ID: "buy-to-payment", Title: "Buy, up to the payment page", About: "Puts a teapot into the cart and walks to the payment page, where it stops.", Kind: "web", Task: "checkout", Repeat: 1},
		},
		Observations: observations(),
		Result:       result(),
		Criteria:     criteria(),
		Generated:    Start.Add(6 * day),
		Open:         open,
	}
}

func observations() []evidence.Observation {
	id := func(site, scenario string, repeat int) evidence.ProbeID {
		return evidence.ProbeID{Wave: "2026-11-02-a", Site: site, Scenario: scenario, Repeat: repeat}
	}
	answered := mail(id("kettle-and-leaf", "product-question", 1), evidence.Completed, "≤6 h", 11400)
	answered.Facts = append(answered.Facts,
		arrival("reply-1", "acknowledgement", "header Auto-Submitted: auto-replied", 120, "Kettle & Leaf <hello@kettle.example>", "Ticket 1042: we have your question", "Thank you. We answer within a day, Monday to Friday.")...)
	answered.Facts = append(answered.Facts,
		arrival("reply-2", "human", "no sign of a machine", 11400, fmt.Sprintf("%s %s <%s>", AgentGiven, AgentFamily, AgentAddress), "Re: Is the stoneware pot dishwasher safe?",
			"Hello Nora,\n\nyes, the stoneware pot can go into the dishwasher. The lid's cork ring should come out first.\n\nKind regards,\n"+AgentGiven+"\n"+AgentAddress)...)
	answered.Evidence = map[string]evidence.Ref{"letter.eml": digest("letter"), "reply-1.eml": digest("r1"), "reply-2.eml": digest("r2")}

	pending := evidence.Observation{Probe: id("kettle-and-leaf", "product-question", 2), Kind: "mail", Task: "enquiry", Start: Start.Add(4 * 24 * time.Hour), Outcome: evidence.Pending}

	bounced := mail(id("hostile", "product-question", 1), evidence.Failed, "bounced", 0)
	bounced.Reason = "550 5.1.1 <" + Hostile + ">: no such user"
	bounced.Facts = append(bounced.Facts, arrival("reply-1", "bounce", "multipart/report with a delivery status of failed", 30, "MAILER-DAEMON@hostile.example", Hostile, Hostile)...)

	silent := mail(id("hostile", "product-question", 2), evidence.Silent, "never", 0)
	silent.Reason = "acknowledged automatically, never answered"
	silent.Missing = []string{"mail.first-human-after"}

	return []evidence.Observation{
		answered, pending, bounced, silent,
		visit(id("kettle-and-leaf", "buy-to-payment", 1), evidence.Completed, ""),
		visit(id("hostile", "buy-to-payment", 1), evidence.Blocked, "the page asks to prove that the visitor is human: “"+Hostile+"”"),
		visit(id("rtl", "buy-to-payment", 1), evidence.Broken, "the browser ended: exit status 9"),
	}
}

func mail(p evidence.ProbeID, o evidence.Outcome, bucket string, after float64) evidence.Observation {
	ob := evidence.Observation{Probe: p, Kind: "mail", Task: "enquiry", Reading: "mail/1", Start: Start, Took: 5 * 24 * time.Hour, Outcome: o}
	text := func(step, name, v string) {
		ob.Facts = append(ob.Facts, evidence.Fact{Name: name, Step: step, Unit: evidence.Text, Text: v})
	}
	ob.Facts = append(ob.Facts, evidence.Fact{Name: "mail.sent", Unit: evidence.Time, Text: Start.Format(time.RFC3339)})
	text("", "mail.bucket", bucket)
	yes := 0.0
	if after > 0 {
		yes = 1
		ob.Facts = append(ob.Facts, evidence.Fact{Name: "mail.first-human-after", Unit: evidence.Second, Number: after})
	}
	ob.Facts = append(ob.Facts, evidence.Fact{Name: "mail.answered", Unit: evidence.Bool, Number: yes})
	text("letter", "mail.from", "Nora Lindqvist <shopper+k7@probe.example>")
	text("letter", "mail.subject", "Is the stoneware pot dishwasher safe?")
	text("letter", "mail.text", "Hello,\n\nI am thinking of buying the stoneware teapot. May it go into the dishwasher?\n\nThank you\nNora Lindqvist")
	return ob
}

func arrival(step, class, rule string, after float64, from, subject, words string) []evidence.Fact {
	text := func(name, v string) evidence.Fact {
		return evidence.Fact{Name: name, Step: step, Unit: evidence.Text, Text: v}
	}
	return []evidence.Fact{
		text("mail.class", class), text("mail.rule", rule),
		{Name: "mail.after", Step: step, Unit: evidence.Second, Number: after},
		text("mail.from", from), text("mail.subject", subject), text("mail.text", words),
	}
}

func visit(p evidence.ProbeID, o evidence.Outcome, reason string) evidence.Observation {
	ob := evidence.Observation{
		Probe: p, Kind: "web", Task: "checkout", Reading: "web/1", Start: Start.Add(2 * time.Hour), Took: 8200 * time.Millisecond, Outcome: o, Reason: reason,
		Evidence: map[string]evidence.Ref{}, Missing: []string{"web.lcp"},
	}
	for i, words := range []string{"open the start page", `click the link "Teapots"`, `click the button "Add to cart"`} {
		step := fmt.Sprintf("step %d", i+1)
		ob.Facts = append(ob.Facts,
			evidence.Fact{Name: "web.step", Step: step, Unit: evidence.Text, Text: words},
			evidence.Fact{Name: "web.step-took", Step: step, Unit: evidence.Second, Number: 0.4 + float64(i)})
		ob.Evidence[fmt.Sprintf("%02d-step-%d.png", i+1, i+1)] = digest(fmt.Sprintf("picture %d", i))
	}
	ob.Facts = append(ob.Facts,
		evidence.Fact{Name: "web.clicks", Unit: evidence.Count, Number: 9},
		evidence.Fact{Name: "web.reached", Unit: evidence.Bool, Number: 1},
		evidence.Fact{Name: "web.last-url", Unit: evidence.Text, Text: "https://kettle.example/payment?mail=nora%40probe.example"})
	return ob
}

func criteria() []scoring.Criterion {
	return []scoring.Criterion{
		{ID: "non-response", Title: "Enquiries answered", Why: "A question that is never answered is a lost sale.", Source: "Jupiter Communications (1999), 125 sites", Kind: "mail", Task: "enquiry", Needs: []string{"mail.answered"}, Unit: evidence.Ratio, Curve: "The share of mails that a person answered."},
		{ID: "checkout-clicks", Title: "Clicks to the payment page", Why: "Each click is a place to leave.", Source: "ours", Kind: "web", Task: "checkout", Needs: []string{"web.clicks"}, Unit: evidence.Count, Curve: "Five clicks get 100 points, 25 get none."},
	}
}

func result() scoring.Result {
	card := scoring.Scorecard{
		ID: "small", Title: "A small scorecard", About: "For the tests of report formats.",
		Categories: []scoring.Category{
			{ID: "mail", Title: "Answers by mail", Weight: 3, Because: "Most questions come by mail.", Criteria: []scoring.Weighted{{ID: "non-response", Weight: 1, Because: "The first duty."}}},
			{ID: "shop", Title: "The shop", Weight: 2, Because: "Where the sale is made.", Criteria: []scoring.Weighted{{ID: "checkout-clicks", Weight: 1, Because: "Effort drives people away."}}},
		},
		Grades: []scoring.Grade{{Label: "Excellent", Min: 85}, {Label: "Good", Min: 65}, {Label: "Average", Min: 45}, {Label: "Below average", Min: 20}, {Label: "Poor", Min: 0}},
	}
	site := func(id string, state scoring.State, score float64, grade, reason string, mail, clicks scoring.Mark) scoring.SiteScore {
		s := scoring.SiteScore{Site: id, State: state, Score: score, Grade: grade, Reason: reason}
		for i, m := range []scoring.Mark{mail, clicks} {
			m.Site = id
			m.Criterion = card.Categories[i].Criteria[0].ID
			s.Categories = append(s.Categories, scoring.CategoryScore{ID: card.Categories[i].ID, Title: card.Categories[i].Title, Weight: card.Categories[i].Weight, State: m.State, Score: 100 * m.Score, Reason: m.Reason, Marks: []scoring.Mark{m}})
		}
		return s
	}
	one := stat.Wilson(1, 1, 0.95)
	none := stat.Wilson(0, 2, 0.95)
	return scoring.Result{Wave: "2026-11-02-a", Scorecard: card, Sites: []scoring.SiteScore{
		site("kettle-and-leaf", scoring.Scored, 92, "Excellent", "",
			scoring.Mark{State: scoring.Scored, Score: 1, Value: 1, Unit: evidence.Ratio, Shown: "1 of 1", K: 1, N: 1, Interval: &one, Warnings: []string{"1 of 2 probes is still pending"}},
			scoring.Mark{State: scoring.Scored, Score: 0.8, Value: 9, Unit: evidence.Count, Shown: "9 clicks", N: 1}),
		site("hostile", scoring.NotMeasured, 0, "", "The shop could not be tested: "+Hostile,
			scoring.Mark{State: scoring.Scored, Score: 0, Unit: evidence.Ratio, Shown: "0 of 2", N: 2, Interval: &none},
			scoring.Mark{State: scoring.NotMeasured, Reason: "1 of 1 probe could not be tested (blocked: " + Hostile + ")"}),
		site("rtl", scoring.NotMeasured, 0, "", "The shop could not be tested: 1 of 1 probe broke",
			scoring.Mark{State: scoring.NotApplicable, Reason: "the site has no mail address"},
			scoring.Mark{State: scoring.NotMeasured, Reason: "1 of 1 probe could not be tested (broken: the browser ended)"}),
	}}
}

func digest(s string) evidence.Ref {
	sum := sha256.Sum256([]byte(s))
	return evidence.Ref(hex.EncodeToString(sum[:]))
}

// open serves the screenshots: the second is gone, the third is damaged.
func open(_ context.Context, ref evidence.Ref) (io.ReadCloser, error) {
	switch ref {
	case digest("picture 0"):
		img := image.NewGray(image.Rect(0, 0, 96, 60))
		for x := range 96 {
			img.SetGray(x, 30, color.Gray{Y: 200})
		}
		var buf bytes.Buffer
		if err := png.Encode(&buf, img); err != nil {
			return nil, err
		}
		return io.NopCloser(&buf), nil
	case digest("picture 1"):
		return nil, fmt.Errorf("open %s: %w", ref, evidence.ErrNotFound)
	}
	return io.NopCloser(corrupt{}), nil
}

// corrupt reads as a store does when the bytes don't match their address.
type corrupt struct{}

func (corrupt) Read([]byte) (int, error) { return 0, evidence.ErrCorrupt }
