package main

import (
	"touchstone/internal/assets"
	"touchstone/probes"
	"touchstone/probes/chat"
	"touchstone/probes/form"
	"touchstone/probes/grading"
	"touchstone/probes/mail"
	"touchstone/probes/newsletter"
	"touchstone/probes/phone"
	"touchstone/probes/purchase"
	"touchstone/probes/web"
	"touchstone/reports"
	"touchstone/reports/card"
	"touchstone/reports/csv"
	"touchstone/reports/html"
	"touchstone/reports/markdown"
	"touchstone/reports/pdf"
	"touchstone/reports/site"
	"touchstone/reports/xlsx"
	"touchstone/scoring"
)

// kinds is the one list of probe kinds. Without a browser they can plan and
// be validated, but not visit.
func kinds(b *web.Browser) []probes.Kind {
	visit := web.Kind(b)
	return []probes.Kind{mail.Kind(), visit, form.Kind(visit), newsletter.Kind(visit), phone.Kind(), chat.Kind(), purchase.Kind(), grading.Kind()}
}

// criteria is the one list of criteria.
func criteria() []scoring.Criterion { return scoring.Criteria() }

// formats is the one list of report formats. A build without the script files
// draws its charts as pictures; the report says how to get the interactive ones.
// What is drawn on paper is drawn by p; cards are made of the sites named, or of all.
func formats(p paper, sites ...string) []reports.Format {
	script, err := assets.Get(assets.ECharts)
	if err != nil {
		script = nil
	}
	return []reports.Format{html.Format(script), markdown.Format(), reports.JSON(), csv.Format(), xlsx.Format(),
		pdf.Format(html.Format(nil), p.print), site.Format(),
		card.Format(card.Paper{Print: func(page []byte) ([]byte, error) { return p.print(page, false) }, Picture: p.picture}, sites...)}
}

// axe is what looks at the accessibility of pages, nil in a build without it:
// each visit then says that it was not measured, and how to get it.
func axe() []byte {
	script, err := assets.Get(assets.Axe)
	if err != nil {
		return nil
	}
	return script
}

func byName(list []probes.Kind) map[string]*probes.Kind {
	m := make(map[string]*probes.Kind, len(list))
	for i := range list {
		m[list[i].Name] = &list[i]
	}
	return m
}
