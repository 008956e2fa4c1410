package scoring

import (
	"fmt"

	"touchstone/internal/evidence"
)

// The criteria of the help that a shop publishes.

// Facts of the web probe that these criteria need.
const (
	webFAQ          = "web.faq"
	webHelpSearch   = "web.help-search"
	webReadingGrade = "web.reading-grade"
	webDeadLinks    = "web.dead-links"
	webLinksChecked = "web.links-checked"
)

func faqPresence() Criterion {
	return Criterion{
		ID:     "faq-presence",
		Title:  "Common questions are answered",
		Why:    "The answer that stands on a page is the fastest, and costs both sides least.",
		Source: "Gartner, eTail eService study (2000): 45 of 50 sites had a FAQ; what counts as one is ours",
		Kind:   "web", Also: formVisits,
		Needs: []string{webFAQ},
		Unit:  evidence.Ratio,
		Curve: "100 points if any visit saw a page with at least three questions and their answers, else 0.",
		Judge: anywhere(webFAQ, "a FAQ", "no FAQ was seen"),
	}
}

func helpSearch() Criterion {
	return Criterion{
		ID:     "help-search",
		Title:  "Help can be searched",
		Why:    "A long page of answers helps only whoever finds the right one.",
		Source: "The e-tailing group's mystery shopping (2014): 26 of 100 merchants had a FAQ that can be searched; the rule is ours",
		Kind:   "web", Also: formVisits,
		Needs: []string{webHelpSearch},
		Unit:  evidence.Ratio,
		Curve: "100 points if any visit saw a search box on a help page, else 0.",
		Judge: anywhere(webHelpSearch, "a search box", "no search box on a help page"),
	}
}

// readingCurve scores a Flesch–Kincaid school grade.
func readingCurve() Curve { return Linear(8, 16) }

func readability() Criterion {
	return Criterion{
		ID:     "readability",
		Title:  "Help is plainly written",
		Why:    "Dense descriptions make customers ask what is already written.",
		Source: "Wrong Number on endless FAQs and dense descriptions; Flesch–Kincaid grade (Kincaid et al. 1975); the scale is ours",
		Kind:   "web", Task: "find-help", Also: []Scope{{"web", "find-returns"}},
		Needs: []string{webReadingGrade},
		Unit:  evidence.Ratio,
		Curve: "A straight line from 100 points at school grade 8 to 0 at 16, averaged over the help pages on which the visits ended. The formula is for English; it does not apply to other languages.",
		Judge: func(f Facts) Mark {
			cases, none := among(f, "no visit ended on an English text long enough to grade", func(c Case) bool { return c.has(webReadingGrade) })
			if none != nil {
				return *none
			}
			grades := numbers(cases, webReadingGrade)
			middle := median(grades)
			curve := readingCurve()
			return Mark{
				Score: mean(grades, curve), Value: middle, N: len(cases), Shown: fmt.Sprintf("grade %.1f", middle), Interval: medianInterval(grades),
				Each: each(cases, func(i int) float64 { return curve(grades[i]) }),
			}
		},
	}
}

func deadHelpLinks() Criterion {
	return Criterion{
		ID:     "dead-help-links",
		Title:  "Links of the help pages work",
		Why:    "A dead link on the way to help is a door painted on a wall.",
		Source: "RFC 9110, sections 15.5.5 and 15.5.11 (404, 410); the scale is ours",
		Kind:   "web", Task: "find-help", Also: []Scope{{"web", "find-returns"}, {"web", "find-contact"}, {"web", "find-phone"}},
		Needs: []string{webDeadLinks, webLinksChecked},
		Unit:  evidence.Ratio,
		Curve: "A straight line from 100 points where no link is dead to 0 where one in ten is, over all links that the visits tried.",
		Judge: func(f Facts) Mark {
			cases, none := among(f, "no link was tried", func(c Case) bool { return c.has(webDeadLinks) && c.Flag(webLinksChecked) })
			if none != nil {
				return *none
			}
			var dead, tried float64
			for i, n := range numbers(cases, webDeadLinks) {
				m, _ := cases[i].Number(webLinksChecked)
				dead, tried = dead+n, tried+m
			}
			// No interval: two visits may have tried the same link.
			return Mark{Score: Linear(0, 0.1)(dead / tried), Value: dead / tried, N: len(cases), Shown: fmt.Sprintf("%.0f dead of %.0f links", dead, tried)}
		},
	}
}

// numbers gives the fact of each case.
func numbers(cases []Case, fact string) []float64 {
	all := make([]float64, len(cases))
	for i, c := range cases {
		all[i], _ = c.Number(fact)
	}
	return all
}
