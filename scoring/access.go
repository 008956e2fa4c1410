package scoring

import (
	"fmt"
	"strings"

	"touchstone/internal/evidence"
)

// The criterion of whether everybody can use the pages of a purchase.

const webAxeSerious = "web.axe-serious"

// barriers are what our checks and axe-core count on the pages of a task, each
// with the criterion of WCAG 2.2 that it breaks. A fact that is not recorded
// was not looked for, or had nothing to apply to.
var barriers = []struct{ fact, word string }{
	{"web.names-missing", "names (4.1.2)"},
	{"web.alt-missing", "alternatives to pictures (1.1.1)"},
	{"web.roles-missing", "roles (4.1.2)"},
	{"web.contrast-low", "contrast (1.4.3)"},
	{"web.focus-faults", "order of the keyboard (2.4.3)"},
	{"web.focus-trap", "a way out for the keyboard (2.1.2)"},
	{"web.errors-untied", "errors (3.3.1)"},
	{"web.autocomplete-missing", "purposes of fields (1.3.5)"},
	{"web.targets-small", "size of targets (2.5.8)"},
	{"web.language-missing", "language (3.1.1)"},
	{webAxeSerious, "axe-core (serious and critical)"},
}

func checkoutAccessibility() Criterion {
	needs := []string{webReached, webClicks, "web.axe"}
	for _, b := range barriers {
		needs = append(needs, b.fact)
	}
	return Criterion{
		ID: "checkout-accessibility", Title: "The checkout can be used by everybody",
		Why:    "Who can't see well, or can't use a mouse, must be able to buy as well.",
		Source: "WCAG 2.2, levels A and AA, as far as a program can tell: our own checks, and axe-core's rules; the points are ours",
		Kind:   "web", Task: "checkout", Also: []Scope{{"web", "checkout-by-keyboard"}, {"form", "order"}},
		Needs: needs, Unit: evidence.Ratio,
		Curve: "The share of the checks that found nothing in the forms that the visit used: names, alternatives, roles, contrast, order of the keyboard, a way out for it, errors, purposes of fields, size of targets, language, and what axe-core calls serious or critical. Averaged over the visits that arrived, 0 where none did; a visit by the keyboard alone that did not arrive gets 0, too.",
		Judge: func(f Facts) Mark {
			visits, warnings, none := recorded(f, webReached)
			if none != nil {
				return *none
			}
			var cases []Case
			var scores []float64
			wrong := map[string]bool{}
			lost, stuck, unmeasured, unarmed := 0, 0, 0, ""
			for _, c := range visits {
				arrived := c.Flag(webReached)
				clicks, counted := c.Number(webClicks)
				byKeys := counted && clicks == 0
				if !arrived && !byKeys {
					lost++
					continue
				}
				stuck += count(!arrived)
				looked, clean := 0, 0
				for _, b := range barriers {
					if arrived && c.has(b.fact) {
						looked++
						clean += count(!c.Flag(b.fact))
						wrong[b.fact] = wrong[b.fact] || c.Flag(b.fact)
					}
				}
				if arrived && looked == 0 && !byKeys {
					unmeasured++
					continue
				}
				if text, ok := c.Text("web.axe"); ok && arrived && !c.has(webAxeSerious) {
					unarmed = text
				}
				passed := float64(count(arrived)) // by the keyboard alone, whatever else
				if looked > 0 {
					passed = Proportion(clean, looked)
				}
				cases, scores = append(cases, c), append(scores, passed)
			}
			switch {
			case len(cases) == 0 && unmeasured > 0:
				return Mark{State: NotMeasured, Reason: fmt.Sprintf("%s looked for nothing that keeps people out", plural(unmeasured, "visit"))}
			case len(cases) == 0:
				return Mark{Censored: true, Shown: "never arrived", N: len(visits), Warnings: warnings}
			}
			if lost > 0 {
				warnings = append(warnings, fmt.Sprintf("not counted here: %d of %s, never having arrived", lost, plural(len(visits), "visit")))
			}
			if unarmed != "" {
				warnings = append(warnings, "axe-core: "+unarmed)
			}
			m := Mark{N: len(cases), Warnings: warnings, Each: each(cases, func(i int) float64 { return scores[i] })}
			for _, s := range scores {
				m.Score += s / float64(len(scores))
			}
			m.Value, m.Shown = m.Score, "nothing found"
			var words []string
			for _, b := range barriers {
				if wrong[b.fact] {
					words = append(words, b.word)
				}
			}
			if len(words) > 0 {
				m.Shown = "wanting: " + strings.Join(words, ", ")
			}
			if stuck > 0 {
				m.Shown += fmt.Sprintf("; %d of %d never arrived by the keyboard", stuck, len(cases))
			}
			return m
		},
	}
}
