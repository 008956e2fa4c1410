package reporttest

import (
	"bytes"
	"context"
	"fmt"
	"hash/fnv"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"time"

	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/scoring"
)

// Panel gives a wave over n made-up sites, the same for the same n: four mails,
// a form and three visits at each, judged by the real criteria. Sites differ in
// how they answer and how their pages work; some could not be tested.
func Panel(n int) reports.Input {
	const day = 24 * time.Hour
	in := Input()
	in.Title = fmt.Sprintf("A panel of %d shops", n)
	in.Sites, in.Observations, in.Criteria = nil, nil, scoring.Criteria()
	in.Wave.ID, in.Open = "panel", nil
	in.Wave.Ended = in.Wave.Started.Add(6 * day)
	in.Generated = in.Wave.Ended.Add(24 * day)
	in.Scenarios = []reports.Scenario{
		{ID: "question", Title: "A question about a product", Kind: "mail", Task: "enquiry", Window: 5 * day, Repeat: 4, Wordings: 4},
		{ID: "form", Title: "A question by the contact form", Kind: "form", Task: "contact-form", Window: 5 * day, Repeat: 1},
		{ID: "buy", Title: "Buy, up to the payment page", Kind: "web", Task: "checkout", Repeat: 1},
		{ID: "help", Title: "Find the returns policy", Kind: "web", Task: "find-help", Repeat: 1},
		{ID: "person", Title: "Find a way to ask a person", Kind: "web", Task: "find-contact", Repeat: 1},
	}
	ids := make([]string, 0, n)
	for i := range n {
		s := reports.Site{ID: fmt.Sprintf("shop-%03d", i+1), Name: fmt.Sprintf("Shop No. %d", i+1), Cohort: []string{"books", "toys", "garden"}[i%3],
			URL: fmt.Sprintf("https://shop-%03d.example/", i+1), Email: fmt.Sprintf("ask@shop-%03d.example", i+1), Authorisation: "public-enquiry", Language: "en"}
		if i == 0 {
			s.Cohort = "own"
		}
		in.Sites, ids = append(in.Sites, s), append(ids, s.ID)
		in.Observations = append(in.Observations, shop(s.ID, rand.New(rand.NewPCG(7, uint64(i))))...)
	}
	card := scoring.Scorecard{
		ID: "panel", Title: "A scorecard for a panel", About: "For the tests of report formats.",
		Categories: []scoring.Category{
			{ID: "mail", Title: "Answering mail", Weight: 50, Because: "Most questions come by mail.", Criteria: weigh("non-response", "first-human-reply-time", "acknowledgement", "promise-kept", "questions-answered", "response-bucket", "personalisation")},
			{ID: "buying", Title: "Buying", Weight: 30, Because: "Where the sale is made.", Criteria: weigh("checkout-success", "checkout-clicks", "checkout-fields", "checkout-steps", "guest-checkout")},
			{ID: "effort", Title: "Effort", Weight: 20, Because: "Effort drives people away.", Criteria: weigh("task-effort", "form-reply-time", "early-tracking")},
		},
		Grades: []scoring.Grade{{Label: "excellent", Min: 85}, {Label: "good", Min: 65}, {Label: "average", Min: 45}, {Label: "below average", Min: 20}, {Label: "poor", Min: 0}},
		Gates:  []scoring.Gate{{ID: "never", Title: "No mail was answered", When: scoring.Condition{Criterion: "non-response", Op: "==", Value: 0}, Cap: "below average", Because: "A channel that is offered and never answered is worse than none."}},
	}
	var err error
	if in.Result, err = scoring.Score("panel", card, in.Criteria, ids, in.Observations); err != nil {
		panic(err) // the generator is wrong
	}
	scoring.Places(&in.Result, 200, func(site string) *rand.Rand {
		h := fnv.New64a()
		_, _ = h.Write([]byte(site))
		return rand.New(rand.NewPCG(1, h.Sum64()))
	})
	return in
}

// Pictured gives the wave of Panel with screenshots as a browser takes them, %d
// to a visit, no two with the same digest.
func Pictured(n int) reports.Input {
	in := Panel(n)
	shots := map[evidence.Ref]int{}
	for i := range in.Observations {
		o := &in.Observations[i]
		if o.Kind != "web" {
			continue
		}
		o.Evidence = map[string]evidence.Ref{}
		for step := range shotsPerVisit {
			ref := digest(fmt.Sprint(o.Probe, step))
			o.Evidence[fmt.Sprintf("%02d-step.png", step+1)], shots[ref] = ref, len(shots)
		}
	}
	var kinds [24][]byte
	for i := range kinds {
		kinds[i] = screen(rand.New(rand.NewPCG(11, uint64(i))))
	}
	in.Open = func(_ context.Context, ref evidence.Ref) (io.ReadCloser, error) {
		i, ok := shots[ref]
		if !ok {
			return nil, evidence.ErrNotFound
		}
		return io.NopCloser(bytes.NewReader(kinds[i%len(kinds)])), nil
	}
	return in
}

const shotsPerVisit = 8

// screen draws what a shop's page weighs: lines of letters, boxes, and a photo.
func screen(chance *rand.Rand) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 1280, 800))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	for y := 40; y < 760; y += 22 {
		for x := 40; x < 700; x += 3 + chance.IntN(6) {
			draw.Draw(img, image.Rect(x, y, x+2, y+4+chance.IntN(8)), image.NewUniform(color.Gray{Y: uint8(chance.IntN(120))}), image.Point{}, draw.Src)
		}
	}
	for y := 100; y < 300; y++ {
		for x := 760; x < 1060; x++ {
			img.SetRGBA(x, y, color.RGBA{R: uint8(x/5 + chance.IntN(24)), G: uint8(y/2 + chance.IntN(24)), B: 90, A: 255})
		}
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		panic(err) // the generator is wrong
	}
	return buf.Bytes()
}

func weigh(ids ...string) []scoring.Weighted {
	var out []scoring.Weighted
	for i, id := range ids {
		out = append(out, scoring.Weighted{ID: id, Weight: float64(len(ids) - i), Because: "For the tests."})
	}
	return out
}

// shop plays one site: skill decides how often and how soon it answers.
func shop(site string, chance *rand.Rand) []evidence.Observation {
	skill := chance.Float64()
	id := func(scenario string, repeat int) evidence.ProbeID {
		return evidence.ProbeID{Wave: "panel", Site: site, Scenario: scenario, Repeat: repeat}
	}
	number := func(o *evidence.Observation, name string, unit evidence.Unit, v float64) {
		o.Facts = append(o.Facts, evidence.Fact{Name: name, Unit: unit, Number: v})
	}
	yes := func(o *evidence.Observation, name string, v bool) {
		f := evidence.Fact{Name: name, Unit: evidence.Bool}
		if v {
			f.Number = 1
		}
		o.Facts = append(o.Facts, f)
	}
	var out []evidence.Observation
	for i := range 4 {
		after := 1800 * math.Exp(4.5*(1-skill)+chance.NormFloat64())
		answered := chance.Float64() < 0.35+0.6*skill && after < 5*86400
		bucket, outcome := "never", evidence.Silent
		if answered {
			outcome = evidence.Completed
			bucket = "≤6 h"
			for _, b := range []struct {
				from float64
				name string
			}{{6, "6–24 h"}, {24, "1–2 d"}, {48, "2–3 d"}, {72, "3–5 d"}} {
				if after > b.from*3600 {
					bucket = b.name
				}
			}
		} else {
			after = 0
		}
		o := mail(id("question", i+1), outcome, bucket, after)
		o.Start = Start.Add(time.Duration(i) * 24 * time.Hour)
		o.Facts[0].Text = o.Start.Format(time.RFC3339)
		o.Evidence = map[string]evidence.Ref{"letter.eml": digest(site + "letter")}
		acknowledged := chance.Float64() < 0.5
		yes(&o, "mail.acknowledged", acknowledged)
		if acknowledged {
			number(&o, "mail.acknowledged-after", evidence.Second, 60+60*chance.Float64())
			number(&o, "mail.promise", evidence.Second, 86400)
			yes(&o, "mail.promise-kept", answered && after < 86400)
			o.Facts = append(o.Facts, arrival("reply-1", "acknowledgement", "header Auto-Submitted: auto-replied", 60, "Shop <ask@"+site+".example>", "We have your mail", "Thank you. We answer within a day.")...)
		}
		number(&o, "mail.questions", evidence.Count, 2)
		if answered {
			number(&o, "mail.questions-answered", evidence.Count, float64(chance.IntN(3)))
			number(&o, "mail.words", evidence.Count, float64(40+chance.IntN(90)))
			yes(&o, "mail.names-customer", chance.Float64() < skill)
			yes(&o, "mail.names-agent", chance.Float64() < skill)
			o.Facts = append(o.Facts, arrival("reply-2", "human", "no sign of a machine", after, "Customer Care <ask@"+site+".example>", "Re: Is the stoneware pot dishwasher safe?",
				"Hello Nora,\n\nyes, the stoneware pot can go into the dishwasher. The cork ring of the lid should come out first, since it does not bear the heat.\n\nKind regards\nCustomer Care")...)
			o.Evidence["reply-2.eml"] = digest(site + "reply")
		}
		out = append(out, o)
	}
	form := evidence.Observation{Probe: id("form", 1), Kind: "form", Task: "contact-form", Reading: "form/1", Start: Start, Took: 5 * 24 * time.Hour, Outcome: evidence.Silent}
	if chance.Float64() < skill {
		form.Outcome = evidence.Completed
		number(&form, "form.first-human-after", evidence.Second, 3600*(1+40*chance.Float64()))
	}
	number(&form, "web.clicks", evidence.Count, 3)
	out = append(out, form)
	for i, scenario := range []string{"buy", "help", "person"} {
		o := visit(id(scenario, 1), evidence.Completed, "")
		o.Task = []string{"checkout", "find-help", "find-contact"}[i]
		o.Facts = o.Facts[:len(o.Facts)-3]
		for step := range []int{9, 1, 0}[i] {
			name := fmt.Sprintf("step %d", step+4)
			o.Facts = append(o.Facts, evidence.Fact{Name: "web.step", Step: name, Unit: evidence.Text, Text: fmt.Sprintf(`fill in the field "Line %d"`, step+1)},
				evidence.Fact{Name: "web.step-took", Step: name, Unit: evidence.Second, Number: chance.Float64()})
		}
		reached := chance.Float64() < 0.6+0.4*skill
		if !reached {
			o.Outcome, o.Reason = evidence.Failed, "the step did not come to its end"
		}
		if chance.Float64() < 0.04 {
			o.Outcome, o.Reason = evidence.Blocked, "the page asks to prove that the visitor is human"
		}
		yes(&o, "web.reached", reached)
		for _, f := range []struct {
			name  string
			about float64
		}{{"web.clicks", 4}, {"web.fields", 6}, {"web.fields-visible", 6}, {"web.fields-required", 5}, {"web.pages", 3}, {"web.checkout-steps", 3}, {"web.requests", 20}} {
			number(&o, f.name, evidence.Count, math.Round(f.about+8*(1-skill)*chance.Float64()))
		}
		number(&o, "web.klm-time", evidence.Second, 20+40*(1-skill))
		yes(&o, "web.guest-offered", skill > 0.3)
		yes(&o, "web.account-forced", skill <= 0.3)
		out = append(out, o)
	}
	return out
}
